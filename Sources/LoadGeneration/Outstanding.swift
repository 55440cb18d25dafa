import Memory

/// The queries of one socket or connection that wait for their answers, found by their IDs in a flat table.
///
/// IDs are given out one after the other, so the oldest query is always at the tail. Times are nanoseconds on
/// the monotonic clock.
package struct Outstanding: ~Copyable {
  package struct Entry: BitwiseCopyable {
    /// When it was sent, or should have been; 0: answered, or never asked.
    var time: UInt64
    /// What its answer must show (`QuestionCheck`).
    var check: UInt32
    /// 1: given up. An answer to it is late.
    var isLost: UInt32
  }

  package enum Match: Equatable { case answer(sent: UInt64), late, unexpected }

  private var entries: Slab<Entry>
  private let mask: Int
  private var head = 0
  private var tail = 0
  /// Queries that are neither answered nor given up.
  package private(set) var count = 0

  /// - Parameter capacity: IDs in use at once; rounded up to a power of two, at most 65,536.
  package init(capacity: Int) {
    var size = 1
    while size < min(capacity, 65_536) { size *= 2 }
    entries = Slab(count: size)
    mask = size - 1
  }

  /// How many more can be asked: IDs are reused in their order, so one that waits long holds up those behind it.
  package var room: Int { mask + 1 - (head - tail) }

  /// Notes a query and returns its ID. There must be room.
  package mutating func add(_ time: UInt64, check: UInt32) -> UInt16 {
    precondition(room > 0)
    entries[head & mask] = Entry(time: time, check: check, isLost: 0)
    defer { head += 1 }
    count += 1
    return UInt16(truncatingIfNeeded: head)
  }

  /// The check of the query with this ID; nil when there was none.
  package func check(_ id: UInt16) -> UInt32? {
    guard let at = position(id) else { return nil }
    return entries[at & mask].check
  }

  /// Takes the query that an answer with this ID belongs to.
  package mutating func take(_ id: UInt16) -> Match {
    guard let at = position(id) else { return .unexpected }
    let entry = entries[at & mask]
    guard entry.time != 0 else { return .unexpected }
    entries[at & mask].time = 0
    if entry.isLost != 0 { return .late }
    count -= 1
    while tail < head, entries[tail & mask].time == 0 { tail += 1 }
    return .answer(sent: entry.time)
  }

  /// Where the ID was used last, if its entry still stands.
  private func position(_ id: UInt16) -> Int? {
    let back = Int(UInt16(truncatingIfNeeded: head) &- id &- 1)
    let at = head - 1 - back
    return at >= 0 && back <= mask ? at : nil
  }

  /// Gives up what was sent before `time`, and returns how many that are.
  package mutating func expire(before time: UInt64) -> Int {
    let before = count
    while tail < head {
      let entry = entries[tail & mask]
      if entry.time != 0, entry.isLost == 0 {
        guard entry.time < time else { break }
        entries[tail & mask].isLost = 1
        count -= 1
      }
      tail += 1
    }
    return before - count
  }
}
