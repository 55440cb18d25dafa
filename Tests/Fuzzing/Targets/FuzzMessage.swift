import Answering
import Wire

/// Answers `octets` as a request over UDP and over TCP. Whatever they are, the server only answers or is
/// silent, and what it answers belongs to the request and fits the transport.
package func fuzzMessage(_ octets: [UInt8]) {
  guard octets.count <= 65_535 else { return }
  for transport in [RequestContext.Transport.udp, .tcp] {
    guard let reply = FuzzWorld.shared.answer(octets, transport) else { continue }
    precondition(reply.count >= Message.headerLength && reply.count <= (transport == .tcp ? 65_535 : 1232))
    precondition(reply[0] == octets[0] && reply[1] == octets[1])
    precondition(reply[2] & 0x80 != 0 && octets[2] & 0x80 == 0)
  }
}
