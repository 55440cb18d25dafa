package import Wire

/// Names of a zone that a rule is about: `name`, `*.name` with exactly one label more, `name.**` with any number
/// of labels between the name and the zone's apex, also none.
package struct NamePattern: Sendable, Hashable {
  /// What a name begins with, in lower case; nil is any one label.
  private let labels: [[UInt8]?]
  /// Whether more may follow before the zone's.
  private let isOpen: Bool
  private let zone: DomainName

  /// - Parameter text: relative to the zone when it has no final dot; `@` is the apex.
  package init(_ text: String, zone: DomainName) throws(PatternError) {
    var rest = text[...]
    var labels: [[UInt8]?] = []
    isOpen = rest == "**" || rest.hasSuffix(".**")
    if isOpen { rest = rest == "**" ? "@" : rest.dropLast(3) }
    if rest == "*" || rest.hasPrefix("*.") {
      labels.append(nil)
      rest = rest == "*" ? "@" : rest.dropFirst(2)
    }
    if rest != "@" { labels += try NamePattern.labels(rest, isOpen: isOpen, zone) }
    self.labels = labels
    self.zone = zone.lowercased
  }

  private static func labels(_ text: Substring, isOpen: Bool, _ zone: DomainName) throws(PatternError) -> [[UInt8]] {
    let name: DomainName
    let alone: DomainName
    do throws(NameError) {
      name = try DomainName(String(text), origin: zone).lowercased
      alone = try DomainName(String(text))
    } catch {
      throw .name(error)
    }
    // A name that does not take the origin has a final dot.
    guard !isOpen || zone.isRoot || alone != name else { throw .openAbsolute }
    guard name.isAtOrBelow(zone) else { throw .outside(zone) }
    let labels = name.labels.dropLast(zone.labels.count).map { Array($0) }
    guard !labels.contains(Array("*".utf8)), !labels.contains(Array("**".utf8)) else { throw .strayStar }
    return labels
  }

  /// Whether the name is meant; it need not exist.
  package func matches(_ name: DomainName) -> Bool {
    guard name.isAtOrBelow(zone) else { return false }
    let own = name.lowercased.labels.dropLast(zone.labels.count)
    guard isOpen ? own.count >= labels.count : own.count == labels.count else { return false }
    return zip(labels, own).allSatisfy { wanted, label in wanted.map { $0.elementsEqual(label) } ?? true }
  }
}

package enum PatternError: Error, Hashable, CustomStringConvertible {
  case name(NameError)
  case outside(DomainName)
  /// `name.example.com.**` cannot be: what the two stars end at is the zone.
  case openAbsolute
  case strayStar

  package var description: String {
    switch self {
    case .name(let error): error.description
    case .outside(let zone): "the name is outside the zone \(zone.shortText)"
    case .openAbsolute: "** stands for the labels up to the zone's apex, so the name before it has no final dot"
    case .strayStar: "* stands for a whole first label and ** for all up to the zone's apex; neither stands elsewhere"
    }
  }
}
