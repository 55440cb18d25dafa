import CLinux
import Glibc
package import Wire

/// Asks the system's resolver for the addresses of a host. Waits as long as that takes.
package enum HostLookup: Hashable, Sendable {
  case addresses([IPAddress])
  /// The name does not exist, or has no address: the DNS said so.
  case none(String)
  /// The resolver did not answer, or has no means to: nothing is known of the name.
  case trouble(String)

  package init(_ name: String) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_family = AF_UNSPEC
    var list = unsafe UnsafeMutablePointer<addrinfo>?.none
    let result = unsafe getaddrinfo(name, nil, &hints, &list)
    defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
    switch result {
    case 0: self = .addresses(unsafe HostLookup.addresses(list))
    // EAI_NODATA and EAI_ADDRFAMILY, whose names Glibc's module hides.
    case EAI_NONAME, -5, -9: self = .none(unsafe String(cString: gai_strerror(result)).lowercased())
    case EAI_SYSTEM: self = .trouble(SystemError("getaddrinfo").description)
    default: self = .trouble(unsafe String(cString: gai_strerror(result)).lowercased())
    }
  }

  /// In the resolver's order of preference.
  @unsafe private static func addresses(_ list: UnsafeMutablePointer<addrinfo>?) -> [IPAddress] {
    var result: [IPAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let raw = unsafe entry.pointee.ai_addr, let address = unsafe SocketAddress(kernel: UnsafeRawPointer(raw)) {
        result.append(address.address)
      }
      unsafe next = unsafe entry.pointee.ai_next
    }
    return result
  }
}
