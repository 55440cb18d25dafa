import Diagnostics
import Wire

/// What was written of a check's way to a verdict, before defaults.
struct JudgementDraft {
  var isInterleaved: Bool?
  var forgiveAfter: Int?
  /// `off` is a value too: that of nil inside.
  var flap: Configuration.FlapLimit??
  var holdDown: Duration?
}

extension Reader {
  mutating func judgementDraft(_ fields: Fields) -> JudgementDraft {
    var draft = JudgementDraft()
    draft.isInterleaved = choice(fields["counting"], ["consecutive": false, "interleaved": true])
    draft.forgiveAfter = integer(fields["forgive-after"], in: 1...1000)
    draft.flap = fields["flap"].map { flapLimit($0) }
    draft.holdDown = duration(fields["hold-down"], in: .zero ... .seconds(86400))
    return draft
  }

  private mutating func flapLimit(_ node: Node) -> Configuration.FlapLimit? {
    if case .scalar("off", _) = node.content { return nil }
    guard let fields = fields(node, .flap, at: node.position) else { return nil }
    var limit = Configuration.FlapLimit()
    limit.turns = integer(fields["turns"], in: 2...100) ?? limit.turns
    limit.within = duration(fields["within"], in: .seconds(1) ... .seconds(86400)) ?? limit.within
    limit.hold = duration(fields["hold"], in: .seconds(1) ... .seconds(86400)) ?? limit.hold
    limit.longest = duration(fields["longest"], in: .seconds(1) ... .seconds(604_800)) ?? max(limit.longest, limit.hold)
    if limit.longest < limit.hold { error(node.position, "`flap`: `longest` is shorter than `hold`: exchange the two") }
    return limit
  }

  mutating func judgement(
    _ kind: Configuration.Check.Kind, _ fields: Fields, _ draft: JudgementDraft, _ defaults: JudgementDraft
  ) -> Configuration.Judgement {
    var judgement = Configuration.Judgement()
    judgement.isInverted = flag(fields["inverted"]) ?? false
    judgement.isDisabled = flag(fields["disabled"]) ?? false
    guard kind != .calculated else { return calculated(judgement, fields) }
    if draft.isInterleaved ?? defaults.isInterleaved ?? false {
      judgement.forgiveAfter = draft.forgiveAfter ?? defaults.forgiveAfter ?? 10
    } else if let node = fields["forgive-after"] {
      error(
        node.position,
        "`forgive-after` belongs to `counting: interleaved`: where failures count in a row one success forgives")
    }
    judgement.flap = draft.flap ?? defaults.flap ?? nil
    judgement.holdDown = draft.holdDown ?? defaults.holdDown ?? .zero
    return judgement
  }

  // MARK: - Calculated checks

  private mutating func calculated(
    _ start: Configuration.Judgement, _ fields: Fields
  ) -> Configuration.Judgement {
    var judgement = start
    judgement.parts = list(required("of", of: fields, "a calculated check", example: "[CHECK, CHECK]"))
      .compactMap { part($0) }
    let total = judgement.parts.reduce(0) { $0 + $1.weight }
    judgement.atLeast = integer(fields["at-least"], in: 0...1_000_000) ?? total
    if let node = fields["at-least"], !judgement.parts.isEmpty, judgement.atLeast > total {
      error(
        node.position,
        "`at-least` is \(judgement.atLeast), but all of `of` together weigh \(total): it could never pass")
    }
    return judgement
  }

  private mutating func part(_ node: Node) -> Configuration.Part? {
    guard case .mapping = node.content else {
      return text(node, expected: "the name of a check, or { check: NAME, weight: 2 }")
        .map { Configuration.Part(check: Placed($0, at: node.position)) }
    }
    guard let fields = fields(node, .part, at: node.position) else { return nil }
    let weight = integer(fields["weight"], in: 1...1000) ?? 1
    guard let name = required("check", of: fields, "a part of a calculated check", example: "NAME"),
      let text = text(name, expected: "the name of a check")
    else { return nil }
    return Configuration.Part(check: Placed(text, at: name.position), weight: weight)
  }

  /// References of calculated checks lead to checks, and not back to where they began.
  mutating func checkParts(_ checks: Declared<Configuration.Check>) {
    for check in checks.inOrder {
      for part in check.judgement.parts {
        let name = part.check.value
        if !checks.contains(name) {
          error(part.check.position, unknown("check", name, among: checks.names))
        } else if reached(from: name, checks).contains(check.name.value) {
          error(part.check.position, "the check `\(check.name.value)` asks itself, by way of `\(name)`: break the loop")
        }
      }
    }
  }

  /// The check and all that it asks, directly or not.
  private func reached(from name: String, _ checks: Declared<Configuration.Check>) -> Set<String> {
    var seen: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      if seen.insert(next).inserted { open += checks[next]?.judgement.parts.map(\.check.value) ?? [] }
    }
    return seen
  }

  /// Calculated checks may ask each other so deep.
  private static var deepest: Int { 8 }

  /// What a check means for one member; nil where something is wrong, which has been said.
  mutating func condition(
    _ name: String, for member: Placed<String>, _ settings: MemberSettings, _ use: PoolUse, depth: Int = 0
  ) -> Configuration.MemberCondition? {
    guard let check = use.scope.checks[name] else { return nil }
    if depth > Reader.deepest {
      error(check.name.position, "calculated checks ask each other more than \(Reader.deepest) deep")
      return nil
    }
    let condition: Configuration.MemberCondition?
    switch check.kind {
    case _ where check.judgement.isDisabled: condition = .fixed(true)
    case .manual: condition = .manual(name)
    case .calculated:
      let parts = check.judgement.parts.compactMap { part -> (weight: Int, condition: Configuration.MemberCondition)? in
        used.insert("checks.\(part.check.value)")
        return self.condition(part.check.value, for: member, settings, use, depth: depth + 1).map { (part.weight, $0) }
      }
      condition = .atLeast(check.judgement.atLeast, parts)
    case .tcp, .http, .https, .dns, .command: condition = resolve(check, for: member, settings, use).map { .probe($0) }
    }
    return check.judgement.isInverted ? condition.map { .not($0) } : condition
  }

  // MARK: - The whole server

  mutating func blastRadius(_ node: Node?, _ pools: [Configuration.Pool]) -> Configuration.BlastRadius? {
    guard let node else { return nil }
    if case .scalar("off", _) = node.content { return nil }
    guard let fields = fields(node, .blastRadius, at: node.position) else { return nil }
    let within = duration(fields["within"], in: .seconds(1) ... .seconds(86400)) ?? .seconds(60)
    guard let most = required("at-most", of: fields, "`blast-radius`", example: "20%"), let limit = limit(most) else {
      return nil
    }
    checkLimit(limit, most.position, pools.flatMap(\.members))
    return Configuration.BlastRadius(limit: limit, within: within)
  }

  private mutating func limit(_ node: Node) -> Configuration.BlastRadius.Limit? {
    let expected = "a number of addresses from 1 to 1000000, or a share of all from 1% to 100%"
    guard let text = text(node, expected: expected) else { return nil }
    if text.hasSuffix("%"), let share = decimal(text.dropLast()), (1...100).contains(share) { return .percent(share) }
    if let count = decimal(text), (1...1_000_000).contains(count) { return .members(count) }
    mismatch(node, expected: expected)
    return nil
  }

  /// The failure of a single site is what failover is for: no limit may stop it.
  private mutating func checkLimit(
    _ limit: Configuration.BlastRadius.Limit, _ position: Position, _ members: [Configuration.Member]
  ) {
    let all = Set(members.flatMap { $0.addresses.map(\.value) }).count
    let allowed =
      switch limit {
      case .members(let count): count
      case .percent(let share): all * share / 100
      }
    guard let largest = members.max(by: { $0.addresses.count < $1.addresses.count }),
      largest.addresses.count > allowed
    else { return }
    error(
      position,
      "`blast-radius` lets \(allowed) of \(all) addresses go, but the endpoint `\(largest.name.value)` alone has "
        + "\(largest.addresses.count): it could not fail over; allow \(largest.addresses.count) at least")
  }

  mutating func canaries(_ node: Node?, in scope: PoolScope) -> Configuration.Canaries? {
    guard let node, let fields = fields(node, .canaries, at: node.position) else { return nil }
    let items = list(required("endpoints", of: fields, "`canaries`", example: "[gateway]"))
    var use = PoolUse(owner: nil, checks: nil, scope: scope)
    for item in items { _ = branch(item, tierFloor: nil, &use) }
    let endpoints = use.members
    for endpoint in endpoints where endpoint.checks.isEmpty {
      error(
        endpoint.name.position,
        "the canary `\(endpoint.name.value)` needs a check: add `check:` to the endpoint, and `host:` to a check of type http or https"
      )
    }
    let probes = endpoints.reduce(0) { $0 + $1.addresses.count * $1.checks.count }
    let needed = integer(fields["needed"], in: 1...1000) ?? 1
    if needed > probes, let node = fields["needed"], !endpoints.isEmpty {
      error(node.position, "`needed` is \(needed), but there are only \(probes) canaries")
    }
    let longest = duration(fields["at-most"], in: .seconds(1) ... .seconds(86400)) ?? .seconds(600)
    return Configuration.Canaries(endpoints: endpoints, needed: needed, longest: longest)
  }
}
