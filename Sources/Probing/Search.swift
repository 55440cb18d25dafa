package import Content

/// Looks for what a check expects in the first octets that its target sends.
package struct Search {
  /// Octets; as with Route 53.
  package static var limit: Int { 5120 }
  /// A target that sends its answer in small pieces has it matched against an expression so many times, and once
  /// more at the end.
  private static var matchesWhileWaiting: Int { 16 }

  package enum Progress: Equatable {
    case more
    case found
    /// It is not there, and cannot come any more: why, for people.
    case missing(String)
  }

  package enum Goal {
    case text([UInt8])
    case pattern(Pattern)
  }

  /// What has come, as far as it counts.
  package var octets: [UInt8] = []
  private let goal: Goal
  /// As the operator wrote it.
  private let wording: String
  private var searched = 0
  private var matches = 0

  package init(_ goal: Goal, wording: String) {
    self.goal = goal
    self.wording = wording
  }

  package var isFull: Bool { octets.count >= Search.limit }

  /// Takes what still counts of `more`.
  package mutating func append(_ more: [UInt8]) { octets += more.prefix(max(0, Search.limit - octets.count)) }

  /// Looks at what has come since the last call.
  ///
  /// - Parameter isEnd: nothing follows. An expression is held against the whole unless `isOpen`.
  /// - Parameter isOpen: the peer may wait for us instead of ending, so that each piece may be the last.
  package mutating func look(isEnd: Bool, isOpen: Bool = false) -> Progress {
    let isOver = isEnd || isFull
    switch goal {
    case .text(let text):
      if finds(text) { return .found }
    case .pattern(let pattern):
      guard isOver || isOpen && matches < Search.matchesWhileWaiting else { return .more }
      matches += 1
      switch pattern.search(octets) {
      case .matches: return .found
      case .tooCostly: return .missing("matching the expression takes too many steps")
      case .differs: break
      }
    }
    return isOver
      ? .missing("\(isFull ? "the first \(Search.limit) octets" : "the \(octets.count) octets") \(lack)") : .more
  }

  private var lack: String {
    switch goal {
    case .text: "do not hold `\(wording)`"
    case .pattern: "do not match `\(wording)`"
    }
  }

  /// Octets that were searched are not searched again, but for a beginning of `text` among them.
  private mutating func finds(_ text: [UInt8]) -> Bool {
    defer { searched = octets.count }
    guard let first = text.first else { return true }
    let last = min(octets.count, Search.limit) - text.count
    var at = max(0, searched - text.count + 1)
    while at <= last {
      if octets[at] == first, octets[at..<at + text.count].elementsEqual(text) { return true }
      at += 1
    }
    return false
  }
}
