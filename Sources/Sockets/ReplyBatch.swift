import CLinux
import Glibc
import Memory
import Wire

/// The buffers into which a client receives answers, many in one call.
@safe package struct ReplyBatch: ~Copyable {
  /// Datagrams of one call.
  package static var capacity: Int { 64 }

  private let stride: Int
  private let buffers: Slab<UInt8>
  private let vectors: Slab<iovec>
  private let lengths: Slab<UInt32>
  private let headers: Slab<clinux_mmsghdr>

  /// - Parameter size: octets of an answer that are kept; of a longer one only the length is known.
  package init(size: Int) {
    stride = (size + 63) / 128 * 128 + 64
    buffers = Slab(count: Self.capacity * stride)
    lengths = Slab(count: Self.capacity)
    unsafe vectors = Slab(count: Self.capacity)
    unsafe headers = Slab(count: Self.capacity)
    for i in 0..<Self.capacity {
      let vector = unsafe vectors.address + i
      unsafe vector.pointee.iov_base = UnsafeMutableRawPointer(buffers.address + i * stride)
      unsafe vector.pointee.iov_len = stride
      unsafe headers.address[i].msg_hdr.msg_iov = vector
      unsafe headers.address[i].msg_hdr.msg_iovlen = 1
    }
  }

  /// Receives what is there, at most `capacity` datagrams, without waiting.
  package mutating func receive(from number: Int32) -> Transfer {
    let headers = unsafe headers.address
    let result = Transfer.of {
      unsafe Int(
        clinux_recvmmsg(number, headers, UInt32(Self.capacity), Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC), nil))
    }
    if case .done(let count) = result {
      for i in 0..<count { unsafe (lengths.address + i).pointee = headers[i].msg_len }
    }
    return result
  }

  /// Octets of datagram `i` as it was sent, more than are kept when it was too long.
  package func length(_ i: Int) -> Int { Int(lengths.span[i]) }

  /// The octets of datagram `i` that are kept.
  @_lifetime(borrow self)
  package func octets(_ i: Int) -> RawSpan {
    let start = i * stride
    return buffers.bytes.extracting(start..<start + min(length(i), stride))
  }
}
