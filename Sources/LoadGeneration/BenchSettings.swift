package import Wire

/// What one run does; `BenchArguments` reads it from the command line.
package struct BenchSettings: Sendable {
  package enum Transport: String, Sendable { case udp, tcp }

  package enum Source: Sendable, Equatable {
    case file(String, weight: Int)
    case zone(String, origin: DomainName?, weight: Int)
    case random(count: UInt64, below: DomainName, weight: Int)
  }

  package var server: SocketAddress
  package var transport = Transport.udp
  package var sources: [Source] = []
  /// The type asked for random names.
  package var type = RecordType.a
  package var options = QueryOptions()
  /// Nanoseconds of sending.
  package var duration: UInt64?
  package var count: Int?
  /// Queries a second at the start and at the end; nil: closed loop.
  package var rate: (first: Double, last: Double)?
  package var inFlight = 256
  /// UDP source ports.
  package var ports = 16
  package var sourceAddresses: [IPAddress] = []
  package var connections = 16
  /// Queries outstanding on one connection.
  package var pipeline = 16
  /// After so many a connection is closed and another opened; 0: never.
  package var queriesPerConnection = 0
  /// Nanoseconds until a query is lost.
  package var timeout: UInt64 = 1_000_000_000
  package var seed: UInt64 = 1
  package var core: Int?
  package var serverProcess: Int32?
  /// The share of lost queries that `--find-max` allows; nil: it is not asked for.
  package var findMaxLoss: Double?
  package var watches = false
  package var dead: (address: IPAddress, from: UInt64)?
  package var isQuiet = false

  package init(server: SocketAddress) { self.server = server }

  /// The schedule of an open loop.
  package var schedule: RateSchedule? {
    guard let rate else { return nil }
    let seconds = Double(duration ?? 1_000_000_000) / 1e9
    return RateSchedule(from: rate.first, to: rate.last, seconds: seconds)
  }
}

/// Why a run cannot be, or could not go on.
package struct BenchError: Error, CustomStringConvertible, Equatable {
  package let description: String
  /// What was asked for makes no sense, against: it could not be done.
  package let isMisuse: Bool

  package init(_ description: String, isMisuse: Bool = false) {
    self.description = description
    self.isMisuse = isMisuse
  }
}
