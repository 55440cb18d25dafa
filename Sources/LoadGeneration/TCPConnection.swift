import Memory
import Sockets
import Wire

/// One connection of a run over TCP (RFC 7766): its queries under way, and octets that are only half there.
struct TCPConnection: ~Copyable {
  enum State { case closed, connecting, open }

  var socket: StreamSocket?
  var state = State.closed
  var outstanding: Outstanding
  /// Queries sent since it was opened.
  var asked = 0
  /// Octets that were received and do not end a message yet.
  var input: Slab<UInt8>
  var filled = 0
  /// Octets that the socket did not take yet.
  var output: [UInt8] = []
  /// Monotonic; when to try again after a failure.
  var retry: UInt64 = 0

  private static var smallInput: Int { 16_384 }
  private static var largestFrame: Int { 2 + 65_535 }

  init(pipeline: Int) {
    outstanding = Outstanding(capacity: max(64, 2 * pipeline))
    input = Slab(count: Self.smallInput)
  }

  var number: Int32 {
    switch socket {
    case .some(let socket): socket.number
    case .none: -1
    }
  }

  /// Begins to connect; nil, or why it cannot.
  mutating func open(_ server: SocketAddress, _ source: IPAddress?) -> SystemError? {
    (asked, filled) = (0, 0)
    output.removeAll(keepingCapacity: true)
    do throws(SystemError) {
      socket = try Self.connect(server, source)
      state = .connecting
      return nil
    } catch { return error }
  }

  private static func connect(_ server: SocketAddress, _ source: IPAddress?) throws(SystemError) -> StreamSocket {
    let socket = try StreamSocket(to: server, from: source)
    socket.setNoDelay()
    if case .failed(let error) = socket.connect(server) { throw error }
    return socket
  }

  /// Resets the connection, so that many short ones leave no ports behind that cannot be used for a minute.
  mutating func close() {
    socket?.resetOnClose()
    socket = nil
    state = .closed
  }

  /// Sends what is waiting; false when the connection is broken.
  mutating func flush() -> Bool {
    while !output.isEmpty {
      switch StreamSocket.write(number, output.rawBytes) {
      case .done(let count): output.removeFirst(count)
      case .wouldBlock: return true
      case .failed: return false
      }
    }
    return true
  }

  /// Receives once and hands each whole message to `recorder`.
  ///
  /// - Returns: whether there may be more; nil when the connection has ended or is broken.
  mutating func receive(_ recorder: inout Recorder) -> Bool? {
    let result = Self.read(number, into: &input, from: filled)
    guard case .done(let count) = result else { return result == .wouldBlock ? false : nil }
    guard count > 0 else { return nil }
    filled += count
    let now = Clock.monotonic()
    var at = 0
    while filled - at >= 2 {
      let length = Int(input.bytes.uint16(at))
      guard filled - at >= 2 + length else { break }
      Self.take(input, at + 2..<at + 2 + length, &outstanding, &recorder, now)
      at += 2 + length
    }
    keep(at)
    return true
  }

  private static func read(_ number: Int32, into input: inout Slab<UInt8>, from offset: Int) -> Transfer {
    var room = input.mutableBytes(at: offset, count: input.count - offset)
    return StreamSocket.read(number, into: &room)
  }

  private static func take(
    _ input: borrowing Slab<UInt8>, _ range: Range<Int>, _ outstanding: inout Outstanding,
    _ recorder: inout Recorder, _ now: UInt64
  ) {
    recorder.receive(input.bytes.extracting(range), length: range.count, &outstanding, now)
  }

  /// Moves what follows `start` to the front, into more room when a message needs it.
  private mutating func keep(_ start: Int) {
    let left = filled - start
    if left == input.count {
      var larger = Slab<UInt8>(count: Self.largestFrame)
      for i in 0..<left { larger[i] = input[start + i] }
      input = larger
    } else if start > 0 {
      for i in 0..<left { input[i] = input[start + i] }
    }
    filled = left
  }
}
