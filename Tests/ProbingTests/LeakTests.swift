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
      func fail(_ words: String) -> Never {
        let line = Array("\(words)\n".utf8)
        _ = unsafe write(2, line, line.count)
        exit(1)
      }
      let head = "HTTP/1.1 200 OK\r\n"
      // Servers that keep their side open would be the ones to run out.
      let behaviours: [LoopbackServer.Behaviour] = [
        .answers(head + "\r\nhealthy"), .answers("HTTP/1.1 503 Busy\r\n\r\n"), .answers(head + "\r\nsick"), .closes,
        .resets, .refuses, .answersWithoutEnd(head + "\r\nmore "), .answersWithoutEnd("garbage"),
        .answers("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"),
        .answers(head + "Content-Encoding: gzip\r\n\r\nhealthy"),
      ]
      let servers = try behaviours.map { try LoopbackServer($0) }
      let tls = try TLSServer("good")
      let settings = ProbeSpecification.TLS(
        serverName: "app.example.com", verification: .file(try Certificates.shared.get().authority))
      var probes = servers.map { server in
        ProbeSpecification(
          .http(.init(body: .text("healthy"))), target: server.address, interval: .milliseconds(1), timeout: .seconds(9))
      }
      probes.append(
        ProbeSpecification(
          .https(.init(), settings), target: tls.address, interval: .milliseconds(20), timeout: .seconds(9)))
      probes.append(
        ProbeSpecification(
          .command(.init(["/bin/true"])), target: tls.address, interval: .milliseconds(50), timeout: .seconds(9)))
      probes.append(
        ProbeSpecification(
          .dns(.init(name: .root, type: .soa)), target: servers[5].address, interval: .milliseconds(5),
          timeout: .seconds(9)))
      var named = probes[0]
      named.hostName = "localhost"
      named.interval = .milliseconds(20)
      probes.append(named)
      var prober = try Prober(seed: 1)
      prober.replaceProbes(probes, now: .now)
      let before = openDescriptors()
      var counts = Array(repeating: 0, count: probes.count)
      var total = 0
      let isDone = try turn(&prober, within: .seconds(120)) { index, _ in
        counts[index] += 1
        total += 1
        return total >= 10_000 && counts.allSatisfy { $0 > 2 }
      }
      if !isDone { fail("only \(total) probes: \(counts)") }
      prober.replaceProbes([], now: .now)
      // Commands that were killed are gone after a moment, as are look-ups under way.
      let deadline = Instant.now + .seconds(20)
      while openDescriptors() > before, Instant.now < deadline { usleep(1000) }
      if openDescriptors() > before { fail("\(openDescriptors()) descriptors, \(before) before") }
      withExtendedLifetime((servers, tls)) { exit(0) }
    }
  }
}

func openDescriptors() -> Int {
  guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
  defer { unsafe closedir(folder) }
  var count = 0
  while unsafe readdir(folder) != nil { count += 1 }
  return count
}
