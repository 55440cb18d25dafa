import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// Resolvers ask port 53 of what the delegation names, so this needs the right to bind it on loopback.
  private static let canBindPort53 = Endpoint("127.100.250.250", 53).canBind(SOCK_DGRAM)

  /// BIND holds example.com with the delegation and its glue; Unbound finds the delegated name through it.
  @Test(.enabled(if: canBindPort53, "port 53 on loopback needs root or net.ipv4.ip_unprivileged_port_start"))
  func resolverFollowsTheDelegationBeforeAndAfterAFailover() throws {
    try #require(Peers.areThere, "run .ci/peers first")
    let sites = TwoSites()
    let primary = try Site.http(at: sites.primary)
    let secondary = try Site.http(at: sites.secondary)
    let nameServer = Endpoint(freeAddress(), 53)
    let alula = try sites.alula(listen: [nameServer])

    let folder = try Folder()
    let parent = Endpoint("127.0.0.1", freePort())
    let parentZone = """
      $ORIGIN example.com.
      $TTL 300
      @       IN SOA ns hostmaster 1 3600 600 86400 60
              IN NS  ns
      ns      IN A   \(parent.address)
      app     IN NS  ns1.app
      ns1.app IN A   \(nameServer.address)

      """
    let bind = try Peers.bind(zone: "example.com", text: parentZone, at: parent, in: folder)
    try #require(
      try becomesTrue { try dig(parent, "example.com", "SOA", ["+time=1"]).status == "NOERROR" }, "\(bind.output)")
    let resolver = Endpoint(freeAddress(), freePort())
    let unbound = try Peers.unbound(zone: "example.com", parent: parent, at: resolver, in: folder)
    try #require(
      try becomesTrue { try dig(resolver, "ns.example.com", "A", ["+time=1"]).data("A") == [parent.address] },
      "\(unbound.output)")

    var watch = Watch(resolver, sites)
    try watch.waitFor(sites.primary.address)
    primary.fail()
    try watch.waitFor(sites.secondary.address)
    let healed = try primary.healed()
    try watch.waitFor(sites.primary.address)
    #expect(watch.changes == [sites.primary.address, sites.secondary.address, sites.primary.address])
    #expect(try dig(resolver, "nothing.app.example.com").status == "NXDOMAIN")
    #expect(try dig(resolver, "app.example.com", "MX").data("MX").count == 2)
    healed.fail()
    secondary.fail()
    #expect(alula.child.ended() == nil)
  }
}
