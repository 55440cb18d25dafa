import Glibc
import TestSupport

/// A site that turns bad in one of the ways of `Tests/Backends/sites.py`, or whose process is killed or stopped.
struct Backend: Sendable, CustomStringConvertible {
  /// As `sites.py` has it; `killed` and `stopped` are processes of their own.
  let how: String
  let isTLS: Bool
  /// What `alula status` says of it then.
  let reason: String

  /// Of its pool.
  var name: String { "\(how)-\(isTLS ? "tls" : "plain").app.example.com" }
  var description: String { name }

  /// Milliseconds.
  static let timeout = 800
  private static let unheld = "body: the first 5120 octets do not hold `healthy`"
  private static let late = "timed out after \(timeout) ms waiting for the"

  private static let unending = "TLS: the peer sends without end"

  /// The same inside TLS.
  private static let ways = [
    ("killed", "connection refused"), ("slow", "\(late) status line"), ("drips", "\(late) body"),
    ("closes", "closed before a status line"), ("garbage", "not HTTP"), ("status503", "status 503"),
    ("redirect", "status 302"), ("wrong", "body: the 7 octets do not hold `healthy`"),
    ("half", "closed before the end of the body"), ("reset", "reset by peer"),
    ("headers", "response head longer than 16384 octets"), ("line", "response head longer than 16384 octets"),
    ("interim", "response head longer than 16384 octets"), ("endless", unheld), ("chunks", unheld), ("bomb", unheld),
    ("nothing", "body: the 0 octets do not hold `healthy`"),
  ]

  static let all =
    ways.flatMap { [Backend(how: $0, isTLS: false, reason: $1), Backend(how: $0, isTLS: true, reason: $1)] } + [
      Backend(how: "stopped", isTLS: false, reason: "\(late) status line"),
      Backend(how: "stopped", isTLS: true, reason: "\(late) TLS handshake"),
      Backend(how: "expired", isTLS: true, reason: "TLS: certificate has expired"),
      Backend(how: "other", isTLS: true, reason: "TLS: certificate is for other.example, not app.example.com"),
      Backend(how: "unknown", isTLS: true, reason: "TLS: unable to get local issuer certificate"),
      Backend(how: "tickets", isTLS: true, reason: unending), Backend(how: "updates", isTLS: true, reason: unending),
      Backend(how: "hellos", isTLS: true, reason: unending),
      Backend(how: "plain", isTLS: true, reason: "TLS: the peer does not speak TLS (wrong version number)"),
    ]
}

/// All of them, each with an address of its own, in three processes.
final class Backends {
  let members: [(backend: Backend, address: String)] = Backend.all.map { ($0, freeAddress()) }
  let port = freePort()
  private let authority: Authority
  private let folder: Folder
  private var processes: [String: Child] = [:]

  init() throws {
    authority = try Authority()
    folder = try Folder()
    for process in ["killed", "stopped", "lasting"] { try start(process) }
  }

  /// Those of a process; of the lasting one the first is who takes orders.
  private func members(of process: String) -> [(backend: Backend, address: String)] {
    members.filter {
      ["killed", "stopped"].contains($0.backend.how) ? $0.backend.how == process : process == "lasting"
    }
  }

  private func start(_ process: String) throws {
    let sites = members(of: process).map { backend, address in
      "\(address)=\(backend.isTLS ? "tls:" : "")\(process == "lasting" ? backend.how : "good")"
    }
    let child = try Child(
      ["python3", packageFolder + "/Tests/Backends/sites.py", authority.folder.path, "\(port)"] + sites,
      environment: ["PYTHONDONTWRITEBYTECODE": "1"], in: folder, output: process)
    processes[process] = child
    for (backend, address) in members(of: process) {
      guard becomesTrue({ Endpoint(address, port).accepts }) else { throw Trouble("no \(backend):\n\(child.output)") }
    }
  }

  /// All at once; returns when it is so.
  func turnBad() throws {
    processes["stopped"]?.signal(SIGSTOP)
    processes["killed"]?.stop()
    try tell("bad")
  }

  func heal() throws {
    try tell("good")
    processes["stopped"]?.signal(SIGCONT)
    try start("killed")
  }

  private func tell(_ state: String) throws {
    let line = try Datagrams(to: Endpoint(members(of: "lasting")[0].address, port))
    line.send(Array(state.utf8))
    guard line.receive(milliseconds: 20_000) != nil else {
      throw Trouble("the sites do not listen:\n\(processes["lasting"]?.output ?? "")")
    }
  }

  /// A pool for each, that falls back to an address which is always up.
  ///
  /// - Parameters:
  ///   - times: of the checks.
  ///   - probes: made of each site in the clear; one over TLS costs as much as ten of them.
  func configuration(_ times: String, probes: Int = 1) -> String {
    let common = "port: \(port), host: app.example.com, status: [\"200-299\"], body: healthy, \(times)"
    let names = (1...probes).map { "plain\($0)" }
    let plain = names.map { "  \($0): { type: http, path: /\($0), \(common) }\n" }.joined()
    let pools = members.map { backend, address in
      """
        \(backend.name):
          ttl: 1s
          check: \(backend.isTLS ? "[tls]" : "[\(names.joined(separator: ", "))]")
          endpoints: [{ name: site, address: \(address) }, { name: refuge, address: 127.99.0.1, check: none }]

      """
    }
    return """
      zones: { app.example.com: { file: app.example.com.zone } }
      checks:
        tls: { type: https, path: /, ca-file: \(authority.path), \(common) }
      \(plain)pools:
      \(pools.joined())
      """
  }
}
