import Memory
package import Sockets
package import Wire

/// Why an address cannot be served.
package struct BindError: Error, CustomStringConvertible {
  package let address: SocketAddress
  package let transport: String
  package let error: SystemError

  /// One line that says what to do.
  package var description: String {
    let advice =
      if error.isAddressInUse {
        "another server has it; stop that one, or change server.listen (`ss -lntup` shows who it is)"
      } else if error.isPermission {
        "ports below 1024 need root or CAP_NET_BIND_SERVICE (setcap cap_net_bind_service=+ep on the program); or use a higher port"
      } else if error.isNoSuchAddress {
        "this machine does not have the address; correct server.listen"
      } else {
        "see server.listen"
      }
    return "cannot listen on \(address) (\(transport)): \(error.message): \(advice)"
  }
}

/// The bound sockets, before anything is read from them.
///
/// Binding comes first at start, so that a conflict is known at once; queries that arrive meanwhile wait
/// in the sockets until the first answers are decided.
package final class Listeners: Sendable {
  package let addresses: [SocketAddress]
  package let workers: Int
  /// By worker, then by address.
  let datagrams: FixedArray<FixedArray<DatagramSocket>>
  let streams: FixedArray<ListeningSocket>
  /// Octets of receive buffer that the kernel granted to each UDP socket.
  package let grantedBuffer: Int

  package init(_ addresses: [SocketAddress], workers: Int) throws(BindError) {
    var numbers: [[Int32]] = []
    var listening: [Int32] = []
    do {
      for address in addresses {
        numbers.append(try Listeners.bind(address, workers))
        listening.append(try Listeners.listen(address))
      }
    } catch {
      for number in numbers.joined() { Descriptor(number).close() }
      for number in listening { Descriptor(number).close() }
      throw error
    }
    self.addresses = addresses
    self.workers = workers
    grantedBuffer = numbers.first?.first.map { DatagramSocket.grantedBuffer($0) } ?? 0
    datagrams = FixedArray(count: workers) { worker in
      FixedArray(count: addresses.count) { DatagramSocket(adopting: numbers[$0][worker], address: addresses[$0]) }
    }
    streams = FixedArray(count: listening.count) { ListeningSocket(adopting: listening[$0]) }
  }

  private static func bind(_ address: SocketAddress, _ workers: Int) throws(BindError) -> [Int32] {
    do { return try DatagramSocket.bind(address, count: workers) } catch {
      throw BindError(address: address, transport: "UDP", error: error)
    }
  }

  private static func listen(_ address: SocketAddress) throws(BindError) -> Int32 {
    do { return try ListeningSocket.listen(address) } catch {
      throw BindError(address: address, transport: "TCP", error: error)
    }
  }

  /// Datagrams that the kernel dropped because a receive buffer was full.
  package var kernelDrops: UInt64 {
    var sum: UInt64 = 0
    for worker in 0..<datagrams.count {
      for i in 0..<datagrams[worker].count { sum += UInt64(datagrams[worker][i].kernelDrops()) }
    }
    return sum
  }
}
