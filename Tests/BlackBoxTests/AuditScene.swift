import TestSupport

/// example.com at a real BIND, app.example.com delegated from it to two Alulas at addresses of their own, and an audit
/// that is told where they are.
final class AuditScene {
  static let name = "app.example.com"

  /// What can be wrong, by one change each.
  struct Faults: Sendable {
    /// Lines of the parent zone that are added.
    var parent = ""
    /// Another delegation than the right one, by the servers' addresses.
    var delegation: (@Sendable ([String]) -> String)?
    /// Text that the second server's zone has instead of another.
    var second: (was: String, becomes: String)?
    /// The name that the second server's zone is served under.
    var secondName = AuditScene.name
    /// Of the zone in the configuration.
    var options = ""
    /// The zone is signed.
    var isSigned = false
    /// The parent has the DS of the zone's key, or of another.
    var signer: Signer?
  }

  enum Signer: Sendable { case right, wrong }

  let folder: Folder
  let hosts: [String]
  let port = freePort()
  let parent: Endpoint
  private let bind: Child
  private(set) var alulas: [Alula] = []

  init(_ faults: Faults = Faults()) throws {
    folder = try Folder()
    // In two networks, as servers should be.
    let host = freeAddress()
    hosts = [host, "127.101." + host.split(separator: ".").suffix(2).joined(separator: ".")]
    parent = Endpoint("127.0.0.1", freePort())
    let right = "app NS ns1.app\napp NS ns2.app\nns1.app A \(hosts[0])\nns2.app A \(hosts[1])\n"
    let text = try AuditScene.zone(hosts, faults, in: folder)
    let delegation = faults.delegation?(hosts) ?? right
    let above = AuditScene.parentZone + delegation + faults.parent + text.signer
    bind = try Peers.bind(zone: "example.com", text: above, at: parent, in: folder)
    for (index, host) in hosts.enumerated() {
      let name = index == 0 ? AuditScene.name : faults.secondName
      var zone = text.zone
      if index == 1, let (was, becomes) = faults.second {
        guard let range = zone.firstRange(of: was) else { throw Trouble("no \(was) in the zone") }
        zone.replaceSubrange(range, with: becomes)
      }
      alulas.append(
        try Alula(
          "zones:\n  \(name): { file: zone\(faults.options) }\n", files: ["zone": zone], listen: [Endpoint(host, port)])
      )
      try alulas[index].waitUntilReady(name)
    }
    let isReady = try becomesTrue { try dig(self.parent, "example.com", "SOA", ["+time=1"]).status == "NOERROR" }
    guard isReady else { throw Trouble("BIND does not answer:\n\(bind.output)") }
  }

  private static let parentZone = """
    $ORIGIN example.com.
    $TTL 300
    @  SOA ns hostmaster 1 3600 600 86400 60
    @  NS  ns
    ns A   127.0.0.1
    www CNAME ns

    """

  private static func zone(
    _ hosts: [String], _ faults: Faults, in folder: Folder
  ) throws -> (zone: String, signer: String) {
    let text = """
      $TTL 60
      @   SOA ns1 hostmaster 7 3600 600 86400 30
      @   NS  ns1
      @   NS  ns2
      ns1 A   \(hosts[0])
      ns2 A   \(hosts[1])
      @   A   192.0.2.1

      """
    guard faults.isSigned else { return (text, "") }
    try folder.write("zone", text)
    let signed = try SignedZone(AuditScene.name, at: folder.path("zone"))
    let zone = try readFile(signed.path)
    guard let signer = faults.signer else { return (zone, "") }
    let key = signer == .right ? signed.anchor : try SignedZone(AuditScene.name, at: folder.path("zone")).anchor
    // The key has no TTL, which a zone file must have.
    try folder.write("key", "$TTL 60\n\(key)\n")
    return (zone, try Peers.run("dnssec-dsfromkey", ["-2", "-f", folder.path("key"), AuditScene.name]))
  }

  /// Where the audit is to ask the servers.
  var places: [String] {
    hosts.enumerated().flatMap { ["--server", "ns\($0 + 1).\(AuditScene.name)=\($1):\(port)"] }
  }

  func audit(_ name: String = AuditScene.name, _ options: [String] = []) throws -> (status: Int32?, output: String) {
    try AuditScene.audit([name, "--parent", "\(parent)"] + places + options)
  }

  static func audit(_ arguments: [String]) throws -> (status: Int32?, output: String) {
    let (status, output) = try run([alulaProgram, "audit"] + arguments)
    guard case .exited(let number) = status else { return (nil, output) }
    return (number, output)
  }
}
