import Crypto
import Failover
import Sockets
import Wire

/// An attempt over TCP or TLS: tcp, http and https.
final class StreamAttempt: Attempt {
  private let specification: ProbeSpecification
  private let setup: StreamSetup
  /// Nil while the name of the target is looked up.
  private var channel: Channel?
  private var remote: SocketAddress
  private let lookup: Errand<HostLookup>?
  private var sent = 0
  private var reader: ResponseReader?
  private var search: Search?
  /// Of the peer, in seconds since 1970; known once the attempt has succeeded.
  private var certificateEnd: Int?

  init(_ specification: ProbeSpecification, _ setup: StreamSetup, at now: Instant) throws(SystemError) {
    self.specification = specification
    self.setup = setup
    remote = specification.target
    if case .tcpDialogue = specification.kind { search = setup.search } else { search = nil }
    reader = specification.request.map { ResponseReader($0, setup.search) }
    if let name = specification.hostName {
      lookup = try setup.errands.begin { HostLookup(name) }
      channel = nil
    } else {
      lookup = nil
      channel = Channel(try StreamSocket(to: specification.target, from: specification.source))
    }
    super.init(specification, lookup == nil ? .connecting : .preparing, at: now)
  }

  override var descriptors: [Int32] { [channel?.socket.number ?? lookup?.descriptor ?? -1] }
  override var preparation: String { "looking up \(specification.hostName ?? "")" }

  override var waitingFor: String {
    switch stage {
    case .preparing, .connecting: "a connection"
    case .handshaking: "the TLS handshake"
    case .sending: "the request to be taken"
    case .receiving, .reading: reader?.waitingFor ?? "what is expected"
    }
  }

  override func advance() -> Step {
    while true {
      let step = proceed()
      guard case .done = step, let next = nextStage() else { return step }
      enter(next)
      if next == .handshaking, let trouble = startTLS() { return trouble }
    }
  }

  private func nextStage() -> Stage? {
    switch (stage, specification.kind) {
    case (.preparing, _): .connecting
    case (.connecting, .https): .handshaking
    case (.connecting, .http), (.connecting, .tcpDialogue), (.handshaking, _): .sending
    case (.sending, _): search == nil && reader == nil ? nil : .receiving
    case (.connecting, _), (.receiving, _), (.reading, _): nil
    }
  }

  private func proceed() -> Step {
    switch stage {
    case .preparing: return resolve()
    case .connecting:
      return switch channel?.socket.connect(remote) {
      case .connected: .done
      case .inProgress, nil: .wait
      case .failed(let error): Step(error)
      }
    case .handshaking: return channel?.handshake() ?? .wait
    case .sending: return channel?.write(setup.octets, from: &sent) ?? .wait
    case .receiving, .reading: return receive()
    }
  }

  private func startTLS() -> Step? {
    guard let tls = setup.tls else { return nil }
    do throws(TLSFailure) {
      try channel?.startTLS(tls.context, to: tls.peer(remote.address), resuming: tls.ticket)
      return nil
    } catch { return .trouble(.resource(error.description)) }
  }

  private func resolve() -> Step {
    guard let answer = lookup?.result else { return .wait }
    let step = answer.choose(for: &remote, specification.hostName ?? "")
    guard case .done = step else { return step }
    return open()
  }

  private func open() -> Step {
    let source = specification.source.flatMap { $0.isIPv6 == remote.address.isIPv6 ? $0 : nil }
    do throws(SystemError) {
      channel = Channel(try StreamSocket(to: remote, from: source))
      isUnwatched = true
      return .done
    } catch { return .trouble(.resource(error.description)) }
  }

  /// Reads in small steps until enough is known.
  private func receive() -> Step {
    while true {
      var octets: [UInt8] = []
      let missing = reader?.missing ?? "what is expected"
      let step = channel?.read(into: &octets, atMost: reader?.appetite ?? 1024, before: missing) ?? .wait
      switch step {
      case .done:
        if stage == .receiving { enter(.reading) }
        if let end = take(octets) { return end }
      case .ended(.closed): return close() ?? step
      default: return step
      }
    }
  }

  private func take(_ octets: [UInt8]) -> Step? {
    if search != nil { return dialogue(octets, isEnd: false) }
    return reader.flatMap { _ in Step(reader?.take(octets) ?? .more) }
  }

  private func close() -> Step? { search != nil ? dialogue([], isEnd: true) : Step(reader?.end() ?? .more) }

  private func dialogue(_ octets: [UInt8], isEnd: Bool) -> Step? {
    search?.append(octets)
    switch search?.look(isEnd: isEnd, isOpen: true) ?? .found {
    case .more: return nil
    case .found: return .done
    // Closed without a word is the better reason.
    case .missing(let text): return search?.octets.isEmpty ?? true ? nil : .ended(.unexpectedBody(text))
    }
  }

  // MARK: - The end

  override func finish(inOrder: Bool) {
    lookup?.abandon()
    if let tls = setup.tls {
      let evidence = inOrder ? channel?.evidence() ?? nil : nil
      certificateEnd = evidence?.certificateEnd
      tls.keep(evidence, at: started)
    }
    channel?.finish(inOrder: inOrder)
  }

  override var concern: Concern? { setup.tls?.concern(certificateEnd) }
}

extension Step {
  /// Nil: more is to come.
  fileprivate init?(_ progress: ResponseReader.Progress) {
    switch progress {
    case .more: return nil
    case .satisfied: self = .done
    case .failed(let reason): self = .ended(reason)
    }
  }
}
