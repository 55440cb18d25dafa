import Diagnostics
import Memory
import Testing
import Wire
import Zone

/// What became of a master file: a zone or none, and the problems as lines.
final class Outcome {
  let problems: [String]
  private let zone: Shared<Zone>?

  init(_ zone: consuming Zone?, _ problems: ProblemList) {
    if let zone { self.zone = Shared(zone) } else { self.zone = nil }
    self.problems = problems.listed.map(\.description)
  }

  var isBuilt: Bool { zone != nil }

  struct NotBuilt: Error { let problems: [String] }

  /// What `read` sees of the zone.
  func see<Result>(_ read: (borrowing Zone) throws -> Result) throws -> Result {
    guard isBuilt, let result = try zone?.see(read) else { throw NotBuilt(problems: problems) }
    return result
  }

  func lookup(_ name: DomainName, atParent: Bool = false) throws -> Lookup {
    var buffer = NameBuffer()
    buffer.set(name)
    return try zone?.see { $0.lookup(buffer, atParent ? .ds : .a) } ?? { throw NotBuilt(problems: problems) }()
  }
}

extension Shared where Value == Zone {
  fileprivate func see<Result>(_ read: (borrowing Zone) throws -> Result) rethrows -> Result { try read(value) }
}

/// Builds the zone `example.` from a master file, and lets go of each record when it is written.
func build(_ text: String, pooled: [String] = [], apex: String = "example.") throws -> Outcome {
  let apex = try DomainName(apex)
  let octets = Array("$TTL 300\n\(text)\n".utf8)
  let parsed = ZoneFileParser.parse(file: "z", apex: apex, text: octets.span) { _, _, _ in "none" }
  var problems = parsed.problems
  #expect(problems.isEmpty, "the parser must be content")
  let names = try pooled.map { try DomainName($0) }
  let zone = ZoneBuilder.build(records: parsed.takeRecords(), pooled: names, step: 1, problems: &problems)
  return Outcome(zone, problems)
}

/// What every zone needs; its records are at lines 2 to 4, what follows begins at line 5.
let apexRecords = """
  @ SOA ns h 1 2 3 4 60
  @ NS ns
  ns A 192.0.2.53

  """
