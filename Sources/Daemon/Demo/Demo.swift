import Assembly
import Configuration
import Failover
import Memory
import Observing
import Probing
import Wire

extension Commands {
  /// Serves a configuration whose endpoints are websites on loopback, plays those websites, and lets
  /// them fail and heal by a key.
  package static func demo(_ path: String) -> Int32 {
    var sites: DemoSites?
    defer { sites?.end() }
    var text = ""
    let log = LogQueue(descriptor: 1)
    let daemon = start(path, log) { assembled throws(StartError) in
      let played = try DemoSites(assembled.health)
      sites = played
      text = introduction(assembled, played)
    }
    guard let daemon, let sites else { return 1 }
    Output.write(text, toError: false)
    let terminal = Terminal()
    defer { terminal.restore() }
    terminal.eachKey { sites.obey($0) }
    return run(daemon, log)
  }

  private static func introduction(_ assembled: Assembled, _ sites: DemoSites) -> String {
    let name = assembled.health.pools.first?.name ?? "."
    let digs = assembled.configuration.server.listen.map { address in
      "  dig @\(address.value.address) -p \(address.value.port) \(name) A"
    }
    return """
      Alula demo: \(name) is served from two websites, both played on this machine.
      \(sites.list)
      Ask for it:
      \(digs.joined(separator: "\n"))
      Let the primary fail:  press f  or run  \(sites.failCommand)
      Heal it again:         press h  or run  \(sites.healCommand)
      (F and H do the same to the secondary.)  Stop:  press q

      """
  }
}
