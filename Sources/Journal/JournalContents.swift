import Memory

/// The files of one journal.
package struct JournalPlace: Hashable, Sendable {
  package let folder: String
  package let name: String

  package init(folder: String, name: String) {
    self.folder = folder
    self.name = name
  }

  var snapshot: String { "\(folder)/\(name).snapshot" }
  var log: String { "\(folder)/\(name).log" }
  var temporary: String { "\(folder)/\(name).snapshot.new" }
  var events: String { "\(folder)/\(name).events" }
  var earlierEvents: String { "\(folder)/\(name).events.1" }
}

/// What is wrong with a file; what could be read is used all the same.
package enum JournalProblem: Hashable, Sendable, CustomStringConvertible {
  case damagedSnapshot(path: String)
  case damagedHeader(path: String)
  /// What follows the last good record: a record that was not written to its end, or a damaged one and all after it.
  case cutOff(path: String, at: Int, octets: Int)
  /// The records belong to a snapshot that is not there.
  case withoutSnapshot(path: String)
  case newerVersion(path: String, UInt16)
  case unreadable(String)

  package var description: String {
    switch self {
    case .damagedSnapshot(let path): "\(path): damaged, not used"
    case .damagedHeader(let path): "\(path): damaged in its first \(FileHeader.size) octets, not used"
    case .cutOff(let path, let offset, let count):
      "\(path): not whole from octet \(offset) on; \(count) octets not used"
    case .withoutSnapshot(let path): "\(path): its records belong to a snapshot that is not there"
    case .newerVersion(let path, let version): "\(path): written by a later Alula (format \(version)), left alone"
    case .unreadable(let text): text
    }
  }
}

/// What a journal holds: the last snapshot and the records after it, in their order.
package struct JournalContents: Sendable {
  package private(set) var snapshot: JournalRecord?
  /// When the snapshot was made.
  package private(set) var snapshotStamp: JournalStamp?
  package private(set) var records: [JournalRecord] = []
  /// When the log of the records was begun; instants in them are of its boot.
  package private(set) var recordsStamp: JournalStamp?
  package private(set) var problems: [JournalProblem] = []
  /// The next snapshot must have a higher one.
  private(set) var generation: UInt64 = 0
  /// Files of which nothing could be used.
  private(set) var damaged: [String] = []
  /// A file is a later version's, so that nothing may be written.
  package private(set) var isNewer = false

  package init() {}

  /// Reads a journal; what is missing or damaged is left out and listed under `problems`.
  package init(_ place: JournalPlace, _ limits: JournalLimits = JournalLimits()) {
    let snapshot = RecordFile(place.snapshot, .snapshot, limit: limits.largestSnapshotFile)
    let log = RecordFile(place.log, .log, limit: limits.largestLogFile)
    for file in [snapshot, log] { note(file) }
    if let header = snapshot.header, let record = snapshot.records.first, snapshot.isWhole {
      (self.snapshot, snapshotStamp) = (record, header.stamp)
    } else if snapshot.isThere, snapshot.problem == nil {
      problems.append(.damagedSnapshot(path: place.snapshot))
      damaged.append(place.snapshot)
    }
    take(log, of: place, snapshot.header?.generation)
  }

  /// A log from before the snapshot holds nothing that the snapshot does not.
  private mutating func take(_ log: RecordFile, of place: JournalPlace, _ snapshotGeneration: UInt64?) {
    guard let header = log.header, header.generation >= snapshotGeneration ?? 0 else { return }
    (records, recordsStamp) = (log.records, header.stamp)
    if let cut = log.cut { problems.append(cut) }
    if snapshot == nil || header.generation != snapshotGeneration, !records.isEmpty {
      problems.append(.withoutSnapshot(path: place.log))
    }
  }

  mutating func release() { (snapshot, records) = (nil, []) }

  private mutating func note(_ file: RecordFile) {
    if let problem = file.problem { problems.append(problem) }
    if case .newerVersion = file.problem { isNewer = true }
    if case .damagedHeader(let path) = file.problem { damaged.append(path) }
    generation = max(generation, file.header?.generation ?? 0)
  }
}

/// A file read and checked as far as it is whole.
struct RecordFile {
  private(set) var header: FileHeader?
  private(set) var records: [JournalRecord] = []
  /// Why nothing of it is used.
  private(set) var problem: JournalProblem?
  /// What is left out behind the last good record.
  private(set) var cut: JournalProblem?
  /// Octets up to there are good.
  private(set) var end = 0
  private(set) var isThere = false

  var isWhole: Bool { header != nil && cut == nil }

  init(_ path: String, _ kind: FileHeader.Kind, limit: Int) {
    do {
      guard let octets = try Disk.read(path, limit: limit) else { return }
      isThere = true
      parse(octets, path, kind)
    } catch {
      isThere = true
      problem = .unreadable("\(error)")
    }
  }

  private mutating func parse(_ octets: [UInt8], _ path: String, _ kind: FileHeader.Kind) {
    // A log or a file of events is shorter for a moment before it is begun anew.
    if octets.count < FileHeader.size, kind != .snapshot { return }
    guard let header = FileHeader(octets) else { return problem = .damagedHeader(path: path) }
    guard header.version == FileHeader.currentVersion else {
      return problem = .newerVersion(path: path, header.version)
    }
    guard header.kind == kind.rawValue else { return problem = .damagedHeader(path: path) }
    self.header = header
    end = FileHeader.size
    while let (record, next) = Frame.decode(octets, at: end, generation: header.generation) {
      records.append(record)
      end = next
    }
    if end < octets.count { cut = .cutOff(path: path, at: end, octets: octets.count - end) }
  }
}
