import Answering
import Assembly
import Failover
import Logging
import Memory
import Probing
import Sockets
import Synchronization
import Wire

/// The brain's thread: the prober's loop, and the only writer of health, pool slots and generations.
///
/// One turn: wait for probes → observe what they say → decide the pools that this touches → publish
/// their blocks → let go of what was replaced. Orders from other threads come through a mailbox
/// between turns, so that no verdict falls between two generations.
final class HealthLoop: Sendable {
  enum Order: Sendable {
    /// - Parameter adopted: called when it answers.
    case adopt(Assembled, adopted: @Sendable () -> Void)
    /// The same configuration with a zone that an update has changed; nobody may be reloading meanwhile.
    case replaceZones(Assembled, done: @Sendable () -> Void)
    /// Gives away what is believed: whoever takes it looks at it on a thread of their own.
    case look(@Sendable (View, Moment) -> Void)
    /// The same, with the class that each table of clients gives the address.
    case explain(IPAddress?, @Sendable (View, Moment, [Int: Int]) -> Void)
    /// An operator's order; `done` gets what it concerns, when its answers are published.
    case give(Failover.Order, done: @Sendable ([String], View, Moment) -> Void)
    case stop
  }

  private let witness: Witness
  private let pulse: Pulse
  private var logger: Logger { witness.logger }
  private let loader: Loader
  private let orders = Mutex<[Order]>([])
  private let waker: Waker
  /// Taken by the loop when it starts, so that it goes with its generation.
  private let first: Mutex<Assembled?>

  init(_ assembled: Assembled, _ loader: Loader, _ witness: Witness, _ pulse: Pulse) throws(SystemError) {
    first = Mutex(assembled)
    self.loader = loader
    self.witness = witness
    self.pulse = pulse
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
    guard var views = firstViews(readers) else { return }
    // First of all: only behind a snapshot can verdicts and orders be kept.
    witness.keeper?.tick(views.active, at: .now)
    prober.replaceProbes(views.specifications, now: .now)
    while !views.isReady(at: .now) {
      try turn(&prober, &views)
      if takeEarlyOrders(views) {
        witness.keeper?.finish(views.active)
        return
      }
    }
    let publication = Publication(views.settle(at: .now), readers: readers)
    pulse.decided()
    decided(publication)
    try serve(publication, &prober, &views)
  }

  /// By itself, so that nothing here holds the first assembly, with its zones, for as long as the loop runs.
  private func firstViews(_ readers: Int) -> Views? {
    first.withLock { $0.take() }.map { Views($0, now: .now, witness: witness, readers: readers) }
  }

  /// Before the first answers are decided: all but a look and the end has to wait.
  ///
  /// - Returns: whether it is time to stop.
  private func takeEarlyOrders(_ views: Views) -> Bool {
    orders.withLock { orders in
      orders.removeAll { order in
        switch order {
        case .look(let look): look(views.active, .now)
        case .explain(_, let look): look(views.active, .now, [:])
        case .adopt, .replaceZones, .give, .stop: return false
        }
        return true
      }
      return orders.contains { if case .stop = $0 { true } else { false } }
    }
  }

  private func serve(
    _ publication: Publication, _ prober: inout Prober, _ views: inout Views
  ) throws(SystemError) {
    var retirement = Retirement(publication.epochs)
    var adopted: [@Sendable () -> Void] = []
    while true {
      var given: [(View, Moment) -> Void] = []
      for order in orders.withLock({ orders in
        defer { orders = [] }
        return orders
      }) {
        switch order {
        case .stop:
          witness.keeper?.finish(views.active)
          return
        case .adopt(let assembled, let done):
          views.prepare(assembled, now: .now)
          prober.replaceProbes(views.specifications, now: .now)
          adopted.append(done)
        case .replaceZones(let assembled, let done):
          retirement.retire(
            publication.generation.exchange(
              Shared(views.replaceZones(assembled, publication.generation.current))))
          done()
        case .look(let look): look(views.active.counting(publication.generation.current), .now)
        case .explain(let client, let look):
          look(views.active, .now, HealthLoop.classes(of: client, publication.generation.current))
        case .give(let order, let done):
          let subjects = views.give(order, at: .now)
          given.append { done(subjects, $0, $1) }
        }
      }
      if !given.isEmpty {
        decide(&views, publication, &retirement)
        for done in given { done(views.active, .now) }
      }
      if views.hasSuccessor, views.isReady(at: .now) {
        retirement.retire(
          publication.generation.exchange(Shared(views.succeed(at: .now, publication.generation.current))))
        prober.replaceProbes(views.specifications, now: .now)
        logger.notice("reloaded")
        for done in adopted { done() }
        adopted = []
      }
      try turn(&prober, &views, isRetiring: !retirement.isEmpty)
      decide(&views, publication, &retirement)
      witness.keeper?.tick(views.active, at: .now)
      let free = retirement.collect()
      if !free.isEmpty { loader.release(free) }
    }
  }

  private static func classes(of client: IPAddress?, _ generation: borrowing Generation) -> [Int: Int] {
    guard let client else { return [:] }
    var classes: [Int: Int] = [:]
    for table in 0..<generation.clients.count {
      classes[table] = generation.clients[table].value.find(client).classIndex
    }
    return classes
  }

  /// How soon what is retired is looked at again.
  private static var retirementInterval: Duration { .milliseconds(20) }

  private func turn(_ prober: inout Prober, _ views: inout Views, isRetiring: Bool = false) throws(SystemError) {
    let latest = Instant.now + (isRetiring ? Self.retirementInterval : pulse.heartbeat)
    try prober.turn(until: min(views.wakeAt ?? latest, latest)) { probe, outcome, now, next in
      pulse.probed(outcome)
      views.observe(probe, outcome, at: now, next: next)
    }
    views.setPaces(of: &prober, now: .now)
    pulse.turned(lag: prober.lag)
  }

  private func decide(_ views: inout Views, _ publication: Publication, _ retirement: inout Retirement) {
    let now = Moment.now
    let turned = views.turned ?? now.instant
    let evaluation = views.evaluate(at: now)
    let expiries = publish(evaluation, views.active, publication, &retirement)
    if !expiries.isEmpty { pulse.published(expiries.count, since: turned, at: .now) }
    views.tell(evaluation, expiries)
  }

  /// Exchanges the blocks of the pools that changed, then the deadlines that moved, and nothing else.
  ///
  /// - Returns: by change, when the last answer given before expires, in nanoseconds since boot; nil: none was.
  private func publish(
    _ evaluation: Evaluation, _ view: View, _ publication: Publication, _ retirement: inout Retirement
  ) -> [UInt64?] {
    var expiries: [UInt64?] = []
    for change in evaluation.changes {
      let block = view.plan.block(change.pool, change.after)
      let lastExpiry = publication.generation.current.pools[change.pool].block.current.lastExpiry
      retirement.retire(publication.generation.current.pools[change.pool].block.exchange(Shared(block)))
      publication.generation.current.pools[change.pool].set(view.brain.deadlines[change.pool])
      expiries.append(lastExpiry)
    }
    for pool in evaluation.moved { publication.generation.current.pools[pool].set(view.brain.deadlines[pool]) }
    return expiries
  }
}
