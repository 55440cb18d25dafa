/// The client subnet option of a query (RFC 7871 §6): for whose sake a resolver asks.
package struct ClientSubnet: Sendable, BitwiseCopyable {
  /// 1 is IPv4, 2 is IPv6; 0 says nothing of anybody.
  package let family: UInt16
  /// SOURCE PREFIX-LENGTH: bits of the address that the resolver tells; 0: it keeps the client to itself (§7.1.2).
  package let sourceLength: Int
  /// The network: its bits behind the prefix are zero.
  package let address: IPAddress

  /// Octets of the option's data before the address.
  static var headLength: Int { 4 }

  /// Octets of the address that the option has.
  var addressLength: Int { (sourceLength + 7) / 8 }
  /// Octets of the option's data.
  package var length: Int { ClientSubnet.headLength + addressLength }

  package static var none: ClientSubnet { ClientSubnet(family: 0, sourceLength: 0, address: .v4(0)) }

  private init(family: UInt16, sourceLength: Int, address: IPAddress) {
    (self.family, self.sourceLength, self.address) = (family, sourceLength, address)
  }

  /// Reads the option's data; nil when it is malformed: a family that is not known, more bits than it has, another
  /// number of octets than the prefix takes, bits set behind it, or a scope, which only replies have.
  ///
  /// - Precondition: `length` octets from `at` are in the message.
  init?(_ message: borrowing Message, at: Int, length: Int) {
    guard length >= ClientSubnet.headLength, message.octet(at + 3) == 0 else { return nil }
    family = message.uint16(at)
    sourceLength = Int(message.octet(at + 2))
    let width = family == 1 ? 32 : family == 2 ? 128 : 0
    guard family <= 2, sourceLength <= width, length == ClientSubnet.headLength + (sourceLength + 7) / 8 else {
      return nil
    }
    var words: (UInt64, UInt64) = (0, 0)
    for i in ClientSubnet.headLength..<length {
      let place = i - ClientSubnet.headLength
      let octet = UInt64(message.octet(at + i)) << UInt64(56 - 8 * (place & 7))
      if place < 8 { words.0 |= octet } else { words.1 |= octet }
    }
    address = family == 2 ? .v6(words.0, words.1) : .v4(UInt32(truncatingIfNeeded: words.0 >> 32))
    let rest =
      sourceLength < 64 ? words.0 << UInt64(sourceLength) | words.1 : words.1 << UInt64(sourceLength - 64)
    guard rest == 0 else { return nil }
  }

  /// Appends the option's data for a reply.
  ///
  /// - Parameter scope: bits of the networks for which the answer holds (§7.2.1).
  package func append(scope: Int, to message: inout Message) -> Bool {
    guard message.append(family), message.append(UInt8(truncatingIfNeeded: sourceLength)),
      message.append(UInt8(truncatingIfNeeded: scope))
    else { return false }
    let words: (UInt64, UInt64) =
      switch address {
      case .v4(let value): (UInt64(value) << 32, 0)
      case .v6(let high, let low): (high, low)
      }
    for place in 0..<addressLength {
      let word = place < 8 ? words.0 : words.1
      guard message.append(UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (place & 7)))) else { return false }
    }
    return true
  }
}

extension EDNS {
  /// The client subnet, from the message that this was read from; nil when it is malformed.
  ///
  /// - Precondition: `hasClientSubnet`.
  package func clientSubnet(in message: borrowing Message) -> ClientSubnet? {
    ClientSubnet(message, at: Int(subnetOffset), length: Int(subnetLength))
  }
}
