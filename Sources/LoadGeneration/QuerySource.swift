package import Memory
import Wire

/// Where questions come from: a list that is asked again and again, a file too long for one, or random names.
package struct QuerySource: ~Copyable {
  /// How often it is asked, against the others of a mix.
  package let weight: Int
  private var list = QueryList()
  private var position = 0
  /// A file that does not fit into the list: read on where the list ends.
  private var file: QueryFile?
  private var random: RandomNames?
  package private(set) var problems: [String] = []
  package private(set) var badLines = 0
  /// Set when the file could be read no further.
  package private(set) var failure: FileError?

  /// Octets of questions that are kept; a longer file is read while it is asked.
  private static var kept: Int { 64 << 20 }
  /// Queries that are read at once then, few, so that sending does not wait for them.
  private static var piece: Int { 512 }

  package init(file path: String, weight: Int = 1, kept: Int = QuerySource.kept) throws(FileError) {
    self.weight = weight
    var file = try QueryFile(path)
    let isWhole = try file.fill(&list, octets: kept)
    (problems, badLines) = (file.problems, file.badLines)
    self.file = isWhole ? nil : consume file
  }

  package init(list: consuming QueryList, weight: Int = 1) {
    self.weight = weight
    self.list = list
  }

  package init(random: RandomNames, weight: Int = 1) {
    self.weight = weight
    self.random = random
  }

  /// Whether there is no question in it.
  package var isEmpty: Bool { random == nil && list.count == 0 }

  /// Writes the next question and returns its length.
  mutating func write(to target: inout MutableRawSpan, at offset: Int) -> Int {
    if random != nil { return random?.write(to: &target, at: offset) ?? 0 }
    if position == list.count {
      position = 0
      readOn()
    }
    defer { position += 1 }
    return list.copy(position, to: &target, at: offset)
  }

  private mutating func readOn() {
    guard file != nil, failure == nil else { return }
    do throws(FileError) { try refill() } catch { failure = error }
  }

  private mutating func refill() throws(FileError) {
    var next = QueryList()
    // A piece at the end of the file may be empty, or hold bad lines only.
    for _ in 0..<2 where next.count == 0 {
      _ = try file?.fill(&next, octets: .max, count: Self.piece)
    }
    problems = file?.problems ?? problems
    badLines = file?.badLines ?? badLines
    if next.count > 0 { list = next }
  }
}
