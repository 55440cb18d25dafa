import Memory

/// A bit for each number below a count, none of them set to begin with; with a count of 0, for any number.
struct BitTable: ~Copyable {
  private var words: Slab<UInt64>

  init(count: Int) { words = Slab(count: (count + 63) / 64) }

  mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

  func contains(_ number: Int) -> Bool { words.count > 0 && words[number >> 6] >> UInt64(number & 63) & 1 != 0 }
}
