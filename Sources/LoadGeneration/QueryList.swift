import Memory
package import Wire

/// Questions (name, type and class on the wire) in one flat memory.
package struct QueryList: ~Copyable {
  private var octets = GrowableArray<UInt8>(minimumCapacity: 4096)
  /// Where each ends.
  private var ends = GrowableArray<Int>()

  package init() {}

  package var count: Int { ends.count }
  /// Octets of all questions.
  package var size: Int { octets.count }

  package mutating func append(_ name: DomainName, _ type: RecordType) {
    octets.append(contentsOf: name.wire.span)
    finish(type)
  }

  /// Appends a name as most are written: labels of ordinary characters, the final dot or none.
  ///
  /// - Returns: false when it is not so; then nothing was appended.
  package mutating func append(plain text: Span<UInt8>, _ range: Range<Int>, _ type: RecordType) -> Bool {
    let start = octets.count
    var label = start
    octets.append(UInt8(0))
    for i in range {
      let octet = text[i]
      if octet == UInt8(ascii: "\\") { return giveUp(start) }
      if octet != UInt8(ascii: ".") {
        octets.append(octet as UInt8)
        continue
      }
      guard close(label) else { return giveUp(start) }
      label = octets.count
      octets.append(UInt8(0))
    }
    // Behind a final dot there is the root's label already.
    if label != octets.count - 1 {
      guard close(label) else { return giveUp(start) }
      octets.append(UInt8(0))
    }
    guard octets.count - start <= DomainName.maximumLength else { return giveUp(start) }
    finish(type)
    return true
  }

  /// Writes the length of the label that begins at `start` and ends here.
  private mutating func close(_ start: Int) -> Bool {
    let length = octets.count - start - 1
    guard 1...63 ~= length else { return false }
    octets[start] = UInt8(length)
    return true
  }

  private mutating func giveUp(_ start: Int) -> Bool {
    octets.truncate(to: start)
    return false
  }

  private mutating func finish(_ type: RecordType) {
    octets.append(UInt8(type.rawValue >> 8))
    octets.append(UInt8(type.rawValue & 0xFF))
    octets.append(UInt8(0))
    octets.append(UInt8(1))
    ends.append(octets.count)
  }

  package mutating func removeAll() {
    octets.truncate(to: 0)
    ends.truncate(to: 0)
  }

  /// Copies question `i` and returns its length.
  func copy(_ i: Int, to target: inout MutableRawSpan, at offset: Int) -> Int {
    let start = i == 0 ? 0 : ends[i - 1]
    let length = ends[i] - start
    target.copy(octets.bytes, from: start, count: length, at: offset)
    return length
  }

  /// Question `i` as text, `www.example.com A`.
  package func text(_ i: Int) -> String {
    let start = i == 0 ? 0 : ends[i - 1]
    let question = [UInt8](copying: octets.bytes, start..<ends[i])
    let name = DomainName(unchecked: Array(question.dropLast(4)))
    let type = RecordType(UInt16(question[question.count - 4]) << 8 | UInt16(question[question.count - 3]))
    return "\(name.shortText) \(type)"
  }
}
