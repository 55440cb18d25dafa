package import Diagnostics
package import Wire

/// A whole configuration: every default filled in, every reference resolved, every value in its range.
///
/// What it cannot know is left to its reader: whether files exist, and what the zones contain. So
/// whatever may turn out wrong there carries its place in the text.
package struct Configuration: Sendable {
  package var server = Server()
  /// Nil: no control server.
  package var control: Control?
  package var log = Log()
  /// The folder of what outlives a restart, as written. Nil: nothing does.
  package var state: Placed<String>?
  /// Health that was kept longer ago than this is found out anew.
  package var stateAge = Duration.seconds(600)
  /// Told of each change of answer; nil: nobody is.
  package var onChange: OnChange?
  /// Where addresses are, in MaxMind's format, as written; nil: not known.
  package var locationDatabase: Placed<String>?
  package var keys: [Key] = []
  package var peers: [Peer] = []
  /// In the order written, as are checks, endpoints and pools.
  package var zones: [Zone] = []
  package var checks: [Check] = []
  package var endpoints: [Endpoint] = []
  package var pools: [Pool] = []
  /// Nil: any number of members may be withdrawn at once.
  package var blastRadius: BlastRadius?
  /// Nil: the prober trusts itself.
  package var canaries: Canaries?

  /// Reads `text`, the contents of `file`; the configuration is nil if, and only if, a problem is an error.
  ///
  /// Problems are in the order of their places. File names stay as written: relative ones are meant
  /// from the folder of `file`. Nothing is opened, looked up or started.
  package static func read(
    _ text: [UInt8], file: String
  ) -> (configuration: Configuration?, problems: [Problem]) {
    var reader = Reader(file: file)
    do {
      let configuration = reader.configuration(try NodeBuilder.read(try SourceText(text, file: file)))
      let problems = reader.sortedProblems
      return (problems.contains { $0.severity == .error } ? nil : configuration, problems)
    } catch {
      return (nil, [error])
    }
  }
}

/// A value with the place where it was written.
package struct Placed<Value: Sendable>: Sendable {
  package let value: Value
  package let position: Position

  package init(_ value: Value, at position: Position) {
    self.value = value
    self.position = position
  }
}

extension Configuration {
  package struct Server: Sendable {
    package var listen: [Placed<SocketAddress>] = []
    /// UDP threads; nil: one per core.
    package var workers: Int?
    package var tcp = TCP()
    /// Octets: the largest UDP answer and the advertised EDNS size (RFC 6891 §6.2.3).
    package var udpSize = 1232
    /// What NSID (RFC 5001) and id.server (RFC 4892) tell; nil: nothing.
    package var identity: String?
    package var cookies = Cookies.on
    /// Octets: the largest UDP answer to a query without a valid cookie; nil: `udpSize`.
    package var sizeWithoutCookie: Int?
    package var rateLimit: RateLimit?
    /// Whether EDNS Client Subnet (RFC 7871) counts for pools that choose by client.
    package var clientSubnet = false
    /// How long the first round of probes may hold back the first answer; nil: the longest check
    /// timeout, at most 5 s.
    package var startWithin: Duration?
  }

  package struct TCP: Sendable {
    package var connections = 1000
    package var idle = Duration.seconds(10)
  }

  /// DNS cookies (RFC 7873).
  package enum Cookies: Sendable {
    case off
    /// With a random secret.
    case on
    case secretsFile(Placed<String>)
  }

  package struct RateLimit: Sendable {
    /// A second, for each client prefix and kind of answer.
    package var responses: Int
    /// One of so many limited answers is sent truncated; 0: none.
    package var slip = 2
    package var exempt: [IPPrefix] = []
  }

  package struct Control: Sendable {
    /// Port 0: one that is free.
    package var listen: Placed<SocketAddress>
    package var tokenFile: Placed<String>?
    /// Names, in lower case, that requests may call the server by.
    package var hosts: Set<String> = []
  }

  package struct OnChange: Sendable {
    package enum Target: Sendable {
      /// A program with its arguments, which gets the change on its standard input.
      case command([String])
      case post(address: SocketAddress, host: String, path: String)
    }

    package var target: Target
    /// For one try.
    package var timeout = Duration.seconds(10)
  }

  package struct Log: Sendable {
    package enum Level: Sendable { case debug, info, warning, error }
    package enum Format: Sendable { case text, json }

    package var level = Level.info
    package var format = Format.text
  }

  /// A TSIG key (RFC 8945).
  package struct Key: Sendable {
    package enum Algorithm: Sendable { case hmacSHA256, hmacSHA384, hmacSHA512 }

    package var name: Placed<DomainName>
    package var algorithm: Algorithm
    package var secretFile: Placed<String>
  }

  /// Another Alula that gets the updates that this one accepted.
  package struct Peer: Sendable {
    package var name: Placed<String>
    package var address: SocketAddress
    /// Of one of `keys`.
    package var key: DomainName
  }
}
