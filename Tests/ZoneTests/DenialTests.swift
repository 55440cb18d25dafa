import Testing
import Wire
import Zone

private func signature(_ type: String, until end: Int) -> String {
  "@ RRSIG \(type) 13 1 300 \(end) 1 1 example. AAAA\n"
}

@Suite struct DenialTests {
  /// RFC 9276 §3.2.
  @Test(arguments: [(0, true), (50, true), (51, false), (65535, false)])
  func iterations(count: Int, isServed: Bool) throws {
    let hash = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"
    let outcome = try build(
      apexRecords + "@ NSEC3PARAM 1 0 \(count) -\n\(hash) NSEC3 1 0 \(count) - \(hash) SOA NS\n")
    #expect(outcome.isBuilt == isServed)
    #expect(
      outcome.problems
        == (isServed
          ? []
          : [
            "z:5:1: error: NSEC3 with \(count) iterations; at most 50 are served, and 0 is best (RFC 9276)"
          ]))
  }

  @Test func signedWithoutChain() throws {
    let outcome = try build(apexRecords + signature("SOA", until: 100))
    #expect(outcome.isBuilt)
    #expect(outcome.problems.count == 1 && outcome.problems[0].contains("neither NSEC nor NSEC3"))
    #expect(try build(apexRecords + signature("SOA", until: 100) + "@ NSEC @ SOA").problems.isEmpty)
  }

  /// The first end, in serial arithmetic (RFC 4034 §3.1.5).
  @Test func signaturesEnd() throws {
    #expect(try build(apexRecords).see { $0.signaturesEnd } == nil)
    #expect(try build(apexRecords).see { $0.isSigned } == false)
    let ends = [5_000_000, 4_294_967_000, 10]
    let text =
      apexRecords + zip(["SOA", "NS", "NSEC"], ends).map { signature($0, until: $1) }.joined() + "@ NSEC @ SOA"
    #expect(try build(text).see { $0.signaturesEnd } == 4_294_967_000)
    #expect(try build(text).see { $0.isSigned })
  }

  /// NSEC3 owners are not names: neither found, nor an encloser, nor counted in the depth.
  @Test func hashedOwners() throws {
    let hash = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"
    let outcome = try build(apexRecords + "@ NSEC3PARAM 1 0 0 -\n\(hash) NSEC3 1 0 0 - \(hash) SOA NS")
    #expect(try outcome.lookup(DomainName("\(hash).example.")).outcome == .noSuchName)
    #expect(try outcome.lookup(DomainName("x.\(hash).example.")).outcome == .noSuchName)
    #expect(try outcome.lookup(DomainName("ns.example.")).outcome == .found)
  }
}
