import Memory
import Wire

/// `$GENERATE start-stop[/step] template`: a line for each number, with `$` replaced (BIND's extension).
extension ZoneFileParser {
  mutating func readGenerate(
    _ word: Token, _ tokens: inout Tokenizer, _ context: inout Context
  ) throws(SyntaxError) {
    let rangeToken = try tokens.next()
    guard let numbers = numbers(rangeToken, tokens) else {
      throw tokens.unexpected(rangeToken, expected: "a range such as 1-254 or 0-100/2")
    }
    generated += numbers.count
    guard generated <= limits.generated else {
      throw tokens.error(rangeToken, "$GENERATE would make more than \(limits.generated) records")
    }
    let template = try template(&tokens)
    var line = OctetBuffer()
    for number in stride(from: numbers.start, through: numbers.stop, by: numbers.step) {
      line.truncate(to: 0)
      try expand(template, number, tokens, to: &line)
      do throws(SyntaxError) {
        var inner = Tokenizer(line.span, line: word.line)
        let first = try inner.next()
        try readRecord(first, ownerIsBlank: false, &inner, &context)
      } catch {
        throw tokens.error(template.first, "\(error.message) (with $ = \(number))")
      }
    }
  }

  /// Reads `start-stop` or `start-stop/step`.
  private func numbers(_ token: Token, _ tokens: borrowing Tokenizer) -> Numbers? {
    guard token.kind == .word else { return nil }
    let parts = tokens.string(token).split(separator: "/", omittingEmptySubsequences: false)
    let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false).compactMap { UInt32($0) }
    let step = parts.count == 2 ? UInt32(parts[1]) : 1
    guard parts.count <= 2, bounds.count == 2, let step, step > 0, bounds[0] <= bounds[1],
      bounds[1] <= UInt32(Int32.max)
    else { return nil }
    return Numbers(start: Int(bounds[0]), stop: Int(bounds[1]), step: Int(step))
  }

  /// Reads all the rest of the entry. Data that is one quoted string loses its quotes, as BIND has it:
  /// that is how old files wrote data of several words.
  private func template(_ tokens: inout Tokenizer) throws(SyntaxError) -> Template {
    let first = try tokens.next()
    guard first.kind == .word else { throw tokens.unexpected(first, expected: "an owner name") }
    var last = first
    var hasType = false
    var words = 0
    var token = try tokens.next()
    while !token.isEnd {
      if hasType { words += 1 }
      if token.kind == .word, RecordType(text: tokens.text, token.start..<token.end) != nil { hasType = true }
      last = token
      token = try tokens.next()
    }
    guard last.kind == .quoted else { return Template(first: first, plain: first.start..<last.end, quoted: 0..<0) }
    guard words == 1 else { return Template(first: first, plain: first.start..<last.end + 1, quoted: 0..<0) }
    return Template(first: first, plain: first.start..<last.start - 1, quoted: last.start..<last.end)
  }

  private func expand(
    _ template: Template, _ number: Int, _ tokens: borrowing Tokenizer, to line: inout OctetBuffer
  ) throws(SyntaxError) {
    try expand(template.plain, isQuoted: false, template, number, tokens, to: &line)
    try expand(template.quoted, isQuoted: true, template, number, tokens, to: &line)
  }

  /// Writes a part with each `$` and `${…}` replaced; `\$` and `$$` stay a dollar.
  private func expand(
    _ part: Range<Int>, isQuoted: Bool, _ template: Template, _ number: Int, _ tokens: borrowing Tokenizer,
    to line: inout OctetBuffer
  ) throws(SyntaxError) {
    let text = tokens.text
    var at = part.lowerBound
    while at < part.upperBound {
      let octet = text[at]
      at += 1
      let next = at < part.upperBound ? text[at] : 0
      if octet == UInt8(ascii: "\\") || octet == UInt8(ascii: "$") && next == UInt8(ascii: "$") {
        if !(isQuoted && next == UInt8(ascii: "\"")) { line.append(UInt8(ascii: "\\")) }
        if at < part.upperBound { line.append(next) }
        at += 1
      } else if octet != UInt8(ascii: "$") {
        line.append(octet)
      } else if next == UInt8(ascii: "{") {
        guard let close = (at..<part.upperBound).first(where: { text[$0] == UInt8(ascii: "}") }),
          let modifier = Modifier(text.extracting(at + 1..<close))
        else {
          throw tokens.error(
            at: at - 1, line: template.first.line,
            "expected ${offset}, ${offset,width} or ${offset,width,base} with base d, o, x, X, n or N")
        }
        guard let value = modifier.text(number) else {
          throw tokens.error(at: at - 1, line: template.first.line, "the number is below 0 with $ = \(number)")
        }
        append(value, to: &line)
        at = close + 1
      } else {
        append(String(number), to: &line)
      }
    }
  }

  private func append(_ text: String, to line: inout OctetBuffer) {
    for octet in text.utf8 { line.append(octet) }
  }
}

/// The line of a `$GENERATE`, as ranges of the text.
private struct Template {
  let first: Token
  let plain: Range<Int>
  /// Data whose quotes are dropped; empty when there is none.
  let quoted: Range<Int>
}

/// The numbers of a `$GENERATE`.
private struct Numbers {
  let start, stop, step: Int
  var count: Int { (stop - start) / step + 1 }
}

/// How a number is written: `offset[,width[,base]]`.
private struct Modifier {
  private var offset = 0
  private var width = 0
  private var base: Character = "d"

  init?(_ text: Span<UInt8>) {
    let parts = String(decoding: Array(text), as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
    guard 1...3 ~= parts.count, let offset = Int32(parts[0]) else { return nil }
    self.offset = Int(offset)
    if parts.count > 1 {
      guard let width = UInt8(parts[1]) else { return nil }
      self.width = Int(width)
    }
    if parts.count > 2 {
      guard ["d", "o", "x", "X", "n", "N"].contains(parts[2]) else { return nil }
      base = Character(String(parts[2]))
    }
  }

  /// Nil for a negative number.
  func text(_ number: Int) -> String? {
    let value = number + offset
    guard value >= 0 else { return nil }
    switch base {
    case "o": return padded(String(value, radix: 8))
    case "x": return padded(String(value, radix: 16))
    case "X": return padded(String(value, radix: 16, uppercase: true))
    case "n": return nibbles(value, uppercase: false)
    case "N": return nibbles(value, uppercase: true)
    default: return padded(String(value))
    }
  }

  private func padded(_ digits: String) -> String {
    String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Hexadecimal digits as labels, the last first, as IPv6 reverse names have them; the width counts
  /// the dots.
  private func nibbles(_ number: Int, uppercase: Bool) -> String {
    var (value, left, result) = (number, width, "")
    repeat {
      result += String(value & 15, radix: 16, uppercase: uppercase)
      value >>= 4
      left = max(0, left - 1)
      guard value > 0 || left > 0 else { break }
      result += "."
      left = max(0, left - 1)
    } while value > 0 || left > 0
    return result
  }
}
