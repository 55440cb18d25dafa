/// What stays the same for an endpoint or group of a name, over reloads and restarts: FNV-1a.
struct Key {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ octets: some Sequence<UInt8>) {
    for octet in octets { value = (value ^ UInt64(octet)) &* 0x100_0000_01B3 }
  }

  mutating func add(_ number: UInt64) { add((0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }) }
}

extension Choice {
  /// That of its endpoint's or group's name; a tier has that of its first branch, so that it stays the
  /// same when others come before it or equals are added.
  func key(_ pool: Pool, _ settings: FailoverSettings) -> UInt64 {
    var key = Key()
    switch self {
    case .endpoint(let candidate): key.add(settings.endpoints[pool.candidates[candidate].endpoint].name.utf8)
    case .set(let set):
      key.add([0])
      if let name = set.name {
        key.add(name.utf8)
      } else if let first = set.branches.first {
        key.add(first.choice.key(pool, settings))
      }
    }
    return key.value
  }

  /// Whether its plan is one list of addresses, whoever asks.
  package var isStatic: Bool {
    guard case .set(let set) = self else { return true }
    switch set.policy {
    case .weighted, .sticky, .client, .failover(.ramp): return false
    case .failover, .fastest, .all: return set.branches.allSatisfy(\.choice.isStatic)
    }
  }

  /// Whether what it chooses depends on more than who is up now.
  package var needsMemory: Bool {
    contains { policy in
      switch policy {
      case .failover(.immediate), .all, .weighted, .sticky, .client: false
      case .failover, .fastest: true
      }
    }
  }

  /// Whether it has to be decided anew with each latency.
  package var usesLatency: Bool { contains { if case .fastest = $0 { true } else { false } } }

  var hasClients: Bool { contains { if case .client = $0 { true } else { false } } }

  func contains(_ isMeant: (Policy) -> Bool) -> Bool {
    guard case .set(let set) = self else { return false }
    return isMeant(set.policy) || set.branches.contains { $0.choice.contains(isMeant) }
  }

  /// Of all sets.
  var policies: [Policy] {
    guard case .set(let set) = self else { return [] }
    return [set.policy] + set.branches.flatMap(\.choice.policies)
  }
}

extension Pool {
  /// All of its members, in the order of the configuration; one endpoint's follow each other.
  package func members(_ settings: FailoverSettings) -> [Int] {
    candidates.flatMap { settings.endpoints[$0.endpoint].members }
  }

  /// Whether answers depend on the past.
  package var needsMemory: Bool { choice.needsMemory || allDown == .lastGood }
}
