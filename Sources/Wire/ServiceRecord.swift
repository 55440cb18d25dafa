/// The data of an SVCB or HTTPS record (RFC 9460 §2.2), as far as it matters where its address hints stand.
package struct ServiceRecord: Sendable, BitwiseCopyable {
  /// 0: an alias, whose parameters mean nothing (§2.4.2).
  package let priority: UInt16
  /// Where the target's name begins, and where it ends and the parameters begin.
  package let target: Int
  package let parameters: Int
  package let end: Int

  package static var ipv4Hint: UInt16 { 4 }
  package static var ipv6Hint: UInt16 { 6 }

  /// Reads the data from `start` to `end`; nil when it holds no target.
  package init?(_ octets: RawSpan, from start: Int, to end: Int) {
    guard start >= 0, start <= end - 3, end <= octets.byteCount else { return nil }
    priority = octets.uint16(start)
    target = start + 2
    self.end = end
    var at = target
    while octets.octet(at) != 0 {
      at += 1 + Int(octets.octet(at))
      guard at < end else { return nil }
    }
    parameters = at + 1
  }

  /// Whether the target is the record's own owner (§2.5.2).
  package var isOwnTarget: Bool { priority > 0 && parameters == target + 1 }

  /// Where the first parameter begins whose key is not less than `key`: keys ascend.
  package func position(of key: UInt16, in octets: RawSpan) -> Int {
    var at = parameters
    while at <= end - 4, octets.uint16(at) < key {
      let next = at + 4 + Int(octets.uint16(at + 2))
      guard next <= end else { return at }
      at = next
    }
    return at
  }

  /// Whether there is a parameter `key`.
  package func has(_ key: UInt16, in octets: RawSpan) -> Bool {
    let at = position(of: key, in: octets)
    return at <= end - 4 && octets.uint16(at) == key
  }

  /// Whether `mandatory` (key 0) lists `key` (§8).
  package func requires(_ key: UInt16, in octets: RawSpan) -> Bool {
    guard has(0, in: octets) else { return false }
    let end = position(of: 1, in: octets)
    return stride(from: parameters + 4, to: end - 1, by: 2).contains { octets.uint16($0) == key }
  }
}
