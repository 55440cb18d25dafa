import Assembly
import Configuration
import Diagnostics
import Failover
import Rehearsal
import Sockets
import Wire

extension Commands {
  /// What `alula explain` was asked for.
  package struct Explain {
    package var config: String
    package var name: String
    /// A or AAAA.
    package var isIPv6: Bool
    /// Endpoints, addresses or `check@endpoint` that are supposed to be down.
    package var down: [String]
    /// Seconds since Monday 00:00.
    package var timeOfWeek: Int?
    package var json: Bool

    package init(config: String, name: String, isIPv6: Bool, down: [String], timeOfWeek: Int?, json: Bool) {
      self.config = config
      self.name = name
      self.isIPv6 = isIPv6
      self.down = down
      self.timeOfWeek = timeOfWeek
      self.json = json
    }
  }

  /// Explains from the configuration alone what a pool would answer.
  package static func explain(_ wish: Explain) -> Int32 {
    guard let assembled = assemble(wish.config) else { return 1 }
    guard let pool = pool(named: wish.name, assembled) else {
      return fail("no pool answers at `\(wish.name)`: the zone file does")
    }
    let now = Moment(
      Instant(nanoseconds: 0), wall: wish.timeOfWeek.map(StoryTime.wall) ?? Int64(Clock.seconds()) * 1_000_000_000)
    let scene = Scene(assembled)
    switch Supposition.brain(scene, down: wish.down, at: now) {
    case .failure(let unknown):
      return fail("`\(unknown.names[0])` has no probe here: name an endpoint, an address or CHECK@ENDPOINT")
    case .success(let brain):
      let question = Explanation.Question(pool: pool, family: wish.isIPv6 ? .v6 : .v4)
      let explanation = Rehearsal.explain(brain, probeNames: scene.probeNames, question, at: now)
      Output.write(wish.json ? explanation.json.text : explanation.text { _ in "now" }, toError: false)
      return 0
    }
  }

  private static func fail(_ message: String) -> Int32 {
    Output.write("alula: \(message)", toError: true)
    return 1
  }

  private static func pool(named name: String, _ assembled: Assembled) -> Int? {
    guard let name = try? DomainName(name) else { return nil }
    return assembled.configuration.pools.firstIndex { $0.owners.contains { $0.value == name } }
  }
}
