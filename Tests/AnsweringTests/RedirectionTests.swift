import Answering
import Testing
import Wire

private let apexOnly = "@ SOA ns.example.org. h.example.org. 1 2 3 4 60\n@ NS ns.example.org.\n"

private func dname(_ owner: String, _ target: String) -> String { "\(owner) 300 DNAME \(target)" }
private func cname(_ from: String, _ to: String) -> String { "\(from) 300 CNAME \(to)" }

/// RFC 6672 §2.2, Table 1: what a name becomes; nil: no match.
private let table: [(name: String, owner: String, target: String, result: String?)] = [
  ("com.", "example.com.", "example.net.", nil),
  ("example.com.", "example.com.", "example.net.", nil),
  ("a.example.com.", "example.com.", "example.net.", "a.example.net."),
  ("a.b.example.com.", "example.com.", "example.net.", "a.b.example.net."),
  ("ab.example.com.", "b.example.com.", "example.net.", nil),
  ("foo.example.com.", "example.com.", "example.net.", "foo.example.net."),
  ("a.x.example.com.", "x.example.com.", "example.net.", "a.example.net."),
  ("a.example.com.", "example.com.", "y.example.net.", "a.y.example.net."),
  ("cyc.example.com.", "example.com.", "example.com.", "cyc.example.com."),
  ("cyc.example.com.", "example.com.", "c.example.com.", "cyc.c.example.com."),
  ("shortloop.x.x.", "x.", ".", "shortloop.x."),
  ("shortloop.x.", "x.", ".", "shortloop."),
]

/// The zones of RFC 6672 §6, and names in them.
private let examples = Result {
  try World([
    (
      "frobozz.example.",
      apexOnly + "@ DNAME frobozz-division.acme.example.\n@ MX 10 mailhub.acme.example.\n"
    ),
    ("acme.example.", apexOnly + "mailhub A 192.0.2.1\nwww.frobozz-division A 192.0.2.2\n"),
    (
      "0.192.in-addr.arpa.",
      apexOnly + "8/22 NS ns.slash-22-holder.example.\n"
        + (8...11).map { "\($0) DNAME \($0).8/22\n" }.joined()
    ),
    ("new-style.in-addr.arpa.", apexOnly + "189.190 DNAME in-addr.example.net.\n"),
    ("in-addr.example.net.", apexOnly + "188 DNAME in-addr.customer.example.com.\n"),
    (
      "in-addr.customer.example.com.",
      apexOnly + "1 PTR www.customer.example.com.\n2 PTR mailhub.customer.example.com.\n"
    ),
  ])
}

private func negative(_ zone: String) -> [String] {
  ["\(zone) 60 SOA ns.example.org. h.example.org. 1 2 3 4 60"]
}

private let frobozz = dname("frobozz.example.", "frobozz-division.acme.example.")
private let renumbered = [
  dname("189.190.new-style.in-addr.arpa.", "in-addr.example.net."),
  dname("188.in-addr.example.net.", "in-addr.customer.example.com."),
]

private let exampleCases: [Case] = [
  // §6.1: an organization is renamed. §2.4: its apex keeps what it has beside the DNAME.
  Case("frobozz.example. MX", answer: ["frobozz.example. 300 MX 10 mailhub.acme.example."]),
  Case("frobozz.example. NS", answer: ["frobozz.example. 300 NS ns.example.org."]),
  Case("frobozz.example. DNAME", answer: [frobozz]),
  Case("frobozz.example. A", authority: negative("frobozz.example.")),
  Case(
    "www.frobozz.example. A",
    answer: [
      frobozz, cname("www.frobozz.example.", "www.frobozz-division.acme.example."),
      "www.frobozz-division.acme.example. 300 A 192.0.2.2",
    ]),
  Case(
    "gone.frobozz.example. A", "NXDOMAIN aa",
    [frobozz, cname("gone.frobozz.example.", "gone.frobozz-division.acme.example.")],
    authority: negative("acme.example.")),
  // §3.1: a question for CNAME is answered with the one that is made, and followed no further.
  Case(
    "www.frobozz.example. CNAME",
    answer: [frobozz, cname("www.frobozz.example.", "www.frobozz-division.acme.example.")]
  ),
  // §6.2: a block that is no whole number of octets.
  Case(
    "1.9.0.192.in-addr.arpa. PTR",
    answer: [
      dname("9.0.192.in-addr.arpa.", "9.8/22.0.192.in-addr.arpa."),
      cname("1.9.0.192.in-addr.arpa.", "1.9.8/22.0.192.in-addr.arpa."),
    ], authority: ["8/22.0.192.in-addr.arpa. 300 NS ns.slash-22-holder.example."]),
  Case(
    "8.8/22.0.192.in-addr.arpa. PTR", "NOERROR",
    authority: ["8/22.0.192.in-addr.arpa. 300 NS ns.slash-22-holder.example."]),
  Case("7.0.192.in-addr.arpa. PTR", "NXDOMAIN aa", authority: negative("0.192.in-addr.arpa.")),
  // §6.3: a network is renumbered, through two redirections.
  Case(
    "1.188.189.190.new-style.in-addr.arpa. PTR",
    answer: renumbered + [
      cname("1.188.189.190.new-style.in-addr.arpa.", "1.188.in-addr.example.net."),
      cname("1.188.in-addr.example.net.", "1.in-addr.customer.example.com."),
      "1.in-addr.customer.example.com. 300 PTR www.customer.example.com.",
    ]),
  Case(
    "2.188.189.190.new-style.in-addr.arpa. PTR",
    answer: renumbered + [
      cname("2.188.189.190.new-style.in-addr.arpa.", "2.188.in-addr.example.net."),
      cname("2.188.in-addr.example.net.", "2.in-addr.customer.example.com."),
      "2.in-addr.customer.example.com. 300 PTR mailhub.customer.example.com.",
    ]),
  Case(
    "3.188.189.190.new-style.in-addr.arpa. PTR", "NXDOMAIN aa",
    renumbered + [
      cname("3.188.189.190.new-style.in-addr.arpa.", "3.188.in-addr.example.net."),
      cname("3.188.in-addr.example.net.", "3.in-addr.customer.example.com."),
    ], authority: negative("in-addr.customer.example.com.")),
]

/// DNAME (RFC 6672).
@Suite struct RedirectionTests {
  @Test(arguments: table)
  fileprivate func substitution(row: (name: String, owner: String, target: String, result: String?)) throws {
    let zone = row.owner.hasSuffix("example.com.") ? "example.com." : row.owner
    let world = try World([(zone, apexOnly + "\(row.owner) DNAME \(row.target)\n")])
    let reply = try world.ask("\(row.name) A")
    let answer = reply.answer.map(\.description)
    guard let result = row.result else {
      #expect(answer.isEmpty)
      return
    }
    #expect(answer.prefix(2) == [dname(row.owner, row.target), cname(row.name, result)])
    // The record is sent once, however often it is used (§3.2 step 3C).
    #expect(answer.filter { $0 == dname(row.owner, row.target) }.count == 1)
  }

  @Test(arguments: exampleCases) fileprivate func examplesOfSection6(_ expected: Case) throws {
    try expected.check(examples.get())
  }

  /// §2.2: 255 octets are a name, 256 are YXDOMAIN, with the record that did it.
  @Test func lengths() throws {
    let long = String(repeating: "l", count: 63)
    let target = [long, long, long].joined(separator: ".") + ".x."
    let world = try World([("x.", apexOnly + "d DNAME \(target)\n")])
    // The target has 195 octets.
    for (length, status) in [(59, "NXDOMAIN aa"), (60, "RCODE6 aa")] {
      let name = String(repeating: "n", count: length) + ".d.x."
      let reply = try world.ask("\(name) A")
      #expect(reply.status == status)
      #expect(reply.answer.first?.description == dname("d.x.", target))
      #expect(reply.answer.count == (length == 59 ? 2 : 1))
    }
  }

  /// §3.1: the synthesised CNAME has the DNAME's TTL, also 0.
  @Test(arguments: [0, 1, 604_800])
  func timeToLive(ttl: UInt32) throws {
    let reply = try World([("x.", apexOnly + "d \(ttl) DNAME e.example.org.\n")]).ask("n.d.x. A")
    #expect(reply.answer.map(\.ttl) == [ttl, ttl])
  }

  /// §2.4: what lies below a DNAME is not there; its siblings are.
  @Test func namesBelowAndBeside() throws {
    let world = try World([("x.", apexOnly + "d DNAME e\nn.d A 192.0.2.1\ndd A 192.0.2.2\nn.e A 192.0.2.3\n")])
    #expect(world.problems.contains { $0.contains("below a DNAME") })
    try Case(
      "n.d.x. A", answer: [dname("d.x.", "e.x."), cname("n.d.x.", "n.e.x."), "n.e.x. 300 A 192.0.2.3"]
    ).check(world)
    try Case("dd.x. A", answer: ["dd.x. 300 A 192.0.2.2"]).check(world)
  }
}
