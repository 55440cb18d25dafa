/// A place in a text that the operator wrote; line and column count from 1, columns in octets.
package struct Position: Hashable, Sendable, Comparable, CustomStringConvertible {
  package var file: String
  package var line: Int
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package static func < (a: Position, b: Position) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }

  package var description: String { "\(file):\(line):\(column)" }
}

/// Something wrong, or worth a word, in configuration or zone files. The message says what was
/// expected and what to write instead.
package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Severity: Sendable { case error, warning, note }

  package var severity: Severity
  package var position: Position?
  package var message: String

  package init(_ severity: Severity, _ position: Position?, _ message: String) {
    self.severity = severity
    self.position = position
    self.message = message
  }

  /// Without the severity, for a log line that has its own.
  package var text: String { (position.map { "\($0): " } ?? "") + message }

  package var description: String {
    let label =
      switch severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "note"
      }
    return (position.map { "\($0): " } ?? "") + "\(label): \(message)"
  }
}
