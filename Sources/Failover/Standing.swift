/// What a pool has to know of one of its members at a moment.
package struct Standing: Hashable, Sendable {
  /// What counts.
  package var isUp: Bool
  /// What the checks say, whatever an operator or a limit makes of it.
  package var real: Verdict
  /// Index into the brain's overrides of the one that decides; nil: none does.
  package var override: Int?
  /// Down by its checks, kept in service by the blast radius or because the prober is cut off.
  package var isHeldUp = false
  /// Up, with a concern such as a certificate that ends soon.
  package var isDegraded = false
  /// The earliest at which `isUp` can turn by itself; nil: not before somebody's order.
  package var mayTurn: Instant?
  /// Smoothed, of its slowest probe; nil: unknown.
  package var latency: Duration?

  package init(isUp: Bool, real: Verdict, mayTurn: Instant? = nil) {
    self.isUp = isUp
    self.real = real
    self.mayTurn = mayTurn
  }
}
