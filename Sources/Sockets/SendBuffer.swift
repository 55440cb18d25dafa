import CLinux
import Glibc
package import Memory

/// Datagrams that lie one behind the other and leave in few calls: neighbours of one size as one run that the
/// kernel cuts (UDP_SEGMENT), where it can.
@safe package struct SendBuffer: ~Copyable {
  /// Datagrams of one `flush`.
  package static var capacity: Int { 64 }
  /// Octets of one run: what an IP packet holds.
  private static var longestRun: Int { 65_507 }

  /// Where in the octets a run of `count` datagrams of `size` octets each begins.
  package struct Run: BitwiseCopyable {
    let offset: Int
    let size: Int
    var count: Int
  }

  /// Filled by the owner.
  package var octets: Slab<UInt8>
  private var runs: Slab<Run>
  private var vectors: Slab<iovec>
  private var headers: Slab<clinux_mmsghdr>
  private var controls: Slab<UInt8>
  private var count = 0
  /// False once the kernel has refused to cut runs.
  package private(set) var isSegmenting: Bool
  /// Calls that failed because nobody listens at the server's port.
  package private(set) var refusals = 0
  /// Datagrams that the kernel did not take, and why the last of them.
  package private(set) var unsent = 0
  package private(set) var lastError: SystemError?

  package init(octets: Int, isSegmenting: Bool = true) {
    self.octets = Slab(count: octets)
    self.isSegmenting = isSegmenting
    runs = Slab(count: Self.capacity)
    unsafe vectors = Slab(count: Self.capacity)
    unsafe headers = Slab(count: Self.capacity)
    controls = Slab(count: Self.capacity * Int(CLINUX_SEGMENT_SPACE))
  }

  /// Adds the datagram of `size` octets at `offset`; at most `capacity` before the next `flush`.
  package mutating func add(offset: Int, size: Int) {
    precondition(offset >= 0 && size > 0 && offset <= octets.count - size)
    if isSegmenting, count > 0 {
      let last = unsafe runs.address + (count - 1)
      let run = unsafe last.pointee
      let end = run.offset + run.size * run.count
      if run.size == size, end == offset, end - run.offset + size <= Self.longestRun {
        unsafe last.pointee.count += 1
        return
      }
    }
    append(Run(offset: offset, size: size, count: 1))
  }

  private mutating func append(_ run: Run) {
    precondition(count < Self.capacity)
    unsafe runs.address[count] = run
    count += 1
  }

  /// Sends what was added. What the kernel does not take is counted and gone, as if it were lost on its way.
  package mutating func flush(to number: Int32) {
    for i in 0..<count { prepare(i) }
    var next = 0
    var attempts = 0
    while next < count {
      switch transfer(number, from: next) {
      case .done(let sent):
        next += max(1, sent)
        attempts = 0
      case .failed(let error) where isSegmenting && Self.refusesSegments(error) && size(of: next) > 1:
        split(from: next)
        next = 0
      // The error belongs to an earlier datagram: this one has not been tried yet.
      case .failed(ECONNREFUSED) where attempts < 3:
        refusals += 1
        attempts += 1
      case .failed(let error):
        drop(next, error)
        next += 1
      case .wouldBlock:
        drop(next, EAGAIN)
        next += 1
      }
    }
    count = 0
  }

  package mutating func forgetTroubles() { (refusals, unsent, lastError) = (0, 0, nil) }

  private func size(of i: Int) -> Int { unsafe runs.address[i].count }

  private mutating func drop(_ i: Int, _ error: Int32) {
    unsent += unsafe runs.address[i].count
    lastError = SystemError("send", error)
  }

  private func transfer(_ number: Int32, from first: Int) -> Transfer {
    let start = unsafe headers.address + first
    let count = count - first
    return Transfer.of { unsafe Int(clinux_sendmmsg(number, start, UInt32(count), Int32(MSG_NOSIGNAL))) }
  }

  private func prepare(_ i: Int) {
    let run = unsafe runs.address[i]
    let vector = unsafe vectors.address + i
    let header = unsafe headers.address + i
    unsafe vector.pointee.iov_base = UnsafeMutableRawPointer(octets.address + run.offset)
    unsafe vector.pointee.iov_len = run.size * run.count
    unsafe header.pointee.msg_hdr.msg_iov = vector
    unsafe header.pointee.msg_hdr.msg_iovlen = 1
    if run.count > 1 {
      let control = unsafe controls.address + i * Int(CLINUX_SEGMENT_SPACE)
      unsafe clinux_set_segment(&header.pointee.msg_hdr, control, UInt16(run.size))
    } else {
      unsafe header.pointee.msg_hdr.msg_control = nil
      unsafe header.pointee.msg_hdr.msg_controllen = 0
    }
  }

  private static func refusesSegments(_ error: Int32) -> Bool {
    [EINVAL, EIO, EOPNOTSUPP, ENOPROTOOPT, EMSGSIZE].contains(error)
  }

  /// From run `first` on, makes a run of each datagram.
  private mutating func split(from first: Int) {
    isSegmenting = false
    let all = (first..<count).map { unsafe runs.address[$0] }
    count = 0
    for run in all {
      for i in 0..<run.count { append(Run(offset: run.offset + i * run.size, size: run.size, count: 1)) }
    }
    for i in 0..<count { prepare(i) }
  }
}
