import ArgumentParser
import Daemon

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Play an outage against a configuration, without sockets, and show what is answered when.",
    discussion: "The story's format is described in docs/simulate.md.")

  @Option(
    help:
      "The configuration; else ./alula.yaml or /etc/alula/alula.yaml. Not for a story that brings its own endpoints.")
  var config: String?

  @Option(help: "The story file.")
  var story: String

  @Option(help: ArgumentHelp("When it begins, in UTC: \"Sat 02:00\".", valueName: "time of week"))
  var at: String?

  @Option(help: "Where in their intervals the probes run, as chance would have it.")
  var seed: UInt64 = 1

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Draw a picture into this file.")
  var svg: String?

  @Flag(help: "Exit with 1 when an `expect` line or a pool's recovery-time is missed.")
  var expect = false

  func validate() throws {
    if at != nil, timeOfWeek == nil { throw ValidationError("--at takes a time of the week, such as \"Sat 02:00\".") }
  }

  private var timeOfWeek: Int? { at.flatMap(Commands.timeOfWeek) }

  func run() throws {
    throw ExitCode(
      Commands.simulate(
        Commands.Simulate(
          config: config, story: story, timeOfWeek: timeOfWeek, seed: seed, json: json, svg: svg, expects: expect)))
  }
}
