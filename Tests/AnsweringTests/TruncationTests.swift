import Answering
import Testing
import Wire

/// Sizes that clients offer (nil: no EDNS), and what they may get of a server with `udp-size`.
private let sizes: [(offered: UInt16?, ours: UInt16, limit: Int)] = [
  (nil, 1232, 512), (0, 1232, 512), (511, 1232, 512), (512, 1232, 512), (513, 1232, 513), (1231, 1232, 1231),
  (1232, 1232, 1232), (1233, 1232, 1232), (4096, 1232, 1232), (65535, 1232, 1232), (nil, 512, 512), (4096, 512, 512),
  (4096, 4096, 4096), (65535, 4096, 4096), (600, 4096, 600),
]

/// Names with 1 to 280 addresses, a text beside them.
private let counts = [1, 10, 28, 29, 30, 31, 32, 70, 74, 75, 76, 77, 200, 253, 254, 255, 280]
private let text =
  apexRecords
  + counts.map { count in (1...count).map { "n\(count) A 10.0.\($0 / 256).\($0 % 256)\n" }.joined() }.joined()

private let worlds = Result {
  try [512, 1232, 4096].reduce(into: [:]) { $0[$1] = try World(text, udpSize: $1) } as [UInt16: World]
}

@Suite struct TruncationTests {
  /// RFC 2181 §9: an RRset is there as a whole, or TC is set; OPT is always there (RFC 6891 §7).
  @Test(arguments: sizes)
  fileprivate func answer(size: (offered: UInt16?, ours: UInt16, limit: Int)) throws {
    let world = try #require(try worlds.get()[size.ours])
    for count in counts {
      let reply = try world.ask(
        "n\(count).example. A", edns: size.offered.map { TestQuery.EDNS(udpSize: $0) }, over: .udp)
      let question = "n\(count).example.".utf8.count + 1 + 4
      let whole = 12 + question + count * 16 + (size.offered == nil ? 0 : 11)
      #expect(reply.size <= size.limit)
      #expect(reply.isTruncated == (whole > size.limit))
      #expect(reply.answer.count == (whole > size.limit ? 0 : count))
      #expect(reply.authority.isEmpty && reply.additional.isEmpty)
      #expect(
        reply.opt == size.offered.map { _ in Reply.OPT(udpSize: size.ours, extendedCode: 0, version: 0, flags: 0) })
    }
  }

  /// Over TCP the size that EDNS offers does not matter.
  @Test(arguments: [nil, 0, 512, 65535] as [UInt16?])
  func overTCP(offered: UInt16?) throws {
    let reply = try worlds.get()[1232]?.ask("n280.example. A", edns: offered.map { TestQuery.EDNS(udpSize: $0) })
    #expect(reply?.answer.count == 280)
    #expect(reply?.isTruncated == false)
  }

  /// The largest RRset that a zone may have is answered whole, over TCP only.
  @Test func largestRRset() throws {
    let world = try World(apexRecords + (0..<4032).map { "a A 10.0.\($0 / 256).\($0 % 256)\n" }.joined())
    let reply = try world.ask("a.example. A", edns: TestQuery.EDNS())
    #expect(reply.answer.count == 4032 && !reply.isTruncated)
    #expect(Set(reply.answer.map(\.data)).count == 4032)
    #expect(try world.ask("a.example. A", over: .udp).status == "NOERROR aa tc")
  }

  /// Names beyond 16,383 cannot be pointed to.
  @Test(arguments: ["MX", "NS", "SRV"])
  func manyNames(type: String) throws {
    let data = ["MX": "10 ", "NS": "", "SRV": "0 0 1 "][type] ?? ""
    let records = (0..<1000).map { "sub.zone \(type) \(data)host\($0).a-rather-long-name\($0 % 9).example.net.\n" }
    let world = try World(apexRecords + records.joined())
    let reply = try world.ask("sub.zone.example. \(type)")
    #expect(Set((reply.answer + reply.authority).map(\.data)).count == 1000)
    #expect(!reply.isTruncated)
  }

  /// A negative answer whose SOA does not fit.
  @Test func longSOA() throws {
    let label = String(repeating: "x", count: 63)
    let name = "\(label).\(label).\(label)"
    let world = try World("@ SOA \(name).a. \(name).b. 1 2 3 4 60\n@ NS ns.example.org.")
    let short = try world.ask("x.example. A", over: .udp)
    #expect(short.status == "NXDOMAIN aa" && short.authority.count == 1)
    let long = try world.ask("\(name).example. A", over: .udp)
    #expect(long.status == "NXDOMAIN aa tc" && long.authority.isEmpty)
  }

  /// Additional addresses are left out whole, and without TC (RFC 2181 §9).
  @Test func additional() throws {
    let world = try World(
      apexRecords + "mail MX 1 n20\nmail MX 2 n30\nmail MX 3 n1\nn1 A 192.0.2.1\n"
        + (1...20).map { "n20 A 10.0.1.\($0)\n" }.joined() + (1...30).map { "n30 A 10.0.2.\($0)\n" }.joined())
    let reply = try world.ask("mail.example. MX", over: .udp)
    #expect(!reply.isTruncated && reply.answer.count == 3)
    let owners = reply.additional.reduce(into: [:]) { $0[$1.owner.description, default: 0] += 1 }
    #expect(owners == ["n20.example.": 20, "n1.example.": 1])
    let all = try world.ask("mail.example. MX", over: .tcp)
    #expect(all.additional.count == 51)
  }

  /// One octet less, and the record does not fit.
  @Test(arguments: [0, 1, 2, 10, 11, 12])
  func toTheOctet(missing: Int) throws {
    let world = try World(
      apexRecords + "t TXT \"\(String(repeating: "x", count: 250))\" \"\(String(repeating: "y", count: 200))\"",
      udpSize: 4096)
    let full = try world.ask("t.example. TXT", edns: TestQuery.EDNS(udpSize: 4096), over: .udp)
    #expect(!full.isTruncated && full.size > 512 - 11)
    let size = UInt16(full.size - missing)
    let reply = try world.ask("t.example. TXT", edns: TestQuery.EDNS(udpSize: size), over: .udp)
    #expect(reply.isTruncated == (size < full.size && size >= 512))
  }
}
