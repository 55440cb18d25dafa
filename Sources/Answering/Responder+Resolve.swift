import Memory
import Wire
import Zone

/// The state of an answer while it is made (RFC 1034 §4.3.2).
struct Answer: BitwiseCopyable {
  let type: RecordType
  var code = ResponseCode.noError
  /// Sent along where the client takes it (RFC 8914).
  var extendedError: ExtendedError?
  var isAuthoritative = false
  var isTruncated = false
  /// Where the name in question stands in the message: in the question, or in the last alias's data.
  var owner = Message.headerLength
  /// The entry of the zone that is looked in.
  var zone = 0

  /// With signatures and proofs, where the zone has them (RFC 4035 §3.1).
  let isSigned: Bool

  init(_ type: RecordType, signed: Bool = false) {
    self.type = type
    isSigned = signed
  }
}

/// Where a step of resolving leaves off.
enum Step: BitwiseCopyable {
  case done
  /// Go on with the name that stands at this offset of the message.
  case follow(Int)

  /// A name that pointers cannot reach any more (RFC 1035 §4.1.4) ends the chain, as its length may.
  static func following(nameAt offset: Int) -> Step {
    offset + DomainName.maximumLength < 0x4000 ? .follow(offset) : .done
  }
}

extension Responder {
  /// Fills the sections: the name in question, and then every alias that leads into a served zone.
  mutating func resolve(_ answer: inout Answer, _ message: inout Message, _ generation: borrowing Generation) {
    guard let first = enclosingZone(answer.type, generation) else {
      answer.code = .refused
      answer.extendedError = .notAuthoritative
      return
    }
    answer.zone = first
    chain.clear()
    proofs.clear()
    follow(&answer, &message, generation)
    appendProofs(&answer, &message, generation)
  }

  private mutating func follow(_ answer: inout Answer, _ message: inout Message, _ generation: borrowing Generation) {
    while true {
      guard case .follow(let target) = step(&answer, &message, generation, generation.zones.entries[answer.zone]),
        chain.add(name), name.read(compressed: message, at: target) != nil, !chain.contains(name),
        let next = enclosingZone(answer.type, generation)
      else { return }
      answer.owner = target
      answer.zone = next
    }
  }

  /// DS records of a zone's apex stand in the parent zone; without it, the apex answers for itself.
  private func enclosingZone(_ type: RecordType, _ generation: borrowing Generation) -> Int? {
    if type == .ds, let parent = generation.zones.find(name, aboveApex: true) { return parent }
    return generation.zones.find(name)
  }

  /// One name in one zone.
  private mutating func step(
    _ answer: inout Answer, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    let lookup = entry.zone.value.lookup(name, atParent: answer.type == .ds)
    switch lookup.outcome {
    case .found:
      return found(lookup, &answer, &message, generation, entry)
    case .referral:
      refer(lookup.node, &answer, &message, generation, entry)
    case .redirection:
      return redirect(lookup, &answer, &message, entry)
    case .noSuchName:
      answer.isAuthoritative = true
      answer.code = .nxDomain
      appendNegativeSOA(&answer, &message, entry)
      if answer.isSigned { proveNoName(lookup, answer, entry) }
    }
    return .done
  }

  /// The name exists, or a wildcard stands for it.
  private mutating func found(
    _ lookup: Lookup, _ answer: inout Answer, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    answer.isAuthoritative = true
    if entry.zone.value.isAlias(lookup.node), !answer.type.standsBesideAlias {
      return follow(lookup, &answer, &message, entry)
    }
    if entry.zone.value.isPooled(lookup.node), answer.type.isPooled, let slot = slot(lookup.node, entry) {
      answerFromPool(generation.pools[slot].block.current, &answer, &message, entry)
      return .done
    }
    guard let rrset = ownRRset(lookup.node, answer.type, entry) else {
      appendNegativeSOA(&answer, &message, entry)
      if answer.isSigned { proveNoData(lookup, answer, entry) }
      return .done
    }
    let start = message.length
    guard append(rrset, of: lookup.node, &answer, &message, entry) else {
      answer.isTruncated = true
      return .done
    }
    if answer.isSigned {
      if lookup.unmatched > 0 { proveExpansion(lookup, answer, entry) }
      appendProofs(&answer, &message, generation)
    }
    appendAdditional(rrset, at: start, &answer, &message, generation, entry)
    return .done
  }

  private func append(
    _ rrset: RRset, of node: Node, _ answer: inout Answer, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    if answer.type == .rrsig {
      return entry.zone.value.appendSignatures(of: node, owner: answer.owner, to: &message)
    }
    let apex = apexOffset(answer, message, entry)
    return entry.zone.value.append(
      rrset, owner: answer.owner, apex: apex, signed: answer.isSigned, to: &message, .answer)
  }

  /// For ANY one RRset is enough (RFC 8482 §4.1).
  private func ownRRset(
    _ node: Node, _ type: RecordType, _ entry: borrowing ZoneTable.Entry
  ) -> RRset? {
    if type == .any { return entry.zone.value.anyRRset(node) }
    return entry.zone.value.rrset(node, type)
  }

  private mutating func follow(
    _ lookup: Lookup, _ answer: inout Answer, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    guard let alias = entry.zone.value.rrset(lookup.node, .cname) else { return .done }
    let start = message.length
    let apex = apexOffset(answer, message, entry)
    guard
      entry.zone.value.append(
        alias, owner: answer.owner, apex: apex, signed: answer.isSigned, to: &message, .answer)
    else {
      answer.isTruncated = true
      return .done
    }
    if answer.isSigned, lookup.unmatched > 0 { proveExpansion(lookup, answer, entry) }
    return Step.following(nameAt: start + 12)
  }

  /// NODATA and NXDOMAIN carry the zone's SOA (RFC 2308 §2).
  func appendNegativeSOA(
    _ answer: inout Answer, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) {
    let apex = apexOffset(answer, message, entry)
    if !entry.zone.value.appendNegativeSOA(apex: apex, signed: answer.isSigned, to: &message) {
      answer.isTruncated = true
    }
  }
}

extension RecordType {
  /// What is answered from an alias's owner itself: RRSIG and NSEC stand beside a CNAME (RFC 4035 §2.5).
  fileprivate var standsBesideAlias: Bool { self == .cname || self == .any || self == .rrsig || self == .nsec }
}
