import Wire

/// The owners of a zone while it is built, and their ancestors up to the apex: each gets a number.
///
/// Names are relative to the apex, in lower case; number 0 is the apex.
struct NodeTable {
  struct Entry: BitwiseCopyable {
    var name: Int
    var hash: UInt64
    var parent: Int32
    var length: UInt8
    var labels: UInt8
  }

  private(set) var entries: [Entry] = []
  /// The names one behind the other, with the margin that hashing by words needs.
  private(set) var names = [UInt8](repeating: 0, count: 16)
  private var used = 0
  /// Open addressing, at most two thirds full; 0, which is never looked for, is empty.
  private var index: [UInt32]

  /// - Parameter owners: how many names to expect, and their octets: what is reserved and not used is never
  ///   resident.
  init(expecting owners: (count: Int, octets: Int)) {
    index = Array(repeating: 0, count: 64 + owners.count + owners.count / 2)
    entries.reserveCapacity(owners.count + 1)
    names.reserveCapacity(owners.octets + 16)
    entries.append(Entry(name: 0, hash: 0, parent: -1, length: 0, labels: 0))
  }

  /// The number of the owner `name[start..<start + count]`, with all its ancestors if it is new.
  mutating func intern(_ name: RawSpan, from start: Int, count: Int) -> Int {
    if count == 0 { return 0 }
    let hash = nameHash(name, from: start, count: count)
    if let known = find(name, from: start, count: count, hash: hash) { return known }
    let label = 1 + Int(name.octet(start))
    let parent = intern(name, from: start + label, count: count - label)
    return insert(name, start, count, hash, parent)
  }

  func find(_ name: RawSpan, from start: Int, count: Int) -> Int? {
    count == 0 ? 0 : find(name, from: start, count: count, hash: nameHash(name, from: start, count: count))
  }

  private func find(_ name: RawSpan, from start: Int, count: Int, hash: UInt64) -> Int? {
    var i = Zone.home(hash, index.count)
    while index[i] != 0 {
      let entry = entries[Int(index[i])]
      if entry.hash == hash, Int(entry.length) == count,
        sameOctets(names.rawBytes, at: entry.name, name, at: start, count: count)
      {
        return Int(index[i])
      }
      i = i + 1 == index.count ? 0 : i + 1
    }
    return nil
  }

  private mutating func insert(_ name: RawSpan, _ start: Int, _ count: Int, _ hash: UInt64, _ parent: Int) -> Int {
    if (entries.count + 1) * 3 > index.count * 2 { grow() }
    let number = entries.count
    entries.append(
      Entry(
        name: used, hash: hash, parent: Int32(parent), length: UInt8(count), labels: entries[parent].labels + 1))
    // Into the margin, which moves on.
    for i in 0..<count {
      names[used + i] = name.octet(start + i)
      names.append(0)
    }
    used += count
    place(number)
    return number
  }

  private mutating func place(_ number: Int) {
    var i = Zone.home(entries[number].hash, index.count)
    while index[i] != 0 { i = i + 1 == index.count ? 0 : i + 1 }
    index[i] = UInt32(number)
  }

  private mutating func grow() {
    index = Array(repeating: 0, count: index.count * 2)
    for number in 1..<entries.count { place(number) }
  }
}
