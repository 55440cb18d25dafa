import Testing
import Wire

private func hex(_ text: String, times: Int = 1) -> String {
  var sha = SHA1()
  let octets = Array(text.utf8)
  for _ in 0..<times { sha.update(octets.span.octets, from: 0, count: octets.count) }
  let digest = sha.finish()
  return (0..<5).map { i in
    let word = String(digest[i], radix: 16)
    return String(repeating: "0", count: 8 - word.count) + word
  }.joined()
}

/// FIPS 180-4's examples and RFC 3174 §7.3.
@Suite struct SHA1Tests {
  @Test(arguments: [
    ("", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
    ("a", 1_000_000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    (
      "0123456701234567012345670123456701234567012345670123456701234567", 10,
      "dea356a2cddd90c7a7ecedc5ebb563934f460452"
    ),
  ]) func vectors(text: String, times: Int, digest: String) {
    #expect(hex(text, times: times) == digest)
  }
}
