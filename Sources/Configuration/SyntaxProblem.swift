import Diagnostics

/// Says what libyaml found wrong in words that name the remedy.
enum SyntaxProblem {
  static func describe(_ failure: YAMLFailure, in source: SourceText) -> Problem {
    if let offset = failure.readerOffset {
      let position = source.position(offset: min(source.octets.startIndex + offset, source.octets.endIndex))
      return Problem(.error, position, "a character that YAML does not allow: remove it")
    }
    if failure.context.hasSuffix("an alias") {
      return unquotedStar(source.offset(ofCharacter: failure.contextIndex), in: source)
    }
    // What is never closed is better shown where it begins than at the end of the file.
    let unclosed = failure.problem == "found unexpected end of stream"
    let offset = source.offset(ofCharacter: unclosed ? failure.contextIndex : failure.index)
    return Problem(.error, source.position(offset: offset), message(failure, at: offset, in: source))
  }

  /// `*` begins an alias in YAML, and a wildcard in DNS.
  static func unquotedStar(_ offset: Int, in source: SourceText) -> Problem {
    let word = source.restOfLine(offset: offset).prefix { !" \t,[]{}#\"'".contains($0) }
    let name = word.hasSuffix(":") ? word.dropLast() : word
    return Problem(
      .error, source.position(offset: offset),
      "a name that begins with `*` must be quoted, as `*` has a meaning of its own in YAML: "
        + "write \"\(shown(name))\"\(word.hasSuffix(":") ? ":" : "")")
  }

  private static func message(_ failure: YAMLFailure, at offset: Int, in source: SourceText) -> String {
    let rest = source.restOfLine(offset: offset)
    switch failure.problem {
    case _ where rest.hasPrefix("\t"): return "a tab: indent with spaces"
    case "found character that cannot start any token":
      return "`\(rest.prefix(1))` cannot begin a word: quote the word"
    case "mapping values are not allowed in this context":
      return "a `:` followed by a space is not expected here: check the indentation, or quote the text"
    case "could not find expected ':'": return "a `:` is missing after the key, or the line before it is not closed"
    case "did not find expected key":
      return "a key is expected here: check the indentation, and that every quote and bracket is closed"
    case "did not find expected '-' indicator": return "a list item `- …` is expected here: check the indentation"
    case "did not find expected node content":
      return "a value is expected here: quote addresses of IPv6, such as \"::1\" and \"[::1]:53\""
    case "did not find expected ',' or ']'":
      return
        "`,` or `]` is expected here, for the `[` of \(start(failure, in: source)); quote an IPv6 address in a list"
    case "did not find expected ',' or '}'":
      return "`,` or `}` is expected here, for the `{` of \(start(failure, in: source))"
    case "found unknown escape character":
      return "a backslash in double quotes begins an escape, and this one is unknown: use single quotes"
    case "did not find expected hexdecimal number":
      return "hexadecimal digits are expected in this escape; for a backslash as such use single quotes"
    case "found unexpected end of stream": return "the quote that begins here is never closed"
    default: return failure.problem + (failure.context.isEmpty ? "" : " (\(failure.context))")
    }
  }

  /// Where the construct begins in which it went wrong.
  private static func start(_ failure: YAMLFailure, in source: SourceText) -> String {
    let position = source.position(character: failure.contextIndex)
    return "line \(position.line), column \(position.column)"
  }
}
