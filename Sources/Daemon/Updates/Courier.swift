import Assembly
import Configuration
import Control
import Logging
import Memory
import Sockets
import Synchronization
import Updating
import Wire

/// The thread that passes accepted updates on to the peers, signed, and comes back to those who are away.
final class Courier: Sendable {
  private let store: UpdateStore
  private let logger: Logger
  private let routes = Mutex<[Route]>([])
  private let bell = Mailbox<Bool>(capacity: 1)

  /// A peer, and how it stands with it.
  private struct Route: Sendable {
    let peer: Configuration.Peer
    let key: SignatureKey
    /// In a row.
    var failures = 0
    /// Nanoseconds, monotonic.
    var notBefore: UInt64 = 0
    /// Since the start. Nanoseconds since 1970 UTC.
    var allFailures: UInt64 = 0
    var lastFailure: (time: UInt64, reason: String)?
    var lastSuccess: UInt64?

    /// 1 s after the first failure, then twice as long each time, at most a minute.
    mutating func failed(_ reason: String, at now: UInt64) {
      failures += 1
      allFailures += 1
      lastFailure = (Clock.wall(), reason)
      notBefore = now + min(60, 1 << min(failures - 1, 6)) * 1_000_000_000
    }
  }

  /// Nanoseconds for one message and its reply.
  private static var timeout: UInt64 { 3_000_000_000 }
  /// Octets of one update before it is signed.
  private static var largest: Int { 16_000 }
  private static var rest: Duration { .seconds(1) }

  init(_ store: UpdateStore, _ logger: Logger) {
    self.store = store
    self.logger = logger
  }

  /// Peers from now on; what waits for a peer that is gone waits until it is back in the configuration.
  func set(_ assembled: Assembled) {
    routes.withLock { routes in
      routes = assembled.configuration.peers.compactMap { peer in
        guard let key = assembled.keys[peer.key] else { return nil }
        return routes.first {
          $0.peer.name.value == peer.name.value && $0.peer.address == peer.address && $0.key == key
        }
          ?? Route(peer: peer, key: key)
      }
    }
    ring()
  }

  /// There may be something to take along.
  func ring() { _ = bell.post(true) }

  func stop() { bell.close() }

  func start() -> Thread? {
    Thread.start("courier") { [self] in
      var isWaiting = true
      while bell.take(within: isWaiting ? Self.rest : .seconds(3600)) != nil { isWaiting = round() }
    }
  }

  /// Visits each peer that something waits for, first those who were there the last time.
  ///
  /// - Returns: whether something still waits.
  private func round() -> Bool {
    var isWaiting = false
    for route in routes.withLock({ $0 }).sorted(by: { $0.failures < $1.failures }) {
      let name = route.peer.name.value
      if store.outbox(of: name).isEmpty { continue }
      if Clock.monotonic() >= route.notBefore { deliver(route) }
      if !store.outbox(of: name).isEmpty { isWaiting = true }
    }
    return isWaiting
  }

  private func deliver(_ route: Route) {
    let name = route.peer.name.value
    var delivered = 0
    while let batch = next(for: name) {
      if let trouble = send(batch, route) {
        return note(route, trouble, waiting: store.outbox(of: name).count)
      }
      change(route) { $0.lastSuccess = Clock.wall() }
      delivered += batch.count
      guard acknowledge(batch, name) else { return }
    }
    if route.failures > 0 {
      logger.notice("peer \(name) is back and has got the \(delivered) changes that waited for it")
    } else {
      logger.info("peer \(name) has got \(delivered) changes")
    }
    change(route) { $0.failures = 0 }
  }

  private func next(for peer: String) -> Outbox.Batch? {
    let kept = store.snapshot
    return kept.outboxes[peer]?.next(upTo: Self.largest, identifier: Entropy.identifier()) { kept.overlays[$0]?.serial }
  }

  /// - Returns: why the peer has not got it; nil: it has.
  private func send(_ batch: Outbox.Batch, _ route: Route) -> String? {
    guard let request = route.key.sign(request: batch.message, time: Clock.wall() / 1_000_000_000) else {
      return "the message cannot be signed"
    }
    let reply: [UInt8]
    do throws(ExchangeError) {
      reply = try Exchange(with: route.peer.address, timeout: Self.timeout).stream(request.octets)
    } catch { return "\(error)" }
    do throws(ReplyFault) {
      let message = try route.key.verify(reply: reply, to: request, now: Clock.wall() / 1_000_000_000)
      let code = ResponseCode(rawValue: UInt16(message[3] & 0xF))
      return code == .noError ? nil : "it answers \(code): compare its keys, zones and update rules with ours"
    } catch { return "\(error)" }
  }

  private func acknowledge(_ batch: Outbox.Batch, _ peer: String) -> Bool {
    do throws(FileError) {
      try store.change { $0.outboxes[peer]?.acknowledge(batch) }
      return true
    } catch {
      // It gets the same once more, which changes nothing.
      logger.error("what peer \(peer) has got cannot be noted on disk: \(error)")
      return false
    }
  }

  private func note(_ route: Route, _ trouble: String, waiting: Int) {
    // Once when it begins, then about every quarter of an hour.
    if route.failures % 16 == 0 {
      logger.warning(
        "peer \(route.peer.name.value) has not got the latest updates: \(trouble); \(waiting) changes wait")
    }
    change(route) { $0.failed(trouble, at: Clock.monotonic()) }
  }

  private func change(_ route: Route, _ body: (inout Route) -> Void) {
    routes.withLock { routes in
      guard let i = routes.firstIndex(where: { $0.peer.name.value == route.peer.name.value }) else { return }
      body(&routes[i])
    }
  }
}

extension Courier {
  /// How it stands with each peer; nobody is waited for.
  var standings: [StatusReport.Peer] {
    routes.withLock { $0 }.map { route in
      let outbox = store.outbox(of: route.peer.name.value)
      var peer = StatusReport.Peer(name: route.peer.name.value, address: "\(route.peer.address)")
      peer.waiting = outbox.count
      peer.waitingSince = outbox.oldest.map { Int64(clamping: $0) }
      peer.lastSuccess = route.lastSuccess.map { Int64(clamping: $0) }
      peer.lastFailure = route.lastFailure.map { Int64(clamping: $0.time) }
      peer.lastError = route.lastFailure?.reason
      peer.failures = route.allFailures
      peer.isFailing = route.failures > 0
      return peer
    }
  }
}
