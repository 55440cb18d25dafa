import Crypto
package import Failover
package import Sockets

/// What became of a step of an attempt.
package enum Step: Equatable {
  case done
  /// The poller will tell when to go on.
  case wait
  case ended(FailureReason)
  case trouble(OwnTrouble)
}

/// A connected socket, in the clear or inside TLS.
struct Channel: ~Copyable {
  let socket: StreamSocket
  private var session: TLSSession?

  init(_ socket: consuming StreamSocket) { self.socket = socket }

  mutating func startTLS(_ context: TLSContext, to peer: TLSPeer, resuming ticket: TLSTicket?) throws(TLSFailure) {
    session = try TLSSession(context, over: socket.number, to: peer, resuming: ticket)
  }

  mutating func evidence() -> TLSEvidence? { session?.evidence() }

  mutating func handshake() -> Step {
    step(session?.handshake() ?? .done(0), before: "the TLS handshake was done") { _ in }
  }

  /// Sends octets of `octets` from `offset`, until done or the socket is full.
  mutating func write(_ octets: [UInt8], from offset: inout Int) -> Step {
    while offset < octets.count {
      let progress = session?.write(octets[offset...]) ?? TLSProgress(socket.write(octets[offset...]))
      var moved = 0
      let step = step(progress, before: "the request was sent") { moved = $0 }
      guard case .done = step else { return step }
      offset += moved
    }
    return .done
  }

  /// Appends what has arrived to `buffer`, at most `limit` octets; `stage` is what a peer that closes leaves out.
  mutating func read(into buffer: inout [UInt8], atMost limit: Int, before stage: String) -> Step {
    let progress =
      session?.read(appendingTo: &buffer, atMost: limit)
      ?? TLSProgress(reading: socket.read(appendingTo: &buffer, atMost: limit))
    return step(progress, before: stage) { _ in }
  }

  /// A TLS peer is told the end; otherwise the connection is reset, which leaves no TIME_WAIT behind.
  mutating func finish(inOrder: Bool) {
    if inOrder, session != nil {
      session?.finish()
    } else {
      socket.resetOnClose()
    }
  }

  private func step(_ progress: TLSProgress, before stage: String, moved: (Int) -> Void) -> Step {
    switch progress {
    case .done(let count):
      moved(count)
      return .done
    case .wantRead, .wantWrite: return .wait
    case .closed: return .ended(.closed(before: stage))
    case .failed(.system(let number)): return Step(SystemError("connection", number))
    case .failed(.ours(let text)): return .trouble(.resource(text))
    case .failed(let failure): return .ended(.tls(failure.description))
    }
  }
}

extension Step {
  /// What a system call's failure means for the target, if it means anything.
  package init(_ error: SystemError) {
    if error.isOurOwn {
      self = .trouble(.resource(error.description))
    } else {
      self = .ended(FailureReason(error))
    }
  }
}

extension TLSProgress {
  /// The same vocabulary for a plain socket.
  fileprivate init(_ transfer: Transfer) {
    switch transfer {
    case .done(let count): self = .done(count)
    case .wouldBlock: self = .wantRead
    case .failed(let number): self = .failed(.system(number))
    }
  }

  fileprivate init(reading transfer: Transfer) {
    self = transfer == .done(0) ? .closed : TLSProgress(transfer)
  }
}
