import Assembly
import Diagnostics
import JSONFormat
import Memory
package import Wire

/// `alula route53 import`: reads, maps, and writes a new folder whole or not at all.
package struct ImportTool: Sendable {
  package var source = Source()
  /// Printed by `list-tags-for-resources`, for the names of health checks.
  package var tags: [String] = []
  /// Printed by `list-cidr-blocks`, with its collection's id.
  package var networks: [(collection: String, file: String)] = []
  /// Nil: the whole hosted zone.
  package var name: DomainName?
  package var servers: [NameServer] = []
  package var folder = ""
  package var locations = "GeoLite2-Country.mmdb"
  package var acceptsGaps = false
  package var json = false
  /// Of the zone file, say of today: 2026112501.
  package var serial: UInt32 = 1
  let voice: Voice

  package init(_ voice: Voice) { self.voice = voice }

  /// - Returns: the exit status: 1 also when something could not be taken over.
  package func run() -> Int32 {
    voice.run { () throws(Source.Failure) in
      let report = try importAll()
      voice.give(json ? report.json.text : report.text)
      if report.gaps.isEmpty || acceptsGaps { return 0 }
      voice.say("\(report.gaps.count) things could not be taken over; --accept-gaps takes that for success")
      return 1
    }
  }

  private func importAll() throws(Source.Failure) -> ImportReport {
    let hosted = try source.hostedZone()
    guard let zone = name ?? hosted.name else {
      throw Source.Failure("the records have no SOA: say --name for the zone's name")
    }
    guard hosted.records.contains(where: { $0.name.isAtOrBelow(zone) && ($0.type != "SOA" && $0.type != "NS") }) else {
      throw Source.Failure("nothing at or below \(zone.shortText) is in these records")
    }
    if let own = hosted.name, !zone.isAtOrBelow(own) {
      throw Source.Failure("\(zone.shortText) does not lie in the hosted zone \(own.shortText)")
    }
    guard !servers.isEmpty else {
      throw Source.Failure("say the names of the servers that will answer: --server ns1.\(zone.shortText)=ADDRESS")
    }
    if let unknown = servers.first(where: { $0.name.isAtOrBelow(zone) && $0.addresses.isEmpty }) {
      let name = unknown.name.shortText
      throw Source.Failure("\(name) lies in the zone, so its address is needed: --server \(name)=ADDRESS")
    }
    let checks = try source.allHealthChecks()
    var importer = Importer(hosted, zone: zone, servers: servers, serial: serial)
    let file = "\(zone.isRoot ? "root" : ImportTool.fileName(zone)).zone"
    let origin = source.records.first ?? "hosted zone \(Source.plainID(source.zoneID ?? "?"))"
    let result = importer.run(
      checks, tags: try names(of: checks), networks: try source.networks(of: hosted, networks), file: file,
      locations: locations,
      origin: origin)
    let original = JSON.object([
      "ResourceRecordSets": .array(hosted.records.filter { $0.name.isAtOrBelow(zone) }.map(\.json)),
      "HealthChecks": .array(checks.map(\.json)),
    ])
    try write([
      ("alula.yaml", result.configuration), (file, result.zoneFile), ("route53.json", original.prettyText + "\n"),
    ])
    voice.say(
      "written to \(folder): alula.yaml, \(file), and route53.json with what it was made of; look through it, then `alula check --config \(folder)/alula.yaml`"
    )
    var report = result.report
    var problems = ProblemList()
    _ = Assembler.assemble("\(folder)/alula.yaml", at: 0, problems: &problems)
    for problem in problems.listed where problem.severity == .error {
      report.gap("as it stands it is refused", "\(problem)")
    }
    return report
  }

  private static func fileName(_ zone: DomainName) -> String {
    String(zone.shortText.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_" ? $0 : "-" })
  }

  /// In a folder of another name, which gets its own when all is there.
  private func write(_ files: [(name: String, text: String)]) throws(Source.Failure) {
    let part = folder + ".part"
    do throws(FileError) {
      guard !exists(folder) else { throw FileError(path: folder, message: "it is there already") }
      try makeNewFolder(part)
      for file in files { try FileOutput.create(file.text, at: "\(part)/\(file.name)", isPrivate: false) }
      try rename(part, to: folder)
    } catch {
      for file in files { try? removeFile("\(part)/\(file.name)") }
      try? removeFolder(part)
      throw Source.Failure("\(error); give --into a folder that does not exist")
    }
  }

  // MARK: - What Route 53 keeps beside records and checks

  private func names(of checks: [HealthCheck]) throws(Source.Failure) -> [String: String] {
    let pages = try Source.read(tags)
    do throws(ShapeError) {
      var shapes: [Shape] = []
      for page in pages { shapes.append(try Document.read(page.file, page.text)) }
      if tags.isEmpty, source.zoneID != nil, source.healthChecks.isEmpty {
        // So many may be asked for at once.
        for start in stride(from: 0, to: checks.count, by: 10) {
          let ids = checks[start..<min(start + 10, checks.count)].map(\.id)
          let words = ["list-tags-for-resources", "--resource-type", "healthcheck", "--resource-ids"]
          shapes.append(try source.ask(words + ids))
        }
      }
      return try ImportTool.names(shapes)
    } catch { throw Source.Failure("\(error)") }
  }

  private static func names(_ shapes: [Shape]) throws(ShapeError) -> [String: String] {
    var names: [String: String] = [:]
    for shape in shapes {
      for set in try shape.member("ResourceTagSets").elements() {
        let id = try set.member("ResourceId").string()
        for tag in try set.member("Tags").elements() where try tag.member("Key").string() == "Name" {
          names[id] = try tag.string("Value")
        }
      }
    }
    return names
  }
}
