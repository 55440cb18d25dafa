import Wire

/// The command line of `alula bench` as it was written.
package struct BenchArguments: Sendable {
  package var server = ""
  package var queries: [String] = []
  package var zones: [String] = []
  package var random: [String] = []
  package var origin: String?
  package var type = "A"
  package var duration: String?
  package var count: Int?
  package var rate: String?
  package var inFlight = 256
  package var transport = "udp"
  package var connections = 16
  package var pipeline = 16
  package var queriesPerConnection = 0
  package var ports = 16
  package var sources: String?
  package var dnssecOK = false
  package var udpSize = 1232
  package var cookies = false
  package var noEDNS = false
  package var timeout = "1s"
  package var seed: UInt64 = 1
  package var core: Int?
  package var serverProcess: Int?
  package var findMax = false
  package var loss = "0.1%"
  package var watchAnswers = false
  package var dead: String?
  package var ownsServer = false
  package var isQuiet = false

  package init() {}

  /// What the words mean; the first that make no sense are the error.
  package func settings() throws(BenchError) -> BenchSettings {
    var settings = BenchSettings(server: try target())
    try readSources(&settings)
    try readLoop(&settings)
    try readTransport(&settings)
    try readOptions(&settings)
    settings.watches = watchAnswers || dead != nil
    settings.dead = try dead.map { (text) throws(BenchError) in try readDead(text) }
    settings.isQuiet = isQuiet
    return settings
  }

  private func wrong(_ option: String, _ text: String, _ expected: String) -> BenchError {
    BenchError("\(option) \(text): expected \(expected)", isMisuse: true)
  }

  private func target() throws(BenchError) -> SocketAddress {
    let bare = server.hasPrefix("[") && server.hasSuffix("]") ? String(server.dropFirst().dropLast()) : server
    guard let address = SocketAddress(server) ?? IPAddress(bare).map({ SocketAddress($0, port: 53) }) else {
      throw BenchError("\(server): expected an address and a port, 127.0.0.1:5300 or [::1]:5300", isMisuse: true)
    }
    guard address.port > 0 else { throw BenchError("\(server): there is no port 0", isMisuse: true) }
    guard address.address.isLoopback || ownsServer else {
      throw BenchError(
        "\(address.address) is not this machine. A load test is an attack on whoever has not asked for it: if the server "
          + "and the network to it are yours, say --i-own-this-server", isMisuse: true)
    }
    return address
  }

  // MARK: - Where questions come from

  private func readSources(_ settings: inout BenchSettings) throws(BenchError) {
    guard let type = RecordType(text: type) else { throw wrong("--type", type, "a record type such as AAAA") }
    settings.type = type
    for text in queries {
      let (path, weight) = try weighted("--queries", text)
      settings.sources.append(.file(path, weight: weight))
    }
    for text in zones {
      let (path, weight) = try weighted("--zone", text)
      settings.sources.append(
        .zone(path, origin: try origin.map { (text) throws(BenchError) in try name("--origin", text) }, weight: weight))
    }
    for text in random {
      let (text, weight) = try weighted("--random", text)
      guard let dot = text.firstIndex(of: "."), let count = UInt64(text[..<dot]), count > 0 else {
        throw wrong("--random", text, "a number and a name, 1000000.example.com")
      }
      let below = try name("--random", String(text[text.index(after: dot)...]))
      settings.sources.append(.random(count: count, below: below, weight: weight))
    }
    guard !settings.sources.isEmpty else {
      throw BenchError("nothing to ask: say --queries FILE, --zone FILE or --random N.NAME", isMisuse: true)
    }
  }

  /// `WHAT` or `WHAT*WEIGHT`.
  private func weighted(_ option: String, _ text: String) throws(BenchError) -> (String, Int) {
    guard let star = text.lastIndex(of: "*") else { return (text, 1) }
    guard let weight = Int(text[text.index(after: star)...]), 1...1_000_000 ~= weight else {
      throw wrong(option, text, "a weight from 1 to 1000000 behind the star")
    }
    return (String(text[..<star]), weight)
  }

  private func name(_ option: String, _ text: String) throws(BenchError) -> DomainName {
    do throws(NameError) { return try DomainName(text) } catch { throw wrong(option, text, "a name; \(error)") }
  }

  // MARK: - How much, and how long

  private func readLoop(_ settings: inout BenchSettings) throws(BenchError) {
    if let duration { settings.duration = try time("--duration", duration) }
    if let count {
      guard count > 0 else { throw wrong("--count", "\(count)", "a number from 1") }
      settings.count = count
    }
    if duration == nil && count == nil && !findMax { settings.duration = 10_000_000_000 }
    settings.rate = try rate.map { (text) throws(BenchError) in try readRate(text) }
    if let rate = settings.rate, rate.first != rate.last, settings.duration == nil {
      throw BenchError("--rate with two rates needs a --duration to go from the one to the other", isMisuse: true)
    }
    settings.inFlight = try number("--in-flight", inFlight, 1...1_000_000)
    settings.timeout = try time("--timeout", timeout)
    settings.seed = seed
    settings.core = core
    if let serverProcess {
      settings.serverProcess = Int32(try number("--server-pid", serverProcess, 1...Int(Int32.max)))
    }
    guard findMax else { return }
    guard let share = share(loss) else { throw wrong("--loss", loss, "a share below 100 %, such as 0.1%") }
    settings.findMaxLoss = share
  }

  private func readRate(_ text: String) throws(BenchError) -> (first: Double, last: Double) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
    guard 1...2 ~= ends.count, let first = ends[0], let last = ends[ends.count - 1],
      0.001...1e9 ~= first, 0.001...1e9 ~= last
    else { throw wrong("--rate", text, "queries a second, 50000 or 1000-50000") }
    return (first, last)
  }

  private func number(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws(BenchError) -> Int {
    guard range ~= value else {
      throw wrong(option, "\(value)", "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Nanoseconds of `10s`, `250ms`, `2m`; a bare number is seconds.
  private func time(_ option: String, _ text: String) throws(BenchError) -> UInt64 {
    let units = [("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("", 1e9)]
    for (unit, scale) in units where text.hasSuffix(unit) {
      guard let value = Double(text.dropLast(unit.count)), value > 0, value * scale <= 86_400e9 else { break }
      return UInt64((value * scale).rounded())
    }
    throw wrong(option, text, "a time of at most a day, such as 10s or 250ms")
  }

  /// `0.1%` or `0.001`.
  private func share(_ text: String) -> Double? {
    let value = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
    guard let value, 0..<1 ~= value else { return nil }
    return value
  }

  // MARK: - How it is carried

  private func readTransport(_ settings: inout BenchSettings) throws(BenchError) {
    guard let transport = BenchSettings.Transport(rawValue: transport) else {
      throw wrong("--transport", transport, "udp or tcp")
    }
    settings.transport = transport
    settings.ports = try number("--ports", ports, 1...4096)
    settings.connections = try number("--connections", connections, 1...10_000)
    settings.pipeline = try number("--pipeline", pipeline, 1...32_768)
    settings.queriesPerConnection = try number("--queries-per-connection", queriesPerConnection, 0...Int(Int32.max))
    for text in (sources ?? "").split(separator: ",") {
      guard let address = IPAddress(text), address.isIPv6 == settings.server.address.isIPv6 else {
        throw wrong("--sources", String(text), "addresses of the server's family, separated by commas")
      }
      settings.sourceAddresses.append(address)
    }
  }

  private func readOptions(_ settings: inout BenchSettings) throws(BenchError) {
    settings.options.hasEDNS = !noEDNS
    settings.options.dnssecOK = dnssecOK
    settings.options.udpSize = UInt16(try number("--udp-size", udpSize, 512...65_535))
    if noEDNS && (dnssecOK || cookies) {
      throw BenchError("--dnssec-ok and --cookies are said in EDNS: they exclude --no-edns", isMisuse: true)
    }
    if cookies {
      guard settings.sourceAddresses.count < 2 else {
        throw BenchError("a cookie belongs to one address: --cookies excludes several --sources", isMisuse: true)
      }
      var random = SeededRandom(seed: seed)
      settings.options.clientCookie = random.next()
    }
  }

  /// `ADDRESS`, or `ADDRESS@TIME`: dead from then on.
  private func readDead(_ text: String) throws(BenchError) -> (address: IPAddress, from: UInt64) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { throw wrong("--dead", text, "an address, or ADDRESS@TIME") }
    return (address, parts.count > 1 ? try time("--dead", String(parts[1])) : 0)
  }
}
