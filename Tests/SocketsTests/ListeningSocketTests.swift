import Glibc
import Sockets
import Testing
import Wire

struct ListeningSocketTests {
  /// What a client does not read is kept by the kernel, and counted by nobody else.
  @Test(arguments: [SO_SNDBUF, SO_RCVBUF]) func acceptedSocketsHaveBoundedBuffers(option: Int32) throws {
    let loopback = try #require(IPAddress("127.0.0.1"))
    let number = try ListeningSocket.listen(SocketAddress(loopback, port: 0))
    let listener = ListeningSocket(adopting: number)
    var local = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &local) {
      _ = unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(number, $0, &length) }
    }
    let client = try StreamSocket(to: SocketAddress(loopback, port: UInt16(bigEndian: local.sin_port)))
    _ = client.connect(SocketAddress(loopback, port: UInt16(bigEndian: local.sin_port)))
    var descriptor = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    #expect(unsafe poll(&descriptor, 1, 20_000) == 1)
    guard case .connection(let accepted, _) = listener.accept() else {
      Issue.record("nobody was accepted")
      return
    }
    var size: Int32 = 0
    length = socklen_t(MemoryLayout<Int32>.size)
    #expect(unsafe getsockopt(accepted.number, SOL_SOCKET, option, &size, &length) == 0)
    #expect((65_536...131_072).contains(size))
  }
}
