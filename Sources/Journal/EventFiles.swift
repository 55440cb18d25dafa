import Memory

/// The history: a file that grows, and the one before it.
struct EventFiles {
  private let place: JournalPlace
  private let disk: Disk
  private let limits: JournalLimits
  /// Nil until it is opened, and after a failure.
  private var file: JournalFile?
  private var generation: UInt64 = 0
  private var size = 0
  private var count = 0
  private var isSynced = true

  init(_ place: JournalPlace, _ disk: Disk, _ limits: JournalLimits) {
    (self.place, self.disk, self.limits) = (place, disk, limits)
  }

  /// Hands the events to the system: they then survive the end of the process.
  ///
  /// - Parameter events: those that are written are taken away.
  /// - Returns: octets.
  mutating func write(_ events: inout [JournalRecord]) throws(FileError) -> Int {
    var total = 0
    repeat {
      let file = try opened()
      var octets: [UInt8] = []
      let before = count
      for event in events {
        guard count < limits.events, size + octets.count < limits.eventFile else { break }
        octets += Frame.encode(event, generation: generation, offset: size + octets.count)
        count += 1
      }
      // A failure leaves the end unknown, so the file is read anew by the next attempt.
      self.file = nil
      try disk.write(octets, to: file, at: size, .appendEvent)
      self.file = file
      isSynced = false
      events.removeFirst(count - before)
      size += octets.count
      total += octets.count
      if count >= limits.events || size >= limits.eventFile { try rotate() }
    } while !events.isEmpty
    return total
  }

  mutating func sync() throws(FileError) {
    guard let file, !isSynced else { return }
    self.file = nil
    try disk.sync(file, .syncEvents)
    self.file = file
    isSynced = true
  }

  /// The file, cut off behind its last good event. A full one becomes the earlier one.
  private mutating func opened() throws(FileError) -> JournalFile {
    if let file { return file }
    let found = RecordFile(place.events, .events, limit: limits.largestEventFile)
    if case .newerVersion = found.problem { throw FileError(path: place.events, message: "a later version's") }
    let isFull = found.records.count >= limits.events || found.end >= limits.eventFile
    if let header = found.header, !isFull {
      let file = try disk.open(place.events, .openEvents)
      if found.cut != nil { try disk.truncate(file, to: found.end, .truncateEvents) }
      (self.file, generation, size, count) = (file, header.generation, found.end, found.records.count)
      return file
    }
    if isFull { try disk.rename(place.events, to: place.earlierEvents, .rotateEvents) }
    return try begin(after: found.header?.generation)
  }

  private mutating func begin(after generation: UInt64?) throws(FileError) -> JournalFile {
    let earlier = RecordFile(place.earlierEvents, .events, limit: limits.largestEventFile).header?.generation
    let next = max(generation ?? 0, earlier ?? 0) + 1
    let file = try disk.open(place.events, isTruncated: true, .openEvents)
    let header = FileHeader(.events, generation: next, stamp: .now()).octets
    try disk.write(header, to: file, at: 0, .appendEvent)
    try disk.syncFolder(place.folder, .syncFolder)
    (self.file, self.generation, size, count) = (file, next, header.count, 0)
    return file
  }

  private mutating func rotate() throws(FileError) {
    try sync()
    file = nil
    try disk.rename(place.events, to: place.earlierEvents, .rotateEvents)
  }
}

extension JournalPlace {
  /// The last events, the earliest of them first, also while they are written.
  ///
  /// - Parameter count: how many at most.
  package func lastEvents(_ count: Int, _ limits: JournalLimits = JournalLimits()) -> [JournalRecord] {
    let current = RecordFile(events, .events, limit: limits.largestEventFile)
    guard current.records.count < count else { return current.records.suffix(count) }
    let earlier = RecordFile(earlierEvents, .events, limit: limits.largestEventFile)
    // When the writer has just rotated, the earlier file is the one that was read as the current one.
    if let header = current.header, let before = earlier.header, before.generation >= header.generation {
      return current.records
    }
    return (earlier.records + current.records).suffix(count)
  }
}
