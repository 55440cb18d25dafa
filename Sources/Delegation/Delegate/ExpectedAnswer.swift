package import Wire

/// What a name answers today by the hosted zone's records, as far as the records tell: which of several sets is
/// answered is decided by health, place and chance, so any of them is right.
package struct ExpectedAnswer: Sendable {
  package enum Choice: Sendable {
    /// One of these sets of values.
    case oneOf([Set<[UInt8]>])
    /// Some of these values: multivalue answers.
    case someOf(Set<[UInt8]>)
    /// What it is cannot be seen here.
    case unknown(String)
  }

  package let name: DomainName
  package let type: RecordType
  package let choice: Choice

  /// What is asked for: a wildcard's records stand for a name that nobody has.
  package var question: DomainName {
    guard name.isWildcard, let parent = name.parent else { return name }
    let label = Array("alula-asks-for-a-wildcard".utf8)
    return DomainName(wire: [UInt8(label.count)] + label + parent.wire) ?? name
  }

  package func agrees(with values: Set<[UInt8]>) -> Bool {
    switch choice {
    case .oneOf(let sets): sets.contains(values)
    case .someOf(let all): !values.isEmpty && values.isSubset(of: all)
    case .unknown: true
    }
  }

  /// - Parameters:
  ///   - hidden: the record sets whose answers are wanted; what lies below a delegation among them is not answered
  ///     by the hosted zone today, and so nothing is wanted of it.
  ///   - records: of the hosted zone, where aliases lead.
  ///   - name: that is to be delegated: its own NS and DS are what is being changed.
  package static func all(
    _ hidden: [RecordSet], in records: [RecordSet], below name: DomainName
  ) -> [ExpectedAnswer] {
    var answers: [ExpectedAnswer] = []
    var seen: Set<Group> = []
    let cuts = Set(hidden.filter { $0.type == "NS" }.map(\.name))
    func isCut(_ set: RecordSet) -> Bool { cuts.contains(set.name) && (set.type == "NS" || set.type == "DS") }
    for set in hidden {
      let above = cuts.filter { set.name.isAtOrBelow($0) }
      guard let type = set.recordType, set.type != "SOA",
        above.isEmpty || above == [set.name] && isCut(set) && set.name != name,
        seen.insert(Group(name: set.name, type: set.type)).inserted
      else { continue }
      let choice = choice(Group(name: set.name, type: set.type), type, records, depth: 0)
      answers.append(ExpectedAnswer(name: set.name, type: type, choice: choice))
    }
    return answers
  }

  private struct Group: Hashable {
    let name: DomainName
    let type: String
  }

  /// Aliases of aliases; also what ends one that leads to itself.
  private static var deepest: Int { 8 }

  private static func choice(_ group: Group, _ type: RecordType, _ records: [RecordSet], depth: Int) -> Choice {
    guard depth < deepest else { return .unknown("aliases lead on and on") }
    var sets: [Set<[UInt8]>] = []
    var isMultivalue = false
    for set in records where set.name == group.name && set.type == group.type {
      if case .multivalue = set.routing { isMultivalue = true }
      if let alias = set.alias {
        let target = Group(name: alias.target, type: set.type)
        guard records.contains(where: { $0.name == target.name && $0.type == target.type }) else {
          return .unknown("an alias of \(alias.target.shortText), which is not in the hosted zone")
        }
        switch choice(target, type, records, depth: depth + 1) {
        case .oneOf(let more): sets += more
        case .someOf(let all): return .someOf(all.union(sets.joined()))
        case .unknown(let why): return .unknown(why)
        }
      } else {
        let values = set.values.compactMap { RecordValue.data($0, type) }
        guard values.count == set.values.count else { return .unknown("a value of \(set.title) is not understood") }
        sets.append(Set(values))
      }
    }
    return isMultivalue ? .someOf(Set(sets.joined())) : .oneOf(sets)
  }
}
