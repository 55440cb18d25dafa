import Assembly
import Diagnostics
import JSONFormat
import Memory
import Sockets
import Wire
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
