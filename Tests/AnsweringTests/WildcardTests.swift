import Testing

/// The zone of RFC 4592 §2.2.1, and every row of its tables.
private let rfc = Result {
  try World(
    apexRecords + """
      *                  3600 TXT   "this is a wildcard"
      *                  3600 MX    10 host1
      sub.*              3600 TXT   "this is not a wildcard"
      host1              3600 A     192.0.2.1
      _ssh._tcp.host1    3600 SRV   0 0 22 host1
      _ssh._tcp.host2    3600 SRV   0 0 22 host1
      subdel             3600 NS    ns.example.com.
      subdel             3600 NS    ns.example.net.
      """)
}

private let delegation = [
  "subdel.example. 3600 NS ns.example.com.", "subdel.example. 3600 NS ns.example.net.",
]
private let host1 = ["host1.example. 3600 A 192.0.2.1"]

private let rows: [Case] = [
  // Synthesised from the wildcard.
  Case("host3.example. MX", answer: ["host3.example. 3600 MX 10 host1.example."], additional: host1),
  Case("host3.example. A", authority: negative),
  Case("foo.bar.example. TXT", answer: ["foo.bar.example. 3600 TXT \"this is a wildcard\""]),
  // Not: the name exists, a closer encloser has no wildcard, a delegation.
  Case("host1.example. MX", authority: negative),
  Case("sub.*.example. MX", authority: negative),
  Case("_telnet._tcp.host1.example. SRV", "NXDOMAIN aa", authority: negative),
  Case("host.subdel.example. A", "NOERROR", authority: delegation),
  Case("ghost.*.example. MX", "NXDOMAIN aa", authority: negative),
  // §3.3.2: no source of synthesis but for the names whose closest encloser is the apex.
  Case("_telnet._tcp.host1.example. MX", "NXDOMAIN aa", authority: negative),
  Case("_dns._udp.host2.example. MX", "NXDOMAIN aa", authority: negative),
  Case(
    "_telnet._tcp.host3.example. MX", answer: ["_telnet._tcp.host3.example. 3600 MX 10 host1.example."],
    additional: host1),
  Case(
    "_chat._udp.host3.example. MX", answer: ["_chat._udp.host3.example. 3600 MX 10 host1.example."],
    additional: host1),
  Case("foobar.*.example. MX", "NXDOMAIN aa", authority: negative),
  // §2.2.3, §4: the asterisk asked for literally, and the names beside it.
  Case("*.example. TXT", answer: ["*.example. 3600 TXT \"this is a wildcard\""]),
  Case("*.example. MX", answer: ["*.example. 3600 MX 10 host1.example."], additional: host1),
  Case("*.example. A", authority: negative),
  Case("sub.*.example. TXT", answer: ["sub.*.example. 3600 TXT \"this is not a wildcard\""]),
  Case("_tcp.host2.example. SRV", authority: negative),
  Case("host2.example. MX", authority: negative),
  Case("x.host2.example. MX", "NXDOMAIN aa", authority: negative),
  Case("*.*.example. TXT", "NXDOMAIN aa", authority: negative),
  Case("**.example. TXT", answer: ["**.example. 3600 TXT \"this is a wildcard\""]),
  Case("example. MX", authority: negative),
  Case("a.b.c.d.e.f.g.example. TXT", answer: ["a.b.c.d.e.f.g.example. 3600 TXT \"this is a wildcard\""]),
]

private let other = Result {
  try World(
    apexRecords + """
      *.a            A     192.0.2.1
      *.a            AAAA  2001:db8::1
      *.b.a          TXT   "deeper"
      x.c.a          TXT   "c exists"
      *.ent.d        TXT   "below an empty non-terminal"
      x.*.e          TXT   "an empty wildcard"
      *.alias        CNAME www
      *.out          CNAME www.example.org.
      *.round        CNAME y.round
      *.into         CNAME q.a
      www            A     192.0.2.9
      mail           MX    10 any.a
      mail           MX    20 any.b.a
      *.f            NS    elsewhere.example.org.
      """)
}

private let cases: [Case] = [
  Case("q.a.example. A", answer: ["q.a.example. 300 A 192.0.2.1"]),
  Case("p.q.a.example. AAAA", answer: ["p.q.a.example. 300 AAAA 2001:db8::1"]),
  Case("q.a.example. TXT", authority: negative),
  Case("q.b.a.example. TXT", answer: ["q.b.a.example. 300 TXT \"deeper\""]),
  Case("q.b.a.example. A", authority: negative),
  Case("b.a.example. A", authority: negative),
  Case("q.c.a.example. A", "NXDOMAIN aa", authority: negative),
  Case("c.a.example. A", authority: negative),
  Case("a.example. A", authority: negative),
  Case("q.ent.d.example. TXT", answer: ["q.ent.d.example. 300 TXT \"below an empty non-terminal\""]),
  Case("ent.d.example. TXT", authority: negative),
  Case("q.d.example. TXT", "NXDOMAIN aa", authority: negative),
  // A wildcard that owns nothing still stands for names (RFC 4592 §2.2.2): NODATA.
  Case("q.e.example. TXT", authority: negative),
  Case("*.e.example. TXT", authority: negative),
  Case("x.*.e.example. TXT", answer: ["x.*.e.example. 300 TXT \"an empty wildcard\""]),
  Case("x.q.e.example. TXT", authority: negative),
  Case(
    "q.alias.example. A", answer: ["q.alias.example. 300 CNAME www.example.", "www.example. 300 A 192.0.2.9"]),
  Case("q.alias.example. CNAME", answer: ["q.alias.example. 300 CNAME www.example."]),
  Case(
    "q.alias.example. TXT", answer: ["q.alias.example. 300 CNAME www.example."], authority: negative),
  Case("alias.example. A", authority: negative),
  Case("q.out.example. A", answer: ["q.out.example. 300 CNAME www.example.org."]),
  // The second synthesis owns what it points to: each link once.
  Case(
    "x.round.example. A",
    answer: ["x.round.example. 300 CNAME y.round.example.", "y.round.example. 300 CNAME y.round.example."]),
  Case(
    "x.into.example. A", answer: ["x.into.example. 300 CNAME q.a.example.", "q.a.example. 300 A 192.0.2.1"]),
  // Additional addresses come from wildcards too; not from ones that have none.
  Case(
    "mail.example. MX", answer: ["mail.example. 300 MX 10 any.a.example.", "mail.example. 300 MX 20 any.b.a.example."],
    additional: ["any.a.example. 300 A 192.0.2.1", "any.a.example. 300 AAAA 2001:db8::1"]),
]

@Suite struct WildcardTests {
  @Test(arguments: rows) fileprivate func rfc4592(_ expected: Case) throws { try expected.check(rfc.get()) }
  @Test(arguments: cases) fileprivate func wildcards(_ expected: Case) throws { try expected.check(other.get()) }
}
