extension Brain {
  /// By candidate of the pool, then by the place of the member in its endpoint.
  package func standings(in pool: Int, at now: Moment) -> [[Standing]] {
    settings.pools[pool].candidates.indices.map { candidate in
      let override = hand.override(pool: pool, candidate: candidate)
      return settings.endpoints[settings.pools[pool].candidates[candidate].endpoint].members.map {
        standing(of: $0, override, at: now)
      }
    }
  }

  /// What the pool has to know of one of its members.
  package func standing(of member: Int, in pool: Int, at now: Moment) -> Standing {
    let endpoint = dependents.endpoint(ofMember: member)
    let candidate = settings.pools[pool].candidates.firstIndex { $0.endpoint == endpoint }
    return standing(of: member, candidate.flatMap { hand.override(pool: pool, candidate: $0) }, at: now)
  }

  ///     an override is in force           as it says
  ///     the checks say up                 up
  ///     they say down                     down
  ///     … and no canary vouches for it    up, held up
  ///     … and the blast radius is full    up, held up
  private func standing(of member: Int, _ override: Int?, at now: Moment) -> Standing {
    let condition = settings.members[member].condition
    let reading = read(condition)
    var standing = Standing(isUp: reading.holds, real: reading.holds ? .up : .down, mayTurn: reading.mayTurn)
    standing.isDegraded = reading.holds && reading.isDegraded
    standing.latency = reading.latency
    if reading.holds, reading.isUnproven { standing.real = .unknown }
    if watch?.hasPending ?? false, reading.holds, !holds(condition, pendingIsDown: true) {
      standing.real = .down
      standing.isHeldUp = true
    }
    if !reading.holds, blast?.isHeldUp(member: member) ?? false {
      standing.isUp = true
      standing.isHeldUp = true
      standing.mayTurn = blast?.freeAt
    }
    if let override { take(hand.overrides[override], override, into: &standing, at: now) }
    return standing
  }

  private func take(_ override: Override, _ index: Int, into standing: inout Standing, at now: Moment) {
    standing.isUp = override.state == .up
    standing.override = index
    standing.isHeldUp = false
    standing.isDegraded = standing.isUp && standing.isDegraded
    standing.mayTurn = override.expires.map { now.instant(ofWall: $0) }
  }

  /// What the checks say of a member. Unknown counts as up: what was never probed is not withdrawn.
  package func isUp(member: Int) -> Bool { holds(settings.members[member].condition) }

  func holds(_ condition: Condition, pendingIsDown: Bool = false) -> Bool {
    switch condition {
    case .probe(let probe): health[probe].verdict != .down && !(pendingIsDown && isPending(probe))
    case .all(let parts): parts.allSatisfy { holds($0, pendingIsDown: pendingIsDown) }
    case .atLeast(let weight, let parts):
      parts.reduce(0) { $0 + (holds($1.condition, pendingIsDown: pendingIsDown) ? $1.weight : 0) } >= weight
    case .not(let part): !holds(part, pendingIsDown: pendingIsDown)
    case .fixed(let isUp): isUp
    case .manual(let name): hand.isUp(check: name)
    }
  }
}

/// What a condition comes to, and when that can change.
struct Reading {
  var holds: Bool
  /// The earliest time at which it can turn by itself; nil: not before somebody's order.
  var mayTurn: Instant?
  /// Some probe has no verdict.
  var isUnproven = false
  /// Some probe that succeeds has a concern.
  var isDegraded = false
  /// Of its slowest probe.
  var latency: Duration?

  fileprivate mutating func add(_ other: Reading) {
    isUnproven = isUnproven || other.isUnproven
    isDegraded = isDegraded || other.isDegraded
    latency = [latency, other.latency].compactMap(\.self).max()
  }
}

/// A condition turns when enough of its parts have turned. Each part is taken to turn as soon as it can, whatever
/// the others do: exact, except that a probe asked twice in one condition may make it come out too early.
extension Brain {
  func read(_ condition: Condition) -> Reading {
    switch condition {
    case .probe(let probe): read(probe)
    case .all(let parts): readAll(parts)
    case .atLeast(let weight, let parts): read(atLeast: weight, of: parts)
    case .not(let part): inverted(read(part))
    case .fixed(let isUp): Reading(holds: isUp)
    case .manual(let name): Reading(holds: hand.isUp(check: name))
    }
  }

  private func read(_ probe: Int) -> Reading {
    Reading(
      holds: health[probe].verdict != .down, mayTurn: health[probe].mayTurn(settings.probes[probe]),
      isUnproven: health[probe].verdict == .unknown,
      isDegraded: health[probe].verdict == .up && health[probe].concern != nil, latency: health[probe].latency)
  }

  private func inverted(_ reading: Reading) -> Reading {
    var result = reading
    result.holds.toggle()
    return result
  }

  /// All up: it turns with the first of them. Some down: with the last of those.
  private func readAll(_ parts: [Condition]) -> Reading {
    if parts.count == 1 { return read(parts[0]) }
    var (first, last): (Instant?, Instant?) = (nil, nil)
    var isStuck = false
    var result = Reading(holds: true)
    for part in parts {
      let reading = read(part)
      result.add(reading)
      if reading.holds {
        first = [first, reading.mayTurn].compactMap(\.self).min()
      } else {
        result.holds = false
        isStuck = isStuck || reading.mayTurn == nil
        last = [last, reading.mayTurn].compactMap(\.self).max()
      }
    }
    result.mayTurn = result.holds ? first : isStuck ? nil : last
    return result
  }

  private func read(atLeast weight: Int, of parts: [Condition.Weighted]) -> Reading {
    let readings = parts.map { (weight: $0.weight, reading: read($0.condition)) }
    let sum = readings.reduce(0) { $0 + ($1.reading.holds ? $1.weight : 0) }
    var result = Reading(holds: sum >= weight)
    for (_, reading) in readings { result.add(reading) }
    // Those that can turn it, the earliest first, until there are enough.
    var missing = result.holds ? sum - weight + 1 : weight - sum
    let turning = readings.filter { $0.reading.holds == result.holds && $0.reading.mayTurn != nil }
      .sorted { ($0.reading.mayTurn ?? .distant) < ($1.reading.mayTurn ?? .distant) }
    for (weight, reading) in turning {
      missing -= weight
      if missing > 0 { continue }
      result.mayTurn = reading.mayTurn
      break
    }
    return result
  }
}

extension Instant {
  fileprivate static var distant: Instant { Instant(nanoseconds: .max) }
}
