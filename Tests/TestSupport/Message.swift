/// Octets of DNS messages, written out by hand so that a test can get every one of them wrong.
package enum Message {
  /// A name in wire form (RFC 1035 §3.1), without compression.
  package static func name(_ text: String) -> [UInt8] {
    text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  /// - Parameter flags: the second 16 bits; 0x0000 is an ordinary query.
  package static func header(
    _ identifier: UInt16 = 0x1234, flags: UInt16 = 0, questions: UInt16 = 1, answers: UInt16 = 0,
    authorities: UInt16 = 0, additionals: UInt16 = 0
  ) -> [UInt8] {
    [identifier, flags, questions, answers, authorities, additionals].flatMap { octets($0) }
  }

  package static func question(_ name: String = "app.example.com", type: UInt16 = 6, class: UInt16 = 1) -> [UInt8] {
    Self.name(name) + octets(type) + octets(`class`)
  }

  package static func query(_ name: String = "app.example.com", type: UInt16 = 6, identifier: UInt16 = 0x1234)
    -> [UInt8]
  {
    header(identifier) + question(name, type: type)
  }

  /// An OPT record (RFC 6891 §6.1.2).
  package static func opt(
    owner: [UInt8] = [0], size: UInt16 = 1232, version: UInt8 = 0, flags: UInt16 = 0, options: [UInt8] = [],
    length: UInt16? = nil
  ) -> [UInt8] {
    owner + octets(41) + octets(size) + [0, version] + octets(flags) + octets(length ?? UInt16(options.count)) + options
  }

  /// An option of an OPT record (RFC 6891 §6.1.2).
  package static func option(_ code: UInt16, _ data: [UInt8] = []) -> [UInt8] {
    octets(code) + octets(UInt16(data.count)) + data
  }

  package static func octets(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

  /// The four bits of RCODE in the header; the extended bits of BADVERS are in OPT.
  package static func responseCode(_ message: [UInt8]) -> Int? { message.count >= 12 ? Int(message[3] & 0xF) : nil }

  package static func identifier(_ message: [UInt8]) -> UInt16? {
    message.count >= 2 ? UInt16(message[0]) << 8 | UInt16(message[1]) : nil
  }
}
