import Memory
package import Wire
import Zone

/// A transfer under way (RFC 5936): it writes one message after the other, all of one state of the zone.
///
/// Each message repeats the question, so that its name, the apex, is there to be pointed to. An owner's
/// name is written out once in a message. No RRset begins farther than a pointer reaches, so messages have
/// about 16 KiB, and more only where the last RRset is a large one.
package struct ZoneTransfer: ~Copyable {
  package let snapshot: ZoneSnapshot
  /// Records of all messages so far.
  package private(set) var records = 0
  package private(set) var stage = Stage.first
  /// Header and question, and the OPT record if there is one.
  private let head: [UInt8]
  private let tail: [UInt8]
  private var walk: ZoneWalk
  /// The next address of the pool at which the walk stands.
  private var address = 0
  /// The owner whose name stands in the message that is being written, and where.
  private var owner: (node: Node, offset: Int)?

  /// What comes next: the SOA record begins and ends a transfer.
  package enum Stage: Sendable { case first, records, last, done }

  /// The first offset that a compression pointer cannot express.
  private static var reach: Int { 0x4000 }

  /// - Parameter frame: the reply without records that `Responder` has made of the request.
  package init(_ snapshot: ZoneSnapshot, frame: borrowing Message) {
    self.snapshot = snapshot
    walk = snapshot.zone.value.walk
    let nameEnd = Query.skipName(frame, at: Message.headerLength) ?? Message.headerLength
    head = frame.octets(0..<(nameEnd + 4))
    tail = frame.octets((nameEnd + 4)..<frame.length)
  }

  package var isDone: Bool { stage == .done }

  /// Writes the next message into an empty one.
  ///
  /// - Parameter limit: octets that it may have.
  /// - Returns: false when the next RRset needs more room than that; nothing is to be sent then.
  package mutating func write(to message: inout Message, limit: Int) -> Bool {
    message.setLimit(limit - tail.count)
    guard message.append(head.rawBytes, from: 0, count: head.count) else { return false }
    owner = nil
    fill(&message)
    let written = Int(message.uint16(Section.answer.offset))
    guard written > 0 else { return false }
    records += written
    message.setLimit(limit)
    return message.append(tail.rawBytes, from: 0, count: tail.count)
  }

  /// Appends records until one does not fit.
  private mutating func fill(_ message: inout Message) {
    if stage == .first {
      guard appendSOA(&message) else { return }
      stage = .records
    }
    while stage == .records {
      guard let entry = snapshot.zone.value.entry(walk) else {
        stage = .last
        break
      }
      guard append(entry, &message) else { return }
      snapshot.zone.value.advance(&walk)
    }
    if stage == .last, appendSOA(&message) { stage = .done }
  }

  private mutating func append(_ entry: ZoneEntry, _ message: inout Message) -> Bool {
    switch entry {
    case .rrset(let rrset): rrset.type == .soa || append(rrset, of: walk.node, &message)
    case .pool(let pool): appendAddresses(pool, &message)
    }
  }

  private mutating func appendSOA(_ message: inout Message) -> Bool {
    guard let soa = snapshot.zone.value.rrset(Zone.apexNode, .soa) else { return true }
    return append(soa, of: Zone.apexNode, &message)
  }

  private mutating func append(_ rrset: RRset, of node: Node, _ message: inout Message) -> Bool {
    guard reaches(node, message) else { return false }
    if let owner, owner.node == node {
      return snapshot.zone.value.append(
        rrset, owner: owner.offset, apex: Message.headerLength, to: &message, .answer)
    }
    let offset = message.length
    guard snapshot.zone.value.append(rrset, named: node, to: &message, .answer) else { return false }
    setOwner(node, offset)
    return true
  }

  /// A pool's addresses need not all be in one message.
  private mutating func appendAddresses(_ pool: Int, _ message: inout Message) -> Bool {
    while address < snapshot.addressCount(pool: pool) {
      guard appendAddress(pool, &message) else { return false }
      address += 1
    }
    address = 0
    return true
  }

  private mutating func appendAddress(_ pool: Int, _ message: inout Message) -> Bool {
    let node = walk.node
    let needed = snapshot.zone.value.nameLength(node) + PoolBlock.largestRecord
    guard message.fits(needed), reaches(node, message) else { return false }
    if let owner, owner.node == node {
      return snapshot.append(address, pool: pool, owner: owner.offset, to: &message)
    }
    let offset = message.length
    guard snapshot.zone.value.appendName(node, to: &message),
      snapshot.append(address, pool: pool, owner: Message.headerLength, to: &message)
    else { return false }
    setOwner(node, offset)
    return true
  }

  private mutating func setOwner(_ node: Node, _ offset: Int) {
    owner = (node, node == Zone.apexNode ? Message.headerLength : offset)
  }

  /// Whether a pointer leads to every label of a name that is written next.
  private func reaches(_ node: Node, _ message: borrowing Message) -> Bool {
    message.length + snapshot.zone.value.nameLength(node) < Self.reach
  }
}
