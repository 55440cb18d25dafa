import Diagnostics
import Rehearsal
import Testing

/// What does not parse is told with file, line and column.
struct StoryReaderTests {
  private static let scene = "endpoint ec2 192.0.2.1\nendpoint azure 192.0.2.2\npool ec2 | azure\n"

  @Test(arguments: [
    ("at soon ec2 refuses", "s:4:4: error: `soon` is no time: write 500ms, 10s, 1m30s"),
    ("at 1s", "s:4:6: error: expected an endpoint, or what happens here"),
    ("at 1s ec2 explodes", "s:4:11: error: `explodes` is no state"),
    ("at 1s ec2 slow", "s:4:15: error: expected delay, such as 500ms or 10s here"),
    ("at 1s ec2 status 99", "s:4:18: error: `99` is no status"),
    ("at 1s ec2 refuses now", "s:4:19: error: `now` is too much here"),
    ("at 1s clock 1h", "s:4:13: error: `1h` does not set a clock"),
    ("at 1s prober gone", "s:4:14: error: `gone` is no state of the prober"),
    ("at 1s force ec2", "s:4:16: error: expected forced state: up, down here"),
    ("at 1s expect A", "s:4:15: error: expected addresses"),
    ("at 1s expect ttl < 5s", "s:4:18: error: `<` is no comparison"),
    ("at 1s expect reason \"open", "s:4:21: error: the quotation mark is not closed"),
    ("at 1s expect ec2 sideways", "s:4:18: error: `sideways` is nothing to expect"),
    ("at 40d ec2 refuses", "s:4:4: error: a story ends within 31 days"),
    ("begins Someday 12:00", "s:4:8: error: `Someday 12:00` is no time of the week"),
    ("pool ec2 | gcp", "s:4:12: error: there is no endpoint `gcp`"),
    ("pool best(ec2)", "s:4:6: error: `best` is no policy"),
    ("endpoint ec2 192.0.2.3", "s:4:10: error: there is an endpoint `ec2` already"),
    ("endpoint gcp", "s:4:13: error: expected an address here"),
    ("endpoint gcp 192.0.2.3 check nothing", "s:4:30: error: there is no check `nothing`"),
    ("check site interval x", "s:4:21: error: `x` is no interval"),
    ("check site depth 3", "s:4:12: error: `depth` is no setting"),
    ("ttl 30s to 2s", "s:4:5: error: the smaller TTL comes first"),
    ("what", "s:4:1: error: `what` is nothing that a story knows"),
  ])
  func malformedLinesAreToldWithTheirPlace(line: String, wanted: String) {
    let (story, problems) = Story.read(Self.scene + line, file: "s")
    #expect(story == nil)
    #expect(problems.count == 1)
    #expect(problems.first?.description.hasPrefix(wanted) == true, "\(problems)")
  }

  @Test func allMistakesAreToldAtOnce() {
    let problems = Story.read("what\nat\nat 1s ec2 explodes\n", file: "s").problems
    #expect(problems.map { $0.position?.line } == [1, 2, 3])
  }

  @Test func anythingIsReadWithoutATrap() {
    let pieces = [
      "at", "1s", "ec2", "(", ")", ",", "|", "\"", "#", "pool", "check", "expect", "A", "floor", "99999999999",
    ]
    var state: UInt64 = 1
    for _ in 0..<5000 {
      var line = ""
      for _ in 0..<Int(state % 9) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        line += pieces[Int((state >> 33) % UInt64(pieces.count))] + (state >> 60 == 0 ? "" : " ")
      }
      state = state &* 6_364_136_223_846_793_005 &+ 1
      _ = Story.read(Self.scene + line, file: "s")
    }
  }
}
