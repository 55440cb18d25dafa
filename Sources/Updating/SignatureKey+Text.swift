package import Wire

/// What is wrong with a key file. Nothing is quoted that could be the secret, written in the wrong place.
package enum SecretError: Error, Hashable, Sendable, CustomStringConvertible {
  case notBase64
  /// Octets; fewer than 16 can be guessed.
  case tooShort(Int)
  /// What was expected in a `key` statement.
  case syntax(String)
  /// Its name if it looks like one.
  case unknownAlgorithm(String)

  package var description: String {
    switch self {
    case .notBase64: "the secret is not base64"
    case .tooShort(let count): "the secret has \(count) octets, and needs 16 at the least"
    case .syntax(let expected): "\(expected) was expected"
    case .unknownAlgorithm(let name):
      "the algorithm \(name.isEmpty ? "" : name + " ")is not accepted; it is one of "
        + SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
    }
  }
}

/// A key file: a secret in base64 and nothing else, or a `key` statement as `tsig-keygen` prints it.
package struct KeyFile: Hashable, Sendable {
  /// Nil in a file with nothing but a secret.
  package let name: DomainName?
  package let algorithm: SignatureAlgorithm?
  package let secret: [UInt8]

  /// Longer than any key that is of use, in octets of the file.
  package static var largest: Int { 4096 }

  package init(_ text: String) throws(SecretError) {
    var words = KeyWords(text)
    guard words.peek == "key" else {
      name = nil
      algorithm = nil
      secret = try KeyFile.secret(text)
      return
    }
    words.skip()
    guard let word = words.next(), let name = try? DomainName(word) else { throw .syntax("the key's name") }
    try words.expect("{")
    var algorithm: SignatureAlgorithm?
    var secret: [UInt8]?
    while let word = words.next(), word != "}" {
      switch word {
      case "algorithm": algorithm = try KeyFile.algorithm(try words.value("an algorithm"))
      case "secret": secret = try KeyFile.secret(try words.value("a secret"))
      default: throw .syntax("'algorithm' or 'secret'")
      }
      try words.expect(";")
    }
    guard let secret else { throw .syntax("a secret") }
    self.name = name
    self.algorithm = algorithm
    self.secret = secret
  }

  private static func algorithm(_ text: String) throws(SecretError) -> SignatureAlgorithm {
    let name = text.lowercased()
    guard let found = SignatureAlgorithm(rawValue: name) else {
      throw .unknownAlgorithm(name.hasPrefix("hmac-") ? name : "")
    }
    return found
  }

  /// - Parameter text: base64 (RFC 4648 §4), white space anywhere.
  package static func secret(_ text: String) throws(SecretError) -> [UInt8] {
    guard let octets = Base64.decode(text) else { throw .notBase64 }
    guard octets.count >= 16 else { throw .tooShort(octets.count) }
    return octets
  }
}

/// The words of a `key` statement; braces and semicolons stand alone, quotes are left out.
private struct KeyWords {
  private var words: ArraySlice<String> = []

  init(_ text: String) {
    var word = ""
    func close(_ words: inout ArraySlice<String>, _ word: inout String) {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for character in text {
      switch character {
      case "{", "}", ";":
        close(&words, &word)
        words.append(String(character))
      case "\"": close(&words, &word)
      case _ where character.isWhitespace: close(&words, &word)
      default: word.append(character)
      }
    }
    close(&words, &word)
  }

  var peek: String? { words.first }
  mutating func next() -> String? { words.popFirst() }
  mutating func skip() { words = words.dropFirst() }

  mutating func value(_ expected: String) throws(SecretError) -> String {
    guard let word = next() else { throw .syntax(expected) }
    return word
  }

  mutating func expect(_ word: String) throws(SecretError) {
    guard next() == word else { throw .syntax("'\(word)'") }
  }
}

enum Base64 {
  /// Nil when it is malformed, or bits are left over that are not zero.
  static func decode(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var digits = 0
    var padding = 0
    for octet in text.utf8 where ![0x20, 0x09, 0x0A, 0x0D].contains(octet) {
      if octet == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(octet) else { return nil }
      bits = bits << 6 | UInt32(value)
      digits += 1
      if digits % 4 != 1 { result.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * ((digits - 1) % 4)))) }
    }
    let left = [0, 6, 4, 2][digits % 4]
    guard digits % 4 != 1, (digits + padding) % 4 == 0, padding < 3, bits & (1 << UInt32(left) - 1) == 0 else {
      return nil
    }
    return result
  }

  private static func value(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): octet - 0x41
    case UInt8(ascii: "a")...UInt8(ascii: "z"): octet - 0x61 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - 0x30 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
