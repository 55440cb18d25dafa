/// One question and the way it is asked.
struct Question {
  enum Transport: CustomStringConvertible {
    case udp, tcp
    var description: String { self == .udp ? "UDP" : "TCP" }
  }

  struct EDNS {
    var size: UInt16
    var version: UInt8 = 0
    var flags: UInt16 = 0
    var options: [UInt8] = []
  }

  /// With the case in which it is asked.
  var name: Name
  var type: UInt16
  var recordClass: UInt16 = 1
  /// Where the name came from: the summary's categories are made of it.
  var kind: String
  /// The header's second 16 bits.
  var flags: UInt16 = 0
  var edns: EDNS?
  var transport = Transport.udp

  /// Octets that a reply may have: no more than the client takes, nor than the servers are set to send.
  var limit: Int { transport == .tcp ? 65535 : min(4096, max(512, Int(edns?.size ?? 512))) }

  var wantsSignatures: Bool { (edns?.flags ?? 0) & 0x8000 != 0 }

  /// What clients of the world ask: opcode QUERY, class IN, EDNS version 0, no meta type but ANY.
  var isOrdinary: Bool {
    flags & 0x7840 == 0 && recordClass == 1 && (edns?.version ?? 0) == 0 && !Types.odd.contains(type)
  }

  var octets: [UInt8] { name.wire + wire(type) + wire(recordClass) }

  func message(identifier: UInt16) -> [UInt8] {
    var message = wire(identifier) + wire(flags) + wire(1) + wire(0) + wire(0) + wire(edns == nil ? 0 : 1) + octets
    if let edns {
      message += [0] + wire(Types.opt) + wire(edns.size) + [0, edns.version] + wire(edns.flags)
      message += wire(UInt16(edns.options.count)) + edns.options
    }
    return message
  }
}

func wire(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

extension Question: CustomStringConvertible {
  var description: String {
    var text = "\(name) CLASS\(recordClass) \(typeName(type)) over \(transport)"
    if let edns {
      text += ", EDNS \(edns.version) size \(edns.size)"
      if edns.flags != 0 { text += " flags \(hex(wire(edns.flags)))" }
      if !edns.options.isEmpty { text += " options \(hex(edns.options))" }
    }
    if flags != 0 { text += ", header \(hex(wire(flags)))" }
    return text + " (\(kind))"
  }
}

func typeName(_ type: UInt16) -> String {
  let others: [UInt16: String] = [
    2: "NS", 5: "CNAME", 6: "SOA", 39: "DNAME", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3",
    51: "NSEC3PARAM", 59: "CDS", 60: "CDNSKEY", 255: "ANY",
  ]
  return Types.plain.first { $0.number == type }?.name ?? others[type] ?? "TYPE\(type)"
}
