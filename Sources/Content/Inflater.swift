import CZlib

/// Decodes gzip or deflate (RFC 1952, RFC 1950 and 1951) piece by piece, into a buffer that the caller bounds.
@safe package struct Inflater: ~Copyable {
  package enum Coding: Hashable, Sendable {
    case gzip
    /// In zlib's wrapper, as RFC 9110 §8.4.1.2 has it, or bare, as some servers send it: the first octet tells.
    case deflate
  }

  package enum Progress: Equatable, Sendable {
    /// All input is taken.
    case more
    /// The compressed data has ended, or the output is full.
    case ended
    case broken(String)
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let coding: Coding
  private var isBegun = false

  package init(_ coding: Coding) {
    self.coding = coding
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
  }

  deinit {
    if isBegun { unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  /// Decodes `input` and appends the result to `output`, which will not hold more than `limit` octets.
  package mutating func decode(_ input: ArraySlice<UInt8>, into output: inout [UInt8], limit: Int) -> Progress {
    guard let first = input.first else { return .more }
    guard isBegun || begin(first) else { return .broken("out of memory") }
    let room = limit - output.count
    guard room > 0 else { return .ended }
    let stream = unsafe self.stream
    var result = Z_OK
    var input = input
    let decoded = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let octets = input.count
      result = unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe stream.pointee.next_in = source.baseAddress
        unsafe stream.pointee.avail_in = UInt32(octets)
        unsafe stream.pointee.next_out = buffer.baseAddress
        unsafe stream.pointee.avail_out = UInt32(room)
        return unsafe inflate(stream, Z_SYNC_FLUSH)
      }
      count = unsafe room - Int(stream.pointee.avail_out)
    }
    output += decoded
    switch result {
    case Z_STREAM_END: return .ended
    case Z_OK, Z_BUF_ERROR: return output.count >= limit ? .ended : .more
    case Z_NEED_DICT: return .broken("it needs a dictionary")
    default: return .broken(unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "zlib's error \(result)")
    }
  }

  private mutating func begin(_ first: UInt8) -> Bool {
    let bits: Int32 =
      switch coding {
      case .gzip: 31
      case .deflate: first & 0x8F == 0x08 ? 15 : -15
      }
    isBegun = unsafe czlib_begin_inflate(stream, bits) == Z_OK
    return isBegun
  }
}
