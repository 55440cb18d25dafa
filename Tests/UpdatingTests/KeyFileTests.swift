import Testing
import Updating
import Wire

@Suite struct KeyFileTests {
  private static let secret = "AQIDBAUGBwgJCgsMDQ4PEA=="
  private static let octets: [UInt8] = Array(1...16)

  @Test(arguments: SignatureAlgorithm.allCases)
  func namesAreThoseOfTheRegistry(algorithm: SignatureAlgorithm) {
    #expect(algorithm.name.shortText == algorithm.rawValue)
    #expect(SignatureAlgorithm(name: name(algorithm.rawValue.uppercased())) == algorithm)
  }

  @Test func otherAlgorithmsAreNotAccepted() {
    for other in ["hmac-md5.sig-alg.reg.int", "hmac-sha1", "hmac-sha224", "hmac-sha256-128", "hmac-sha256.example"] {
      #expect(SignatureAlgorithm(name: name(other)) == nil)
    }
  }

  @Test(arguments: [secret, secret + "\n", "\n AQIDBAUG\n BwgJCgsMDQ4PEA==\r\n"])
  func aSecretAlone(text: String) throws {
    let file = try KeyFile(text)
    #expect(file.secret == Self.octets && file.name == nil && file.algorithm == nil)
  }

  @Test(arguments: [
    "key \"certbot.key\" {\n\talgorithm hmac-sha512;\n\tsecret \"\(secret)\";\n};\n",
    "key certbot.key. { algorithm HMAC-SHA512; secret \(secret); }",
    "key certbot.key{secret \(secret);algorithm hmac-sha512;};",
  ])
  func aKeyStatement(text: String) throws {
    let file = try KeyFile(text)
    #expect(file.secret == Self.octets && file.name == name("certbot.key") && file.algorithm == .sha512)
  }

  @Test(arguments: [
    ("", SecretError.tooShort(0)), ("AQIDBAUGBwgJCgsMDQ4PEA", .notBase64), ("AQIDBAUGBwgJCgsMDQ4PEA=", .notBase64),
    ("AQIDBAUGBwgJCgsMDQ4PEB==", .notBase64), ("AQIDBAUG!wgJCgsMDQ4PEA==", .notBase64),
    ("AQID=AUGBwgJCgsMDQ4PEA==", .notBase64), ("AQIDBAUGBwgJCgsMDQ4PE===", .notBase64), ("AQIDBA==", .tooShort(4)),
    ("key", .syntax("the key's name")), ("key a", .syntax("'{'")), ("key a {", .syntax("a secret")),
    ("key a { algorithm hmac-md5; secret x; }", .unknownAlgorithm("hmac-md5")),
    ("key a { secret", .syntax("a secret")),
    ("key a { secret \(secret) }", .syntax("';'")), ("key a { owner b; }", .syntax("'algorithm' or 'secret'")),
  ])
  func whatIsWrong(text: String, error: SecretError) {
    #expect(throws: error) { try KeyFile(text) }
  }

  /// Whatever stands where the secret should not, no message has it.
  @Test(arguments: [
    "key a { algorithm \(secret); }", "key a { \(secret) }", "key a { secret \(secret)x; }", "key \(secret) ;",
    secret + "x",
    "key a { algorithm hmac-sha256 \(secret); }", "key a \(secret)",
  ])
  func secretsAreNotShown(text: String) {
    let error = #expect(throws: SecretError.self) { try KeyFile(text) }
    #expect(error?.description.lowercased().contains("aqid") == false)
  }
}
