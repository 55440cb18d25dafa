import Memory

/// The snapshot and the log of what came after it, as the writer has them open.
struct StateFiles {
  private let place: JournalPlace
  private let disk: Disk
  private let limits: JournalLimits
  private var generation: UInt64
  /// Nil until a snapshot is on disk, and after a failure: then nothing in the log may be relied on.
  private var log: JournalFile?
  /// Octets of the log that are written.
  private var written = 0
  /// Records that are not written yet.
  private var pending: [UInt8] = []

  init(_ place: JournalPlace, _ disk: Disk, _ limits: JournalLimits, after generation: UInt64) {
    (self.place, self.disk, self.limits, self.generation) = (place, disk, limits, generation)
  }

  /// Octets of the log.
  var size: Int { written + pending.count }
  var pendingSize: Int { pending.count }

  /// Whether a record of so many octets may be appended.
  func accepts(_ count: Int) -> Bool { log != nil && size + Frame.overhead + count <= 2 * limits.log }

  mutating func append(_ record: JournalRecord) {
    pending += Frame.encode(record, generation: generation, offset: size)
  }

  /// Hands what was appended to the system: it then survives the end of the process.
  ///
  /// - Returns: octets.
  mutating func write() throws(FileError) -> Int {
    guard let file = log, !pending.isEmpty else { return 0 }
    let count = pending.count
    log = nil
    try disk.write(pending, to: file, at: written, .append)
    log = file
    written += count
    pending.removeAll(keepingCapacity: true)
    return count
  }

  /// When this returns, what was written survives a power cut.
  mutating func sync() throws(FileError) {
    guard let file = log else { return }
    // After a failed fdatasync(2) nobody knows which pages are on disk: then the log is not used any more.
    log = nil
    try disk.sync(file, .syncLog)
    log = file
  }

  /// Gives up what could not be written.
  mutating func abandonPending() { pending = [] }

  /// Puts `octets` in the place of the snapshot and of all records so far. Until the new snapshot has its name,
  /// the old files are untouched and go on; from then on the old log counts for nothing.
  mutating func compact(_ octets: [UInt8]) throws(FileError) {
    let stamp = JournalStamp.now()
    let next = generation + 1
    try writeTemporary(FileHeader(.snapshot, generation: next, stamp: stamp), octets)
    let file = if let log { log } else { try disk.open(place.log, .openLog) }
    log = nil
    generation = next
    try disk.rename(place.temporary, to: place.snapshot, .rename)
    try disk.syncFolder(place.folder, .syncFolder)
    try disk.truncate(file, to: 0, .truncateLog)
    let header = FileHeader(.log, generation: next, stamp: stamp).octets
    try disk.write(header, to: file, at: 0, .writeHeader)
    try disk.sync(file, .syncHeader)
    (log, written, pending) = (file, header.count, [])
  }

  private func writeTemporary(_ header: FileHeader, _ octets: [UInt8]) throws(FileError) {
    do throws(FileError) {
      let file = try disk.open(place.temporary, isTruncated: true, .openTemporary)
      let record = JournalRecord(kind: 0, wall: header.stamp.wall, octets: octets)
      let frame = Frame.encode(record, generation: header.generation, offset: FileHeader.size)
      try disk.write(header.octets + frame, to: file, at: 0, .writeTemporary)
      try disk.sync(file, .syncTemporary)
    } catch {
      // On a full disk it would keep what the log needs.
      disk.remove(place.temporary)
      throw error
    }
  }
}
