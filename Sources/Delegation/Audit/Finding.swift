package import JSONFormat

/// One thing that an audit has found, good or bad.
package struct Finding: Sendable, Hashable {
  package enum Severity: String, Sendable, CaseIterable {
    case ok, note, warning, error
  }

  /// What was looked at. The raw value is what programs see.
  package enum Check: String, Sendable, CaseIterable {
    case parent, nsSet = "ns-set", glue, authority, serial, answers, ds, ttl, alias, edns, count, recursion, transfer
    case letterCase = "case"
    case place
  }

  package let severity: Severity
  package let check: Check
  /// The server that was asked, or what the finding is about.
  package let place: String
  package let what: String
  /// What to do about it; empty where nothing needs to be done.
  package let remedy: String

  package init(_ severity: Severity, _ check: Check, _ place: String, _ what: String, remedy: String = "") {
    self.severity = severity
    self.check = check
    self.place = place
    self.what = what
    self.remedy = remedy
  }

  /// One line.
  package var text: String {
    func column(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let head = column(severity.rawValue, 9) + column(check.rawValue, 11) + "\(place): \(what)"
    return remedy.isEmpty ? head : "\(head); \(remedy)"
  }

  package var json: JSON {
    .object([
      "severity": .string(severity.rawValue), "check": .string(check.rawValue), "where": .string(place),
      "what": .string(what), "do": .optional(remedy.isEmpty ? nil : remedy),
    ])
  }
}
