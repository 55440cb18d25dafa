package import Memory
package import Wire
import Zone

/// What a pool answers at the moment: its addresses as records ready to be sent. Immutable; a verdict
/// publishes a new one.
///
/// Each family's records stand twice in a row, the last one once, so that every rotation of them is one
/// run of octets.
package struct PoolBlock: ~Copyable, Sendable {
  private let octets: Slab<UInt8>
  private let a: Records
  private let aaaa: Records

  private struct Records: BitwiseCopyable, Sendable {
    var start: Int
    var count: Int
    /// Octets of one record: 16 or 28.
    var size: Int
  }

  /// - Parameters:
  ///   - ttl: seconds.
  ///   - addresses: of either family, in the order of the configuration.
  package init(ttl: UInt32, addresses: [IPAddress]) {
    var octets: [UInt8] = []
    a = PoolBlock.render(.a, ttl, addresses.filter { !$0.isIPv6 }, into: &octets)
    aaaa = PoolBlock.render(.aaaa, ttl, addresses.filter { $0.isIPv6 }, into: &octets)
    self.octets = Slab(copying: octets.span)
  }

  private static func render(
    _ type: RecordType, _ ttl: UInt32, _ addresses: [IPAddress], into octets: inout [UInt8]
  ) -> Records {
    let start = octets.count
    for address in addresses + addresses.dropLast() {
      let data = address.octets
      let fixed: [UInt16] = [
        pointer(Message.headerLength), type.rawValue, 1, UInt16(ttl >> 16), UInt16(truncatingIfNeeded: ttl),
        UInt16(data.count),
      ]
      octets += fixed.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } + data
    }
    return Records(start: start, count: addresses.count, size: type == .a ? 16 : 28)
  }

  /// How many addresses there are for `type`, which is A or AAAA.
  package func count(_ type: RecordType) -> Int { type == .a ? a.count : aaaa.count }

  /// Octets of an AAAA record with a pointer for its owner.
  static var largestRecord: Int { 28 }

  /// Of both families.
  package var count: Int { a.count + aaaa.count }

  /// Appends one address, in the order of the configuration: first the IPv4 ones.
  ///
  /// - Returns: false when it does not fit.
  func append(_ index: Int, owner: Int, to message: inout Message) -> Bool {
    let (records, place) = index < a.count ? (a, index) : (aaaa, index - a.count)
    let start = message.length
    guard message.append(octets.bytes, from: records.start + place * records.size, count: records.size) else {
      return false
    }
    message.put(pointer(owner), at: start)
    message.count(1, in: .answer)
    return true
  }

  /// Appends the addresses of one family, beginning with a random one.
  ///
  /// - Returns: false when they do not fit; nothing is appended then.
  package func append(
    _ type: RecordType, owner: Int, random: UInt32, to message: inout Message, _ section: Section
  ) -> Bool {
    let records = type == .a ? a : aaaa
    if records.count == 0 { return true }
    let first = Int(truncatingIfNeeded: (UInt64(random) &* UInt64(truncatingIfNeeded: records.count)) >> 32)
    let start = message.length
    guard
      message.append(octets.bytes, from: records.start + first * records.size, count: records.count * records.size)
    else { return false }
    if owner != Message.headerLength {
      for i in 0..<records.count { message.put(pointer(owner), at: start + i * records.size) }
    }
    message.count(records.count, in: section)
    return true
  }
}

/// Where the health path and the query path meet: the brain exchanges the block, workers read it.
package struct PoolSlot: ~Copyable, Sendable {
  package let block: Published<PoolBlock>

  package init(_ block: consuming PoolBlock) { self.block = Published(Shared(block)) }
}
