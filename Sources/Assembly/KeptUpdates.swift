package import Memory
package import Updating
package import Wire

/// What updates have made of the zones, and what the peers have not got yet: one file of the state folder, that is
/// always written whole, so that no crash parts the one from the other.
package struct KeptUpdates: Sendable {
  /// By zone, served or not.
  package var overlays: [DomainName: Overlay] = [:]
  /// By peer.
  package var outboxes: [String: Outbox] = [:]
  /// What could not be read; the file must not be lost when the next one is written.
  package var damage: [String] = []

  package init() {}

  package static func path(in folder: String) -> String { "\(folder)/updates" }

  private static var magic: [UInt8] { Array("alulaup1".utf8) }
  private static var largest: Int { 1 << 30 }

  private enum Part: UInt8 { case overlay = 1, outbox = 2 }

  /// What the state folder holds; nothing when it holds nothing.
  package init(folder: String) {
    let path = Self.path(in: folder)
    guard FileIdentity(path) != nil else { return }
    do throws(FileError) {
      let file = try FileContents(path, limit: Self.largest)
      read(Array(file.bytes))
    } catch { damage.append("\(error)") }
  }

  private mutating func read(_ octets: [UInt8]) {
    guard octets.starts(with: Self.magic) else { return damage.append("it is no file of updates") }
    var rest = octets[Self.magic.count...]
    while !rest.isEmpty {
      guard let kind = rest.popFirst(), let name = KeptUpdates.take(&rest), let content = KeptUpdates.take(&rest) else {
        return damage.append("it ends within a part")
      }
      do throws(UpdateDamage) {
        switch (Part(rawValue: kind), DomainName(wire: name)) {
        case (.overlay, let zone?): overlays[zone] = try Overlay(content, zone: zone)
        case (.outbox, _): outboxes[String(decoding: name, as: UTF8.self)] = try Outbox(content)
        default: damage.append("a part of an unknown kind")
        }
      } catch { damage.append("\(error)") }
    }
  }

  /// Octets behind their number.
  private static func take(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.count >= 4 else { return nil }
    let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard rest.count - 4 >= count else { return nil }
    defer { rest = rest.dropFirst(4 + count) }
    return Array(rest.dropFirst(4).prefix(count))
  }

  private var octets: [UInt8] {
    var octets = Self.magic
    func append(_ part: [UInt8]) {
      for shift in [24, 16, 8, 0] { octets.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
      octets += part
    }
    for (zone, overlay) in overlays.sorted(by: { $0.key < $1.key }) {
      octets.append(Part.overlay.rawValue)
      append(zone.lowercased.wire)
      append(overlay.octets)
    }
    for (peer, outbox) in outboxes.sorted(by: { $0.key < $1.key }) where !outbox.isEmpty {
      octets.append(Part.outbox.rawValue)
      append(Array(peer.utf8))
      append(outbox.octets)
    }
    return octets
  }

  /// When this returns, what is written survives a power cut.
  package func write(folder: String) throws(FileError) {
    let path = Self.path(in: folder)
    if !damage.isEmpty, FileIdentity(path) != nil { try rename(path, to: path + ".damaged") }
    var file = try FileWriter(path)
    let octets = octets
    try file.write(octets.rawBytes, at: 0)
    try file.commitDurably()
  }
}
