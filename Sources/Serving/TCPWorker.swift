import Answering
import Memory
import Observing
import Sockets
import Wire

/// One thread that answers over TCP (RFC 7766), so that no connection delays a datagram.
///
/// Queries are read into one buffer and answered into another, both the worker's; a connection owns
/// memory only for what is left over when its turn ends: an unfinished query, or answers that it does
/// not take. As long as it has such answers it is not read from.
struct TCPWorker: ~Copyable {
  let index: Int
  let publication: Publication
  let counters: WorkerCounters
  let limits: TCPLimits
  let signed: SignedRequests
  let turns: Turns
  /// To signed requests.
  let lateAnswers: LateAnswers
  /// Called with each transfer that has ended.
  let transferred: @Sendable (TransferReport) -> Void
  let poller: Poller
  var table: ConnectionTable
  /// Transfers under way.
  var transfers = 0
  var responder: Responder
  /// Received octets: room for one whole framed query of any size.
  var input = Slab<UInt8>(count: inputSize)
  /// Framed answers.
  var output = Slab<UInt8>(count: outputSize)
  /// Accepting pauses until this time, after the process had no descriptor left.
  private var acceptAgain: UInt64?
  /// Stopping: a connection goes when it has its answers.
  private(set) var isDraining = false

  static var largestFrame: Int { 2 + 65535 }
  static var inputSize: Int { largestFrame }
  /// Answers go out when this many octets are gathered; there is room for one more of any size.
  static var outputMark: Int { 65536 }
  static var outputSize: Int { outputMark + largestFrame + 64 }

  private static var stopToken: UInt64 { .max }
  private static var lateToken: UInt64 { .max - 1 }
  private static var listenerTokens: UInt64 { 1 << 63 }

  init(
    index: Int, publication: Publication, counters: WorkerCounters, limits: TCPLimits, seed: UInt64,
    signed: SignedRequests, turns: Turns, transferred: @escaping @Sendable (TransferReport) -> Void
  ) throws(SystemError) {
    let poller = try Poller()
    lateAnswers = try LateAnswers()
    self.signed = signed
    self.turns = turns
    self.index = index
    self.publication = publication
    self.counters = counters
    self.limits = limits
    self.transferred = transferred
    self.poller = poller
    table = ConnectionTable(capacity: limits.connections)
    responder = Responder(seed: seed, index: index)
  }

  /// Serves until `stop` is woken, then gives the answers under way until `drain` (nanoseconds) has passed.
  mutating func run(_ listeners: borrowing FixedArray<ListeningSocket>, stop: Waker, drain: UInt64) throws(SystemError)
  {
    try listen(listeners)
    try poller.add(stop.descriptor, .read, token: Self.stopToken)
    try poller.add(lateAnswers.waker.descriptor, .read, token: Self.lateToken)
    var deadline = UInt64.max
    var events: [Poller.Event] = []
    while !isDraining || (table.count > 0 && Clock.monotonic() < deadline) {
      turns.count(worker: index)
      events.removeAll(keepingCapacity: true)
      try poller.wait(milliseconds: wait(Clock.monotonic(), deadline)) { events.append($0) }
      for event in events {
        if event.token == Self.stopToken {
          deadline = Clock.monotonic() + drain
          startDraining(listeners, stop)
        } else if event.token == Self.lateToken {
          for late in lateAnswers.take() { deliver(late.octets, to: late.token) }
        } else if event.token & Self.listenerTokens != 0 {
          if !isDraining { accept(listeners[Int(event.token & ~Self.listenerTokens)], listeners) }
        } else {
          serve(event)
        }
      }
      let now = Clock.monotonic()
      closeIdle(before: now > limits.idle ? now - limits.idle : 0)
      followLimit()
      if let again = acceptAgain, now >= again {
        acceptAgain = nil
        try listen(listeners)
      }
    }
    abandonTransfers()
  }

  private func listen(_ listeners: borrowing FixedArray<ListeningSocket>) throws(SystemError) {
    for i in 0..<listeners.count {
      try poller.add(listeners[i].number, .read, token: Self.listenerTokens | UInt64(i))
    }
  }

  private func ignore(_ listeners: borrowing FixedArray<ListeningSocket>) {
    for i in 0..<listeners.count { poller.remove(listeners[i].number) }
  }

  /// Answers what has arrived, accepts nothing more, and keeps only who has answers to come.
  private mutating func startDraining(_ listeners: borrowing FixedArray<ListeningSocket>, _ stop: Waker) {
    poller.remove(stop.descriptor)
    for i in 0..<listeners.count { accept(listeners[i], listeners) }
    ignore(listeners)
    isDraining = true
    acceptAgain = nil
    for slot in 0..<table.slots.count where table.slots[slot].socket != nil && !table.slots[slot].isWriting {
      if !table.slots[slot].isWaiting { receive(slot) }
    }
  }

  /// Milliseconds until something must be done without an event, if only to show a turn; nil: nothing.
  private func wait(_ now: UInt64, _ deadline: UInt64) -> Int32? {
    var next = min(deadline, acceptAgain ?? .max)
    if table.oldest >= 0 { next = min(next, table.slots[table.oldest].lastActive + limits.idle) }
    if next == .max { return turns.within }
    return min(turns.within ?? .max, Int32(clamping: (max(next, now) - now) / 1_000_000 + 1))
  }

  /// The number of connections may have changed by a reload.
  private mutating func followLimit() {
    let limit = limits.connections
    if limit > table.capacity { table.grow(to: limit) }
    while table.count > limit { closeForRoom(table.oldest) }
  }

  private mutating func closeIdle(before time: UInt64) {
    while table.oldest >= 0, table.slots[table.oldest].lastActive < time {
      dismiss(table.oldest, .tcpClosedIdle, ifSilent: true)
    }
  }
}

// MARK: - Accepting

extension TCPWorker {
  private static var turn: Int { 64 }
  private static var pause: UInt64 { 100_000_000 }

  private mutating func accept(_ listener: borrowing ListeningSocket, _ all: borrowing FixedArray<ListeningSocket>) {
    let now = Clock.monotonic()
    for _ in 0..<Self.turn {
      switch listener.accept() {
      case .none: return
      // Trouble of the connection that was to be accepted (accept(2)): the next one may do better.
      case .failed(let error) where !error.isOurOwn: continue
      case .failed:
        // No descriptor left: make room for one, the rest can wait.
        if table.oldest >= 0 {
          closeForRoom(table.oldest)
        } else {
          ignore(all)
          acceptAgain = now + Self.pause
        }
        return
      case .connection(let socket, let peer):
        admit(socket, peer, now)
      }
    }
  }

  /// A new connection is never refused: the longest idle one of its network, or of all, makes room.
  private mutating func admit(_ socket: consuming StreamSocket, _ peer: SocketAddress, _ now: UInt64) {
    counters.add(to: .tcpAccepted, worker: index)
    if let own = table.oldest(of: IPPrefix.client(peer.address), atLeast: limits.share) {
      closeForRoom(own)
    } else if table.count >= min(limits.connections, table.capacity) {
      closeForRoom(table.oldest)
    }
    let slot = table.insert(socket, peer, now: now)
    // Its query is there as a rule (TCP_DEFER_ACCEPT), and needs no event.
    receive(slot)
    if table.slots[slot].socket != nil, !table.slots[slot].isWatched { tell(slot, .read) }
  }

  /// Has the poller tell what may be done with a connection, from now on.
  mutating func tell(_ slot: Int, _ interest: Interest) {
    let done: Void? =
      table.slots[slot].isWatched
      ? try? poller.change(number(slot), interest, token: token(slot))
      : try? poller.add(number(slot), interest, token: token(slot))
    if done == nil { return close(slot, .tcpClosedForCause) }
    table.slots[slot].isWatched = true
  }

  mutating func closeForRoom(_ slot: Int) { dismiss(slot, .tcpClosedForRoom, ifSilent: false) }

  mutating func close(_ slot: Int, _ reason: Counter) {
    counters.add(to: reason, worker: index)
    endTransfer(slot, TransferReport.Ending(reason))
    table.remove(slot)
  }

  func number(_ slot: Int) -> Int32 {
    switch table.slots[slot].socket {
    case .some(let socket): socket.number
    case .none: -1
    }
  }

  func token(_ slot: Int) -> UInt64 { UInt64(table.slots[slot].serial & 0x7FFF_FFFF) << 32 | UInt64(slot) }
}
