import Memory
public import Wire

/// One zone, immutable and flat: a hash table of owners and one run of octets that holds, for each
/// owner, its name and its RRsets already in wire form.
///
/// A lookup touches the table once and the owner's octets once. An owner is known by its *node*, the
/// offset of its octets divided by eight. Every number in the octets is in the machine's order except
/// what lies ready to be sent. `NodeLayout` and `RRsetLayout` say what is where.
package struct Zone: ~Copyable, Sendable {
  /// Lower case.
  package let apex: DomainName
  package let apexLabels: Int
  /// The apex's wire form in `octets`.
  let apexOffset: Int
  let apexLength: Int
  /// The most labels that an owner has below the apex: no longer name can be in the zone.
  let depth: Int
  let octets: Slab<UInt8>
  let slots: Slab<Slot>
  /// The SOA record as a negative answer carries it: TTL is the lower of its own and MINIMUM (RFC 2308 §3).
  let negativeSOA: RRset
  /// How a signed zone proves what does not exist.
  package let denial: Denial
  /// When the first of the zone's signatures ends, in seconds since 1970 modulo 2^32; nil: it has none.
  package let signaturesEnd: UInt32?
  package let serial: UInt32
  package let recordCount: Int
  private let pinned = Pinned()
  package let nodeCount: Int
  /// The nodes lie in `octets` before this.
  let nodesEnd: Int

  /// An entry of the hash table; an empty one has tag 0.
  struct Slot: BitwiseCopyable, Sendable {
    var tag: UInt32
    var node: UInt32
  }

  /// The apex's own node is written first.
  package static var apexNode: Node { Node(offset: 0) }
}

/// An owner's place in the zone.
@usableFromInline package struct Node: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline package let offset: Int
  init(offset: Int) { self.offset = offset }
  init(reference: UInt32) { offset = Int(reference) << 3 }
  var reference: UInt32 { UInt32(offset >> 3) }
}

/// An owner's octets: eight of header, the relative name, then its RRsets, the next one on an even offset.
enum NodeLayout {
  /// UInt8: octets of the name below the apex, without the apex.
  static var nameLength: Int { 0 }
  /// UInt8: `NodeFlags`.
  static var flags: Int { 1 }
  /// UInt16: number of RRsets.
  static var rrsetCount: Int { 2 }
  /// UInt32: the node of the zone cut at or above this one, else of the wildcard child, else 0.
  static var link: Int { 4 }
  static var name: Int { 8 }

  static func rrsets(nameLength: Int) -> Int { (name + nameLength + 1) & ~1 }
}

struct NodeFlags: OptionSet, Sendable, BitwiseCopyable {
  let rawValue: UInt8
  var isCut: Bool { contains(.cut) && !contains(.belowCut) }
  /// A delegation: NS records below the apex.
  static var cut: NodeFlags { NodeFlags(rawValue: 1) }
  /// Below a delegation: glue, or occluded.
  static var belowCut: NodeFlags { NodeFlags(rawValue: 2) }
  /// `link` is the wildcard child (RFC 4592 §2.2.1).
  static var hasWildcard: NodeFlags { NodeFlags(rawValue: 4) }
  /// The addresses are a pool's.
  static var pooled: NodeFlags { NodeFlags(rawValue: 8) }
  static var alias: NodeFlags { NodeFlags(rawValue: 16) }
  static var redirection: NodeFlags { NodeFlags(rawValue: 32) }
  /// The hash of a name, with NSEC3 records only: no name that exists.
  static var hashed: NodeFlags { NodeFlags(rawValue: 128) }
  /// Below a DNAME, where no names exist (RFC 6672 §2.4): never written.
  static var belowRedirection: NodeFlags { NodeFlags(rawValue: 64) }
}

/// An RRset's octets: a header, the records as they are sent, then fix-ups and additional owners. Behind a
/// signed one stand its signatures, as an RRset of type RRSIG.
///
/// Each record begins with a pointer to its owner, written as 0xC00C: the name of the question, which is
/// right whenever the owner is what was asked.
enum RRsetLayout {
  static var type: Int { 0 }
  static var recordCount: Int { 2 }
  /// UInt16: octets of the records.
  static var length: Int { 4 }
  /// UInt16: number of fix-ups, `signedBit` when the RRset's signatures stand behind it, `hintedBit` when its
  /// records get address hints where they are sent.
  static var fixUpCount: Int { 6 }
  static var signedBit: UInt16 { 0x8000 }
  static var hintedBit: UInt16 { 0x4000 }
  static var additionalCount: Int { 8 }
  static var records: Int { 10 }

  /// A fix-up: UInt16 position of a compression pointer in the records, UInt16 what it points to: an
  /// octet of the records, with `apexBit` of the apex's name, with `ownerBit` of the owner's.
  static var fixUpSize: Int { 4 }
  static var apexBit: UInt16 { 0x8000 }
  static var ownerBit: UInt16 { 0x4000 }
  /// An additional owner: UInt16 position of its name in the records, UInt16 `AdditionalFlags`, UInt32 its node.
  static var additionalSize: Int { 8 }

  /// Records that are pointed into end below this, so that with all that can stand before them in a
  /// message the pointer's 14 bits are enough.
  static var lastPointedTo: Int { 10_000 }

  /// Octets of an RRset's records that a message of 65,535 has room for beside question and OPT.
  static var largest: Int { 0xFC00 }
}

/// How a name in an RRset's data matters to an answer.
struct AdditionalFlags: OptionSet, Sendable, BitwiseCopyable {
  let rawValue: UInt16
  /// A referral cannot do without its addresses (RFC 9471 §3.1).
  static var required: AdditionalFlags { AdditionalFlags(rawValue: 1) }
  /// `.` stands there, which means the owner.
  static var owner: AdditionalFlags { AdditionalFlags(rawValue: 2) }
  /// The record's address hints are those of the name's pool.
  static var hints: AdditionalFlags { AdditionalFlags(rawValue: 4) }
  /// The name stands in an earlier record too.
  static var repeated: AdditionalFlags { AdditionalFlags(rawValue: 8) }
}

/// An RRset in the zone's octets, its header read.
@usableFromInline package struct RRset: Sendable, BitwiseCopyable {
  @usableFromInline let offset: Int
  /// The header's first eight octets: type, record count, length, number of fix-ups.
  @usableFromInline let header: UInt64
  /// Owners whose addresses belong beside the RRset.
  @usableFromInline package let additionalCount: Int

  @inlinable package var type: RecordType { RecordType(UInt16(truncatingIfNeeded: header)) }
  @inlinable package var recordCount: Int { Int(truncatingIfNeeded: header &>> 16 & 0xFFFF) }
  /// Octets of the records.
  @inlinable package var length: Int { Int(truncatingIfNeeded: header &>> 32 & 0xFFFF) }
  var fixUpCount: Int { Int(truncatingIfNeeded: header &>> 48 & 0x3FFF) }
  /// Whether it is of SVCB or HTTPS records.
  @inlinable package var isService: Bool { header & 0xFFFE == 64 }
  /// Whether its records get address hints where they are sent.
  @inlinable package var isHinted: Bool { header &>> 62 & 1 != 0 }
  /// Whether the RRset behind it holds its signatures.
  var isSigned: Bool { header &>> 63 != 0 }
  /// Whether names in the records may end in pointers, for which the apex must be known.
  @inlinable package var mayPoint: Bool { header &>> 48 != 0 }

  /// Whether it can be copied as it is, and nothing is to be added.
  var standsAlone: Bool { header &>> 48 == 0 && additionalCount == 0 }

  // None of these overflows: an offset is less than 2^35, and whoever reads there checks it.
  var records: Int { offset &+ RRsetLayout.records }
  var fixUps: Int { (records &+ length &+ 1) & ~1 }
  var additional: Int { fixUps &+ fixUpCount &* RRsetLayout.fixUpSize }
  var end: Int { additional &+ additionalCount &* RRsetLayout.additionalSize }

  @inline(__always) init(_ octets: RawSpan, at offset: Int) {
    octets.check(offset, RRsetLayout.records)
    self.offset = offset
    header = octets.checked(offset, as: UInt64.self)
    additionalCount = Int(octets.checked(offset &+ RRsetLayout.additionalCount, as: UInt16.self))
  }
}

/// The eight octets of header of an owner.
struct NodeHeader: BitwiseCopyable {
  let bits: UInt64

  @inline(__always) init(_ octets: RawSpan, _ node: Node) { bits = octets.word(node.offset) }

  var nameLength: Int { Int(truncatingIfNeeded: bits & 0xFF) }
  var flags: NodeFlags { NodeFlags(rawValue: UInt8(truncatingIfNeeded: bits &>> 8)) }
  var rrsetCount: Int { Int(truncatingIfNeeded: bits &>> 16 & 0xFFFF) }
  var link: Node { Node(reference: UInt32(truncatingIfNeeded: bits &>> 32)) }
}

extension Zone {
  /// Whether the zone comes with signatures (RFC 4035 §2.2), which cover the SOA at the least.
  package var isSigned: Bool { negativeSOA.isSigned }

  /// Whether `count` octets of `name` from `start`, in lower case, are the apex.
  package func isApex(_ name: RawSpan, _ start: Int, _ count: Int) -> Bool {
    count == apexLength && sameOctets(octets.bytes, at: apexOffset, name, at: start, count: count)
  }
}

extension Zone {
  /// The number of labels in the node's full name.
  package func labels(_ node: Node) -> Int {
    let octets = octets.bytes
    let start = node.offset + NodeLayout.name
    let end = start + Int(octets.octet(node.offset + NodeLayout.nameLength))
    var at = start
    var count = apexLabels
    while at < end {
      at += 1 + Int(octets.octet(at))
      count += 1
    }
    return count
  }
}
