import Memory
package import Sockets
import Synchronization
package import Wire

/// The control API on a thread of its own.
package final class ControlServer: Sendable {
  /// Bound before anything is served, so that a conflict is known at the start.
  package struct Places: ~Copyable {
    package var tcp: Descriptor?
    package var unix: Descriptor?
    /// Of the UNIX socket.
    package let path: String?

    /// - Parameter path: where the UNIX socket is made; an old one is taken away.
    package init(tcp: SocketAddress?, path: String?) throws(SystemError) {
      self.tcp = try tcp.map { address throws(SystemError) in Descriptor(try ListeningSocket.listen(address)) }
      unix = try path.map { path throws(SystemError) in try UnixSocket.listen(path, mode: 0o660) }
      self.path = path
    }

    /// With the port that the kernel chose, if it was left to it.
    package var address: SocketAddress? {
      switch tcp {
      case .some(let descriptor): ListeningSocket.address(descriptor.number)
      case .none: nil
      }
    }
  }

  private let access: Mutex<Access>
  private let desk: HTTPReplies
  private let places: Mutex<Places?>
  private let path: String?
  private let thread = Mutex<Thread?>(nil)

  package init(_ places: consuming Places, _ access: Access) throws(SystemError) {
    path = places.path
    self.access = Mutex(access)
    desk = HTTPReplies(try Waker())
    self.places = Mutex(places)
  }

  /// For a reload.
  package func set(_ access: Access) { self.access.withLock { $0 = access } }

  /// Starts to serve; false when the system has no thread left.
  ///
  /// - Parameter failed: called on the thread when it cannot go on.
  package func start(_ server: any ControlledServer, failed: @escaping @Sendable (SystemError) -> Void) -> Bool {
    let thread = Thread.start("control") { [self] in
      do throws(SystemError) { try run(server) } catch { failed(error) }
    }
    self.thread.withLock { $0 = thread }
    return thread != nil
  }

  private func run(_ controlled: any ControlledServer) throws(SystemError) {
    guard var places = places.withLock({ $0.take() }) else { return }
    let router = Router(controlled, desk: desk) { [self] in access.withLock { $0 } }
    let server = try HTTPServer(desk) { router.handle($0, $1) }
    if let tcp = places.tcp.take() { try server.listen(tcp, isLocal: false) }
    if let unix = places.unix.take() { try server.listen(unix, isLocal: true) }
    server.run()
  }

  /// Closes everything, and returns when the thread has ended.
  package func stop() {
    desk.stop()
    thread.withLock { $0.take() }?.join()
    if let path { UnixSocket.remove(path) }
  }
}
