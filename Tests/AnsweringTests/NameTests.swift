import Answering
import Testing
import Wire

private let label = String(repeating: "l", count: 63)
/// 255 octets with `example.`
private let long = "\(label).\(label).\(label).\(String(repeating: "m", count: 53)).example."
/// 127 labels in all.
private let deep = Array(repeating: "d", count: 123).joined(separator: ".") + ".example."

@Suite struct NameTests {
  /// The name comes back in the case it was asked, octet for octet (draft-vixie-dnsext-dns0x20).
  @Test(arguments: [
    "www.example.", "WWW.EXAMPLE.", "wWw.ExAmPlE.", "no.EXAMPLE.", "X.Y.WILD.example.", "a.SUB.example.",
    "Mail.Example.",
  ])
  func caseIsEchoed(name: String) throws {
    let world = try World(
      apexRecords
        + "www A 192.0.2.1\nwww NSEC a A\n*.wild A 192.0.2.2\nsub NS ns.sub\nns.sub A 192.0.2.3\nmail CNAME www")
    let reply = try world.ask("\(name) A")
    let asked = try DomainName(name)
    #expect(reply.question?.name == asked.wire)
    if let first = reply.answer.first { #expect(first.owner.wire == asked.wire) }
    let apex = asked.wire.suffix("example.".utf8.count + 1)
    for record in reply.answer + reply.authority + reply.additional {
      #expect(record.owner.wire.suffix(apex.count) == apex)
    }
  }

  @Test(arguments: [long, deep])
  func longNames(name: String) throws {
    let name = try DomainName(name)
    #expect(name.wire.count == 255)
    let parent = try #require(name.parent)
    let world = try World(
      apexRecords + "\(name) TXT \"long\"\n\(name) MX 10 \(name)\n\(name) A 192.0.2.1\nto CNAME \(name)")
    #expect(try world.ask("\(name) TXT").answer.count == 1)
    #expect(try world.ask("to.example. TXT").answer.map(\.type) == [.cname, .txt])
    #expect(try world.ask("\(parent) TXT").status == "NOERROR aa")
    let mail = try world.ask("\(name) MX")
    #expect(mail.answer.count == 1 && mail.additional.map(\.owner) == [name])
    #expect(try world.ask("x\(name.description.dropFirst()) TXT").status == "NXDOMAIN aa")
  }

  @Test(arguments: [long, deep])
  func longNamesFromAWildcard(name: String) throws {
    let world = try World(apexRecords + "* TXT \"w\"")
    let reply = try world.ask("\(name) TXT")
    #expect(reply.answer.map(\.owner) == [try DomainName(name)])
  }

  /// Names are read by vectors: none of the places in one, and none of the lengths, is special.
  @Test func everyLengthInCapitals() throws {
    let names = (1...100).map { length in
      let letters = (0..<length).map { Character(UnicodeScalar(UInt8(97 + ($0 * 7 + length) % 26))) }
      return length > 60 ? String(letters[..<50]) + "." + String(letters[50...]) : String(letters)
    }
    let world = try World(apexRecords + names.map { "\($0) TXT \($0.count)\n" }.joined())
    for name in names {
      let reply = try world.ask("\(name.uppercased()).EXAMPLE. TXT")
      let count = String(name.count).utf8
      #expect(reply.answer.map(\.data) == [[UInt8(count.count)] + Array(count)], "\(name)")
    }
  }

  /// Any octet may be in a label (RFC 2181 §11), and only ASCII letters have two cases (RFC 4343).
  @Test func everyOctet() throws {
    let world = try World(
      apexRecords + (0...255).map { "\(escaped($0)) TXT \($0 | (65...90 ~= $0 ? 32 : 0))\n" }.joined())
    for octet in 0...255 {
      let reply = try world.ask("\(escaped(octet)).example. TXT")
      let lower = UInt8(65...90 ~= octet ? octet | 32 : octet)
      #expect(reply.answer.map(\.data) == [[UInt8(String(lower).utf8.count)] + Array(String(lower).utf8)], "\(octet)")
      #expect(reply.question?.name.dropFirst().first == UInt8(octet))
    }
  }

  private func escaped(_ octet: Int) -> String { "\\" + String(1000 + octet).dropFirst() }

  /// A dot within a label is not a dot between labels.
  @Test func dotsWithin() throws {
    let world = try World(apexRecords + "a\\.b A 192.0.2.1\nc.d A 192.0.2.2")
    #expect(try world.ask("a\\.b.example. A").answer.count == 1)
    #expect(try world.ask("a.b.example. A").status == "NXDOMAIN aa")
    #expect(try world.ask("c\\.d.example. A").status == "NXDOMAIN aa")
  }

  /// What is compressed decodes to what the zone file has; the decoder checks every pointer.
  @Test(arguments: ["NS", "MX", "PTR", "SOA", "SRV", "CNAME", "NAPTR", "AFSDB", "KX", "SVCB"])
  func compression(type: String) throws {
    let names = [
      ".", "example.", "a.example.", "x.a.example.", "y.a.example.", "com.", "example.com.", "a.example.com.", "le.",
      "xample.",
    ]
    func data(_ name: String) -> String {
      switch type {
      case "MX", "AFSDB", "KX": "10 \(name)"
      case "SRV": "0 0 1 \(name)"
      case "SOA": "\(name) h.\(name == "." ? "" : name) 1 2 3 4 60"
      case "NAPTR": "1 1 \"\" \"\" \"\" \(name)"
      case "SVCB": "1 \(name)"
      default: name
      }
    }
    let isSingle = ["SOA", "CNAME"].contains(type)
    for group in isSingle ? names.map({ [$0] }) : [names] {
      let records = group.map { "\(type == "SOA" ? "@" : "x.a") \(type) \(data($0))\n" }.joined()
      let base = type == "SOA" ? "@ NS ns\n" : apexRecords
      let world = try World(base + records)
      let reply = try world.ask("\(type == "SOA" ? "" : "x.a.")example. \(type)")
      let section = type == "NS" ? reply.authority : reply.answer.filter { $0.type.description == type }
      #expect(
        Set(section.prefix(group.count).map(\.data)) == Set(try group.map { try wire(type, data($0)) }), "\(group)")
    }
  }

  private func wire(_ type: String, _ text: String) throws -> [UInt8] {
    try RDataFormat(#require(RecordType(text: type))).wire(text: text, origin: .root)
  }

  /// Compression is worth something: names at the apex take two octets.
  @Test func compressionSaves() throws {
    let world = try World(apexRecords + (1...10).map { "@ NS ns\($0)\n" }.joined())
    let reply = try world.ask("example. NS")
    let records = 11 * 12 + (1...10).reduce(6) { $0 + "ns\($1)".utf8.count + 3 } - 1
    #expect(reply.answer.count == 11)
    #expect(reply.size == 12 + 13 + records + 16)
  }
}
