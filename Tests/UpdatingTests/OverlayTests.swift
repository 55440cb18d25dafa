import TestSupport
import Testing
import Updating
import Wire

@Suite struct OverlayTests {
  private let one = record("_acme-challenge", "TXT", "one", ttl: 60)
  private let two = record("_acme-challenge", "TXT", "two", ttl: 60)
  private let www = record("www", "A", "192.0.2.10")

  private func fresh(serial: UInt32 = 7) -> Overlay { Overlay(zone: zone, fileSerial: serial, fileHash: 1) }

  @Test(
    arguments: [
      (7, 8), (1, 2), (0x7FFF_FFFF, 0x8000_0000), (0xFFFF_FFFE, 0xFFFF_FFFF), (0xFFFF_FFFF, 1), (0, 1),
    ] as [(UInt32, UInt32)])
  func serialsGoOn(serial: UInt32, next: UInt32) throws {
    #expect(Serial.next(serial) == next && Serial.isAhead(next, of: serial) && !Serial.isAhead(serial, of: next))
    var overlay = fresh(serial: serial)
    try overlay.apply([], isInFile: { _ in false })
    #expect(overlay.serial == serial)
    try overlay.apply([.add(one), .add(two)], isInFile: { _ in false })
    #expect(overlay.serial == next)
  }

  /// RFC 1982 §3.2.
  @Test(
    arguments: [
      (1, 1, false), (2, 1, true), (1, 2, false), (0x8000_0000, 1, true), (0x8000_0001, 1, false),
      (1, 0x8000_0001, false),
      (0, 0xFFFF_FFFF, true), (0x7FFF_FFFF, 0xFFFF_FFFF, false), (0x7FFF_FFFE, 0xFFFF_FFFF, true),
    ] as [(UInt32, UInt32, Bool)])
  func ahead(a: UInt32, b: UInt32, isAhead: Bool) {
    #expect(Serial.isAhead(a, of: b) == isAhead)
  }

  /// Serial and hash of a file that was edited, served serial after it; 7 is served before.
  @Test(
    arguments: [
      (7, 1, 7), (8, 1, 7), (7, 2, 8), (6, 2, 8), (8, 2, 8), (2026_11_25, 2, 2026_11_25), (0x8000_0006, 2, 0x8000_0006),
      (0x8000_0007, 2, 8), (0xFFFF_FFFF, 2, 8), (0, 2, 8),
    ] as [(UInt32, UInt64, UInt32)])
  func editedFiles(fileSerial: UInt32, hash: UInt64, served: UInt32) throws {
    var overlay = fresh()
    let hasChanged = overlay.meet(fileSerial: fileSerial, fileHash: hash, isInFile: { _ in true })
    #expect(hasChanged == (hash != 1))
    #expect(overlay.serial == served && overlay.fileHash == hash)
    // After a restart the same file changes nothing.
    var again = try Overlay(overlay.octets, zone: zone)
    let changesAgain = again.meet(fileSerial: fileSerial, fileHash: hash, isInFile: { _ in true })
    #expect(!changesAgain && again == overlay)
  }

  @Test func whatWasAddedLeavesNothingWhenItGoes() throws {
    var overlay = fresh()
    try overlay.apply([.add(one)], isInFile: { _ in false })
    #expect(overlay.additions == [one] && overlay.count == 1)
    try overlay.apply([.remove(one.identity)], isInFile: { _ in false })
    #expect(overlay.isEmpty && overlay.serial == 9)
  }

  @Test func recordsOfTheFileAreRemovedAndComeBack() throws {
    var overlay = fresh()
    let inFile = { (identity: RecordIdentity) in identity == self.www.identity }
    #expect(overlay.keeps(www.identity))
    try overlay.apply([.remove(www.identity)], isInFile: inFile)
    #expect(overlay.removed == [www.identity] && !overlay.keeps(www.identity))
    // The file is edited elsewhere: it stays removed.
    overlay.meet(fileSerial: 7, fileHash: 2, isInFile: inFile)
    #expect(!overlay.keeps(www.identity))
    // It loses the record, and has it again.
    overlay.meet(fileSerial: 7, fileHash: 3, isInFile: { _ in false })
    overlay.meet(fileSerial: 7, fileHash: 4, isInFile: inFile)
    #expect(overlay.keeps(www.identity) && overlay.isEmpty)
    // Removed and added by updates: the update's word holds, whatever the file says.
    try overlay.apply([.remove(www.identity)], isInFile: inFile)
    try overlay.apply([.add(www)], isInFile: inFile)
    #expect(overlay.removed.isEmpty && overlay.additions == [www] && !overlay.keeps(www.identity))
  }

  @Test func anAliasInTheFileHidesWhatUpdatesAdded() throws {
    var overlay = fresh()
    try overlay.apply([.add(one), .add(www)], isInFile: { _ in false })
    let (served, hidden) = overlay.additions { $0 == www.identity.owner }
    #expect(served == [one] && hidden == [www])
  }

  @Test func bounded() throws {
    var overlay = fresh()
    let records = (0..<Overlay.limit).map { record("a\($0)", "A", "192.0.2.1") }
    try overlay.apply(records.map { .add($0) }, isInFile: { _ in false })
    let full = overlay
    let refused = #expect(throws: UpdateRefusal.self) { try overlay.apply([.add(one)], isInFile: { _ in false }) }
    #expect(refused?.code == .servFail && overlay == full)
    try overlay.apply([.add(one), .remove(records[0].identity)], isInFile: { _ in false })
    #expect(overlay.count == Overlay.limit && overlay.serial == 9)
    #expect(try Overlay(overlay.octets, zone: zone) == overlay)
  }
}
