import JSONFormat
import Memory
package import Wire

/// `alula route53 export`: the way back.
package struct ExportTool: Sendable {
  package var config = ""
  package var zone: DomainName?
  package var zoneID: String?
  package var folder = ""
  /// A file with ids of health checks by their names: `{ "NAME": "ID" }`.
  package var ids: String?
  package var applies = false
  package var acceptsGaps = false
  package var aws = AWS()
  let voice: Voice

  package init(_ voice: Voice) { self.voice = voice }

  /// - Returns: the exit status: 1 also when something could not be taken over.
  package func run() -> Int32 {
    voice.run { () throws(Source.Failure) in
      let exported = try Exported(
        config: config, zone: zone, zoneID: zoneID.map(Source.plainID) ?? "HOSTED-ZONE-ID", voice)
      voice.say(exported.result.report.text)
      let gaps = exported.result.report.gaps.count
      if gaps > 0, !acceptsGaps {
        throw Source.Failure("\(gaps) things are not known to Route 53; --accept-gaps exports the rest")
      }
      let batches = Batches.split(exported.result.records, comment: comment(exported.zone))
      if let large = batches.first(where: { !$0.fits }) {
        let name = large.changes.first?.record["Name"]?.string ?? "?"
        throw Source.Failure("the record sets of \(name) are more than Route 53 takes in one change")
      }
      let known = try knownIDs()
      try write(exported, batches, known)
      if applies { try apply(exported, batches, known) }
      return 0
    }
  }

  /// At most 256 characters.
  private func comment(_ zone: DomainName) -> String { String("Alula: export of \(zone.shortText)".prefix(256)) }

  /// By what stands for them.
  private func knownIDs() throws(Source.Failure) -> [String: String] {
    guard let ids else { return [:] }
    guard let page = try Source.read([ids]).first else { return [:] }
    do throws(ShapeError) {
      let shape = try Document.read(page.file, page.text)
      guard case .object(let members) = shape.json else { throw shape.error("an object of names and ids was expected") }
      var known: [String: String] = [:]
      for member in members {
        let name = member.name
        let id = try Shape(member.value, "\(shape.path) \(name)").string()
        known[name.contains(":") ? name : ExportedChecks.reference(name)] = id
      }
      return known
    } catch { throw Source.Failure("\(error)") }
  }

  private func write(
    _ exported: Exported, _ batches: [ChangeBatch], _ known: [String: String]
  ) throws(Source.Failure) {
    let checks = exported.result.checks.map { check in
      JSON.object([
        "Name": .string(check.name), "CallerReference": .string(ExportTool.reference(check.name, check.config)),
        "HealthCheckConfig": Batches.resolve(check.config, known),
      ])
    }
    var files = [("health-checks.json", JSON.array(checks))]
    if !exported.result.locations.isEmpty { files.append(("cidr-collection.json", exported.locations)) }
    for (i, batch) in batches.enumerated() { files.append(("batch-\(i + 1).json", batch.resolved(known).json)) }
    do throws(FileError) {
      try makeNewFolder(folder)
      for (name, json) in files { try FileOutput.create(json.prettyText + "\n", at: "\(folder)/\(name)") }
    } catch { throw Source.Failure("\(error); give --into a folder that does not exist") }
    voice.say(
      "written to \(folder): health-checks.json with \(Audit.count(checks.count, "check")), and \(Audit.count(batches.count, "file")) of changes"
    )
    let open = exported.placeholders.filter { known[$0] == nil }
    if !open.isEmpty, !applies {
      voice.say(
        "ids are open: \(open.joined(separator: ", ")). Create these, put their ids into a file { \"NAME\": \"ID\" }, and export once more with --ids FILE; or let --apply do it"
      )
    }
  }

  /// The same content has the same reference, so that a second run makes no second check.
  static func reference(_ name: String, _ content: JSON) -> String {
    "alula-\(String(ContentHash.of(Array((name + content.text).utf8).rawBytes), radix: 16))"
  }

  // MARK: - Applying

  private func apply(
    _ exported: Exported, _ batches: [ChangeBatch], _ known: [String: String]
  ) throws(Source.Failure) {
    guard let zoneID else { throw Source.Failure("--apply needs --zone-id ID") }
    var ids = known
    // Calculated checks come after those that they ask.
    let ordered =
      exported.result.checks.filter { $0.config["ChildHealthChecks"] == nil }
      + exported.result.checks.filter { $0.config["ChildHealthChecks"] != nil }
    for check in ordered where ids[ExportedChecks.reference(check.name)] == nil {
      ids[ExportedChecks.reference(check.name)] = try create(check.name, Batches.resolve(check.config, ids))
    }
    if !exported.result.locations.isEmpty, ids[Exporter.collection] == nil {
      ids[Exporter.collection] = try createCollection(exported)
    }
    let applying = Applying(aws, zoneID: zoneID, say: voice.say)
    for (i, batch) in batches.enumerated() {
      do throws(Source.Failure) { try applying.apply(batch.resolved(ids)) } catch {
        throw Source.Failure(
          "batch \(i + 1) of \(batches.count): \(error); those before it are applied, and a second run repeats them")
      }
    }
  }

  private func create(_ name: String, _ config: JSON) throws(Source.Failure) -> String {
    let file = try TemporaryFile(config.text)
    defer { file.remove() }
    let shape = try ask([
      "create-health-check", "--caller-reference", ExportTool.reference(name, config), "--health-check-config",
      "file://\(file.path)",
    ])
    guard let id = shape?.json["HealthCheck"]?["Id"]?.string else {
      throw Source.Failure("the health check \(name) has no id")
    }
    _ = try ask([
      "change-tags-for-resource", "--resource-type", "healthcheck", "--resource-id", id, "--add-tags",
      "Key=Name,Value=\(name)",
    ])
    voice.say("health check \(name): \(id)")
    return id
  }

  private func createCollection(_ exported: Exported) throws(Source.Failure) -> String {
    let file = try TemporaryFile(exported.locations["Changes"]?.text ?? "[]")
    defer { file.remove() }
    let name = exported.locations["Name"]?.string ?? "alula"
    let shape = try ask([
      "create-cidr-collection", "--name", name, "--caller-reference", ExportTool.reference(name, exported.locations),
    ])
    guard let id = shape?.json["Collection"]?["Id"]?.string else {
      throw Source.Failure("the CIDR collection \(name) has no id")
    }
    _ = try ask(["change-cidr-collection", "--id", id, "--changes", "file://\(file.path)"])
    voice.say("CIDR collection \(name): \(id)")
    return id
  }

  private func ask(_ words: [String]) throws(Source.Failure) -> Shape? {
    do throws(AWS.Failure) { return try aws.route53(words) } catch { throw Source.Failure("\(error)") }
  }
}

extension Exported {
  /// What `create-cidr-collection` and `change-cidr-collection` take.
  var locations: JSON {
    let changes = result.locations.map { location in
      JSON.object([
        "LocationName": .string(location.name), "Action": "PUT",
        "CidrList": .array(location.networks.map { .string($0) }),
      ])
    }
    return .object(["Name": .string(collectionName), "Changes": .array(changes)])
  }

  /// At most 64 letters, digits, `-` and `_`.
  private var collectionName: String {
    let name = "alula-\(zone.shortText)".map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
    return String(name.prefix(64))
  }

  /// What stands for ids in the batches.
  var placeholders: [String] {
    result.checks.map { ExportedChecks.reference($0.name) } + (result.locations.isEmpty ? [] : [Exporter.collection])
  }
}

extension ChangeBatch {
  func resolved(_ ids: [String: String]) -> ChangeBatch {
    var batch = self
    batch.changes = changes.map { Change($0.action, Batches.resolve($0.record, ids)) }
    return batch
  }
}
