import Wire

/// What every query carries beside its question (RFC 6891).
package struct QueryOptions: Sendable, Equatable {
  package var hasEDNS = true
  package var dnssecOK = false
  package var udpSize: UInt16 = 1232
  package var clientCookie: UInt64?
  /// What the server has given, 8 to 32 octets; sent back from then on (RFC 7873 §5.1).
  package var serverCookie: [UInt8] = []

  package init() {}

  /// Octets behind the question: nothing, or the OPT record.
  package var tail: [UInt8] {
    guard hasEDNS else { return [] }
    var data: [UInt8] = []
    if let clientCookie {
      data += [0, UInt8(EDNS.Option.cookie), 0, UInt8(8 + serverCookie.count)]
      data += (0..<8).map { UInt8(truncatingIfNeeded: clientCookie >> UInt64(56 - 8 * $0)) }
      data += serverCookie
    }
    return [
      0, 0, UInt8(RecordType.opt.rawValue), UInt8(udpSize >> 8), UInt8(udpSize & 0xFF), 0, 0, dnssecOK ? 0x80 : 0, 0, 0,
      UInt8(data.count),
    ] + data
  }
}
