import ArgumentParser
import Control
import Daemon

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say why a pool answers as it does.",
    discussion: """
      Asks the running server. With --offline, --down or --at: from the configuration alone, with everybody up but \
      those of --down.
      """)

  @Argument(help: "The name that is asked for.")
  var name: String

  @Argument(help: "A or AAAA; both without it.")
  var type: String?

  @Option(help: "The address of the client, or of its resolver, for whom; else for one in no network.")
  var client: String?

  @Flag(help: "Do not ask a server.")
  var offline = false

  @Option(help: "An endpoint, an address or CHECK@ENDPOINT to suppose down; may be given several times.")
  var down: [String] = []

  @Option(help: ArgumentHelp("When, in UTC: \"Sat 02:00\".", valueName: "time of week"))
  var at: String?

  @OptionGroup var server: ServerOptions

  func validate() throws {
    if let type, !["A", "AAAA"].contains(type.uppercased()) {
      throw ValidationError("TYPE is A or AAAA: pools hold addresses.")
    }
    if let at, Commands.timeOfWeek(at) == nil {
      throw ValidationError("--at takes a time of the week, such as \"Sat 02:00\".")
    }
    if let client, !Commands.isAddress(client) { throw ValidationError("--client takes an IP address.") }
  }

  func run() throws {
    if offline || !down.isEmpty || at != nil { throw ExitCode(explainOffline()) }
    let terms = [("name", name), ("type", type), ("client", client)].compactMap { key, value in
      value.map { "\(key)=\(ControlPlace.encoded($0))" }
    }
    throw ExitCode(try server.hand().show("/api/v1/explain?" + terms.joined(separator: "&")))
  }

  private func explainOffline() -> Int32 {
    Commands.explain(
      Commands.Explain(
        config: server.config ?? Commands.usualConfiguration, name: name, type: type, client: client, down: down,
        timeOfWeek: at.flatMap(Commands.timeOfWeek), json: server.json))
  }
}
