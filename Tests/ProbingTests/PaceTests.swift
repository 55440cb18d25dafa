import Failover
import Probing
import Testing
import Wire

struct PaceTests {
  private func prober(_ server: LoopbackServer, fast: Duration?) throws -> Prober {
    var specification = ProbeSpecification(
      .tcp, target: server.address, interval: .seconds(3600), timeout: .seconds(20))
    specification.fastInterval = fast
    var prober = try Prober(seed: 1)
    prober.replaceProbes([specification], now: .now)
    return prober
  }

  /// The first outcome's time, and when the next attempt starts.
  private func first(_ prober: inout Prober) throws -> (at: Instant, next: Instant) {
    var seen: (Instant, Instant)?
    while seen == nil {
      try prober.turn { _, outcome, now, next in
        guard case .noResult = outcome else { return seen = (now, next) }
      }
    }
    return try #require(seen)
  }

  @Test func theFastPaceCountsFromTheLastStart() throws {
    let server = try LoopbackServer(.hangs)
    var prober = try prober(server, fast: .milliseconds(300))
    let (at, next) = try first(&prober)
    let start = prober.setPace(.fast, of: 0, now: at)
    let fast = try #require(start)
    #expect(fast > at && fast <= at + .milliseconds(300) && fast <= next)
    let again = prober.setPace(.fast, of: 0, now: at)
    #expect(again == fast, "said twice it changes nothing")
    let usual = prober.setPace(.usual, of: 0, now: at)
    #expect(usual == next, "the grid of the usual pace has stayed")
    prober.setPace(.fast, of: 0, now: at)
    let (second, third) = try first(&prober)
    #expect(second >= fast)
    #expect(third > second && third <= second + .milliseconds(300))
    withExtendedLifetime(server) {}
  }

  @Test func withoutAFastIntervalThePaceStays() throws {
    let server = try LoopbackServer(.hangs)
    var prober = try prober(server, fast: nil)
    let early = prober.setPace(.fast, of: 0, now: .now)
    #expect(early == nil, "not before the first start")
    let (at, next) = try first(&prober)
    prober.setPace(.usual, of: 0, now: at)
    let fast = prober.setPace(.fast, of: 0, now: at)
    #expect(fast == next)
    withExtendedLifetime(server) {}
  }

  @Test func aRunningAttemptGoesOn() throws {
    let server = try LoopbackServer(.hangs)
    var specification = ProbeSpecification(
      .http(.init()), target: server.address, interval: .seconds(3600), timeout: .seconds(600))
    specification.fastInterval = .milliseconds(100)
    var prober = try Prober(seed: 1)
    prober.replaceProbes([specification], now: .now)
    while prober.running == 0 { try prober.turn(until: .now) { _, _, _, _ in } }
    let next = prober.setPace(.fast, of: 0, now: .now)
    #expect(next == nil)
    #expect(prober.running == 1)
    withExtendedLifetime(server) {}
  }
}
