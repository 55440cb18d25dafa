import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// From a failover record in Route 53 to Alula and back: the real AWS command line against moto, an emulator of
  /// Route 53; BIND as the parent, with exactly what the change batch has left in the hosted zone; unbound.
  @Suite struct Route53JourneyTests {
    private static let canBindPort53 = Endpoint("127.100.250.250", 53).canBind(SOCK_DGRAM)

    private let folder: Folder
    private let moto: Child
    private let environment: [String: String]
    private let sites: TwoSites
    private let names: [(name: String, place: Endpoint)]

    init() throws {
      let programs = packageFolder + "/.build-python/bin"
      try #require(listFolder(programs).contains("moto_server"), "run .ci/python first")
      try #require(Peers.areThere, "run .ci/peers first")
      folder = try Folder()
      let place = Endpoint("127.0.0.1", freePort())
      moto = try Child(
        [programs + "/moto_server", "-H", place.address, "-p", "\(place.port)"], in: folder, output: "moto")
      environment = [
        "PATH": programs + ":" + (environmentValue("PATH") ?? ""), "AWS_ENDPOINT_URL": "http://\(place)",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1",
      ]
      sites = TwoSites()
      names = ["ns1", "ns2"].map { ("\($0).app.example.com", Endpoint(freeAddress(), 53)) }
      try #require(becomesTrue { place.accepts }, "\(moto.output)")
    }

    private func aws(_ words: String...) throws -> String {
      let result = try run(["aws", "route53"] + words, environment: environment)
      guard result.status == .exited(0) else { throw Trouble("aws \(words): \(result.output)") }
      return result.output
    }

    private func alula(_ words: [String], expecting status: Int32 = 0) throws -> String {
      let result = try run([alulaProgram, "route53"] + words, environment: environment, seconds: 60)
      #expect(result.status == .exited(status), "\(words): \(result.output)")
      return result.output
    }

    /// A hosted zone with a failover pair and a few records beside it; its id.
    private func hostedZone() throws -> String {
      let zone = try text(
        aws(
          "create-hosted-zone", "--name", "example.com", "--caller-reference", "1", "--query", "HostedZone.Id",
          "--output", "text"))
      let config = """
        {"IPAddress": "\(sites.primary.address)", "Port": \(sites.primary.port), "Type": "HTTP", "ResourcePath": "/health",
         "FullyQualifiedDomainName": "app.example.com", "RequestInterval": 10, "FailureThreshold": 3}
        """
      let check = try text(
        aws(
          "create-health-check", "--caller-reference", "1", "--health-check-config", config, "--query",
          "HealthCheck.Id", "--output", "text"))
      func set(_ rest: String) -> String { "{\"Action\": \"CREATE\", \"ResourceRecordSet\": {\(rest)}}" }
      let records = [
        set(
          #""Name": "app.example.com.", "Type": "A", "SetIdentifier": "aws", "Failover": "PRIMARY", "TTL": 1, "ResourceRecords": [{"Value": "\#(sites.primary.address)"}], "HealthCheckId": "\#(check)""#
        ),
        set(
          #""Name": "app.example.com.", "Type": "A", "SetIdentifier": "azure", "Failover": "SECONDARY", "TTL": 1, "ResourceRecords": [{"Value": "\#(sites.secondary.address)"}]"#
        ),
        set(
          #""Name": "app.example.com.", "Type": "MX", "TTL": 3600, "ResourceRecords": [{"Value": "10 mail.app.example.com"}]"#
        ),
        set(#""Name": "mail.app.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.99"}]"#),
        set(
          #""Name": "www.app.example.com.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "app.example.com"}]"#
        ),
        set(#""Name": "other.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.100"}]"#),
      ]
      let batch = try folder.write("batch.json", "{\"Changes\": [\(records.joined(separator: ","))]}")
      _ = try aws("change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", "file://\(batch)")
      return zone
    }

    private func text(_ output: String) -> String { String(output.split(separator: "\n").first ?? "") }

    /// The imported files, with probes as fast as a test wants them.
    private func servers(_ folder: String) throws -> [Alula] {
      let configuration = try readFile(folder + "/alula.yaml").split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("server:") && !$0.hasPrefix("  listen:") && !$0.hasPrefix("state:") }
        .joined(separator: "\n")
        .replacing("interval: 10s", with: "interval: 300ms").replacing("timeout: 6s", with: "timeout: 200ms")
        .replacing("connect-timeout: 4s", with: "connect-timeout: 200ms").replacing(
          "first-byte-timeout: 2s", with: "first-byte-timeout: 200ms")
      let zone = try readFile(folder + "/app.example.com.zone")
      return try names.map { server in
        let alula = try Alula(configuration, files: ["app.example.com.zone": zone], listen: [server.place])
        try alula.waitUntilReady()
        return alula
      }
    }

    /// The hosted zone as BIND reads it: every record set, and an SOA of our own, as moto garbles its.
    private func parentZone(_ zone: String, _ server: Endpoint) throws -> String {
      let lines = try aws(
        "list-resource-record-sets", "--hosted-zone-id", zone, "--output", "text", "--query",
        "ResourceRecordSets[?Type!='SOA' && Name!='example.com.'].[Name,to_string(TTL),Type,join('|',ResourceRecords[].Value)]"
      )
      let records = lines.split(separator: "\n").flatMap { line -> [String] in
        let words = line.split(separator: "\t").map(String.init)
        return words[3].split(separator: "|").map { "\(words[0]) \(words[1]) IN \(words[2]) \($0)" }
      }
      return
        ([
          "$TTL 300", "example.com. IN SOA ns.example.com. h.example.com. 1 3600 600 86400 1",
          "example.com. IN NS ns.example.com.", "ns.example.com. IN A \(server.address)",
        ] + records).joined(separator: "\n") + "\n"
    }

    /// A file without its first line, which says where it is from.
    private func withoutOrigin(_ path: String) throws -> [Substring] {
      Array(try readFile(path).split(separator: "\n").dropFirst())
    }

    @Test(.enabled(if: canBindPort53, "port 53 on loopback needs root or net.ipv4.ip_unprivileged_port_start"))
    func thereAndBack() throws {
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let zone = try hostedZone()
      let before = try aws("list-resource-record-sets", "--hosted-zone-id", zone)

      let servers = names.flatMap { ["--server", "\($0.name)=\($0.place.address)"] }
      let imported = folder.path("imported")
      // Without credentials there is a word about them, and no folder.
      let stranger = try run(
        [alulaProgram, "route53", "import", "--zone-id", zone, "--name", "app.example.com", "--into", imported]
          + servers,
        environment: environment.filter { !$0.key.contains("KEY") }.merging(
          ["HOME": folder.path("nowhere"), "AWS_EC2_METADATA_DISABLED": "true"]) { $1 }, seconds: 60)
      #expect(stranger.status == .exited(1) && stranger.output.contains("Unable to locate credentials"))
      #expect(!listFolder(folder.path("")).contains("imported"), "\(stranger.output)")
      let report = try alula(["import", "--zone-id", zone, "--name", "app.example.com", "--into", imported] + servers)
      #expect(report.contains("app.example.com A: pool app.example.com (A: failover of 2)"), "\(report)")
      let alulas = try self.servers(imported)
      #expect(try alulas[0].ask("app.example.com").data("A") == [sites.primary.address])

      let config = try folder.write(
        "delegate.yaml", readFile(imported + "/alula.yaml").replacing("{ file: app.", with: "{ file: imported/app."))
      let undo = folder.path("undo.json")
      let words = ["delegate", "app.example.com", "--config", config, "--zone-id", zone]
      // The same zone exported into an empty one, and compared.
      let empty = try text(
        aws(
          "create-hosted-zone", "--name", "example.com", "--caller-reference", "2", "--query", "HostedZone.Id",
          "--output", "text"))
      let exporting = ["--config", config, "--zone-id", empty]
      let exported = try alula(["export", "--into", folder.path("exported"), "--apply"] + exporting)
      #expect(exported.contains("INSYNC") && exported.contains("health check check-"), "\(exported)")
      #expect(try alula(["diff"] + exporting).contains("no difference"))
      // Imported from there, it is the same configuration.
      let reimported = folder.path("again")
      _ = try alula(["import", "--zone-id", empty, "--name", "app.example.com", "--into", reimported] + servers)
      #expect(try withoutOrigin(reimported + "/alula.yaml") == withoutOrigin(imported + "/alula.yaml"))
      // The hosted zone that it came from has no glue yet.
      let glue = try alula(["diff", "--config", config, "--zone-id", zone], expecting: 1).split(separator: "\n")
      #expect(glue.count == 2 && glue.allSatisfy { $0.hasPrefix("+ ns") }, "\(glue)")

      // A server that is down keeps everything as it was.
      alulas[1].child.stop()
      let refused = try alula(words + ["--undo-file", undo, "--apply"], expecting: 1)
      #expect(refused.contains("ns2.app.example.com") && refused.contains("nothing is changed"), "\(refused)")
      #expect(try aws("list-resource-record-sets", "--hosted-zone-id", zone) == before)
      let second = try Alula(again: alulas[1])
      try second.waitUntilReady()
      let shown = try alula(words + ["--undo-file", undo])
      #expect(shown.contains("app.example.com NS: ns1.app.example.com.") && shown.contains("\"Action\": \"DELETE\""))
      let applied = try alula(words + ["--undo-file", undo, "--apply"])
      #expect(applied.contains("INSYNC") && applied.contains("0 differ"), "\(applied)")

      // What Route 53 has now is what the parent serves.
      let parent = Endpoint("127.0.0.1", freePort())
      let text = try parentZone(zone, parent)
      #expect(!text.contains("mail.app.example.com") && text.contains("ns1.app.example.com."), "\(text)")
      let bind = try Peers.bind(zone: "example.com", text: text, at: parent, in: folder)
      let resolver = Endpoint(freeAddress(), freePort())
      let unbound = try Peers.unbound(zone: "example.com", parent: parent, at: resolver, in: folder)
      let isThere = try becomesTrue {
        try dig(resolver, "other.example.com", "A", ["+time=1"]).data("A") == ["192.0.2.100"]
      }
      try #require(isThere, "\(bind.output)\(unbound.output)")
      var watch = Watch(resolver, sites)
      try watch.waitFor(sites.primary.address)
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      let healed = try primary.healed()
      try watch.waitFor(sites.primary.address)
      #expect(try dig(resolver, "www.app.example.com").data("CNAME") == ["app.example.com."])
      healed.fail()
      secondary.fail()

      // moto takes no CREATE that it has seen before, Route 53 does; an UPSERT of what is not there is the same.
      let batch = try folder.write("undo-moto.json", readFile(undo).replacing("\"CREATE\"", with: "\"UPSERT\""))
      _ = try alula(["delegate", "--undo", batch, "--zone-id", zone, "--apply"])
      #expect(try aws("list-resource-record-sets", "--hosted-zone-id", zone) == before)
      let again = try alula(["delegate", "--undo", batch, "--zone-id", zone, "--apply"], expecting: 1)
      #expect(again.contains("has changed since"), "\(again)")
    }
  }
}
