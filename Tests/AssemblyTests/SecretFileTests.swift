import Assembly
import Diagnostics
import Glibc
import TestSupport
import Testing

@Suite struct SecretFileTests {
  @Test(arguments: [(0o600, 0), (0o640, 0), (0o644, 1)] as [(mode_t, Int)])
  func secretsThatEverybodyCanReadAreWarnedOf(mode: mode_t, warnings: Int) throws {
    let folder = try Folder()
    try folder.write("zone", "$TTL 60\n@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\nns1 A 127.0.0.1\n")
    let key = try folder.write("key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n")
    #expect(unsafe chmod(key, mode) == 0)
    try folder.write(
      "alula.yaml",
      """
      state: state
      keys: { certbot.: { algorithm: hmac-sha256, secret-file: key } }
      zones: { app.example.com: { file: zone, update: [{ key: certbot., names: [_acme-challenge], types: [TXT] }] } }

      """)
    var problems = ProblemList()
    let assembled = Assembler.assemble(folder.path("alula.yaml"), at: 0, problems: &problems)
    #expect(assembled != nil, "\(problems.listed)")
    let found = problems.listed.filter { $0.severity == .warning && $0.text.contains("can read this secret") }
    #expect(found.count == warnings, "\(problems.listed)")
  }
}
