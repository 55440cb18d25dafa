import ArgumentParser
import Daemon
import Delegation
import Wire

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check a name's delegation, and every server that it names.",
    discussion: """
      Asks the parent's servers and each of the name's own over UDP and TCP, and prints one line for each finding, with \
      what to do. Exit status 0: no error; 1: an error, with --strict also a warning; 2: wrong use.
      """)

  @Argument(help: "The delegated name.")
  var name: String

  @Option(help: "A configuration file, for the recovery times of its pools.")
  var config: String?

  @Option(
    help: ArgumentHelp(
      "A server of the parent zone, instead of those that the resolver finds.", valueName: "address[:port]"))
  var parent: [String] = []

  @Option(
    help: ArgumentHelp("Where to ask a server, instead of at its address in the DNS.", valueName: "name=address[:port]")
  )
  var server: [String] = []

  @Option(
    help: ArgumentHelp("The resolver, instead of those of /etc/resolv.conf.", valueName: "address[:port]"))
  var resolver: String?

  @Option(help: "The time in which a failure shall be out of caches: 90s, 2m.")
  var recovery: String?

  @Option(help: "The time for each try of each question, from 100ms to 1m.")
  var timeout = "2s"

  @Option(help: "The time for the whole audit, from 1s to 1h; what it does not come to is an error.")
  var limit = "1m"

  @Flag(help: "Let a warning count as an error.")
  var strict = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { _ = try tool() }

  func run() throws { throw ExitCode(try tool().run()) }

  private func tool() throws -> AuditTool {
    guard let name = try? DomainName(name), !name.isRoot else {
      throw ValidationError("`\(self.name)` is not a name that can be delegated.")
    }
    var tool = AuditTool(name) {
      Output.write($0, toError: true)
    } give: {
      Output.write($0, toError: false)
    }
    tool.config = config
    tool.parents = try parent.map { try Arguments.address($0, of: "--parent") }
    tool.servers = try server.map(Arguments.server)
    tool.resolver = try resolver.map { try Arguments.address($0, of: "--resolver") }
    tool.recovery = try recovery.map {
      try Arguments.duration($0, of: "--recovery", .milliseconds(1)...(.seconds(604_800)))
    }
    let timeout = try Arguments.duration(timeout, of: "--timeout", .milliseconds(100)...(.seconds(60)))
    tool.patience.timeout = UInt64(timeout / .nanoseconds(1))
    let limit = try Arguments.duration(limit, of: "--limit", .seconds(1)...(.seconds(3600)))
    tool.limit = UInt64(limit / .nanoseconds(1))
    tool.isStrict = strict
    tool.json = json
    return tool
  }
}
