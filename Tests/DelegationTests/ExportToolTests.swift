import Assembly
import Delegation
import JSONFormat
import Synchronization
import TestSupport
import Testing
import Wire

/// `export` as a command: its files, ids, and what it asks of the AWS command line.
@Suite struct ExportToolTests {
  final class Said: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
  }

  private let folder: Folder
  private let said = Said()

  init() throws {
    folder = try Folder()
    try folder.write("zone", "$TTL 60\n@ SOA ns1 h 1 2 3 4 60\n@ NS ns1\nns1 A 192.0.2.53\n")
    try folder.write(
      "alula.yaml",
      """
      zones: { app.example.com: { file: zone } }
      checks:
        web: { type: http, port: 80, interval: 10s, rise: 3, fall: 3 }
        one: { type: calculated, of: [web, other], at-least: 1 }
        other: { type: tcp, port: 25, interval: 10s, rise: 12, fall: 12 }
      pools:
        app.example.com:
          policy: client
          check: one
          clients: [{ networks: [10.0.0.0/8], use: a }, { countries: [DE], use: b }]
          default: b
      endpoints: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } }
      location-database: locations.mmdb

      """)
    try folder.write("locations.mmdb", octets: ImportModelTests.locations.octets)
  }

  private func tool(_ into: String) -> ExportTool {
    var tool = ExportTool(Voice(say: { [said] in said.add($0) }, give: { _ in }))
    tool.config = folder.path("alula.yaml")
    tool.folder = folder.path(into)
    return tool
  }

  private func json(_ name: String) throws -> JSON { try JSON.read(Array(readFile(folder.path(name)).utf8)) }

  @Test func idsTakeThePlacesOfNames() throws {
    #expect(tool("open").run() == 0, "\(said.text)")
    #expect(said.text.contains("check:web") && said.text.contains("collection:networks"))
    #expect(said.text.contains("one number of 1 to 10") && said.text.contains("check other"), "\(said.text)")
    let batch = try json("open/batch-1.json").text
    #expect(batch.contains("\"check:") && batch.contains("\"collection:networks\""))
    #expect(try json("open/cidr-collection.json")["Changes"]?.text.contains("10.0.0.0/8") == true)
    // Names are in the file of checks; ids of all of them close every place.
    guard case .array(let checks) = try json("open/health-checks.json") else { return #expect(Bool(false)) }
    let names = checks.compactMap { $0["Name"]?.string }
    let ids = names.map { JSON.Member(name: $0, value: .string("id-\($0)")) }
    try folder.write("ids.json", JSON.object(ids + [.init(name: "collection:networks", value: "c-1")]).text)
    var closed = tool("closed")
    closed.ids = folder.path("ids.json")
    #expect(closed.run() == 0)
    let text = try json("closed/batch-1.json").text + json("closed/health-checks.json").text
    #expect(!text.contains("\"check:") && !text.contains("collection:") && text.contains("\"id-web\""), "\(text)")
  }

  @Test(arguments: [
    ("ids.json", "[1]", "an object of names and ids"),
    ("ids.json", "{\"web\": 1}", "ids.json: web: a text was expected"),
    ("ids.json", "{", "the JSON ends too early"), ("alula.yaml", "zones: 1", "cannot be used"),
  ])
  func whatIsWrongIsSaid(file: String, text: String, message: String) throws {
    try folder.write("ids.json", "{}")
    try folder.write(file, text)
    var tool = tool("bad")
    tool.ids = folder.path("ids.json")
    #expect(tool.run() == 1 && said.text.contains(message), "\(said.text)")
    #expect(!listFolder(folder.path).contains("bad"))
  }

  @Test func aFolderThatIsThereIsNotTouched() throws {
    _ = try folder.makeFolder("there")
    #expect(tool("there").run() == 1 && said.text.contains("give --into a folder that does not exist"))
    #expect(listFolder(folder.path("there")).isEmpty)
  }

  /// A program in the command line's place, which writes down what it is asked.
  private func aws(_ change: String) throws -> AWS {
    try folder.write(
      "aws",
      """
      #!/bin/sh
      echo "$2 $*" >> \(folder.path("asked"))
      case $2 in
      create-health-check) N=$(grep -c ^create-health-check \(folder.path("asked"))); echo "{\\"HealthCheck\\": {\\"Id\\": \\"h$N\\"}}" ;;
      create-cidr-collection) echo '{"Collection": {"Id": "c1"}}' ;;
      change-resource-record-sets) cp "${6#file://}" \(folder.path("sent")); \(change) ;;
      get-change) echo '{"ChangeInfo": {"Id": "/change/C1", "Status": "INSYNC"}}' ;;
      esac
      """)
    _ = try run(["chmod", "+x", folder.path("aws")])
    return AWS(program: folder.path("aws"), sleep: { _ in })
  }

  @Test func checksComeFirstAndTheirIdsAreSent() throws {
    var tool = tool("applied")
    tool.zoneID = "/hostedzone/Z9"
    tool.applies = true
    tool.aws = try aws("echo '{\"ChangeInfo\": {\"Id\": \"/change/C1\", \"Status\": \"PENDING\"}}'")
    #expect(tool.run() == 0, "\(said.text)")
    let asked = try readFile(folder.path("asked")).split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(asked.last == "get-change" && said.text.contains("INSYNC"))
    #expect(
      try #require(asked.lastIndex(of: "create-health-check")) < #require(
        asked.firstIndex(of: "create-cidr-collection")))
    #expect(asked.count { $0 == "create-health-check" } == asked.count { $0 == "change-tags-for-resource" })
    let sent = try readFile(folder.path("sent"))
    #expect(!sent.contains("check:") && !sent.contains("collection:") && sent.contains("\"c1\""), "\(sent)")
    #expect(sent.contains("Z9") && !sent.contains("/hostedzone/"))
  }

  @Test func aRefusedBatchIsSaid() throws {
    var tool = tool("refused")
    tool.zoneID = "Z9"
    tool.applies = true
    tool.aws = try aws("echo 'An error occurred (InvalidChangeBatch) when calling: no' >&2; exit 254")
    #expect(tool.run() == 1 && said.text.contains("batch 1 of 1") && said.text.contains("InvalidChangeBatch"))
  }
}
