import Failover
import JSONFormat
import Testing
import Wire

@testable import Rehearsal

/// What `alula explain` says of pools to whose members clients stick.
struct ExplanationTests {
  private func explanation(_ pool: String, client: String?) throws -> Explanation {
    let site = try Site("endpoint a 192.0.2.1\nendpoint b 192.0.2.2\nendpoint c 192.0.2.3\npool \(pool)\n")
    let now = Moment(Instant(nanoseconds: 0), wall: 0)
    let brain = try Supposition.brain(site.scene, down: [], at: now).get()
    return explain(
      brain, probeNames: site.scene.probeNames,
      Explanation.Question(pool: 0, family: .v4, address: client.flatMap { IPAddress($0) }), at: now)
  }

  private func lines(_ explanation: Explanation) -> [String] {
    explanation.text { _ in "now" }.split(separator: "\n").map(String.init)
  }

  @Test func withoutAClientTheOddsAreTold() throws {
    let explanation = try explanation("sticky(a, b 3)", client: nil)
    #expect(explanation.sticking == nil)
    #expect(lines(explanation)[0] == "app.example.com A: 192.0.2.1 (25%), 192.0.2.2 (75%)")
    #expect(try JSON.read(Array(explanation.json.text.utf8))["client"] == .null)
  }

  @Test func aClientHearsItsChoiceAndTheOdds() throws {
    var seen: Set<String> = []
    for number in 0..<64 {
      let explanation = try explanation("sticky(a, b 3)", client: "198.51.\(number).77")
      let first = lines(explanation)[0]
      seen.insert(first)
      #expect(
        lines(explanation)[1]
          == "  for all clients in 198.51.\(number).0/24, who stick to it; over all networks: 192.0.2.1 (25%), 192.0.2.2 (75%)"
      )
      let client = try #require(try JSON.read(Array(explanation.json.text.utf8))["client"])
      #expect(client["network"]?.string == "198.51.\(number).0/24")
      guard case .array(let answer)? = client["answer"] else {
        Issue.record("\(client)")
        continue
      }
      #expect(answer.map { "app.example.com A: \($0["address"]?.string ?? "")" } == [first])
    }
    #expect(seen == ["app.example.com A: 192.0.2.1", "app.example.com A: 192.0.2.2"])
  }

  @Test func whereNothingSticksTheClientMakesNoDifference() throws {
    let explanation = try explanation("weighted(a, b 3)", client: "198.51.100.1")
    #expect(explanation.sticking == nil)
    #expect(lines(explanation)[0] == "app.example.com A: 192.0.2.1 (25%), 192.0.2.2 (75%)")
  }

  @Test func whatIsDrawnBehindAChoiceHasOdds() throws {
    let explanation = try explanation("sticky(weighted(a, b), c 0)", client: "2001:db8:0:12ff::1")
    #expect(explanation.sticking == nil, "a weight of 0 is no choice")
    let nested = try self.explanation("weighted(sticky(a, b), c)", client: "2001:db8:0:12ff::1")
    #expect(nested.sticking?.network.description == "2001:db8:0:1200::/56")
    #expect(nested.percents(try #require(nested.sticking).outcome).compactMap(\.self) == [50, 50])
    #expect(nested.percents.compactMap(\.self) == [25, 25, 50])
  }
}
