import TestSupport
import Testing

extension BlackBox {
  /// Aliases, redirections and what is sent along, on a zone of their own.
  @Suite struct AliasTests {
    static let zone = """
      $TTL 300
      @          SOA   ns hostmaster 1 3600 600 86400 60
      @          NS    ns
      ns         A     192.0.2.1
      loop       CNAME b.loop
      b.loop     CNAME loop
      self       CNAME self
      *.wild     CNAME a.wild
      old        60 DNAME new
      old        TXT   "the owner of a DNAME has its own records"
      host.new   A     192.0.2.2
      far        DNAME example.net.
      self-made  CNAME host.old
      long       DNAME \(label("a")).\(label("b")).\(label("c"))
      two        MX    10 ns
      two        MX    20 NS
      cut        NS    ns.cut
      ns.cut     A     192.0.2.3
      glue       MX    10 ns.cut

      """
    static func label(_ character: Character) -> String { String(repeating: character, count: 60) }

    static let alula = Result {
      let alula = try Alula("zones: { example.com: { file: zone } }\n", files: ["zone": zone])
      try alula.waitUntilReady("example.com")
      return alula
    }

    struct Case: Sendable, CustomTestStringConvertible {
      let name: String
      var type = "A"
      var status = "NOERROR"
      /// Owner, TTL, type and data of each record of the answer, in order.
      var answer: [String]
      var authority: [String] = []
      var additional: [String] = []
      var testDescription: String { "\(name) \(type)" }
    }

    static let redirection = "old.example.com. 60 DNAME new.example.com."
    static let cases = [
      // A loop ends where it closes, and no record is sent twice.
      Case(
        name: "loop",
        answer: ["loop.example.com. 300 CNAME b.loop.example.com.", "b.loop.example.com. 300 CNAME loop.example.com."]),
      Case(name: "self", answer: ["self.example.com. 300 CNAME self.example.com."]),
      Case(
        name: "x.wild",
        answer: [
          "x.wild.example.com. 300 CNAME a.wild.example.com.", "a.wild.example.com. 300 CNAME a.wild.example.com.",
        ]),
      // RFC 4035 §2.5: NSEC may stand beside a CNAME, so it is not looked for behind it.
      Case(name: "self", type: "NSEC", answer: [], authority: ["SOA"]),
      // RFC 6672 §3.
      Case(
        name: "host.old",
        answer: [
          redirection, "host.old.example.com. 60 CNAME host.new.example.com.", "host.new.example.com. 300 A 192.0.2.2",
        ]),
      Case(
        name: "nothing.old", status: "NXDOMAIN",
        answer: [redirection, "nothing.old.example.com. 60 CNAME nothing.new.example.com."], authority: ["SOA"]),
      Case(
        name: "host.old", type: "CNAME",
        answer: [redirection, "host.old.example.com. 60 CNAME host.new.example.com."]),
      Case(
        name: "self-made",
        answer: [
          "self-made.example.com. 300 CNAME host.old.example.com.", redirection,
          "host.old.example.com. 60 CNAME host.new.example.com.", "host.new.example.com. 300 A 192.0.2.2",
        ]),
      Case(name: "old", answer: [], authority: ["SOA"]),
      Case(name: "old", type: "DNAME", answer: [redirection]),
      Case(
        name: "a.b.far",
        answer: ["far.example.com. 300 DNAME example.net.", "a.b.far.example.com. 300 CNAME a.b.example.net."]),
      Case(
        name: "\(label("x")).long", status: "YXDOMAIN",
        answer: ["long.example.com. 300 DNAME \(label("a")).\(label("b")).\(label("c")).example.com."]),
      // One name in two records: its addresses once. Glue belongs beside a delegation only.
      Case(
        name: "two", type: "MX",
        answer: ["two.example.com. 300 MX 10 ns.example.com.", "two.example.com. 300 MX 20 ns.example.com."],
        additional: ["ns.example.com. 300 A 192.0.2.1"]),
      Case(name: "glue", type: "MX", answer: ["glue.example.com. 300 MX 10 ns.cut.example.com."]),
    ]

    @Test(arguments: cases, ["+notcp", "+tcp"])
    func answers(question: Case, transport: String) throws {
      let reply = try Self.alula.get().ask("\(question.name).example.com", question.type, [transport, "+norec"])
      #expect(reply.status == question.status)
      #expect(reply.answer.map(\.line) == question.answer)
      #expect(reply.authority.map(\.type) == question.authority)
      #expect(reply.additional.map(\.line) == question.additional)
      #expect(reply.flags == ["qr", "aa"])
    }
  }
}

extension DigRecord {
  fileprivate var line: String { "\(name) \(ttl) \(type) \(data)" }
}
