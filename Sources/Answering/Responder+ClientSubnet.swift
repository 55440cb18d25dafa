import Memory
import Wire

/// The client subnet of the query that is being answered, and what it has done for the answer (RFC 7871).
struct SubnetExchange: BitwiseCopyable {
  /// Whether there is one, which is sent back.
  var isSent = false
  var subnet = ClientSubnet.none
  /// Bits of the client's network on which the answer has depended so far.
  private(set) var scope = 0

  /// What a resolver may conclude from the answer: nothing about networks when it told of none (§7.2.1).
  var replyScope: Int { subnet.sourceLength == 0 ? 0 : scope }

  /// Who asks is known by the option and not by the address that the query came from.
  var isTold: Bool { isSent && subnet.sourceLength > 0 }

  mutating func depend(on bits: Int) { scope = max(scope, bits) }
}

extension Responder {
  /// Reads the client subnet of a query, where the operator wants it to be used.
  ///
  /// - Returns: false when the option is malformed.
  @inline(__always) mutating func examineSubnet(
    _ message: borrowing Message, _ generation: borrowing Generation
  ) -> Bool {
    guard generation.settings.usesClientSubnet, let edns = query.edns, edns.hasClientSubnet else { return true }
    return readSubnet(edns, message)
  }

  @inline(never) private mutating func readSubnet(_ edns: EDNS, _ message: borrowing Message) -> Bool {
    guard let sent = edns.clientSubnet(in: message) else { return false }
    subnet = SubnetExchange(isSent: true, subnet: sent)
    return true
  }

  /// Whose address a pool goes by that chooses by client.
  var client: IPAddress { subnet.isTold ? subnet.subnet.address : context.client }
}
