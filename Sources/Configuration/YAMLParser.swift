internal import CYAML

/// libyaml's event parser behind a safe face: the one file of `Configuration` that may say `unsafe`.
///
/// The structure of libyaml points into itself, so it lives at a fixed address with one owner, and
/// so does the copy of the text that it reads. Strings are copied out of each event before the event
/// is freed; nothing of libyaml's memory leaves this file.
@safe struct YAMLParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// - Parameter text: UTF-8 without a byte order mark.
  /// Nil when there is no memory.
  init?(_ text: ArraySlice<UInt8>) {
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.count))
    _ = unsafe input.initialize(fromContentsOf: text)
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe self.parser = parser
    unsafe self.input = input
    guard unsafe yaml_parser_initialize(parser) == 1 else { return nil }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, text.count)
  }

  deinit {
    // yaml_parser_initialize clears the structure before it can fail, and deleting a cleared one is allowed.
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event. Not to be called again after a failure or the end of the stream.
  mutating func next() throws(YAMLFailure) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe YAMLEvent(
      kind: YAMLParser.kind(event), start: Int(clamping: event.start_mark.index),
      decoration: YAMLParser.decoration(event))
  }

  private static func kind(_ event: yaml_event_t) -> YAMLEvent.Kind {
    switch unsafe event.type {
    case YAML_STREAM_END_EVENT: .streamEnd
    case YAML_DOCUMENT_START_EVENT: .documentStart
    case YAML_ALIAS_EVENT: .alias
    case YAML_SCALAR_EVENT:
      unsafe .scalar(
        String(
          decoding: UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length), as: UTF8.self),
        plain: event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT: .sequenceStart
    case YAML_MAPPING_START_EVENT: .mappingStart
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: .collectionEnd
    default: .other
    }
  }

  private static func decoration(_ event: yaml_event_t) -> YAMLEvent.Decoration? {
    switch unsafe event.type {
    case YAML_SCALAR_EVENT: unsafe decoration(event.data.scalar.anchor, event.data.scalar.tag)
    case YAML_SEQUENCE_START_EVENT: unsafe decoration(event.data.sequence_start.anchor, event.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT: unsafe decoration(event.data.mapping_start.anchor, event.data.mapping_start.tag)
    default: nil
    }
  }

  private static func decoration(
    _ anchor: UnsafeMutablePointer<UInt8>?, _ tag: UnsafeMutablePointer<UInt8>?
  ) -> YAMLEvent.Decoration? {
    if unsafe anchor != nil { return .anchor }
    return unsafe tag != nil ? .tag : nil
  }

  private func failure() -> YAMLFailure {
    let state = unsafe parser.pointee
    return unsafe YAMLFailure(
      problem: state.problem.map { unsafe String(cString: $0) } ?? "not valid YAML",
      context: state.context.map { unsafe String(cString: $0) } ?? "",
      index: Int(clamping: state.problem_mark.index), contextIndex: Int(clamping: state.context_mark.index),
      readerOffset: state.error == YAML_READER_ERROR ? Int(clamping: state.problem_offset) : nil)
  }
}

/// One step through a YAML text.
struct YAMLEvent {
  enum Kind: Equatable {
    case documentStart, streamEnd, alias, scalar(String, plain: Bool), sequenceStart, mappingStart, collectionEnd, other
  }
  enum Decoration { case anchor, tag }

  let kind: Kind
  /// Where it begins, in characters (not octets) from the start of the text.
  let start: Int
  let decoration: Decoration?
}

/// Why libyaml stopped, in its own words; `SyntaxProblem` makes the operator's words of them.
struct YAMLFailure: Error {
  let problem: String
  let context: String
  /// In characters, as is `contextIndex`: where the construct began in which it went wrong.
  let index: Int
  let contextIndex: Int
  /// In octets, and only for octets that are no text at all.
  let readerOffset: Int?
}
