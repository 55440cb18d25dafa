import Configuration
import Diagnostics
import Memory
import Wire

extension Assembler {
  private static var largestTokenFile: Int { 4096 }
  /// Octets. A short one could be guessed.
  private static var shortestToken: Int { 16 }

  /// The first line of the file that `control.token-file` names; nil where none is, or it has an error.
  mutating func controlToken(_ configuration: Configuration) -> String? {
    guard let file = configuration.control?.tokenFile else { return nil }
    let path = resolve(file.value)
    do throws(FileError) {
      return readToken(try secret(path, limit: Self.largestTokenFile), path)
    } catch {
      problems.report(Problem(.error, file.position, "cannot read the token: \(error)"))
      return nil
    }
  }

  private mutating func readToken(_ text: String, _ path: String) -> String? {
    let token = String(text.prefix { !$0.isNewline })
    let isPlain = token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    if isPlain, token.utf8.count >= Self.shortestToken { return token }
    // The message does not show what may be a secret.
    let message =
      "expected a token: one line of at least \(Self.shortestToken) printable characters; "
      + "`openssl rand -hex 32` makes one"
    problems.report(Problem(.error, Position(file: path, line: 1, column: 1), message))
    return nil
  }
}
