import Memory
import Testing

@Suite struct GrowableArrayTests {
  /// From the heap to a mapping and on to larger ones, with all that is in it.
  @Test(arguments: [1, 1000, 131_071, 131_072, 131_073, 3_000_000])
  func keepsWhatItHolds(count: Int) {
    var array = GrowableArray<UInt64>()
    for i in 0..<count { array.append(Self.value(i)) }
    #expect(array.count == count)
    Self.expect(array, from: 0)
    let copy = GrowableArray(copying: array.span)
    Self.expect(copy, from: 0)
  }

  /// What is given back is gone, what is not stays, and the array grows as before.
  @Test(arguments: [0, 1, 100_000, 1_234_567, 2_999_999, 3_000_000])
  func givesBackWhatIsBeforeAnIndexOnly(index: Int) {
    var array = GrowableArray<UInt64>()
    for i in 0..<3_000_000 { array.append(Self.value(i)) }
    array.release(before: index / 2)
    array.release(before: index)
    Self.expect(array, from: index)
    // All but a piece has gone, and reads as zeros.
    if index > 1 << 17 { #expect(array[1 << 15] == 0) }
    for i in 3_000_000..<5_000_000 { array.append(Self.value(i)) }
    Self.expect(array, from: index)
  }

  @Test func aSmallOneIsKeptWhole() {
    var array = GrowableArray<UInt64>()
    for i in 0..<1000 { array.append(Self.value(i)) }
    array.release(before: 900)
    Self.expect(array, from: 0)
  }

  private static func value(_ i: Int) -> UInt64 { UInt64(i + 1) &* 0x9E37_79B9_7F4A_7C15 }

  private static func expect(_ array: borrowing GrowableArray<UInt64>, from first: Int) {
    var wrong = 0
    for i in first..<array.count where array[i] != value(i) { wrong += 1 }
    #expect(wrong == 0)
  }
}
