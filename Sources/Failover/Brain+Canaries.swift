/// Whether the prober reaches anything at all, and the verdicts that wait for evidence that it does.
struct Watch: Sendable {
  let canaries: Canaries
  private let isCanary: [Bool]
  /// Every canary has had a result, and too few of them answer.
  var isCutOff = false
  /// Probes that waited for evidence, in the order in which they began to; some may not any more.
  private var order: [Int] = []
  private var isWaiting: [Bool]
  private var waiting = 0

  init(_ canaries: Canaries, of probes: Int) {
    self.canaries = canaries
    isWaiting = Array(repeating: false, count: probes)
    var isCanary = isWaiting
    for probe in canaries.probes { isCanary[probe] = true }
    self.isCanary = isCanary
  }

  var hasPending: Bool { waiting > 0 }

  mutating func wait(_ probe: Int) {
    if isWaiting[probe] { return }
    isWaiting[probe] = true
    waiting += 1
    order.append(probe)
  }

  mutating func release(_ probe: Int) {
    guard isWaiting[probe] else { return }
    isWaiting[probe] = false
    waiting -= 1
    if waiting == 0 { order = [] }
  }

  /// Probes that want to go down, in the order in which they did; none of them waits any more.
  mutating func takePending() -> [Int] {
    let pending = order.filter { isWaiting[$0] }
    for probe in pending { release(probe) }
    return pending
  }

  func isCanary(_ probe: Int) -> Bool { isCanary[probe] }

  /// Nobody vouches for a canary.
  func guards(_ probe: Int) -> Bool { !isCanary[probe] }
}

/// A turn to down needs evidence that the prober itself is not cut off: so many canaries have answered since the
/// first failure that speaks for the turn, or, of a first result, answer at all.
///
///     canaries                          a target that wants to go down
///     -------------------------------   ------------------------------------------------------------
///     enough have answered since        goes down
///     enough answer, not all since      waits for their next results
///     too few answer: cut off           stays as it is
///     enough answer again               begins to count anew
///     none of this for `longest`        goes down: failover must not depend on canaries for ever
extension Brain {
  /// Takes the probe down if it wants to, and may.
  mutating func judge(_ probe: Int, at now: Instant) -> Transition? {
    guard let canaries = watch?.canaries, watch?.guards(probe) ?? false else { return nil }
    guard health[probe].wantsToFall(settings.probes[probe]) else {
      watch?.release(probe)
      return nil
    }
    guard isEvident(probe, canaries) || patience(probe).map({ $0 <= now }) ?? false else {
      watch?.wait(probe)
      return nil
    }
    watch?.release(probe)
    return health[probe].fall(settings.probes[probe], at: now)
  }

  private func isEvident(_ probe: Int, _ canaries: Canaries) -> Bool {
    if watch?.isCutOff ?? false { return false }
    let isFirst = health[probe].verdict == .unknown
    let since = health[probe].runSince
    let witnesses = canaries.probes.count { canary in
      guard let success = health[canary].lastSuccess else { return false }
      return isFirst ? health[canary].answers : since.map { success >= $0 } ?? true
    }
    return witnesses >= canaries.needed
  }

  /// When the probe goes down whatever the canaries say; nil: it does not want to.
  func patience(_ probe: Int) -> Instant? {
    guard let watch, watch.guards(probe), health[probe].wantsToFall(settings.probes[probe]) else { return nil }
    return health[probe].runSince.map { $0 + watch.canaries.longest }
  }

  /// Whether the checks would have it down, were the prober sure of itself.
  func isPending(_ probe: Int) -> Bool {
    guard let watch, watch.hasPending, watch.guards(probe) else { return false }
    return health[probe].wantsToFall(settings.probes[probe])
  }

  mutating func canarySpoke(at now: Instant) {
    guard let canaries = watch?.canaries, let wasCutOff = watch?.isCutOff else { return }
    let isCutOff =
      !canaries.probes.contains { health[$0].lastResult == nil }
      && canaries.probes.count { health[$0].answers } < canaries.needed
    watch?.isCutOff = isCutOff
    if isCutOff != wasCutOff { notices.append(isCutOff ? .cutOff : .reachable) }
    if wasCutOff, !isCutOff { return countAnew() }
    for probe in watch?.takePending() ?? [] {
      let penalty = health[probe].flaps.penalty
      guard let transition = judge(probe, at: now) else { continue }
      turns.append(ProbeTurn(probe: probe, transition: transition))
      turned(probe, transition, penalty)
      plan(probe)
    }
  }

  /// What failed while the prober was cut off says nothing.
  private mutating func countAnew() {
    _ = watch?.takePending()
    for probe in health.indices where health[probe].run > 0 && health[probe].verdict != .down {
      health[probe].forget()
      plan(probe)
      for pool in dependents.pools(ofProbe: probe) { touch(pool) }
    }
  }
}
