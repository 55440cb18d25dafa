import JSONFormat
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    ("null", JSON.null), ("true", .bool(true)), (" [ 1 , -2.5e3 ] ", .array([.number("1"), .number("-2.5e3")])),
    ("{}", .object([:])), ("[]", .array([])), (#""a\n\u0041\ud83d\ude00\/""#, .string("a\nA😀/")),
    (#"{"a":{"b":[false]},"a":0}"#, .object(["a": .object(["b": .array([.bool(false)])]), "a": .number("0")])),
  ])
  func readsWhatIsWritten(text: String, value: JSON) {
    #expect(JSON(Array(text.utf8)) == value)
    #expect(JSON(Array(value.text.utf8)) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "truee", "01", "-", "1.", ".5", "1e", "+1", "[1,]", "[1", "[,]", "{", "{a:1}", "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"a\nb\"", "1 2", "[]]", "'a'",
  ])
  func refusesWhatIsNone(text: String) { #expect(JSON(Array(text.utf8)) == nil) }

  @Test func refusesWhatIsNoText() { #expect(JSON([0x22, 0xFF, 0x22]) == nil) }

  @Test func depthIsBounded() {
    #expect(JSON(Array((String(repeating: "[", count: 16) + String(repeating: "]", count: 16)).utf8)) != nil)
    #expect(JSON(Array(String(repeating: "[", count: 1_000_000).utf8)) == nil)
  }

  @Test func hostileTextStaysInItsString() {
    let text = "\"},\u{1b}[2J\u{202e}\n\0"
    #expect(JSON(Array(JSON.string(text).text.utf8)) == .string(text))
    #expect(!JSON.string(text).text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
  }

  @Test(arguments: [(0, "0.000"), (1, "0.001"), (1234, "1.234"), (-5, "-0.005"), (12_000, "12.000")])
  func thousandths(value: Int64, text: String) { #expect(JSON.thousandths(value).text == text) }
}
