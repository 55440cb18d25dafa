import Diagnostics
import Failover

/// Reads the definitions of a story that brings its own endpoints: one line each, in an order in which
/// everything is known before it is used.
struct SceneReader {
  private var scene = Scene()
  private var checks: [(name: String, settings: ProbeSettings)] = []
  private var isUsed = false
  /// By name: indices of the scene's endpoints.
  var endpoints: [String: Int] = [:]

  var finished: Scene? { isUsed ? scene : nil }

  mutating func take(_ words: inout Words) throws(Problem) {
    let keyword = try words.next("a line")
    isUsed = true
    switch keyword.text {
    case "check": try check(&words)
    case "endpoint": try endpoint(&words)
    case "canary": try canary(&words)
    case "pool": try pool(&words)
    case "start-within": scene.startWithin = try words.duration("time")
    case "blast-radius": scene.settings.blastRadius = try blastRadius(&words)
    default: try poolSetting(keyword, &words)
    }
    try words.finish()
  }

  // MARK: - Checks

  private mutating func check(_ words: inout Words) throws(Problem) {
    let name = words.count % 2 == 1 ? try words.next("a name").text : "check"
    var settings = ProbeSettings(rise: 2, fall: 3)
    var fastInterval: Duration?
    var limit: ProbeSettings.FlapLimit?
    while !words.isEmpty {
      let key = try words.next("a setting")
      switch key.text {
      case "interval": settings.interval = try words.duration("interval")
      case "fast-interval": fastInterval = try words.duration("interval")
      case "timeout": settings.timeout = try words.duration("timeout")
      case "rise": settings.rise = try words.number("count", in: 1...1000)
      case "fall": settings.fall = try words.number("count", in: 1...1000)
      case "forgiven-after":
        settings.counting = .interleaved(forgivenAfter: try words.number("count", in: 1...1000))
      case "hold-down": settings.holdDown = try words.duration("hold")
      case "flaps":
        limit = ProbeSettings.FlapLimit(
          turns: try words.number("count", in: 1...1000), within: .seconds(60), hold: .seconds(30),
          longest: .seconds(300)
        )
      case "within" where limit != nil: limit?.within = try words.duration("time")
      case "hold" where limit != nil: limit?.hold = try words.duration("hold")
      case "longest" where limit != nil: limit?.longest = try words.duration("hold")
      default:
        throw Problem(
          .error, key.position,
          "`\(key.text)` is no setting of a check: write interval, fast-interval, timeout, rise, fall, forgiven-after, "
            + "hold-down, or flaps with within, hold, longest")
      }
    }
    settings.fastInterval = fastInterval ?? settings.interval
    settings.flapLimit = limit
    checks.append((name, settings))
  }

  private mutating func canary(_ words: inout Words) throws(Problem) {
    var canaries = Canaries(probes: [])
    if words.contains("needed") {
      canaries.needed = try words.number("count", in: 1...1000)
      try words.require("needed")
    }
    for word in words.rest() {
      canaries.probes.append(
        scene.addProbe(usualCheck.settings, name: "canary \(word.text)", subjects: [word.text]))
    }
    scene.settings.canaries = canaries
  }

  private var usualCheck: (name: String, settings: ProbeSettings) {
    checks.first ?? ("check", ProbeSettings(rise: 2, fall: 3))
  }

  // MARK: - Endpoints

  private mutating func endpoint(_ words: inout Words) throws(Problem) {
    let name = try words.next("a name")
    if endpoints[name.text] != nil {
      throw Problem(.error, name.position, "there is an endpoint `\(name.text)` already")
    }
    var addresses: [String] = []
    while let word = words.first, word != "check", word != "when" {
      addresses.append(word)
      _ = words.take(word)
    }
    if addresses.isEmpty { throw Problem(.error, words.position, "expected an address here") }
    let condition = try condition(&words)
    let members = addresses.map { address in
      Member(
        family: address.contains(":") ? .v6 : .v4, address: address,
        condition: resolve(condition, endpoint: name.text, address))
    }
    endpoints[name.text] = scene.settings.addEndpoint(name.text, members)
  }

  private mutating func condition(_ words: inout Words) throws(Problem) -> ConditionText {
    if words.take("when") { return try ConditionText(&words, checks: checks.map(\.name)) }
    guard words.take("check") else { return .check(usualCheck.name) }
    var parts: [ConditionText] = []
    while !words.isEmpty { parts.append(try ConditionText(&words, checks: checks.map(\.name))) }
    return .all(parts)
  }

  private mutating func resolve(_ text: ConditionText, endpoint: String, _ address: String) -> Condition {
    switch text {
    case .check(let name):
      let settings = checks.first { $0.name == name }?.settings ?? usualCheck.settings
      let subjects = [endpoint, address, "\(name)@\(endpoint)", "\(name)@\(address)"]
      let known = scene.subjects["\(name)@\(address)"]?.first
      if let known { for subject in subjects { scene.add(known, to: subject) } }
      return .probe(known ?? scene.addProbe(settings, name: "\(endpoint) \(address)", subjects: subjects))
    case .all(let parts): return .all(parts.map { resolve($0, endpoint: endpoint, address) })
    case .atLeast(let weight, let parts):
      return .atLeast(
        weight,
        of: parts.map { Condition.Weighted(weight: $0.weight, resolve($0.condition, endpoint: endpoint, address)) })
    case .not(let part): return .not(resolve(part, endpoint: endpoint, address))
    case .fixed(let isUp): return .fixed(isUp)
    case .manual(let name): return .manual(name)
    }
  }

  // MARK: - Pools

  private mutating func pool(_ words: inout Words) throws(Problem) {
    var name = "app.example.com"
    if words.contains("=") {
      name = try words.next("a name").text
      try words.require("=")
    }
    var reader = ChoiceReader(endpoints: endpoints)
    let choice = try reader.choice(&words)
    scene.settings.pools.append(
      Pool(name: name, candidates: reader.candidates.map { Pool.Candidate(endpoint: $0) }, choice: choice))
  }

  private mutating func poolSetting(_ keyword: Words.Word, _ words: inout Words) throws(Problem) {
    guard let last = scene.settings.pools.indices.last else {
      throw Problem(
        .error, keyword.position,
        "`\(keyword.text)` begins no line: write at, begins, check, endpoint, canary, pool, start-within or blast-radius; "
          + "after a pool also ttl, all-down, coupling, failback or recovery-time")
    }
    var pool = scene.settings.pools[last]
    switch keyword.text {
    case "ttl": pool.ttl = try ttl(&words)
    case "coupling":
      pool.coupling = try words.choice(
        "coupling", ["independent": .independent, "both": .both, "v6-with-v4": .v6WithV4])
    case "recovery-time": pool.recoveryTime = try words.duration("time")
    case "all-down": pool.allDown = try allDown(&words)
    case "failback": pool.choice = try failback(pool.choice, &words)
    default: throw Problem(.error, keyword.position, "`\(keyword.text)` is nothing that a story knows")
    }
    scene.settings.pools[last] = pool
  }

  private func ttl(_ words: inout Words) throws(Problem) -> Pool.TTL {
    let position = words.position
    let minimum = try words.duration("TTL")
    let maximum = words.take("to") ? try words.duration("TTL") : minimum
    if minimum > maximum { throw Problem(.error, position, "the smaller TTL comes first: write ttl 2s to 30s") }
    return Pool.TTL(
      minimum: Int(minimum.components.seconds), maximum: Int(maximum.components.seconds))
  }

  private func allDown(_ words: inout Words) throws(Problem) -> Pool.AllDown {
    if words.take("sorry") {
      let word = try words.next("an endpoint of no pool")
      guard let endpoint = endpoints[word.text] else {
        throw Problem(.error, word.position, "there is no endpoint `\(word.text)`")
      }
      return .fixed(Array(scene.settings.endpoints[endpoint].members))
    }
    return try words.choice(
      "answer when all are down",
      ["primary": .primary, "all": .all, "last-good": .lastGood, "nodata": .noData, "servfail": .serverFailure])
  }

  private func failback(_ choice: Choice, _ words: inout Words) throws(Problem) -> Choice {
    let position = words.position
    let mode: Choice.Failback
    if words.take("after") {
      mode = .after(try words.duration("hold"))
    } else if words.take("ramp") {
      mode = .ramp(try words.duration("time"))
    } else if words.take("window") {
      mode = .window([try window(&words)])
    } else {
      mode = try words.choice("failback", ["immediate": .immediate, "manual": .manual])
    }
    guard case .set(var set) = choice, case .failover = set.policy else {
      throw Problem(.error, position, "failback is for pools of the policy failover")
    }
    set.policy = .failover(mode)
    return .set(set)
  }

  private func window(_ words: inout Words) throws(Problem) -> WeekWindow {
    WeekWindow(
      start: try StoryReader.timeOfWeek(&words),
      length: Int(try (words.take("for") ? words.duration("length") : .seconds(3600)).components.seconds))
  }

  private func blastRadius(_ words: inout Words) throws(Problem) -> BlastRadius {
    let word = try words.next("a limit, such as 2 or 50%")
    let share = word.text.hasSuffix("%") ? Int(word.text.dropLast()) : nil
    guard let limit = share.map({ BlastRadius.Limit.share($0 * 10) }) ?? Int(word.text).map({ .members($0) }) else {
      throw Problem(.error, word.position, "`\(word.text)` is no limit: write 2 or 50%")
    }
    try words.require("within")
    return BlastRadius(limit, within: try words.duration("time"))
  }
}
