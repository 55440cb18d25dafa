import Memory
import Wire
import Zone

/// What proves to a validator that there is nothing, or nothing closer (RFC 4035 §3.1.3, RFC 5155 §7.2).
extension Responder {
  /// The name, or the wildcard that stands for it, has no RRset of the type.
  mutating func proveNoData(_ lookup: Lookup, _ entry: borrowing ZoneTable.Entry) {
    let proof = Prover()
    switch entry.zone.value.denial.kind {
    case .none: break
    case .nsec:
      if lookup.unmatched > 0 { proof.nsec(forWildcardAt: lookup.unmatched, &self, entry) }
      proof.nsec(from: 0, &self, entry)
    case .nsec3:
      if lookup.unmatched == 0 { return proof.matchOrEncloser(from: 0, &self, entry) }
      proof.closestEncloser(from: lookup.unmatched, &self, entry)
      proof.nsec3(matchingWildcardAt: lookup.unmatched, &self, entry)
    }
  }

  /// Neither the name nor a wildcard for it exists.
  mutating func proveNoName(_ lookup: Lookup, _ entry: borrowing ZoneTable.Entry) {
    let proof = Prover()
    switch entry.zone.value.denial.kind {
    case .none: break
    case .nsec:
      proof.nsec(from: 0, &self, entry)
      proof.nsec(forWildcardAt: lookup.unmatched, &self, entry)
    case .nsec3:
      let encloser = proof.closestEncloser(from: lookup.unmatched, &self, entry)
      proof.nsec3(coveringWildcardAt: encloser, &self, entry)
    }
  }

  /// A wildcard stands for the name: there is nothing closer.
  mutating func proveExpansion(_ lookup: Lookup, _ entry: borrowing ZoneTable.Entry) {
    let proof = Prover()
    switch entry.zone.value.denial.kind {
    case .none: break
    case .nsec: proof.nsec(from: 0, &self, entry)
    case .nsec3: proof.nsec3(from: name.start(before: lookup.unmatched), &self, entry)
    }
  }

  /// The delegation that begins at octet `start` of the name has no DS record.
  mutating func proveInsecure(from start: Int, _ entry: borrowing ZoneTable.Entry) {
    let proof = Prover()
    switch entry.zone.value.denial.kind {
    case .none: break
    case .nsec: proof.nsec(from: start, &self, entry)
    case .nsec3: proof.matchOrEncloser(from: start, &self, entry)
    }
  }

  /// Writes what has been proved into the authority section.
  mutating func appendProofs(
    _ message: inout Message, _ generation: borrowing Generation
  ) {
    for i in 0..<proofs.count {
      guard let proof = proofs[i] else { continue }
      if !append(proof, &message, generation.zones.entries[proof.zone]) { answer.isTruncated = true }
    }
    proofs.clear()
  }

  private func append(
    _ proof: ProofList.Proof, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    let type: RecordType =
      switch entry.zone.value.denial.kind {
      case .none, .nsec: .nsec
      case .nsec3: .nsec3
      }
    guard let rrset = entry.zone.value.rrset(proof.node, type) else { return true }
    let suffix = offset(ofLast: proof.sharedLabels, inNameAt: proof.name, of: proof.labelCount, message)
    return entry.zone.value.append(
      named: proof.node, sharing: proof.sharedLabels, at: suffix, rrset, to: &message, .authority)
  }
}

/// Collects proofs from one zone about the responder's name, or about its last labels from an octet on.
private struct Prover {
  /// The record's owner will end in what it has in common with the name in question.
  private func add(_ node: Node, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    responder.proofs.add(
      ProofList.Proof(
        zone: responder.answer.zone, node: node, name: responder.answer.owner, labelCount: responder.name.labelCount,
        sharedLabels: entry.zone.value.labels(node, sharedWith: responder.name)))
  }

  func nsec(from start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    if let node = entry.zone.value.nsec(for: responder.name, from: start) { add(node, &responder, entry) }
  }

  /// - Parameter start: where the parent of the wildcard begins.
  func nsec(forWildcardAt start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    responder.otherName.setWildcard(of: responder.name, at: start)
    if let node = entry.zone.value.nsec(for: responder.otherName, from: 0) { add(node, &responder, entry) }
  }

  func nsec3(from start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    if let found = entry.zone.value.nsec3(for: responder.name, from: start) { add(found.node, &responder, entry) }
  }

  func nsec3(coveringWildcardAt start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    responder.otherName.setWildcard(of: responder.name, at: start)
    if let found = entry.zone.value.nsec3(for: responder.otherName, from: 0) { add(found.node, &responder, entry) }
  }

  /// With opt-out a wildcard has no record where it is but an empty name that leads to insecure delegations.
  func nsec3(matchingWildcardAt start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    responder.otherName.setWildcard(of: responder.name, at: start)
    guard let found = entry.zone.value.nsec3(for: responder.otherName, from: 0), found.matches else { return }
    add(found.node, &responder, entry)
  }

  /// The record of the name itself; with opt-out it may have none (RFC 5155 §7.2.4, §7.2.7).
  func matchOrEncloser(from start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry) {
    guard let found = entry.zone.value.nsec3(for: responder.name, from: start) else { return }
    if found.matches { return add(found.node, &responder, entry) }
    guard start < apexStart(responder, entry) else { return }
    closestEncloser(from: responder.name.start(after: start), &responder, entry)
  }

  /// The closest encloser that has a record, and what covers the name that is one label longer
  /// (RFC 5155 §7.2.1).
  ///
  /// - Parameter start: where the closest encloser begins that exists; the name is longer.
  /// - Returns: where the one begins that is proved.
  @discardableResult
  func closestEncloser(
    from start: Int, _ responder: inout Responder, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    var at = start
    while true {
      guard let found = entry.zone.value.nsec3(for: responder.name, from: at) else { return at }
      if found.matches || at >= apexStart(responder, entry) {
        add(found.node, &responder, entry)
        nsec3(from: responder.name.start(before: at), &responder, entry)
        return at
      }
      at = responder.name.start(after: at)
    }
  }

  private func apexStart(_ responder: borrowing Responder, _ entry: borrowing ZoneTable.Entry) -> Int {
    responder.name.start(ofLast: entry.zone.value.apexLabels)
  }
}
