import LoadGeneration
import Testing
import Wire

@Suite struct ArgumentTests {
  private func arguments(_ change: (inout BenchArguments) -> Void = { _ in }) -> BenchArguments {
    var arguments = BenchArguments()
    arguments.server = "127.0.0.1:5300"
    arguments.random = ["1000.example.com"]
    change(&arguments)
    return arguments
  }

  /// The message of what must be refused as wrong use.
  private func refusal(_ change: (inout BenchArguments) -> Void) -> String {
    do {
      _ = try arguments(change).settings()
      return ""
    } catch { return (error as BenchError).isMisuse ? "\(error)" : "not misuse: \(error)" }
  }

  @Test func defaultsAreTheDocumentedOnes() throws {
    let settings = try arguments().settings()
    #expect(settings.duration == 10_000_000_000 && settings.count == nil && settings.rate == nil)
    #expect(settings.inFlight == 256 && settings.ports == 16 && settings.timeout == 1_000_000_000)
    #expect(settings.options.hasEDNS && settings.options.udpSize == 1232 && !settings.options.dnssecOK)
  }

  @Test(arguments: [
    ("127.0.0.1:5300", "127.0.0.1:5300"), ("127.0.0.1", "127.0.0.1:53"), ("[::1]:5300", "[::1]:5300"),
    ("::1", "[::1]:53"), ("[::1]", "[::1]:53"),
  ]) func serversAreRead(_ text: String, _ expected: String) throws {
    #expect(try "\(arguments { $0.server = text }.settings().server)" == expected)
  }

  @Test func otherMachinesNeedConsent() throws {
    #expect(refusal { $0.server = "192.0.2.1:53" }.contains("--i-own-this-server"))
    #expect(refusal { $0.server = "[2001:db8::1]:53" }.contains("--i-own-this-server"))
    #expect(refusal { $0.server = "0.0.0.0:53" }.contains("--i-own-this-server"))
    let settings = try arguments {
      $0.server = "192.0.2.1:53"
      $0.ownsServer = true
    }.settings()
    #expect("\(settings.server)" == "192.0.2.1:53")
  }

  @Test func nonsenseIsRefused() {
    #expect(refusal { $0.server = "localhost:53" }.contains("expected an address"))
    #expect(refusal { $0.server = "127.0.0.1:0" }.contains("no port 0"))
    #expect(refusal { $0.random = [] }.contains("nothing to ask"))
    #expect(refusal { $0.random = ["example.com"] }.contains("--random"))
    #expect(refusal { $0.random = ["0.example.com"] }.contains("--random"))
    #expect(refusal { $0.queries = ["f*0"] }.contains("weight"))
    #expect(refusal { $0.duration = "soon" }.contains("--duration"))
    #expect(refusal { $0.duration = "-1s" }.contains("--duration"))
    #expect(refusal { $0.duration = "9999h" }.contains("--duration"))
    #expect(refusal { $0.count = 0 }.contains("--count"))
    #expect(refusal { $0.rate = "0" }.contains("--rate"))
    #expect(refusal { $0.rate = "1-2-3" }.contains("--rate"))
    #expect(refusal { $0.rate = "nan" }.contains("--rate"))
    #expect(refusal { $0.transport = "quic" }.contains("udp or tcp"))
    #expect(refusal { $0.inFlight = 0 }.contains("--in-flight"))
    #expect(refusal { $0.udpSize = 511 }.contains("--udp-size"))
    #expect(refusal { $0.sources = "127.0.0.1,::1" }.contains("--sources"))
    #expect(refusal { ($0.noEDNS, $0.cookies) = (true, true) }.contains("--no-edns"))
    #expect(refusal { ($0.cookies, $0.sources) = (true, "127.0.0.1,127.0.0.2") }.contains("--cookies"))
    #expect(refusal { ($0.findMax, $0.loss) = (true, "200%") }.contains("--loss"))
    #expect(refusal { $0.dead = "nobody" }.contains("--dead"))
    #expect(
      refusal {
        $0.rate = "1-2"
        $0.count = 5
      }.contains("--duration"))
  }

  @Test func wordsAreRead() throws {
    let settings = try arguments {
      $0.queries = ["a.txt*3", "b.txt"]
      $0.duration = "250ms"
      $0.rate = "1000-50000"
      $0.timeout = "2"
      $0.dead = "127.0.0.2@5s"
      $0.findMax = true
      $0.loss = "0.5%"
    }.settings()
    #expect(settings.sources.prefix(2) == [.file("a.txt", weight: 3), .file("b.txt", weight: 1)])
    #expect(settings.duration == 250_000_000 && settings.timeout == 2_000_000_000)
    #expect(settings.rate?.first == 1000 && settings.rate?.last == 50_000)
    #expect(settings.dead?.from == 5_000_000_000 && settings.watches)
    #expect(settings.findMaxLoss == 0.005)
  }

  @Test func cookieOptionFollowsTheServers() {
    var options = QueryOptions()
    options.dnssecOK = true
    options.clientCookie = 0x0102_0304_0506_0708
    #expect(options.tail == [0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])
    options.serverCookie = [9, 9, 9, 9, 9, 9, 9, 9]
    #expect(options.tail.suffix(22) == [0, 20, 0, 10, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9])
    options.hasEDNS = false
    #expect(options.tail.isEmpty)
  }
}
