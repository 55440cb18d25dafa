import Diagnostics
package import Memory
import Wire
import Zone

/// The images of large zones in the state folder, so that a restart need not read the zones' text again.
package struct ZoneImages: Sendable {
  private let folder: String

  /// Octets of text below which a zone is as quickly read as its image.
  private static var smallest: Int { 1 << 16 }

  package init(stateFolder: String) { folder = stateFolder + "/zones" }

  private func path(_ apex: DomainName) -> String { "\(folder)/\(Self.fileName(apex)).image" }

  /// The name in lower case if a shell can do with it, else its hash.
  private static func fileName(_ apex: DomainName) -> String {
    let text = apex.lowercased.shortText
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
      default: false
      }
    }
    if isPlain, text.utf8.count <= 200, text.utf8.first != UInt8(ascii: ".") { return text }
    let digits = String(ContentHash.of(apex.lowercased.wire.rawBytes), radix: 16)
    return "x" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Whether a zone could have it.
  private static func isFileName(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst()
    let isHash = digits.count == 16 && digits.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
    if isHash, text.utf8.first == UInt8(ascii: "x") { return true }
    return (try? DomainName(text)).map { fileName($0) == text } ?? false
  }
}

extension ZoneImages {
  /// A zone from its image.
  struct Loaded: ~Copyable {
    let zone: Shared<Zone>
    let origin: ZoneOrigin

    consuming func take() -> Shared<Zone> { zone }
  }

  /// - Parameters:
  ///   - file: the path of the zone file.
  ///   - origin: of the zone as it is configured, without files.
  /// - Returns: nil when there is no image.
  func load(
    _ apex: DomainName, file: String, as origin: ZoneOrigin, pools: Int
  ) throws(ZoneImageError) -> Loaded? {
    let path = path(apex)
    guard FileIdentity(path) != nil else { return nil }
    let slabs: SlabFile
    do { slabs = try SlabFile(path) } catch { throw ZoneImageError("it cannot be read: \(error)") }
    let image = try ZoneImage(slabs)
    guard let known = ZoneOrigin(image.origin.bytes), let first = known.files.first else {
      throw .damaged
    }
    guard first.path == file else { throw ZoneImageError("it was made from another file, \(first.path)") }
    guard known.pools == origin.pools else { throw ZoneImageError("the zone's pools have changed") }
    guard known.isCurrent else { throw ZoneImageError("the zone file, or one that it includes, has changed") }
    return Loaded(zone: Shared(try image.zone(apex, pools: pools)), origin: known)
  }

  /// Writes the image of a zone that has just been read, if it is worth it.
  ///
  /// - Returns: whether it is.
  package func save(_ zone: BuiltZone) throws(FileError) -> Bool {
    guard case .file = zone.source, zone.updates == nil, zone.origin.size >= Self.smallest else { return false }
    try makeFolder(folder)
    var file = try FileWriter(path(zone.zone.value.apex))
    try ZoneImage.write(zone.zone.value, origin: zone.origin.octets, to: &file)
    try file.commit()
    return true
  }

  /// Removes the images of zones that are not among `zones`, and what a crash has left of their writing. A file that
  /// has not the name of an image, or is none, is somebody else's.
  ///
  /// - Returns: the paths of what is gone.
  package func removeOthers(than zones: [BuiltZone]) throws(FileError) -> [String] {
    let known = Set(zones.map { Self.fileName($0.zone.value.apex) })
    var removed: [String] = []
    for name in fileNames(in: folder).sorted() {
      let isTorn = name.hasSuffix(".image.new")
      guard isTorn || name.hasSuffix(".image") else { continue }
      let stem = String(name.dropLast(isTorn ? 10 : 6))
      let path = "\(folder)/\(name)"
      guard !known.contains(stem), Self.isFileName(stem), ZoneImage.isOne(path, mayBeTorn: isTorn) else { continue }
      try removeFile(path)
      removed.append(path)
    }
    return removed
  }

  package func remove(_ zone: BuiltZone) throws(FileError) { try removeFile(path(zone.zone.value.apex)) }
}
