import Diagnostics
import Memory
import Wire

/// What a zone was made of, so that it need not be made again while that is the same: files, the names that
/// pools answer for, and what was said of them.
package struct ZoneOrigin: Sendable {
  struct File: Sendable {
    let path: String
    let hash: FileHash
  }

  /// The zone file, then those that it includes, as they were read.
  var files: [File] = []
  /// Of the pools' names and the families that they lack, in the pools' order.
  let pools: UInt64
  var problems = ProblemList()

  init(pools owners: [PooledOwner]) {
    var octets: [UInt8] = []
    for owner in owners {
      octets += owner.name.lowercased.wire
      octets += [owner.lacking.contains(.a) ? 1 : 0, owner.lacking.contains(.aaaa) ? 1 : 0]
    }
    pools = ContentHash.of(octets.rawBytes)
  }

  /// Of the content of all files.
  var content: UInt64 {
    var octets: [UInt8] = []
    for file in files {
      for shift in 0..<8 { octets.append(UInt8(truncatingIfNeeded: file.hash.content >> (8 * shift))) }
    }
    return ContentHash.of(octets.rawBytes)
  }

  /// Octets of the zone's text.
  var size: Int { files.reduce(0) { $0 + Int(clamping: $1.hash.identity.size) } }

  /// Whether size, time and place of the files are those that they had.
  var isCurrent: Bool { files.allSatisfy { FileIdentity($0.path) == $0.hash.identity } }

  /// With the files as they are now; nil when one holds something else.
  var reread: ZoneOrigin? {
    var result = self
    for (i, file) in files.enumerated() {
      guard let hash = FileHash(file.path), hash.content == file.hash.content else { return nil }
      result.files[i] = File(path: file.path, hash: hash)
    }
    return result
  }
}

// MARK: - In an image

extension ZoneOrigin {
  var octets: [UInt8] {
    var octets: [UInt8] = []
    func append(_ number: UInt64) { for i in 0..<8 { octets.append(UInt8(truncatingIfNeeded: number >> (8 * i))) } }
    func append(_ text: String) {
      append(UInt64(text.utf8.count))
      octets += text.utf8
    }
    append(pools)
    append(UInt64(files.count))
    for file in files {
      let identity = file.hash.identity
      append(file.path)
      for number in [identity.size, identity.inode, identity.device, file.hash.content] { append(number) }
      for number in [identity.seconds, identity.nanoseconds] { append(UInt64(bitPattern: number)) }
    }
    append(UInt64(problems.omitted))
    append(UInt64(problems.listed.count))
    for problem in problems.listed {
      append(problem.severity == .warning ? 1 : 0)
      append(problem.text)
    }
    return octets
  }

  /// Nil when the octets are not those of an origin.
  init?(_ octets: RawSpan) {
    var reader = Reader(octets)
    guard let pools = reader.number(), let count = reader.number(), count <= 1 << 16 else { return nil }
    self.pools = pools
    for _ in 0..<count {
      guard let file = reader.file() else { return nil }
      files.append(file)
    }
    guard let omitted = reader.number(), let listed = reader.number(), omitted < 1 << 32, listed <= 1 << 16 else {
      return nil
    }
    for _ in 0..<listed {
      guard let severity = reader.number(), let text = reader.text() else { return nil }
      problems.report(Problem(severity == 1 ? .warning : .note, nil, text))
    }
    problems.omit(Int(omitted))
  }

  private struct Reader: ~Escapable {
    private let octets: RawSpan
    private var at = 0

    @_lifetime(copy octets)
    init(_ octets: RawSpan) { self.octets = octets }

    mutating func number() -> UInt64? {
      guard octets.byteCount - at >= 8 else { return nil }
      defer { at += 8 }
      return UInt64(littleEndian: octets.native(at, as: UInt64.self))
    }

    mutating func text() -> String? {
      guard let count = number(), count <= UInt64(octets.byteCount - at) else { return nil }
      defer { at += Int(count) }
      return String(decoding: Array(copying: octets, at..<at + Int(count)), as: UTF8.self)
    }

    mutating func file() -> File? {
      guard let path = text(), let size = number(), let inode = number(), let device = number(),
        let content = number(), let seconds = number(), let nanoseconds = number()
      else { return nil }
      let identity = FileIdentity(
        size: size, seconds: Int64(bitPattern: seconds), nanoseconds: Int64(bitPattern: nanoseconds), inode: inode,
        device: device)
      return File(path: path, hash: FileHash(identity: identity, content: content))
    }
  }
}
