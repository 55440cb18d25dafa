import Glibc
import Memory
import Synchronization
import TestSupport
import Testing

extension BlackBox {
  /// `alula simulate` is the production path: what it predicts is what happens to real sites.
  @Suite(.serialized) struct DrillTests {
    @Test(arguments: Drill.all)
    func theSwitchIsWhereTheSimulationSaysItIs(drill: Drill) throws {
      let stage = try Stage(drill)
      let predicted = try stage.simulate()
      let measured = try stage.play(predicted)
      let story = "predicted \(predicted.switches), measured \(measured)"
      try #require(measured.map(\.addresses) == predicted.switches.map(\.addresses), "\(story)")
      for (real, forecast) in zip(measured, predicted.switches) {
        #expect(real.at >= forecast.earliest - Stage.early && real.at <= forecast.latest + Stage.late, "\(story)")
      }
    }
  }
}

/// A change of answer: when, in milliseconds after the first step, and to what.
struct Switch: Sendable { let at: Int, addresses: [String] }

struct Prediction: Sendable {
  struct Forecast: Sendable { let earliest: Int, latest: Int, addresses: [String] }
  /// What is answered before the first step.
  let first: [String]
  let switches: [Forecast]
}

/// The sites, the configuration and the story of one drill.
final class Stage {
  /// Milliseconds that the way of an order to a site, and of an answer to us, may take on a busy machine.
  static let late = 250
  static let early = 30
  /// Milliseconds of the story before its first step: probes have found their phases.
  private static let before = 3000
  private static let pool = "app.example.com"

  private let drill: Drill
  private let sites: [(name: String, site: ActedSite)]
  private let alula: Mutex<Alula?> = Mutex(nil)
  private let configuration: String
  private let folder: Folder

  init(_ drill: Drill) throws {
    self.drill = drill
    folder = try Folder()
    let port = freePort()
    sites = try drill.endpoints.map { ($0, try ActedSite(at: Endpoint(freeAddress(), port))) }
    let endpoints = sites.map { "  \($0.name): { address: \($0.site.endpoint.address) }\n" }.joined()
    let own = drill.pool.contains("endpoints:") ? "" : "    endpoints: [\(drill.endpoints.joined(separator: ", "))]\n"
    configuration = """
      zones: { app.example.com: { file: app.example.com.zone } }
      checks: { site: { \(drill.check), port: \(port) } }
      endpoints:
      \(endpoints)\(drill.more)
      pools:
        \(Self.pool):
          ttl: 1s
          check: site
      \(own)    \(drill.pool)

      """
  }

  // MARK: - What should happen

  func simulate() throws -> Prediction {
    try folder.write("alula.yaml", "state: \(folder.path)/state\n" + configuration)
    try folder.write("app.example.com.zone", try exampleZone())
    var story = ""
    for step in drill.steps { story += "at \(Self.before + step.at)ms \(step.what)\n" }
    // The story goes on for long enough to see the last change.
    story += "at \(Self.before + (drill.steps.last?.at ?? 0) + 4000)ms expect changes 1000000\n"
    try folder.write("outage.story", story)
    let simulated = try run([
      alulaProgram, "simulate", "--config", folder.path("alula.yaml"), "--story", folder.path("outage.story"), "--json",
    ])
    guard simulated.status == .exited(0) else { throw Trouble("simulate: \(simulated.output)") }
    // Warnings stand before it.
    try folder.write("out.json", String(simulated.output.drop { $0 != "{" }))
    return try Prediction(lines: lines(folder.path("out.json")), before: Self.before)
  }

  /// The A answers of the JSON, a line each: `earliest latest addresses`, times in milliseconds.
  private func lines(_ path: String) throws -> [Substring] {
    let program = """
      json, sys = map(__import__, ["json", "sys"])
      found = json.load(open(sys.argv[1]))
      first = next(step for step in found["timeline"] if step.get("type") == "A")
      print(0, 0, *sorted(first["addresses"]))
      for change in found["switches"]:
          if change["type"] == "A":
              print(round(change["earliest"] * 1000), round(change["latest"] * 1000), *sorted(change["to"]))
      """
    let result = try run(["python3", "-c", program, path])
    guard result.status == .exited(0) else { throw Trouble("\(result.output)\n\(try readFile(path))") }
    return result.output.split(separator: "\n")
  }

  // MARK: - What happens

  func play(_ prediction: Prediction) throws -> [Switch] {
    let server = try Alula(configuration, files: ["app.example.com.zone": try exampleZone()])
    alula.withLock { $0 = server }
    try server.waitUntilReady()
    let watcher = try AnswerWatcher(server.ipv4, Self.pool)
    guard becomesTrue({ watcher.answer == prediction.first }) else {
      throw Trouble("answers \(watcher.answer), expected \(prediction.first) first:\n\(server.log)")
    }
    // Real probes find their phases too.
    pause(until: ContinuousClock.now + .milliseconds(700))
    let begin = ContinuousClock.now
    watcher.start(begin)
    for step in drill.steps {
      pause(until: begin + .milliseconds(step.at))
      try act(step.what)
    }
    let lastStep = drill.steps.last?.at ?? 0
    let end = max(prediction.switches.map(\.latest).max() ?? 0, lastStep) + Self.late + 300
    pause(until: begin + .milliseconds(end))
    return watcher.finish()
  }

  /// A story's times are real ones here: this waits for a time, not for a state.
  private func pause(until time: ContinuousClock.Instant) {
    while ContinuousClock.now < time { _ = Glibc.poll(nil, 0, 1) }
  }

  private func act(_ what: String) throws {
    let words = what.split(separator: " ", maxSplits: 1).map(String.init)
    guard let server = alula.withLock({ $0 }) else { return }
    if let site = sites.first(where: { $0.name == words[0] })?.site { return try site.become(words[1]) }
    guard words[0] != "kill" else {
      server.child.stop()
      alula.withLock { alula in alula = try? Alula(again: server) }
      return
    }
    let done = try run(
      [alulaProgram] + what.split(separator: " ").map(String.init) + ["--config", server.folder.path("alula.yaml")])
    guard done.status == .exited(0) else { throw Trouble("\(what): \(done.output)") }
  }
}

extension Prediction {
  init(lines: [Substring], before: Int) throws {
    let rows = lines.map { $0.split(separator: " ").map(String.init) }
    guard let head = rows.first, rows.allSatisfy({ $0.count >= 2 }) else { throw Trouble("no answers in \(lines)") }
    first = Array(head.dropFirst(2))
    switches = rows.dropFirst().map { row in
      Forecast(
        earliest: (Int(row[0]) ?? 0) - before, latest: (Int(row[1]) ?? 0) - before, addresses: Array(row.dropFirst(2)))
    }
  }
}

/// Asks for a pool's addresses every few milliseconds, on a thread of its own.
final class AnswerWatcher: Sendable {
  private struct Seen: Sendable {
    var answer: [String] = []
    var begin: ContinuousClock.Instant?
    var switches: [Switch] = []
  }

  private let seen = Mutex(Seen())
  private let stopping = Atomic(false)
  private let thread = Mutex<Thread?>(nil)

  init(_ server: Endpoint, _ name: String) throws {
    let client = try Datagrams(to: server)
    let query = Message.query(name, type: 1)
    let thread = Thread.start("watcher") { [self] in
      while !stopping.load(ordering: .acquiring) {
        client.send(query)
        // While the server is being started anew there is no answer, and nothing changes.
        if let reply = client.receive(milliseconds: 50), let message = DecodedMessage(reply) { take(message) }
        _ = Glibc.poll(nil, 0, 2)
      }
    }
    self.thread.withLock { $0 = thread }
  }

  var answer: [String] { seen.withLock { $0.answer } }

  func start(_ begin: ContinuousClock.Instant) { seen.withLock { $0.begin = begin } }

  func finish() -> [Switch] {
    stopping.store(true, ordering: .releasing)
    thread.withLock { $0 }?.join()
    return seen.withLock { $0.switches }
  }

  private func take(_ message: DecodedMessage) {
    let addresses = message.records.filter { $0.section == 1 && $0.type == 1 }
      .map { $0.data.map { "\($0)" }.joined(separator: ".") }.sorted()
    let now = ContinuousClock.now
    seen.withLock { seen in
      guard addresses != seen.answer else { return }
      seen.answer = addresses
      guard let begin = seen.begin else { return }
      let (seconds, attoseconds) = (now - begin).components
      seen.switches.append(Switch(at: Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000), addresses: addresses))
    }
  }
}
