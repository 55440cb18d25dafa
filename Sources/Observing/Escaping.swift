import JSONFormat
import Logging

/// A value as it is when it is one plain word, else in quotes with `"` and `\` escaped.
func appendTextValue(_ value: String, to line: inout String) {
  let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0 != " " && $0 != "\"" && $0 != "=" && $0 != "\\" }
  if isPlain { return appendVisible(value, to: &line) }
  line += "\""
  for scalar in value.unicodeScalars {
    if scalar == "\"" || scalar == "\\" { line += "\\" }
    appendVisible(scalar, to: &line)
  }
  line += "\""
}

func appendJSON(_ value: Logger.MetadataValue, to line: inout String) {
  switch value {
  case .string(let text): appendJSON(text, to: &line)
  case .stringConvertible(let convertible): appendJSON(convertible.description, to: &line)
  case .array(let elements):
    line += "["
    for (index, element) in elements.enumerated() {
      if index > 0 { line += "," }
      appendJSON(element, to: &line)
    }
    line += "]"
  case .dictionary(let members):
    line += "{"
    for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { line += "," }
      appendJSON(member.key, to: &line)
      line += ":"
      appendJSON(member.value, to: &line)
    }
    line += "}"
  }
}
