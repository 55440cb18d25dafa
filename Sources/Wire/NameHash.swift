/// A fast 64-bit hash of `count` octets, for tables of names that the operator's files fill.
///
/// The octets are taken eight at a time, so that `octets` must have 8 readable octets from the start
/// of every group of eight; what lies behind `count` does not matter.
@inlinable @inline(__always) package func nameHash(_ octets: RawSpan, from start: Int, count: Int) -> UInt64 {
  octets.checkWords(start, count)
  var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
  var at = start
  var left = count
  while left > 8 {
    hash = mixed(hash ^ octets.checkedWord(at))
    at &+= 8
    left &-= 8
  }
  if left > 0 { hash = mixed(hash ^ (octets.checkedWord(at) & leading(left))) }
  return hash
}

/// Whether `count` octets of `a` and `b` are the same, under the terms of `nameHash`.
@inlinable package func sameOctets(_ a: RawSpan, at i: Int, _ b: RawSpan, at j: Int, count: Int) -> Bool {
  a.checkWords(i, count)
  b.checkWords(j, count)
  var done = 0
  while count &- done > 8 {
    if a.checkedWord(i &+ done) != b.checkedWord(j &+ done) { return false }
    done &+= 8
  }
  if count == done { return true }
  return (a.checkedWord(i &+ done) ^ b.checkedWord(j &+ done)) & leading(count &- done) == 0
}

/// A mask of the first `count` (1 to 8) octets in memory of a little-endian word.
@inlinable @inline(__always) func leading(_ count: Int) -> UInt64 {
  UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count)
}

/// The two halves of a 128-bit product, folded: every input bit reaches the upper output bits.
@inlinable @inline(__always) func mixed(_ value: UInt64) -> UInt64 {
  let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
  return product.high ^ product.low
}
