import Delegation
import JSONFormat
import Synchronization
import TestSupport
import Testing
import Wire

@Suite struct DelegateTests {
  private static let soa = ImportTests.set("example.com.", "SOA", ["ns. host. 1 7200 900 1209600 60"], ttl: 900)
  private static let app = "app.example.com."

  static func hosted(_ records: [JSON]) throws -> HostedZone {
    let page = JSON.object(["ResourceRecordSets": .array([soa] + records)])
    return try HostedZone(pages: [("records.json", Array(page.text.utf8))])
  }

  private func request(_ name: String = Self.app, replaces: Bool = false, inside: Bool = true) throws
    -> DelegationRequest
  {
    let servers = try
      (inside ? ["ns1.app.example.com.", "ns2.app.example.com."] : ["ns1.example.net.", "ns2.example.net."]).map {
        NameServer(name: try DomainName($0), addresses: inside ? [.v4(0xCB00_710A)] : [])
      }
    return DelegationRequest(name: try DomainName(name), servers: servers, replaces: replaces)
  }

  private func problems(_ records: [JSON], _ request: DelegationRequest) throws -> [String] {
    let zone = try Self.hosted(records)
    do {
      _ = try DelegationPlan(request, in: zone)
      return []
    } catch { return error.problems }
  }

  @Test func whatIsHiddenGoesAndComesBackToTheLetter() throws {
    let odd = ImportTests.set(
      "www.app.example.com.", "A", ["192.0.2.1"],
      ImportTests.id(
        "a", ["Weight": .integer(3), "HealthCheckId": "hc", "FutureMember": .object(["x": .array([.bool(true)])])]))
    let alias = ImportTests.alias("app.example.com.", "A", "www.app.example.com.")
    let plan = try DelegationPlan(
      try request(), in: Self.hosted([odd, alias, ImportTests.set("other.example.com.", "A", ["192.0.2.9"])]))
    #expect(plan.change.changes.prefix(2).map(\.action) == [.delete, .delete])
    #expect(plan.change.changes.prefix(2).map(\.record) == [odd, alias])
    let added = plan.change.changes.dropFirst(2).map { $0.record["Name"]?.string ?? "" }
    #expect(added == [Self.app, "ns1.app.example.com.", "ns2.app.example.com."])
    #expect(plan.undo.changes.suffix(2) == [.init(.create, odd), .init(.create, alias)])
    #expect(plan.negativeTTL == 60)
    #expect(try ChangeBatch(Shape(plan.change.json, "x")) == plan.change)
  }

  @Test func whatIsInTheWayIsAllListed() throws {
    #expect(try problems([], request("example.com."))[0].contains("is the hosted zone itself"))
    #expect(try problems([], request("app.example.org."))[0].contains("does not lie in the hosted zone"))
    let both = try problems(
      [
        ImportTests.set(Self.app, "NS", ["ns.old.example."]), ImportTests.alias("www.example.com.", "A", Self.app),
        ImportTests.set(
          "p.app.example.com.", "A", ["192.0.2.1"], [.init(name: "TrafficPolicyInstanceId", value: "tp")]),
      ], request())
    #expect(both.count == 3 && both[0].contains("--replace") && both[1].contains("www.example.com A is an alias"))
    #expect(both[2].contains("traffic policy instance tp"))
    let below = try problems(
      [ImportTests.set("example.com.", "NS", ["a."]), ImportTests.set("b.example.com.", "NS", ["a."])],
      request("app.b.example.com.", inside: false))
    #expect(below == ["b.example.com is delegated to a., and with it app.b.example.com"])
    let many = (0..<1001).map { ImportTests.set("n\($0).app.example.com.", "A", ["192.0.2.1"]) }
    #expect(try problems(many, request())[0].contains("more than one change may have"))
  }

  /// Route 53 as it applies batches: all or nothing, and a DELETE must match exactly.
  private struct Zone: Equatable {
    var records: Set<String>

    mutating func apply(_ batch: ChangeBatch) -> Bool {
      var next = records
      for change in batch.changes {
        switch change.action {
        case .delete: if next.remove(change.record.text) == nil { return false }
        case .create: if !next.insert(change.record.text).inserted { return false }
        case .upsert: next.insert(change.record.text)
        }
      }
      records = next
      return true
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func undoingLeadsBack(seed: UInt64) throws {
    var random = Random(seed: seed)
    var records: [JSON] = []
    for i in 0..<random.within(0...30) {
      let name = random.pick(["", "www.", "\\052.", "a.b."]) + random.pick([Self.app, "x.example.com."])
      records.append(
        ImportTests.set(
          name, random.pick(["A", "TXT", "MX"]), ["\(i)"], ttl: i, ImportTests.id("\(i)", ["Weight": .integer(i)])))
    }
    let hosted = try Self.hosted(records)
    let plan = try DelegationPlan(try request(), in: hosted)
    let before = Zone(records: Set(hosted.records.map(\.json.text)))
    var zone = before
    #expect(zone.apply(plan.change) && !zone.records.contains { $0.contains("www.app.example.com.") })
    let now = try HostedZone(pages: [
      ("z", Array("{\"ResourceRecordSets\": [\(zone.records.joined(separator: ","))]}".utf8))
    ])
    #expect(try UndoCheck.changes(plan.undo, now) == [])
    #expect(try UndoCheck.changes(plan.undo, hosted) != [] || plan.hidden.isEmpty)
    #expect(zone.apply(plan.undo) && zone == before)
  }

  /// A delegation below the name stays one, so it is compared; what it hides today is not.
  @Test(arguments: [
    ([("app.example.com.", "NS"), ("app.example.com.", "DS"), ("ns1.app.example.com.", "A")], []),
    (
      [
        ("app.example.com.", "A"), ("b.app.example.com.", "NS"), ("b.app.example.com.", "DS"),
        ("ns.b.app.example.com.", "A"),
      ],
      ["app.example.com A", "b.app.example.com NS", "b.app.example.com DS"]
    ),
    (
      [("b.app.example.com.", "NS"), ("b.app.example.com.", "TXT"), ("c.b.app.example.com.", "NS")],
      ["b.app.example.com NS"]
    ),
  ])
  func whatIsAnsweredToday(sets: [(name: String, type: String)], asked: [String]) throws {
    let values = ["NS": "ns.b.app.example.com.", "DS": "1 13 2 00", "A": "192.0.2.1", "TXT": "\"x\""]
    let zone = try Self.hosted(sets.map { ImportTests.set($0.name, $0.type, [values[$0.type] ?? ""]) })
    let name = try DomainName(Self.app)
    let hidden = zone.records.filter { $0.name.isAtOrBelow(name) }
    let expected = ExpectedAnswer.all(hidden, in: zone.records, below: name)
    #expect(expected.map { "\($0.name.shortText) \($0.type)" } == asked)
  }

  // MARK: - Route 53's moods, played by a program in the command line's place

  /// - Parameter script: of the shell; `$N` counts the calls.
  private func aws(_ script: String, timeout: UInt64 = 60_000_000_000) throws -> (
    aws: AWS, folder: Folder, waits: Waits
  ) {
    let folder = try Folder()
    try folder.write(
      "aws",
      "#!/bin/sh\nN=$(cat \(folder.path)/n 2>/dev/null || echo 0); N=$((N+1)); echo $N > \(folder.path)/n\n\(script)\n")
    _ = try run(["chmod", "+x", folder.path("aws")])
    let waits = Waits()
    return (AWS(program: folder.path("aws"), timeout: timeout, sleep: { waits.add($0) }), folder, waits)
  }

  final class Waits: Sendable {
    private let all = Mutex<[UInt64]>([])
    func add(_ nanoseconds: UInt64) { all.withLock { $0.append(nanoseconds / 1_000_000_000) } }
    var seconds: [UInt64] { all.withLock { $0 } }
  }

  private static let change = #"{"ChangeInfo": {"Id": "/change/C1", "Status": "PENDING"}}"#

  @Test func throttlingIsWaitedFor() throws {
    let (aws, folder, waits) = try aws(
      "if [ $N -lt 4 ]; then echo 'An error occurred (Throttling) when calling the X operation: Rate exceeded' >&2; exit 254; fi; echo '{\"ok\": true}'"
    )
    #expect(try aws.route53(["list-health-checks"])?.json["ok"] == .bool(true))
    withExtendedLifetime(folder) { #expect(waits.seconds == [1, 2, 4]) }
  }

  @Test func pendingIsWaitedFor() throws {
    let (aws, folder, waits) = try aws(
      "if [ $N -lt 4 ]; then echo '\(Self.change)'; else echo '\(Self.change)' | sed s/PENDING/INSYNC/; fi")
    let said = Mutex<[String]>([])
    let batch = ChangeBatch(comment: "x", changes: [])
    try Applying(aws, zoneID: "/hostedzone/Z1") { line in said.withLock { $0.append(line) } }.apply(batch)
    withExtendedLifetime(folder) {}
    #expect(waits.seconds == [5, 5, 5] && said.withLock { $0.last } == "all of Route 53's servers have it (INSYNC)")
  }

  @Test func refusedBatchesAreTold() throws {
    let (aws, folder, _) = try aws(
      "echo 'An error occurred (InvalidChangeBatch) when calling the ChangeResourceRecordSets operation: not found' >&2; exit 254"
    )
    #expect {
      try Applying(aws, zoneID: "Z1") { _ in }.apply(ChangeBatch(comment: "x", changes: []))
    } throws: {
      "\($0)".contains("nothing of the change is applied") && "\($0)".contains("(InvalidChangeBatch)")
        && "\($0)".contains("change-resource-record-sets failed")
    }
    #expect(try readFile(folder.path("n")) == "1\n")
  }

  @Test func whatIsCutOffIsNotCalledUndone() throws {
    let (aws, folder, _) = try aws("exec sleep 60", timeout: 300_000_000)
    #expect {
      try Applying(aws, zoneID: "Z1") { _ in }.apply(ChangeBatch(comment: "x", changes: []))
    } throws: { "\($0)".contains("whether the change was applied is not known") }
    withExtendedLifetime(folder) {}
  }

  @Test func aMissingCommandLineIsTold() throws {
    #expect {
      try AWS(program: "/nonexistent/aws").route53(["x"])
    } throws: { "\($0)".contains("install the AWS command line, or give files instead") }
  }
}
