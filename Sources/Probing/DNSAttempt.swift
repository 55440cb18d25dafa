import Failover
import Sockets
import Wire

/// An attempt that asks one question over UDP.
final class DNSAttempt: Attempt {
  private let specification: ProbeSpecification
  private let question: ProbeSpecification.Question
  private let identifier: UInt16
  private let errands: Errands
  private let lookup: Errand<HostLookup>?
  private var remote: SocketAddress
  private var socket: DatagramClient?

  /// Datagrams of others that are read at one go.
  private static var patience: Int { 16 }

  init(
    _ specification: ProbeSpecification, _ question: ProbeSpecification.Question, identifier: UInt16,
    _ errands: Errands, at now: Instant
  ) throws(SystemError) {
    self.specification = specification
    self.question = question
    self.identifier = identifier
    self.errands = errands
    remote = specification.target
    if let name = specification.hostName { lookup = try errands.begin { HostLookup(name) } } else { lookup = nil }
    super.init(specification, lookup == nil ? .sending : .preparing, at: now)
  }

  override var descriptors: [Int32] { [socket?.number ?? lookup?.descriptor ?? -1] }
  override var preparation: String { "looking up \(specification.hostName ?? "")" }
  override var waitingFor: String { "the answer" }

  override func advance() -> Step {
    while true {
      let step = proceed()
      guard case .done = step else { return step }
      switch stage {
      case .preparing: enter(.sending)
      case .sending: enter(.receiving)
      default: return .done
      }
    }
  }

  private func proceed() -> Step {
    switch stage {
    case .preparing:
      guard let answer = lookup?.result else { return .wait }
      return answer.choose(for: &remote, specification.hostName ?? "")
    case .sending: return send()
    default: return receive()
    }
  }

  private func send() -> Step {
    do throws(SystemError) {
      let source = specification.source.flatMap { $0.isIPv6 == remote.address.isIPv6 ? $0 : nil }
      socket = try DatagramClient(to: remote, from: source)
      isUnwatched = true
    } catch { return Step(error) }
    return switch socket?.send(DNSReply.query(question, identifier: identifier)) {
    case .failed(let number): Step(SystemError("send", number))
    case .wouldBlock: .trouble(.resource("send: no room"))
    case .done, nil: .done
    }
  }

  private func receive() -> Step {
    var datagram: [UInt8] = []
    for _ in 0..<DNSAttempt.patience {
      switch socket?.receive(&datagram, atMost: DNSReply.limit) {
      case .wouldBlock, nil: return .wait
      case .failed(let number): return Step(SystemError("recv", number))
      case .done:
        switch DNSReply.judge(datagram, to: question, identifier: identifier) {
        case .foreign: continue
        case .expected: return .done
        case .failed(let reason): return .ended(reason)
        }
      }
    }
    return .ended(.unexpectedAnswer("many datagrams, but none answers the question"))
  }

  override func finish(inOrder: Bool) { lookup?.abandon() }
}

extension HostLookup {
  /// Sets the address of `remote` to one of those found, of the same family if there is one.
  func choose(for remote: inout SocketAddress, _ name: String) -> Step {
    switch self {
    case .none(let why): return .ended(.unresolvable("\(name): \(why)"))
    case .trouble(let why): return .trouble(.resource("cannot look up \(name): \(why)"))
    case .addresses(let addresses):
      let wanted = addresses.first { $0.isIPv6 == remote.address.isIPv6 }
      guard let address = wanted ?? addresses.first else { return .ended(.unresolvable("\(name): no address")) }
      remote = SocketAddress(address, port: remote.port)
      return .done
    }
  }
}
