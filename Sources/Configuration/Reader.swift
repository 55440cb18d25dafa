import Diagnostics
import Wire

/// Reads nodes into values and collects every problem on the way.
///
/// The readers of values take what may be absent and return nil for what is absent or wrong; what is
/// wrong has then been reported, so that callers only ever choose a default.
struct Reader {
  let top: Position
  private var problems: [Problem] = []
  /// `checks.NAME`, `endpoints.NAME` and `groups.NAME` of what is referred to.
  var used: Set<String> = []
  /// Of all pools, whether or not they are right otherwise.
  var owners: [Placed<DomainName>] = []

  init(file: String) { top = Position(file: file, line: 1, column: 1) }

  /// In the order of their places. A value that serves twice, such as a default, is reported once.
  var sortedProblems: [Problem] {
    var seen: Set<Problem> = []
    return problems.filter { seen.insert($0).inserted }
      .enumerated().sorted { ($0.element.position ?? top, $0.offset) < ($1.element.position ?? top, $1.offset) }
      .map(\.element)
  }

  mutating func error(_ position: Position, _ message: String) {
    problems.append(Problem(.error, position, message))
  }

  mutating func warning(_ position: Position, _ message: String) {
    problems.append(Problem(.warning, position, message))
  }

  mutating func note(_ position: Position, _ message: String) {
    problems.append(Problem(.note, position, message))
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// The candidate that was probably meant. Among a great many errors nobody reads suggestions, and
  /// each takes a look at every name.
  func suggestion(for word: String, among candidates: [String]) -> String? {
    problems.count < 100 ? nearest(to: word, among: candidates) : nil
  }
}

/// The values of one mapping whose keys are fixed.
struct Fields {
  /// Where the mapping begins, or the key that holds it.
  let position: Position
  let values: [String: Node]

  subscript(key: String) -> Node? { values[key] }
}

extension Reader {
  /// The values of a mapping with the keys of `schema`; nil unless it is a mapping or empty.
  mutating func fields(_ node: Node?, _ schema: Schema, at position: Position) -> Fields? {
    guard let node else { return nil }
    guard let entries = entries(node, of: schema.title) else { return nil }
    var values: [String: Node] = [:]
    for entry in entries {
      if schema.keys.contains(entry.key) {
        values[entry.key] = entry.value
      } else {
        error(entry.position, unknownKey(entry.key, schema))
      }
    }
    return Fields(position: position, values: values)
  }

  private func unknownKey(_ key: String, _ schema: Schema) -> String {
    let start = "\(schema.title) has no key `\(shown(key))`"
    if let near = suggestion(for: key, among: schema.keys) { return "\(start): did you mean `\(near)`?" }
    return "\(start); its keys are: \(schema.keys.joined(separator: ", "))"
  }

  /// The entries of a mapping whose keys the operator chooses, without those that come twice.
  mutating func entries(_ node: Node, of title: String) -> [Node.Entry]? {
    if node.isNull { return [] }
    guard case .mapping(let entries) = node.content else {
      error(node.position, "\(title) takes keys and values, `key: value`; found \(found(node))")
      return nil
    }
    var first: [String: Position] = [:]
    return entries.filter { entry in
      guard let earlier = first[entry.key] else {
        first[entry.key] = entry.position
        return true
      }
      error(entry.position, "`\(shown(entry.key))` is here twice: it is already on line \(earlier.line)")
      return false
    }
  }

  /// One value, or a list of them, as a list.
  mutating func list(_ node: Node?) -> [Node] {
    guard let node else { return [] }
    if case .sequence(let items) = node.content { return items }
    if node.isNull {
      error(node.position, "\(label(node))a value is missing")
      return []
    }
    return [node]
  }

  /// Reports that `node` is not what was expected.
  mutating func mismatch(_ node: Node, expected: String) {
    error(node.position, "\(label(node))expected \(expected); found \(found(node))")
  }

  /// The value of a key that must be there.
  mutating func required(_ key: String, of fields: Fields, _ title: String, example: String) -> Node? {
    if let node = fields[key] { return node }
    error(fields.position, "\(title) needs `\(key)`: add `\(key): \(example)`")
    return nil
  }

  private func label(_ node: Node) -> String { node.label.isEmpty ? "" : "`\(shown(node.label))`: " }

  private func found(_ node: Node) -> String {
    switch node.content {
    case _ where node.isNull: "nothing"
    case .scalar(let text, _): "`\(shown(text))`"
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
    case .mapping: "a mapping"
    }
  }
}
