package import Wire

/// How and from whom a request reached us, and when.
package struct RequestContext: Sendable, BitwiseCopyable {
  package enum Transport: UInt8, Sendable, BitwiseCopyable { case udp, tcp }

  package var transport: Transport
  package var client: IPAddress
  /// Read once for a batch.
  package var time: RequestTime
  /// False while as many transfers are under way as there may be.
  package var canTransfer = true

  package init(transport: Transport, client: IPAddress = .v4(0), time: RequestTime = RequestTime()) {
    self.transport = transport
    self.client = client
    self.time = time
  }
}

/// The clock of a batch.
package struct RequestTime: Sendable, BitwiseCopyable {
  /// Seconds since 1970, modulo 2^32 as in cookies and signatures.
  package var wall: UInt32
  /// Nanoseconds since boot.
  package var monotonic: UInt64

  package init(wall: UInt32 = 0, monotonic: UInt64 = 0) {
    self.wall = wall
    self.monotonic = monotonic
  }
}
