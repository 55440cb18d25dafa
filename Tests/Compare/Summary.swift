/// How often each server said what the others agree on.
struct Summary {
  struct Score {
    var asked = 0
    var same = 0
    var ordinary = 0
    var ordinarySame = 0

    /// Those that differ in nothing but optional additional addresses.
    var nearlySame = 0

    mutating func count(_ difference: String?, ordinary isOrdinary: Bool) {
      let isSame = difference == nil
      nearlySame += difference == "additional" ? 1 : 0
      asked += 1
      same += isSame ? 1 : 0
      ordinary += isOrdinary ? 1 : 0
      ordinarySame += isSame && isOrdinary ? 1 : 0
    }
  }

  /// Below this, a comparison with Alula as its target has failed.
  static let percentWanted = 99.9

  let title: String
  let target: Server.Kind
  var asked = 0
  /// Alula where the three agree; each peer where the other two do.
  var scores: [Server.Kind: Score] = [:]
  /// The target's disagreements, by what they are.
  var unexplained: [String: Int] = [:]
  var known: [String: Int] = [:]
  /// Where only two of the three agree, and the target says something else than any of them.
  var alone: [String: Int] = [:]

  /// Servers that had to be started again.
  var restarts: [Server.Kind: Int] = [:]
  /// What is wrong with the target's replies by themselves.
  var faults: [String: Int] = [:]

  init(title: String, target: Server.Kind) {
    self.title = title
    self.target = target
  }

  /// Whether nothing is unexplained, and the agreement what it must be, measured on at least half of all questions.
  var isGood: Bool {
    guard let score = scores[target], score.asked * 2 >= asked else { return false }
    return unexplained.isEmpty && faults.isEmpty
      && Double(score.ordinarySame) * 100 >= Self.percentWanted * Double(score.ordinary)
  }

  var description: String {
    var text = "\n\(title): \(asked) questions\n"
    for kind in Server.Kind.allCases {
      guard let score = scores[kind] else { continue }
      let others = kind == .alula ? "the three" : "the other two"
      text += "\(pad(kind.rawValue, 6)) where \(others) agree: \(percent(score.same, score.asked))"
      text += ", ordinary questions: \(percent(score.ordinarySame, score.ordinary))"
      text += ", but for additional addresses: \(percent(score.same + score.nearlySame, score.asked))\n"
      if let count = restarts[kind] { text += "       answered no more, and was started again: \(count)\n" }
    }
    text +=
      list("Known differences of \(target.rawValue)", known)
      + list("Unexplained differences of \(target.rawValue)", unexplained)
    text += list("Faults of \(target.rawValue) by itself", faults)
    text += list("Where two of three agree and \(target.rawValue) stands alone", alone)
    return text
  }

  private func list(_ title: String, _ counts: [String: Int]) -> String {
    let lines = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "  \(pad("\($0.value)", 6)) \($0.key)\n"
    }
    return "\(title): \(counts.values.reduce(0, +))\n" + lines.joined()
  }
}

private func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// With two decimals, rounded down.
private func percent(_ part: Int, _ whole: Int) -> String {
  guard whole > 0 else { return "none" }
  let hundredths = part * 10_000 / whole
  return "\(hundredths / 100).\(padded(hundredths % 100, 2)) % (\(part) of \(whole))"
}
