import CMaxMind
import Glibc

/// A database as libmaxminddb has it open, of a copy in memory: what happens to the file cannot hurt us.
@safe struct OpenDatabase: ~Copyable {
  private let database: UnsafeMutablePointer<MMDB_s>

  init(_ octets: RawSpan) throws(LocationError) {
    let file = cmaxmind_memory_file()
    guard file >= 0 else { throw LocationError("no file in memory can be made (errno \(errno))") }
    defer { Glibc.close(file) }
    try OpenDatabase.write(octets, to: file)
    let opened = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
    let status = unsafe MMDB_open("/proc/self/fd/\(file)", UInt32(MMDB_MODE_MMAP), opened)
    if status != MMDB_SUCCESS {
      unsafe opened.deallocate()
      throw LocationError(status: status)
    }
    unsafe database = opened
  }

  deinit {
    unsafe MMDB_close(database)
    unsafe database.deallocate()
  }

  private static func write(_ octets: RawSpan, to file: Int32) throws(LocationError) {
    var written = 0
    while written < octets.byteCount {
      let count = unsafe octets.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress.unsafelyUnwrapped + written, $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw LocationError("no room for a copy in memory (errno \(errno))") }
      written += count
    }
  }

  var nodeCount: UInt32 { unsafe database.pointee.metadata.node_count }
  var isIPv6: Bool { unsafe database.pointee.metadata.ip_version == 6 }

  /// What one side of a node leads to.
  enum Record {
    case node(UInt32)
    case nothing
    /// An offset in the data.
    case entry(UInt32)
  }

  func records(of node: UInt32) throws(LocationError) -> (left: Record, right: Record) {
    var read = unsafe MMDB_search_node_s()
    let status = unsafe MMDB_read_node(database, node, &read)
    guard status == MMDB_SUCCESS else { throw LocationError(status: status) }
    return unsafe (
      try OpenDatabase.record(read.left_record_type, read.left_record, read.left_record_entry.offset),
      try OpenDatabase.record(read.right_record_type, read.right_record, read.right_record_entry.offset)
    )
  }

  private static func record(_ type: UInt8, _ value: UInt64, _ entry: UInt32) throws(LocationError) -> Record {
    switch Int32(type) {
    case MMDB_RECORD_TYPE_SEARCH_NODE: return .node(UInt32(truncatingIfNeeded: value))
    case MMDB_RECORD_TYPE_EMPTY: return .nothing
    case MMDB_RECORD_TYPE_DATA: return .entry(entry)
    default: throw LocationError(status: MMDB_CORRUPT_SEARCH_TREE_ERROR)
    }
  }

  /// The text `outer.inner` of an entry, if there is one.
  func text(of entry: UInt32, _ outer: String, _ inner: String) throws(LocationError) -> String? {
    var start = unsafe MMDB_entry_s(mmdb: database, offset: entry)
    var text: UnsafePointer<CChar>?
    var length = 0
    let status = unsafe cmaxmind_text(&start, outer, inner, &text, &length)
    guard status == MMDB_SUCCESS else { throw LocationError(status: status) }
    guard let text = unsafe text else { return nil }
    return unsafe String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
  }
}
