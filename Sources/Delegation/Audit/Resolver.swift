import Memory
import Sockets
package import Wire

/// The system's resolvers, asked as any client asks them.
package struct Resolver: Sendable {
  package let servers: [SocketAddress]
  let patience: Patience

  package init(_ servers: [SocketAddress], _ patience: Patience) {
    self.servers = servers
    self.patience = patience
  }

  /// Those of a file like /etc/resolv.conf, at most three; without any, one on this machine (resolv.conf(5)).
  package init(file path: String, _ patience: Patience) {
    var servers: [SocketAddress] = []
    if let file = try? FileContents(path, limit: 1 << 16) {
      servers = Resolver.servers((0..<file.count).map { file.bytes[$0] })
    }
    self.init(servers.isEmpty ? [SocketAddress(.v4(0x7F00_0001), port: 53)] : servers, patience)
  }

  package static func servers(_ text: [UInt8]) -> [SocketAddress] {
    let lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
    let words = lines.map { $0.split { $0 == " " || $0 == "\t" } }
    let addresses = words.compactMap { $0.count >= 2 && $0[0] == "nameserver" ? IPAddress($0[1]) : nil }
    return addresses.prefix(3).map { SocketAddress($0, port: 53) }
  }

  var text: String { servers.map(\.description).joined(separator: ", ") }

  /// The first answer that says anything; nil and why, when there is none.
  func ask(_ name: DomainName, _ type: RecordType) -> (answer: Answer?, trouble: String) {
    var trouble = "no resolver"
    for server in servers {
      var inquiry = Inquiry(name, type)
      inquiry.wantsRecursion = true
      do throws(InquiryError) {
        let inquirer = Inquirer(server, patience, tries: 2)
        var answer = try inquirer.ask(inquiry)
        if answer.isTruncated { answer = try inquirer.ask(inquiry, over: .tcp) }
        if answer.code == .noError || answer.code == .nxDomain { return (answer, "") }
        trouble = "the resolver \(server) answers \(answer.code)"
      } catch { trouble = "the resolver \(server): \(error)" }
    }
    return (nil, trouble)
  }

  /// Empty, and why, when there are none.
  func addresses(_ name: DomainName) -> (addresses: [IPAddress], trouble: String) {
    var found: Set<IPAddress> = []
    var trouble = "it has none"
    for type in [RecordType.a, .aaaa] {
      let (answer, why) = ask(name, type)
      if let answer { found.formUnion(answer.addresses(name)) } else { trouble = why }
    }
    return (found.sorted { $0.description < $1.description }, trouble)
  }

  /// The servers of the zone above the name: the nearest name above it that has NS records.
  func parent(of name: DomainName) -> (servers: [DomainName], trouble: String) {
    var above = name.parent
    while let zone = above {
      let (answer, trouble) = ask(zone, .ns)
      guard let answer else { return ([], "the zone above \(name.shortText) was not found: \(trouble)") }
      let names = answer.data(zone, .ns).compactMap { DomainName(wire: $0) }
      if !names.isEmpty { return (names.sorted(), "") }
      above = zone.parent
    }
    return ([], "the zone above \(name.shortText) was not found: \(text) knows no NS records there")
  }
}
