/// A message taken apart with nothing of the server's own code; what follows a broken part is not there.
package struct DecodedMessage: Sendable {
  package struct Question: Sendable, Equatable {
    /// As it stands in the message, with type and class.
    package var octets: [UInt8]
    /// In lower case.
    package var labels: [[UInt8]]
    package var type: UInt16
    package var recordClass: UInt16
  }

  package struct Record: Sendable {
    /// 1 to 3: answer, authority, additional.
    package var section: Int
    /// The octets of the owner's name, its last two perhaps a pointer that has not been followed.
    package var owner: [UInt8]
    package var type: UInt16
    package var recordClass: UInt16
    package var ttl: UInt32
    package var data: [UInt8]
  }

  package var identifier: UInt16
  package var flags: UInt16
  /// What the header says: questions, answers, authorities, additionals.
  package var counts: [Int]
  package var questions: [Question] = []
  package var records: [Record] = []
  /// Whether all that the header announces is there, and nothing behind it.
  package var isWhole = false

  /// Nil: shorter than a header.
  package init?(_ octets: [UInt8]) {
    guard octets.count >= 12 else { return nil }
    func number(_ at: Int) -> UInt16 { UInt16(octets[at]) << 8 | UInt16(octets[at + 1]) }
    identifier = number(0)
    flags = number(2)
    counts = [4, 6, 8, 10].map { Int(number($0)) }
    var at = 12
    for _ in 0..<counts[0] {
      guard let end = Self.endOfName(octets, at, mayPoint: false), end + 4 <= octets.count else { return }
      questions.append(
        Question(
          octets: Array(octets[at..<(end + 4)]), labels: Self.labels(octets, at), type: number(end),
          recordClass: number(end + 2)))
      at = end + 4
    }
    for section in 1...3 {
      for _ in 0..<counts[section] {
        guard let fixed = Self.endOfName(octets, at, mayPoint: true), fixed + 10 <= octets.count else { return }
        let end = fixed + 10 + Int(number(fixed + 8))
        guard end <= octets.count else { return }
        records.append(
          Record(
            section: section, owner: Array(octets[at..<fixed]), type: number(fixed), recordClass: number(fixed + 2),
            ttl: UInt32(number(fixed + 4)) << 16 | UInt32(number(fixed + 6)), data: Array(octets[(fixed + 10)..<end])))
        at = end
      }
    }
    isWhole = at == octets.count
  }

  /// The offset behind a name of at most 255 octets; nil when there is none at `start`.
  private static func endOfName(_ octets: [UInt8], _ start: Int, mayPoint: Bool) -> Int? {
    var at = start
    while at < octets.count {
      let length = Int(octets[at])
      if length >= 0xC0 { return mayPoint && at + 2 <= octets.count ? at + 2 : nil }
      guard length <= 63, at + 1 + length - start <= 255 else { return nil }
      at += 1 + length
      if length == 0 { return at }
    }
    return nil
  }

  private static func labels(_ octets: [UInt8], _ start: Int) -> [[UInt8]] {
    var labels: [[UInt8]] = []
    var at = start
    while octets[at] != 0 {
      labels.append(octets[(at + 1)...(at + Int(octets[at]))].map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 })
      at += 1 + Int(octets[at])
    }
    return labels
  }
}

extension DecodedMessage {
  package var isResponse: Bool { flags & 0x8000 != 0 }
  package var opcode: Int { Int(flags >> 11 & 15) }
  package var isTruncated: Bool { flags & 0x0200 != 0 }
  package var opt: Record? { records.first { $0.type == 41 } }

  /// With the upper bits of EDNS (RFC 6891 §6.1.3).
  package var code: Int { Int(flags & 15) | Int((opt?.ttl ?? 0) >> 24) << 4 }
  package var ednsVersion: Int? { opt.map { Int($0.ttl >> 16 & 0xFF) } }
  package var ednsFlags: Int? { opt.map { Int($0.ttl & 0xFFFF) } }

  /// Code and data of each option; nil where one ends behind the record, or there is no OPT record.
  package var options: [(code: Int, data: [UInt8])]? {
    guard let data = opt?.data else { return nil }
    var options: [(code: Int, data: [UInt8])] = []
    var at = 0
    while at + 4 <= data.count {
      let end = at + 4 + (Int(data[at + 2]) << 8 | Int(data[at + 3]))
      guard end <= data.count else { return nil }
      options.append((Int(data[at]) << 8 | Int(data[at + 1]), Array(data[(at + 4)..<end])))
      at = end
    }
    return at == data.count ? options : nil
  }

  package func records(_ section: Int, _ type: UInt16) -> [Record] {
    records.filter { $0.section == section && $0.type == type }
  }
}
