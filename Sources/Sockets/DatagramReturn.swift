import CLinux
import Glibc
import Memory
import Wire

/// The way back to whom a datagram came from, for an answer that is given later and by another thread: the
/// socket, the sender's address, and the address that was asked.
package struct DatagramReturn: Sendable {
  /// Of a socket that is open as long as answers are given.
  let socket: Int32
  /// As the kernel wrote them.
  let name: [UInt8]
  let control: [UInt8]

  /// Sends one datagram, without waiting.
  package func send(_ octets: [UInt8]) -> Transfer {
    var (octets, name, control) = (octets, name, control)
    return unsafe octets.withUnsafeMutableBytes { octets in
      unsafe name.withUnsafeMutableBytes { name in
        unsafe control.withUnsafeMutableBytes { control in
          var vector = unsafe iovec(iov_base: octets.baseAddress, iov_len: octets.count)
          return unsafe withUnsafeMutablePointer(to: &vector) { vector in
            var header = unsafe msghdr()
            unsafe header.msg_name = name.baseAddress
            unsafe header.msg_namelen = socklen_t(name.count)
            unsafe header.msg_iov = vector
            unsafe header.msg_iovlen = 1
            unsafe header.msg_control = control.isEmpty ? nil : control.baseAddress
            unsafe header.msg_controllen = control.count
            unsafe clinux_turn_control_around(&header)
            return Transfer.of { unsafe sendmsg(socket, &header, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)) }
          }
        }
      }
    }
  }
}

extension DatagramBatch {
  /// The way back of datagram `i`, before `send` has turned it around.
  package func wayBack(_ i: Int, over socket: borrowing DatagramSocket) -> DatagramReturn {
    let header = unsafe headers.address[i].msg_hdr
    let name = Array(copying: names.bytes, i * Self.nameSize..<i * Self.nameSize + Int(unsafe header.msg_namelen))
    let count = socket.isWildcard ? Int(unsafe header.msg_controllen) : 0
    let control = Array(copying: controls.bytes, i * Self.controlSize..<i * Self.controlSize + count)
    return DatagramReturn(socket: socket.number, name: name, control: control)
  }

  /// A copy of datagram `i` as it was received.
  package func octets(_ i: Int) -> [UInt8] {
    Array(copying: buffers.bytes, i * Self.stride..<i * Self.stride + length(i))
  }
}
