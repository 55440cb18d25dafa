/// Writes small databases in MaxMind's format (MaxMind DB 2.0), as the distributors of locations make them.
package struct LocationFile {
  /// What one side of a node leads to.
  private enum Record { case nothing, node(Int), place(Int) }

  private var nodes: [(left: Record, right: Record)] = [(.nothing, .nothing)]
  private var places: [(country: String?, continent: String?)] = []
  private let isIPv6: Bool
  package var type = "Test-Country"

  package init(isIPv6: Bool = true) { self.isIPv6 = isIPv6 }

  /// Says where a network is. Larger networks go before those inside them.
  ///
  /// - Parameter address: 4 or 16 octets.
  package mutating func add(_ address: [UInt8], _ length: Int, country: String? = nil, continent: String? = nil) {
    places.append((country, continent))
    set(path(address, length), to: .place(places.count - 1))
  }

  /// Has a part of IPv6 lead to where IPv4 is, as 6to4 and Teredo do.
  package mutating func alias(_ address: [UInt8], _ length: Int) {
    set(path(address, length), to: .node(follow(Array(repeating: false, count: 96))))
  }

  /// Has a node lead to itself.
  package mutating func loop(_ address: [UInt8], _ length: Int) {
    let bits = path(address, length)
    set(bits, to: .node(follow(Array(bits.dropLast()))))
  }

  private func path(_ address: [UInt8], _ length: Int) -> [Bool] {
    let bits = (0..<length).map { address[$0 / 8] & 0x80 >> ($0 % 8) != 0 }
    return isIPv6 && address.count == 4 ? Array(repeating: false, count: 96) + bits : bits
  }

  private mutating func set(_ bits: [Bool], to record: Record) {
    let node = follow(Array(bits.dropLast()))
    if bits.last == true { nodes[node].right = record } else { nodes[node].left = record }
  }

  /// The node behind some bits; what leads there is made, and parts a larger network.
  private mutating func follow(_ bits: [Bool]) -> Int {
    var node = 0
    for bit in bits {
      let record = bit ? nodes[node].right : nodes[node].left
      if case .node(let next) = record {
        node = next
        continue
      }
      nodes.append((record, record))
      if bit { nodes[node].right = .node(nodes.count - 1) } else { nodes[node].left = .node(nodes.count - 1) }
      node = nodes.count - 1
    }
    return node
  }

  // MARK: - Octets

  package var octets: [UInt8] {
    var data: [UInt8] = []
    var offsets: [Int] = []
    for place in places {
      offsets.append(data.count)
      var fields: [(String, [UInt8])] = []
      if let country = place.country { fields.append(("country", Self.map([("iso_code", Self.text(country))]))) }
      if let continent = place.continent { fields.append(("continent", Self.map([("code", Self.text(continent))]))) }
      data += Self.map(fields)
    }
    func number(_ record: Record) -> [UInt8] {
      let value =
        switch record {
        case .nothing: nodes.count
        case .node(let node): node
        case .place(let place): nodes.count + 16 + offsets[place]
        }
      return [UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
    let tree = nodes.flatMap { number($0.left) + number($0.right) }
    return tree + Array(repeating: 0, count: 16) + data + [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8) + metadata
  }

  private var metadata: [UInt8] {
    Self.map([
      ("node_count", Self.number(6, nodes.count)), ("record_size", Self.number(5, 24)),
      ("ip_version", Self.number(5, isIPv6 ? 6 : 4)), ("database_type", Self.text(type)),
      // An array and a 64-bit number: types of two octets.
      ("languages", [1, 4] + Self.text("en")), ("binary_format_major_version", Self.number(5, 2)),
      ("binary_format_minor_version", Self.number(5, 0)), ("build_epoch", [1, 2, 1]), ("description", Self.map([])),
    ])
  }

  private static func map(_ fields: [(String, [UInt8])]) -> [UInt8] {
    [7 << 5 | UInt8(fields.count)] + fields.flatMap { text($0.0) + $0.1 }
  }

  /// Of fewer than 29 octets.
  private static func text(_ text: String) -> [UInt8] { [2 << 5 | UInt8(text.utf8.count)] + Array(text.utf8) }

  private static func number(_ type: UInt8, _ value: Int) -> [UInt8] {
    [type << 5 | 2, UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
  }
}
