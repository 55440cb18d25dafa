import Answering
import Testing
import Wire

struct ClientTableTests {
  private static let prefixes = [
    ("10.0.0.0/8", 1), ("10.1.0.0/16", 2), ("10.1.2.0/24", 1), ("10.1.2.3/32", 3), ("192.0.2.0/24", 4),
    ("192.0.3.0/24", 4), ("255.255.255.255/32", 5), ("2001:db8::/32", 6), ("2001:db8:1::/48", 7),
  ]

  private func table(_ prefixes: [(String, Int)]) -> ClientTable {
    ClientTable(prefixes.compactMap { text, index in IPPrefix(text).map { ($0, index) } })
  }

  @Test(arguments: [
    ("0.0.0.0", 0, 5), ("9.255.255.255", 0, 7), ("10.0.0.0", 1, 16), ("10.128.0.1", 1, 9), ("10.1.0.1", 2, 23),
    ("10.1.2.2", 1, 32), ("10.1.2.3", 3, 32), ("10.1.2.4", 1, 30), ("10.1.3.0", 2, 24), ("192.0.2.9", 4, 23),
    ("192.0.3.9", 4, 23), ("192.0.4.0", 0, 22), ("255.255.255.255", 5, 32), ("255.255.255.254", 0, 32),
    ("2001:db8::1", 6, 48), ("2001:db8:1::1", 7, 48), ("2001:db8:ffff::1", 6, 33), ("::", 0, 3), ("ffff::", 0, 1),
  ])
  func findsTheLongestPrefixAndItsScope(client: String, classIndex: Int, scope: Int) throws {
    let match = table(Self.prefixes).find(try #require(IPAddress(client)))
    #expect(match.classIndex == classIndex && match.scope == scope, "\(match)")
  }

  @Test func anEmptyTableKnowsNobody() throws {
    let match = table([]).find(.v4(1))
    #expect(match.classIndex == 0 && match.scope == 0)
  }

  /// Against trying every prefix; and everybody within the scope has the same class.
  @Test(arguments: 1...20)
  func agreesWithTryingAll(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let prefixes = (0..<40).map { _ -> (prefix: IPPrefix, classIndex: Int) in
      let length = Int.random(in: 0...12, using: &random) + (Bool.random(using: &random) ? 20 : 0)
      let bits = UInt32.random(in: 0...0xFF, using: &random) << 24 | UInt32.random(in: 0...3, using: &random) << 8
      let start = length == 0 ? 0 : bits & ~(UInt32.max >> UInt32(length) as UInt32)
      return (IPPrefix("\(IPAddress.v4(start))/\(length)")!, Int.random(in: 1...4, using: &random))
    }
    let table = ClientTable(prefixes)
    func expected(_ address: IPAddress) -> Int {
      var best: (length: Int, classIndex: Int)?
      for (prefix, classIndex) in prefixes where prefix.contains(address) && prefix.length > best?.length ?? -1 {
        best = (prefix.length, classIndex)
      }
      return best?.classIndex ?? 0
    }
    for _ in 0..<300 {
      let value = UInt32.random(in: 0...0xFF, using: &random) << 24 | UInt32.random(in: 0...0x4FF, using: &random)
      let match = table.find(.v4(value))
      #expect(match.classIndex == expected(.v4(value)))
      let inside = match.scope == 32 ? 0 : UInt32.random(in: 0...(UInt32.max >> UInt32(match.scope)), using: &random)
      let mask = match.scope == 0 ? 0 : UInt32.max << UInt32(32 - match.scope)
      #expect(table.find(.v4(value & mask | inside)).classIndex == match.classIndex, "\(match)")
    }
  }
}

private struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 29) ^ state
  }
}
