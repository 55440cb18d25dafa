import Assembly
import Failover
import Probing
import Synchronization
import Wire

/// The websites of the demo: one process for each address that is probed.
final class DemoSites: Sendable {
  struct Site: Sendable {
    let name: String
    let address: SocketAddress
    var process: ChildProcess?
  }

  private let sites: Mutex<[Site]>
  private static var patience: Duration { .seconds(5) }

  /// Starts them all, and returns when each accepts connections.
  init(_ plan: HealthPlan) throws(StartError) {
    sites = Mutex(
      try DemoSites.targets(plan).map { name, address throws(StartError) in
        Site(name: name, address: address, process: try ChildProcess.standIn(name, address))
      })
    for site in sites.withLock({ $0 }) {
      guard Loopback.accepts(site.address, within: Self.patience) else {
        end()
        throw StartError("the stand-in \(site.name) cannot listen on \(site.address); is another program there?")
      }
    }
  }

  /// The probed addresses, in the order of the configuration.
  private static func targets(_ plan: HealthPlan) throws(StartError) -> [(String, SocketAddress)] {
    var targets: [(String, SocketAddress)] = []
    for endpoint in plan.settings.endpoints {
      for probe in endpoint.members.flatMap({ plan.settings.members[$0].condition.probes }) {
        let specification = plan.probes[probe].specification
        guard specification.target.address.isLoopback else {
          throw StartError(
            "the demo plays websites on this machine only: \(specification.target) is not a loopback address")
        }
        if case .https = specification.kind {
          throw StartError("the demo's websites speak plain HTTP: use a check of type http")
        }
        if !targets.contains(where: { $0.1 == specification.target }) {
          targets.append((endpoint.name, specification.target))
        }
      }
    }
    guard !targets.isEmpty else { throw StartError("the demo needs a pool with a check") }
    return targets
  }

  func obey(_ key: Character) {
    switch key {
    case "f": fail(0)
    case "h": heal(0)
    case "F": fail(1)
    case "H": heal(1)
    case "q": Signals.stop()
    default: break
    }
  }

  /// A real SIGKILL, as when a machine loses power.
  private func fail(_ index: Int) {
    sites.withLock { sites in
      guard sites.indices.contains(index), let process = sites[index].process else { return }
      process.kill()
      sites[index].process = nil
      Output.write("--- \(sites[index].name) killed", toError: false)
    }
  }

  private func heal(_ index: Int) {
    sites.withLock { sites in
      guard sites.indices.contains(index) else { return }
      if let process = sites[index].process, process.isRunning { return }
      do throws(StartError) {
        sites[index].process = try ChildProcess.standIn(sites[index].name, sites[index].address)
        Output.write("--- \(sites[index].name) started again", toError: false)
      } catch { Output.write("--- \(error)", toError: false) }
    }
  }

  func end() {
    sites.withLock { sites in
      for site in sites { site.process?.kill() }
      sites = []
    }
  }

  var list: String {
    sites.withLock { sites in
      sites.map { "  \($0.name) on \($0.address), process \($0.process?.identifier ?? 0)" }.joined(separator: "\n")
    }
  }

  var failCommand: String { sites.withLock { "kill -9 \($0.first?.process?.identifier ?? 0)" } }

  var healCommand: String {
    sites.withLock { "\(ChildProcess.ownPath) stand-in \($0.first?.address.description ?? "") \($0.first?.name ?? "")" }
  }
}
