import Diagnostics
import Failover

/// One line of a story, word by word; what is wrong is said with its place.
struct Words {
  struct Word {
    let text: String
    /// Written in quotation marks.
    let isQuoted: Bool
    let position: Position
  }

  private var words: ArraySlice<Word>
  /// Where the line ends, for what is missing.
  private let end: Position

  /// Words are separated by blanks; `( ) , |` are words of their own; `#` begins a comment.
  init(_ line: Substring, file: String, number: Int) throws(Problem) {
    let octets = Array(line.utf8)
    var words: [Word] = []
    var at = 0
    while at < octets.count, octets[at] != UInt8(ascii: "#") {
      let position = Position(file: file, line: number, column: at + 1)
      if octets[at] == UInt8(ascii: "\"") {
        guard let close = octets[(at + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
          throw Problem(.error, position, "the quotation mark is not closed on this line")
        }
        words.append(
          Word(text: String(decoding: octets[(at + 1)..<close], as: UTF8.self), isQuoted: true, position: position))
        at = close + 1
        continue
      }
      let stop = octets[at...].firstIndex(where: Words.isSeparator) ?? octets.count
      let length = stop == at ? 1 : stop - at
      if !Words.isBlank(octets[at]) {
        let text = String(decoding: octets[at..<(at + length)], as: UTF8.self)
        words.append(Word(text: text, isQuoted: false, position: position))
      }
      at += length
    }
    self.words = words[...]
    end = Position(file: file, line: number, column: at + 1)
  }

  private static func isBlank(_ octet: UInt8) -> Bool { octet == 32 || octet == 9 || octet == 13 }

  private static func isSeparator(_ octet: UInt8) -> Bool { isBlank(octet) || "(),|#\"".utf8.contains(octet) }

  var isEmpty: Bool { words.isEmpty }
  var count: Int { words.count }
  /// Of the next word, or of the line's end.
  var position: Position { words.first?.position ?? end }
  /// The next word, which stays.
  var first: String? { words.first?.text }

  func contains(_ text: String) -> Bool { words.contains { $0.text == text && !$0.isQuoted } }

  mutating func next(_ what: String) throws(Problem) -> Word {
    guard let word = words.popFirst() else { throw Problem(.error, end, "expected \(what) here") }
    return word
  }

  /// Takes the next word if it is this one.
  mutating func take(_ text: String) -> Bool {
    guard let word = words.first, word.text == text, !word.isQuoted else { return false }
    words.removeFirst()
    return true
  }

  mutating func require(_ text: String) throws(Problem) {
    if !take(text) { throw Problem(.error, position, "expected `\(text)` here") }
  }

  mutating func finish() throws(Problem) {
    guard let word = words.first else { return }
    throw Problem(.error, word.position, "`\(word.text)` is too much here")
  }

  /// All that is left.
  mutating func rest() -> [Word] {
    defer { words = [] }
    return Array(words)
  }

  // MARK: - Values

  mutating func duration(_ what: String) throws(Problem) -> Duration {
    let word = try next("\(what), such as 500ms or 10s")
    guard let value = StoryTime.duration(word.text) else {
      throw Problem(.error, word.position, "`\(word.text)` is no \(what): write 500ms, 10s, 1m30s")
    }
    return value
  }

  mutating func number(_ what: String, in range: ClosedRange<Int>) throws(Problem) -> Int {
    let word = try next(what)
    guard let value = Int(word.text), range.contains(value) else {
      throw Problem(
        .error, word.position,
        "`\(word.text)` is no \(what): write a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// One of the keys of `choices`.
  mutating func choice<Value>(_ what: String, _ choices: KeyValuePairs<String, Value>) throws(Problem) -> Value {
    let known = choices.map(\.key).joined(separator: ", ")
    let word = try next("\(what): \(known)")
    guard let value = choices.first(where: { $0.key == word.text })?.value else {
      throw Problem(.error, word.position, "`\(word.text)` is no \(what): write \(known)")
    }
    return value
  }
}
