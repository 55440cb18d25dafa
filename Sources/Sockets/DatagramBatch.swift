public import CLinux
import Glibc
public import Memory
public import Wire

/// The buffers of one worker: datagrams are received into them, answered in place and sent from them.
@safe @usableFromInline package struct DatagramBatch: ~Copyable {
  /// Datagrams of one call. More would only wait longer for the first one's answer.
  package static var capacity: Int { 64 }
  /// Octets of one buffer: the largest answer, room for reading by words, and an odd number of cache
  /// lines, so that the buffers' starts do not all fall into the same set of the cache.
  @inlinable static var stride: Int { 4096 + 64 * 3 }
  @inlinable static var usable: Int { 4096 + 64 }
  /// Octets that a query may have; a longer one is cut by the kernel and recognised by that.
  private static var receivable: Int { 4096 }
  @inlinable static var nameSize: Int { 28 }
  static var controlSize: Int { 64 }

  @usableFromInline var buffers: Slab<UInt8>
  @usableFromInline var names: Slab<UInt8>
  var controls: Slab<UInt8>
  @usableFromInline var vectors: Slab<iovec>
  @usableFromInline var headers: Slab<clinux_mmsghdr>
  private var received = 0
  private var isPreparedForControl: Bool?
  private let pinned = Pinned()

  package init() {
    buffers = Slab(count: Self.capacity * Self.stride)
    names = Slab(count: Self.capacity * Self.nameSize)
    controls = Slab(count: Self.capacity * Self.controlSize)
    unsafe vectors = Slab(count: Self.capacity)
    unsafe headers = Slab(count: Self.capacity)
    for i in 0..<Self.capacity {
      let vector = unsafe vectors.address + i
      unsafe vector.pointee.iov_base = UnsafeMutableRawPointer(buffers.address + i * Self.stride)
      let header = unsafe headers.address + i
      unsafe header.pointee.msg_hdr.msg_iov = vector
      unsafe header.pointee.msg_hdr.msg_iovlen = 1
      unsafe header.pointee.msg_hdr.msg_name = UnsafeMutableRawPointer(names.address + i * Self.nameSize)
    }
  }

  /// Receives what is there, at most `capacity` datagrams, without waiting.
  package mutating func receive(from socket: borrowing DatagramSocket) -> Transfer {
    // What the last batch did not use is as it was, unless that was for the other kind of socket.
    let used = socket.isWildcard == isPreparedForControl ? received : Self.capacity
    for i in 0..<used { prepare(i, control: socket.isWildcard) }
    isPreparedForControl = socket.isWildcard
    let number = socket.number
    let headers = unsafe headers.address
    let result = Transfer.of {
      unsafe Int(clinux_recvmmsg(number, headers, UInt32(Self.capacity), Int32(MSG_DONTWAIT), nil))
    }
    if case .done(let count) = result { received = count } else { received = 0 }
    return result
  }

  private func prepare(_ i: Int, control: Bool) {
    let header = unsafe headers.address + i
    unsafe vectors.address[i].iov_len = Self.receivable
    unsafe header.pointee.msg_hdr.msg_namelen = socklen_t(Self.nameSize)
    unsafe header.pointee.msg_hdr.msg_control =
      control ? UnsafeMutableRawPointer(controls.address + i * Self.controlSize) : nil
    unsafe header.pointee.msg_hdr.msg_controllen = control ? Self.controlSize : 0
  }

  /// Octets of datagram `i`.
  @inlinable package func length(_ i: Int) -> Int { unsafe Int(headers.address[i].msg_len) }

  @usableFromInline package enum Fault: Sendable {
    /// Longer than we take: its end is missing.
    case cut
    /// Port 0 can be sent from, but not to.
    case portZero
  }

  /// Why datagram `i` cannot be answered; nil: it can be.
  @inlinable package func fault(_ i: Int) -> Fault? {
    if unsafe headers.address[i].msg_hdr.msg_flags & Int32(MSG_TRUNC) != 0 { return .cut }
    return names.bytes.uint16(i &* Self.nameSize &+ 2) == 0 ? .portZero : nil
  }

  /// Whom datagram `i` came from.
  @inlinable package func client(_ i: Int, isIPv6: Bool) -> IPAddress {
    let name = names.bytes
    let at = i &* Self.nameSize
    if !isIPv6 { return .v4(name.uint32(at &+ 4)) }
    return .v6(
      UInt64(name.uint32(at + 8)) << 32 | UInt64(name.uint32(at + 12)),
      UInt64(name.uint32(at + 16)) << 32 | UInt64(name.uint32(at + 20)))
  }

  /// The buffer of datagram `i`: what was received, and room for its answer.
  @_lifetime(&self)
  @inlinable package mutating func buffer(_ i: Int) -> MutableRawSpan {
    buffers.mutableBytes(at: i &* Self.stride, count: Self.usable)
  }

  /// Answers datagram `i` with the first `length` octets of its buffer; 0 sends nothing.
  @inlinable package func reply(_ i: Int, length: Int) { unsafe vectors.address[i].iov_len = length }

  /// Sends the replies; one that the kernel refuses is skipped.
  ///
  /// - Returns: how many were refused.
  package mutating func send(over socket: borrowing DatagramSocket) -> Int {
    if socket.isWildcard { turnControlAround() }
    var refused = 0
    var at = 0
    while let run = nextRun(from: at) {
      let sent = send(run, over: socket)
      at = run.lowerBound + max(1, sent)
      if sent <= 0 { refused += 1 }
    }
    return refused
  }

  private func turnControlAround() {
    let first = unsafe headers.address
    for i in 0..<received { unsafe clinux_turn_control_around(&first[i].msg_hdr) }
  }

  /// The next replies that stand beside each other.
  private func nextRun(from start: Int) -> Range<Int>? {
    var lower = start
    while lower < received, unsafe vectors.address[lower].iov_len == 0 { lower += 1 }
    guard lower < received else { return nil }
    var upper = lower + 1
    while upper < received, unsafe vectors.address[upper].iov_len != 0 { upper += 1 }
    return lower..<upper
  }

  private func send(_ run: Range<Int>, over socket: borrowing DatagramSocket) -> Int {
    let number = socket.number
    let first = unsafe headers.address + run.lowerBound
    let result = Transfer.of {
      unsafe Int(clinux_sendmmsg(number, first, UInt32(run.count), 0))
    }
    if case .done(let count) = result { return count }
    return 0
  }
}
