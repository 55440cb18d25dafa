import Failover
import Journal
import Memory
import TestSupport
import Testing

struct ContentsTests {
  private let folder: Folder
  private let place: JournalPlace

  init() throws {
    folder = try Folder()
    place = JournalPlace(folder: folder.path, name: "s")
  }

  private var log: String { folder.path("s.log") }

  @Test func snapshotAndRecordsComeBackInOrder() throws {
    let records = (0..<100).map { [UInt8](repeating: UInt8($0), count: $0) }
    try write(place, first: [9, 9], records: records)
    let contents = JournalContents(place)
    #expect(contents.snapshot?.octets == [9, 9] && contents.records.map(\.octets) == records)
    #expect(contents.problems.isEmpty && !contents.isNewer)
  }

  @Test func nothingThereIsNothing() {
    let contents = JournalContents(place)
    #expect(contents.snapshot == nil && contents.records.isEmpty && contents.problems.isEmpty)
  }

  /// At every octet of the last record the file may end: the ones before stay.
  @Test func aTornTailIsCutOff() throws {
    try write(place, records: [[1, 2, 3], [4, 5, 6, 7]])
    let whole = try readOctets(log)
    try write(JournalPlace(folder: folder.path, name: "t"), records: [[1, 2, 3]])
    let shorter = try readOctets(folder.path("t.log")).count
    for end in shorter..<whole.count {
      try writeOctets(Array(whole[..<end]), log)
      let contents = JournalContents(place)
      #expect(contents.records.map(\.octets) == [[1, 2, 3]])
      #expect(contents.problems.count == (end == shorter ? 0 : 1))
    }
  }

  /// No flipped bit makes a record that was never written.
  @Test(arguments: ["s.log", "s.snapshot"])
  func flippedBitsAreNoticed(file: String) throws {
    let records: [[UInt8]] = [[1, 2, 3], [4, 5, 6, 7], [8]]
    try write(place, first: [9], records: records)
    let whole = try readOctets(folder.path(file))
    for at in whole.indices {
      for bit in 0..<8 {
        var octets = whole
        octets[at] ^= 1 << UInt8(bit)
        try writeOctets(octets, folder.path(file))
        let contents = JournalContents(place)
        #expect(contents.snapshot == nil || contents.snapshot?.octets == [9])
        #expect(contents.records.map(\.octets) == Array(records.prefix(contents.records.count)))
      }
    }
  }

  @Test func healthThatIsOldOrOfTheFutureIsLeftOut() throws {
    var state = BrainState()
    for (name, last) in [("old", Int64(10)), ("young", 95), ("future", 500)] {
      var kept = HealthState.Kept()
      (kept.verdict, kept.lastResult) = (.down, seconds(last))
      state.health[name] = HealthState(kept)
    }
    state.overrides = [Override(pattern: "x", state: .up, reason: "", by: "", since: 0)]
    let octets = StateCoding.octets(state)
    try write(place, first: octets, records: [])
    let written = try #require(JournalContents(place).snapshotStamp)
    #expect(written.boot.isKnown)
    let second: Int64 = 1_000_000_000
    // The instants are counted from this boot's start: 100 s of it had passed, by the clock on the wall.
    let wall = written.wall - written.monotonic + 100 * second
    func names(_ wall: Int64, _ monotonic: Int64, _ boot: BootIdentity) -> [String] {
      let now = JournalStamp(wall: wall, monotonic: monotonic * second, boot: boot)
      let (read, isDamaged) = JournalContents(place).brainState(within: .seconds(60), now: now)
      #expect(!isDamaged && read.overrides == state.overrides, "orders do not age")
      return read.health.keys.sorted()
    }
    #expect(names(wall, 100, written.boot) == ["young"])
    #expect(names(wall + 56 * second, 100, written.boot) == [], "the machine slept meanwhile")
    #expect(names(wall - 7 * second, 100, written.boot) == [], "the clock stands before the results")
    let other = BootIdentity(high: 1, low: 2)
    #expect(names(wall, 3, other) == ["young"], "another boot began 3 s ago")
    #expect(names(wall + 56 * second, 3, other) == [])
    #expect(names(wall - 7 * second, 3, other) == [])
  }

  @Test func eventsAreKeptAndBounded() throws {
    var limits = JournalLimits()
    limits.events = 10
    let journal = Journal(place, limits)
    guard let thread = journal.start(wantsSnapshot: {}) else { throw Trouble("no thread") }
    for number in 0..<35 { journal.event(1, [UInt8(number)]) }
    #expect(journal.stop())
    thread.join()
    #expect(place.lastEvents(5, limits).map(\.octets) == (30..<35).map { [UInt8($0)] })
    let all = place.lastEvents(1000, limits).map { Int($0.octets[0]) }
    #expect(all.count >= 10 && all.count <= 20 && all == Array((35 - all.count)..<35))
  }
}
