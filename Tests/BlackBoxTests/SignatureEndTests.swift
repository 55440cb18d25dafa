import Glibc
import TestSupport
import Testing

/// A signed zone's signatures end whether or not anybody looks.
@Suite struct SignatureEndTests {
  private func check(signedFor days: Int, pools: String = "") throws -> (status: Child.Status, output: String) {
    let folder = try Folder()
    let end = time(nil) + days * 86400 + 60
    try folder.write(
      "zone",
      """
      $TTL 300
      @ SOA ns h 1 2 3 4 60
      @ NS ns
      ns A 192.0.2.53
      @ NSEC ns NS SOA RRSIG NSEC
      @ RRSIG SOA 13 1 300 \(end) 1 1 example. AAAA
      """)
    let path = try folder.write("alula.yaml", "zones: { example: { file: zone } }\n" + pools)
    return try run([alulaProgram, "check", "--config", path])
  }

  @Test func whileThereIsTime() throws {
    let (status, output) = try check(signedFor: 8)
    #expect(status == .exited(0) && !output.contains("signature"))
  }

  @Test(arguments: [(6, "in 6 days"), (1, "in 1 day;"), (0, "within a day"), (-2, "validators refuse")])
  func soon(days: Int, words: String) throws {
    let (status, output) = try check(signedFor: days)
    #expect(status == .exited(0))
    #expect(
      output.contains("alula.yaml:1:") && output.contains("warning: a signature of example ") && output.contains(words))
  }

  @Test func poolInASignedZone() throws {
    let (status, output) = try check(
      signedFor: 30, pools: "pools: { a.example: { check: none, endpoints: [{ name: a, address: 192.0.2.1 }] } }")
    #expect(status == .exited(1))
    #expect(output.contains("error: the pool a.example lies in a signed zone"))
  }
}
