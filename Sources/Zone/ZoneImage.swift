package import Memory
package import Wire

/// Why an image is not used, as a part of a sentence.
package struct ZoneImageError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  package static var damaged: ZoneImageError { ZoneImageError("it is damaged") }
  static var otherVersion: ZoneImageError { ZoneImageError("another version of Alula made it") }
}

/// A built zone as a file: a page of header, then the zone's slabs as they lie in memory, each from the
/// start of a page, so that they can be mapped.
///
/// The header is 64-bit words in the machine's order: `Word` says which, each section has three more.
package struct ZoneImage: ~Copyable {
  private let file: SlabFile
  private let header: Slab<UInt64>
  /// What the image was made from, as `write` was given it.
  package let origin: Slab<UInt8>

  /// Raised with every change of what a builder writes, or where.
  private static var version: UInt64 { 2 }
  /// "Alula zi", readable only in the order of octets that wrote it.
  private static var magic: UInt64 { 0x697A_2061_6C75_6C41 }
  private static var words: Int { SlabFile.alignment / 8 }

  private enum Word: Int {
    case magic, layout, hash, size
    case apexOffset, negativeSOA, nodesEnd, serial, recordCount, nodeCount
    case hasSignatures, signaturesEnd, denial, iterations
    case sections
  }

  private enum Section: Int, CaseIterable { case origin, octets, slots, links, salt }

  /// Other numbers for another layout: what stands where, and the size of what stands there.
  private static var layout: UInt64 {
    let parts: [UInt64] = [
      version, size(Zone.Slot.self), size(Denial.Link.self), UInt64(NodeLayout.name), UInt64(NodeLayout.link),
      UInt64(NodeLayout.rrsetCount), UInt64(RRsetLayout.records), UInt64(RRsetLayout.fixUpSize),
      UInt64(RRsetLayout.additionalSize), UInt64(RRsetLayout.lastPointedTo), UInt64(RRsetLayout.signedBit),
      UInt64(RRsetLayout.apexBit) << 16 | UInt64(RRsetLayout.ownerBit), UInt64(Word.sections.rawValue),
      UInt64(Section.allCases.count), nameHash(probe.rawBytes, from: 0, count: 5),
    ]
    return ContentHash.of(Slab(copying: parts.span).bytes)
  }

  /// A name whose hash changes with how names are hashed.
  private static var probe: [UInt8] { Array("alula".utf8) + Array(repeating: 0, count: 16) }

  private static func size<T>(_ type: T.Type) -> UInt64 {
    UInt64(MemoryLayout<T>.size) << 32 | UInt64(MemoryLayout<T>.stride)
  }
}

// MARK: - Reading

extension ZoneImage {
  /// Takes a file whose header and origin are whole; the zone itself is not looked at yet.
  package init(_ file: consuming SlabFile) throws(ZoneImageError) {
    guard let header = file.slab(UInt64.self, at: 0, count: Self.words), Self.word(.magic, header) == Self.magic else {
      throw .damaged
    }
    guard Self.word(.layout, header) == Self.layout else { throw .otherVersion }
    guard Self.word(.hash, header) == Self.hash(header), Self.word(.size, header) == UInt64(file.size) else {
      throw .damaged
    }
    origin = try Self.section(.origin, UInt8.self, header, file)
    self.header = header
    self.file = file
  }

  /// The zone, mapped. Everything in it is checked as if it came from the network: afterwards no question
  /// can find an offset that leads out of it.
  ///
  /// - Parameter pools: the pools that the zone may name.
  package func zone(_ apex: DomainName, pools: Int) throws(ZoneImageError) -> Zone {
    let octets = try Self.section(.octets, UInt8.self, header, file)
    let slots = try Self.section(.slots, Zone.Slot.self, header, file)
    let nodesEnd = try number(.nodesEnd)
    let apexOffset = try number(.apexOffset)
    let check = ZoneCheck(octets, nodesEnd: nodesEnd, apex: apex.lowercased, at: apexOffset, pools: pools)
    guard check.isSound, check.accepts(slots), let soa = check.negativeSOA(octets, at: try number(.negativeSOA)) else {
      throw .damaged
    }
    let denial = try denial(check, octets)
    return Zone(
      apex: apex.lowercased, apexLabels: apex.labels.count, apexOffset: apexOffset, apexLength: apex.wire.count,
      depth: check.depth, octets: octets, slots: slots, negativeSOA: soa, denial: denial,
      signaturesEnd: try number(.hasSignatures) == 0 ? nil : UInt32(truncatingIfNeeded: try number(.signaturesEnd)),
      serial: UInt32(truncatingIfNeeded: try number(.serial)), recordCount: try number(.recordCount),
      nodeCount: try number(.nodeCount), nodesEnd: nodesEnd)
  }

  private func denial(
    _ check: borrowing ZoneCheck, _ octets: borrowing Slab<UInt8>
  ) throws(ZoneImageError) -> Denial {
    let links = try Self.section(.links, Denial.Link.self, header, file)
    let salt = try Self.section(.salt, UInt8.self, header, file)
    let iterations = try number(.iterations)
    guard let kind = Denial.Kind(rawValue: UInt8(truncatingIfNeeded: try number(.denial))),
      iterations <= Denial.mostIterations, salt.count <= 255, kind.isNone == (links.count == 0),
      check.accepts(links, kind, octets)
    else { throw .damaged }
    return Denial(kind, adopting: links, iterations: iterations, salt: salt)
  }

  /// A number that is not negative.
  private func number(_ word: Word) throws(ZoneImageError) -> Int {
    guard let number = Int(exactly: Self.word(word, header)) else { throw .damaged }
    return number
  }

  private static func word(_ word: Word, _ header: borrowing Slab<UInt64>, plus offset: Int = 0) -> UInt64 {
    header.span[word.rawValue + offset]
  }

  private static func section<Element: BitwiseCopyable>(
    _ section: Section, _ type: Element.Type, _ header: borrowing Slab<UInt64>, _ file: borrowing SlabFile
  ) throws(ZoneImageError) -> Slab<Element> {
    let at = 3 * section.rawValue
    guard let offset = Int(exactly: word(.sections, header, plus: at)),
      let count = Int(exactly: word(.sections, header, plus: at + 1)),
      let slab = file.slab(type, at: offset, count: count),
      hash(of: slab) == word(.sections, header, plus: at + 2)
    else { throw .damaged }
    return slab
  }

  private static func hash<Element: BitwiseCopyable>(of slab: borrowing Slab<Element>) -> UInt64 {
    ContentHash.of(slab.bytes)
  }

  /// Over what follows the hash itself.
  private static func hash(_ header: borrowing Slab<UInt64>) -> UInt64 {
    ContentHash.of(header.bytes.extracting(8 * Word.size.rawValue..<8 * words))
  }
}

// MARK: - Writing

extension ZoneImage {
  /// Whether a file is an image, of whatever version and however damaged, or the torn beginning of one, whose header
  /// is written last.
  ///
  /// - Parameter mayBeTorn: it has the name that an image has while it is written.
  package static func isOne(_ path: String, mayBeTorn: Bool) -> Bool {
    guard let file = try? SlabFile(path) else { return false }
    guard let start = file.slab(UInt64.self, at: 0, count: 1) else { return mayBeTorn && file.size == 0 }
    return start.span[0] == magic || mayBeTorn && start.span[0] == 0
  }

  /// - Parameter origin: what `origin` will say.
  package static func write(
    _ zone: borrowing Zone, origin: [UInt8], to file: inout FileWriter
  ) throws(FileError) {
    var header = Slab<UInt64>(count: words)
    try write(.origin, Slab(copying: origin.span), count: origin.count, &header, to: &file)
    try write(.octets, zone.octets, count: zone.end, &header, to: &file)
    try write(.slots, zone.slots, count: zone.slots.count, &header, to: &file)
    try write(.links, zone.denial.links, count: zone.denial.links.count, &header, to: &file)
    try write(.salt, zone.denial.salt, count: zone.denial.saltLength, &header, to: &file)
    describe(zone, &header)
    set(.size, file.size, &header)
    let hash = hash(header)
    set(.hash, hash, &header)
    try file.write(header.bytes, at: 0)
  }

  private static func describe(_ zone: borrowing Zone, _ header: inout Slab<UInt64>) {
    set(.magic, magic, &header)
    set(.layout, layout, &header)
    set(.apexOffset, zone.apexOffset, &header)
    set(.negativeSOA, zone.negativeSOA.offset, &header)
    set(.nodesEnd, zone.nodesEnd, &header)
    set(.serial, zone.serial, &header)
    set(.recordCount, zone.recordCount, &header)
    set(.nodeCount, zone.nodeCount, &header)
    set(.hasSignatures, zone.signaturesEnd == nil ? 0 : 1, &header)
    set(.signaturesEnd, zone.signaturesEnd ?? 0, &header)
    set(.denial, zone.denial.kind.rawValue, &header)
    set(.iterations, zone.denial.iterations, &header)
  }

  private static func set(_ word: Word, _ value: some BinaryInteger, _ header: inout Slab<UInt64>) {
    var words = header.mutableSpan
    words[word.rawValue] = UInt64(truncatingIfNeeded: value)
  }

  private static func write<Element: BitwiseCopyable>(
    _ section: Section, _ slab: borrowing Slab<Element>, count: Int, _ header: inout Slab<UInt64>,
    to file: inout FileWriter
  ) throws(FileError) {
    // The first page is the header's.
    let end = max(file.size, SlabFile.alignment)
    let offset = count == 0 ? 0 : (end + SlabFile.alignment - 1) / SlabFile.alignment * SlabFile.alignment
    let octets = slab.bytes.extracting(0..<count * MemoryLayout<Element>.stride)
    try file.write(octets, at: offset)
    let at = Word.sections.rawValue + 3 * section.rawValue
    var words = header.mutableSpan
    words[at] = UInt64(offset)
    words[at + 1] = UInt64(count)
    words[at + 2] = ContentHash.of(octets)
  }
}

extension Zone {
  /// Octets in use, with the margin that comparing by words needs.
  fileprivate var end: Int { min(octets.count, apexOffset + apexLength + ZoneCheck.margin) }
}
