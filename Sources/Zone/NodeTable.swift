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
  private var index: [UInt32]

  init(expecting count: Int) {
    var capacity = 64
    while capacity < count * 2 { capacity *= 2 }
    index = Array(repeating: .max, count: capacity)
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
    var i = Int(truncatingIfNeeded: hash) & (index.count - 1)
    while index[i] != .max {
      let entry = entries[Int(index[i])]
      if entry.hash == hash, Int(entry.length) == count,
        sameOctets(names.rawBytes, at: entry.name, name, at: start, count: count)
      {
        return Int(index[i])
      }
      i = (i + 1) & (index.count - 1)
    }
    return nil
  }

  private mutating func insert(_ name: RawSpan, _ start: Int, _ count: Int, _ hash: UInt64, _ parent: Int) -> Int {
    if (entries.count + 1) * 2 > index.count { grow() }
    let number = entries.count
    entries.append(
      Entry(
        name: used, hash: hash, parent: Int32(parent), length: UInt8(count), labels: entries[parent].labels + 1))
    names.removeLast(16)
    for i in start..<(start + count) { names.append(name.octet(i)) }
    names.append(contentsOf: repeatElement(0, count: 16))
    used += count
    place(number)
    return number
  }

  private mutating func place(_ number: Int) {
    var i = Int(truncatingIfNeeded: entries[number].hash) & (index.count - 1)
    while index[i] != .max { i = (i + 1) & (index.count - 1) }
    index[i] = UInt32(number)
  }

  private mutating func grow() {
    index = Array(repeating: .max, count: index.count * 2)
    for number in 1..<entries.count { place(number) }
  }
}
