import Answering
import Configuration
import Diagnostics
import Memory
import Wire

extension CookieSecrets {
  /// For `cookies: on`: one that lives as long as the process, over its reloads.
  static let ofThisProcess = CookieSecrets([.random()])
}

extension Assembler {
  private static var largestSecretsFile: Int { 65536 }

  /// The secrets that the configuration names; none when cookies are off, or the file has an error.
  mutating func cookieSecrets(_ configuration: Configuration) -> CookieSecrets {
    switch configuration.server.cookies {
    case .off: return .off
    case .on: return .ofThisProcess
    case .secretsFile(let file):
      let path = resolve(file.value)
      do throws(FileError) {
        return readSecrets(try secret(path, limit: Self.largestSecretsFile), path)
      } catch {
        problems.report(Problem(.error, file.position, "cannot read the secrets: \(error)"))
        return .off
      }
    }
  }

  /// One secret a line: 128 bits in hexadecimal. `#` begins a comment.
  private mutating func readSecrets(_ text: String, _ path: String) -> CookieSecrets {
    var keys: [SipHash.Key] = []
    for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      guard let word = words.first else { continue }
      let column = line.utf8.distance(from: line.startIndex, to: word.startIndex) + 1
      let position = Position(file: path, line: i + 1, column: column)
      // The message does not show what may be a secret.
      guard words.count == 1, let key = SipHash.Key(hexadecimal: word) else {
        problems.report(Problem(.error, position, "expected a secret: 32 hexadecimal digits (128 bits)"))
        continue
      }
      keys.append(key)
      if keys.count == CookieSecrets.most + 1 {
        problems.report(Problem(.error, position, "more than \(CookieSecrets.most) cookie secrets; remove old ones"))
      }
    }
    if keys.isEmpty {
      problems.report(
        Problem(.error, Position(file: path, line: 1, column: 1), "no cookie secret: `openssl rand -hex 16` makes one"))
    }
    return CookieSecrets(Array(keys.prefix(CookieSecrets.most)))
  }
}

extension SipHash.Key {
  /// 32 digits, the first octet first.
  init?(hexadecimal text: Substring) {
    guard text.utf8.count == 32, let first = UInt64(text.prefix(16), radix: 16),
      let second = UInt64(text.dropFirst(16), radix: 16), text.first != "+", text.dropFirst(16).first != "+"
    else { return nil }
    self.init(first.byteSwapped, second.byteSwapped)
  }
}
