import Diagnostics
import Wire

extension Reader {
  mutating func zones(_ node: Node?, keys: [Configuration.Key]) -> [Configuration.Zone] {
    if let node, node.isNull || Reader.isEmptyMapping(node) {
      error(node.position, "`zones` names no zone: add one, such as app.example.com: { file: app.example.com.zone }")
    }
    var zones: [DomainName: Position] = [:]
    return named(node, "`zones`").compactMap { entry -> Configuration.Zone? in
      let name = zoneName(entry, among: zones)
      if let name { zones[name.value] = name.position }
      guard let fields = fields(entry.value, .zone, at: entry.position) else { return nil }
      let file = file(required("file", of: fields, "the zone `\(shown(entry.key))`", example: "FILE"))
      let transfer = list(fields["transfer"]).compactMap { prefix($0) }
      let update = list(fields["update"]).compactMap { updateRule($0, keys: keys) }
      guard let name, let file else { return nil }
      return Configuration.Zone(name: name, file: file, transfer: transfer, update: update)
    }
  }

  private mutating func zoneName(
    _ entry: Node.Entry, among zones: [DomainName: Position]
  ) -> Placed<DomainName>? {
    guard let name = name(entry.key, at: entry.position) else { return nil }
    if name.value.isWildcard {
      error(name.position, "a zone cannot have a wildcard's name: wildcards are records in its file")
      return nil
    }
    if let earlier = zones[name.value] {
      error(name.position, "the zone `\(name.value.shortText)` is here twice: it is already on line \(earlier.line)")
      return nil
    }
    return name
  }

  private static func isEmptyMapping(_ node: Node) -> Bool {
    guard case .mapping(let entries) = node.content else { return false }
    return entries.isEmpty
  }

  private mutating func updateRule(_ node: Node, keys: [Configuration.Key]) -> Configuration.UpdateRule? {
    guard let fields = fields(node, .update, at: node.position) else { return nil }
    let key = keyReference(required("key", of: fields, "an update rule", example: "KEY"), keys)
    let names = list(required("names", of: fields, "an update rule", example: "[\"_acme-challenge.**\"]"))
      .compactMap { namePattern($0) }
    let types = list(required("types", of: fields, "an update rule", example: "[TXT]")).compactMap { recordType($0) }
    return key.map { Configuration.UpdateRule(key: $0, names: names, types: types) }
  }

  /// A name in which `*` stands for one label and `**` for any number of them.
  private mutating func namePattern(_ node: Node) -> Placed<String>? {
    guard let text = text(node, expected: "a name, or a pattern such as \"_acme-challenge.**\"") else { return nil }
    return name(text, at: node.position).map { Placed(text, at: $0.position) }
  }

  private mutating func recordType(_ node: Node) -> RecordType? {
    let expected = "a record type, such as TXT or TYPE65280"
    guard let text = text(node, expected: expected) else { return nil }
    if let type = Reader.recordTypes[text.uppercased()] { return RecordType(type) }
    if text.uppercased().hasPrefix("TYPE"), let number = decimal(text.dropFirst(4)), let type = UInt16(exactly: number)
    {
      return RecordType(type)
    }
    mismatch(node, expected: expected)
    return nil
  }

  /// What an update may reasonably be allowed to change; others are written TYPEn (RFC 3597 §5).
  private static let recordTypes: [String: UInt16] = [
    "A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35, "DNAME": 39,
    "DS": 43, "SSHFP": 44, "TLSA": 52, "CDS": 59, "CDNSKEY": 60, "SVCB": 64, "HTTPS": 65, "CAA": 257,
  ]

  mutating func keys(_ node: Node?) -> [Configuration.Key] {
    var known: [DomainName: Position] = [:]
    return named(node, "`keys`").compactMap { entry -> Configuration.Key? in
      let name = name(entry.key, at: entry.position)
      guard let fields = fields(entry.value, .key, at: entry.position) else { return nil }
      let title = "the key `\(shown(entry.key))`"
      let algorithm = algorithm(required("algorithm", of: fields, title, example: "hmac-sha256"))
      let file = file(required("secret-file", of: fields, title, example: "FILE"))
      guard let name else { return nil }
      if let earlier = known.updateValue(name.position, forKey: name.value) {
        error(name.position, "\(title) is here twice: it is already on line \(earlier.line)")
      }
      // A key with something wrong stays known, so that what refers to it is not wrong as well.
      return Configuration.Key(
        name: name, algorithm: algorithm ?? .hmacSHA256, secretFile: file ?? Placed("", at: name.position))
    }
  }

  private mutating func algorithm(_ node: Node?) -> Configuration.Key.Algorithm? {
    if let node, case .scalar(let text, _) = node.content, ["hmac-md5", "hmac-sha1"].contains(text.lowercased()) {
      error(node.position, "`\(text)` is not secure any more: use hmac-sha256, here and at the client")
      return nil
    }
    return choice(node, ["hmac-sha256": .hmacSHA256, "hmac-sha384": .hmacSHA384, "hmac-sha512": .hmacSHA512])
  }

  mutating func peers(_ node: Node?, keys: [Configuration.Key]) -> [Configuration.Peer] {
    var known: [String: Position] = [:]
    return list(node).compactMap { item in
      guard let peer = peer(item, keys: keys) else { return nil }
      if let earlier = known.updateValue(peer.name.position, forKey: peer.name.value) {
        error(peer.name.position, "the peer `\(peer.name.value)` is here twice: it is already on line \(earlier.line)")
      }
      return peer
    }
  }

  private mutating func peer(_ node: Node, keys: [Configuration.Key]) -> Configuration.Peer? {
    guard let fields = fields(node, .peer, at: node.position) else { return nil }
    let name = identifier(required("name", of: fields, "a peer", example: "ns2"))
    let address = required("address", of: fields, "a peer", example: "198.51.100.53").flatMap { self.address($0) }
    let port = port(fields["port"]) ?? 53
    let key = keyReference(required("key", of: fields, "a peer", example: "KEY"), keys)
    guard let name, let address, let key else { return nil }
    return Configuration.Peer(name: name, address: SocketAddress(address.value, port: port), key: key)
  }

  private mutating func keyReference(_ node: Node?, _ keys: [Configuration.Key]) -> DomainName? {
    guard let name = name(node) else { return nil }
    if keys.contains(where: { $0.name.value == name.value }) { return name.value }
    let near = suggestion(for: name.value.shortText, among: keys.map { $0.name.value.shortText })
    error(
      name.position,
      "there is no key `\(name.value.shortText)`: " + (near.map { "did you mean `\($0)`?" } ?? "add it to `keys:`"))
    return nil
  }
}
