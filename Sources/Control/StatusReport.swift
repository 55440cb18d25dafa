/// What the server believes at one moment: for status, metrics and people. Times are nanoseconds since 1970 UTC.
package struct StatusReport: Sendable {
  package var time: Int64
  /// When the latest reload was refused; nil: it was not.
  package var reloadRefused: Int64?
  package var pools: [Pool] = []
  package var overrides: [Override] = []
  package var peers: [Peer] = []
  package var zones: [Zone] = []
  /// Nil: nothing is known of it.
  package var server: Server?

  package init(time: Int64) { self.time = time }

  package struct Pool: Sendable {
    package var name: String
    /// Seconds.
    package var ttl: ClosedRange<Int>
    /// For A, then for AAAA.
    package var answers: [Answer] = []
    package var members: [Member] = []
    /// What it was asked since the start.
    package var queries: UInt64 = 0
    /// Of these, answered with addresses.
    package var withAddresses: UInt64 = 0

    package init(name: String, ttl: ClosedRange<Int>) {
      self.name = name
      self.ttl = ttl
    }
  }

  package struct Answer: Sendable {
    package var type: String
    package var addresses: [String]
    /// Nobody was up, or too few were.
    package var failedOpen: Bool
    package var reason: String
    /// Since when; nil: since the start.
    package var since: Int64?

    package init(type: String, addresses: [String], failedOpen: Bool, reason: String, since: Int64? = nil) {
      self.type = type
      self.addresses = addresses
      self.failedOpen = failedOpen
      self.reason = reason
      self.since = since
    }
  }

  package enum State: String, Sendable, CaseIterable { case up, degraded, down, unknown }

  /// One address of an endpoint.
  package struct Member: Sendable {
    package var endpoint: String
    package var address: String
    /// What counts, and what the checks say.
    package var state: State
    package var real: State
    /// Of `StatusReport.overrides`; nil: the checks decide.
    package var override: Int?
    /// Down by its checks, kept in service by the blast radius or because the prober is cut off.
    package var isHeldUp = false
    /// Named by what is answered now.
    package var isAnswered = false
    /// When the checks' verdict was reached.
    package var since: Int64?
    package var reason: String?
    /// Nanoseconds.
    package var latency: Int64?
    package var transitions = 0

    package init(endpoint: String, address: String, state: State, real: State) {
      self.endpoint = endpoint
      self.address = address
      self.state = state
      self.real = real
    }
  }

  package struct Override: Sendable {
    package var pattern: String
    /// `drained`, `forced up` or `forced down`.
    package var what: String
    package var reason: String
    package var by: String
    package var since: Int64
    package var expires: Int64?

    package init(pattern: String, what: String, reason: String, by: String, since: Int64, expires: Int64? = nil) {
      self.pattern = pattern
      self.what = what
      self.reason = reason
      self.by = by
      self.since = since
      self.expires = expires
    }
  }

  /// Another server, to which accepted updates are passed on.
  package struct Peer: Sendable {
    package var name: String
    package var address: String
    /// Changes of single records that it has not got yet, and since when it has lacked the oldest of them.
    package var waiting = 0
    package var waitingSince: Int64?
    /// The latest time that it took something; nil: none since the start.
    package var lastSuccess: Int64?
    /// The latest time that it did not, and why.
    package var lastFailure: Int64?
    package var lastError: String?
    /// Since the start; and whether the latest attempt was one.
    package var failures: UInt64 = 0
    package var isFailing = false

    package init(name: String, address: String) {
      self.name = name
      self.address = address
    }
  }

  package struct Zone: Sendable {
    package var name: String
    package var serial: UInt32
    /// When its file was read.
    package var loaded: Int64
    /// Records that are from updates, and records of the file that updates have removed; nil: it takes none.
    package var updates: (added: Int, removed: Int)?

    package init(name: String, serial: UInt32, loaded: Int64, updates: (added: Int, removed: Int)? = nil) {
      self.name = name
      self.serial = serial
      self.loaded = loaded
      self.updates = updates
    }
  }

  /// The program itself.
  package struct Server: Sendable {
    package var version: String
    package var started: Int64
    /// Since then, over both transports.
    package var queries: UInt64

    package init(version: String, started: Int64, queries: UInt64) {
      self.version = version
      self.started = started
      self.queries = queries
    }
  }
}
