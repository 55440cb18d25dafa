package import Sockets
package import Wire

/// Why a server has no answer to give.
package enum InquiryError: Error, Sendable, CustomStringConvertible {
  case noReply(ExchangeError)
  case malformed

  package var description: String {
    switch self {
    case .noReply(let error): error.description
    case .malformed: "its reply is malformed"
    }
  }
}

/// How long answers are waited for.
package struct Patience: Sendable {
  /// Nanoseconds, of each try over UDP, and of all over TCP.
  package var timeout: UInt64
  /// Monotonic nanoseconds, after which nobody is asked any more. A question that is out by then may still take its
  /// tries.
  package var deadline = UInt64.max

  package init(timeout: UInt64 = 2_000_000_000) { self.timeout = timeout }

  var isOver: Bool { Clock.monotonic() >= deadline }
  /// Nanoseconds, for a try that begins now.
  var left: UInt64 {
    let now = Clock.monotonic()
    return now < deadline ? min(timeout, deadline - now) : 0
  }
}

/// Asks one server.
package struct Inquirer: Sendable {
  package enum Transport: String, Sendable, CaseIterable {
    case udp = "UDP"
    case tcp = "TCP"
  }

  package let server: SocketAddress
  private let patience: Patience
  private let tries: Int

  package init(_ server: SocketAddress, _ patience: Patience = Patience(), tries: Int = 3) {
    self.server = server
    self.patience = patience
    self.tries = tries
  }

  package func ask(_ inquiry: Inquiry, over transport: Transport = .udp) throws(InquiryError) -> Answer {
    let timeout = patience.left
    guard timeout > 0 else { throw .noReply(.timedOut) }
    let exchange = Exchange(with: server, timeout: timeout, tries: tries)
    let message = inquiry.octets(identifier: Entropy.identifier())
    let reply: [UInt8]
    do throws(ExchangeError) {
      reply = transport == .udp ? try exchange.datagram(message) : try exchange.stream(message)
    } catch { throw .noReply(error) }
    guard let answer = Answer(reply) else { throw .malformed }
    return answer
  }

  /// Over UDP, and over TCP what does not fit (RFC 7766 §5).
  package func resolve(_ name: DomainName, _ type: RecordType) throws(InquiryError) -> Answer {
    let answer = try ask(Inquiry(name, type))
    return answer.isTruncated ? try ask(Inquiry(name, type), over: .tcp) : answer
  }
}
