import Diagnostics
import Failover

extension StoryReader {
  private static let families: KeyValuePairs<String, AddressFamily> = ["A": .v4, "AAAA": .v6]

  static func expectation(_ words: inout Words) throws(Problem) -> Expectation {
    let claims = "A, AAAA, odds, ttl, reason, switch, changes, decided, undecided, accepted, refused"
    var word = try words.next("what is expected: \(claims)")
    var pool: String?
    if !isClaim(word.text) {
      // An endpoint with its state, or a pool before what is claimed of it.
      if words.take("up") { return Expectation(pool: nil, claim: .counts(endpoint: word.text, up: true)) }
      if words.take("down") { return Expectation(pool: nil, claim: .counts(endpoint: word.text, up: false)) }
      pool = word.text
      word = try words.next("what is expected of `\(word.text)`: up, down, \(claims)")
    }
    guard let claim = try claim(word.text, &words) else {
      throw Problem(.error, word.position, "`\(word.text)` is nothing to expect: write one of \(claims)")
    }
    return Expectation(pool: pool, claim: claim)
  }

  private static func isClaim(_ word: String) -> Bool {
    [
      "A", "AAAA", "odds", "ttl", "reason", "switch", "changes", "decided", "undecided", "accepted", "refused",
    ].contains(word)
  }

  private static func claim(_ word: String, _ words: inout Words) throws(Problem) -> Expectation.Claim? {
    switch word {
    case "A", "AAAA": return .answer(word == "A" ? .v4 : .v6, try answer(&words))
    case "odds": return try odds(&words)
    case "ttl": return try ttl(&words)
    case "reason":
      let family = words.take("AAAA") ? AddressFamily.v6 : .v4
      return .reason(family, try words.next("a text in quotation marks").text)
    case "switch":
      try words.require("within")
      return .change(within: try words.duration("time"))
    case "changes": return .changes(try words.number("number of changes", in: 0...1_000_000))
    case "decided": return .decided(true)
    case "undecided": return .decided(false)
    case "accepted": return .order(accepted: true)
    case "refused": return .order(accepted: false)
    default: return nil
    }
  }

  private static func answer(_ words: inout Words) throws(Problem) -> Expectation.Answer {
    if words.take("nothing") { return .nothing }
    if words.take("servfail") { return .failure }
    let clientClass = words.take("class") ? try words.number("class of clients", in: 0...65535) : nil
    let isOpen = words.take("open")
    if words.isEmpty { throw Problem(.error, words.position, "expected addresses, `nothing` or `servfail` here") }
    return .addresses(words.rest().map(\.text), open: isOpen, clientClass: clientClass)
  }

  private static func odds(_ words: inout Words) throws(Problem) -> Expectation.Claim {
    let family = try words.choice("type", families)
    let address = try words.next("an address").text
    let word = try words.next("how often, such as 25%")
    guard word.text.hasSuffix("%"), let percent = Int(word.text.dropLast()), (0...100).contains(percent) else {
      throw Problem(.error, word.position, "`\(word.text)` is no share: write 25%")
    }
    return .odds(family, address: address, percent: percent)
  }

  private static func ttl(_ words: inout Words) throws(Problem) -> Expectation.Claim {
    let family = words.take("AAAA") ? AddressFamily.v6 : .v4
    let comparison = try words.choice(
      "comparison", ["<=": Expectation.Comparison.atMost, "=": .equal, ">=": .atLeast])
    return .ttl(family, comparison, try words.duration("TTL"))
  }
}
