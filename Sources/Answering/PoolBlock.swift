package import Failover
package import Memory
package import Wire
import Zone

/// What a pool answers at the moment: its addresses as records ready to be sent, and the choices that are left to
/// each query. Immutable; a verdict publishes a new one.
package struct PoolBlock: ~Copyable, Sendable {
  let octets: Slab<UInt8>
  let nodes: Slab<PoolNode>
  let odds: Slab<PoolOdds>
  /// Where each family's choice begins.
  let a: PoolNode
  let aaaa: PoolNode
  /// All addresses that some query may get, for a transfer.
  private let allA: PoolNode
  private let allAAAA: PoolNode
  /// Seconds.
  let minimumTTL: UInt32
  let maximumTTL: UInt32
  /// Whether somebody else may get something else, whatever chance says.
  let choosesByClient: Bool
  /// Whether the TTL follows the slot's deadlines.
  let adapts: Bool
  /// By family: nobody was up, and what answers does so all the same.
  private let failedOpen: (a: Bool, aaaa: Bool)
  /// When the last answer given from this block so far ends in caches that keep to its TTL, in nanoseconds since boot.
  private let latestExpiry = SharedTime(0)
  private let pinned = Pinned()

  /// - Parameter addresses: by the member indices of the answer's plans.
  package init(_ answer: PoolAnswer, ttl: Pool.TTL, addresses: @escaping (Int) -> IPAddress) {
    maximumTTL = UInt32(clamping: ttl.maximum)
    minimumTTL = UInt32(clamping: ttl.minimum)
    adapts = ttl.adapts
    failedOpen = (answer.v4.failedOpen, answer.v6.failedOpen)
    var renderer = PoolRenderer(ttl: maximumTTL, addresses: addresses)
    a = renderer.render(answer.v4.plan, .a)
    aaaa = renderer.render(answer.v6.plan, .aaaa)
    allA = renderer.renderAll(answer.v4.plan, .a, a)
    allAAAA = renderer.renderAll(answer.v6.plan, .aaaa, aaaa)
    choosesByClient = renderer.nodes.contains { $0.kind == .sticky || $0.kind == .client }
    octets = Slab(copying: renderer.octets.span)
    nodes = Slab(copying: renderer.nodes.span)
    odds = Slab(copying: renderer.odds.span)
  }

  /// All of these for everybody, with a fixed TTL in seconds.
  package init(ttl: UInt32, addresses: [IPAddress]) {
    let plans = [false, true].map { isIPv6 in Plan(addresses.indices.filter { addresses[$0].isIPv6 == isIPv6 }) }
    let decisions = plans.map { Decision(plan: $0, tier: 0, failedOpen: false) }
    self.init(
      PoolAnswer(v4: decisions[0], v6: decisions[1]), ttl: Pool.TTL(minimum: Int(ttl), maximum: Int(ttl)),
      addresses: { addresses[$0] })
  }

  /// Where the choice for `type`, which is A or AAAA, begins.
  @inline(__always) func root(_ type: RecordType) -> PoolNode { type == .a ? a : aaaa }

  @inline(__always) func failedOpen(_ type: RecordType) -> Bool { type == .a ? failedOpen.a : failedOpen.aaaa }

  /// Octets of an AAAA record with a pointer for its owner.
  static var largestRecord: Int { 28 }

  /// Of both families.
  package var count: Int { Int(allA.count) + Int(allAAAA.count) }

  /// Appends one address, in the order of the configuration: first the IPv4 ones.
  ///
  /// - Returns: false when it does not fit.
  func append(_ index: Int, owner: Int, to message: inout Message) -> Bool {
    let (records, place) = index < allA.count ? (allA, index) : (allAAAA, index - Int(allA.count))
    let start = message.length
    let size = Int(records.size)
    guard message.append(octets.bytes, from: Int(records.start) + place * size, count: size) else { return false }
    message.put(pointer(owner), at: start)
    message.count(1, in: .answer)
    return true
  }

  /// Appends the addresses of a leaf, beginning with a random one.
  ///
  /// - Parameter ttl: of the records; written only where it adapts.
  /// - Returns: false when they do not fit; nothing is appended then.
  @inline(__always) func append(
    _ leaf: PoolNode, owner: Int, ttl: UInt32, random: UInt32, to message: inout Message, _ section: Section
  ) -> Bool {
    let size = Int(leaf.size)
    let first = Int(truncatingIfNeeded: (UInt64(random) &* UInt64(leaf.count)) >> 32)
    let start = message.length
    guard message.append(octets.bytes, from: Int(leaf.start) &+ first &* size, count: Int(leaf.taken) &* size) else {
      return false
    }
    if owner != Message.headerLength {
      for i in 0..<Int(leaf.taken) { message.put(pointer(owner), at: start + i * size) }
    }
    if adapts {
      for i in 0..<Int(leaf.taken) {
        message.put(UInt16(truncatingIfNeeded: ttl >> 16), at: start + i * size + 6)
        message.put(UInt16(truncatingIfNeeded: ttl), at: start + i * size + 8)
      }
    }
    message.count(Int(leaf.taken), in: section)
    return true
  }

  // MARK: - Time

  private static var second: UInt64 { 1_000_000_000 }
  /// How coarse `latestExpiry` is, so that workers write it a few times a second at most.
  private static var grain: UInt64 { second / 8 }

  /// Whole seconds until the answer can change at the earliest, clamped; the minimum wins.
  @inline(__always) func ttl(until deadline: UInt64, now: UInt64) -> UInt32 {
    let left = deadline > now ? (deadline &- now) / PoolBlock.second : 0
    return max(minimumTTL, UInt32(truncatingIfNeeded: min(UInt64(maximumTTL), left)))
  }

  /// Takes note that an answer with `ttl` was given at `now`.
  @inline(__always) func note(_ ttl: UInt32, at now: UInt64) {
    let expiry = now &+ UInt64(ttl) &* PoolBlock.second
    latestExpiry.advance(to: expiry, grain: PoolBlock.grain)
  }

  /// When the last answer given from this block ends in caches that keep to its TTL, in nanoseconds since boot;
  /// nil: there was none.
  package var lastExpiry: UInt64? {
    let latest = latestExpiry.value
    return latest == 0 ? nil : latest + PoolBlock.grain
  }
}

/// Where the health path and the query path meet: the brain exchanges the block, workers read it.
package struct PoolSlot: ~Copyable, Sendable {
  package let block: Published<PoolBlock>
  /// When each family's answer can change at the earliest, in nanoseconds since boot; `.max`: not by itself.
  private let a: SharedTime
  private let aaaa: SharedTime

  package init(_ block: consuming PoolBlock, _ deadlines: Deadlines = Deadlines()) {
    self.block = Published(Shared(block))
    a = SharedTime(PoolSlot.nanoseconds(deadlines.v4))
    aaaa = SharedTime(PoolSlot.nanoseconds(deadlines.v6))
  }

  /// After the block that they belong to: an old answer must not get a new one's time.
  package func set(_ deadlines: Deadlines) {
    a.set(PoolSlot.nanoseconds(deadlines.v4))
    aaaa.set(PoolSlot.nanoseconds(deadlines.v6))
  }

  @inline(__always) func deadline(_ type: RecordType) -> UInt64 {
    type == .a ? a.value : aaaa.value
  }

  private static func nanoseconds(_ deadline: Instant?) -> UInt64 {
    deadline.map { UInt64(clamping: $0.nanoseconds) } ?? .max
  }
}
