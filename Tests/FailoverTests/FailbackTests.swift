import Testing

@testable import Failover

struct FailbackTests {
  private func site(_ failback: Choice.Failback, count: Int = 2) -> Site {
    Site(["a", "b", "c"], .set(.failover(failback), Choice.leaves(0..<count)))
  }

  /// Letters by second; what is answered then.
  private func play(_ site: inout Site, _ steps: [(Double, String, String)], wall: Int64 = 0) {
    for (second, letters, expected) in steps {
      site.set(letters)
      let seen = site.text(site.decide(second, wall: wall + Int64(second * 1_000_000_000)))
      #expect(seen == expected, "at \(second)")
    }
  }

  @Test func immediate() {
    var site = site(.immediate)
    play(&site, [(0, "UU", "a"), (1, "DU", "b"), (2, "UU", "a")])
    #expect(site.memory == PoolMemory(), "nothing to remember")
  }

  @Test func afterAHoldWithoutABreak() {
    var site = site(.after(.seconds(60)))
    play(&site, [(0, "UU", "a"), (10, "DU", "b"), (20, "UU", "b")])
    #expect(site.chooser(20).wake == 80)
    play(&site, [(30, "DU", "b"), (40, "UU", "b"), (99, "UU", "b")])
    #expect(site.chooser(99).wake == 100)
    play(&site, [(100, "UU", "a"), (101, "DU", "b"), (102, "DD", "!a"), (103, "UD", "a")])
    play(&site, [(104, "DU", "b"), (105, "UU", "b"), (106, "UD", "a")])
  }

  @Test func aTierThatFlapsDoesNotKeepTheNextOneWaiting() {
    var site = site(.after(.seconds(60)), count: 3)
    play(&site, [(0, "DDU", "c"), (10, "DUU", "c"), (40, "UUU", "c"), (50, "DUU", "c"), (60, "UUU", "c")])
    play(&site, [(70, "UUU", "b"), (119, "UUU", "b"), (120, "UUU", "a")])
  }

  @Test func onlyInItsWindow() {
    // Monday 02:00 to 04:00; the story starts on Monday, 5 January 1970, at 00:00.
    let monday = Int64(4 * 86400) * 1_000_000_000
    var site = site(.window([WeekWindow(start: 7200, length: 7200)]))
    play(&site, [(0, "UU", "a"), (10, "DU", "b"), (20, "UU", "b")], wall: monday)
    #expect(site.chooser(20, wall: monday + 20_000_000_000).wake == 7200)
    play(&site, [(7199, "UU", "b"), (7200, "UU", "a"), (7300, "DU", "b"), (7400, "UU", "a")], wall: monday)
    play(&site, [(14399, "DU", "b"), (14400, "UU", "b"), (604_800 + 7200, "UU", "a")], wall: monday)
  }

  @Test func windowsRunOverTheEndOfTheWeek() {
    let week: Int64 = 604_800
    let window = WeekWindow(start: Int(week) - 3600, length: 7200)
    func at(_ second: Int64) -> Bool { window.contains((4 * 86400 + second) * 1_000_000_000) }
    #expect(at(0) && at(3599) && !at(3600) && !at(week - 3601) && at(week - 3600))
    #expect(window.nextStart(after: 4 * 86400 * 1_000_000_000) == (4 * 86400 + week - 3600) * 1_000_000_000)
  }

  @Test func manualUntilReleased() {
    var site = site(.manual)
    play(&site, [(0, "UU", "a"), (10, "DU", "b"), (20, "UU", "b"), (100_000, "UU", "b")])
    #expect(site.chooser(20).wake == nil)
    site.memory.release()
    play(&site, [(100_001, "UU", "a"), (100_002, "DU", "b"), (100_003, "UU", "b")])
    site.set("DU")
    site.memory.release()
    site.decide(100_004)
    play(&site, [(100_005, "UU", "b")])
  }

  @Test func anOrderEndsAnyWait() {
    for failback in [Choice.Failback.after(.seconds(60)), .ramp(.seconds(60))] {
      var site = site(failback)
      play(&site, [(0, "UU", "a"), (10, "DU", "b")])
      site.set("UU")
      site.decide(20)
      site.memory.release()
      play(&site, [(21, "UU", "a")])
    }
  }

  @Test func rampGrowsInSteps() {
    var site = site(.ramp(.seconds(100)))
    play(&site, [(0, "UU", "a"), (10, "DU", "b"), (20, "UU", "1:a 19:b")])
    #expect(site.chooser(20).wake == 30)
    play(&site, [(29, "UU", "1:a 19:b"), (30, "UU", "3:a 17:b"), (75, "UU", "11:a 9:b"), (119, "UU", "19:a 1:b")])
    play(&site, [(120, "UU", "a"), (130, "DU", "b"), (140, "UU", "1:a 19:b"), (145, "UD", "a"), (146, "UU", "a")])
  }

  @Test func memoryOutlivesAChangeOfTheTree() {
    var site = site(.manual)
    play(&site, [(0, "UU", "a"), (10, "DU", "b"), (20, "UU", "b")])
    var grown = Site(["new", "a", "b"], .set(.failover(.manual), Choice.leaves(0..<3)))
    grown.memory = site.memory
    #expect(grown.text(grown.decide(21)) == "b")
    var shrunk = Site(["a", "c"], .set(.failover(.manual), Choice.leaves(0..<2)))
    shrunk.memory = site.memory
    #expect(shrunk.text(shrunk.decide(22)) == "a", "its current one is gone")
    var other = Site(["a", "b"], .set(.weighted, Choice.leaves(0..<2)))
    other.memory = site.memory
    #expect(other.text(other.decide(22)) == "1:a 1:b")
  }

  @Test func familiesHaveMemoriesOfTheirOwn() {
    var site = Site(["a46", "b46"], .set(.failover(.manual), Choice.leaves(0..<2)))
    site.set("DUUU")
    site.decide()
    site.set("UUUU")
    #expect(site.text(site.decide(1)) == "b46")
    #expect(site.text(site.decide(1, wall: 0, .v6)) == "a46")
  }
}
