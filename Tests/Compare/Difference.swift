/// What two replies to one question do not have in common; nil when they say the same.
///
/// Order within a section does not count, nor case within names. What a truncated reply carries is not
/// compared, for the client asks again. Additional addresses are optional (RFC 1034 §4.3.2 step 6), except
/// for glue within the delegated zone (RFC 9471 §2.1): what both send must be the same, and `isOutlier`
/// compares the rest.
func difference(_ a: Reply?, _ b: Reply?, _ question: Question) -> String? {
  guard let a, let b else { return a == nil && b == nil ? nil : "reply or none" }
  if a.problems != b.problems { return "format: \((a.problems + b.problems).joined(separator: ", "))" }
  if a.code != b.code { return "rcode" }
  if let flag = flagDifference(a.flags, b.flags) { return "flag \(flag)" }
  if a.question != b.question { return "question" }
  if (a.edns == nil) != (b.edns == nil) { return "EDNS or none" }
  if a.edns?.version != b.edns?.version { return "EDNS version" }
  if a.edns?.flags != b.edns?.flags { return "EDNS flags" }
  if a.isTruncated { return nil }
  if sorted(a.sections[0]) != sorted(b.sections[0]) { return "answer" }
  if sorted(a.sections[1]) != sorted(b.sections[1]) { return "authority" }
  return additionalDifference(a, b, question)
}

private func flagDifference(_ a: UInt16, _ b: UInt16) -> String? {
  let names: [(UInt16, String)] = [
    (0x8000, "QR"), (0x7800, "opcode"), (0x0400, "AA"), (0x0200, "TC"), (0x0100, "RD"), (0x0080, "RA"), (0x0040, "Z"),
    (0x0020, "AD"), (0x0010, "CD"),
  ]
  return names.first { (a ^ b) & $0.0 != 0 }?.1
}

private func additionalDifference(_ a: Reply, _ b: Reply, _ question: Question) -> String? {
  let (left, right) = (rrsets(a.sections[2]), rrsets(b.sections[2]))
  for key in Set(left.keys).union(right.keys) {
    if let x = left[key], let y = right[key] {
      if x != y { return "additional" }
    } else if key.covered == nil, isGlue(key.owner, a) {
      return "glue"
    }
  }
  return nil
}

private func isGlue(_ owner: [UInt8], _ referral: Reply) -> Bool {
  guard !referral.isAuthoritative else { return false }
  return referral.sections[1].contains { $0.type == Types.ns && owner.suffix($0.owner.count) == $0.owner[...] }
}

/// Whether `own` leaves out additional addresses that all `others` send, or sends some that none of them
/// does, although there was room.
func isOutlier(_ own: Reply, _ others: [Reply], _ question: Question) -> Bool {
  if own.isTruncated { return false }
  // Signatures come with their RRset or not, and then neither may have fit.
  let signatures = question.wantsSignatures ? 300 : 0
  func hasRoom(_ reply: Reply, _ rrset: [Reply.Record]) -> Bool {
    reply.length + signatures + rrset.reduce(0) { $0 + 12 + $1.data.count } <= question.limit
  }
  let sent = rrsets(own.sections[2])
  let othersSent = others.map { rrsets($0.sections[2]) }
  let added = sent.contains { key, rrset in
    othersSent.allSatisfy { !hasAddresses(key, $0) } && others.allSatisfy { hasRoom($0, rrset) }
  }
  return added
    || othersSent[0].contains { key, rrset in
      sent[key] == nil && hasRoom(own, rrset) && othersSent.allSatisfy { $0[key] != nil }
    }
}

/// Knot sends addresses of a wildcard under the wildcard's own name.
private func hasAddresses(_ key: RRsetKey, _ sent: [RRsetKey: [Reply.Record]]) -> Bool {
  sent[key] != nil
    || sent.keys.contains {
      $0.type == key.type && $0.covered == key.covered && $0.owner.starts(with: [1, UInt8(ascii: "*")])
        && key.owner.suffix($0.owner.count - 2) == $0.owner.dropFirst(2)
    }
}

func rrsets(_ section: [Reply.Record]) -> [RRsetKey: [Reply.Record]] {
  Dictionary(grouping: section, by: \.key).mapValues(sorted)
}

func sorted(_ section: [Reply.Record]) -> [Reply.Record] {
  section.sorted {
    ($0.type, $0.ttl) != ($1.type, $1.ttl)
      ? ($0.type, $0.ttl) < ($1.type, $1.ttl)
      : ($0.owner + $0.data).lexicographicallyPrecedes($1.owner + $1.data)
  }
}

extension Reply {
  /// Without what NSD adds to a positive answer and cannot be told to leave out: the zone's NS records, their
  /// signatures and addresses.
  func withoutServersOfPositiveAnswer(_ question: Question) -> Reply {
    let end = endOfChain(question)
    let isPositive = sections[0].contains {
      $0.owner == end && ($0.type == question.type || question.type == Types.any)
    }
    guard isAuthoritative, isPositive, sections[1].contains(where: { $0.type == Types.ns }) else { return self }
    var reply = self
    let wanted = Set(sections[0].compactMap(\.target))
    reply.sections[1].removeAll { $0.type == Types.ns || $0.covered == Types.ns }
    reply.sections[2] = sections[2].filter { wanted.contains($0.owner) }
    return reply
  }

  /// The name that the answer's CNAME records lead to.
  private func endOfChain(_ question: Question) -> [UInt8] {
    var name = question.name.key
    guard question.type != Types.cname, question.type != Types.any else { return name }
    for _ in sections[0] {
      guard let link = sections[0].first(where: { $0.type == Types.cname && $0.owner == name }) else { break }
      name = link.data
    }
    return name
  }
}
