extension JSON {
  /// For people and for files that are compared: one member a line, four spaces a level, as the AWS CLI prints.
  package var prettyText: String {
    var text = ""
    appendPretty(to: &text, level: 0)
    return text
  }

  private func appendPretty(to text: inout String, level: Int) {
    switch self {
    case .array(let elements) where !elements.isEmpty:
      JSON.appendLines(elements, "[", "]", to: &text, level) { $0.appendPretty(to: &$1, level: level + 1) }
    case .object(let members) where !members.isEmpty:
      JSON.appendLines(members, "{", "}", to: &text, level) { member, text in
        appendJSON(member.name, to: &text)
        text += ": "
        member.value.appendPretty(to: &text, level: level + 1)
      }
    case .null, .bool, .number, .string, .array, .object: text += self.text
    }
  }

  private static func appendLines<Part>(
    _ parts: [Part], _ open: String, _ close: String, to text: inout String, _ level: Int,
    _ body: (Part, inout String) -> Void
  ) {
    let indentation = String(repeating: "    ", count: level)
    text += open
    for (index, part) in parts.enumerated() {
      text += (index > 0 ? ",\n" : "\n") + indentation + "    "
      body(part, &text)
    }
    text += "\n" + indentation + close
  }
}
