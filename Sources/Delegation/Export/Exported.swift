import Assembly
import JSONFormat
import Memory
import Wire
import Zone

/// What `alula route53 export` and `diff` begin with: a configuration as record sets.
struct Exported {
  let zone: DomainName
  let result: Exporter.Result

  init(config: String, zone name: DomainName?, zoneID: String, _ voice: Voice) throws(Source.Failure) {
    let assembled = try voice.assemble(config)
    if name == nil, assembled.zones.count > 1 { throw Source.Failure("\(config) has several zones: say --zone NAME") }
    guard let zone = name ?? assembled.zones.first?.zone.value.apex, let index = assembled.index(ofZone: zone) else {
      throw Source.Failure("\(config) has no zone \(name?.shortText ?? "")")
    }
    var exporter = Exporter(zone: zone, zoneID: zoneID)
    self.zone = zone
    result = exporter.run(assembled.configuration, assembled.zones[index])
  }

  var networks: [String: [String]] {
    Dictionary(result.locations.map { ($0.name, $0.networks) }) { first, _ in first }
  }
  var checks: [String: JSON] { Dictionary(result.checks.map { ($0.name, $0.config) }) { first, _ in first } }
}
