import Configuration
import JSONFormat
import Wire

extension Configuration.MemberCheck {
  /// `HealthCheckConfig` of a probe of an address; nil where Route 53 has none, which the report says.
  func config(_ address: IPAddress, _ report: inout ImportReport) -> [JSON.Member]? {
    let subject = "check \(check.name.value)"
    guard let type else {
      report.gap(subject, "checks of this type are not known to Route 53: its endpoints are always healthy there")
      return nil
    }
    if max(check.path.utf8.count, body?.utf8.count ?? 0, host?.utf8.count ?? 0) > 255 {
      report.gap(subject, "path, host and body have at most 255 octets in Route 53: it is left out")
      return nil
    }
    var members: [JSON.Member] = []
    func put(_ name: String, _ value: JSON) { members.append(.init(name: name, value: value)) }
    put("Type", .string(type))
    if hostName == nil { put("IPAddress", .string("\(self.address ?? address)")) }
    put("Port", .integer(port))
    if check.kind != .tcp {
      put("ResourcePath", .string(check.path))
      if let body { put("SearchString", .string(body)) }
    }
    if let domain = hostName ?? headerName { put("FullyQualifiedDomainName", .string(domain)) }
    put("RequestInterval", .integer(seconds))
    put("FailureThreshold", .integer(threshold))
    if check.kind == .https { put("EnableSNI", .bool(sni != nil)) }
    noteLosses(self.address ?? address, subject, &report)
    return members
  }

  private var type: String? {
    switch check.kind {
    case .tcp: "TCP"
    case .http: body == nil ? "HTTP" : "HTTP_STR_MATCH"
    case .https: body == nil ? "HTTPS" : "HTTPS_STR_MATCH"
    case .dns, .command, .calculated, .manual: nil
    }
  }

  private var body: String? { if case .text(let text) = check.options.body { text } else { nil } }
  /// Route 53 knows these two intervals.
  private var seconds: Int { check.interval >= .seconds(20) ? 30 : 10 }
  private var threshold: Int { min(10, check.fall) }

  /// Of the Host header; nil where that is the probed address, which Route 53 sends by itself.
  private var headerName: String? {
    guard let host, IPAddress(host) == nil, SocketAddress(host) == nil, !host.hasPrefix("[") else { return nil }
    return host.split(separator: ":").first.map(String.init)
  }

  /// What Route 53 will send: with the port unless it is the usual one.
  private func header(_ address: IPAddress) -> String {
    let name = hostName ?? headerName ?? (address.isIPv6 ? "[\(address)]" : "\(address)")
    return port == (check.kind == .https ? 443 : 80) ? name : "\(name):\(port)"
  }

  // MARK: - What is lost

  private func noteLosses(_ address: IPAddress, _ subject: String, _ report: inout ImportReport) {
    var lines: [String] = []
    if check.interval != .seconds(seconds) {
      lines.append("Route 53 probes every 10 or 30 s: `interval` becomes \(seconds) s")
    }
    if check.rise != check.fall || check.fall > 10 {
      lines.append("Route 53 has one number of 1 to 10 for `rise` and `fall`: it becomes \(threshold)")
    }
    if !hasTheirLimits {
      lines.append("times are limited as Route 53 does it: 10 s for TCP, else 4 s to connect and 2 s for the answer")
    }
    if check.judgement.flap != nil || check.judgement.holdDown > .zero || check.judgement.forgiveAfter != nil {
      lines.append("holds, flap limits and interleaved counting are not known to Route 53")
    }
    let keys = unknownKeys
    if !keys.isEmpty { lines.append("\(keys.map { "`\($0)`" }.joined(separator: ", ")): not known to Route 53") }
    if check.kind != .tcp, let host, host.lowercased() != header(address).lowercased() {
      lines.append("the Host header becomes \(header(address))")
    }
    if check.kind == .https, check.verify { lines.append("Route 53 does not look at certificates") }
    if check.kind != .tcp, check.statuses != [200...399] { lines.append("Route 53 takes 200 to 399 for good") }
    if hostName == nil, address.isPrivate { lines.append("Route 53 refuses to probe \(address), a private address") }
    for line in lines { report.note(subject, line) }
  }

  private var hasTheirLimits: Bool {
    check.kind == .tcp
      ? check.timeout == .seconds(10)
      : check.options.connectTimeout == .seconds(4) && check.options.firstByteTimeout == .seconds(2)
  }

  /// Keys of the configuration that are set and have no member there.
  private var unknownKeys: [String] {
    let options = check.options
    var keys: [String] = []
    if case .pattern = options.body { keys.append("body-matches") }
    if options.send != nil { keys.append("send") }
    if options.expected != nil { keys.append("expect") }
    if let method = options.method, method != "GET" { keys.append("method") }
    if options.headers != nil { keys.append("headers") }
    if options.fastInterval != nil { keys.append("fast-interval") }
    if !options.sources.isEmpty { keys.append("source") }
    if options.minimumDays != nil { keys.append("min-days") }
    if options.clientCertificate != nil { keys.append("client-cert") }
    if let sni, let headerName, sni.lowercased() != headerName.lowercased() { keys.append("sni") }
    return keys
  }
}

extension IPAddress {
  /// Not reached over the Internet.
  fileprivate var isPrivate: Bool {
    [
      "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
      "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    ].contains { IPPrefix($0)?.contains(self) ?? false }
  }
}
