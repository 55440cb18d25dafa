import Sockets
import Wire

enum Loopback {
  /// Waits until somebody accepts connections at `address`; false when nobody does in time.
  static func accepts(_ address: SocketAddress, within patience: Duration) -> Bool {
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      if tries(address) { return true }
      _ = try? Poller().wait(milliseconds: 20) { _ in }
    }
    return false
  }

  private static func tries(_ address: SocketAddress) -> Bool {
    guard let socket = try? StreamSocket(to: address) else { return false }
    switch socket.connect(address) {
    case .connected: return true
    case .failed: return false
    case .inProgress:
      var isReady = false
      guard let poller = try? Poller(), (try? poller.add(socket.number, .write, token: 0)) != nil else { return false }
      try? poller.wait(milliseconds: 500) { _ in isReady = true }
      return isReady && socket.pendingError() == nil
    }
  }
}
