import FuzzTargets
import TestSupport
import Testing

/// Everything that the fuzzers have learnt or broken so far, once; one after the other, as in the fuzzers.
@Suite(.serialized) struct ReplayTests {
  private static func corpus(_ name: String) -> [String] {
    let folder = packageFolder + "/Tests/Fuzzing/Corpus/" + name
    return listFolder(folder).map { folder + "/" + $0 }
  }

  @Test func corporaAreThere() {
    #expect(Self.corpus("message").count > 20 && Self.corpus("rdata").count > 50)
    #expect(Self.corpus("zonefile").count > 10 && Self.corpus("edns").count > 20)
    #expect(Self.corpus("update").count > 20)
  }

  @Test(arguments: corpus("message"))
  func message(path: String) throws {
    fuzzMessage(try readOctets(path))
  }

  @Test(arguments: corpus("edns"))
  func edns(path: String) throws {
    fuzzEDNS(try readOctets(path))
  }

  @Test(arguments: corpus("rdata"))
  func recordData(path: String) throws {
    fuzzRData(try readOctets(path))
  }

  @Test(arguments: corpus("update"))
  func update(path: String) throws {
    fuzzUpdate(try readOctets(path))
  }

  @Test(arguments: corpus("zonefile"))
  func zoneFile(path: String) throws {
    fuzzZoneFile(try readOctets(path))
  }
}
