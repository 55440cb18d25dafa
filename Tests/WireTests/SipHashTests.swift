import Testing
import Wire

/// The vectors of the reference implementation: key 00 01 … 0f, input 00 01 … of as many octets.
@Suite struct SipHashTests {
  @Test(
    arguments: [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a), (3, 0x8567_6696_d7fb_7e2d),
      (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d), (6, 0xcbc9_466e_58fe_e3ce), (7, 0xab02_00f5_8b01_d137),
      (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5),
    ] as [(Int, UInt64)])
  func vectors(count: Int, expected: UInt64) {
    func word(_ octets: Range<Int>) -> UInt64 { octets.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var hash = SipHash(SipHash.Key(word(0..<8), word(8..<16)))
    for start in stride(from: 0, to: count - 7, by: 8) { hash.absorb(word(start..<start + 8)) }
    #expect(hash.finish(word(count / 8 * 8..<count), length: count) == expected)
  }
}
