package import Diagnostics
import Memory
package import Wire

/// Opens the file that `$INCLUDE` asks for. `name` is as written, `parent` the path of the file that
/// asks; calls `body` once with the path for messages and the text, or returns why it could not.
package typealias IncludeSource = (
  _ name: String, _ parent: String, _ body: (_ path: String, _ text: Span<UInt8>) -> Void
) -> String?

/// What a zone file may ask for.
package struct ZoneFileLimits: Sendable {
  /// `$INCLUDE` within `$INCLUDE`; also what ends a file that includes itself.
  package var includeDepth = 16
  /// Records of all `$GENERATE` lines together: a /8 of reverse names.
  package var generated = 1 << 24
  package var listedProblems = 100
  /// Octets of memory that reading and building the zone may take.
  package var memory = Int.max

  package init() {}
}

/// A zone file's records and what is wrong with it; with errors the records are not the whole zone.
package struct ParsedZoneFile: ~Copyable, Sendable {
  package var records: RecordStore
  package var problems: ProblemList

  package consuming func takeRecords() -> RecordStore { records }
}

/// Reads master files (RFC 1035 §5; `docs/zone-format.md` has every decision) into flat records.
///
/// Knows single records only: what records mean for each other is the zone's matter.
package struct ZoneFileParser: ~Copyable {
  /// Where a file's next entry starts from.
  struct Context {
    let file: UInt16
    let depth: Int
    var origin: DomainName
    var originIsInZone: Bool
    /// The previous record's owner, for one that begins with white space.
    var owner: Owner?
  }

  enum Owner {
    /// By its number in the store.
    case node(Int)
    case outside(DomainName)
  }

  let apex: DomainName
  let limits: ZoneFileLimits
  let include: IncludeSource
  var records: RecordStore
  var problems: ProblemList
  /// The owner that is being read: as written, unless it is a plain one, and in lower case below the apex, with the
  /// margin that hashing by words needs.
  var owner = OctetBuffer(minimumCapacity: 512)
  var lowercasedOwner = Slab<UInt8>(count: 272)
  /// From `$TTL`.
  var defaultTTL: UInt32?
  /// The last one written in a record, for files without `$TTL` (RFC 1035 §5.1).
  var lastTTL: UInt32?
  var generated = 0
  /// Octets of the included files that are being read.
  private var includedText = 0
  /// Nothing more is read: the zone is too large.
  var isStopped = false

  /// Octets of text between two of the calls that say how far it has been read.
  private static var progress: Int { 1 << 21 }
  /// Octets of text for which one owner is expected: many fewer than there will be, but not by far.
  private static var textOfOwner: Int { 128 }

  /// Reads the zone `apex` from `text`, the content of `file`.
  ///
  /// - Parameter passed: called now and then with an offset of the text before which nothing is read any more.
  package static func parse(
    file: String, apex: DomainName, text: Span<UInt8>, limits: ZoneFileLimits = ZoneFileLimits(),
    passed: (Int) -> Void = { _ in }, include: @escaping IncludeSource
  ) -> ParsedZoneFile {
    var parser = ZoneFileParser(apex: apex, limits: limits, include: include)
    parser.records.nodes.expect(text.count / textOfOwner)
    parser.read(text, file: file, origin: apex, depth: 0, passed)
    return parser.finish()
  }

  private init(apex: DomainName, limits: ZoneFileLimits, include: @escaping IncludeSource) {
    self.apex = apex
    self.limits = limits
    self.include = include
    records = RecordStore(apex: apex)
    problems = ProblemList(limit: limits.listedProblems)
  }

  private consuming func finish() -> ParsedZoneFile {
    ParsedZoneFile(records: records, problems: problems)
  }

  /// Reads one file, from its start to its end.
  mutating func read(
    _ text: Span<UInt8>, file: String, origin: DomainName, depth: Int, _ passed: (Int) -> Void = { _ in }
  ) {
    var context = Context(
      file: UInt16(records.files.count), depth: depth, origin: origin, originIsInZone: origin.isAtOrBelow(apex),
      owner: nil)
    records.files.append(file)
    let textHere = depth > 0 ? text.count : 0
    includedText += textHere
    defer { includedText -= textHere }
    var tokens = Tokenizer(text)
    var next = Self.progress
    while !tokens.isAtEnd, !isStopped {
      if tokens.at >= next {
        passed(tokens.at)
        next = tokens.at + Self.progress
      }
      do throws(SyntaxError) {
        try readEntry(&tokens, &context)
      } catch {
        recover(from: error, &tokens, context)
        continue
      }
      tokens.endEntry()
    }
  }

  /// Reports the error and goes on at the next entry. Where a parenthesis is never closed, that is what is
  /// wrong, and what was found in the lines behind it is only its consequence.
  private mutating func recover(from error: SyntaxError, _ tokens: inout Tokenizer, _ context: Context) {
    guard let open = tokens.endEntry(errorLine: error.line) else { return report(error, context) }
    let unclosed = tokens.unclosed(open)
    if error.line == unclosed.line, error != unclosed { report(error, context) }
    report(unclosed, context)
  }

  /// Stops reading when no further record has room.
  mutating func checkRoom(_ token: Token, _ tokens: borrowing Tokenizer) throws(SyntaxError) {
    isStopped = true
    // One name with all its ancestors takes less than what is left of 32 bits.
    guard records.octets.count <= Int(UInt32.max), records.nodes.names.count < Int(UInt32.max) - 1 << 16 else {
      throw tokens.error(token, "the zone has more than 4 GiB")
    }
    guard records.memory + includedText <= limits.memory else {
      throw tokens.error(token, ZoneMemory.message(limits.memory))
    }
    isStopped = false
  }

  mutating func report(_ error: SyntaxError, _ context: Context) {
    let position = Position(file: records.files[Int(context.file)], line: error.line, column: error.column)
    problems.report(Problem(.error, position, error.message))
  }

  private mutating func readEntry(_ tokens: inout Tokenizer, _ context: inout Context) throws(SyntaxError) {
    let isBlank = tokens.isAtBlank
    let first = try tokens.next()
    if first.isEnd { return }
    if !isBlank, first.kind == .word, tokens.text[first.start] == UInt8(ascii: "$") {
      try readDirective(first, &tokens, &context)
    } else {
      try readRecord(first, ownerIsBlank: isBlank, &tokens, &context)
    }
  }
}
