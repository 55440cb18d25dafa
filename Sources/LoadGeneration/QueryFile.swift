package import Memory
import Wire

/// A file of queries, a name and a type on each line as dnsperf reads them; `;` and `#` begin a comment.
///
/// Read piece by piece: a file of any length takes the memory of one piece. A bad line is noted and left out.
package struct QueryFile: ~Copyable {
  private var stream: FileStream
  private var buffer = Slab<UInt8>(count: 1 << 17)
  /// What of the buffer has been read and not yet used.
  private var pending = 0..<0
  private var line = 0
  private var isSkippingLine = false
  /// In its first pass a file's bad lines are noted.
  private var isFirstPass = true
  /// The first bad lines, `FILE:LINE: what is wrong`.
  package private(set) var problems: [String] = []
  package private(set) var badLines = 0

  private static var listed: Int { 10 }

  package init(_ path: String) throws(FileError) { stream = try FileStream(path) }

  /// Appends queries to `list` until it has `octets` octets, or `count` queries, or the file ends.
  ///
  /// - Returns: whether the file has ended; it then begins anew.
  package mutating func fill(_ list: inout QueryList, octets: Int, count: Int = .max) throws(FileError) -> Bool {
    while list.size < octets, list.count < count {
      if let end = lineEnd() {
        read(pending.lowerBound..<end, to: &list)
        pending = end + 1..<pending.upperBound
      } else if try !refill() {
        if !pending.isEmpty { read(pending, to: &list) }
        startAgain()
        return true
      }
    }
    return false
  }

  private func lineEnd() -> Int? {
    let octets = buffer.span
    for i in pending where octets[i] == 0x0A { return i }
    return nil
  }

  /// Moves what is left to the front and reads on; false at the end of the file.
  private mutating func refill() throws(FileError) -> Bool {
    if pending.count == buffer.count {
      // No name is that long.
      isSkippingLine = true
      pending = 0..<0
    }
    for i in 0..<pending.count { buffer[i] = buffer[pending.lowerBound + i] }
    let read = try stream.read(into: &buffer, at: pending.count)
    pending = 0..<pending.count + read
    return read > 0
  }

  private mutating func startAgain() {
    stream.rewind()
    pending = 0..<0
    line = 0
    isSkippingLine = false
    isFirstPass = false
  }

  private mutating func read(_ range: Range<Int>, to list: inout QueryList) {
    line += 1
    if isSkippingLine {
      isSkippingLine = false
      return note("the line is too long")
    }
    do throws(QueryLineError) {
      try QueryLine.read(buffer.span, range, to: &list)
    } catch {
      note(error.message)
    }
  }

  private mutating func note(_ message: String) {
    guard isFirstPass else { return }
    badLines += 1
    if problems.count < Self.listed { problems.append("\(stream.path):\(line): \(message)") }
  }
}

package struct QueryLineError: Error, Equatable { package let message: String }

/// One line of a query file.
package enum QueryLine {
  /// Appends the line's question, if it has one.
  package static func read(_ text: Span<UInt8>, _ range: Range<Int>, to list: inout QueryList) throws(QueryLineError) {
    var at = range.lowerBound
    let name = word(text, &at, range.upperBound)
    guard !name.isEmpty else { return }
    let typeWord = word(text, &at, range.upperBound)
    guard !typeWord.isEmpty else { throw QueryLineError(message: "a name and a type were expected: www.example.com A") }
    guard let type = RecordType(text: text, typeWord) else {
      throw QueryLineError(message: "'\(shown(text, typeWord))' is no record type")
    }
    guard word(text, &at, range.upperBound).isEmpty else {
      throw QueryLineError(message: "there is more on the line than a name and a type")
    }
    if list.append(plain: text, name, type) { return }
    do throws(NameError) {
      list.append(try DomainName(text: name.map { text[$0] }), type)
    } catch {
      throw QueryLineError(message: "'\(shown(text, name))': \(error)")
    }
  }

  /// The next word; empty at the end of the line and at a comment.
  private static func word(_ text: Span<UInt8>, _ at: inout Int, _ end: Int) -> Range<Int> {
    while at < end, isBlank(text[at]) { at += 1 }
    let start = at
    guard at < end, text[at] != UInt8(ascii: ";"), text[at] != UInt8(ascii: "#") else { return start..<start }
    while at < end, !isBlank(text[at]) { at += 1 }
    return start..<at
  }

  private static func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 || octet == 0x0D }

  private static func shown(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
    let octets = range.prefix(40).map { 0x20...0x7E ~= text[$0] ? text[$0] : UInt8(ascii: "?") }
    return String(decoding: octets, as: UTF8.self) + (range.count > 40 ? "…" : "")
  }
}
