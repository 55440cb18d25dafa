import TestSupport
import Testing
import Updating
import Wire

@Suite struct RuleTests {
  /// Pattern, names that it means, names that it does not.
  @Test(arguments: [
    (
      "www", ["www.app.example.com", "WWW.APP.Example.com"],
      ["a.www.app.example.com", "app.example.com", "www.example.com"]
    ),
    ("www.app.example.com.", ["www.app.example.com"], ["app.example.com", "www.app.example.com.app.example.com"]),
    ("@", ["app.example.com"], ["www.app.example.com", "example.com"]),
    ("app.example.com.", ["app.example.com"], ["www.app.example.com"]),
    (
      "*", ["www.app.example.com", "*.app.example.com"],
      ["app.example.com", "a.www.app.example.com", "app2.example.com"]
    ),
    ("*.www", ["a.www.app.example.com"], ["www.app.example.com", "a.b.www.app.example.com", "a.app.example.com"]),
    ("*.www.app.example.com.", ["a.www.app.example.com"], ["www.app.example.com"]),
    (
      "_acme-challenge.**",
      [
        "_acme-challenge.app.example.com", "_acme-challenge.www.app.example.com",
        "_acme-challenge.a.b.c.app.example.com",
        "_ACME-challenge._acme-challenge.app.example.com",
      ],
      [
        "app.example.com", "a._acme-challenge.app.example.com", "_acme-challenge.example.com",
        "x_acme-challenge.app.example.com", "_acme-challenge.xapp.example.com",
      ]
    ),
    ("**", ["app.example.com", "a.b.app.example.com"], ["example.com"]),
    ("@.**", ["app.example.com", "a.b.app.example.com"], ["example.com"]),
    ("*.**", ["a.app.example.com", "a.b.app.example.com"], ["app.example.com"]),
    ("*.a.**", ["x.a.app.example.com", "x.a.b.app.example.com"], ["a.app.example.com", "x.b.a.app.example.com"]),
    ("a\\.b", ["a\\.b.app.example.com"], ["a.b.app.example.com"]),
  ])
  func patterns(text: String, names: [String], others: [String]) throws {
    let pattern = try NamePattern(text, zone: zone)
    for text in names { #expect(pattern.matches(name(text)), "\(text)") }
    for text in others { #expect(!pattern.matches(name(text)), "\(text)") }
  }

  @Test(arguments: [
    ("", PatternError.name(.empty)), ("a..b", .name(.emptyLabel)), ("www.example.com.", .outside(zone)),
    (".", .outside(zone)),
    ("_acme-challenge.app.example.com..**", .openAbsolute), ("a.*.b", .strayStar), ("a.**.b", .strayStar),
    ("**.a", .strayStar),
    ("a.*", .strayStar), ("*.*", .strayStar), ("*.", .name(.empty)), (".**", .name(.empty)),
  ])
  func badPatterns(text: String, error: PatternError) {
    #expect(throws: error) { try NamePattern(text, zone: zone) }
  }

  private func code(_ changes: [Line], _ rules: [UpdateRule]) -> ResponseCode {
    do throws(UpdateRefusal) {
      _ = try UpdateRequest(update([], changes)).evaluate(for: key().name, rules: rules, view: TestZone.usual.view)
      return .noError
    } catch {
      return error.code
    }
  }

  @Test func keyNameAndTypeMustFitTogether() throws {
    let acme = try NamePattern("_acme-challenge.**", zone: zone)
    let rules = [
      UpdateRule(key: name("certbot.key"), names: [acme], types: [.txt]),
      UpdateRule(key: name("other.key"), names: [try NamePattern("**", zone: zone)], types: [.a, .txt]),
      UpdateRule(key: name("certbot.key"), names: [try NamePattern("www", zone: zone)], types: [.a, .cname]),
    ]
    let good = Line.add(record("_acme-challenge.www", "TXT", "x"))
    #expect(code([good], rules) == .noError)
    #expect(code([.add(record("_acme-challenge", "A", "192.0.2.1"))], rules) == .refused)
    #expect(code([good, .add(record("www", "TXT", "x"))], rules) == .refused)
    #expect(code([.add(record("www", "A", "192.0.2.1"))], rules) == .noError)
    #expect(code([.add(record("api", "A", "192.0.2.1"))], rules) == .refused)
    #expect(code([.add(record("www", "CNAME", "api"))], rules) == .refused)
    #expect(code([.delete(identity("www", "TXT", "text"))], rules) == .refused)
    #expect(code([Line(owner: "www.app.example.com", type: 1, recordClass: 255)], rules) == .noError)
    #expect(code([Line(owner: "www.app.example.com", type: 16, recordClass: 255)], rules) == .refused)
    // All of a name: each type that it has must be permitted, and the name itself.
    #expect(code([Line(owner: "www.app.example.com", type: 255, recordClass: 255)], rules) == .refused)
    #expect(code([Line(owner: "_acme-challenge.app.example.com", type: 255, recordClass: 255)], rules) == .noError)
    #expect(code([Line(owner: "gone.app.example.com", type: 255, recordClass: 255)], rules) == .refused)
    #expect(code([good], []) == .refused)
    #expect(code([], []) == .noError)
  }
}
