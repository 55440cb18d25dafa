import Answering
import Memory
import Sockets
import Wire

/// One client on TCP. What it has sent but we have not answered, and what we have answered but it has
/// not taken, is kept here only between turns; most of the time both are empty.
struct Connection: ~Copyable {
  var socket: StreamSocket?
  var prefix = IPPrefix.none
  var client = IPAddress.v4(0)
  /// Distinguishes this use of the slot from earlier ones in the poller's tokens.
  var serial: UInt32 = 0
  /// Nanoseconds, monotonic: when it last finished a query or took an answer.
  var lastActive: UInt64 = 0
  /// An unfinished query, or queries that wait until the answers before them are taken.
  var unread: [UInt8] = []
  /// Answers that the socket did not take at once, from `sent` on.
  var unsent: [UInt8] = []
  var sent = 0
  /// The transfer that it is getting; queries behind it wait for its end.
  var transfer: OutgoingTransfer?
  /// A signed request of it is with who verifies it: nothing is read or sent until the answer is there.
  var isWaiting = false
  /// The poller tells when it can be written to, not when it can be read from.
  var isWriting = false
  /// The poller knows of it.
  var isWatched = false
  /// Neighbours in the order of activity; −1 is none.
  var older = -1
  var newer = -1

  var held: Int { unread.count + unsent.count }
}

/// The connections of one worker, in numbered slots, ordered by their last activity.
struct ConnectionTable: ~Copyable {
  var slots: FixedArray<Connection>
  private var free: [Int]
  /// Connections of each client network.
  private var networks: [IPPrefix: Int] = [:]
  private(set) var oldest = -1
  private var newest = -1
  /// Octets kept for all connections together.
  private(set) var held = 0

  init(capacity: Int) {
    slots = FixedArray(count: capacity) { _ in Connection() }
    free = Array((0..<capacity).reversed())
  }

  var count: Int { slots.count - free.count }
  var capacity: Int { slots.count }

  /// Adds free slots; the others keep their numbers.
  mutating func grow(to capacity: Int) {
    var old = FixedArray(count: capacity) { _ in Connection() }
    swap(&old, &slots)
    for slot in 0..<old.count { swap(&old[slot], &slots[slot]) }
    free.insert(contentsOf: (old.count..<capacity).reversed(), at: 0)
  }

  /// Takes a free slot; there must be one.
  mutating func insert(_ socket: consuming StreamSocket, _ peer: SocketAddress, now: UInt64) -> Int {
    let slot = free.removeLast()
    slots[slot].serial &+= 1
    slots[slot].socket = consume socket
    slots[slot].prefix = IPPrefix.client(peer.address)
    networks[slots[slot].prefix, default: 0] += 1
    slots[slot].client = peer.address
    slots[slot].lastActive = now
    slots[slot].isWriting = false
    slots[slot].isWatched = false
    slots[slot].isWaiting = false
    append(slot)
    return slot
  }

  /// Closes the connection and frees its slot.
  mutating func remove(_ slot: Int) {
    held -= slots[slot].held
    let left = (networks[slots[slot].prefix] ?? 1) - 1
    networks[slots[slot].prefix] = left > 0 ? left : nil
    slots[slot].socket = nil
    slots[slot].unread = []
    slots[slot].unsent = []
    slots[slot].sent = 0
    unlink(slot)
    free.append(slot)
  }

  mutating func touch(_ slot: Int, now: UInt64) {
    slots[slot].lastActive = now
    guard newest != slot else { return }
    unlink(slot)
    append(slot)
  }

  /// Replaces what is kept for a connection.
  mutating func keep(_ slot: Int, unread: [UInt8]) {
    held += unread.count - slots[slot].unread.count
    slots[slot].unread = unread
  }

  mutating func keep(_ slot: Int, unsent: [UInt8]) {
    held += unsent.count - slots[slot].unsent.count
    slots[slot].unsent = unsent
    slots[slot].sent = 0
  }

  /// The longest idle connection of a client network, if it has as many as `share`.
  func oldest(of prefix: IPPrefix, atLeast share: Int) -> Int? {
    guard networks[prefix, default: 0] >= share else { return nil }
    var slot = oldest
    while slot >= 0, slots[slot].prefix != prefix { slot = slots[slot].newer }
    return slot >= 0 ? slot : nil
  }

  private mutating func append(_ slot: Int) {
    slots[slot].older = newest
    slots[slot].newer = -1
    if newest >= 0 { slots[newest].newer = slot } else { oldest = slot }
    newest = slot
  }

  private mutating func unlink(_ slot: Int) {
    let (older, newer) = (slots[slot].older, slots[slot].newer)
    if older >= 0 { slots[older].newer = newer } else { oldest = newer }
    if newer >= 0 { slots[newer].older = older } else { newest = older }
  }
}

extension IPPrefix {
  /// Whom one client is taken to be: a /24 of IPv4, a /56 of IPv6.
  static func client(_ address: IPAddress) -> IPPrefix {
    IPPrefix(masking: address, length: address.isIPv6 ? 56 : 24)
  }

  static let none = IPPrefix(masking: .v4(0), length: 32)
}
