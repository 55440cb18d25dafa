import CLinux
import Glibc
package import Wire

/// A UDP socket that is connected to the one server it asks once; never waits.
package struct DatagramClient: ~Copyable, Sendable {
  package let descriptor: Descriptor
  package var number: Int32 { descriptor.number }

  package init(to server: SocketAddress, from source: IPAddress? = nil) throws(SystemError) {
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try check("socket") { socket(server.family, type, 0) })
    let number = descriptor.number
    if let source {
      let local = SocketAddress(source, port: 0)
      try check("bind") { unsafe local.withKernelAddress { unsafe Glibc.bind(number, $0, $1) } }
    }
    try check("connect") { unsafe server.withKernelAddress { unsafe Glibc.connect(number, $0, $1) } }
    self.descriptor = descriptor
  }

  /// The address of this machine by which datagrams to a server leave it. Nothing is sent.
  package static func localAddress(to server: SocketAddress) throws(SystemError) -> IPAddress? {
    let client = try DatagramClient(to: server)
    return ListeningSocket.address(client.number)?.address
  }

  package borrowing func send(_ octets: [UInt8]) -> Transfer {
    let number = descriptor.number
    return Transfer.of { unsafe Glibc.send(number, octets, octets.count, Int32(MSG_NOSIGNAL)) }
  }

  /// The next datagram, cut after `limit` octets.
  package borrowing func receive(_ buffer: inout [UInt8], atMost limit: Int) -> Transfer {
    let number = descriptor.number
    buffer.removeAll(keepingCapacity: true)
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { octets in
      let result = Transfer.of { unsafe recv(number, octets.baseAddress, limit, 0) }
      if case .done(let count) = result { unsafe buffer.append(contentsOf: octets.prefix(count)) }
      return result
    }
  }
}
