import Assembly
import Diagnostics
import JSONFormat
import Memory
import Sockets
package import Wire
import Zone

/// What `alula route53 export` and `diff` begin with: a configuration as record sets.
struct Exported {
  let zone: DomainName
  let result: Exporter.Result

  init(config: String, zone name: DomainName?, zoneID: String, say: (String) -> Void) throws(Source.Failure) {
    var problems = ProblemList()
    let assembled = Assembler.assemble(config, at: Clock.seconds(), problems: &problems)
    for problem in problems.listed where problem.severity == .error { say("\(problem)") }
    guard let assembled else { throw Source.Failure("the configuration cannot be used") }
    guard let zone = name ?? assembled.zones.first?.zone.value.apex, let index = assembled.index(ofZone: zone) else {
      throw Source.Failure("\(config) has no zone \(name?.shortText ?? "")")
    }
    if name == nil, assembled.zones.count > 1 { throw Source.Failure("\(config) has several zones: say --zone NAME") }
    var exporter = Exporter(zone: zone, zoneID: zoneID)
    self.zone = zone
    result = exporter.run(assembled.configuration, assembled.zones[index])
  }

  var checks: [String: JSON] { Dictionary(result.checks.map { ($0.name, $0.config) }) { first, _ in first } }
}

/// `alula route53 export`: the way back.
package struct ExportTool: Sendable {
  package var config = ""
  package var zone: DomainName?
  package var zoneID: String?
  package var folder = ""
  package var applies = false
  package var acceptsGaps = false
  package var aws = AWS()
  package var say: @Sendable (String) -> Void

  package init(say: @escaping @Sendable (String) -> Void) { self.say = say }

  /// - Returns: the exit status: 1 also when something could not be taken over.
  package func run() -> Int32 {
    do throws(Source.Failure) {
      let exported = try Exported(
        config: config, zone: zone, zoneID: zoneID.map(Source.plainID) ?? "HOSTED-ZONE-ID", say: say)
      say(exported.result.report.text)
      let gaps = exported.result.report.gaps.count
      if gaps > 0, !acceptsGaps {
        throw Source.Failure("\(gaps) things are not known to Route 53; --accept-gaps exports the rest")
      }
      let batches = Batches.split(exported.result.records, comment: "Alula: export of \(exported.zone.shortText)")
      try write(exported, batches)
      if applies { try apply(exported, batches) }
      return 0
    } catch {
      say("\(error)")
      return 1
    }
  }

  /// The same content has the same reference, so that a second run makes no second check.
  private func reference(_ check: (name: String, config: JSON)) -> String {
    "alula-\(String(ContentHash.of(Array((check.name + check.config.text).utf8).rawBytes), radix: 16))"
  }

  private func write(_ exported: Exported, _ batches: [ChangeBatch]) throws(Source.Failure) {
    let checks = exported.result.checks.map { check in
      JSON.object([
        "Name": .string(check.name), "CallerReference": .string(reference(check)), "HealthCheckConfig": check.config,
      ])
    }
    do throws(FileError) {
      try makeNewFolder(folder)
      try FileOutput.create(JSON.array(checks).prettyText + "\n", at: "\(folder)/health-checks.json")
      for (i, batch) in batches.enumerated() {
        try FileOutput.create(batch.json.prettyText + "\n", at: "\(folder)/batch-\(i + 1).json")
      }
    } catch { throw Source.Failure("\(error); give --into a folder that does not exist") }
    say(
      "written to \(folder): health-checks.json with \(checks.count) checks, and \(batches.count) change batches in which `check:NAME` stands for the id that a check will have"
    )
  }

  private func apply(_ exported: Exported, _ batches: [ChangeBatch]) throws(Source.Failure) {
    guard let zoneID else { throw Source.Failure("--apply needs --zone-id ID") }
    var ids: [String: String] = [:]
    // Calculated checks come after those that they ask.
    let ordered =
      exported.result.checks.filter { $0.config["ChildHealthChecks"] == nil }
      + exported.result.checks.filter { $0.config["ChildHealthChecks"] != nil }
    for check in ordered { ids[check.name] = try create(check, ids) }
    let applying = Applying(aws, zoneID: zoneID, say: say)
    for batch in batches {
      var resolved = batch
      resolved.changes = batch.changes.map { .init($0.action, Batches.resolve($0.record, ids)) }
      try applying.apply(resolved)
    }
  }

  private func create(_ check: (name: String, config: JSON), _ ids: [String: String]) throws(Source.Failure) -> String {
    let file = try TemporaryFile(Batches.resolve(check.config, ids).text)
    defer { file.remove() }
    do throws(AWS.Failure) {
      let shape = try aws.route53([
        "create-health-check", "--caller-reference", reference(check), "--health-check-config", "file://\(file.path)",
      ])
      guard let id = shape?.json["HealthCheck"]?["Id"]?.string else {
        throw AWS.Failure(description: "the health check \(check.name) has no id", code: nil)
      }
      _ = try aws.route53([
        "change-tags-for-resource", "--resource-type", "healthcheck", "--resource-id", id, "--add-tags",
        "Key=Name,Value=\(check.name)",
      ])
      say("health check \(check.name): \(id)")
      return id
    } catch { throw Source.Failure("\(error)") }
  }
}

/// `alula route53 diff`.
package struct DiffTool: Sendable {
  package var config = ""
  package var zone: DomainName?
  package var source = Source()
  package var json = false
  package var say: @Sendable (String) -> Void
  package var give: @Sendable (String) -> Void

  package init(say: @escaping @Sendable (String) -> Void, give: @escaping @Sendable (String) -> Void) {
    self.say = say
    self.give = give
  }

  /// - Returns: the exit status: 1 when anything differs.
  package func run() -> Int32 {
    do throws(Source.Failure) {
      let exported = try Exported(
        config: config, zone: zone, zoneID: source.zoneID.map(Source.plainID) ?? "Z", say: say)
      for gap in exported.result.report.gaps { say("not compared: \(gap.subject): \(gap.text)") }
      let hosted = try source.hostedZone()
      let checks = try source.allHealthChecks()
      var ours: [RecordSet] = []
      do throws(ShapeError) {
        for record in exported.result.records { ours.append(try RecordSet(Shape(record, "export"))) }
      } catch { throw Source.Failure("\(error)") }
      let diff = ZoneDiff(
        exported.zone, theirs: hosted.records, Dictionary(checks.map { ($0.id, $0.config) }) { first, _ in first },
        ours: ours, exported.checks)
      if json { give(diff.json.text) } else if !diff.lines.isEmpty { give(diff.text) }
      if diff.lines.isEmpty { say("no difference") }
      return diff.lines.isEmpty ? 0 : 1
    } catch {
      say("\(error)")
      return 1
    }
  }
}
