import Answering
import Testing

private let world = Result {
  try World(
    apexRecords + """
      ; glue: in the delegated domain, of a sibling, outside
      sub            NS    ns.sub
      sub            NS    ns.sibling
      sub            NS    ns.example.org.
      sub            DS    1 8 2 0123456789012345678901234567890123456789012345678901234567890123
      ns.sub         A     192.0.2.1
      ns.sub         AAAA  2001:db8::1
      sibling        NS    ns.sibling
      ns.sibling     A     192.0.2.2
      ; occluded: below the cut, at the cut
      www.sub        A     192.0.2.3
      sub            TXT   "occluded"
      alias.sub      CNAME www
      *.sub          TXT   "occluded"
      deeper.sub     NS    ns.example.net.
      ; the server is the cut itself; it has an address in the authoritative part; in a wildcard
      self           NS    self
      self           A     192.0.2.4
      up             NS    ns
      wild           NS    any.w
      *.w            A     192.0.2.5
      under.an.ent   NS    ns
      to             CNAME www.sub
      mail           MX    10 ns.sub
      """)
}

private let sub = [
  "sub.example. 300 NS ns.sub.example.", "sub.example. 300 NS ns.sibling.example.",
  "sub.example. 300 NS ns.example.org.",
]
private let glue = [
  "ns.sub.example. 300 A 192.0.2.1", "ns.sub.example. 300 AAAA 2001:db8::1", "ns.sibling.example. 300 A 192.0.2.2",
]
private let digest = "0123456789012345678901234567890123456789012345678901234567890123"

private let cases: [Case] =
  // At the cut and below it, whatever there is in the zone and whatever is asked.
  [
    "sub A", "sub NS", "sub SOA", "sub TXT", "sub ANY", "sub CNAME", "ns.sub A", "www.sub A", "alias.sub CNAME",
    "no.sub A", "a.b.c.d.sub A", "*.sub TXT", "deeper.sub NS", "x.deeper.sub A", "ns.sub DS", "deeper.sub DS",
  ].map {
    let words = $0.split(separator: " ")
    return Case("\(words[0]).example. \(words[1])", "NOERROR", authority: sub, additional: glue)
  } + [
    // The parent's side of a cut (RFC 4035 §3.1.4.1).
    Case("sub.example. DS", answer: ["sub.example. 300 DS 1 8 2 \(digest)"]),
    Case("up.example. DS", authority: negative),
    Case("x.up.example. DS", "NOERROR", authority: ["up.example. 300 NS ns.example."], additional: ns),
    Case("self.example. A", "NOERROR", authority: ["self.example. 300 NS self.example."], additional: selfGlue),
    Case("x.self.example. A", "NOERROR", authority: ["self.example. 300 NS self.example."], additional: selfGlue),
    Case("up.example. A", "NOERROR", authority: ["up.example. 300 NS ns.example."], additional: ns),
    Case(
      "x.wild.example. A", "NOERROR", authority: ["wild.example. 300 NS any.w.example."],
      additional: ["any.w.example. 300 A 192.0.2.5"]),
    Case("an.ent.example. A", authority: negative),
    Case("x.an.ent.example. A", "NXDOMAIN aa", authority: negative),
    Case(
      "under.an.ent.example. A", "NOERROR", authority: ["under.an.ent.example. 300 NS ns.example."], additional: ns),
    // An alias into the delegated part: its own record has authority, the referral does not change that.
    Case("to.example. A", answer: ["to.example. 300 CNAME www.sub.example."], authority: sub, additional: glue),
    // Glue belongs beside the delegation only.
    Case("mail.example. MX", answer: ["mail.example. 300 MX 10 ns.sub.example."]),
  ]

private let ns = ["ns.example. 300 A 192.0.2.53"]
private let selfGlue = ["self.example. 300 A 192.0.2.4"]

@Suite struct DelegationTests {
  @Test(arguments: cases) fileprivate func delegations(_ expected: Case) throws { try expected.check(world.get()) }

  /// RFC 9471 §3.1, §3.2: without its in-domain glue a referral is truncated, without a sibling's it is not.
  @Test(arguments: [(servers: "ns.sub", isTruncated: true), ("ns.other", false)])
  func glueThatDoesNotFit(server: String, isTruncated: Bool) throws {
    let addresses = (1...30).map { "\(server) A 192.0.2.\($0)" }.joined(separator: "\n")
    let world = try World(apexRecords + "sub NS \(server)\nother NS ns.other\n\(addresses)\n")
    let reply = try world.ask("x.sub.example. A", over: .udp)
    #expect(reply.isTruncated == isTruncated)
    #expect(reply.authority.count == 1 && reply.additional.isEmpty)
    #expect(try world.ask("x.sub.example. A", over: .tcp).additional.count == 30)
  }

  /// The glue that the referral needs goes before what is only welcome (RFC 9471 §3.2).
  @Test func requiredGlueComesFirst() throws {
    let addresses = (1...20).map { "ns.other A 192.0.2.\($0)" }.joined(separator: "\n")
    let world = try World(
      apexRecords + "sub NS ns.other\nsub NS ns.sub\nother NS ns.other\n\(addresses)\n"
        + (1...8).map { "ns.sub A 198.51.100.\($0)\n" }.joined())
    let reply = try world.ask("x.sub.example. A", over: .udp)
    #expect(!reply.isTruncated)
    #expect(reply.additional.count == 8)
  }

  /// RFC 6672 §2.4: nothing exists below a DNAME, not even as an additional address.
  @Test func namesBelowDNAMEAreLeftOut() throws {
    let world = try World(
      """
      @ SOA ns.d h 1 2 3 4 60
      @ NS ns.d
      @ A 192.0.2.1
      d DNAME example.org.
      ns.d A 192.0.2.2
      *.d A 192.0.2.3
      mail MX 10 any.d
      """)
    try Case("example. NS", answer: ["example. 300 NS ns.d.example."]).check(world)
    try Case("mail.example. MX", answer: ["mail.example. 300 MX 10 any.d.example."]).check(world)
    try Case("d.example. DNAME", answer: ["d.example. 300 DNAME example.org."]).check(world)
  }
}
