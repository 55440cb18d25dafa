import Answering
import Assembly
import Failover
import Logging
import Memory
import Probing
import Sockets
import Synchronization

/// The brain's thread: the prober's loop, and the only writer of health, pool slots and generations.
///
/// One turn: wait for probes → observe what they say → decide the pools that this touches → publish
/// their blocks → let go of what was replaced. Orders from other threads come through a mailbox
/// between turns, so that no verdict falls between two generations.
final class HealthLoop: Sendable {
  enum Order: Sendable {
    case adopt(Assembled)
    case stop
  }

  private let logger: Logger
  private let loader: Loader
  private let orders = Mutex<[Order]>([])
  private let waker: Waker
  /// Taken by the loop when it starts, so that it goes with its generation.
  private let first: Mutex<Assembled?>

  init(_ assembled: Assembled, _ loader: Loader, _ logger: Logger) throws(SystemError) {
    first = Mutex(assembled)
    self.loader = loader
    self.logger = logger
    waker = try Waker()
  }

  /// From any thread.
  func post(_ order: Order) {
    orders.withLock { $0.append(order) }
    waker.wake()
  }

  /// - Parameters:
  ///   - readers: of the publication.
  ///   - decided: called on the loop's thread when the first answers are there.
  ///   - failed: called when the loop cannot go on.
  func start(
    readers: Int, decided: @escaping @Sendable (Publication) -> Void, failed: @escaping @Sendable (SystemError) -> Void
  ) -> Thread? {
    Thread.start("brain") { [self] in
      do throws(SystemError) {
        try run(readers, decided)
      } catch { failed(error) }
    }
  }

  private func run(_ readers: Int, _ decided: (Publication) -> Void) throws(SystemError) {
    var prober = try Prober(seed: Entropy.number(), waker: waker)
    guard let assembled = first.withLock({ $0.take() }) else { return }
    var views = Views(assembled, now: .now)
    prober.replaceProbes(views.specifications, now: .now)
    while !views.isReady(at: .now) {
      try turn(&prober, &views)
      for case .stop in orders.withLock({ $0 }) { return }
    }
    let publication = Publication(views.settle(logger, at: .now), readers: readers)
    decided(publication)
    try serve(publication, &prober, &views)
  }

  private func serve(
    _ publication: Publication, _ prober: inout Prober, _ views: inout Views
  ) throws(SystemError) {
    var retirement = Retirement(publication.epochs)
    while true {
      for order in orders.withLock({ orders in
        defer { orders = [] }
        return orders
      }) {
        switch order {
        case .stop: return
        case .adopt(let assembled):
          views.prepare(assembled, now: .now)
          prober.replaceProbes(views.specifications, now: .now)
        }
      }
      if views.hasSuccessor, views.isReady(at: .now) {
        retirement.retire(publication.generation.exchange(Shared(views.succeed(logger, at: .now))))
        prober.replaceProbes(views.specifications, now: .now)
        logger.notice("reloaded")
      }
      try turn(&prober, &views, isRetiring: !retirement.isEmpty)
      publish(views.evaluate(logger, at: .now).changes, views.active.plan, publication, &retirement)
      let free = retirement.collect()
      if !free.isEmpty { loader.release(free) }
    }
  }

  /// How soon what is retired is looked at again.
  private static var retirementInterval: Duration { .milliseconds(20) }

  private func turn(_ prober: inout Prober, _ views: inout Views, isRetiring: Bool = false) throws(SystemError) {
    var deadline = views.deadline
    if isRetiring { deadline = min(deadline ?? .now + .seconds(1), .now + Self.retirementInterval) }
    try prober.turn(until: deadline) { probe, outcome, now, _ in
      views.observe(probe, outcome, at: now, logger)
    }
  }

  /// Exchanges the blocks of the pools that changed, and nothing else.
  private func publish(
    _ changes: [PoolChange], _ plan: HealthPlan, _ publication: Publication, _ retirement: inout Retirement
  ) {
    for change in changes {
      let block = plan.block(change.pool, change.after)
      retirement.retire(publication.generation.current.pools[change.pool].block.exchange(Shared(block)))
    }
  }
}
