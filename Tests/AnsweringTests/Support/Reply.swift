import Wire

/// A reply as a client sees it: names whole and in lower case, the OPT record apart.
struct Reply {
  let identifier: UInt16
  let flags: UInt16
  /// As echoed, in the case that was asked.
  let question: Question?
  let answer: [Record]
  let authority: [Record]
  let additional: [Record]
  let opt: OPT?
  let size: Int

  struct Question {
    let name: [UInt8]
    let type: RecordType
    let recordClass: UInt16
  }

  struct OPT: Equatable {
    let udpSize: UInt16
    let extendedCode: UInt8
    let version: UInt8
    let flags: UInt16
    var options: [Option] = []

    func option(_ code: UInt16) -> [UInt8]? { options.first { $0.code == code }?.data }
  }

  struct Option: Equatable {
    let code: UInt16
    let data: [UInt8]
  }

  /// Of RFC 8914; nil when there is none.
  var extendedError: UInt16? { opt?.option(15).map { UInt16($0[0]) << 8 | UInt16($0[1]) } }

  /// Header and OPT together (RFC 6891 §6.1.3).
  var code: Int { Int(flags & 0xF) | Int(opt?.extendedCode ?? 0) << 4 }
  var isTruncated: Bool { flags & 0x0200 != 0 }

  /// The code and the flags that are set, as dig prints them; QR goes without saying.
  var status: String {
    let codes = [
      0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH", 16: "BADVERS",
      23: "BADCOOKIE",
    ]
    let names: [(UInt16, String)] = [
      (0x0400, "aa"), (0x0200, "tc"), (0x0100, "rd"), (0x0080, "ra"), (0x0040, "z"), (0x0020, "ad"), (0x0010, "cd"),
    ]
    let set = names.filter { flags & $0.0 != 0 }.map(\.1)
    return ([codes[code] ?? "RCODE\(code)"] + set).joined(separator: " ")
  }
}

struct Record: Hashable, CustomStringConvertible {
  let owner: DomainName
  let type: RecordType
  let ttl: UInt32
  /// Names in it uncompressed and in lower case.
  let data: [UInt8]

  var description: String {
    "\(owner.lowercased) \(ttl) \(type) \(RDataFormat(type).text(data.span.octets))"
  }
}
