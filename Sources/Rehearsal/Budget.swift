package import Failover

/// How long a failure can last for a resolver that honours TTLs, from a pool's settings alone: pure.
///
/// What fails is one site: from one moment on, all probes of its endpoint meet the dead, and somebody else of the
/// pool is well.
package struct Budget: Hashable, Sendable {
  /// From the failure until the verdict, at worst; nil: that of some endpoint is never noticed, or changes nothing.
  package let detection: Duration?
  /// The same of those endpoints whose failure is noticed; nil: there are none.
  let noticed: Duration?
  /// The same of a failure that only some of a member's checks see; nil: it takes no longer than a whole site's.
  package let partial: Duration?
  /// Endpoints whose failure no check turns into a verdict.
  let unchecked: [String]
  /// Endpoints that are answered all the same when they fail, though others are well: without them the pool opens.
  let kept: [String]
  /// From the verdict until every answer shows it: a bound.
  package let publication = Simulation.publication
  /// The largest TTL of an answer given just before.
  package let cache: Duration
  /// Seconds: the smallest and the largest TTL that the healthy pool hands out.
  package let healthyTTL: ClosedRange<Int>

  package var total: Duration? { detection.map { $0 + publication + cache } }
  /// Of a failure that only some of a member's checks see.
  var partialTotal: Duration? { partial.map { $0 + publication + cache } }

  /// - Parameter pool: index of the settings' pools; nobody in it is forced, held or damped.
  package init(_ settings: FailoverSettings, pool index: Int) {
    let pool = settings.pools[index]
    let bound = DetectionBound(settings, pool)
    let endpoints = pool.candidates.map { settings.endpoints[$0.endpoint] }
    let times = endpoints.map { bound.withdrawal(of: $0) }
    unchecked = zip(endpoints, times).filter { $1 == nil }.map(\.0.name)
    kept = settings.kept(inPool: index).map { endpoints[$0].name }
    let noticed = times.compactMap(\.self).max()
    self.noticed = noticed
    detection = unchecked.isEmpty && kept.isEmpty ? noticed : nil
    partial = endpoints.flatMap(\.members).compactMap { bound.slowest(of: $0) }.max().flatMap {
      $0 > noticed ?? .zero ? $0 : nil
    }
    // An adaptive answer lives until the earliest moment at which it could change, which is no later than the
    // moment at which it does; only the lower limit can outlast that.
    cache = .seconds(pool.ttl.minimum == pool.ttl.maximum ? pool.ttl.maximum : pool.ttl.minimum)
    healthyTTL = settings.steadyTTL(pool: index)
  }
}
