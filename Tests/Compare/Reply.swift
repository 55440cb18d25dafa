/// A reply taken apart, strictly: what no reply may have goes to `problems`.
struct Reply {
  struct Record: Hashable {
    /// Lower case, uncompressed.
    var owner: [UInt8]
    var type: UInt16
    var recordClass: UInt16
    var ttl: UInt32
    /// With its names in lower case and uncompressed.
    var data: [UInt8]
    /// A name in the data, where the type has one whose addresses are worth sending along.
    var target: [UInt8]?

    /// The type that an RRSIG record signs (RFC 4034 §3.1.1).
    var covered: UInt16? {
      type == Types.rrsig && data.count > 1 ? UInt16(data[0]) << 8 | UInt16(data[1]) : nil
    }
  }

  var length = 0
  /// The octets before the additional section, and those of OPT.
  var lengthWithoutAdditional = 0
  var identifier: UInt16 = 0
  var flags: UInt16 = 0
  /// With the upper bits of EDNS.
  var code = 0
  var question: [UInt8] = []
  /// Answer, authority, additional; without the OPT record.
  var sections: [[Record]] = [[], [], []]
  var edns: (version: UInt8, flags: UInt16)?
  var problems: [String] = []

  var isTruncated: Bool { flags & 0x0200 != 0 }
  var isAuthoritative: Bool { flags & 0x0400 != 0 }
}

extension Reply {
  init(_ octets: [UInt8]) {
    var decoder = Decoder(octets: octets)
    length = octets.count
    guard octets.count >= 12 else {
      problems = ["shorter than a header"]
      return
    }
    identifier = decoder.uint16()
    flags = decoder.uint16()
    code = Int(flags & 0xF)
    let counts = (0..<4).map { _ in Int(decoder.uint16()) }
    for _ in 0..<counts[0] {
      _ = decoder.name(mayBeCompressed: false)
      decoder.skip(4)
    }
    question = Array(octets[12..<min(max(12, decoder.at), octets.count)])
    for section in 0..<3 {
      if section == 2 { lengthWithoutAdditional = decoder.at }
      for _ in 0..<counts[section + 1] where decoder.problems.isEmpty { read(section, &decoder) }
    }
    if edns != nil { lengthWithoutAdditional += 11 }
    if decoder.problems.isEmpty, decoder.at != octets.count {
      decoder.problems.append("\(octets.count - decoder.at) octets behind the last record")
    }
    problems += decoder.problems
    for section in 0..<3 where Set(sections[section]).count != sections[section].count {
      problems.append("a record twice in one section")
    }
    for section in 0..<3 { checkTTLs(sections[section]) }
  }

  private mutating func read(_ section: Int, _ decoder: inout Decoder) {
    let owner = decoder.name(mayBeCompressed: true)
    let type = decoder.uint16()
    let recordClass = decoder.uint16()
    let ttl = UInt32(decoder.uint16()) << 16 | UInt32(decoder.uint16())
    let count = Int(decoder.uint16())
    if type == Types.opt {
      if section != 2 || owner != [0] || edns != nil { problems.append("OPT in the wrong place") }
      code |= Int(ttl >> 24) << 4
      edns = (UInt8(truncatingIfNeeded: ttl >> 16), UInt16(truncatingIfNeeded: ttl))
      decoder.skip(count)
      return
    }
    let (data, target) = decoder.data(type, count)
    sections[section].append(
      Record(owner: owner, type: type, recordClass: recordClass, ttl: ttl, data: data, target: target))
  }

  /// RFC 2181 §5.2.
  private mutating func checkTTLs(_ section: [Record]) {
    var ttls: [RRsetKey: UInt32] = [:]
    for record in section {
      let known = ttls.updateValue(record.ttl, forKey: record.key)
      if known != nil, known != record.ttl { problems.append("TTLs differ within an RRset") }
    }
  }
}

struct RRsetKey: Hashable {
  var owner: [UInt8]
  var type: UInt16
  /// Signatures over different types are not one RRset (RFC 4035 §2.2).
  var covered: UInt16?
}

extension Reply.Record {
  var key: RRsetKey { RRsetKey(owner: owner, type: type, covered: covered) }
}
