import ArgumentParser
import Daemon

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say why a pool answers as it does.",
    discussion: "From the configuration alone, with everybody up but those of --down.")

  @Argument(help: "The name that is asked for.")
  var name: String

  @Argument(help: "A or AAAA.")
  var type: String = "A"

  @Option(help: "The configuration file.")
  var config: String

  @Option(help: "An endpoint, an address or CHECK@ENDPOINT to suppose down; may be given several times.")
  var down: [String] = []

  @Option(help: ArgumentHelp("When, in UTC: \"Sat 02:00\".", valueName: "time of week"))
  var at: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if !["A", "AAAA"].contains(type.uppercased()) { throw ValidationError("TYPE is A or AAAA: pools hold addresses.") }
    if let at, Commands.timeOfWeek(at) == nil {
      throw ValidationError("--at takes a time of the week, such as \"Sat 02:00\".")
    }
  }

  func run() throws {
    throw ExitCode(
      Commands.explain(
        Commands.Explain(
          config: config, name: name, isIPv6: type.uppercased() == "AAAA", down: down,
          timeOfWeek: at.flatMap(Commands.timeOfWeek), json: json)))
  }
}
