/// A domain name of any octets, most specific label first.
struct Name: Hashable, CustomStringConvertible {
  let labels: [[UInt8]]

  init(labels: [[UInt8]]) { self.labels = labels }

  /// The name at the beginning of `wire`, which has no pointers; what is behind it does not matter.
  init(wire: [UInt8]) {
    var labels: [[UInt8]] = []
    var at = 0
    while at < wire.count, wire[at] != 0, at + Int(wire[at]) < wire.count {
      labels.append(Array(wire[(at + 1)...(at + Int(wire[at]))]))
      at += 1 + Int(wire[at])
    }
    self.labels = labels
  }

  /// For names without escapes.
  init(_ text: String) { labels = text.split(separator: ".").map { Array($0.utf8) } }

  var wire: [UInt8] { labels.flatMap { [UInt8($0.count)] + $0 } + [0] }
  var wireLength: Int { labels.reduce(1) { $0 + 1 + $1.count } }
  var parent: Name? { labels.isEmpty ? nil : Name(labels: Array(labels.dropFirst())) }
  var isWildcard: Bool { labels.first == [UInt8(ascii: "*")] }

  /// Nil when the name would be longer than 255 octets.
  func child(_ label: [UInt8]) -> Name? {
    wireLength + 1 + label.count <= 255 ? Name(labels: [label] + labels) : nil
  }

  func child(_ label: String) -> Name? { child(Array(label.utf8)) }

  func isAtOrBelow(_ other: Name) -> Bool {
    labels.count >= other.labels.count && Name(labels: Array(labels.suffix(other.labels.count))).key == other.key
  }

  func isBelow(_ other: Name) -> Bool { labels.count > other.labels.count && isAtOrBelow(other) }

  /// What equal names have in common: the wire form in lower case (RFC 4343).
  var key: [UInt8] { wire.map(lowercase) }

  /// As a master file has it, with the final dot.
  var description: String { labels.isEmpty ? "." : labels.map { escaped($0) + "." }.joined() }
}

func lowercase(_ octet: UInt8) -> UInt8 { octet >= 0x41 && octet <= 0x5A ? octet + 0x20 : octet }

/// A label with every octet but letters, digits, `-`, `_` and `*` escaped (RFC 1035 §5.1).
private func escaped(_ label: [UInt8]) -> String {
  label.map { octet in
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"):
      String(UnicodeScalar(octet))
    default: "\\" + padded(Int(octet), 3)
    }
  }.joined()
}

func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
