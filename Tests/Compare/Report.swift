/// A disagreement in full: the question, what the zones have near it, and what each server said.
func report(_ question: Question, _ replies: [Server.Kind: Reply?], _ category: String, _ zones: [GeneratedZone])
  -> String
{
  var text = "\n--- \(category)\n\(question)\n"
  for line in near(question.name, zones).prefix(30) { text += "    \(line)\n" }
  for kind in Server.Kind.allCases {
    guard let reply = replies[kind] else { continue }
    text += "  \(kind.rawValue): \(reply.map(shown) ?? "no reply")\n"
  }
  return text
}

/// What is at the name, above it and below it, and the wildcards that could stand for it: a line for each
/// owner, the data only of what leads elsewhere.
private func near(_ name: Name, _ zones: [GeneratedZone]) -> [String] {
  zones.filter { name.isAtOrBelow($0.apex) }.flatMap { zone in
    (zone.signing.map { ["zone \(zone.apex) is signed: \($0)"] } ?? [])
      + zone.owners.filter { owner in
        let standsFor = owner.isWildcard ? owner.parent ?? owner : owner
        return name.isAtOrBelow(standsFor) || (owner.isBelow(name) && name.key != zone.apex.key)
      }.map { owner in "zone \(zone.apex): \(owner) \(summary(owner, zone))" }
  }
}

private func summary(_ owner: Name, _ zone: GeneratedZone) -> String {
  var types: [String] = []
  for record in zone.records where record.owner == owner {
    if ["NS", "CNAME", "DNAME"].contains(record.type) {
      types.append("\(record.type) \(record.data)")
    } else if !types.contains(record.type) {
      types.append(record.type)
    }
  }
  return types.joined(separator: ", ")
}

private func shown(_ reply: Reply) -> String {
  let codes = [
    0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 6: "YXDOMAIN", 9: "NOTAUTH",
    16: "BADVERS",
  ]
  var text = "\(codes[reply.code] ?? "rcode \(reply.code)") flags \(hex(wire(reply.flags)))"
  if let edns = reply.edns { text += " EDNS \(edns.version) \(hex(wire(edns.flags)))" }
  text += " \(reply.length) octets \(reply.problems.joined(separator: ", "))"
  for (title, section) in zip(["answer", "authority", "additional"], reply.sections) where !section.isEmpty {
    text += "\n    \(title):"
    for record in sorted(section).prefix(12) {
      text += "\n      \(Name(wire: record.owner)) \(record.ttl) \(typeName(record.type)) "
      if let covered = record.covered { text += "over \(typeName(covered)) " }
      text +=
        [Types.ns, Types.cname, Types.dname, Types.nsec].contains(record.type)
        ? "\(Name(wire: record.data))" : hex(Array(record.data.prefix(48)))
    }
    if section.count > 12 { text += "\n      … \(section.count) records" }
  }
  return text
}
