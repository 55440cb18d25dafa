import TestSupport
import Testing
import Updating
import Wire

/// What updates do to `TestZone.usual` (RFC 2136 §3).
@Suite struct EvaluationTests {
  private func outcome(_ prerequisites: [Line], _ changes: [Line]) throws(UpdateRefusal) -> UpdateOutcome {
    try UpdateRequest(update(prerequisites, changes)).evaluate(for: key().name, rules: nil, view: TestZone.usual.view)
  }

  private func code(_ prerequisites: [Line], _ changes: [Line] = []) -> ResponseCode {
    do throws(UpdateRefusal) {
      _ = try outcome(prerequisites, changes)
      return .noError
    } catch {
      return error.code
    }
  }

  private static func inUse(_ owner: String) -> Line {
    Line(owner: owner + ".app.example.com", type: 255, recordClass: 255)
  }

  private static func notInUse(_ owner: String) -> Line {
    Line(owner: owner + ".app.example.com", type: 255, recordClass: 254)
  }

  private static func exists(_ owner: String, _ type: UInt16, not: Bool = false) -> Line {
    Line(owner: owner + ".app.example.com", type: type, recordClass: not ? 254 : 255)
  }

  private static func equals(_ owner: String, _ type: String, _ data: String) -> Line {
    .equals(identity(owner, type, data))
  }

  /// RFC 2136 §3.2.5.
  @Test(arguments: [
    ([inUse("www")], ResponseCode.noError), ([inUse("WWW")], .noError), ([inUse("gone")], .nxDomain),
    ([notInUse("gone")], .noError), ([notInUse("www")], .yxDomain), ([exists("www", 1)], .noError),
    ([exists("www", 28)], .nxRRset), ([exists("gone", 1)], .nxRRset), ([exists("www", 28, not: true)], .noError),
    ([exists("gone", 1, not: true)], .noError), ([exists("www", 1, not: true)], .yxRRset),
    ([equals("www", "A", "192.0.2.10"), equals("www", "A", "192.0.2.11")], .noError),
    ([equals("www", "A", "192.0.2.11"), equals("www", "TXT", "text"), equals("www", "A", "192.0.2.10")], .noError),
    ([equals("www", "A", "192.0.2.10")], .nxRRset), ([equals("gone", "A", "192.0.2.10")], .nxRRset),
    ([equals("www", "A", "192.0.2.10"), equals("www", "A", "192.0.2.12")], .nxRRset),
    (
      [equals("www", "A", "192.0.2.10"), equals("www", "A", "192.0.2.11"), equals("www", "A", "192.0.2.12")], .nxRRset
    ),
    ([equals("@", "MX", "10 MAIL")], .noError), ([equals("www", "TXT", "TEXT")], .nxRRset),
    ([inUse("www"), inUse("gone")], .nxDomain),
  ])
  func prerequisites(lines: [Line], code: ResponseCode) {
    #expect(self.code(lines) == code)
  }

  @Test func addAndDelete() throws {
    let outcome = try outcome(
      [],
      [
        .add(record("_acme-challenge", "TXT", "one", ttl: 60)), .add(record("_acme-challenge", "TXT", "two", ttl: 60)),
        .delete(identity("www", "A", "192.0.2.10")),
      ])
    #expect(
      outcome.edits == [
        .add(record("_acme-challenge", "TXT", "one", ttl: 60)), .add(record("_acme-challenge", "TXT", "two", ttl: 60)),
        .remove(identity("www", "A", "192.0.2.10")),
      ])
    #expect(outcome.ignored.isEmpty)
  }

  @Test func nothingChangesNothing() throws {
    let lines: [Line] = [
      .add(record("www", "A", "192.0.2.10")), .delete(identity("www", "A", "192.0.2.99")),
      .delete(identity("gone", "A", "192.0.2.1")),
      Line(owner: "gone.app.example.com", type: 1, recordClass: 255),
      Line(owner: "gone.app.example.com", type: 255, recordClass: 255),
      .add(record("new", "A", "192.0.2.1")), .delete(identity("new", "A", "192.0.2.1")),
    ]
    #expect(try outcome([], lines).edits == [])
  }

  @Test func anotherTTLIsAChange() throws {
    #expect(
      try outcome([], [.add(record("www", "A", "192.0.2.10", ttl: 5))]).edits == [
        .add(record("www", "A", "192.0.2.10", ttl: 5))
      ])
  }

  @Test func deleteThenAddReplaces() throws {
    let lines = [
      Line(owner: "www.app.example.com", type: 1, recordClass: 255), .add(record("www", "A", "192.0.2.11")),
      .add(record("www", "A", "192.0.2.12")),
    ]
    #expect(
      try outcome([], lines).edits == [
        .remove(identity("www", "A", "192.0.2.10")), .add(record("www", "A", "192.0.2.12")),
      ])
  }

  @Test func deleteAName() throws {
    let lines = [Line(owner: "www.app.example.com", type: 255, recordClass: 255)]
    #expect(
      try outcome([], lines).edits == [
        .remove(identity("www", "A", "192.0.2.10")), .remove(identity("www", "A", "192.0.2.11")),
        .remove(identity("www", "TXT", "text")),
      ])
  }

  /// SOA and NS stay (RFC 2136 §3.4.2.3).
  @Test func deleteTheApex() throws {
    let lines = [Line(owner: "app.example.com", type: 255, recordClass: 255)]
    #expect(try outcome([], lines).edits == [.remove(identity("@", "MX", "10 mail"))])
  }

  /// RFC 2136 §3.4.2.2: silently, but the log is told.
  @Test func nothingBesideAnAlias() throws {
    let outcome = try outcome([], [.add(record("alias", "TXT", "x")), .add(record("www", "TXT", "y"))])
    #expect(outcome.edits == [.add(record("www", "TXT", "y"))])
    #expect(outcome.ignored == ["alias.app.example.com TXT: the name is an alias"])
  }

  @Test func tooLargeAnRRset() throws {
    let text = String(repeating: "\"" + String(repeating: "x", count: 250) + "\" ", count: 30)
    let lines = (0..<5).map { Line.add(record("big", "TXT", text + "\($0)")) }
    #expect(code([], Array(lines.prefix(4))) == .noError)
    #expect(code([], lines) == .servFail)
  }

  @Test func neverPermitted() {
    for (type, data) in [
      ("NS", "ns"), ("SOA", "a b 1 2 3 4 5"), ("CNAME", "www"), ("DNAME", "www"), ("DS", "1 8 2 00"),
      ("DNSKEY", "256 3 8 AA=="),
      ("NSEC", "a A"), ("NSEC3PARAM", "1 0 0 -"), ("TYPE65280", "\\# 1 00"), ("NULL", "\\# 0"),
    ] {
      #expect(code([], [.add(record("new", type, data))]) == .refused, "\(type)")
      #expect(code([], [.delete(identity("new", type, data))]) == .refused, "\(type)")
      let number = RecordType(text: type)?.rawValue ?? 0
      #expect(code([], [Line(owner: "www.app.example.com", type: number, recordClass: 255)]) == .refused, "\(type)")
      #expect(!UpdateRule.isPermittable(RecordType(number)))
    }
    // The alias goes with its name.
    #expect(code([], [Line(owner: "alias.app.example.com", type: 255, recordClass: 255)]) == .refused)
    #expect(UpdateRule.permittable.count == 29)
  }
}
