import Testing
import Wire

@Suite struct DomainNameTests {
  @Test(
    arguments: [
      (".", [0]), ("a", [1, 0x61, 0]), ("a.", [1, 0x61, 0]), ("a.B", [1, 0x61, 1, 0x42, 0]),
      ("a\\.b", [3, 0x61, 0x2E, 0x62, 0]),
      ("\\000\\255", [2, 0, 255, 0]), ("\\a", [1, 0x61, 0]), ("*.a", [1, 0x2A, 1, 0x61, 0]),
    ] as [(String, [UInt8])])
  func reads(text: String, wire: [UInt8]) throws {
    #expect(try DomainName(text).wire == wire)
    #expect(DomainName(wire: wire)?.wire == wire)
  }

  @Test(
    arguments: [
      ("", .empty), ("..", .emptyLabel), (".a", .emptyLabel), ("a..b", .emptyLabel), ("a..", .emptyLabel),
      ("a\\", .badEscape), ("a\\1", .badEscape), ("a\\12", .badEscape), ("a\\256", .badEscape),
      (String(repeating: "a", count: 64), .labelTooLong), (String(repeating: "a.", count: 128), .nameTooLong),
    ] as [(String, NameError)])
  func refuses(text: String, error: NameError) {
    #expect(throws: error) { try DomainName(text) }
  }

  @Test(arguments: [".", "a.b.", "a\\.b.c.", "\\000\\032\\255.", "\\@.", "\\$x.", "a\\;b.", "\\\\."])
  func printsWhatItReads(text: String) throws {
    #expect(try DomainName(text).description == text)
  }

  @Test(
    arguments: [[], [1], [1, 0x61], [0, 0], [0xC0, 0], [64] + Array(repeating: 0x61, count: 64) + [0]] as [[UInt8]])
  func refusesWire(wire: [UInt8]) {
    #expect(DomainName(wire: wire) == nil)
  }

  @Test func relativeNamesTakeTheOrigin() throws {
    let origin = try DomainName("example.com.")
    #expect(try DomainName("www", origin: origin).description == "www.example.com.")
    #expect(try DomainName("www.", origin: origin).description == "www.")
  }

  @Test func namesCompareWithoutCase() throws {
    let (a, b) = (try DomainName("WwW.Example."), try DomainName("www.eXAMPLE."))
    #expect(a == b && a.hashValue == b.hashValue && a.lowercased.wire == b.lowercased.wire)
    #expect(
      try a.isAtOrBelow(DomainName("EXAMPLE")) && a.isAtOrBelow(.root)
        && !DomainName("xexample").isAtOrBelow(DomainName("example")))
  }

  /// The example of RFC 4034 §6.1.
  @Test func canonicalOrder() throws {
    let names = try [
      "example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example", "\\001.z.example",
      "*.z.example", "\\200.z.example",
    ].map { try DomainName($0) }
    #expect(names.reversed().sorted() == names)
  }
}
