import Testing
import Updating
import Wire

@Suite struct AlgorithmTests {
  @Test(arguments: SignatureAlgorithm.allCases)
  func namesAreThoseOfTheRegistry(algorithm: SignatureAlgorithm) {
    #expect(algorithm.name.shortText == algorithm.rawValue)
  }
}
