import Failover
import JSONFormat
import TestSupport
import Testing

@testable import Rehearsal

/// The reports of a simulation, read by others' parsers: Python's for XML and JSON, and this package's own.
struct ReportTests {
  private static let hostile = "a<b>&'</svg>]]>\u{1}\u{7F}\u{85}\u{FFFE}é\\"
  private static let text = """
    check site interval 1s timeout 500ms fall 2
    endpoint "\(hostile)" 192.0.2.1
    endpoint azure 192.0.2.2 2001:db8::2
    pool "\(hostile)" = "\(hostile)" | azure
    recovery-time 2s
    ttl 5s
    at 5s "\(hostile)" hangs # what follows is no part of it
    at 9s azure refuses
    at 12s "\(hostile)" ok
    at 20s expect changes 9
    """

  private func simulation() throws -> Simulation {
    let site = try Site(Self.text)
    return Simulation(site.scene, site.story, seed: 1)
  }

  /// By kind of element what Python's parser finds: `TAG;attributes;text`.
  private func elements(_ svg: String) throws -> [[String]] {
    let program = """
      from sys import argv, stdout
      from xml.etree import ElementTree
      stdout.reconfigure(encoding='utf-8')
      for e in ElementTree.parse(argv[1]).iter():
        kind = e.tag.replace('{http://www.w3.org/2000/svg}', '')
        print('\\x1f'.join([kind, e.get('fill') or '', e.get('height') or '', (e.text or '').strip()]))
      """
    let folder = try Folder()
    let file = try folder.write("picture.svg", svg)
    let (status, output) = try run(["python3", "-c", program, file])
    #expect(status == .exited(0), "\(output)")
    return output.split(separator: "\n").map { line in
      line.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { String($0) }
    }
  }

  @Test func thePictureIsXMLAndShowsEverything() throws {
    let simulation = try simulation()
    let elements = try elements(simulation.svg)
    func count(_ kind: String) -> Int { elements.count { $0[0] == kind } }
    #expect(elements.first?[0] == "svg")
    #expect(Set(elements.map { $0[0] }) == ["svg", "rect", "line", "text", "g", "title"], "nothing slips in")
    let verdicts = simulation.chronicle.steps.count { if case .verdict = $0.happening { true } else { false } }
    let bars = verdicts + simulation.chronicle.answers.count
    #expect(verdicts > 5 && count("title") == bars && count("g") == bars)
    #expect(count("line") == 3, "one for each thing that happens")
    #expect(elements.count { $0[0] == "rect" && $0[2] == "3" } == simulation.outages.count)
    #expect(!simulation.outages.isEmpty)
    #expect(count("rect") == 1 + bars + simulation.outages.count)
    let texts = elements.filter { $0[0] == "text" }.map { $0[3] }
    let shown = Self.hostile.replacing("\u{1}", with: "\u{FFFD}").replacing("\u{FFFE}", with: "\u{FFFD}")
    for wanted in ["\(shown) A", "\(shown) AAAA", "\(shown) 192.0.2.1", "azure 2001:db8::2", "\"\(shown)\" hangs"] {
      #expect(texts.contains(wanted), "\(wanted) in \(texts)")
    }
    #expect(texts.filter { $0.hasSuffix(" s") } == (0...10).map { "\($0 * 2).000 s" }, "the axis")
  }

  @Test func manyLanesAreCutOff() throws {
    let endpoints = (0..<80).map { "e\($0)" }
    let lines =
      endpoints.enumerated().map { "endpoint \($1) 192.0.2.\($0)" } + ["pool all(\(endpoints.joined(separator: ", ")))"]
    let site = try Site((lines + ["at 2s e0 refuses", "at 3s serve"]).joined(separator: "\n"))
    let svg = Simulation(site.scene, site.story, seed: 1).svg
    #expect(svg.contains(">e59 192.0.2.59<") && !svg.contains(">e60 192.0.2.60<"))
    #expect(svg.contains(">app.example.com A<"))
  }

  @Test func theJSONIsWhatHappened() throws {
    let simulation = try simulation()
    let text = simulation.json.text
    let folder = try Folder()
    let (status, output) = try run(["python3", "-m", "json.tool", try folder.write("report", text)])
    #expect(status == .exited(0), "\(output)")
    let json = try JSON.read(Array(text.utf8))
    func list(_ name: String) -> [JSON] { if case .array(let items)? = json[name] { items } else { [] } }
    #expect(list("timeline").count == simulation.chronicle.steps.count)
    #expect(list("switches").count == simulation.chronicle.answers.count { $0.answer.before != nil })
    #expect(list("outages").count == simulation.outages.count)
    #expect(list("outages").first?["from"] == .number("5.0"))
    #expect(list("pools").map { $0["name"]?.string } == [Self.hostile])
    #expect(list("pools").first?["recoveryTime"] == .number("2.0"))
    #expect(json["plays"] == .number("1"))
    #expect(list("failures").count == 2, "the expectation and the recovery time")
    let story = list("timeline").compactMap { $0["story"]?.string }
    #expect(story == ["\"\(Self.hostile)\" hangs", "azure refuses", "\"\(Self.hostile)\" ok"])
    #expect(list("timeline").compactMap { $0["line"] } == [.number("7"), .number("8"), .number("9")])
    let last = try #require(list("switches").last)
    #expect(last["at"] != nil && last["earliest"] != nil && last["latest"] != nil)
  }

  @Test func theTextSaysThePromiseAndTheLine() throws {
    let lines = try simulation().text.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("     5.000 s  > \"a<b>") && $0.hasSuffix("hangs") })
    #expect(lines.contains { $0.contains(": recovery within ") && $0.contains("promised 2 s: MISSED") })
    #expect(lines.contains { $0.hasPrefix("s:10:8: error: expected 9 changes") }, "\(lines)")
  }
}
