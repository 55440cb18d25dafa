import Control
import TestSupport
import Testing

@Suite struct HostileTests {
  @Test(arguments: [
    ("\0\0\0\0\r\n\r\n", "400"), ("GET / HTTP/1.1\r\n\r\n", "400"),
    ("GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"),
    ("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", "501"), ("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n", "501"),
    ("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"), ("GET /?%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"),
    ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400"),
    ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", "413"),
    ("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", "413"),
  ])
  func malformed(text: String, status: String) throws {
    let world = try World()
    #expect(try world.send(text) == status)
    #expect(try world.get("/health").status == 200)
  }

  @Test func headersAreBounded() throws {
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nX: "
    #expect(try World().send(head + String(repeating: "a", count: 20_000) + "\r\n\r\n") == "400")
  }

  /// More connections than the server keeps, none of which finishes its request: others are served all the same,
  /// and the descriptors of the process are not used up.
  @Test func manySlowClientsShutNobodyOut() throws {
    let world = try World()
    let before = openDescriptors()
    let streams = try (0..<300).map { _ in try Stream(to: world.endpoint) }
    for stream in streams { stream.send(Array("GET /health HTTP/1.1\r\nHost: local".utf8)) }
    for _ in 0..<20 {
      for stream in streams { stream.send([0x61]) }
      #expect(try world.get("/health").status == 200)
      #expect(try world.get("/health", over: world.socket).status == 200)
      // Beside the test's own ends.
      #expect(openDescriptors() - before - streams.count <= 150)
    }
  }

  @Test func silenceHasAnEnd() throws {
    let world = try World()
    let stream = try Stream(to: world.endpoint)
    stream.send(Array("GET /health HTTP/1.1\r\nHo".utf8))
    #expect(stream.receive(1, milliseconds: 15_000) == [])
  }

  @Test func dripHasAnEnd() throws {
    let world = try World()
    let stream = try Stream(to: world.endpoint)
    stream.send(Array("GET /health HTTP/1.1\r\nX: ".utf8))
    let ended = becomesTrue(seconds: 15) {
      stream.send([0x61])
      return stream.receive(1, milliseconds: 100).map { $0.isEmpty } ?? false
    }
    #expect(ended)
  }

  private func openDescriptors() -> Int { listFolder("/proc/self/fd").count }
}
