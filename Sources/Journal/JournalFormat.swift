import Memory

/// Which start of the machine this is.
package struct BootIdentity: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64 = 0, low: UInt64 = 0) {
    self.high = high
    self.low = low
  }

  /// - Parameter text: the hexadecimal digits of the kernel's `boot_id`; anything between them is skipped.
  package init(text: String) {
    var (high, low): (UInt64, UInt64) = (0, 0)
    for digit in text.compactMap(\.hexDigitValue).prefix(32) {
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    self.init(high: high, low: low)
  }

  /// Unknown is nobody's.
  package var isKnown: Bool { high != 0 || low != 0 }
}

/// When something was written: by both clocks at the same moment, so that instants of a machine that has
/// started anew since can be translated.
package struct JournalStamp: Hashable, Sendable {
  /// Nanoseconds since 1970; may jump.
  package let wall: Int64
  /// Nanoseconds of CLOCK_MONOTONIC, which begins with the boot.
  package let monotonic: Int64
  package let boot: BootIdentity

  package init(wall: Int64, monotonic: Int64, boot: BootIdentity) {
    self.wall = wall
    self.monotonic = monotonic
    self.boot = boot
  }
}

package struct JournalRecord: Hashable, Sendable {
  /// What it means to whoever keeps the journal.
  package let kind: UInt8
  /// When it was appended, in nanoseconds since 1970.
  package let wall: Int64
  package let octets: [UInt8]

  package init(kind: UInt8, wall: Int64, octets: [UInt8]) {
    self.kind = kind
    self.wall = wall
    self.octets = octets
  }
}

/// What every file begins with: docs/state.md shows the octets.
struct FileHeader: Hashable {
  enum Kind: UInt16 { case log = 1, snapshot, events }

  static var size: Int { 64 }
  static var currentVersion: UInt16 { 1 }
  private static let magic: [UInt8] = Array("ALULAJNL".utf8)

  let kind: UInt16
  var version = currentVersion
  /// A log belongs to the snapshot with the same one. Of two event files the higher one is the later.
  let generation: UInt64
  let stamp: JournalStamp

  init(_ kind: Kind, generation: UInt64, stamp: JournalStamp) {
    self.kind = kind.rawValue
    self.generation = generation
    self.stamp = stamp
  }

  /// - Returns: nil when these are no header's octets.
  init?(_ octets: [UInt8]) {
    guard octets.count >= Self.size, octets.starts(with: Self.magic) else { return nil }
    guard octets.word(at: 56) == ContentHash.of(Array(octets[..<56])) else { return nil }
    version = UInt16(truncatingIfNeeded: octets.word(at: 8))
    kind = UInt16(truncatingIfNeeded: octets.word(at: 8) >> 16)
    generation = octets.word(at: 16)
    stamp = JournalStamp(
      wall: Int64(bitPattern: octets.word(at: 24)), monotonic: Int64(bitPattern: octets.word(at: 32)),
      boot: BootIdentity(high: octets.word(at: 40), low: octets.word(at: 48)))
  }

  var octets: [UInt8] {
    var result = Self.magic
    result.append(word: UInt64(version) | UInt64(kind) << 16)
    result.append(word: generation)
    result.append(word: UInt64(bitPattern: stamp.wall))
    result.append(word: UInt64(bitPattern: stamp.monotonic))
    result.append(word: stamp.boot.high)
    result.append(word: stamp.boot.low)
    result.append(word: ContentHash.of(result))
    return result
  }
}

/// A record as it lies in a file.
enum Frame {
  /// Octets before the record's own.
  static var overhead: Int { 24 }

  /// The hash covers where the record belongs too, so that one of an earlier file is never taken for it.
  static func encode(_ record: JournalRecord, generation: UInt64, offset: Int) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(overhead + record.octets.count)
    result.append(word: UInt64(record.octets.count) | UInt64(record.kind) << 32)
    result.append(word: UInt64(bitPattern: record.wall))
    result.append(word: hash(result[...], record.octets[...], generation, offset))
    result += record.octets
    return result
  }

  /// The record at `offset` and where the next begins; nil when there is none that is whole.
  static func decode(_ file: [UInt8], at offset: Int, generation: UInt64) -> (record: JournalRecord, end: Int)? {
    let start = offset + overhead
    guard start <= file.count else { return nil }
    let head = file.word(at: offset)
    let count = Int(head & 0xFFFF_FFFF)
    guard head >> 40 == 0, count <= file.count - start else { return nil }
    let octets = file[start..<(start + count)]
    guard file.word(at: offset + 16) == hash(file[offset..<(offset + 16)], octets, generation, offset) else {
      return nil
    }
    let record = JournalRecord(
      kind: UInt8(head >> 32), wall: Int64(bitPattern: file.word(at: offset + 8)), octets: Array(octets))
    return (record, start + count)
  }

  private static func hash(
    _ head: ArraySlice<UInt8>, _ octets: ArraySlice<UInt8>, _ generation: UInt64, _ offset: Int
  ) -> UInt64 {
    var all: [UInt8] = []
    all.reserveCapacity(32 + octets.count)
    all.append(word: generation)
    all.append(word: UInt64(offset))
    all += head
    all += octets
    return ContentHash.of(all)
  }
}

extension [UInt8] {
  /// Eight octets, little-endian.
  mutating func append(word: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
  }

  /// - Precondition: eight octets are there.
  func word(at offset: Int) -> UInt64 {
    self[offset..<(offset + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
