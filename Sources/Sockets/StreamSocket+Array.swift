import CLinux
import Glibc

/// Transfers of small messages to and from arrays, for callers that are not on the query path.
extension StreamSocket {
  /// Appends at most `limit` octets to `buffer`.
  package borrowing func read(appendingTo buffer: inout [UInt8], atMost limit: Int) -> Transfer {
    let number = descriptor.number
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { octets in
      let result = Transfer.of { unsafe recv(number, octets.baseAddress, limit, 0) }
      if case .done(let count) = result { unsafe buffer.append(contentsOf: octets.prefix(count)) }
      return result
    }
  }

  /// Sends octets from the start of `octets`, perhaps not all.
  package borrowing func write(_ octets: ArraySlice<UInt8>) -> Transfer {
    let number = descriptor.number
    return unsafe octets.withUnsafeBytes { octets in
      Transfer.of { unsafe send(number, octets.baseAddress, octets.count, Int32(MSG_NOSIGNAL)) }
    }
  }
}
