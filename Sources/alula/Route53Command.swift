import ArgumentParser
import Daemon
import Delegation
import Sockets
import Wire

/// `alula route53 …`: the way from Route 53 and back.
struct Route53: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route53", abstract: "Move from Route 53, delegate a name from it, and go back.",
    subcommands: [Import.self, Delegate.self, Export.self, Diff.self])
}

/// Where the hosted zone is read from.
struct HostedZoneOptions: ParsableArguments {
  @Option(help: "The hosted zone's id: it is read, and changed, by the AWS command line.")
  var zoneId: String?

  @Option(
    parsing: .upToNextOption,
    help: "What `aws route53 list-resource-record-sets` has printed; several files for several pages.")
  var records: [String] = []

  @Option(parsing: .upToNextOption, help: "What `aws route53 list-health-checks` has printed.")
  var healthChecks: [String] = []

  func require() throws {
    if zoneId == nil && records.isEmpty { throw ValidationError("Give --zone-id ID, or --records FILE.") }
  }

  var source: Source {
    var source = Source()
    source.zoneID = zoneId
    source.records = records
    source.healthChecks = healthChecks
    return source
  }
}

/// The networks of CIDR collections, where they are not asked for.
struct CollectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("What `list-cidr-blocks` has printed for a collection.", valueName: "collection=file"))
  var cidr: [String] = []

  func networks() throws -> [(collection: String, file: String)] {
    try cidr.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--cidr takes COLLECTION=FILE, not `\(text)`.") }
      return (parts[0], parts[1])
    }
  }
}

struct Delegate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delegate", abstract: "Delegate a name of a hosted zone to Alula, in one change that can be undone.",
    discussion: """
      Prints the change that deletes what the delegation hides and adds NS, glue and DS records, after every server \
      has answered as the hosted zone does today. The change that restores everything goes to --undo-file. Nothing \
      is changed without --apply. With --undo FILE: takes a delegation back.
      """)

  @Argument(help: "The name to delegate, which is a zone of the configuration.")
  var name: String?

  @Option(help: "The configuration file.")
  var config: String?

  @OptionGroup var zone: HostedZoneOptions

  @Option(
    help: ArgumentHelp(
      "Where to ask a server, if not at its address in the zone file; port 53 unless said otherwise.",
      valueName: "name=address[:port]"))
  var server: [String] = []

  @Option(help: "Seconds, of the NS, glue and DS records.")
  var ttl: UInt32 = 300

  @Option(help: "The data of a DS record; else made of the zone's keys, if it is signed.")
  var ds: [String] = []

  @Flag(help: "Take the place of a delegation that is there already.")
  var replace = false

  @Flag(help: "Go on although servers answer otherwise than the hosted zone does today.")
  var acceptDifferences = false

  @Option(help: "A new file for the change that undoes it.")
  var undoFile: String?

  @Option(help: "Undo the delegation by the change in this file.")
  var undo: String?

  @Flag(help: "Change the hosted zone, and wait until all of Route 53's servers have it.")
  var apply = false

  func validate() throws {
    try zone.require()
    if undo != nil { return }
    guard let name, config != nil else { throw ValidationError("Give NAME and --config FILE, or --undo FILE.") }
    guard (try? DomainName(name)) != nil else { throw ValidationError("`\(name)` is not a domain name.") }
    _ = try server.map(Arguments.server)
  }

  func run() throws {
    if let undo {
      throw ExitCode(UndoTool(file: undo, source: zone.source, applies: apply, Arguments.voice).run())
    }
    var tool = DelegateTool(Arguments.voice)
    tool.name = try DomainName(name ?? ".")
    tool.config = config ?? ""
    tool.source = zone.source
    tool.servers = try server.map(Arguments.server)
    tool.ttl = ttl
    tool.delegationSigners = ds
    tool.replaces = replace
    tool.acceptsDifferences = acceptDifferences
    tool.undoFile = undoFile ?? ""
    tool.applies = apply
    throw ExitCode(tool.run())
  }
}

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a configuration and a zone file out of a hosted zone.",
    discussion: """
      Reads files, or Route 53 by the AWS command line, and writes a new folder. Says what became of everything: \
      what cannot be taken over is listed with what to do instead, and makes the exit status 1.
      """)

  @OptionGroup var zone: HostedZoneOptions

  @Option(parsing: .upToNextOption, help: "What `list-tags-for-resources` has printed, for the names of health checks.")
  var tags: [String] = []

  @OptionGroup var collections: CollectionOptions

  @Option(help: "Only this name and what lies below it; it becomes the zone.")
  var name: String?

  @Option(
    help: ArgumentHelp("A server that will answer for the zone.", valueName: "name[=address]"))
  var server: [String] = []

  @Option(help: "A new folder.")
  var into: String = ""

  @Flag(help: "Print what becomes what, as a table in Markdown.")
  var mapping = false

  @Option(help: "The file in MaxMind's format for countries and continents, where they are used.")
  var locationDatabase = "GeoLite2-Country.mmdb"

  @Flag(help: "Exit status 0 although something could not be taken over.")
  var acceptGaps = false

  @Flag(help: "The report for programs.")
  var json = false

  func validate() throws {
    if mapping { return }
    try zone.require()
    if into.isEmpty { throw ValidationError("Give --into FOLDER, a new one.") }
    if let name, (try? DomainName(name)) == nil { throw ValidationError("`\(name)` is not a domain name.") }
    _ = try servers()
    _ = try collections.networks()
  }

  func run() throws {
    if mapping { return Output.write(Mapping.table, toError: false) }
    var tool = ImportTool(Arguments.voice)
    tool.source = zone.source
    tool.tags = tags
    tool.networks = try collections.networks()
    tool.name = try name.map { try DomainName($0) }
    tool.servers = try servers()
    tool.folder = into
    tool.locations = locationDatabase
    tool.acceptsGaps = acceptGaps
    tool.json = json
    tool.serial = Commands.serialOfToday
    throw ExitCode(tool.run())
  }

  private func servers() throws -> [NameServer] {
    var servers: [(name: DomainName, addresses: [IPAddress])] = []
    for text in server {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let address = parts.count == 2 ? IPAddress(parts[1]) : nil
      guard let first = parts.first, let name = try? DomainName(first), parts.count == 1 || address != nil else {
        throw ValidationError("--server takes NAME or NAME=ADDRESS, not `\(text)`.")
      }
      if let i = servers.firstIndex(where: { $0.name == name }) {
        servers[i].addresses += [address].compactMap(\.self)
      } else {
        servers.append((name, [address].compactMap(\.self)))
      }
    }
    return servers.map { NameServer(name: $0.name, addresses: $0.addresses) }
  }
}

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Make record sets and health checks of a configuration: the way back to Route 53.",
    discussion: """
      Writes a new folder: health checks to be created, and change batches within Route 53's limits. With --apply the \
      AWS command line creates and applies them. What Route 53 does not know is listed.
      """)

  @OptionGroup var file: ConfigurationFile

  @Option(help: "The zone, where the configuration has several.")
  var zone: String?

  @Option(help: "The hosted zone's id, for aliases and --apply.")
  var zoneId: String?

  @Option(help: "A new folder.")
  var into: String

  @Option(help: "A file with ids of health checks that are there, by name: { \"NAME\": \"ID\" }.")
  var ids: String?

  @Flag(help: "Create the health checks, apply the batches, and wait until all of Route 53's servers have them.")
  var apply = false

  @Flag(help: "Export the rest although something is not known to Route 53.")
  var acceptGaps = false

  func validate() throws {
    if let zone, (try? DomainName(zone)) == nil { throw ValidationError("`\(zone)` is not a domain name.") }
    if apply, zoneId == nil { throw ValidationError("--apply needs --zone-id ID.") }
  }

  func run() throws {
    var tool = ExportTool(Arguments.voice)
    tool.config = file.config
    tool.zone = try zone.map { try DomainName($0) }
    tool.zoneID = zoneId
    tool.folder = into
    tool.ids = ids
    tool.applies = apply
    tool.acceptsGaps = acceptGaps
    throw ExitCode(tool.run())
  }
}

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Say what differs between a hosted zone and a configuration.",
    discussion: """
      A line that begins with - is in Route 53 alone, one with + in the configuration. Exit status 1 when anything \
      differs, 2 when that could not be found out.
      """)

  @OptionGroup var file: ConfigurationFile
  @OptionGroup var hosted: HostedZoneOptions
  @OptionGroup var collections: CollectionOptions

  @Option(help: "The zone, where the configuration has several.")
  var zone: String?

  @Flag(help: "For programs.")
  var json = false

  func validate() throws {
    try hosted.require()
    _ = try collections.networks()
    if let zone, (try? DomainName(zone)) == nil { throw ValidationError("`\(zone)` is not a domain name.") }
  }

  func run() throws {
    var tool = DiffTool(Arguments.voice)
    tool.config = file.config
    tool.zone = try zone.map { try DomainName($0) }
    tool.source = hosted.source
    tool.networks = try collections.networks()
    tool.json = json
    throw ExitCode(tool.run())
  }
}
