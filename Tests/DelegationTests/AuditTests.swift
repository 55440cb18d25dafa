import Delegation
import TestSupport
import Testing
import Wire

/// Findings are drawn from observations alone: each is provoked by spoiling a good one.
@Suite struct AuditTests {
  private static let zone = name("app.example.com")
  private static let ns1 = name("ns1.app.example.com")
  private static let ns2 = name("ns2.app.example.com")
  private static let ns3 = name("ns3.example.net")
  private static let here: IPAddress = .v4(0xC633_6407)
  private static let first: IPAddress = .v4(0xC000_0201)
  private static let second: IPAddress = .v4(0xCB00_7101)
  private static let site: IPAddress = .v4(0xC000_02C8)
  private static let otherSite: IPAddress = .v4(0xCB00_71C8)
  /// Flags 257, protocol 3, algorithm 13.
  private static let key: [UInt8] = [1, 1, 3, 13] + (0..<64)
  private static let otherKey: [UInt8] = [1, 1, 3, 13] + (1..<65)

  private static func name(_ text: String) -> DomainName {
    (try? DomainName(text)) ?? .root
  }

  private static func parent(_ number: Int) -> ParentView {
    var view = ParentView("parent\(number)", .delegates)
    view.nameServers = [ns1, ns2]
    view.ttl = 300
    view.glue = [ns1: [first], ns2: [second]]
    view.signers = []
    return view
  }

  private static func server(_ name: DomainName, _ address: IPAddress) -> ServerView {
    var view = ServerView(name, SocketAddress(address, port: 53))
    view.serial = 7
    view.negativeTTL = 30
    view.nameServers = [ns1, ns2]
    view.hosts = [ns1: [first], ns2: [second]]
    view.answers = [.a: [[site], [site]], .aaaa: [[], []]]
    view.addressTTL = 30
    view.keys = []
    (view.edns, view.otherVersion, view.unknownOption) = (.good, .good, .good)
    view.letterCase = .good
    return view
  }

  private static var good: Observations {
    var seen = Observations(zone)
    seen.parents = [parent(1), parent(2)]
    seen.servers = [server(ns1, first), server(ns2, second)]
    seen.localAddresses = [here]
    seen.recovery = RecoveryGoal(time: .seconds(600), detection: .seconds(20))
    return seen
  }

  private static func sign(_ seen: inout Observations, _ data: [UInt8]?) {
    for i in seen.parents.indices { seen.parents[i].signers = data.map { [$0] } ?? [] }
    for i in seen.servers.indices { seen.servers[i].keys = [key] }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let severity: Finding.Severity
    let check: Finding.Check
    let words: String
    let spoil: @Sendable (inout Observations) -> Void
    var testDescription: String { "\(check): \(words)" }

    init(
      _ severity: Finding.Severity, _ check: Finding.Check, _ words: String,
      _ spoil: @escaping @Sendable (inout Observations) -> Void
    ) {
      (self.severity, self.check, self.words, self.spoil) = (severity, check, words, spoil)
    }
  }

  @Test func nothingIsFoundWhereAllIsWell() {
    let findings = Audit.findings(Self.good)
    #expect(findings.allSatisfy { $0.severity == .ok || $0.check == .place }, "\(findings.map(\.text))")
    // One line at least for each check.
    #expect(Set(findings.map(\.check)) == Set(Finding.Check.allCases))
  }

  @Test(arguments: delegation + servers + answers + signatures + times + extensions)
  func eachFaultIsFound(_ fault: Case) {
    var seen = Self.good
    fault.spoil(&seen)
    let findings = Audit.findings(seen)
    let found = findings.contains {
      $0.severity == fault.severity && $0.check == fault.check && $0.text.contains(fault.words)
    }
    #expect(found, "\(findings.map(\.text).joined(separator: "\n"))")
    if fault.severity == .error || fault.severity == .warning {
      #expect(!findings.contains { $0.severity == .ok && $0.check == fault.check })
      #expect(findings.first?.severity == .error || !findings.contains { $0.severity == .error })
    }
    #expect(findings.allSatisfy { !$0.text.contains("\n") })
  }

  static let delegation: [Case] = [
    Case(.error, .parent, "no such zone; say --parent") { $0.parentTrouble = "no such zone" },
    Case(.error, .parent, "parent1: not delegated; add NS") { $0.parents[0].outcome = .refuses("not delegated") },
    Case(.error, .parent, "parent1: sends on; say --parent") { $0.parents[0].outcome = .stranger("sends on") },
    Case(.error, .parent, "parent1: no reply") { $0.parents[0].outcome = .silent("no reply in time") },
    Case(.note, .parent, "parent1: not asked") { $0.parents[0].outcome = .noRoute },
    Case(.note, .parent, "parent1: it serves app.example.com itself") { $0.parents[0].outcome = .servesChild },
    Case(.error, .parent, "parent2: it lists ns1.app.example.com, but parent1 lists") {
      $0.parents[1].nameServers = [ns1]
    },
    Case(.error, .nsSet, "the parent lists ns2.app.example.com, which the zone's NS records do not") { seen in
      for i in 0...1 { seen.servers[i].nameServers = [ns1] }
    },
    Case(.error, .nsSet, "the zone's NS records list ns3.example.net, which the parent does not") { seen in
      for i in 0...1 { seen.servers[i].nameServers = [ns1, ns2, ns3] }
    },
    Case(.error, .nsSet, "ns2.app.example.com (203.0.113.1:53): the zone has no NS records") {
      $0.servers[1].nameServers = []
    },
    Case(.error, .nsSet, "NS records ns1.app.example.com, but ns1.app.example.com, ns2.app.example.com at ns1") {
      $0.servers[1].nameServers = [ns1]
    },
    Case(.warning, .nsSet, "ns3.example.net: --server names it") { $0.unlisted = [ns3] },
    Case(.error, .glue, "parent2: no glue for ns2.app.example.com, so no resolver can find it; add 203.0.113.1") {
      $0.parents[1].glue[ns2] = nil
    },
    Case(.error, .glue, "glue of ns2.app.example.com is 198.51.100.7, the zone says 203.0.113.1") {
      $0.parents[1].glue[ns2] = [here]
    },
    Case(.warning, .glue, "glue of ns2.app.example.com lacks 198.51.100.7") { seen in
      for i in 0...1 { seen.servers[i].hosts?[ns2] = [second, here] }
    },
    Case(.error, .glue, "its own servers' addresses are") { $0.servers[1].hosts?[ns2] = [second, here] },
    Case(.error, .glue, "the zone has no address for its own server") { seen in
      for i in 0...1 { seen.servers[i].hosts?[ns2] = [] }
    },
    Case(.ok, .glue, "none needs glue") { seen in
      for i in 0...1 { seen.parents[i].nameServers = [ns3] }
    },
    Case(.warning, .count, "one name server") { seen in
      for i in 0...1 {
        seen.parents[i].nameServers = [ns1]
        seen.servers[i].nameServers = [ns1]
      }
    },
    Case(.warning, .count, "all name servers have the one address 192.0.2.1") {
      $0.servers = [server(ns1, first), server(ns2, first)]
    },
    Case(.warning, .count, "all name servers are in 192.0.2.0/24") {
      $0.servers = [server(ns1, first), server(ns2, site)]
    },
    Case(.note, .count, "3 addresses more were not asked") { $0.skipped = 3 },
  ]

  static let servers: [Case] = [
    Case(.error, .authority, "over UDP: no reply in time; see that it runs") {
      $0.servers[1].udp = .silent("no reply in time")
    },
    Case(.error, .authority, "let TCP port 53 in") { $0.servers[1].tcp = .silent("connection refused") },
    Case(.error, .authority, "over UDP: app.example.com SOA is answered REFUSED") {
      $0.servers[0].udp = .lame("app.example.com SOA is answered REFUSED")
    },
    Case(.note, .authority, "this machine has no way to it") {
      $0.servers[1].udp = .noRoute
      $0.servers[1].tcp = .noRoute
    },
    Case(.error, .authority, "ns3.example.net: its address was not found: it has none") {
      $0.homeless = [ns3: "it has none"]
    },
    Case(.error, .authority, "no server to ask is known") { $0.servers = [] },
    Case(.error, .serial, "SOA serial 8, but 7 at ns1.app.example.com (192.0.2.1:53)") { $0.servers[1].serial = 8 },
    Case(.error, .alias, "is an alias (CNAME) of ns3.example.net") { $0.servers[1].alias = ns3 },
    Case(.warning, .recursion, "it offers recursion") { $0.servers[1].offersRecursion = true },
    Case(.warning, .transfer, "the whole zone") { $0.servers[1].givesTransfer = true },
    Case(.note, .place, "cannot be seen; run the audit from another machine") { $0.localAddresses = [second] },
    Case(.note, .place, "looked from 198.51.100.7") { _ in },
  ]

  static let answers: [Case] = [
    Case(.error, .answers, "app.example.com A is 203.0.113.200, but 192.0.2.200 at ns1") {
      $0.servers[1].answers[.a] = [[otherSite], [otherSite]]
    },
    Case(.error, .answers, "AAAA is ::1, but none") { $0.servers[1].answers[.aaaa] = [[.v6(0, 1)]] },
    Case(.note, .answers, "changes from ask to ask") { seen in
      for i in 0...1 { seen.servers[i].answers[.a] = [[site], [otherSite]] }
    },
    // By lot, and not all of it came up.
    Case(.note, .answers, "A is 192.0.2.200, but 192.0.2.200, 203.0.113.200") {
      $0.servers[0].answers[.a] = [[site], [otherSite]]
    },
    Case(.warning, .answers, "compare alula status") {
      $0.servers[0].answers[.a] = [[here], [otherSite]]
    },
  ]

  static let signatures: [Case] = [
    Case(.error, .ds, "the parent has a DS, but the zone no DNSKEY") { seen in
      for i in 0...1 { seen.parents[i].signers = [DelegationSigner.data(zone, key) ?? []] }
    },
    Case(.error, .ds, "matches a DNSKEY") { sign(&$0, DelegationSigner.data(zone, otherKey)) },
    Case(.error, .ds, "matches a DNSKEY") { sign(&$0, DelegationSigner.data(ns1, key)) },
    Case(.ok, .ds, "DS matches") { sign(&$0, DelegationSigner.data(zone, key)) },
    Case(.ok, .ds, "DS matches") { sign(&$0, DelegationSigner.data(zone, key, digest: 4)) },
    Case(.warning, .ds, "SHA-1") { sign(&$0, DelegationSigner.data(zone, key, digest: 1)) },
    Case(.warning, .ds, "not compared") { sign(&$0, [0, 1, 13, 9, 1]) },
    Case(.note, .ds, "nobody validates it") { sign(&$0, nil) },
    Case(.note, .ds, "rollover") { seen in
      sign(&seen, nil)
      for i in 0...1 { seen.parents[i].signers = Set([key, otherKey].compactMap { DelegationSigner.data(zone, $0) }) }
    },
    Case(.error, .ds, "parent2: its DS records differ") {
      sign(&$0, DelegationSigner.data(zone, key))
      $0.parents[1].signers = []
    },
    Case(.error, .ds, "DNSKEY records with tags") {
      sign(&$0, DelegationSigner.data(zone, key))
      $0.servers[1].keys = [key, otherKey]
    },
  ]

  static let times: [Case] = [
    Case(.error, .ttl, "kept in caches for 590 s: longer than the recovery time of 600 s") {
      $0.servers[1].addressTTL = 590
    },
    Case(.ok, .ttl, "addresses are kept for 580 s") { $0.servers[1].addressTTL = 580 },
    Case(.warning, .ttl, "addresses are kept for 3600 s: so long users stay") {
      $0.recovery = RecoveryGoal()
      $0.servers[1].addressTTL = 3600
    },
    Case(.warning, .ttl, "kept for 601 s, longer than the recovery time") { $0.servers[0].negativeTTL = 601 },
    Case(.warning, .ttl, "does not exist is kept for 3601 s") {
      $0.recovery = RecoveryGoal()
      $0.servers[0].negativeTTL = 3601
    },
    Case(.warning, .ttl, "the delegation is kept for 172800 s") { $0.parents[1].ttl = 172800 },
    Case(.note, .ttl, "undoing it takes that long") { $0.parents[1].ttl = 3600 },
  ]

  static let extensions: [Case] = [
    Case(.error, .edns, "a query with EDNS is answered FORMERR") {
      $0.servers[0].edns = .bad("a query with EDNS is answered FORMERR")
    },
    Case(.warning, .edns, "EDNS version 1 is answered NOERROR, not BADVERS") {
      $0.servers[0].otherVersion = .bad("is answered NOERROR")
    },
    Case(.warning, .edns, "an unknown EDNS option gets no answer: no reply in time") {
      $0.servers[0].unknownOption = .bad("gets no answer: no reply in time")
    },
    Case(.warning, .letterCase, "a question in mixed case comes back in other letters") {
      $0.servers[0].letterCase = .bad("comes back in other letters")
    },
    Case(.error, .authority, "not all was asked within 60 s") { $0.limit = 60 },
  ]

  @Test func nothingIsSaidOfServersThatSayNothing() {
    var seen = Self.good
    for i in 0...1 {
      seen.servers[i] = ServerView(seen.servers[i].name, seen.servers[i].address)
      seen.servers[i].udp = .silent("no reply in time")
      seen.servers[i].tcp = .silent("no reply in time")
    }
    let findings = Audit.findings(seen)
    #expect(findings.count { $0.check == .authority && $0.severity == .error } == 4)
    #expect(
      !findings.contains { $0.severity == .ok && ![.parent, .count].contains($0.check) }, "\(findings.map(\.text))")
  }

  @Test func whatWasNotToldIsNotFound() {
    var seen = Self.good
    for i in 0...1 {
      let authority = seen.servers[i]
      seen.servers[i] = ServerView(authority.name, authority.address)
    }
    for i in 0...1 { seen.parents[i].signers = nil }
    let findings = Audit.findings(seen)
    #expect(!findings.contains { $0.severity == .error || $0.severity == .warning }, "\(findings.map(\.text))")
    let kinds: Set<Finding.Check> = [.glue, .nsSet, .serial, .answers, .ds, .edns]
    #expect(!findings.contains { $0.severity == .ok && kinds.contains($0.check) }, "\(findings.map(\.text))")
  }

  @Test func theRecoveryTimeIsSaidInSeconds() {
    var seen = Self.good
    seen.recovery = RecoveryGoal(time: .milliseconds(1500))
    #expect(Audit.findings(seen).contains { $0.text.contains("recovery time of 1500 ms") })
  }

  @Test func resolversAreReadFromTheSystemsFile() {
    let text =
      "# nameserver 192.0.2.9\nsearch example.com\nnameserver 192.0.2.1\nnameserver\t2001:db8::1\nnameserver x\n"
    let servers = Resolver.servers(Array(text.utf8))
    #expect(servers.map(\.description) == ["192.0.2.1:53", "[2001:db8::1]:53"])
  }

  /// Replies come from anybody: whatever is in them, they are taken apart or refused.
  @Test func hostileRepliesAreReadOrRefused() throws {
    let inquiry = Inquiry(Self.zone, .ns).octets(identifier: 7)
    // One NS record at the question's name, one A record at a pointer into its data.
    let records: [UInt8] = [
      0xC0, 12, 0, 2, 0, 1, 0, 0, 1, 44, 0, 6, 3, 0x6E, 0x73, 0x31, 0xC0, 12, 0xC0, 45, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4,
      192, 0, 2, 1,
    ]
    var reply = Array(inquiry.prefix(12 + Self.zone.wire.count + 4)) + records
    reply[2] |= 0x80
    (reply[7], reply[11]) = (1, 1)
    let answer = try #require(Answer(reply))
    #expect(answer.answer.map(\.text) == ["ns1.app.example.com."])
    #expect(answer.additional.map(\.owner) == [Self.ns1])
    for count in 0..<reply.count { #expect(Answer(Array(reply.prefix(count))) == nil) }
    var random = Random(seed: 1)
    for _ in 0..<20000 {
      var spoilt = reply
      for _ in 0..<random.within(1...4) {
        spoilt[random.within(2...spoilt.count - 1)] = UInt8(random.below(256))
      }
      _ = Answer(spoilt)
    }
  }
}
