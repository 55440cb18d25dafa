import Diagnostics

/// One node of a configuration: a word, a list or a mapping, with its place.
struct Node {
  enum Content {
    case scalar(String, plain: Bool)
    case sequence([Node])
    case mapping([Entry])
  }

  struct Entry {
    let key: String
    let position: Position
    let value: Node
  }

  let content: Content
  let position: Position
  /// The key that it belongs to, for messages; a list's items have the list's.
  let label: String

  /// Whether nothing was written, or YAML's words for nothing.
  var isNull: Bool {
    guard case .scalar(let text, plain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }
}

/// Builds nodes from libyaml's events, bounded in depth and number.
struct NodeBuilder: ~Copyable {
  private let source: SourceText
  private var parser: YAMLParser
  private var nodes = 0

  /// The schema is 6 deep.
  private static let maximumDepth = 16
  private static let maximumNodes = 1_000_000

  /// The whole document; the problem is an error of syntax, the first one only.
  static func read(_ source: SourceText) throws(Problem) -> Node {
    guard let parser = YAMLParser(source.octets) else { throw Problem(.error, nil, "out of memory") }
    var builder = NodeBuilder(source: source, parser: parser)
    return try builder.document()
  }

  private init(source: SourceText, parser: consuming YAMLParser) {
    self.source = source
    self.parser = parser
  }

  private mutating func document() throws(Problem) -> Node {
    var event = try next()
    while event.kind == .other { event = try next() }
    if event.kind == .streamEnd { throw problem(event, "the configuration is empty: it needs at least `zones:`") }
    let root = try node(try next(), label: "", depth: 0)
    event = try next()
    while event.kind == .other { event = try next() }
    guard event.kind == .streamEnd else {
      throw problem(event, "a second document begins here: one file holds one configuration, without `---` inside")
    }
    return root
  }

  private mutating func next() throws(Problem) -> YAMLEvent {
    do { return try parser.next() } catch { throw SyntaxProblem.describe(error, in: source) }
  }

  private mutating func node(_ event: YAMLEvent, label: String, depth: Int) throws(Problem) -> Node {
    nodes += 1
    guard nodes <= NodeBuilder.maximumNodes else { throw problem(event, "more than a million values: too many") }
    guard depth <= NodeBuilder.maximumDepth else { throw problem(event, "nested too deeply: nothing goes this deep") }
    switch event.decoration {
    case .anchor?: throw problem(event, "anchors (`&name`) are not used here: write the value out, or quote it")
    case .tag?: throw problem(event, "tags (`!name`) are not used here: remove it, or quote the value")
    case nil: break
    }
    let content: Node.Content
    switch event.kind {
    case .scalar(let text, let plain):
      guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
        throw problem(event, "the text contains a line break or a control character: write it on one line")
      }
      content = .scalar(text, plain: plain)
    case .sequenceStart: content = .sequence(try items(label: label, depth: depth))
    case .mappingStart: content = .mapping(try entries(depth: depth))
    default: throw SyntaxProblem.unquotedStar(source.offset(ofCharacter: event.start), in: source)
    }
    return Node(content: content, position: position(event), label: label)
  }

  private mutating func items(label: String, depth: Int) throws(Problem) -> [Node] {
    var items: [Node] = []
    var event = try next()
    while event.kind != .collectionEnd {
      items.append(try node(event, label: label, depth: depth + 1))
      event = try next()
    }
    return items
  }

  private mutating func entries(depth: Int) throws(Problem) -> [Node.Entry] {
    var entries: [Node.Entry] = []
    var event = try next()
    while event.kind != .collectionEnd {
      let key = try node(event, label: "", depth: depth + 1)
      guard case .scalar(let text, _) = key.content else {
        throw problem(event, "a key must be one word: a list or a mapping cannot be a key; quote it if it is a name")
      }
      entries.append(
        Node.Entry(key: text, position: key.position, value: try node(try next(), label: text, depth: depth + 1)))
      event = try next()
    }
    return entries
  }

  private func position(_ event: YAMLEvent) -> Position { source.position(character: event.start) }

  private func problem(_ event: YAMLEvent, _ message: String) -> Problem { Problem(.error, position(event), message) }
}
