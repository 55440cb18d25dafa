import Answering
import Memory
import Observing
import Sockets
import Wire

// MARK: - Signed requests, which another thread answers

extension TCPWorker {
  /// Leaves the request to who verifies it; the connection's further queries wait for the answer.
  ///
  /// - Returns: octets of an answer that is written at once, since nobody has room for the request; 0: none.
  mutating func handOver(_ slot: Int, from start: Int, length: Int, to written: Int) -> Int? {
    let request = SignedRequest(
      octets: Array(copying: input.bytes, start..<start + length), client: table.slots[slot].client,
      wayBack: .stream(token(slot), lateAnswers))
    if signed.post(request) {
      table.slots[slot].isWaiting = true
      return 0
    }
    return Self.refuse(length, &output, written, &responder, publication.generation.current, counters, index)
  }

  /// The responder still knows what it was asked.
  private static func refuse(
    _ length: Int, _ output: inout Slab<UInt8>, _ written: Int, _ responder: inout Responder,
    _ generation: borrowing Generation, _ counters: WorkerCounters, _ index: Int
  ) -> Int {
    var message = Message(output.mutableBytes(at: written + 2, count: outputSize - written - 2), length: length)
    let reply = responder.refuseHandedOver(&message, over: generation)
    let answered = message.length
    counters.count(reply, type: responder.questionType, worker: index)
    guard reply.isSent else { return 0 }
    var prefix = output.mutableBytes(at: written, count: 2)
    prefix.put(UInt16(answered), at: 0)
    return 2 + answered
  }

  /// The poller tells only of the connection's end.
  mutating func rest(_ slot: Int) { tell(slot, []) }

  /// Sends what another thread has answered, and goes on with the connection; nil closes it.
  mutating func deliver(_ octets: [UInt8]?, to token: UInt64) {
    let slot = Int(token & 0xFFFF_FFFF)
    guard slot < table.slots.count, table.slots[slot].socket != nil, self.token(slot) == token,
      table.slots[slot].isWaiting
    else { return }
    table.slots[slot].isWaiting = false
    table.slots[slot].isWriting = false
    guard let octets, octets.count <= 65535 else { return close(slot, .tcpClosedForCause) }
    table.touch(slot, now: Clock.monotonic())
    tell(slot, .read)
    guard table.slots[slot].socket != nil else { return }
    var frame = output.mutableBytes(at: 0, count: 2 + octets.count)
    frame.put(UInt16(octets.count), at: 0)
    frame.copy(octets.rawBytes, from: 0, count: octets.count, at: 2)
    // What the client has not taken of the answers before it goes first.
    guard table.slots[slot].unsent.isEmpty else {
      _ = hold(slot, from: 0, to: 2 + octets.count)
      return
    }
    guard send(slot, 2 + octets.count) else { return }
    resume(slot)
  }
}
