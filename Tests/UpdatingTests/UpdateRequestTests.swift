import TestSupport
import Testing
import Updating
import Wire

/// What messages say (RFC 2136 §2), and what they may not.
@Suite struct UpdateRequestTests {
  /// All five forms of a prerequisite and all four of a change, as BIND writes them: with compressed names.
  @Test func nsupdatesMessageIsRead() throws {
    guard let octets = captured["nsupdate-hmac-sha256"],
      case .refused(let refusal) = KeyRing([key()]).verify(octets, now: 0), let signature = refusal.signature,
      case .good(let verified) = KeyRing([key()]).verify(octets, now: signature.time)
    else {
      Issue.record("not verified")
      return
    }
    let request = try UpdateRequest(verified.message)
    #expect(request.zone == zone && !request.isPassedOn)
    let (www, mail) = (name("www.app.example.com"), name("mail.app.example.com"))
    let mx = identity("mail", "MX", "10 mx")
    #expect(
      Set(request.prerequisites) == [
        .exists(www, .a), .doesNotExist(name("api.app.example.com"), .cname), .nameInUse(www),
        .nameNotInUse(name("gone.app.example.com")), .equals(mail, .mx, [mx]),
      ])
    #expect(
      request.changes == [
        .add(record("_acme-challenge", "TXT", "one two", ttl: 60)), .add(Record(mx, ttl: 300)),
        .delete(identity("_acme-challenge", "TXT", "old")), .deleteRRset(name("old.app.example.com"), .a),
        .deleteName(name("gone.app.example.com")),
      ])
  }

  @Test func namesAreInLowerCaseAndWhole() throws {
    let data = [0, 10] + Message.name("Mail").dropLast() + [0xC0, 12]
    let request = try UpdateRequest(
      update([], [Line(owner: "WWW.App.Example.COM", type: 15, recordClass: 1, ttl: 9, data: data)]))
    #expect(request.changes == [.add(record("www", "MX", "10 mail", ttl: 9))])
  }

  private static let www = "www.app.example.com"
  private static let address: [UInt8] = [192, 0, 2, 1]

  /// Prerequisites that are no prerequisites (RFC 2136 §3.2).
  @Test(arguments: [
    (Line(owner: www, type: 1, recordClass: 255, ttl: 1), ResponseCode.formErr),
    (Line(owner: www, type: 1, recordClass: 254, ttl: 1), .formErr),
    (Line(owner: www, type: 1, recordClass: 1, ttl: 1, data: address), .formErr),
    (Line(owner: www, type: 1, recordClass: 255, data: address), .formErr),
    (Line(owner: www, type: 1, recordClass: 254, data: address), .formErr),
    (Line(owner: www, type: 1, recordClass: 1), .formErr),
    (Line(owner: www, type: 1, recordClass: 1, data: [1, 2, 3]), .formErr),
    (Line(owner: www, type: 1, recordClass: 3, data: address), .formErr),
    (Line(owner: www, type: 255, recordClass: 1, data: address), .formErr),
    (Line(owner: www, type: 252, recordClass: 255), .formErr),
    (Line(owner: www, type: 0, recordClass: 254), .formErr),
    (Line(owner: "www.example.com", type: 1, recordClass: 255), .notZone),
    (Line(owner: "xapp.example.com", type: 1, recordClass: 254), .notZone),
    (Line(owner: "com", type: 1, recordClass: 1, data: address), .notZone),
  ])
  func prerequisites(line: Line, code: ResponseCode) {
    #expect(refusal(update([line])) == code)
  }

  /// Changes that are none (RFC 2136 §3.4.1).
  @Test(arguments: [
    (Line(owner: www, type: 1, recordClass: 1), ResponseCode.formErr),
    (Line(owner: www, type: 1, recordClass: 1, data: [1, 2, 3, 4, 5]), .formErr),
    (Line(owner: www, type: 1, recordClass: 1, ttl: 1 << 31, data: address), .formErr),
    (Line(owner: www, type: 16, recordClass: 1, data: [3, 65]), .formErr),
    (Line(owner: www, type: 255, recordClass: 1), .formErr), (Line(owner: www, type: 252, recordClass: 1), .formErr),
    (Line(owner: www, type: 250, recordClass: 1), .formErr),
    (Line(owner: www, type: 1, recordClass: 255, ttl: 1), .formErr),
    (Line(owner: www, type: 1, recordClass: 255, data: address), .formErr),
    (Line(owner: www, type: 251, recordClass: 255), .formErr), (Line(owner: www, type: 41, recordClass: 255), .formErr),
    (Line(owner: www, type: 1, recordClass: 254, ttl: 1, data: address), .formErr),
    (Line(owner: www, type: 255, recordClass: 254), .formErr), (Line(owner: www, type: 1, recordClass: 254), .formErr),
    (Line(owner: www, type: 1, recordClass: 3, data: address), .formErr),
    (Line(owner: "example.com", type: 1, recordClass: 1, data: address), .notZone),
    (Line(owner: "other.com", type: 255, recordClass: 255), .notZone),
  ])
  func changes(line: Line, code: ResponseCode) {
    // One that is good before it is not done either.
    let good = Line.add(record("www", "A", "192.0.2.99"))
    #expect(refusal(update([], [good, line])) == code)
  }

  /// The prerequisites are looked at first, then the permission, then the update section (RFC 2136 §3).
  @Test func order() {
    let wrong = Line(owner: "other.com", type: 255, recordClass: 255)
    let unmet = Line(owner: "gone.app.example.com", type: 255, recordClass: 255)
    #expect(refusal(update([unmet], [wrong])) == .nxDomain)
    #expect(refusal(update([], [wrong])) == .notZone)
  }

  @Test func zoneSections() throws {
    #expect(throws: UpdateRefusal.self) { try UpdateRequest(update(zoneType: 1)) }
    #expect(refusal(update(zoneType: 252)) == .formErr)
    #expect(refusal(update(zoneClass: 3)) == .notAuth)
    var octets = update()
    octets[5] = 0
    #expect(refusal(octets) == .formErr)
    octets[5] = 2
    #expect(refusal(octets + Message.question("app.example.com")) == .formErr)
    octets = update()
    octets[2] = 0xA8
    #expect(refusal(octets) == .formErr)
    octets[2] = 0
    #expect(refusal(octets) == .formErr)
    #expect(refusal(update() + [0]) == .formErr)
    #expect(try UpdateRequest(update()).changes.isEmpty)
  }

  @Test func torn() {
    let lines = [Line.add(record("www", "MX", "10 mail")), .delete(identity("www", "TXT", "a b"))]
    let octets = update([.equals(identity("www", "A", "192.0.2.10"))], lines)
    for count in 0..<octets.count { #expect(refusal(Array(octets[..<count])) == .formErr) }
  }

  @Test func passedOn() throws {
    let mark = Message.option(PassedOn.option, PassedOn.mark)
    func isMarked(_ options: [UInt8]) throws -> Bool {
      try UpdateRequest(update(tail: Message.opt(options: options), additionals: 1)).isPassedOn
    }
    #expect(try isMarked(mark) && isMarked(Message.option(10, Array(1...8)) + mark))
    #expect(try !isMarked([]) && !isMarked(Message.option(PassedOn.option, [1])))
    #expect(try !isMarked(Message.option(3, PassedOn.mark)) && !isMarked(Array(mark.dropLast())))
  }

  @Test func replies() throws {
    let request = update([], [.add(record("www", "A", "192.0.2.1"))], tail: Message.opt(), additionals: 1)
    let reply = try #require(UpdateReply.octets(to: request, .refused))
    #expect(
      reply == Message.header(0x4711, flags: 0xA805, additionals: 1) + Message.question("app.example.com")
        + Message.opt())
    #expect(
      UpdateReply.octets(to: update(), .noError) == Message.header(0x4711, flags: 0xA800)
        + Message.question("app.example.com"))
    #expect(
      UpdateReply.octets(to: Array(request.prefix(20)), .formErr) == Message.header(0x4711, flags: 0xA801, questions: 0)
    )
    let query = Message.header(flags: 0x0130) + Message.question()
    #expect(UpdateReply.octets(to: query, .notAuth)?.prefix(4) == [0x12, 0x34, 0x81, 0x09])
    #expect(UpdateReply.octets(to: reply, .formErr) == nil)
    #expect(UpdateReply.octets(to: Array(request.prefix(11)), .formErr) == nil)
  }

  private func refusal(_ octets: [UInt8]) -> ResponseCode? {
    do throws(UpdateRefusal) {
      _ = try UpdateRequest(octets).evaluate(for: key().name, rules: nil, view: TestZone.usual.view)
      return nil
    } catch {
      return error.code
    }
  }
}
