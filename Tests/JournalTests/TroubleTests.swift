import Journal
import Memory
import Synchronization
import TestSupport
import Testing

/// A disk that refuses, or says nothing at all, and is well again later.
struct TroubleTests {
  private let folder: Folder
  private let place: JournalPlace
  private let disk = TestDisk()

  init() throws {
    folder = try Folder()
    place = JournalPlace(folder: folder.path, name: "s")
  }

  private var limits: JournalLimits {
    var limits = JournalLimits()
    limits.firstRetry = 1_000_000
    limits.longestRetry = 5_000_000
    limits.events = 4
    return limits
  }

  /// Whatever it refuses: orders are told the truth, and later everything is there.
  @Test(arguments: JournalStep.allCases.filter { $0 != .truncateEvents })
  func aDiskThatRefusesIsWaitedFor(step: JournalStep) throws {
    let wanted = Atomic(true)
    let journal = Journal(place, limits) { [disk] in disk.answer($0) }
    guard let thread = journal.start(wantsSnapshot: { wanted.store(true, ordering: .relaxed) }) else {
      throw Trouble("no thread")
    }
    let keeper = Numbers(journal)
    keeper.add()
    // The log is opened once.
    if step == .openLog { disk.refuse(step) }
    keeper.snapshot()
    #expect(keeper.add() == (step != .openLog))
    disk.refuse(step)
    let isNoticed = becomesTrue {
      keeper.add()
      journal.event(1, [1])
      keeper.snapshot()
      return disk.refusals > 0
    }
    #expect(isNoticed)
    disk.refuse(nil)
    let isWell = becomesTrue {
      if wanted.exchange(false, ordering: .relaxed) { keeper.snapshot() }
      return journal.status.trouble == nil && keeper.add() == true
    }
    #expect(isWell, "\(journal.status)")
    #expect(journal.status.errors > 0)
    #expect(journal.stop())
    thread.join()
    let contents = JournalContents(place)
    let kept = Set(contents.snapshot?.octets ?? []).union(contents.records.flatMap(\.octets))
    #expect(kept.isSuperset(of: keeper.acknowledged))
    #expect(contents.problems.isEmpty)
  }

  /// Nothing new happens, and the trouble ends all the same; what happened meanwhile is not lost.
  @Test func eventsWaitForTheDisk() throws {
    disk.refuse(.appendEvent)
    let journal = Journal(place, limits) { [disk] in disk.answer($0) }
    guard let thread = journal.start(wantsSnapshot: {}) else { throw Trouble("no thread") }
    for number: UInt8 in 0..<3 { journal.event(1, [number]) }
    #expect(becomesTrue { journal.status.eventTrouble != nil })
    disk.refuse(nil)
    #expect(becomesTrue { journal.status.eventTrouble == nil })
    #expect(journal.stop())
    thread.join()
    #expect(place.lastEvents(9, limits).map(\.octets) == [[0], [1], [2]])
  }

  @Test func aSilentDiskIsTroubleAndCostsNoMemory() throws {
    disk.hold()
    var limits = limits
    limits.patience = 1_000_000
    let journal = Journal(place, limits) { [disk] in disk.answer($0) }
    guard let thread = journal.start(wantsSnapshot: {}) else { throw Trouble("no thread") }
    let made = Atomic(0)
    let isSaid = becomesTrue {
      journal.snapshot {
        made.add(1, ordering: .relaxed)
        return [1]
      }
      return journal.status.stateTrouble?.text.contains("has not answered") ?? false
    }
    #expect(isSaid)
    let answers = Mutex<[Bool]>([])
    journal.append(1, [2], .ordered { isOnDisk in answers.withLock { $0.append(isOnDisk) } })
    #expect(answers.withLock { $0 } == [false], "nobody waits for it")
    for _ in 0..<100 { journal.snapshot { [3] } }
    disk.letGo()
    #expect(becomesTrue { journal.status.trouble == nil && journal.status.snapshots > 0 })
    #expect(journal.stop())
    thread.join()
    #expect(journal.status.snapshots <= 3 && made.load(ordering: .relaxed) <= 2)
  }

  @Test(arguments: ["s.snapshot", "s.log"])
  func whatIsDamagedIsSetAside(name: String) throws {
    try write(place, first: [9], records: [[1]])
    let damaged = [UInt8](repeating: 7, count: 200)
    try writeOctets(damaged, folder.path(name))
    try write(place, first: [8], records: [])
    #expect(try readOctets(folder.path(name + ".damaged")) == damaged)
    #expect(JournalContents(place).snapshot?.octets == [8])
  }

  @Test func filesOfALaterVersionAreNotTouched() throws {
    try write(place, records: [[1]])
    var octets = try readOctets(folder.path("s.snapshot"))
    octets[8] = 99
    let hash = unsafe ContentHash.of(Array(octets[..<56]).span.bytes)
    for index in 0..<8 { octets[56 + index] = UInt8(truncatingIfNeeded: hash >> UInt64(8 * index)) }
    try writeOctets(octets, folder.path("s.snapshot"))
    let journal = Journal(place)
    #expect(journal.contents.isNewer && journal.contents.snapshot == nil)
    #expect(journal.start(wantsSnapshot: {}) == nil)
    #expect(journal.status.trouble?.text.contains("later Alula (format 99)") ?? false)
    #expect(try readOctets(folder.path("s.snapshot")) == octets)
  }
}

/// What a test's disk answers to each step.
private final class TestDisk: Sendable {
  private let refused = Mutex<JournalStep?>(nil)
  private let count = Atomic(0)
  private let isHeld = Atomic(false)

  var refusals: Int { count.load(ordering: .relaxed) }

  func refuse(_ step: JournalStep?) { refused.withLock { $0 = step } }
  func hold() { isHeld.store(true, ordering: .releasing) }
  func letGo() { isHeld.store(false, ordering: .releasing) }

  func answer(_ step: JournalStep) -> Int32 {
    _ = becomesTrue { !isHeld.load(ordering: .acquiring) }
    guard refused.withLock({ $0 == step }) else { return 0 }
    count.add(1, ordering: .relaxed)
    return noSpace
  }
}

/// Appends the next number at each call, as an order.
private final class Numbers: Sendable {
  private let journal: Journal
  private let all = Mutex<[UInt8]>([])
  private let kept = Mutex<[UInt8]>([])

  init(_ journal: Journal) { self.journal = journal }

  var acknowledged: [UInt8] { kept.withLock { $0 } }

  /// Whether it is on disk; nil when nobody said so in time.
  @discardableResult
  func add() -> Bool? {
    let number = all.withLock { all in
      let number = UInt8(truncatingIfNeeded: all.count)
      all.append(number)
      return number
    }
    let answer = Mailbox<Bool>(capacity: 1)
    journal.append(1, [number], .ordered { _ = answer.post($0) })
    let isOnDisk = answer.take(within: .seconds(20))?.first
    if isOnDisk == true { kept.withLock { $0.append(number) } }
    return isOnDisk
  }

  func snapshot() {
    let octets = all.withLock { $0 }
    journal.snapshot { octets }
  }
}
