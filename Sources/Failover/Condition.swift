/// When a member counts as up: an expression over probes.
package indirect enum Condition: Hashable, Sendable {
  case probe(Int)
  /// All must hold; none: it does.
  case all([Condition])
  /// Those that hold weigh at least so much together (Route 53's CALCULATED, with weights of 1).
  case atLeast(Int, of: [Weighted])
  /// Inverted.
  case not(Condition)
  /// Disabled: always so.
  case fixed(Bool)
  /// What the operator says of the check of this name; up until told otherwise.
  case manual(String)

  package struct Weighted: Hashable, Sendable {
    package var weight: Int
    package var condition: Condition

    package init(weight: Int, _ condition: Condition) {
      self.weight = weight
      self.condition = condition
    }
  }

  /// The probes that it asks, each as often as it does.
  package var probes: [Int] {
    switch self {
    case .probe(let probe): [probe]
    case .all(let parts): parts.flatMap(\.probes)
    case .atLeast(_, let parts): parts.flatMap(\.condition.probes)
    case .not(let part): part.probes
    case .fixed, .manual: []
    }
  }

  /// The manual checks that it asks, each as often as it does.
  package var manualChecks: [String] {
    switch self {
    case .manual(let name): [name]
    case .all(let parts): parts.flatMap(\.manualChecks)
    case .atLeast(_, let parts): parts.flatMap(\.condition.manualChecks)
    case .not(let part): part.manualChecks
    case .probe, .fixed: []
    }
  }
}
