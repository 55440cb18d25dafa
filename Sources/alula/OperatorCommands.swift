import ArgumentParser
import Control
import Daemon
import JSONFormat

/// Whom a command asks, and how it says what they answered.
struct ServerOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A server's control API: ADDRESS:PORT, or the path of its socket. May be given several times.",
      discussion: "Without it: the one that the configuration names.", valueName: "address|path"))
  var control: [String] = []

  @Option(name: .long, help: "The server's configuration; else ./alula.yaml or /etc/alula/alula.yaml.")
  var config: String?

  @Option(name: .long, help: "The file with the token that orders over TCP need.")
  var tokenFile: String?

  @Flag(name: .long, help: "JSON instead of text.")
  var json = false

  /// Ends the command with status 1 when nobody can be asked.
  func hand() throws -> Operator {
    let targets = Commands.Targets(control: control, config: config, tokenFile: tokenFile)
    guard let hand = Commands.operator(targets, isJSON: json) else { throw ExitCode(1) }
    return hand
  }
}

/// Why, by whom and for how long.
struct OrderOptions: ParsableArguments {
  @Option(name: .long, help: "Why, for those who wonder later.")
  var reason: String = ""

  @Option(name: .long, help: "Who says so; else $SUDO_USER or $USER.")
  var by: String = Commands.whoAmI
}

struct ExpiryOptions: ParsableArguments {
  @Option(name: .long, help: "It ends by itself after this time, such as 30m or 2h; else it lasts until released.")
  var expires: String?

  mutating func validate() throws {
    if let expires, Commands.seconds(expires) == nil {
      throw ValidationError("--expires takes a duration of at least 1s, such as 30m or 2h; found `\(expires)`")
    }
  }

  var json: JSON { expires.flatMap(Commands.seconds).map { .integer($0) } ?? .null }
}

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what the server believes: each pool's answer and each member's health.")

  @Argument(help: "One pool only.")
  var pool: String?

  @Flag(name: .long, help: "Show it again every second, until Ctrl-C.")
  var watch = false

  @OptionGroup var server: ServerOptions

  func run() throws {
    let path = pool.map { "/api/v1/pools/" + ControlPlace.encoded($0) } ?? "/api/v1/status"
    let hand = try server.hand()
    if watch { hand.watch(path, clears: Commands.outputIsTerminal) }
    throw ExitCode(hand.show(path))
  }
}

struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "List what happened, the latest last.")

  @Option(name: .long, help: "How many at most, up to 1000.")
  var limit: Int = 50

  @OptionGroup var server: ServerOptions

  func run() throws { throw ExitCode(try server.hand().show("/api/v1/events?limit=\(limit)")) }
}

struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Read configuration and zones anew, and say what changed, or what is wrong.")

  @OptionGroup var server: ServerOptions

  func run() throws { throw ExitCode(try server.hand().reload()) }
}

struct Drain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Take endpoints out of all answers, whatever their checks say, until released.",
    discussion: "It says when the last answer that named them expires in honest caches.")

  @Argument(help: "ENDPOINT, ENDPOINT@POOL, a pool, or a glob of one in quotes.")
  var pattern: String

  @Flag(name: .long, help: "Wait until no honest cache holds an answer that named them.")
  var wait = false

  @OptionGroup var order: OrderOptions
  @OptionGroup var expiry: ExpiryOptions
  @OptionGroup var server: ServerOptions

  func run() throws {
    let body = JSON.object([
      "pattern": .string(pattern), "state": .string("drained"), "reason": .string(order.reason),
      "by": .string(order.by), "expires_in_seconds": expiry.json,
    ])
    throw ExitCode(try server.hand().order("/api/v1/overrides", body, waits: wait))
  }
}

struct Force: ParsableCommand {
  enum State: String, ExpressibleByArgument { case up, down }

  static let configuration = CommandConfiguration(
    commandName: "force", abstract: "Make endpoints count as up or down, whatever their checks say, until released.")

  @Argument(help: "ENDPOINT, ENDPOINT@POOL, a pool, the name of a manual check, or a glob of one in quotes.")
  var pattern: String

  @Argument(help: "up or down.")
  var state: State

  @OptionGroup var order: OrderOptions
  @OptionGroup var expiry: ExpiryOptions
  @OptionGroup var server: ServerOptions

  func run() throws {
    let body = JSON.object([
      "pattern": .string(pattern), "state": .string(state.rawValue), "reason": .string(order.reason),
      "by": .string(order.by), "expires_in_seconds": expiry.json,
    ])
    throw ExitCode(try server.hand().order("/api/v1/overrides", body))
  }
}

struct Release: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "End what drain or force ordered: the checks decide again.")

  @Argument(help: "What was drained or forced, or a glob of it in quotes.")
  var pattern: String

  @OptionGroup var order: OrderOptions
  @OptionGroup var server: ServerOptions

  func run() throws {
    let body = JSON.object([
      "pattern": .string(pattern), "reason": .string(order.reason), "by": .string(order.by),
    ])
    throw ExitCode(try server.hand().order("/api/v1/overrides/release", body))
  }
}

struct Failback: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failback", abstract: "Let pools that wait for the operator go back to the endpoints that they prefer."
  )

  @Argument(help: "A pool, or a glob in quotes.")
  var pool: String

  @Option(name: .long, help: "Who says so; else $SUDO_USER or $USER.")
  var by: String = Commands.whoAmI

  @OptionGroup var server: ServerOptions

  func run() throws {
    let body = JSON.object(["pattern": .string(pool), "by": .string(by)])
    throw ExitCode(try server.hand().order("/api/v1/failback", body))
  }
}

struct Confirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Let through the withdrawals that the blast radius holds back.")

  @Option(name: .long, help: "Who says so; else $SUDO_USER or $USER.")
  var by: String = Commands.whoAmI

  @OptionGroup var server: ServerOptions

  func run() throws {
    throw ExitCode(try server.hand().order("/api/v1/confirm", .object(["by": .string(by)])))
  }
}
