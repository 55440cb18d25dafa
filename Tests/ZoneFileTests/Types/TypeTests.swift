import Memory
import Testing
import Wire

extension TypeExample {
  var recordType: RecordType {
    get throws { try #require(RecordType(text: type)) }
  }

  /// As a zone `example.` has it.
  func wire() throws -> [UInt8] { try read(text) }

  func read(_ text: String) throws -> [UInt8] {
    try RDataFormat(try recordType).wire(text: text, origin: try DomainName("example."))
  }
}

/// On arrays, as tests have them.
extension RDataFormat {
  func text(_ data: [UInt8]) -> String { text(data.span.octets) }
  func isValid(_ data: [UInt8]) -> Bool { isValid(data.span.octets) }
  static func genericText(_ data: [UInt8]) -> String { genericText(data.span.octets) }

  func names(_ data: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    forEachName(in: data.span.octets) { found.append($0) }
    return found
  }
}

/// What holds for every type, by examples.
@Suite struct TypeTests {
  @Test(arguments: typeExamples)
  func textAndWireAreOne(example: TypeExample) throws {
    let octets = try example.wire()
    let format = RDataFormat(try example.recordType)
    let shown = format.text(octets)
    #expect(try example.read(shown) == octets)
    #expect(format.text(try example.read(shown)) == shown)
  }

  @Test(arguments: typeExamples)
  func theGenericFormIsTheSameRecord(example: TypeExample) throws {
    let octets = try example.wire()
    let format = RDataFormat(try example.recordType)
    let generic = RDataFormat.genericText(octets)
    #expect(try example.read(generic) == octets)
    #expect(format.text(try example.read(generic)) == format.text(octets))
    // Not a record of this type, or one of another value, but never a trap.
    _ = try? example.read("\\# \(octets.count + 1) \(generic.dropFirst(3)) 00")
  }

  /// RFC 4034 §6.2 names the types, RFC 6840 §5.1 takes NSEC out, and HINFO has no names.
  @Test func canonicalFormFoldsTheNamesOfTheseTypes() {
    let folded = (UInt16.min...UInt16.max).filter { RDataFormat(RecordType($0)).names.contains(.folded) }
    #expect(
      folded.map { RecordType($0).description } == [
        "NS", "MD", "MF", "CNAME", "SOA", "MB", "MG", "MR", "PTR", "MINFO", "MX", "RP", "AFSDB", "RT", "SIG", "PX",
        "NXT", "SRV", "NAPTR", "KX", "A6", "DNAME", "RRSIG",
      ])
  }

  @Test(arguments: typeExamples)
  func canonicalFormChangesNamesOnly(example: TypeExample) throws {
    let octets = try example.wire()
    let format = RDataFormat(try example.recordType)
    var canonical = octets
    format.fold(&canonical)
    let names = Set(format.names(octets).joined())
    for (index, octet) in octets.enumerated() {
      let isFolded = names.contains(index) && format.names.contains(.folded)
      #expect(canonical[index] == (isFolded ? DomainName.lowercase(octet) : octet))
    }
  }

  @Test func everyTypeHasAnExample() throws {
    let shown = Set(try typeExamples.map { try $0.recordType } + [.soa])
    let missing = (1...UInt16.max).map { RecordType($0) }.filter {
      !$0.isMeta && !$0.description.hasPrefix("TYPE") && !shown.contains($0)
    }
    // They have no text of their own.
    #expect(missing.map(\.description) == ["UINFO", "UID", "GID", "UNSPEC"])
  }

  /// `forEachName` and the text must not trap on what only begins like data of the type.
  @Test(arguments: typeExamples)
  func everyPrefixIsShown(example: TypeExample) throws {
    let octets = try example.wire()
    let format = RDataFormat(try example.recordType)
    for count in 0...octets.count {
      let part = Array(octets[..<count])
      let shown = format.text(part)
      if format.isValid(part) { #expect(try example.read(shown) == part) }
      _ = format.names(part)
    }
  }
}
