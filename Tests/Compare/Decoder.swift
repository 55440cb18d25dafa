/// Reads a message from its start to its end. After the first problem it returns zeros.
struct Decoder {
  let octets: [UInt8]
  var at = 0
  var problems: [String] = []

  init(octets: [UInt8]) { self.octets = octets }

  mutating func fail(_ problem: String) {
    if problems.isEmpty { problems.append(problem) }
    at = octets.count
  }

  mutating func skip(_ count: Int) {
    if at + count <= octets.count { at += count } else { fail("a record goes on behind the end") }
  }

  mutating func uint16() -> UInt16 {
    let start = at
    skip(2)
    return at == start + 2 ? UInt16(octets[start]) << 8 | UInt16(octets[start + 1]) : 0
  }

  /// A name in lower case, without compression.
  mutating func name(mayBeCompressed: Bool) -> [UInt8] {
    var name: [UInt8] = []
    var from = at
    var end: Int?
    while true {
      guard from < octets.count else { return failed("a name goes on behind the end") }
      let length = Int(octets[from])
      if length >= 0xC0 {
        guard from + 1 < octets.count else { return failed("half a pointer") }
        let pointer = (length & 0x3F) << 8 | Int(octets[from + 1])
        guard pointer < from, pointer >= 12 else { return failed("a pointer that does not lead back") }
        if !mayBeCompressed { return failed("a pointer where none may be") }
        end = end ?? from + 2
        from = pointer
        continue
      }
      guard length <= 63, from + length < octets.count else { return failed("a label that is no label") }
      name += octets[from...(from + length)].map(lowercase)
      guard name.count <= 255 else { return failed("a name of more than 255 octets") }
      from += length + 1
      if length == 0 { break }
    }
    at = end ?? from
    return name
  }

  private mutating func failed(_ problem: String) -> [UInt8] {
    fail(problem)
    return [0]
  }

  /// The data of a record, its names in lower case and without compression.
  mutating func data(_ type: UInt16, _ count: Int) -> (data: [UInt8], target: [UInt8]?) {
    let end = at + count
    guard end <= octets.count else {
      fail("data goes on behind the end")
      return ([], nil)
    }
    guard let layout = NameLayout(type) else {
      defer { at = end }
      return (Array(octets[at..<end]), nil)
    }
    var data: [UInt8] = []
    var target: [UInt8]?
    data += octets[at..<min(at + layout.before, end)]
    skip(layout.before)
    for _ in 0..<layout.strings where at < end {
      let length = 1 + Int(octets[at])
      data += octets[at..<min(at + length, end)]
      skip(length)
    }
    for _ in 0..<layout.names {
      let name = name(mayBeCompressed: layout.isCompressible)
      data += name
      if layout.hasAddresses { target = name }
    }
    guard problems.isEmpty, at <= end else {
      fail("data shorter than its type's")
      return ([], nil)
    }
    data += octets[at..<end]
    if type == Types.soa, end - at != 20 { fail("SOA data of the wrong size") }
    at = end
    return (data, target)
  }
}

/// Where names stand in the data of a type.
private struct NameLayout {
  var before = 0
  var strings = 0
  var names = 1
  /// RFC 3597 §4: the types of RFC 1035 only.
  var isCompressible = false
  var hasAddresses = false

  init?(_ type: UInt16) {
    switch type {
    case 2: (isCompressible, hasAddresses) = (true, true)  // NS
    case 3, 4, 5, 7, 8, 9, 12: isCompressible = true  // MD MF CNAME MB MG MR PTR
    case 6: (names, isCompressible) = (2, true)  // SOA
    case 14: (names, isCompressible) = (2, true)  // MINFO
    case 15: (before, isCompressible, hasAddresses) = (2, true, true)  // MX
    case 17: names = 2  // RP
    case 18, 21, 36: (before, hasAddresses) = (2, true)  // AFSDB RT KX
    case 33: (before, hasAddresses) = (6, true)  // SRV
    case 35: (before, strings) = (4, 3)  // NAPTR
    case 39, 47: break  // DNAME NSEC
    case 46: before = 18  // RRSIG
    case 64, 65: (before, hasAddresses) = (2, true)  // SVCB HTTPS
    default: return nil
    }
  }
}
