import Memory
import Testing

/// 3, 10, 17, …: what the reference implementation (xxHash 0.8) was asked for the hashes of.
private func octets(_ count: Int) -> Slab<UInt8> {
  var slab = Slab<UInt8>(count: count)
  var span = slab.mutableSpan
  for i in span.indices { span[i] = UInt8(truncatingIfNeeded: i * 7 + 3) }
  return slab
}

@Suite struct ContentHashTests {
  @Test(
    arguments: [
      (0, 0xef46_db37_51d8_e999), (1, 0x1f25_c8d0_bc1f_4bb6), (7, 0x9a7b_1499_59ce_60d8),
      (31, 0xa2aa_5f33_cc4a_6119), (32, 0x23c3_c17e_f790_fd97), (33, 0x50a7_cfc7_ba58_8784),
      (100, 0xa61f_8d4c_170f_e531), (1000, 0x5f23_5fa0_33f1_a3fb),
    ] as [(Int, UInt64)])
  func isXXH64(count: Int, hash: UInt64) {
    let all = octets(count)
    #expect(ContentHash.of(all.bytes) == hash)
    var pieces = ContentHash()
    var at = 0
    while at + 32 <= count {
      pieces.absorb(all.bytes.extracting(at..<at + 32))
      at += 32
    }
    #expect(pieces.finish(all.bytes.extracting(at..<count)) == hash)
  }
}
