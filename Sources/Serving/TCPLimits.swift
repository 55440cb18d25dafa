import Synchronization

/// The bounds of TCP. A reload changes them while the worker serves; it follows with its next turn.
package final class TCPLimits: Sendable {
  private let connectionLimit: Atomic<Int>
  private let idleLimit: Atomic<UInt64>

  package init(connections: Int, idle: UInt64) {
    connectionLimit = Atomic(connections)
    idleLimit = Atomic(idle)
  }

  package func set(connections: Int, idle: UInt64) {
    connectionLimit.store(connections, ordering: .relaxed)
    idleLimit.store(idle, ordering: .relaxed)
  }

  var connections: Int { connectionLimit.load(ordering: .relaxed) }
  /// Nanoseconds without a finished query or a taken answer.
  var idle: UInt64 { idleLimit.load(ordering: .relaxed) }
  /// Connections that one client network may have: a quarter, so that no one network can shut out the rest.
  var share: Int { max(1, connections / 4) }
  /// Octets kept for all connections together; who needs more then is closed.
  var held: Int { 64 << 20 }
  /// Transfers at one time: each may keep a zone in memory that has been replaced since.
  var transfers: Int { 10 }
  /// Nanoseconds for a whole transfer, however steadily its client reads.
  var transferTime: UInt64 { 7_200_000_000_000 }
}
