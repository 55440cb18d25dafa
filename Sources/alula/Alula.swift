import ArgumentParser
import Daemon

/// `alula`: arguments only; what they ask for is done elsewhere.
@main
struct Alula: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alula",
    abstract: "An authoritative DNS server with built-in failover.",
    version: "alula \(Commands.version)",
    subcommands: [
      Serve.self, Check.self, Explain.self, Simulate.self, Demo.self, Status.self, Drain.self, Force.self, Release.self,
      Failback.self, Confirm.self, Reload.self, Events.self, ZoneCommand.self, Route53.self, AuditCommand.self,
      BenchCommand.self,
      StandIn.self,
      Version.self,
    ])

  /// Exit status 0: done, 1: failed, 2: wrong use.
  static func main() {
    Output.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let status = exitCode(for: error) == .validationFailure ? ExitCode(2) : exitCode(for: error)
      let message = fullMessage(for: error)
      if !message.isEmpty { Output.write(message, toError: !status.isSuccess) }
      Output.exit(status.rawValue)
    }
  }
}

struct ConfigurationFile: ParsableArguments {
  @Option(name: .long, help: "The configuration file; else ./alula.yaml or /etc/alula/alula.yaml.")
  var config: String = Commands.usualConfiguration
}

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve a configuration until SIGTERM; SIGHUP reloads it.")

  @OptionGroup var file: ConfigurationFile

  func run() throws { throw ExitCode(Commands.serve(file.config)) }
}

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a configuration and its zones, as `serve` would, and start nothing.")

  @OptionGroup var file: ConfigurationFile

  func run() throws { throw ExitCode(Commands.check(file.config)) }
}

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Serve an example with two stand-in websites, and let them fail and heal.")

  @Option(name: .long, help: "The configuration file; its endpoints must be loopback addresses.")
  var config: String = "zones/alula.yaml"

  func run() throws { throw ExitCode(Commands.demo(config)) }
}

/// A website of the demo, in a process of its own so that it can be killed.
struct StandIn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stand-in", abstract: "Play a website on a loopback address.", shouldDisplay: false)

  @Argument(help: "ADDRESS:PORT to listen on.")
  var address: String

  @Argument(help: "The name that it answers with.")
  var name: String

  func run() throws { throw ExitCode(Commands.standIn(address, name)) }
}

struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() { Output.write("alula \(Commands.version)", toError: false) }
}
