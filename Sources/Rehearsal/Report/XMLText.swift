/// Writes XML: elements with attributes and text, everything escaped.
struct XMLText {
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var open: [String] = []

  mutating func begin(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    text += "<\(name)\(XMLText.text(attributes))>\n"
    open.append(name)
  }

  mutating func end() {
    guard let name = open.popLast() else { return }
    text += "</\(name)>\n"
  }

  /// - Parameter content: nil: an empty element.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String? = nil) {
    text += "<\(name)\(XMLText.text(attributes))"
    text += content.map { ">\(XMLText.escaped($0))</\(name)>\n" } ?? "/>\n"
  }

  private static func text(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
  }

  /// XML 1.0 has no place for most control characters, escaped or not: they become U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
