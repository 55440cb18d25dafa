import Memory
import Wire
import Zone

/// The files that one zone is read from, in the order in which they are opened.
final class ReadFiles {
  private(set) var read: [ZoneOrigin.File] = []

  /// Octets of a zone file, and of each file that it includes.
  private static var largest: Int { 1 << 32 - 1 }

  /// Reads the zone file; its text is let go as the records are there.
  func parse(_ path: String, _ apex: DomainName, _ limits: ZoneFileLimits) throws(FileError) -> ParsedZoneFile {
    let file = try open(path)
    var released = 0
    return ZoneFileParser.parse(
      file: path, apex: apex, text: file.bytes, limits: limits,
      passed: { released = file.release(before: $0, after: released) },
      include: { [self] in include($0, $1, $2) })
  }

  private func open(_ path: String) throws(FileError) -> FileContents {
    let file = try FileContents(path, limit: Self.largest)
    read.append(ZoneOrigin.File(path: path, hash: file.hash))
    return file
  }

  /// Files that `$INCLUDE` names are meant from the folder of the file that asks.
  private func include(
    _ name: String, _ parent: String, _ body: (_ path: String, _ text: Span<UInt8>) -> Void
  ) -> String? {
    let folder = parent.lastIndex(of: "/").map { String(parent[..<$0]) } ?? "."
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    do throws(FileError) {
      let file = try open(path)
      body(path, file.bytes)
      return nil
    } catch { return "\(error)" }
  }
}
