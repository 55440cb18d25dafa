import Answering
import Memory
import Observing
import Sockets
import Wire

// MARK: - One connection's turn

extension TCPWorker {
  /// Does what an event allows: first give what was not taken, then read and answer.
  mutating func serve(_ event: Poller.Event) {
    let slot = Int(event.token & 0xFFFF_FFFF)
    guard slot < table.slots.count, table.slots[slot].socket != nil, token(slot) == event.token else { return }
    if event.ready.contains(.failed) || event.ready.contains(.hungUp) {
      close(slot, .tcpClosedByPeer)
      return
    }
    attend(slot)
  }

  /// Sends, reads and answers what can be sent and read now.
  private mutating func attend(_ slot: Int) {
    if table.slots[slot].isWaiting { return }
    if table.slots[slot].isWriting {
      guard sendRest(slot) else { return }
      finishTransfer(slot)
      // One slice of a transfer is a turn: the others get theirs before the next.
      if table.slots[slot].transfer != nil { return continueTransfer(slot) }
      // Queries that waited for room are answered before more are read.
      watch(slot, .read)
      guard table.slots[slot].socket != nil, answer(slot, upTo: loadUnread(slot)) else { return }
    }
    receive(slot)
  }

  /// Answers the queries that waited, then reads on.
  mutating func resume(_ slot: Int) {
    if answer(slot, upTo: loadUnread(slot)) { receive(slot) }
  }

  /// Closes a connection that has been silent or must make room. What it has sent meanwhile is answered first,
  /// as nobody is to pay for a time in which this process stood still.
  ///
  /// - Parameter isSilent: whether it may stay if it has not been silent after all.
  mutating func dismiss(_ slot: Int, _ reason: Counter, ifSilent isSilent: Bool) {
    let lastActive = table.slots[slot].lastActive
    attend(slot)
    guard table.slots[slot].socket != nil else { return }
    if !isSilent || table.slots[slot].lastActive == lastActive { close(slot, reason) }
  }

  mutating func receive(_ slot: Int) {
    let kept = loadUnread(slot)
    switch read(slot, behind: kept) {
    case .wouldBlock: if isDraining { close(slot, .tcpClosedIdle) }
    case .failed: close(slot, .tcpClosedByPeer)
    // The client has finished sending: it goes when it has its answers.
    case .done(0):
      if answer(slot, upTo: kept) { close(slot, .tcpClosedByPeer) }
    case .done(let count):
      // When the input is full there may be more, which the poller will tell.
      let isAll = kept + count < Self.inputSize
      if answer(slot, upTo: kept + count), isDraining, isAll { close(slot, .tcpClosedIdle) }
    }
  }

  /// Copies what the connection kept to the front of the input; returns how much.
  private mutating func loadUnread(_ slot: Int) -> Int {
    let unread = table.slots[slot].unread
    if !unread.isEmpty { input.copy(unread.rawBytes) }
    return unread.count
  }

  private mutating func read(_ slot: Int, behind kept: Int) -> Transfer {
    let number = number(slot)
    var room = input.mutableBytes(at: kept, count: Self.inputSize - kept)
    return StreamSocket.read(number, into: &room)
  }

  /// Answers the whole queries that are there, sends, and keeps what is left over.
  ///
  /// - Parameter end: octets of the connection in the input.
  /// - Returns: whether the connection is open and has nothing left to be sent.
  private mutating func answer(_ slot: Int, upTo end: Int) -> Bool {
    var at = 0
    while true {
      var written = 0
      let before = at
      while written < Self.outputMark, table.slots[slot].transfer == nil, !table.slots[slot].isWaiting,
        let length = frame(at, end)
      {
        guard let octets = respond(slot, from: at + 2, length: length, to: written) else {
          // The queries before this one were good.
          if written > 0 { _ = send(slot, written) }
          if table.slots[slot].socket != nil { close(slot, .tcpClosedForCause) }
          return false
        }
        // What the client does not take is kept: never more than one answer of the largest size. An
        // answer that would make it more is made again when those before it are sent.
        if written > 0, written + octets > Self.largestFrame { break }
        written += octets
        at += 2 + length
      }
      if at > before { table.touch(slot, now: Clock.monotonic()) }
      if written == 0 { break }
      guard send(slot, written) else {
        keep(slot, from: at, to: end)
        if table.slots[slot].socket != nil, table.slots[slot].isWaiting { rest(slot) }
        return false
      }
    }
    keep(slot, from: at, to: end)
    if table.slots[slot].socket != nil, table.slots[slot].isWaiting {
      rest(slot)
      return false
    }
    guard table.slots[slot].transfer != nil else { return table.slots[slot].socket != nil }
    // What is small is done with at once; what is not, and the queries behind it, go on with later turns.
    watch(slot, .write)
    if table.slots[slot].socket != nil { continueTransfer(slot) }
    return false
  }

  /// The length of the query at `at`, if it is there whole.
  private func frame(_ at: Int, _ end: Int) -> Int? {
    guard end - at >= 2 else { return nil }
    let length = Int(input.bytes.uint16(at))
    return end - at - 2 >= length ? length : nil
  }

  /// Answers one query from the input behind the answers already in the output.
  ///
  /// - Returns: octets written, 0 for a query that gets no answer; nil when the client does not speak DNS.
  private mutating func respond(_ slot: Int, from start: Int, length: Int, to written: Int) -> Int? {
    counters.add(to: .queries(.tcp, isIPv6: table.slots[slot].client.isIPv6), worker: index)
    publication.epochs.enter(index)
    defer { publication.epochs.leave(index) }
    var context = RequestContext(transport: .tcp, client: table.slots[slot].client, time: .now)
    context.canTransfer = transfers < limits.transfers
    let octets = Self.respond(
      input, start, length, &output, written, &responder, context, publication.generation.current, counters, index,
      &table.slots[slot].transfer)
    if table.slots[slot].transfer != nil { transfers += 1 }
    guard octets == Self.handedOver else { return octets }
    return handOver(slot, from: start, length: length, to: written)
  }

  /// Stands for a request that is left to who verifies it.
  private static var handedOver: Int { -1 }

  private static func respond(
    _ input: borrowing Slab<UInt8>, _ start: Int, _ length: Int, _ output: inout Slab<UInt8>, _ written: Int,
    _ responder: inout Responder, _ context: RequestContext, _ generation: borrowing Generation,
    _ counters: WorkerCounters, _ index: Int, _ transfer: inout OutgoingTransfer?
  ) -> Int? {
    var buffer = output.mutableBytes(at: written + 2, count: outputSize - written - 2)
    buffer.copy(input.bytes, from: start, count: length, at: 0)
    var message = Message(buffer, length: length)
    let reply = responder.respond(to: &message, context, over: generation)
    let answered = message.length
    counters.count(reply, type: responder.questionType, worker: index)
    if reply.isHandedOver { return handedOver }
    guard reply.isSent else { return length < Message.headerLength ? nil : 0 }
    switch reply.transfer {
    case .none: break
    case .refused: counters.add(to: .transfersRefused, worker: index)
    case .begins(let zone):
      counters.add(to: .transfersStarted, worker: index)
      transfer = OutgoingTransfer(
        ZoneTransfer(ZoneSnapshot(generation, zone: zone), frame: message), context.client, now: context.time.monotonic)
      return 0
    }
    var prefix = output.mutableBytes(at: written, count: 2)
    prefix.put(UInt16(answered), at: 0)
    return 2 + answered
  }

  // MARK: - Sending

  /// Sends the output's first `count` octets; the connection keeps what the socket does not take.
  ///
  /// - Returns: whether all was taken.
  mutating func send(_ slot: Int, _ count: Int) -> Bool {
    switch write(slot, output.bytes, from: 0, to: count) {
    case .done(count): return true
    case .failed:
      close(slot, .tcpClosedByPeer)
      return false
    case .done(let sent):
      table.touch(slot, now: Clock.monotonic())
      return hold(slot, from: sent, to: count)
    case .wouldBlock: return hold(slot, from: 0, to: count)
    }
  }

  private func write(_ slot: Int, _ octets: RawSpan, from start: Int, to end: Int) -> Transfer {
    StreamSocket.write(number(slot), octets.extracting(start..<end))
  }

  /// Keeps octets of the output behind those that the connection has not taken.
  ///
  /// - Returns: false.
  mutating func hold(_ slot: Int, from start: Int, to end: Int) -> Bool {
    guard table.held + end - start <= limits.held else {
      close(slot, .tcpClosedForCause)
      return false
    }
    let before = table.slots[slot].unsent[table.slots[slot].sent...]
    table.keep(slot, unsent: before + Array(copying: output.bytes, start..<end))
    watch(slot, .write)
    return false
  }

  /// Goes on with what the socket did not take before.
  ///
  /// - Returns: whether all is sent.
  private mutating func sendRest(_ slot: Int) -> Bool {
    if table.slots[slot].unsent.isEmpty { return true }
    let sent = table.slots[slot].sent
    let count = table.slots[slot].unsent.count
    switch write(slot, table.slots[slot].unsent.rawBytes, from: sent, to: count) {
    case .wouldBlock: return false
    case .failed:
      close(slot, .tcpClosedByPeer)
      return false
    case .done(let more):
      table.touch(slot, now: Clock.monotonic())
      table.slots[slot].sent += more
      guard sent + more == count else { return false }
      table.keep(slot, unsent: [])
      return true
    }
  }

  mutating func watch(_ slot: Int, _ interest: Interest) {
    if table.slots[slot].isWaiting { return }
    let isWriting = interest == .write
    if table.slots[slot].isWriting == isWriting { return }
    table.slots[slot].isWriting = isWriting
    tell(slot, interest)
  }

  /// Keeps `input[start..<end]` for the connection's next turn.
  private mutating func keep(_ slot: Int, from start: Int, to end: Int) {
    guard table.slots[slot].socket != nil else { return }
    if start == end, table.slots[slot].unread.isEmpty { return }
    guard table.held + end - start <= limits.held else {
      close(slot, .tcpClosedForCause)
      return
    }
    table.keep(slot, unread: Array(copying: input.bytes, start..<end))
  }
}
