package import JSONFormat

/// What an import did with each thing that Route 53 has: nothing is left out in silence.
package struct ImportReport: Sendable {
  package struct Line: Sendable, Hashable {
    package let subject: String
    package let text: String
  }

  /// What became what.
  package private(set) var mapped: [Line] = []
  /// Behaves the same but for this.
  package private(set) var notes: [Line] = []
  /// Could not be taken over, and what to do instead.
  package private(set) var gaps: [Line] = []

  mutating func map(_ subject: String, _ text: String) { mapped.append(Line(subject: subject, text: text)) }

  mutating func note(_ subject: String, _ text: String) {
    let line = Line(subject: subject, text: text)
    if !notes.contains(line) { notes.append(line) }
  }

  mutating func gap(_ subject: String, _ text: String) {
    let line = Line(subject: subject, text: text)
    if !gaps.contains(line) { gaps.append(line) }
  }

  mutating func merge(_ other: ImportReport) {
    mapped += other.mapped
    for line in other.notes { note(line.subject, line.text) }
    for line in other.gaps { gap(line.subject, line.text) }
  }

  package var text: String {
    let parts = [("taken over", mapped), ("the same but for this", notes), ("not taken over", gaps)]
    return parts.filter { !$0.1.isEmpty }.map { title, lines in
      "\(title):\n" + lines.map { visible("  \($0.subject): \($0.text)") }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  package var json: JSON {
    func list(_ lines: [Line]) -> JSON {
      .array(lines.map { .object(["subject": .string($0.subject), "text": .string($0.text)]) })
    }
    return .object(["mapped": list(mapped), "notes": list(notes), "gaps": list(gaps)])
  }
}

/// Names for checks, endpoints and groups: what the configuration takes as a name, each once.
struct ImportNames {
  private var used: Set<String> = []

  mutating func make(_ wish: String) -> String {
    var base = String(
      wish.unicodeScalars.map { scalar -> Character in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": Character(scalar)
        default: "-"
        }
      }.prefix(50))
    if base.isEmpty || base.hasPrefix("-") || ["none", "null"].contains(base.lowercased()) { base = "x" + base }
    var name = base
    var number = 2
    while !used.insert(name).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }
}
