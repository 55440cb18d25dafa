import TestSupport
import Testing

extension BlackBox {
  /// The main job: the primary dies, the answer moves; it comes back, the answer moves back.
  @Suite struct FailoverTests {
    /// Kills the primary, waits for the other answer, heals it, waits for the return, and checks the whole story.
    private func failAndReturn(
      _ sites: TwoSites, _ alula: Alula, primary: Site, server: Endpoint, name: String = "app.example.com"
    ) throws {
      let (first, second) = (sites.primary.address, sites.secondary.address)
      var watch = Watch(server, sites, name: name)
      try watch.waitFor(first)
      try watch.stays(at: first, for: 10)
      primary.fail()
      try watch.waitFor(second)
      try watch.stays(at: second)
      let healed = try primary.healed()
      try watch.waitFor(first)
      try watch.stays(at: first)
      #expect(watch.changes == [first, second, first])
      #expect(alula.child.ended() == nil)
      healed.fail()
    }

    @Test(arguments: ["app.example.com", "www.app.example.com"])
    func http(name: String) throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula()
      try failAndReturn(sites, alula, primary: primary, server: alula.ipv4, name: name)
      secondary.fail()
    }

    @Test func tcpCheckAskedOverIPv6() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula(check: "type: tcp")
      try failAndReturn(sites, alula, primary: primary, server: alula.ipv6)
      secondary.fail()
    }

    @Test func httpsWithCertificateVerified() throws {
      let certificate = try Certificate(for: "app.example.com")
      let sites = TwoSites()
      let primary = try Site.https(at: sites.primary, certificate: certificate)
      let secondary = try Site.https(at: sites.secondary, certificate: certificate)
      let alula = try sites.alula(
        check: "type: https, path: /, host: app.example.com, ca-file: \(certificate.path)")
      try failAndReturn(sites, alula, primary: primary, server: alula.ipv4)
      secondary.fail()
    }

    /// A certificate for another name is as good as no site.
    @Test func httpsCertificateForAnotherNameFails() throws {
      let right = try Certificate(for: "app.example.com")
      let wrong = try Certificate(for: "other.example.com")
      let sites = TwoSites()
      let both = try Folder()
      try both.write("authorities.pem", try readFile(right.path) + readFile(wrong.path))
      let primary = try Site.https(at: sites.primary, certificate: wrong)
      let secondary = try Site.https(at: sites.secondary, certificate: right)
      let alula = try sites.alula(
        check: "type: https, path: /, host: app.example.com, ca-file: \(both.path("authorities.pem"))")
      var watch = Watch(alula.ipv4, sites)
      try watch.stays(at: sites.secondary.address, for: 20)
      #expect(alula.child.ended() == nil)
      primary.fail()
      secondary.fail()
    }

    @Test func pathThatIsMissingFails() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula(check: "type: http, path: /missing")
      // 404 at both: all down, so open to the primary.
      var watch = Watch(alula.ipv4, sites)
      try watch.stays(at: sites.primary.address, for: 10)
      #expect(becomesTrue { alula.log.contains("404") })
      primary.fail()
      secondary.fail()
    }

    @Test func firstAnswerIsRightWhenThePrimaryIsDownFromTheStart() throws {
      let sites = TwoSites()
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula()
      var watch = Watch(alula.ipv4, sites)
      try watch.stays(at: sites.secondary.address, for: 20)
      #expect(alula.child.ended() == nil)
      secondary.fail()
    }

    @Test func allDownFailsOpenToThePrimary() throws {
      let sites = TwoSites()
      let primary = try Site.http(at: sites.primary)
      let secondary = try Site.http(at: sites.secondary)
      let alula = try sites.alula()
      var watch = Watch(alula.ipv4, sites)
      try watch.waitFor(sites.primary.address)
      primary.fail()
      try watch.waitFor(sites.secondary.address)
      secondary.fail()
      try watch.waitFor(sites.primary.address)
      try watch.stays(at: sites.primary.address, for: 20)
      #expect(alula.child.ended() == nil)
      #expect(watch.changes == [sites.primary.address, sites.secondary.address, sites.primary.address])
    }
  }
}
