import CLinux
import Glibc
package import Wire

/// A UDP socket of a client, connected to the one server that it asks.
///
/// Sending waits while the kernel has no room; receiving never waits.
package struct ClientSocket: ~Copyable, Sendable {
  package let descriptor: Descriptor
  package var number: Int32 { descriptor.number }

  /// Opens `count` of them, each on a port of its own; their addresses are `sources` in turn.
  package static func open(
    to server: SocketAddress, from sources: [IPAddress], count: Int
  ) throws(SystemError) -> [Int32] {
    var numbers: [Int32] = []
    do {
      for i in 0..<count {
        numbers.append(try open(to: server, from: sources.isEmpty ? nil : sources[i % sources.count]))
      }
    } catch {
      for number in numbers { _ = close(number) }
      throw error
    }
    return numbers
  }

  private static func open(to server: SocketAddress, from source: IPAddress?) throws(SystemError) -> Int32 {
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try check("socket") { socket(server.family, type, 0) })
    let number = descriptor.number
    let wanted = DatagramSocket.wantedBuffer
    if !setOption(number, SOL_SOCKET, Int32(CLINUX_SO_RCVBUFFORCE), wanted) {
      setOption(number, SOL_SOCKET, SO_RCVBUF, wanted)
    }
    if let source {
      let local = SocketAddress(source, port: 0)
      try check("bind") { unsafe local.withKernelAddress { unsafe Glibc.bind(number, $0, $1) } }
    }
    try check("connect") { unsafe server.withKernelAddress { unsafe Glibc.connect(number, $0, $1) } }
    return descriptor.release()
  }

  package init(adopting number: Int32) { descriptor = Descriptor(number) }

  /// Answers that the kernel dropped because the buffer was full.
  package borrowing func kernelDrops() -> UInt32 { DatagramSocket.kernelDrops(descriptor.number) }
}
