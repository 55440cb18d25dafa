import Diagnostics
import Memory
import Wire
import Zone

/// The names and types of a zone file, as questions.
enum ZoneQueries {
  /// - Parameter origin: the zone's name, for a file that does not begin with `$ORIGIN`.
  static func open(_ path: String, _ origin: DomainName?, weight: Int) throws(BenchError) -> QuerySource {
    do throws(FileError) {
      let file = try FileContents(path)
      guard let apex = origin ?? firstOrigin(file.bytes) else {
        throw FileError(path: path, message: "it does not begin with $ORIGIN: say --origin NAME")
      }
      let parsed = ZoneFileParser.parse(file: path, apex: apex, text: file.bytes, include: include)
      if let problem = parsed.problems.listed.first(where: { $0.severity == .error }) {
        throw FileError(path: path, message: "\(problem)")
      }
      let list = questions(parsed.records)
      guard list.count > 0 else { throw FileError(path: path, message: "no records in it") }
      return QuerySource(list: list, weight: weight)
    } catch {
      throw BenchError("cannot read the zone: \(error)")
    }
  }

  /// One question for each RRset that stands together; signatures and proofs are nothing to ask for.
  private static func questions(_ records: borrowing RecordStore) -> QueryList {
    var list = QueryList()
    var last: (owner: UInt32, type: RecordType)?
    let owners = records.owners
    for i in 0..<records.count {
      let type = records.entries[i].type
      if let last, last.owner == owners[i], last.type == type { continue }
      last = (owners[i], type)
      guard ![RecordType.rrsig, .nsec, .nsec3].contains(type) else { continue }
      list.append(records.name(Int(owners[i])), type)
    }
    return list
  }

  /// The zone's name, by the `$ORIGIN` before any record or by the first record's owner.
  private static func firstOrigin(_ text: Span<UInt8>) -> DomainName? {
    var tokens = Tokenizer(text)
    while !tokens.isAtEnd {
      guard let first = try? tokens.next() else { return nil }
      if !first.isEnd {
        if tokens.matches(first, "$ORIGIN") {
          guard let name = try? tokens.next() else { return nil }
          return try? tokens.name(name, origin: .root)
        }
        // A zone begins with its SOA, whose owner is the zone's name.
        guard tokens.matches(first, "$TTL") else { return try? tokens.name(first, origin: .root) }
      }
      tokens.endEntry()
    }
    return nil
  }

  private static func include(
    _ name: String, _ parent: String, _ body: (_ path: String, _ text: Span<UInt8>) -> Void
  ) -> String? {
    let folder = parent.lastIndex(of: "/").map { String(parent[..<$0]) } ?? "."
    do throws(FileError) {
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      let file = try FileContents(path)
      body(path, file.bytes)
      return nil
    } catch { return "\(error)" }
  }
}
