import Memory
import Testing

@Suite struct SlabFileTests {
  private static func path(_ name: String) -> String { "/tmp/alula-slabs-\(UInt64.random(in: 0...(.max)))-\(name)" }

  /// A small slab is copied and a large one mapped; both hold what was written.
  @Test(arguments: [1, 1000, 300_000])
  func givesBackWhatWasWritten(count: Int) throws {
    let path = Self.path("good")
    defer { try? removeFile(path) }
    var numbers = Slab<UInt64>(count: count)
    fill(&numbers)
    var writer = try FileWriter(path)
    try writer.write(numbers.bytes, at: 8192)
    try writer.commit()
    let file = try SlabFile(path)
    #expect(file.size == 8192 + 8 * count)
    #expect(hash(file.slab(UInt64.self, at: 8192, count: count)) == ContentHash.of(numbers.bytes))
    #expect(FileHash(path)?.identity == FileIdentity(path))
  }

  private func hash(_ slab: consuming Slab<UInt64>?) -> UInt64? {
    guard let slab else { return nil }
    return ContentHash.of(slab.bytes)
  }

  private func fill(_ slab: inout Slab<UInt64>) {
    var span = slab.mutableSpan
    for i in span.indices { span[i] = UInt64(i) &* 0x9E37_79B9_7F4A_7C15 }
  }

  @Test(arguments: [(0, 101), (4096, 1), (-4096, 1), (8, 1), (0, -1), (0, .max), (.max, 1), (1 << 62, 1 << 62)])
  func givesNothingBeyondTheEnd(offset: Int, count: Int) throws {
    let path = Self.path("short")
    defer { try? removeFile(path) }
    var writer = try FileWriter(path)
    try writer.write(Slab<UInt64>(count: 100).bytes, at: 0)
    try writer.commit()
    let isThere = try SlabFile(path).slab(UInt64.self, at: offset, count: count) != nil
    #expect(!isThere)
  }

  @Test func unfinishedLeavesTheOldFile() throws {
    let path = Self.path("old")
    defer { try? removeFile(path) }
    var first = try FileWriter(path)
    try first.write(Slab<UInt8>(count: 10).bytes, at: 0)
    try first.commit()
    try abandon(path)
    #expect(FileIdentity(path)?.size == 10)
    #expect(FileIdentity(path + ".new") == nil)
  }

  private func abandon(_ path: String) throws {
    var second = try FileWriter(path)
    try second.write(Slab<UInt8>(count: 20).bytes, at: 0)
  }
}
