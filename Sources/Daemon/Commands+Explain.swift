import Assembly
import Configuration
import Control
import Diagnostics
import Failover
import Observing
import Rehearsal
import Sockets
import Wire

extension Commands {
  /// What `alula explain` was asked for.
  package struct Explain {
    package var config: String
    package var name: String
    /// A, AAAA; nil: both.
    package var type: String?
    package var client: String?
    /// Endpoints, addresses or `check@endpoint` that are supposed to be down.
    package var down: [String]
    /// Seconds since Monday 00:00.
    package var timeOfWeek: Int?
    package var json: Bool

    package init(
      config: String, name: String, type: String?, client: String?, down: [String], timeOfWeek: Int?, json: Bool
    ) {
      self.config = config
      self.name = name
      self.type = type
      self.client = client
      self.down = down
      self.timeOfWeek = timeOfWeek
      self.json = json
    }
  }

  /// Explains from the configuration alone what a pool would answer.
  package static func explain(_ wish: Explain) -> Int32 {
    guard let assembled = assemble(wish.config) else { return 1 }
    let path = (try? DomainName(wish.name)).map(assembled.aliases(from:)) ?? []
    guard let pool = path.last.flatMap({ pool(at: $0, assembled) }) else {
      return fail("no pool is at `\(wish.name)`, nor does an alias there lead to one: `alula check` lists them")
    }
    let now = Moment(
      Instant(nanoseconds: 0), wall: wish.timeOfWeek.map(StoryTime.wall) ?? Int64(Clock.seconds()) * 1_000_000_000)
    let scene = Scene(assembled)
    switch Supposition.brain(scene, down: wish.down, at: now) {
    case .failure(let unknown):
      return fail("`\(unknown.names[0])` has no probe here: name an endpoint, an address or CHECK@ENDPOINT")
    case .success(let brain):
      let client = wish.client.flatMap { IPAddress($0) }
      let classes = client.map(assembled.classes) ?? [:]
      let explanations = families(wish.type).map { family in
        Rehearsal.explain(
          brain, probeNames: scene.probeNames,
          Explanation.Question(pool: pool, family: family, client: classes, address: client), at: now)
      }
      Output.write(
        wish.json
          ? "[" + explanations.map(\.json.text).joined(separator: ",") + "]"
          : ([wish.supposition] + path.aliasLines).joined(separator: "\n") + "\n"
            + explanations.map { $0.text { _ in "now" } }.joined(separator: "\n\n"), toError: false)
      return 0
    }
  }

  fileprivate static func families(_ type: String?) -> [AddressFamily] {
    switch type?.uppercased() {
    case "A": [.v4]
    case "AAAA": [.v6]
    default: [.v4, .v6]
    }
  }

  private static func fail(_ message: String) -> Int32 {
    Output.write("alula: \(message)", toError: true)
    return 1
  }

  fileprivate static func pool(named name: String, _ assembled: Assembled) -> Int? {
    (try? DomainName(name)).flatMap { pool(at: $0, assembled) }
  }

  private static func pool(at name: DomainName, _ assembled: Assembled) -> Int? {
    assembled.configuration.pools.firstIndex { $0.owners.contains { $0.value == name } }
  }
}

extension Commands.Explain {
  /// So that nobody takes it for what the server sees.
  fileprivate var supposition: String {
    let others = down.isEmpty ? "everybody is up" : "\(down.joined(separator: ", ")) is down and everybody else up"
    return "from the configuration alone, supposing that \(others): not what the server sees"
  }
}

extension [DomainName] {
  /// Of a name and what its aliases lead to.
  var aliasLines: [String] {
    zip(self, dropFirst()).map { "\($0.shortText) is an alias (CNAME) of \($1.shortText)" }
  }
}

extension View {
  /// Why the name is answered as it is; nil: no pool answers there.
  func explanations(_ question: ExplainQuestion, _ classes: [Int: Int], at now: Moment) -> [ExplainReport]? {
    guard let pool = Commands.pool(named: question.name, assembled) else { return nil }
    return Commands.families(question.type).map { family in
      let explanation = Rehearsal.explain(
        brain, probeNames: plan.probeNames,
        Explanation.Question(pool: pool, family: family, client: classes, address: question.client), at: now)
      let text = explanation.text { rfc3339((now.wall + ($0 - now.instant).nanoseconds) / 1_000_000) }
      return ExplainReport(text: text, json: explanation.json.text)
    }
  }
}
