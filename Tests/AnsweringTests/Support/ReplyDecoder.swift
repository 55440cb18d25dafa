import Wire

/// What no reply may have.
struct DecodingError: Error, CustomStringConvertible {
  let description: String
}

/// Reads replies with nothing of the server's own code for messages, and stricter than any client: a
/// pointer must lead back to where an earlier name has a label, or a pointer of its own.
struct ReplyDecoder {
  private let octets: [UInt8]
  private var at = 12
  /// Offsets at which labels of the names read so far begin, and pointers.
  private var labelStarts: Set<Int> = []

  static func decode(_ octets: [UInt8]) throws(DecodingError) -> Reply {
    guard octets.count >= 12 else { throw DecodingError(description: "shorter than a header") }
    var decoder = ReplyDecoder(octets: octets)
    return try decoder.decode()
  }

  private init(octets: [UInt8]) { self.octets = octets }

  private mutating func decode() throws(DecodingError) -> Reply {
    guard uint16(2) & 0x8000 != 0 else { throw fail("not a response") }
    guard uint16(4) <= 1 else { throw fail("\(uint16(4)) questions") }
    let question = uint16(4) == 1 ? try self.question() : nil
    var opt: Reply.OPT?
    let answer = try section(6, &opt)
    let authority = try section(8, &opt)
    guard opt == nil else { throw fail("OPT in the wrong section") }
    let additional = try section(10, &opt)
    guard at == octets.count else { throw fail("\(octets.count - at) octets after the last record") }
    return Reply(
      identifier: uint16(0), flags: uint16(2), question: question, answer: answer, authority: authority,
      additional: additional, opt: opt, size: octets.count)
  }

  private mutating func question() throws(DecodingError) -> Reply.Question {
    let name = try name(isCompressible: false)
    try need(4)
    defer { at += 4 }
    return Reply.Question(name: name, type: RecordType(uint16(at)), recordClass: uint16(at + 2))
  }

  private mutating func section(_ count: Int, _ opt: inout Reply.OPT?) throws(DecodingError) -> [Record] {
    var records: [Record] = []
    for _ in 0..<uint16(count) {
      let owner = try name(isCompressible: true)
      try need(10)
      let type = RecordType(uint16(at))
      let recordClass = uint16(at + 2)
      let ttl = UInt32(uint16(at + 4)) << 16 | UInt32(uint16(at + 6))
      let end = at + 10 + Int(uint16(at + 8))
      at += 10
      guard end <= octets.count else { throw fail("RDLENGTH beyond the end") }
      if type == .opt {
        guard opt == nil, owner == [0] else { throw fail("a second or strange OPT") }
        opt = Reply.OPT(
          udpSize: recordClass, extendedCode: UInt8(ttl >> 24), version: UInt8(ttl >> 16 & 0xFF),
          flags: UInt16(ttl & 0xFFFF), options: try options(end))
        continue
      }
      guard recordClass == 1 || type == .txt && recordClass == 3 || type == .tsig && recordClass == 255 else {
        throw fail("class \(recordClass)")
      }
      let data = try data(type, end)
      guard RDataFormat(type).isValid(data.span.octets) else { throw fail("data of \(type) that is not valid") }
      records.append(Record(owner: DomainName(unchecked: owner), type: type, ttl: ttl, data: data))
    }
    return records
  }

  private mutating func options(_ end: Int) throws(DecodingError) -> [Reply.Option] {
    var options: [Reply.Option] = []
    while at + 4 <= end {
      let next = at + 4 + Int(uint16(at + 2))
      guard next <= end else { throw fail("an option beyond RDLENGTH") }
      options.append(Reply.Option(code: uint16(at), data: Array(octets[at + 4..<next])))
      at = next
    }
    guard at == end else { throw fail("half an option") }
    return options
  }

  /// Only the types of RFC 1035 may have compressed names (RFC 3597 §4).
  private mutating func data(_ type: RecordType, _ end: Int) throws(DecodingError) -> [UInt8] {
    let (skipped, names, isCompressible) =
      switch type.rawValue {
      case 2, 5, 12: (0, 1, true)
      case 6: (0, 2, true)
      case 15: (2, 1, true)
      case 33: (6, 1, false)
      case 64, 65: (2, 1, false)
      case 39: (0, 1, false)
      default: (0, 0, false)
      }
    try need(skipped)
    var data = Array(octets[at..<(at + skipped)])
    at += skipped
    for _ in 0..<names { data += try name(isCompressible: isCompressible).map(DomainName.lowercase) }
    guard at <= end else { throw fail("a name beyond RDLENGTH") }
    data += octets[at..<end]
    at = end
    return data
  }

  /// Reads the name at `at` and goes behind it.
  private mutating func name(isCompressible: Bool) throws(DecodingError) -> [UInt8] {
    var name: [UInt8] = []
    var starts: [Int] = []
    var from = at
    var hasJumped = false
    while true {
      guard from < octets.count else { throw fail("a name beyond the end") }
      let label = Int(octets[from])
      if label >= 0xC0 {
        guard isCompressible else { throw fail("a compressed name where none may be") }
        guard from + 1 < octets.count else { throw fail("half a pointer") }
        let target = Int(uint16(from) & 0x3FFF)
        guard target < from else { throw fail("a pointer that does not go back") }
        guard labelStarts.contains(target) else { throw fail("a pointer to \(target), where no label begins") }
        if !hasJumped {
          starts.append(from)
          at = from + 2
        }
        hasJumped = true
        from = target
        continue
      }
      guard label <= 63 else { throw fail("a label of type \(label >> 6)") }
      guard from + label < octets.count else { throw fail("a label beyond the end") }
      if !hasJumped { starts.append(from) }
      name += octets[from...(from + label)]
      guard name.count <= 255 else { throw fail("a name of more than 255 octets") }
      from += label + 1
      if label == 0 { break }
    }
    if !hasJumped { at = from }
    labelStarts.formUnion(starts)
    return name
  }

  private func need(_ count: Int) throws(DecodingError) {
    guard at + count <= octets.count else { throw fail("ends within a record") }
  }

  private func uint16(_ offset: Int) -> UInt16 { UInt16(octets[offset]) << 8 | UInt16(octets[offset + 1]) }

  private func fail(_ what: String) -> DecodingError {
    DecodingError(description: "\(what), at \(at) of \(octets.count)")
  }
}
