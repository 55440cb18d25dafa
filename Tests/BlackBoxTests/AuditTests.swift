import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// `alula audit` against BIND as the parent and Alulas that are right, or wrong in one thing.
  @Suite(.enabled(if: Peers.areThere, "run .ci/peers first")) struct AuditTests {
    @Test func nothingIsFoundWhereAllIsWell() throws {
      let scene = try AuditScene()
      let audit = try scene.audit(AuditScene.name, ["--strict", "--recovery", "10m"])
      #expect(audit.status == 0, "\(audit.output)")
      #expect(audit.output.contains("app.example.com: 0 errors, 0 warnings"))
      #expect(audit.output.contains("a closed firewall or security group cannot be seen"))
      let json = try scene.audit(AuditScene.name, ["--json"])
      #expect(json.status == 0)
      #expect(json.output.hasPrefix("{\n    \"name\": \"app.example.com\""))
      #expect(json.output.contains("\"errors\": 0"))
      // A recovery time that caches cannot keep, and warnings that count only if told so.
      let slow = try scene.audit(AuditScene.name, ["--recovery", "59s"])
      #expect(slow.status == 1)
      #expect(slow.output.contains("longer than the recovery time of 59 s"))
      let typo = ["--server", "ns3.app.example.com=\(scene.hosts[0]):\(scene.port)"]
      #expect(try scene.audit(AuditScene.name, typo).status == 0)
      #expect(try scene.audit(AuditScene.name, typo + ["--strict"]).status == 1)
    }

    /// What the pools promise is held against what caches do.
    @Test func theRecoveryTimeComesFromTheConfiguration() throws {
      let scene = try AuditScene()
      let pools = """
        zones: { app.example.com: { file: zone } }
        checks: { web: { type: tcp, port: 80, interval: 10s, timeout: 2s, fall: 2 } }
        endpoints: { ec2: { address: 192.0.2.10 } }
        pools: { www.app.example.com: { ttl: 30s, check: web, endpoints: [ec2], recovery-time: 1m } }

        """
      try scene.folder.write("pools.yaml", try readFile(scene.alulas[0].folder.path("head.yaml")) + pools)
      let zone = try readFile(scene.alulas[0].folder.path("zone"))
      try scene.folder.write("zone", zone)
      let audit = try scene.audit(AuditScene.name, ["--config", scene.folder.path("pools.yaml")])
      #expect(audit.status == 1)
      #expect(
        audit.output.contains("then kept in caches for 60 s: longer than the recovery time of 60 s"), "\(audit.output)")
      let longer = ["--config", scene.folder.path("pools.yaml"), "--recovery", "5m"]
      #expect(try scene.audit(AuditScene.name, longer).status == 0)
    }

    struct Case: Sendable, CustomTestStringConvertible {
      let words: String
      let faults: AuditScene.Faults
      var testDescription: String { words }

      init(_ words: String, _ spoil: (inout AuditScene.Faults) -> Void) {
        self.words = words
        var faults = AuditScene.Faults()
        spoil(&faults)
        self.faults = faults
      }
    }

    static let cases = [
      Case("the parent lists ns3.example.com, which the zone's NS records do not") {
        $0.parent = "app NS ns3\nns3 A 127.0.0.1\n"
      },
      Case("the zone's NS records list ns2.app.example.com, which the parent does not") {
        $0.delegation = { "app NS ns1.app\nns1.app A \($0[0])\n" }
      },
      Case("glue of ns2.app.example.com is 127.9.9.9, the zone says 127.101.") {
        $0.delegation = { "app NS ns1.app\napp NS ns2.app\nns1.app A \($0[0])\nns2.app A 127.9.9.9\n" }
      },
      Case("glue of ns2.app.example.com lacks 127.9.9.9") { $0.second = ("ns2 A ", "ns2 A 127.9.9.9\nns2 A ") },
      Case("SOA serial 8, but 7 at ns1.app.example.com") { $0.second = ("hostmaster 7", "hostmaster 8") },
      Case("app.example.com A is 192.0.2.9, but 192.0.2.1 at ns1.app.example.com") {
        $0.second = ("192.0.2.1", "192.0.2.9")
      },
      Case("app.example.com SOA is answered REFUSED") { $0.secondName = "other.example" },
      Case("it gives the whole zone to this machine by AXFR") { $0.options = ", transfer: [127.0.0.0/8]" },
      Case("the parent has a DS, but the zone no DNSKEY") {
        $0.parent = "app DS 12345 13 2 \(String(repeating: "ab", count: 32))\n"
      },
      Case("matches a DNSKEY") {
        $0.isSigned = true
        $0.signer = .wrong
      },
    ]

    @Test(arguments: cases) func eachFaultIsFound(_ fault: Case) throws {
      let scene = try AuditScene(fault.faults)
      let audit = try scene.audit(AuditScene.name, ["--strict"])
      #expect(audit.status == 1, "\(audit.output)")
      #expect(audit.output.contains(fault.words), "\(audit.output)")
    }

    @Test(arguments: [
      (AuditScene.Signer?.some(.right), "the parent's DS matches the zone's keys"), (nil, "the parent has no DS"),
    ])
    func signedZonesAreGood(signer: AuditScene.Signer?, words: String) throws {
      var faults = AuditScene.Faults()
      faults.isSigned = true
      faults.signer = signer
      let audit = try AuditScene(faults).audit(AuditScene.name, ["--strict"])
      #expect(audit.status == 0, "\(audit.output)")
      #expect(audit.output.contains(words), "\(audit.output)")
    }

    @Test func aServerThatIsDownIsFound() throws {
      let scene = try AuditScene()
      scene.alulas[1].child.stop()
      let audit = try scene.audit()
      #expect(audit.status == 1)
      for transport in ["UDP", "TCP"] {
        #expect(
          audit.output.contains("(\(scene.hosts[1]):\(scene.port)): over \(transport): connection refused"),
          "\(audit.output)")
      }
      #expect(audit.output.contains("SOA serial 7 at 1 address\n"))
    }

    /// The kernel takes its connections and datagrams, but nobody answers them.
    @Test func aServerThatHangsDelaysNobodyForLong() throws {
      let scene = try AuditScene()
      scene.alulas[1].child.signal(SIGSTOP)
      defer { scene.alulas[1].child.signal(SIGCONT) }
      let audit = try scene.audit(AuditScene.name, ["--timeout", "200ms"])
      #expect(audit.status == 1)
      for transport in ["UDP", "TCP"] {
        #expect(audit.output.contains(":\(scene.port)): over \(transport): no reply in time"), "\(audit.output)")
      }
      #expect(!audit.output.contains("error    ns-set"))
    }

    @Test func theWholeAuditEnds() throws {
      let scene = try AuditScene()
      scene.alulas[1].child.signal(SIGSTOP)
      defer { scene.alulas[1].child.signal(SIGCONT) }
      let audit = try scene.audit(AuditScene.name, ["--timeout", "1m", "--limit", "1s"])
      #expect(audit.status == 1)
      #expect(audit.output.contains("not all was asked within 1 s"), "\(audit.output)")
    }

    @Test func namesThatAreNotDelegatedAreFound() throws {
      let scene = try AuditScene()
      let none = try AuditScene.audit(["nothing.example.com", "--parent", "\(scene.parent)", "--timeout", "1s"])
      #expect(none.status == 1)
      #expect(none.output.contains("nothing.example.com NS is answered NXDOMAIN: it is not delegated"))
      let alias = try AuditScene.audit(["www.example.com", "--parent", "\(scene.parent)", "--timeout", "1s"])
      #expect(alias.status == 1)
      #expect(alias.output.contains("www.example.com is an alias (CNAME) of ns.example.com there"), "\(alias.output)")
      let deaf = try AuditScene.audit(["app.example.com", "--parent", "127.0.0.1:\(freePort())", "--timeout", "1s"])
      #expect(deaf.status == 1)
      #expect(deaf.output.contains("connection refused; see that the parent's server is up"))
    }

    /// The second server is a real BIND with an alias where the zone should be, and zone transfer for everybody.
    @Test func anAliasAtTheApexIsFound() throws {
      let scene = try AuditScene()
      let folder = try Folder()
      let other = Endpoint("127.0.0.1", freePort())
      let text = "$TTL 60\n@ SOA ns h 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\napp CNAME ns\n"
      let bind = try Peers.bind(zone: "example.com", text: text, at: other, in: folder)
      try #require(
        try becomesTrue { try dig(other, "example.com", "SOA", ["+time=1"]).status == "NOERROR" }, "\(bind.output)")
      let audit = try AuditScene.audit([
        "app.example.com", "--parent", "\(scene.parent)", "--server", scene.places[1], "--server",
        "ns2.app.example.com=\(other)",
      ])
      #expect(audit.status == 1)
      #expect(audit.output.contains("is an alias (CNAME) of ns.example.com, where SOA and NS must be"))
    }

    /// The way from the resolver to the parent's servers, from there to the name's own by glue, all at port 53.
    @Test(.enabled(if: canBindPort53, "port 53 on loopback needs root or net.ipv4.ip_unprivileged_port_start"))
    func theResolverLeadsToTheParent() throws {
      let (above, below) = (Endpoint(freeAddress(), 53), Endpoint(freeAddress(), 53))
      let parentZone = """
        $TTL 300
        @       SOA ns hostmaster 1 3600 600 86400 60
        @       NS  ns
        ns      A   \(above.address)
        app     NS  ns1.app
        ns1.app A   \(below.address)

        """
      let zone = "$TTL 30\n@ SOA ns1 hostmaster 7 3600 600 86400 30\n@ NS ns1\nns1 A \(below.address)\n@ A 192.0.2.1\n"
      let parent = try Alula(
        "zones:\n  example.com: { file: zone }\n", files: ["zone": parentZone], listen: [above])
      let alula = try Alula("zones:\n  app.example.com: { file: zone }\n", files: ["zone": zone], listen: [below])
      try parent.waitUntilReady("example.com")
      try alula.waitUntilReady()
      let (resolver, folder) = (Endpoint(freeAddress(), freePort()), try Folder())
      let unbound = try Peers.unbound(zone: "example.com", parent: above, at: resolver, in: folder)
      try #require(
        try becomesTrue { try dig(resolver, "example.com", "SOA", ["+time=1"]).status == "NOERROR" },
        "\(unbound.output)")
      let audit = try AuditScene.audit(["app.example.com", "--resolver", "\(resolver)"])
      #expect(audit.status == 0, "\(audit.output)")
      #expect(audit.output.contains("delegated to ns1.app.example.com by 1 server of the parent"), "\(audit.output)")
      #expect(audit.output.contains("warning  count"))
      let none = try AuditScene.audit(["app.example.com", "--resolver", "127.0.0.1:\(freePort())"])
      #expect(none.status == 1)
      #expect(none.output.contains("connection refused; say --parent ADDRESS"), "\(none.output)")
    }

    private static let canBindPort53 = Endpoint("127.100.250.250", 53).canBind(SOCK_DGRAM)

    @Test func wrongUseIsSaid() throws {
      let cases: [([String], String)] = [
        (["."], "`.` is not a name that can be delegated."),
        (["a..b"], "`a..b` is not a name that can be delegated."),
        (
          ["app.example.com", "--parent", "ns.example.com"],
          "--parent takes ADDRESS or ADDRESS:PORT, not `ns.example.com`."
        ),
        (["app.example.com", "--server", "192.0.2.1"], "--server takes NAME=ADDRESS or NAME=ADDRESS:PORT"),
        (["app.example.com", "--resolver", "x"], "--resolver takes ADDRESS or ADDRESS:PORT"),
        (["app.example.com", "--recovery", "fast"], "--recovery takes a time such as 2s or 1m30s, not `fast`."),
        (["app.example.com", "--timeout", "2h"], "--timeout takes a time"),
        ([], "Missing expected argument '<name>'"),
      ]
      for (arguments, words) in cases {
        let audit = try AuditScene.audit(arguments)
        #expect(audit.status == 2)
        #expect(audit.output.contains(words), "\(audit.output)")
      }
      let missing = try AuditScene.audit(["app.example.com", "--config", "/nonexistent.yaml"])
      #expect(missing.status == 1)
      #expect(missing.output.contains("/nonexistent.yaml"), "\(missing.output)")
    }
  }
}
