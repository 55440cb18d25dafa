import Diagnostics
import Wire

extension Reader {
  mutating func server(_ node: Node?) -> Configuration.Server {
    var server = Configuration.Server()
    guard let node, let fields = fields(node, .server, at: node.position) else {
      server.listen = Reader.defaultListen(node?.position ?? top)
      return server
    }
    server.listen =
      fields["listen"].map { listen($0) } ?? Reader.defaultListen(node.position)
    server.workers = workers(fields["workers"])
    server.tcp = tcp(fields["tcp"])
    server.udpSize = integer(fields["udp-size"], in: 512...4096) ?? server.udpSize
    server.identity = identity(fields["identity"])
    server.cookies = fields["cookies"].flatMap { cookies($0) } ?? server.cookies
    server.sizeWithoutCookie = integer(fields["nocookie-size"], in: 512...4096)
    server.rateLimit = fields["rate-limit"].flatMap { rateLimit($0) }
    server.clientSubnet = choice(fields["client-subnet"], ["on": true, "off": false]) ?? false
    server.startWithin = duration(fields["start-within"], in: .zero ... .seconds(60))
    return server
  }

  /// Port 53 of every address of the machine.
  private static func defaultListen(_ position: Position) -> [Placed<SocketAddress>] {
    [IPAddress.v4(0), .v6(0, 0)].map { Placed(SocketAddress($0, port: 53), at: position) }
  }

  private mutating func listen(_ node: Node) -> [Placed<SocketAddress>] {
    let items = list(node)
    if items.isEmpty, !node.isNull { mismatch(node, expected: "at least one address with port") }
    if items.count > 64 { error(items[64].position, "`listen` takes at most 64 addresses") }
    var result: [Placed<SocketAddress>] = []
    for item in items.prefix(64) {
      guard let address = socketAddress(item, portsFrom: 1) else { continue }
      if let earlier = result.first(where: { Reader.overlap($0.value, address.value) }) {
        let how = earlier.value == address.value ? "is here twice" : "and \(earlier.value) overlap"
        error(item.position, "`listen`: \(address.value) \(how): remove one of the two")
      } else {
        result.append(address)
      }
    }
    return result
  }

  /// Whether the second cannot be bound beside the first (sockets of IPv6 take no IPv4).
  private static func overlap(_ a: SocketAddress, _ b: SocketAddress) -> Bool {
    a.port == b.port && a.address.isIPv6 == b.address.isIPv6
      && (a.address == b.address || a.address.isUnspecified || b.address.isUnspecified)
  }

  private mutating func workers(_ node: Node?) -> Int? {
    if case .scalar("auto", _)? = node?.content { return nil }
    return integer(node, in: 1...256, or: "auto")
  }

  private mutating func tcp(_ node: Node?) -> Configuration.TCP {
    var tcp = Configuration.TCP()
    guard let node, let fields = fields(node, .tcp, at: node.position) else { return tcp }
    tcp.connections = integer(fields["connections"], in: 1...100_000) ?? tcp.connections
    tcp.idle = duration(fields["idle"], in: .milliseconds(100) ... .seconds(3600)) ?? tcp.idle
    return tcp
  }

  private mutating func identity(_ node: Node?) -> String? {
    guard let node, let text = text(node, expected: "`none` or a text"), text != "none" else { return nil }
    guard text.utf8.count <= 128, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      mismatch(node, expected: "`none` or at most 128 printable ASCII characters")
      return nil
    }
    return text
  }

  private mutating func cookies(_ node: Node) -> Configuration.Cookies? {
    guard case .mapping = node.content else { return choice(node, ["on": .on, "off": .off]) }
    guard let fields = fields(node, .cookies, at: node.position) else { return nil }
    return file(required("secrets-file", of: fields, "`cookies`", example: "FILE")).map { .secretsFile($0) }
  }

  private mutating func rateLimit(_ node: Node) -> Configuration.RateLimit? {
    guard case .mapping = node.content else {
      if case .scalar("off", _) = node.content { return nil }
      mismatch(node, expected: "`off` or { responses: 200/s }")
      return nil
    }
    guard let fields = fields(node, .rateLimit, at: node.position) else { return nil }
    let slip = integer(fields["slip"], in: 0...100)
    let exempt = list(fields["exempt"]).compactMap { prefix($0) }
    guard let rate = required("responses", of: fields, "`rate-limit`", example: "200/s") else { return nil }
    return responses(rate).map { Configuration.RateLimit(responses: $0, slip: slip ?? 2, exempt: exempt) }
  }

  private mutating func responses(_ node: Node) -> Int? {
    let expected = "a rate from 1/s to 1000000/s, such as 200/s"
    guard let text = text(node, expected: expected) else { return nil }
    guard text.hasSuffix("/s"), let rate = decimal(text.dropLast(2)), (1...1_000_000).contains(rate) else {
      mismatch(node, expected: expected)
      return nil
    }
    return rate
  }

  mutating func control(_ node: Node) -> Configuration.Control? {
    guard let fields = fields(node, .control, at: node.position) else { return nil }
    let token = file(fields["token-file"])
    let hosts = list(fields["hosts"]).compactMap { hostName($0)?.lowercased() }
    guard let listen = required("listen", of: fields, "`control`", example: "\"127.0.0.1:8053\""),
      let address = socketAddress(listen, portsFrom: 0)
    else { return nil }
    if !address.value.address.isLoopback, fields["token-file"] == nil {
      error(
        address.position, "others can reach \(address.value): add `token-file: FILE`, or listen on 127.0.0.1 or ::1")
    }
    return Configuration.Control(listen: address, tokenFile: token, hosts: Set(hosts))
  }

  /// Exactly one of a command and a place to post to.
  mutating func onChange(_ node: Node) -> Configuration.OnChange? {
    guard let fields = fields(node, .onChange, at: node.position) else { return nil }
    let timeout = duration(fields["timeout"], in: .milliseconds(100) ... .seconds(300)) ?? .seconds(10)
    let command = list(fields["command"]).compactMap {
      text($0, expected: "a program, or a list of it and its arguments")
    }
    let target = fields["post"].flatMap { postTarget($0) }
    guard (fields["command"] == nil) != (fields["post"] == nil) else {
      error(
        fields.position,
        "`on-change` takes either `command: [PROGRAM, ARGUMENT, …]` or `post: http://ADDRESS:PORT/PATH`")
      return nil
    }
    if let target { return Configuration.OnChange(target: target, timeout: timeout) }
    guard let program = command.first else { return nil }
    guard program.hasPrefix("/") else {
      error(node.position, "`on-change`: write the program with its whole path: no shell looks for `\(shown(program))`")
      return nil
    }
    return Configuration.OnChange(target: .command(command), timeout: timeout)
  }

  /// `http://ADDRESS:PORT/PATH`: by address, as a server of names should not need one to tell of a change.
  private mutating func postTarget(_ node: Node) -> Configuration.OnChange.Target? {
    let expected = "http://ADDRESS:PORT/PATH, such as http://127.0.0.1:9000/changed"
    guard let text = text(node, expected: expected) else { return nil }
    let prefix = "http://"
    let rest = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : ""
    let host = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(host.count)
    let address =
      SocketAddress(host)
      ?? IPAddress(host.hasPrefix("[") ? host.dropFirst().dropLast() : host).map { SocketAddress($0, port: 80) }
    guard let address, address.port > 0, path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      mismatch(node, expected: expected)
      return nil
    }
    return .post(address: address, host: String(host), path: path.isEmpty ? "/" : String(path))
  }

  mutating func log(_ node: Node?) -> Configuration.Log {
    var log = Configuration.Log()
    guard let node, let fields = fields(node, .log, at: node.position) else { return log }
    log.level =
      choice(fields["level"], ["debug": .debug, "info": .info, "warning": .warning, "error": .error]) ?? log.level
    log.format = choice(fields["format"], ["text": .text, "json": .json]) ?? log.format
    return log
  }
}
