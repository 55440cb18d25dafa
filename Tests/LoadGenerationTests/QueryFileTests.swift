import LoadGeneration
import Memory
import TestSupport
import Testing

@Suite struct QueryFileTests {
  private func read(_ text: String, octets: Int = .max) throws -> (list: QueryListText, problems: [String], bad: Int) {
    let folder = try Folder()
    var file = try QueryFile(try folder.write("q", text))
    var list = QueryList()
    #expect(try file.fill(&list, octets: octets))
    let shortened = file.problems.map { String($0.dropFirst(folder.path.count + 1)) }
    return (QueryListText(list), shortened, file.badLines)
  }

  @Test func linesAreQueries() throws {
    let read = try read(
      "www.example.com A\n\n; a comment\n# another\n  mail.example.com.\tMX ; why\n. NS\r\nx TYPE65280\n_a.b aaaa")
    #expect(
      read.list.texts == [
        "www.example.com A", "mail.example.com MX", ". NS", "x TYPE65280", "_a.b AAAA",
      ])
    #expect(read.bad == 0)
  }

  @Test func escapesAreRead() throws {
    let read = try read("a\\.b.example A\n\\097.example A\n")
    #expect(read.list.texts == ["a\\.b.example A", "a.example A"])
  }

  @Test func badLinesAreNamedAndLeftOut() throws {
    let long = String(repeating: "a", count: 64)
    let read = try read(
      "good.example A\nlonely\nx.example NOTYPE\n..example A\n\(long).example A\nx A y\n\\9 A\nlast A\n")
    #expect(read.list.texts == ["good.example A", "last A"])
    #expect(read.bad == 6)
    #expect(
      read.problems == [
        "q:2: a name and a type were expected: www.example.com A", "q:3: 'NOTYPE' is no record type",
        "q:4: '..example': a label between two dots is empty",
        "q:5: '\(long.prefix(40))…': a label is longer than 63 octets",
        "q:6: there is more on the line than a name and a type",
        "q:7: '\\9': after a backslash there must be a character, or three digits from 000 to 255",
      ])
  }

  @Test func onlyTheFirstBadLinesAreListed() throws {
    let read = try read(String(repeating: "bad\n", count: 1000))
    #expect(read.bad == 1000 && read.problems.count == 10 && read.list.texts.isEmpty)
  }

  @Test func lineWithoutEndIsLeftOut() throws {
    let read = try read("a A\n" + String(repeating: "x", count: 300_000) + "\nb A\n")
    #expect(read.list.texts == ["a A", "b A"])
    #expect(read.problems == ["q:2: the line is too long"])
  }

  @Test func nameMayHave255OctetsAndNoMore() throws {
    let label = String(repeating: "a", count: 63)
    let three = [label, label, label].joined(separator: ".")
    let fits = three + "." + String(repeating: "b", count: 61)
    let read = try read("\(fits) A\n\(fits)b A\n")
    #expect(read.list.texts == ["\(fits) A"] && read.bad == 1)
  }

  /// However small the pieces are, it is the same queries in the same order, again and again.
  @Test(arguments: [1, 100, 5000]) func piecesJoin(_ count: Int) throws {
    let folder = try Folder()
    let names = (0..<20_000).map { "name-\($0 * 7919 % 100_003).example.com" }
    var file = try QueryFile(try folder.write("q", names.map { "\($0) A\n" }.joined()))
    var texts: [String] = []
    while texts.count < 2 * names.count {
      var list = QueryList()
      _ = try file.fill(&list, octets: .max, count: count)
      texts += QueryListText(list).texts
    }
    #expect(Array(texts.prefix(2 * names.count)) == (names + names).map { "\($0) A" })
  }

  @Test func missingFileAndFolderAreRefused() throws {
    let folder = try Folder()
    #expect(throws: FileError.self) { _ = try QueryFile(folder.path("none")) }
    #expect(throws: FileError.self) { _ = try QueryFile(folder.path) }
  }
}

/// The queries as text, as a noncopyable list is of no use in an expectation.
struct QueryListText {
  var texts: [String] = []
  init(_ list: borrowing QueryList) { for i in 0..<list.count { texts.append(list.text(i)) } }
}
