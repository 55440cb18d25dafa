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

/// Asks one server.
package struct Inquirer: Sendable {
  package enum Transport: String, Sendable, CaseIterable {
    case udp = "UDP"
    case tcp = "TCP"
  }

  package let server: SocketAddress
  private let exchange: Exchange

  /// - Parameter timeout: nanoseconds, of each try over UDP, and of all over TCP.
  package init(_ server: SocketAddress, timeout: UInt64 = 2_000_000_000, tries: Int = 3) {
    self.server = server
    exchange = Exchange(with: server, timeout: timeout, tries: tries)
  }

  package func ask(_ inquiry: Inquiry, over transport: Transport = .udp) throws(InquiryError) -> Answer {
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
