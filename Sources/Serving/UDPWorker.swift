import Answering
import Memory
import Observing
import Sockets
import Wire

/// One thread that answers datagrams: its own socket on every served address, its own buffers.
///
/// `serve` is the whole path of a query: receive a batch, answer each datagram where it lies, send the
/// batch. Between `enter` and `leave` the worker may read what is published.
struct UDPWorker: Sendable {
  let index: Int
  let publication: Publication
  let counters: WorkerCounters
  let stop: Waker
  /// Nanoseconds for what the sockets hold at the end, so that a flood cannot keep the worker.
  let drain: UInt64
  let seed: UInt64
  /// How many there are.
  let workers: Int
  let signed: SignedRequests
  let turns: Turns

  /// Batches from one socket before the others get their turn.
  private static var turn: Int { 16 }

  /// Serves until `stop` is woken; what the sockets hold by then is still answered.
  func run(_ sockets: borrowing FixedArray<DatagramSocket>) throws(SystemError) {
    var readable = ReadableSet(count: sockets.count + 1)
    for i in 0..<sockets.count { readable.set(i, sockets[i].number) }
    readable.set(sockets.count, stop.descriptor)
    var batch = DatagramBatch()
    var responder = Responder(seed: seed, workers: workers, index: index)
    while !readable.isReady(sockets.count) {
      turns.count(worker: index)
      try readable.wait(milliseconds: turns.within)
      for i in 0..<sockets.count where readable.isReady(i) { _ = serve(sockets[i], &batch, &responder) }
    }
    let deadline = Clock.monotonic() + drain
    for i in 0..<sockets.count {
      while serve(sockets[i], &batch, &responder), Clock.monotonic() < deadline {}
    }
  }

  /// Answers what one socket holds, but at most a turn. A function of its own also in the machine code: here
  /// begins what .ci/check-hot-path walks.
  ///
  /// - Returns: whether it may hold more.
  @inline(never) private func serve(
    _ socket: borrowing DatagramSocket, _ batch: inout DatagramBatch, _ responder: inout Responder
  ) -> Bool {
    for _ in 0..<Self.turn {
      guard case .done(let count) = batch.receive(from: socket), count > 0 else { return false }
      counters.add(UInt64(count), to: .queries(.udp, isIPv6: socket.isIPv6), worker: index)
      let context = RequestContext(transport: .udp, time: .now)
      publication.epochs.enter(index)
      answer(count, socket, &batch, &responder, context, over: publication.generation.current)
      publication.epochs.leave(index)
      let refused = batch.send(over: socket)
      if refused > 0 { counters.add(UInt64(refused), to: .droppedUnsent, worker: index) }
      if count < DatagramBatch.capacity { return false }
    }
    return true
  }

  @inline(__always) private func answer(
    _ count: Int, _ socket: borrowing DatagramSocket, _ batch: inout DatagramBatch, _ responder: inout Responder,
    _ context: RequestContext, over generation: borrowing Generation
  ) {
    let isIPv6 = socket.isIPv6
    responder.context = context
    let reads = generation.zones.hasLargeZone
    if reads { read(count, &batch, &responder, generation) }
    for i in 0..<count {
      var length = 0
      if let fault = batch.fault(i) {
        countFault(fault)
      } else {
        responder.context.client = batch.client(i, isIPv6: isIPv6)
        let received = batch.length(i)
        var message = Message(batch.buffer(i), length: received)
        let reply =
          reads
          ? responder.respond(to: &message, from: i, over: generation)
          : responder.respond(to: &message, over: generation)
        counters.count(reply, type: responder.questionType, worker: index)
        if reply.isSent {
          length = message.length
        } else if reply.isHandedOver, !handOver(i, isIPv6: isIPv6, batch, socket) {
          length = refuse(i, received, &batch, &responder, generation)
        }
      }
      batch.reply(i, length: length)
    }
  }

  /// Nobody has room for a signed request.
  ///
  /// - Returns: octets of the answer; 0: none.
  @inline(never) private func refuse(
    _ i: Int, _ length: Int, _ batch: inout DatagramBatch, _ responder: inout Responder,
    _ generation: borrowing Generation
  ) -> Int {
    var message = Message(batch.buffer(i), length: length)
    let reply = responder.refuseHandedOver(&message, over: generation)
    counters.count(reply, type: responder.questionType, worker: index)
    return reply.isSent ? message.length : 0
  }

  /// Reads the whole batch, so that what the answers need is fetched from memory while the others are read.
  private func read(
    _ count: Int, _ batch: inout DatagramBatch, _ responder: inout Responder, _ generation: borrowing Generation
  ) {
    for i in 0..<count {
      let length = batch.length(i)
      responder.read(Message(batch.buffer(i), length: length), into: i, generation)
    }
    responder.fetch(count, generation)
  }

  private func countFault(_ fault: DatagramBatch.Fault) {
    switch fault {
    case .cut: counters.add(to: .droppedMalformed, worker: index)
    case .portZero: counters.add(to: .droppedPortZero, worker: index)
    }
  }
}

extension RequestTime {
  static var now: RequestTime {
    RequestTime(wall: Clock.seconds(), monotonic: Clock.monotonic())
  }
}
