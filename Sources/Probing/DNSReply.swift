package import Failover
import Wire

/// One datagram as the answer to a check's question (RFC 1035 §4).
package enum DNSReply {
  package enum Verdict: Equatable {
    /// Another message: somebody else's, late, or forged.
    case foreign
    case expected
    case failed(FailureReason)
  }

  /// Octets that are received of a datagram at most.
  package static var limit: Int { 4096 }
  /// Records that are looked at; what a datagram holds.
  private static var maximumRecords: Int { 400 }

  /// The query: recursion is asked for, which an authoritative server ignores.
  package static func query(_ question: ProbeSpecification.Question, identifier: UInt16) -> [UInt8] {
    [UInt8(identifier >> 8), UInt8(identifier & 0xFF), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + questionOctets(question)
  }

  private static func questionOctets(_ question: ProbeSpecification.Question) -> [UInt8] {
    let type = question.type.rawValue
    return question.name.wire + [UInt8(type >> 8), UInt8(type & 0xFF), 0, 1]
  }

  package static func judge(
    _ reply: [UInt8], to question: ProbeSpecification.Question, identifier: UInt16
  ) -> Verdict {
    guard reply.count >= 12, uint16(reply, 0) == identifier, reply[2] & 0xF8 == 0x80, uint16(reply, 4) == 1 else {
      return .foreign
    }
    let asked = questionOctets(question)
    let echoed = reply[12...].prefix(asked.count)
    guard echoed.map(DomainName.lowercase) == asked.map(DomainName.lowercase) else { return .foreign }
    let code = ResponseCode(rawValue: UInt16(reply[3] & 0x0F))
    guard code == .noError else { return .failed(.unexpectedAnswer("the answer is \(name(of: code))")) }
    guard let data = data(reply, from: 12 + asked.count, type: question.type) else {
      return .failed(.unexpectedAnswer("the answer is malformed"))
    }
    return judge(data, question, isTruncated: reply[2] & 0x02 != 0)
  }

  private static func judge(
    _ data: [[UInt8]], _ question: ProbeSpecification.Question, isTruncated: Bool
  ) -> Verdict {
    let missing = question.expected.filter { !data.contains($0.data) }
    if missing.isEmpty, !data.isEmpty { return .expected }
    if isTruncated { return .failed(.unexpectedAnswer("the answer is truncated")) }
    guard let first = missing.first, !data.isEmpty else {
      return .failed(.unexpectedAnswer("the answer has no \(question.type) record"))
    }
    let format = RDataFormat(question.type)
    let found = data.prefix(4).map { printable(format.text($0.rawBytes).utf8, limit: 80) }.joined(separator: ", ")
    return .failed(.unexpectedAnswer("the answer is \(found)\(data.count > 4 ? ", …" : ""), without \(first.text)"))
  }

  /// The data, in canonical form, of the answer's records of `type`; nil when the message is malformed.
  private static func data(_ reply: [UInt8], from start: Int, type: RecordType) -> [[UInt8]]? {
    var result: [[UInt8]] = []
    var at = start
    for _ in 0..<min(Int(uint16(reply, 6)), maximumRecords) {
      guard let (_, end) = DomainName.read(reply, at: at), end + 10 <= reply.count else {
        // A truncated message may end anywhere.
        return reply[2] & 0x02 != 0 ? result : nil
      }
      let range = end + 10..<end + 10 + Int(uint16(reply, end + 8))
      guard range.upperBound <= reply.count else { return reply[2] & 0x02 != 0 ? result : nil }
      if uint16(reply, end) == type.rawValue, uint16(reply, end + 2) == 1 {
        guard let data = RDataFormat(type).expanded(reply, range) else { return nil }
        result.append(data)
      }
      at = range.upperBound
    }
    return result
  }

  private static func uint16(_ octets: [UInt8], _ at: Int) -> UInt16 {
    UInt16(octets[at]) << 8 | UInt16(octets[at + 1])
  }

  private static func name(of code: ResponseCode) -> String {
    let known = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
    return code.rawValue < known.count ? known[Int(code.rawValue)] : "RCODE\(code.rawValue)"
  }
}
