import Configuration
import Diagnostics
import Testing

/// Texts that nobody wrote by hand: each is a problem, none a crash.
@Suite struct HostileTextTests {
  private func only(_ octets: [UInt8]) throws -> Problem {
    let (configuration, problems) = Configuration.read(octets, file: "x")
    #expect(configuration == nil)
    #expect(problems.count == 1, "\(problems)")
    return try #require(problems.first)
  }

  @Test(
    arguments: [
      ([0x61, 0x0A, 0x62, 0xFF], 2, 2, "not UTF-8"), ([0xC0, 0x80], 1, 1, "not UTF-8"),
      ([0xED, 0xA0, 0x80], 1, 1, "not UTF-8"), ([0xF4, 0x90, 0x80, 0x80], 1, 1, "not UTF-8"),
      ([0x61, 0xE2, 0x82], 1, 2, "not UTF-8"), ([0x61, 0x00], 1, 2, "NUL"),
      ([0x1B, 0x5B], 1, 1, "control character 27"),
      ([0x61, 0x7F], 1, 2, "control character 127"), ([0xFF, 0xFE, 0x61, 0x00], 1, 1, "UTF-16"),
      ([0xFE, 0xFF, 0x00, 0x61], 1, 1, "UTF-16"), ([0x61, 0xC2, 0x81], 1, 2, "YAML does not allow"),
    ] as [([UInt8], Int, Int, String)]) func octetsThatAreNoText(
      _ octets: [UInt8], _ line: Int, _ column: Int, _ says: String
    ) throws
  {
    let problem = try only(octets)
    #expect(problem.position == Position(file: "x", line: line, column: column))
    #expect(problem.message.contains(says), "\(problem)")
  }

  @Test func byteOrderMarkAndCarriageReturnsAreFine() throws {
    let text = "\u{FEFF}" + example.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    let configuration = try valid(text)
    #expect(configuration.zones[0].file.position.description == "alula.yaml:17:11")
    #expect(read("\u{FEFF}state: [a]\r\nzones: {}").problems.map { $0.position?.column } == [8, 8])
  }

  @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "{? [", "- - ", "[[", "\"", "'", "|", "&", "*", "%", "#", "a: "])
  func repeated(_ unit: String) throws {
    let (configuration, problems) = read(String(repeating: unit, count: 100_000))
    #expect(configuration == nil && !problems.isEmpty)
  }

  @Test func deepBlocks() throws {
    let text = (0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(try only(Array(text.utf8)).message.contains("nested too deeply"))
  }

  @Test func tooLarge() throws {
    let text = [UInt8](repeating: 0x23, count: 8 << 20 | 1)
    #expect(try only(text).message.contains("larger than 8 MiB"))
  }

  @Test func messagesShowNothingThatATerminalObeys() {
    let long = String(repeating: "x", count: 500)
    let problems = read(zone + "\"a\\u202Eb\": 1\n\(long): 2\nstate2: \(long)").problems
    #expect(problems.count == 3)
    #expect(problems.allSatisfy { $0.message.utf8.count < 300 && !$0.message.contains("\u{202E}") })
  }

  @Test func manyPools() throws {
    var text = zone + "checks: { c: { type: tcp, port: 1 } }\nendpoints: { e: { address: 10.0.0.1 } }\npools:\n"
    for i in 0..<5000 { text += "  n\(i).example.com: { check: c, endpoints: [e] }\n" }
    #expect(try valid(text).pools.count == 5000)
  }

  @Test(arguments: 0..<8) func mutantsNeverCrash(_ seed: Int) {
    var random = Random(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    let original = Array(example.utf8)
    for _ in 0..<500 {
      var mutant = original
      for _ in 0...Int(random.next() % 4) { mutate(&mutant, &random) }
      let (configuration, problems) = Configuration.read(mutant, file: "x")
      #expect((configuration == nil) == problems.contains { $0.severity == .error })
      #expect(zip(problems, problems.dropFirst()).allSatisfy { ($0.position ?? start) <= ($1.position ?? end) })
    }
  }

  private let start = Position(file: "x", line: 0, column: 0)
  private let end = Position(file: "x", line: .max, column: 0)

  private let marks = Array("[]{}:,-*&!#|>%\"' \n\t0".utf8)

  private func mutate(_ text: inout [UInt8], _ random: inout Random) {
    guard !text.isEmpty else { return }
    let at = Int(random.next() % UInt64(text.count))
    let run = min(text.count - at, 1 + Int(random.next() % 40))
    switch random.next() % 6 {
    case 0: text[at] = UInt8(truncatingIfNeeded: random.next())
    case 1: text.remove(at: at)
    case 2: text.insert(marks[Int(random.next() % UInt64(marks.count))], at: at)
    case 3: text.removeSubrange(at..<(at + run))
    case 4: text.insert(contentsOf: text[at..<(at + run)], at: Int(random.next() % UInt64(text.count)))
    default: text.removeSubrange(at...)
    }
  }
}

/// Xorshift: the same mutants in each run.
struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
