import Glibc
import Memory
import Wire
import Zone

/// A zone's image as octets, which a test may spoil.
struct Image {
  var octets: [UInt8]

  /// Octets of the header, and where it says what: 64-bit words in the machine's order.
  static let header = 4096
  private static let hash = 16
  /// Where what the header's hash covers begins.
  static let hashed = 24
  /// Where the sections stand: each has offset, count and hash.
  static let sections = 14 * 8
  /// Octets of an element in each section: origin, octets, slots, links, salt.
  private static let strides = [1, 1, 8, 16, 1]

  func number(_ offset: Int) -> UInt64 { octets.rawBytes.native(offset, as: UInt64.self) }

  mutating func set(_ number: UInt64, at offset: Int) {
    for i in 0..<8 { octets[offset + i] = UInt8(truncatingIfNeeded: number >> (8 * i)) }
  }

  /// The octets of each section, which may lie far outside in a spoilt one.
  var ranges: [Range<Int>] {
    Self.strides.indices.map { i in
      let start = size(Self.sections + 24 * i)
      return start..<start + size(Self.sections + 24 * i + 8) * Self.strides[i]
    }
  }

  private func size(_ offset: Int) -> Int { Int(min(number(offset), 1 << 40)) }

  /// Makes all hashes those of what is there.
  mutating func sign() {
    for (i, range) in ranges.enumerated() {
      set(ContentHash.of(octets.rawBytes.extracting(range)), at: Self.sections + 24 * i + 16)
    }
    set(ContentHash.of(octets.rawBytes.extracting(Self.hashed..<Self.header)), at: Self.hash)
  }
}

extension Image {
  private struct NoFile: Error {}

  private static func path() throws -> String {
    var template = Array("/tmp/alula-image-XXXXXX".utf8CString)
    let file = unsafe mkstemp(&template)
    guard file >= 0 else { throw NoFile() }
    close(file)
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Writes the zone's image, lets `spoil` at it and reads it again.
  static func through(_ zone: borrowing Zone, pools: Int, _ spoil: (inout Image) -> Void) throws -> Zone {
    let path = try path()
    defer { unsafe unlink(path) }
    try write(zone, path)
    var image = try read(path)
    spoil(&image)
    try image.write(path)
    return try read(path, zone.apex, pools)
  }

  private static func read(_ path: String) throws -> Image { Image(octets: Array(try FileContents(path).bytes)) }

  private static func write(_ zone: borrowing Zone, _ path: String) throws {
    var file = try FileWriter(path)
    try ZoneImage.write(zone, origin: [1, 2, 3], to: &file)
    try file.commit()
  }

  private func write(_ path: String) throws {
    var file = try FileWriter(path)
    try file.write(octets.rawBytes, at: 0)
    try file.commit()
  }

  private static func read(_ path: String, _ apex: DomainName, _ pools: Int) throws -> Zone {
    try ZoneImage(try SlabFile(path)).zone(apex, pools: pools)
  }
}
