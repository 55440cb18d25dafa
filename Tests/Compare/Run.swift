import TestSupport

/// One comparison: zones from a seed, four servers, many questions.
struct Run {
  var seed: UInt64 = 1
  var queries = 20_000
  var zones = 20
  /// Signed zones, with a few beside them that are not, and questions with DO.
  var isSigned = false
  /// Disagreements of one category that are printed in full.
  var shown = 3
  /// The server whose disagreements are listed.
  var target = Server.Kind.alula

  private static let peers: [Server.Kind] = [.nsd, .knot, .bind]

  func run() throws -> Summary {
    var random = Random(seed: seed)
    var zones = Self.makeZones(count: zones, isSigned: isSigned, &random)
    let folder = packageFolder + "/.build/compare" + (isSigned ? "-signed" : "")
    try makeFolder(folder)
    var files: [(apex: Name, path: String)] = []
    for i in zones.indices { files.append((zones[i].apex, try zones[i].write("\(folder)/\(i).zone"))) }
    print("seed \(seed), \(zones.count) zones in \(folder), \(zones.reduce(0) { $0 + $1.records.count }) records")
    var servers = try Server.Kind.allCases.map { try Server($0, zones: files) }
    defer { for server in servers { server.stop() } }
    for server in servers { try server.waitUntilReady() }
    var questioner = Questioner(random: Random(seed: random.next()), zones: zones)
    var summary = Summary(title: isSigned ? "Signed zones" : "Plain zones", target: target)
    for i in 0..<queries {
      let question = questioner.next()
      let identifier = UInt16(truncatingIfNeeded: i)
      let replies = ask(question, servers, identifier)
      judge(question, replies, zones, &summary)
      for i in servers.indices {
        guard case .some(.none) = replies[servers[i].kind], !servers[i].answers() else { continue }
        print(report(question, replies, "\(servers[i].kind.rawValue) answers no more and is started again", zones))
        summary.restarts[servers[i].kind, default: 0] += 1
        servers[i].stop()
        servers[i] = try Server(servers[i].kind, zones: files)
        try servers[i].waitUntilReady()
      }
      if let server = servers.first(where: { $0.kind == target }),
        let fault = fault(of: server, replies[target] ?? nil, question, identifier)
      {
        summary.faults[fault, default: 0] += 1
        if summary.faults[fault, default: 0] <= shown { print(report(question, replies, "fault: " + fault, zones)) }
      }
    }
    return summary
  }

  /// Zones in groups: one, two inside each other, three.
  static func makeZones(count: Int, isSigned: Bool, _ random: inout Random) -> [GeneratedZone] {
    var groups: [[Name]] = []
    while groups.joined().count < count {
      let number = groups.count
      let apex = Name(["Zone\(number)", "zone\(number).test", "a.b.zone\(number).Test"][number % 3])
      var group = [apex]
      if random.chance(percent: 60), let child = apex.child("sub") {
        group.append(child)
        if random.chance(percent: 60), let grandchild = child.child("x")?.child("deep") { group.append(grandchild) }
      }
      groups.append(group)
    }
    let apexes = Array(groups.joined())
    return groups.flatMap { group in
      group.reversed().reduce(into: [GeneratedZone]()) { made, apex in
        let signing = isSigned && random.chance(percent: 90) ? Signing(&random) : nil
        let seed = Random(seed: random.next())
        made.insert(
          ZoneGenerator.make(apex: apex, inner: made, apexes: apexes, signing: signing, random: seed), at: 0)
      }
    }
  }

  /// What is wrong with the target's reply whatever the others say.
  private func fault(of server: Server, _ reply: Reply?, _ question: Question, _ identifier: UInt16) -> String? {
    guard let reply else { return "no reply" }
    if let fault = reply.fault(question) { return fault }
    guard reply.isTruncated, question.type != Types.any, question.transport == .udp else { return nil }
    var again = question
    again.transport = .tcp
    server.send(again, identifier)
    guard let whole = server.receive(again, identifier) else { return "no reply over TCP to what was truncated" }
    return reply.faultOfTruncation(whole, question)
  }

  private func ask(_ question: Question, _ servers: [Server], _ identifier: UInt16) -> [Server.Kind: Reply?] {
    for server in servers { server.send(question, identifier) }
    var replies: [Server.Kind: Reply?] = [:]
    for server in servers {
      var reply = server.receive(question, identifier)
      if server.kind == .nsd { reply = reply?.withoutServersOfPositiveAnswer(question) }
      replies.updateValue(reply, forKey: server.kind)
    }
    return replies
  }

  private func judge(
    _ question: Question, _ replies: [Server.Kind: Reply?], _ zones: [GeneratedZone], _ summary: inout Summary
  ) {
    summary.asked += 1
    for kind in Server.Kind.allCases {
      let others = Self.peers.filter { $0 != kind }.map { replies[$0] ?? nil }
      guard agree(others, question) else { continue }
      let own = replies[kind] ?? nil
      let found = departure(own, others, question)
      summary.scores[kind, default: Summary.Score()].count(found, ordinary: question.isOrdinary)
      if kind == target, let found {
        let common = others[0]
        let category = category(found, common, own, question)
        if kind == .alula, let common, let own,
          let known = KnownDifference.all.first(where: { $0.matches(question, common, own) })
        {
          summary.known[known.title, default: 0] += 1
          continue
        }
        summary.unexplained[category, default: 0] += 1
        if summary.unexplained[category, default: 0] <= shown { print(report(question, replies, category, zones)) }
      }
    }
    judgeAgainstMajority(question, replies, zones, &summary)
  }

  /// Two peers agree, the third does not, and the target says what none of them does: nothing that must be
  /// right, but worth a look.
  private func judgeAgainstMajority(
    _ question: Question, _ replies: [Server.Kind: Reply?], _ zones: [GeneratedZone], _ summary: inout Summary
  ) {
    let own = replies[target] ?? nil
    let others = Self.peers.filter { $0 != target }.map { replies[$0] ?? nil }
    guard others.count == 3, !agree(others, question),
      others.allSatisfy({ difference($0, own, question) != nil })
    else { return }
    for i in 0..<3 where agree([others[i], others[(i + 1) % 3]], question) {
      let found = difference(others[i], own, question) ?? ""
      let category = category(found, others[i], own, question)
      summary.alone[category, default: 0] += 1
      if summary.alone[category, default: 0] <= shown {
        print(report(question, replies, "alone against two: " + category, zones))
      }
      return
    }
  }

  /// In what a reply departs from others that agree.
  private func departure(_ own: Reply?, _ others: [Reply?], _ question: Question) -> String? {
    for other in others {
      if let found = difference(other, own, question) { return found }
    }
    guard let own else { return nil }
    return isOutlier(own, others.compactMap { $0 }, question) ? "additional" : nil
  }

  private func agree(_ replies: [Reply?], _ question: Question) -> Bool {
    for (i, reply) in replies.enumerated() {
      for other in replies[(i + 1)...] where difference(reply, other, question) != nil { return false }
    }
    return true
  }

  private func category(_ difference: String, _ common: Reply?, _ own: Reply?, _ question: Question) -> String {
    var text = difference
    if difference == "rcode", let common, let own { text += " \(common.code) not \(own.code)" }
    if question.flags & 0x7800 != 0 { return text + ", opcode \(question.flags >> 11 & 15)" }
    if question.recordClass != 1 { return text + ", class \(question.recordClass)" }
    if Types.odd.contains(question.type) || [Types.ds, Types.any].contains(question.type) {
      text += ", \(typeName(question.type))"
    }
    if common?.sections[0].contains(where: { $0.type == Types.dname }) == true { text += ", through DNAME" }
    if common?.sections[0].contains(where: { $0.type == Types.cname }) == true { text += ", through CNAME" }
    return text + ", \(question.kind)"
  }
}
