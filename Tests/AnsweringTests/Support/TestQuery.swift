import Wire

/// A query of which every field can be wrong.
struct TestQuery {
  var identifier: UInt16 = 0x1234
  var flags: UInt16 = 0
  var name: [UInt8]
  var type: UInt16
  var recordClass: UInt16 = 1
  var edns: EDNS?

  struct EDNS: Sendable {
    var udpSize: UInt16 = 1232
    var version: UInt8 = 0
    var flags: UInt16 = 0
    var options: [UInt8] = []
    /// RDLENGTH where it lies.
    var length: UInt16?

    var octets: [UInt8] {
      [0] + big(41) + big(udpSize) + [0, version] + big(flags) + big(length ?? UInt16(options.count)) + options
    }
  }

  /// - Parameter question: a name and a type, as in `www.example. AAAA`; the case is kept.
  init(_ question: String) throws {
    let words = question.split(separator: " ")
    name = try DomainName(String(words[0])).wire
    type = RecordType(text: String(words[1]))?.rawValue ?? 0
  }

  var question: [UInt8] { name + big(type) + big(recordClass) }

  var octets: [UInt8] {
    TestQuery.header(flags: flags, additionals: edns == nil ? 0 : 1, identifier: identifier) + question
      + (edns?.octets ?? [])
  }

  static func header(
    flags: UInt16 = 0, questions: UInt16 = 1, answers: UInt16 = 0, authorities: UInt16 = 0, additionals: UInt16 = 0,
    identifier: UInt16 = 0x1234
  ) -> [UInt8] {
    [identifier, flags, questions, answers, authorities, additionals].flatMap(big)
  }
}

func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
