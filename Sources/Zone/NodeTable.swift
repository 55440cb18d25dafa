import Memory
import Wire

/// The owners of a zone, and their ancestors up to the apex: each has a number, and the records that it owns.
///
/// Names are relative to the apex, in lower case; number 0 is the apex. A parent has a lower number than its
/// children.
struct NodeTable: ~Copyable, Sendable {
  // Not private: the compiler (6.3) makes a broken debug build of a private type in a noncopyable one's array.
  struct Entry: BitwiseCopyable, Sendable {
    /// Offset in `names`.
    let name: UInt32
    let parent: UInt32
    /// The owner's last record, which leads to its first; `noRecord`: it has none.
    var last: UInt32
    let length: UInt8
    let labels: UInt8
    /// Of the name's hash, so that few names are compared in vain.
    let tag: UInt8
    /// Whether all records before this owner's first are those of owners with lower numbers.
    var isLeading: Bool
  }

  private(set) var entries: GrowableArray<Entry>
  /// The names one behind the other, with the margin that hashing by words needs.
  private(set) var names: OctetBuffer
  private var used = 0
  /// The most labels that a name has.
  private(set) var depth = 0
  /// Numbers below this are known by what has been written of them only.
  private(set) var released = 0
  /// Open addressing, at most two thirds full; 0, which is never looked for, is empty.
  private var index: Slab<UInt32>

  static var noRecord: UInt32 { .max }
  private static var margin: Int { 16 }

  init() {
    index = Slab(count: 64)
    entries = GrowableArray(minimumCapacity: 64)
    names = OctetBuffer(minimumCapacity: 1024)
    for _ in 0..<Self.margin { names.append(UInt8(0)) }
    entries.append(Entry(name: 0, parent: 0, last: Self.noRecord, length: 0, labels: 0, tag: 0, isLeading: true))
  }

  private init(copying other: borrowing NodeTable) {
    entries = GrowableArray(copying: other.entries.span)
    names = OctetBuffer(copying: other.names.span)
    used = other.used
    depth = other.depth
    index = Slab(copying: other.index.span)
  }

  borrowing func copy() -> NodeTable { NodeTable(copying: self) }

  var count: Int { entries.count }

  /// - Parameter owners: how many to make room for at once.
  mutating func expect(_ owners: Int) {
    if index.count < owners + owners / 2 { resizeIndex(to: owners + owners / 2) }
  }

  /// The number of the owner `name[start..<start + count]`, with all its ancestors if it is new.
  mutating func intern(_ name: RawSpan, from start: Int, count: Int, isOwner: Bool = true) -> Int {
    if count == 0 { return 0 }
    let hash = nameHash(name, from: start, count: count)
    if let known = find(name, from: start, count: count, hash: hash) { return known }
    let label = 1 + Int(name.octet(start))
    let parent = intern(name, from: start + label, count: count - label, isOwner: false)
    return insert(name, start, count, hash, parent, isOwner)
  }

  mutating func intern(_ name: borrowing Slab<UInt8>, count: Int) -> Int { intern(name.bytes, from: 0, count: count) }

  func find(_ name: RawSpan, from start: Int, count: Int) -> Int? {
    count == 0 ? 0 : find(name, from: start, count: count, hash: nameHash(name, from: start, count: count))
  }

  private func find(_ name: RawSpan, from start: Int, count: Int, hash: UInt64) -> Int? {
    let tag = UInt8(truncatingIfNeeded: hash)
    return candidate(hash) { entries[$0].tag == tag && isName($0, name, from: start, count: count) }
  }

  /// The number for which `isIt`, of those that the hash may stand for.
  @inline(__always) func candidate(_ hash: UInt64, _ isIt: (Int) -> Bool) -> Int? {
    var i = Zone.home(hash, index.count)
    while index[i] != 0 {
      if isIt(Int(index[i])) { return Int(index[i]) }
      i = i + 1 == index.count ? 0 : i + 1
    }
    return nil
  }

  /// Whether the owner has that name.
  @inline(__always) func isName(_ number: Int, _ name: RawSpan, from start: Int, count: Int) -> Bool {
    let entry = entries[number]
    return Int(entry.length) == count
      && sameOctets(names.bytes, at: Int(entry.name), name, at: start, count: count)
  }

  mutating func setLast(_ number: Int, _ record: UInt32) { entries[number].last = record }

  /// Says that the first record may not be the one that the owner had first.
  mutating func setNotLeading(_ number: Int) { entries[number].isLeading = false }

  private mutating func insert(
    _ name: RawSpan, _ start: Int, _ count: Int, _ hash: UInt64, _ parent: Int, _ isOwner: Bool
  ) -> Int {
    if (entries.count + 1) * 3 > index.count * 2 { resizeIndex(to: index.count * 2) }
    let number = entries.count
    let labels = entries[parent].labels + 1
    depth = max(depth, Int(labels))
    entries.append(
      Entry(
        name: UInt32(used), parent: UInt32(parent), last: Self.noRecord, length: UInt8(count), labels: labels,
        tag: UInt8(truncatingIfNeeded: hash), isLeading: isOwner))
    // Into the margin, which moves on.
    for i in 0..<count {
      names[used + i] = name.octet(start + i)
      names.append(UInt8(0))
    }
    used += count
    place(number, hash)
    return number
  }

  private mutating func place(_ number: Int, _ hash: UInt64) {
    var i = Zone.home(hash, index.count)
    while index[i] != 0 { i = i + 1 == index.count ? 0 : i + 1 }
    index[i] = UInt32(number)
  }

  private mutating func resizeIndex(to count: Int) {
    index = Slab(count: 1)
    index = Slab(count: count)
    for number in 1..<max(1, entries.count) {
      place(number, nameHash(names.bytes, from: Int(entries[number].name), count: Int(entries[number].length)))
    }
  }
}

// MARK: - While the zone is written

extension NodeTable {
  /// Octets that are not given back.
  var held: Int { entries.held + names.held + index.bytes.byteCount }

  /// Gives back memory of the names before `number`, which have been written.
  mutating func release(before number: Int) {
    released = number
    names.release(before: Int(entries[number].name))
    entries.release(before: number)
  }
}
