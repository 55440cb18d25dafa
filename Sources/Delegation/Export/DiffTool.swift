import JSONFormat
package import Wire

/// `alula route53 diff`.
package struct DiffTool: Sendable {
  package var config = ""
  package var zone: DomainName?
  package var source = Source()
  /// Printed by `list-cidr-blocks`, with their collections' ids.
  package var networks: [(collection: String, file: String)] = []
  package var json = false
  let voice: Voice

  package init(_ voice: Voice) { self.voice = voice }

  /// - Returns: the exit status: 1 when anything differs, 2 when that is not known, as with diff(1).
  package func run() -> Int32 {
    voice.run(failure: 2) { () throws(Source.Failure) in
      let exported = try Exported(
        config: config, zone: zone, zoneID: source.zoneID.map(Source.plainID) ?? "Z", voice)
      for gap in exported.result.report.gaps { voice.say("not compared: \(gap.subject): \(gap.text)") }
      let hosted = try source.hostedZone()
      let checks = try source.allHealthChecks()
      var ours: [RecordSet] = []
      do throws(ShapeError) {
        for record in exported.result.records { ours.append(try RecordSet(Shape(record, "export"))) }
      } catch { throw Source.Failure("\(error)") }
      let diff = ZoneDiff(
        exported.zone, theirs: hosted.records, Dictionary(checks.map { ($0.id, $0.config) }) { first, _ in first },
        ours: ours, exported.checks, theirNetworks: try source.networks(of: hosted, networks),
        ourNetworks: [Exporter.collection: exported.networks])
      if json { voice.give(diff.json.text) } else if !diff.lines.isEmpty { voice.give(diff.text) }
      if diff.lines.isEmpty { voice.say("no difference") }
      return diff.lines.isEmpty ? 0 : 1
    }
  }
}
