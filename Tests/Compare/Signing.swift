import TestSupport

/// How a zone is signed. Keys and signatures are new in each run; all that matters for the shape of an
/// answer comes from the seed.
struct Signing {
  /// What proves that a name or a type is not there.
  enum Denial {
    case nsec
    /// RFC 5155, with a salt in hexadecimal or `-`. Opt-out leaves insecure delegations out of the chain.
    case nsec3(salt: String, iterations: Int, isOptOut: Bool)
  }

  let denial: Denial
  /// With a second key, every RRset has two signatures.
  let hasTwoKeys: Bool

  init(_ random: inout Random) {
    hasTwoKeys = random.chance(percent: 25)
    guard random.chance(percent: 65) else {
      denial = .nsec
      return
    }
    denial = .nsec3(
      salt: random.chance(percent: 50) ? "-" : hex(random.octets(random.within(1...16))),
      iterations: random.pick([0, 0, 0, 1, 2, 12, 50]), isOptOut: random.chance(percent: 50))
  }

  var isOptOut: Bool {
    if case .nsec3(_, _, true) = denial { true } else { false }
  }

  /// Signs the file at `path`; returns the path of the signed one.
  func sign(_ apex: Name, _ path: String) throws -> String {
    let zone = try SignedZone("\(apex)", at: path, keyCount: hasTwoKeys ? 2 : 1, options: options)
    try writeFile(zone.path, Self.withoutDoubledBackslashes(try readFile(zone.path)))
    return zone.path
  }

  /// NSD 4.6 does not read a label that ends in `\\`.
  private static func withoutDoubledBackslashes(_ text: String) -> String {
    var octets: [UInt8] = []
    var isEscaped = false
    for octet in text.utf8 {
      if isEscaped, octet == UInt8(ascii: "\\") { octets += Array("092".utf8) } else { octets.append(octet) }
      isEscaped = !isEscaped && octet == UInt8(ascii: "\\")
    }
    return String(decoding: octets, as: UTF8.self)
  }

  private var options: [String] {
    switch denial {
    case .nsec: []
    case .nsec3(let salt, let iterations, let isOptOut):
      ["-3", salt, "-H", "\(iterations)"] + (isOptOut ? ["-A"] : [])
    }
  }

  /// The owners of NSEC3 records in a signed file: names of their own that somebody may ask for.
  static func hashedOwners(_ text: String, below apex: Name) -> [Name] {
    text.split(separator: "\n").filter { $0.contains(" IN NSEC3 ") || $0.contains("\tIN\tNSEC3\t") }.compactMap {
      apex.child(String($0.prefix { $0 != "." }))
    }
  }
}

extension Signing: CustomStringConvertible {
  var description: String {
    let keys = hasTwoKeys ? ", two keys" : ""
    switch denial {
    case .nsec: return "NSEC" + keys
    case .nsec3(let salt, let iterations, let isOptOut):
      return "NSEC3 \(iterations) \(salt)\(isOptOut ? " opt-out" : "")" + keys
    }
  }
}
