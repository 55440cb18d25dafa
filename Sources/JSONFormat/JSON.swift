/// A JSON value (RFC 8259); members keep their order.
package enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  /// As it is written.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package let name: String
    package let value: JSON

    package init(name: String, value: JSON) {
      self.name = name
      self.value = value
    }
  }

  package static func integer(_ value: some BinaryInteger) -> JSON { .number("\(value)") }

  /// With three digits behind the point.
  package static func thousandths(_ value: Int64) -> JSON {
    let digits = String(value.magnitude % 1000 + 1000).dropFirst()
    return .number("\(value < 0 ? "-" : "")\(value.magnitude / 1000).\(digits)")
  }

  package static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

  package static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(name: $0.key, value: $0.value) })
  }

  /// The first member of that name.
  package subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  package var text: String {
    var text = ""
    append(to: &text)
    return text
  }

  private func append(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): appendJSON(string, to: &text)
    case .array(let elements): JSON.append(elements, "[", "]", to: &text) { $0.append(to: &$1) }
    case .object(let members):
      JSON.append(members, "{", "}", to: &text) { member, text in
        appendJSON(member.name, to: &text)
        text += ":"
        member.value.append(to: &text)
      }
    }
  }

  private static func append<Part>(
    _ parts: [Part], _ open: String, _ close: String, to text: inout String, _ body: (Part, inout String) -> Void
  ) {
    text += open
    for (index, part) in parts.enumerated() {
      if index > 0 { text += "," }
      body(part, &text)
    }
    text += close
  }
}

extension JSON: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
}
