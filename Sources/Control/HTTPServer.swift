internal import CEvent
import Sockets
import Synchronization

/// libevent's HTTP server behind a safe face, on one thread: the one file of `Control` that may say `unsafe`.
///
/// What libevent 2.1 leaves open is closed here. Each connection carries one request; it has a deadline for the
/// whole request and one for taking the reply, however steadily single octets move. Connections are limited:
/// at the limit the one that has kept its request back for the longest makes room, and the listening socket
/// rests until there is some. All that libevent owns stays on the thread that runs `run`; replies come back
/// from any thread through a queue.
@safe final class HTTPServer {
  /// Takes a request; the reply may come at once or later, from any thread.
  ///
  /// - Returns: nanoseconds that the reply may take.
  typealias Handler = (HTTPRequest, HTTPReply) -> UInt64

  struct Limits {
    /// Octets of request line and headers, and of the body.
    var header = 8192
    var body = 65536
    /// Nanoseconds until the whole request is there, and until the whole reply is taken.
    var request: UInt64 = 5_000_000_000
    var reply: UInt64 = 30_000_000_000
    /// For each listening socket: connections, and octets of replies on their way.
    var connections = 64
    var held = 64 << 20
  }

  private let base: OpaquePointer
  private let handler: Handler
  private let limits: Limits
  private let replies: HTTPReplies
  private var doors: [Door] = []
  private var pending: [UInt64: Pending] = [:]
  private var lastRequest: UInt64 = 0
  private var isStopping = false
  /// Wakes the loop now and then while there are connections to look after.
  private var tick: OpaquePointer?
  private var wake: OpaquePointer?

  @safe private struct Pending {
    let request: OpaquePointer
    let door: Door
    let deadline: UInt64
  }

  /// Nanoseconds between two looks at the deadlines.
  private static var pause: UInt64 { 20_000_000 }

  init(_ replies: HTTPReplies, _ limits: Limits = Limits(), _ handler: @escaping Handler) throws(SystemError) {
    unsafe event_set_log_callback { _, _ in }
    guard let base = unsafe event_base_new() else { throw SystemError("event_base_new") }
    unsafe self.base = base
    self.handler = handler
    self.limits = limits
    self.replies = replies
    unsafe tick = event_new(base, -1, 0, { _, _, _ in }, nil)
    unsafe wake = event_new(base, replies.descriptor, Int16(EV_READ | EV_PERSIST), { _, _, _ in }, nil)
    unsafe event_add(wake, nil)
  }

  deinit {
    pending = [:]
    for door in doors { door.free() }
    unsafe event_free(tick)
    unsafe event_free(wake)
    unsafe event_base_free(base)
  }

  /// Serves what comes in at a listening socket, which is the server's from now on.
  func listen(_ descriptor: consuming Descriptor, isLocal: Bool) throws(SystemError) {
    let door = Door(self, isLocal: isLocal)
    try unsafe door.open(base, descriptor.release(), limits)
    doors.append(door)
  }

  /// Serves until it is told to stop.
  func run() {
    while !isStopping {
      unsafe event_base_loop(base, EVLOOP_ONCE)
      let now = Clock.monotonic()
      sendReplies(now)
      giveUp(now)
      let isBusy = doors.map { $0.look(limits, now) }.contains(true)
      if isBusy || !pending.isEmpty { lookAgain() }
    }
  }

  private func lookAgain() {
    var time = timeval(tv_sec: 0, tv_usec: Int(Self.pause / 1000))
    unsafe event_add(tick, &time)
  }

  // MARK: - Requests

  fileprivate func take(_ request: OpaquePointer, _ door: Door) {
    lastRequest += 1
    let now = Clock.monotonic()
    guard let read = unsafe HTTPRequest(request, isLocal: door.isLocal) else {
      return unsafe reply(.text(400, "this is no request that can be understood"), to: request, door, now)
    }
    unsafe door.hasRequest(request)
    let patience = handler(read, HTTPReply(lastRequest, replies))
    unsafe pending[lastRequest] = Pending(request: request, door: door, deadline: now + patience)
  }

  private func sendReplies(_ now: UInt64) {
    let taken = replies.take()
    isStopping = taken.isStopping
    for (number, response) in taken.responses {
      guard let waiting = pending.removeValue(forKey: number) else { continue }
      unsafe reply(response, to: waiting.request, waiting.door, now)
    }
  }

  private func giveUp(_ now: UInt64) {
    for (number, waiting) in pending where waiting.deadline <= now {
      pending[number] = nil
      unsafe reply(.text(503, "the server did not come to it in time"), to: waiting.request, waiting.door, now)
    }
  }

  private func reply(_ response: HTTPResponse, to request: OpaquePointer, _ door: Door, _ now: UInt64) {
    var response = response
    if door.held + response.body.count > limits.held {
      response = .text(503, "too many replies wait for their clients: try again")
    }
    unsafe door.replies(to: request, response.body.count, until: now + limits.reply)
    unsafe cevent_add_header(request, "Content-Type", response.type)
    unsafe cevent_add_header(request, "Cache-Control", "no-store")
    unsafe cevent_add_header(request, "X-Content-Type-Options", "nosniff")
    unsafe cevent_add_header(request, "Connection", "close")
    if response.status == 401 { unsafe cevent_add_header(request, "WWW-Authenticate", "Bearer") }
    let buffer = unsafe evbuffer_new()
    unsafe evbuffer_add(buffer, response.body, response.body.count)
    // Frees a request whose client has gone away meanwhile.
    unsafe evhttp_send_reply(request, Int32(response.status), nil, buffer)
    unsafe evbuffer_free(buffer)
  }
}

/// One listening socket with its connections.
@safe private final class Door {
  private unowned let server: HTTPServer
  let isLocal: Bool
  private var http: OpaquePointer?
  private var listener: OpaquePointer?
  private var isResting = false
  private var limit = 0
  private var patience: UInt64 = 0
  private var connections: [Connection] = []

  @safe private struct Connection {
    /// With a reference of our own, so that it is there to be looked at after libevent has freed it.
    let event: OpaquePointer
    var deadline: UInt64
    var phase = Phase.reading
    /// Octets of its reply.
    var held = 0

    enum Phase { case reading, waiting, writing }
  }

  init(_ server: HTTPServer, isLocal: Bool) {
    self.server = server
    self.isLocal = isLocal
  }

  func open(_ base: OpaquePointer, _ descriptor: Int32, _ limits: HTTPServer.Limits) throws(SystemError) {
    guard let http = unsafe evhttp_new(base) else {
      Descriptor(descriptor).close()
      throw SystemError("evhttp_new")
    }
    unsafe self.http = http
    limit = limits.connections
    patience = limits.request
    var idle = timeval(tv_sec: Int(limits.reply / 1_000_000_000), tv_usec: 0)
    unsafe evhttp_set_timeout_tv(http, &idle)
    unsafe evhttp_set_max_headers_size(http, limits.header)
    unsafe evhttp_set_max_body_size(http, limits.body)
    let methods = [EVHTTP_REQ_GET, EVHTTP_REQ_HEAD, EVHTTP_REQ_POST].reduce(0) { $0 | $1.rawValue }
    unsafe evhttp_set_allowed_methods(http, UInt16(methods))
    let this = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe evhttp_set_bevcb(http, { base, this in unsafe Door.of(this)?.admit(base) }, this)
    unsafe evhttp_set_gencb(
      http, { request, this in if let request = unsafe request { unsafe Door.of(this)?.take(request) } }, this)
    guard let bound = unsafe evhttp_accept_socket_with_handle(http, descriptor) else {
      Descriptor(descriptor).close()
      throw SystemError("evhttp_accept_socket")
    }
    unsafe listener = evhttp_bound_socket_get_listener(bound)
    // No descriptor left: the next look tries again.
    unsafe evconnlistener_set_error_cb(listener) { _, this in unsafe Door.of(this)?.rest() }
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> Door? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe Unmanaged<Door>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Closes everything, under way or not.
  func free() {
    if let http = unsafe http { unsafe evhttp_free(http) }
    unsafe http = nil
    for connection in connections { _ = unsafe bufferevent_decref(connection.event) }
    connections = []
  }

  // MARK: - Connections

  /// A connection has been accepted: libevent asks what is to carry it.
  private func admit(_ base: OpaquePointer?) -> OpaquePointer? {
    guard let base = unsafe base, let event = unsafe cevent_connection(base) else { return nil }
    unsafe connections.append(Connection(event: event, deadline: Clock.monotonic() + patience))
    if connections.count >= limit {
      rest()
      // They are in the order in which they came.
      if let longest = connections.firstIndex(where: { unsafe $0.phase == .reading && $0.event != event }) {
        end(longest)
      }
    }
    return unsafe event
  }

  /// libevent sees the end of the connection, and closes it.
  private func end(_ index: Int) {
    let descriptor = unsafe bufferevent_getfd(connections[index].event)
    if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
  }

  private func rest() {
    isResting = true
    unsafe evconnlistener_disable(listener)
  }

  /// Forgets what is over, ends what takes too long, and accepts again when there is room.
  ///
  /// - Returns: whether it has to look again.
  func look(_ limits: HTTPServer.Limits, _ now: UInt64) -> Bool {
    connections.removeAll { connection in
      guard unsafe cevent_is_over(connection.event) != 0 else { return false }
      _ = unsafe bufferevent_decref(connection.event)
      return true
    }
    for i in connections.indices where connections[i].deadline <= now && connections[i].phase != .waiting {
      end(i)
    }
    if isResting, connections.count < limit {
      isResting = false
      unsafe evconnlistener_enable(listener)
    }
    return !connections.isEmpty
  }

  private func place(_ request: OpaquePointer) -> Int? {
    guard let event = unsafe cevent_connection_of(request) else { return nil }
    return connections.firstIndex { unsafe $0.event == event }
  }

  private func take(_ request: OpaquePointer) { unsafe server.take(request, self) }

  func hasRequest(_ request: OpaquePointer) {
    if let place = unsafe place(request) { connections[place].phase = .waiting }
  }

  func replies(to request: OpaquePointer, _ octets: Int, until deadline: UInt64) {
    guard let place = unsafe place(request) else { return }
    connections[place].phase = .writing
    connections[place].held = octets
    connections[place].deadline = deadline
  }

  /// Octets of replies that clients have not taken.
  var held: Int { connections.reduce(0) { $0 + $1.held } }
}

extension HTTPRequest {
  /// Copies what is wanted out of libevent's memory; nil for a target or a method that is none.
  fileprivate init?(_ request: OpaquePointer, isLocal: Bool) {
    self.init()
    self.isLocal = isLocal
    switch unsafe evhttp_request_get_command(request) {
    case EVHTTP_REQ_GET: method = .get
    case EVHTTP_REQ_HEAD: method = .head
    case EVHTTP_REQ_POST: method = .post
    default: return nil
    }
    guard let target = unsafe evhttp_request_get_uri(request), unsafe take(target: String(cString: target)) else {
      return nil
    }
    host = unsafe cevent_header(request, "Host").map { unsafe String(cString: $0) }
    hostCount = unsafe Int(cevent_header_count(request, "Host"))
    hasOrigin = unsafe cevent_header_count(request, "Origin") > 0
    authorization = unsafe cevent_header(request, "Authorization").map { unsafe String(cString: $0) }
    accept = unsafe cevent_header(request, "Accept").map { unsafe String(cString: $0) }
    let buffer = unsafe evhttp_request_get_input_buffer(request)
    body = [UInt8](repeating: 0, count: unsafe evbuffer_get_length(buffer))
    if !body.isEmpty { unsafe evbuffer_copyout(buffer, &body, body.count) }
  }
}
