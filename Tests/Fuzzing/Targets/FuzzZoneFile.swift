import Diagnostics
import Wire
import Zone

/// Reads `octets` as a master file of the zone app.example.com and builds the zone. Whatever they are, there
/// is a zone or problems with their places, and never a trap.
package func fuzzZoneFile(_ octets: [UInt8]) {
  guard let apex = try? DomainName("app.example.com") else { preconditionFailure("a good name") }
  var limits = ZoneFileLimits()
  // Small, so that one input of many $GENERATE lines does not take the fuzzer's whole time.
  limits.generated = 100
  limits.includeDepth = 1
  limits.listedProblems = 10
  var includes = 0
  let parsed = ZoneFileParser.parse(file: "fuzzed.zone", apex: apex, text: octets.span, limits: limits) {
    name, _, read in
    // A file that includes itself is the worst that an include can do; more of it shows no more.
    includes += 1
    if name.hasSuffix("missing") || includes > 1 { return "no such file" }
    read(name, octets.span)
    return nil
  }
  var problems = parsed.problems
  for problem in problems.listed { precondition(!problem.message.isEmpty && problem.position != nil) }
  if problems.hasErrors { return }
  let zone = ZoneBuilder.build(records: parsed.takeRecords(), pooled: [], problems: &problems)
  precondition(zone != nil || problems.hasErrors)
}
