import Assembly
import Diagnostics
import Failover
import TestSupport
import Testing

@testable import Rehearsal

/// What `alula check` says of budgets.
struct BudgetTextTests {
  private static let checks = "check a interval 1s timeout 500ms fall 2\ncheck b interval 5s timeout 1s fall 3\n"

  private func budget(_ lines: String) throws -> Budget {
    Budget(try Site(Self.checks + lines).scene.settings, pool: 0)
  }

  @Test func theLineSaysWhatTheNumbersAreMadeOf() throws {
    let plain = try budget("endpoint e 192.0.2.1\nendpoint f 192.0.2.2\npool e | f\n")
    #expect(
      plain.text
        == "a failure is out of honest caches within 32.550 s at worst: noticed within 2.500 s, published within 50 ms, "
        + "cached for 30 s; TTL while healthy 30 s")
    let adaptive = try budget("endpoint e 192.0.2.1\nendpoint f 192.0.2.2\npool e | f\nttl 1s to 20s\n")
    #expect(adaptive.text.contains("within 3.550 s at worst") && adaptive.text.contains("cached for 1 s"))
    #expect(adaptive.text.hasSuffix("TTL while healthy 1 s"))
  }

  @Test func whatTheNumbersDoNotHoldForIsSaid() throws {
    let partial = try budget("endpoint e 192.0.2.1 check a b\nendpoint f 192.0.2.2\npool e | f\n").text
    #expect(partial.contains("; one that only some of an endpoint's checks see is noticed within 16.000 s;"))
    let unchecked = try budget("endpoint e 192.0.2.1 when any(a, up)\nendpoint f 192.0.2.2\npool e | f\n").text
    #expect(unchecked.contains("; that of e is not noticed, as no check of its own takes it down;"))
    let opens = try budget("endpoint e 192.0.2.1\nendpoint f 192.0.2.2\npool floor(2, all(e, f))\n").text
    #expect(opens.contains("; that of e or f changes nothing, as the pool opens without it;"))
    let nothing = try budget("endpoint e 192.0.2.1 when up\npool e\n").text
    #expect(
      nothing == "a failure is not noticed, as no check of its own takes an endpoint down; TTL while healthy 30 s")
  }

  @Test func whatIsOutsideIsSaid() throws {
    let plain = try Site("endpoint e 192.0.2.1\npool e\n").scene.settings
    #expect(!Budget.outside(plain).contains("canaries") && !Budget.outside(plain).contains("blast radius"))
    #expect(Budget.outside(plain).contains("RFC 8767"))
    let guarded = try Site("canary gw\nblast-radius 2 within 60s\nendpoint e 192.0.2.1\npool e\n").scene.settings
    #expect(Budget.outside(guarded).contains("too few canaries answer, which waits up to 600 s"))
    #expect(Budget.outside(guarded).contains("that the blast radius has no room for"))
  }

  /// Severity and beginning of what is said of one pool.
  private func problems(_ pool: String) throws -> [String] {
    let folder = try Folder()
    try folder.write("zone", "@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.53\n")
    let path = try folder.write(
      "alula.yaml",
      """
      zones: { example.com: { file: zone } }
      checks:
        fast: { type: tcp, port: 80, interval: 1s, timeout: 500ms, fall: 2 }
        slow: { type: tcp, port: 81, interval: 30s, timeout: 1s, fall: 2 }
      endpoints: { e: { address: 192.0.2.1 }, f: { address: 192.0.2.2 } }
      pools:
        www.example.com: { \(pool) }

      """)
    var problems = ProblemList()
    let assembled = Assembler.assemble(path, at: 0, problems: &problems)
    for problem in problems.listed where problem.severity == .error { Issue.record("\(problem)") }
    return Budget.problems(try #require(assembled)).map { problem in
      #expect(problem.position?.line == 7 && problem.position?.column == 3)
      return "\(problem.severity): \(problem.message)"
    }
  }

  @Test(arguments: [
    ("check: fast, ttl: 5s, endpoints: [e, f], recovery-time: 10s", []),
    (
      "check: fast, ttl: 30s, endpoints: [e, f], recovery-time: 10s",
      ["error: `recovery-time` of `www.example.com` is 10 s, but a failure can last 32.550 s"]
    ),
    (
      "check: [fast, slow], ttl: 5s, endpoints: [e, f], recovery-time: 10s",
      ["warning: `recovery-time` of `www.example.com` is 10 s, which a whole site's failure keeps to"]
    ),
    (
      "check: none, ttl: 5s, endpoints: [e, f], recovery-time: 10s",
      ["error: `recovery-time` of `www.example.com` cannot be kept: no check of its own finds e, f to have failed"]
    ),
    (
      "check: fast, ttl: 5s, policy: all-healthy, endpoints: [e, f], min-healthy: 2, recovery-time: 10s",
      ["error: `recovery-time` of `www.example.com` cannot be kept: without e, f too few are up"]
    ),
    (
      "check: fast, ttl: { min: 1s, max: 60s }, endpoints: [e, f]",
      ["warning: the TTL of `www.example.com` never comes near its `max` of 60 s"]
    ),
  ])
  func promisesAreHeldAgainstTheBudget(pool: String, wanted: [String]) throws {
    let problems = try problems(pool)
    #expect(problems.count == wanted.count, "\(problems)")
    for (problem, beginning) in zip(problems, wanted) { #expect(problem.hasPrefix(beginning), "\(problem)") }
  }
}
