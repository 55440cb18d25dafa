import Crypto
import Failover
import Glibc
import Probing
import Sockets
import Testing
import Wire

/// Ten thousand probes of backends of all kinds leave no descriptor behind.
struct LeakTests {
  /// In a process of its own, where no other test opens anything.
  @Test func tenThousandProbesLeaveNoDescriptor() async {
    await #expect(processExitsWith: .success) {
      guard let failure = try LeakTests.probe() else { exit(0) }
      let line = Array("\(failure)\n".utf8)
      _ = unsafe write(2, line, line.count)
      exit(1)
    }
  }

  /// - Returns: what went wrong. Servers are gone by then: one that outlives this process would keep its output open.
  private static func probe() throws -> String? {
    let servers = try behaviours.map { try LoopbackServer($0) }
    let tls = try TLSServer("good")
    defer { withExtendedLifetime((servers, tls)) {} }
    let probes = try probes(servers, tls)
    var prober = try Prober(seed: 1)
    prober.replaceProbes(probes, now: .now)
    let before = openDescriptors()
    var counts = Array(repeating: 0, count: probes.count)
    let isDone = try turn(&prober, within: .seconds(120)) { index, _ in
      counts[index] += 1
      return counts.reduce(0, +) >= 10_000 && counts.allSatisfy { $0 > 2 }
    }
    if !isDone { return "only \(counts) probes" }
    prober.replaceProbes([], now: .now)
    // Commands that were killed are gone after a moment, as are look-ups under way and the servers' ends.
    let deadline = Instant.now + .seconds(20)
    while openDescriptors() > before, Instant.now < deadline { usleep(1000) }
    return openDescriptors() > before ? "\(openDescriptors()) descriptors, \(before) before" : nil
  }

  private static func probes(_ servers: [LoopbackServer], _ tls: TLSServer) throws -> [ProbeSpecification] {
    let settings = ProbeSpecification.TLS(
      serverName: "app.example.com", verification: .file(try Certificates.shared.get().authority))
    func probe(_ kind: ProbeSpecification.Kind, _ target: SocketAddress, every milliseconds: Int) -> ProbeSpecification
    {
      ProbeSpecification(kind, target: target, interval: .milliseconds(milliseconds), timeout: .seconds(9))
    }
    var probes = servers.map { probe(.http(.init(body: .text("healthy"))), $0.address, every: 1) }
    var named = probes[0]
    named.hostName = "localhost"
    named.interval = .milliseconds(20)
    probes += [
      named, probe(.https(.init(), settings), tls.address, every: 20),
      probe(.command(.init(["/bin/true"])), tls.address, every: 50),
      probe(.dns(.init(name: .root, type: .soa)), servers[5].address, every: 5),
    ]
    return probes
  }

  /// None that keeps its side open: the servers live in this process too.
  private static let behaviours: [LoopbackServer.Behaviour] = [
    .answers(ok + "\r\nhealthy"), .answers("HTTP/1.1 503 Busy\r\n\r\n"), .answers(ok + "\r\nsick"), .closes, .resets,
    .refuses, .answersWithoutEnd(ok + "\r\nmore "), .answersWithoutEnd("garbage"),
    .answers("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"), .answers(ok + "Content-Encoding: gzip\r\n\r\nhealthy"),
  ]
  private static let ok = "HTTP/1.1 200 OK\r\n"
}

func openDescriptors() -> Int {
  guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
  defer { unsafe closedir(folder) }
  var count = 0
  while unsafe readdir(folder) != nil { count += 1 }
  return count
}
