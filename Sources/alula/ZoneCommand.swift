import ArgumentParser
import Daemon

/// `alula zone …`: what a zone holds.
struct ZoneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zone", abstract: "Look at the zones that are served.", subcommands: [Show.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Print a zone's records, and which of them updates have added or removed.",
      discussion: """
        Reads the zone file and the state folder, as `serve` would; nothing is started, and no server is asked. \
        Addresses that a pool answers with are no records: see `alula status`.
        """)

    @Argument(help: "The zone's name.")
    var name: String

    @OptionGroup var file: ConfigurationFile

    @Flag(help: "For programs.")
    var json = false

    func run() throws { throw ExitCode(Commands.showZone(name, config: file.config, json: json)) }
  }
}
