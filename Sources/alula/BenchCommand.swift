import ArgumentParser
import Daemon
import LoadGeneration

/// The load generator: words in, report out.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Load a DNS server with queries, and report what it answers and how fast.",
    discussion: """
      Without --rate it asks as fast as answers come (closed loop); with it at that rate whatever comes back, and \
      latency counts from when a query was due. It ends by itself, and on Ctrl-C with a report.
      """)

  @Argument(help: "127.0.0.1:5300 or [::1]:5300; the port is 53 when there is none.")
  var server: String

  @OptionGroup(title: "Questions") var questions: BenchQuestions
  @OptionGroup(title: "Load") var load: BenchLoad
  @OptionGroup(title: "Transport") var transport: BenchTransport
  @OptionGroup(title: "Report") var output: BenchOutput

  func run() throws { throw ExitCode(perform()) }

  /// Exit status 0: done, 1: failed or nothing was answered, 2: wrong use.
  private func perform() -> Int32 {
    Signals.block()
    let stop = StopFlag()
    stop.set { _ = Signals.next() }
    do throws(BenchError) {
      let report = try Bench.run(try arguments.settings(), stop: stop, say: say)
      try output.write(report)
      return report.answered > 0 ? 0 : 1
    } catch {
      Output.write("alula bench: \(error)", toError: true)
      return error.isMisuse ? 2 : 1
    }
  }

  private func say(_ line: String) { if !output.quiet && !output.json { Output.write(line, toError: true) } }

  private var arguments: BenchArguments {
    var arguments = BenchArguments()
    arguments.server = server
    questions.copy(to: &arguments)
    load.copy(to: &arguments)
    transport.copy(to: &arguments)
    output.copy(to: &arguments)
    return arguments
  }
}

/// What is asked.
struct BenchQuestions: ParsableArguments {
  @Option(help: "A file of `name type` lines as dnsperf reads them; FILE*WEIGHT in a mix. Repeatable.")
  var queries: [String] = []

  @Option(help: "A zone file: its names and types are asked; FILE*WEIGHT in a mix. Repeatable.")
  var zone: [String] = []

  @Option(help: "N.NAME: N generated names below NAME, h0 to h(N-1) with leading zeros, in random order. Repeatable.")
  var random: [String] = []

  @Option(help: "The name of --zone's zone, when the file does not say it.")
  var origin: String?

  @Option(help: "The type asked of --random's names.")
  var type = "A"

  @Flag(help: "Ask for signatures (DO).")
  var dnssecOk = false

  @Option(help: "The largest UDP answer to take, in octets.")
  var udpSize = 1232

  @Flag(help: "Send a cookie, and the server's when it has given one.")
  var cookies = false

  @Flag(name: .customLong("no-edns"), help: "Queries without an OPT record.")
  var noEDNS = false

  @Option(help: "The same seed asks the same questions.")
  var seed: UInt64 = 1

  func copy(to arguments: inout BenchArguments) {
    arguments.queries = queries
    arguments.zones = zone
    arguments.random = random
    arguments.origin = origin
    arguments.type = type
    arguments.dnssecOK = dnssecOk
    arguments.udpSize = udpSize
    arguments.cookies = cookies
    arguments.noEDNS = noEDNS
    arguments.seed = seed
  }
}

/// How much is asked, and how long.
struct BenchLoad: ParsableArguments {
  @Option(help: "How long to send: 10s (the default), 250ms, 2m. With --find-max: of each step, 2s.")
  var duration: String?

  @Option(help: "How many queries to send, at most.")
  var count: Int?

  @Option(help: "Open loop: queries a second, or FIRST-LAST to go from the one to the other.")
  var rate: String?

  @Option(help: "Closed loop: queries outstanding at most, over UDP.")
  var inFlight = 256

  @Option(help: "A query without an answer for so long is lost.")
  var timeout = "1s"

  @Flag(help: "Find the highest rate that is sustained, from --rate (1000) by doubling and halving the gap.")
  var findMax = false

  @Option(help: "--find-max: the share of queries that may be lost.")
  var loss = "0.1%"

  @Option(help: "Run on this core only.")
  var cpu: Int?

  @Flag(help: "Load a server that is not on this machine: it must be yours.")
  var iOwnThisServer = false

  func copy(to arguments: inout BenchArguments) {
    arguments.duration = duration
    arguments.count = count
    arguments.rate = rate
    arguments.inFlight = inFlight
    arguments.timeout = timeout
    arguments.findMax = findMax
    arguments.loss = loss
    arguments.core = cpu
    arguments.ownsServer = iOwnThisServer
  }
}

/// How queries travel.
struct BenchTransport: ParsableArguments {
  @Option(help: "udp or tcp.")
  var transport = "udp"

  @Option(help: "UDP source ports.")
  var ports = 16

  @Option(help: "Source addresses, separated by commas.")
  var sources: String?

  @Option(help: "TCP connections.")
  var connections = 16

  @Option(help: "Queries outstanding on one TCP connection.")
  var pipeline = 16

  @Option(help: "Queries after which a TCP connection is closed and another opened; 0: never.")
  var queriesPerConnection = 0

  func copy(to arguments: inout BenchArguments) {
    arguments.transport = transport
    arguments.ports = ports
    arguments.sources = sources
    arguments.connections = connections
    arguments.pipeline = pipeline
    arguments.queriesPerConnection = queriesPerConnection
  }
}

/// What is reported, and where.
struct BenchOutput: ParsableArguments {
  @Flag(help: "The report as JSON.")
  var json = false

  @Option(help: "Also write the report as one page with plots.")
  var html: String?

  @Flag(help: "No live line.")
  var quiet = false

  @Option(name: .customLong("server-pid"), help: "Measure the processor time of this process, the server's.")
  var serverProcess: Int?

  @Flag(help: "Failover view: which addresses the answers carry, and when that changes.")
  var watchAnswers = false

  @Option(help: "ADDRESS or ADDRESS@TIME: an endpoint that is dead (from TIME on); count the answers that name it.")
  var dead: String?

  func copy(to arguments: inout BenchArguments) {
    arguments.isQuiet = quiet || json
    arguments.serverProcess = serverProcess
    arguments.watchAnswers = watchAnswers
    arguments.dead = dead
  }

  func write(_ report: BenchReport) throws(BenchError) {
    Output.write(json ? report.json : report.text, toError: false)
    if let html { try report.writePage(to: html) }
  }
}
