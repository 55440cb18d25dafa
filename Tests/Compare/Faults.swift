/// What no reply may do, whatever other servers do.
extension Reply {
  func fault(_ question: Question) -> String? {
    if let problem = problems.first { return problem }
    if flags & 0x8000 == 0 { return "QR is not set" }
    if length > question.limit { return "longer than the limit" }
    // An opcode that is not implemented says nothing of what follows the header (RFC 8906 §8.1.4).
    if question.flags & 0x7800 == 0, self.question != question.octets { return "another question than was asked" }
    return nil
  }

  /// A truncated reply holds whole RRsets of what the same server sends over TCP, and only what does not fit is
  /// truncated: optional addresses are no reason (RFC 2181 §9), glue within the delegated zone is (RFC 9471 §3.1).
  func faultOfTruncation(_ whole: Reply, _ question: Question) -> String? {
    if whole.isTruncated { return "truncated over TCP" }
    let isReferral = whole.sections[1].contains { $0.type == Types.ns }
    let required = isReferral ? whole.length : whole.lengthWithoutAdditional
    if required <= question.limit { return "truncated, although all would fit" }
    for (part, all) in zip(sections, whole.sections) {
      let all = rrsets(all)
      for (key, rrset) in rrsets(part) where all[key] != rrset {
        return all[key] == nil
          ? "truncated, with \(typeName(key.type)) that is not in the whole" : "truncated within \(typeName(key.type))"
      }
    }
    return nil
  }
}
