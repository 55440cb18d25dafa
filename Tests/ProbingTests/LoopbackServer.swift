import Glibc
import Sockets
import Synchronization
import Wire

/// A real TCP server on 127.0.0.1 with a thread of its own that treats every connection alike.
final class LoopbackServer: LoopbackTarget {
  enum Behaviour: Sendable {
    /// Reads a request, answers with these octets and closes.
    case answers(String)
    /// The same with any octets.
    case sends([UInt8])
    /// The same, and then says no more, but keeps the connection.
    case answersAndStays(String)
    /// Answers, closes its half, and keeps the connection.
    case answersAndHalfCloses(String)
    /// Answers, and resets the connection.
    case answersAndResets(String)
    /// The same, one octet at a time.
    case answersSlowly(String)
    /// Speaks first, and then listens for ever.
    case greets(String)
    /// Accepts, and never says a word.
    case hangs
    /// Reads a request, and resets the connection.
    case resets
    case closes
    /// Answers with a head that never ends; the argument is repeated.
    case answersWithoutEnd(String)
    /// Waits for the connection's end, and notes how it came in place of a request.
    case notesTheEnd
    /// Keeps the port, so that nobody else gets it, and refuses.
    case refuses
    /// The queue of connections is full, so that no handshake is finished.
    case isFull
  }

  let address: SocketAddress
  private let core: Core
  private let fillers: [Filler]

  /// Connections so far.
  var connections: Int { core.accepted.load(ordering: .acquiring) }
  /// The latest.
  var request: String { core.request.withLock { $0 } }

  init(_ behaviour: Behaviour) throws(SystemError) {
    let core = Core(behaviour)
    address = try LoopbackServer.bind(core.listener.number)
    self.core = core
    switch behaviour {
    case .refuses: fillers = []
    case .isFull:
      listen(core.listener.number, 0)
      let address = self.address
      fillers = (0..<4).compactMap { _ in Filler(address) }
    default:
      listen(core.listener.number, 4096)
      fillers = []
      startThread { core.run() }
    }
  }

  /// Wakes the thread, which then ends and closes the listener: nobody else gets its number before.
  deinit { shutdown(core.listener.number, Int32(SHUT_RDWR)) }

  private static func bind(_ number: Int32) throws(SystemError) -> SocketAddress {
    var raw = sockaddr_in()
    raw.sin_family = sa_family_t(AF_INET)
    raw.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &raw) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(number, $0, size) == 0 ? getsockname(number, $0, &size) : -1
      }
    }
    guard result == 0 else { throw SystemError("bind") }
    return SocketAddress(.v4(0x7F00_0001), port: UInt16(bigEndian: raw.sin_port))
  }
}

/// What the server's thread holds on to.
private final class Core: Sendable {
  let listener = Descriptor(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
  let accepted = Atomic(0)
  let request = Mutex("")
  private let behaviour: LoopbackServer.Behaviour

  init(_ behaviour: LoopbackServer.Behaviour) { self.behaviour = behaviour }

  func run() {
    while case let connection = accept(listener.number, nil, nil), connection >= 0 {
      accepted.add(1, ordering: .releasing)
      serve(Descriptor(connection))
    }
  }

  private func serve(_ connection: consuming Descriptor) {
    let number = connection.number
    switch behaviour {
    case .hangs, .refuses, .isFull:
      // Left open for as long as the process lives: the probe must end it.
      _ = connection.release()
    case .greets(let text):
      _ = send(number, Array(text.utf8))
      _ = connection.release()
    case .notesTheEnd:
      var octet: UInt8 = 0
      let end = unsafe recv(number, &octet, 1, 0) == 0 ? "closed" : "reset"
      request.withLock { $0 = end }
    case .closes: return
    case .resets:
      readRequest(number)
      var value = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    case .answers(let text):
      readRequest(number)
      _ = send(number, Array(text.utf8))
    case .sends(let octets):
      readRequest(number)
      _ = send(number, octets)
    case .answersAndStays(let text):
      readRequest(number)
      _ = send(number, Array(text.utf8))
      _ = connection.release()
    case .answersAndHalfCloses(let text):
      readRequest(number)
      _ = send(number, Array(text.utf8))
      shutdown(number, Int32(SHUT_WR))
      _ = connection.release()
    case .answersAndResets(let text):
      readRequest(number)
      _ = send(number, Array(text.utf8))
      // What was sent is to be seen first.
      usleep(20_000)
      var value = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    case .answersSlowly(let text):
      readRequest(number)
      var one: Int32 = 1
      unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
      for octet in text.utf8 where send(number, [octet]) { sched_yield() }
    case .answersWithoutEnd(let text):
      readRequest(number)
      while send(number, Array(text.utf8)) {}
    }
  }

  private func readRequest(_ number: Int32) {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while !String(decoding: text, as: UTF8.self).hasSuffix("\r\n\r\n") {
      let count = unsafe recv(number, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      text += buffer.prefix(count)
    }
    let whole = String(decoding: text, as: UTF8.self)
    request.withLock { $0 = whole }
  }

  private func send(_ number: Int32, _ octets: [UInt8]) -> Bool {
    unsafe Glibc.send(number, octets, octets.count, Int32(MSG_NOSIGNAL)) == octets.count
  }
}

/// A connection that only takes a place.
private final class Filler: Sendable {
  private let socket: StreamSocket

  init?(_ address: SocketAddress) {
    guard let socket = try? StreamSocket(to: address) else { return nil }
    _ = socket.connect(address)
    self.socket = socket
  }
}

func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box { let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body } }
  var thread = pthread_t()
  unsafe pthread_create(
    &thread, nil,
    { argument in
      if let argument = unsafe argument { unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  pthread_detach(thread)
}
