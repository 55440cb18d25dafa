/// Whether a scalar may change what a terminal shows beyond its own cell: controls (C0, DEL, C1), line and
/// paragraph separators, and the marks that turn the direction of text.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
  default: false
  }
}

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// Appends `text` with everything hidden written as an escape: `\n`, `\x1b`, `\u{202e}`.
package func appendVisible(_ text: String, to line: inout String) {
  for scalar in text.unicodeScalars { appendVisible(scalar, to: &line) }
}

package func appendVisible(_ scalar: Unicode.Scalar, to line: inout String) {
  switch scalar {
  case "\n": line += "\\n"
  case "\r": line += "\\r"
  case "\t": line += "\\t"
  case _ where !isHidden(scalar): line.unicodeScalars.append(scalar)
  case _ where scalar.value < 0x100: line += "\\x" + hexadecimal(scalar.value, digits: 2)
  default: line += "\\u{" + hexadecimal(scalar.value, digits: 1) + "}"
  }
}

/// `text` for a terminal, with everything hidden written as an escape.
package func visible(_ text: String) -> String {
  var line = ""
  appendVisible(text, to: &line)
  return line
}

/// A JSON string (RFC 8259 §7).
package func appendJSON(_ text: String, to line: inout String) {
  line += "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": line += "\\\""
    case "\\": line += "\\\\"
    case "\n": line += "\\n"
    case "\r": line += "\\r"
    case "\t": line += "\\t"
    // All that is hidden lies in the basic plane, so four digits do.
    case _ where isHidden(scalar): line += "\\u" + hexadecimal(scalar.value, digits: 4)
    default: line.unicodeScalars.append(scalar)
    }
  }
  line += "\""
}
