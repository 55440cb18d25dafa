import Diagnostics

/// When an endpoint is up, as a story writes it: a check's name, `all(…)`, `any(…)`, `atleast(2, a 1, b 3)`,
/// `not(…)`, `manual(NAME)`, `up` or `down`.
indirect enum ConditionText {
  case check(String)
  case all([ConditionText])
  case atLeast(Int, [(weight: Int, condition: ConditionText)])
  case not(ConditionText)
  case fixed(Bool)
  case manual(String)

  init(_ words: inout Words, checks: [String]) throws(Problem) {
    let word = try words.next("a check")
    if !words.take("(") {
      self = try ConditionText.plain(word, checks)
      return
    }
    switch word.text {
    case "all": self = .all(try ConditionText.parts(&words, checks).map(\.condition))
    case "any": self = .atLeast(1, try ConditionText.parts(&words, checks))
    case "atleast":
      let weight = try words.number("weight", in: 0...1_000_000)
      try words.require(",")
      self = .atLeast(weight, try ConditionText.parts(&words, checks))
    case "not":
      self = .not(try ConditionText(&words, checks: checks))
      try words.require(")")
    case "manual":
      self = .manual(try words.next("a name").text)
      try words.require(")")
    default:
      throw Problem(.error, word.position, "`\(word.text)` is none of all, any, atleast, not, manual")
    }
  }

  private static func plain(_ word: Words.Word, _ checks: [String]) throws(Problem) -> ConditionText {
    switch word.text {
    case "up": return .fixed(true)
    case "down": return .fixed(false)
    case let name where checks.contains(name): return .check(name)
    case let name: throw Problem(.error, word.position, "there is no check `\(name)`")
    }
  }

  private static func parts(
    _ words: inout Words, _ checks: [String]
  ) throws(Problem) -> [(weight: Int, condition: ConditionText)] {
    var parts: [(weight: Int, condition: ConditionText)] = []
    repeat {
      let part = try ConditionText(&words, checks: checks)
      let hasWeight = words.first.flatMap { Int($0) } != nil
      parts.append((hasWeight ? try words.number("weight", in: 0...1_000_000) : 1, part))
    } while words.take(",")
    try words.require(")")
    return parts
  }
}
