import Memory
import Wire

/// Requests for A of n0, n1, … below `bench.test.`, one behind the other, in an order that a seed makes.
struct Queries: ~Copyable, Sendable {
  /// Octets from one to the next.
  static var stride: Int { 48 }
  let octets: Slab<UInt8>
  let lengths: Slab<UInt8>
  let count: Int

  init(names: Int, count: Int, seed: UInt64) {
    var octets = Slab<UInt8>(count: count * Self.stride)
    var lengths = Slab<UInt8>(count: count)
    var random = seed
    for i in 0..<count {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let name = Int((random >> 33) % UInt64(names))
      let label = Array("n\(name)".utf8)
      let query: [UInt8] =
        [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, UInt8(label.count)] + label + [5] + Array("bench".utf8) + [4]
        + Array("test".utf8) + [0, 0, 1, 0, 1]
      for (j, octet) in query.enumerated() { octets[i * Self.stride + j] = octet }
      lengths[i] = UInt8(query.count)
    }
    self.octets = octets
    self.lengths = lengths
    self.count = count
  }
}

/// The buffers of a batch, as a worker has them: a request is copied in, and its reply written behind it.
struct Buffers: ~Copyable {
  static var batch: Int { 64 }
  static var stride: Int { 1024 + 192 }
  var octets = Slab<UInt8>(count: batch * stride)

  subscript(place: Int) -> MutableRawSpan {
    @_lifetime(&self) mutating get { octets.mutableBytes(at: place * Self.stride, count: 1024) }
  }

  mutating func take(_ queries: borrowing Queries, _ i: Int, into place: Int) {
    var target = octets.mutableBytes(at: place * Self.stride, count: Self.stride)
    target.copy(queries.octets.bytes, from: i * Queries.stride, count: Queries.stride, at: 0)
  }
}
