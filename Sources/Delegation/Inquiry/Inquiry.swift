package import Wire

/// A question as a tool asks it (RFC 1035 §4.1, RFC 6891).
package struct Inquiry: Sendable, Hashable {
  package var name: DomainName
  package var type: RecordType
  /// Of a resolver.
  package var wantsRecursion = false
  package var wantsSignatures = false
  /// Octets; nil: without EDNS.
  package var udpSize: UInt16? = 1232
  /// Of EDNS; any but 0 is to be answered BADVERS.
  package var version: UInt8 = 0
  /// Codes of options without data, which a server that does not know them ignores.
  package var options: [UInt16] = []

  package init(_ name: DomainName, _ type: RecordType) {
    self.name = name
    self.type = type
  }

  package func octets(identifier: UInt16) -> [UInt8] {
    var octets: [UInt8] = []
    func append(_ value: UInt16) { octets += [UInt8(value >> 8), UInt8(value & 0xFF)] }
    for word in [identifier, wantsRecursion ? HeaderFlags.recursionDesired : 0, 1, 0, 0, udpSize == nil ? 0 : 1] {
      append(word)
    }
    octets += name.wire
    append(type.rawValue)
    append(1)
    guard let udpSize else { return octets }
    octets.append(0)
    append(RecordType.opt.rawValue)
    append(udpSize)
    octets += [0, version]
    append(wantsSignatures ? 0x8000 : 0)
    append(UInt16(4 * options.count))
    for option in options {
      append(option)
      append(0)
    }
    return octets
  }
}

/// A record of a reply.
package struct AnswerRecord: Sendable, Hashable {
  package let owner: DomainName
  package let type: RecordType
  /// Seconds.
  package let ttl: UInt32
  /// In canonical form (RFC 4034 §6.2).
  package let data: [UInt8]

  /// As in a master file.
  package var text: String { RDataFormat(type).text(data.rawBytes) }
}

/// A reply, taken apart.
package struct Answer: Sendable {
  package var code = ResponseCode.noError
  package var isAuthoritative = false
  package var isTruncated = false
  package var offersRecursion = false
  package var hasEDNS = false
  /// As it came back, in the case in which it was written.
  package var question: DomainName?
  package var answer: [AnswerRecord] = []
  package var authority: [AnswerRecord] = []
  package var additional: [AnswerRecord] = []

  /// The data of the answer's records of one type at one name.
  package func data(_ name: DomainName, _ type: RecordType) -> Set<[UInt8]> {
    Set(answer.filter { $0.owner == name && $0.type == type }.map(\.data))
  }
}

extension Answer {
  /// Nil for what is no well-formed reply.
  package init?(_ octets: [UInt8]) {
    guard octets.count >= Message.headerLength, octets[2] & 0x80 != 0 else { return nil }
    func word(_ at: Int) -> Int { Int(octets[at]) << 8 | Int(octets[at + 1]) }
    isAuthoritative = octets[2] & 0x04 != 0
    isTruncated = octets[2] & 0x02 != 0
    offersRecursion = octets[3] & 0x80 != 0
    var code = UInt16(octets[3] & 0x0F)
    var at = Message.headerLength
    for _ in 0..<word(4) {
      guard let (name, end) = DomainName.read(octets, at: at), end + 4 <= octets.count else { return nil }
      question = DomainName(unchecked: name)
      at = end + 4
    }
    var sections: [[AnswerRecord]] = [[], [], []]
    for section in 0..<3 {
      for _ in 0..<word(6 + 2 * section) {
        guard let (name, fixed) = DomainName.read(octets, at: at), fixed + 10 <= octets.count else { return nil }
        let (type, length) = (RecordType(UInt16(word(fixed))), word(fixed + 8))
        at = fixed + 10 + length
        guard at <= octets.count else { return nil }
        if type == .opt {
          hasEDNS = true
          code |= UInt16(octets[fixed + 4]) << 4
          continue
        }
        guard let data = RDataFormat(type).expanded(octets, fixed + 10..<at) else { return nil }
        let ttl = UInt32(word(fixed + 4)) << 16 | UInt32(word(fixed + 6))
        sections[section].append(
          AnswerRecord(owner: DomainName(unchecked: name), type: type, ttl: ttl, data: data))
      }
    }
    self.code = ResponseCode(rawValue: code)
    (answer, authority, additional) = (sections[0], sections[1], sections[2])
  }
}
