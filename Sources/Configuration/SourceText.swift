import Diagnostics

/// The octets of a configuration, known to be text, with the way back from libyaml's character counts
/// to lines and columns.
struct SourceText {
  let file: String
  /// Without the byte order mark.
  let octets: ArraySlice<UInt8>
  /// The offset of each line.
  private let lineStarts: [Int]
  /// The offset of each character; empty when every character is one octet.
  private let characterStarts: [Int]

  /// 8 MiB: some 50,000 pools. libyaml's nodes take up to a hundred times the memory of the text.
  static let maximumSize = 8 << 20

  init(_ text: [UInt8], file: String) throws(Problem) {
    self.file = file
    let top = Position(file: file, line: 1, column: 1)
    guard text.count <= SourceText.maximumSize else {
      throw Problem(.error, top, "the file is larger than 8 MiB: this is not a configuration")
    }
    guard !text.starts(with: [0xFF, 0xFE]), !text.starts(with: [0xFE, 0xFF]) else {
      throw Problem(.error, top, "the file is UTF-16: save it as UTF-8")
    }
    octets = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text[3...] : text[...]
    lineStarts = [octets.startIndex] + octets.indices.filter { text[$0] == 0x0A }.map { $0 + 1 }
    characterStarts = octets.allSatisfy { $0 < 0x80 } ? [] : octets.indices.filter { text[$0] & 0xC0 != 0x80 }
    if let (offset, what) = SourceText.firstNonText(octets) { throw Problem(.error, position(offset: offset), what) }
  }

  /// The place of the octet at `offset` in `octets`.
  func position(offset: Int) -> Position {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return Position(file: file, line: low + 1, column: max(0, offset - lineStarts[low]) + 1)
  }

  func position(character: Int) -> Position { position(offset: offset(ofCharacter: character)) }

  func offset(ofCharacter index: Int) -> Int {
    if characterStarts.isEmpty { return min(octets.startIndex + index, octets.endIndex) }
    return index < characterStarts.count ? characterStarts[index] : octets.endIndex
  }

  /// What stands at `offset` up to the end of its line.
  func restOfLine(offset: Int) -> String {
    let rest = octets[offset...].prefix { $0 != 0x0A && $0 != 0x0D }
    return String(decoding: rest, as: UTF8.self)
  }

  /// The first octet that is no text: not UTF-8 (RFC 3629 §4), or a control character.
  private static func firstNonText(_ octets: ArraySlice<UInt8>) -> (offset: Int, what: String)? {
    var at = octets.startIndex
    while at < octets.endIndex {
      let octet = octets[at]
      if octet >= 0x80 {
        guard let length = lengthOfCharacter(octets[at...]) else {
          return (at, "the file is not UTF-8 here: save it as UTF-8")
        }
        at += length
      } else if octet == 0 {
        return (at, "a NUL octet: this is not a text file")
      } else if octet == 0x7F || (octet < 0x20 && octet != 0x09 && octet != 0x0A && octet != 0x0D) {
        return (at, "control character \(octet): remove it")
      } else {
        at += 1
      }
    }
    return nil
  }

  /// The length in octets of the multi-octet UTF-8 character at the start of `octets`; nil if malformed.
  private static func lengthOfCharacter(_ octets: ArraySlice<UInt8>) -> Int? {
    let lead = octets[octets.startIndex]
    let (length, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    let rest = octets.dropFirst().prefix(length - 1)
    guard rest.count == length - 1, let first = rest.first, second.contains(first),
      rest.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 })
    else { return nil }
    return length
  }
}
