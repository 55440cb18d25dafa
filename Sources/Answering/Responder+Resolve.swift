import Memory
import Wire
import Zone

/// The state of an answer while it is made (RFC 1034 §4.3.2).
struct Answer: BitwiseCopyable {
  var type: RecordType
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
  var isSigned: Bool

  init(_ type: RecordType, signed: Bool = false) {
    self.type = type
    isSigned = signed
  }

  /// An answer with all its records, to which nothing is to be added.
  @inline(__always) static var whole: Answer {
    var answer = Answer(RecordType(0))
    answer.isAuthoritative = true
    return answer
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
  /// Finds the name in question, and answers at once where that is simple.
  @inline(__always) func find(_ message: inout Message, _ generation: borrowing Generation) -> Found {
    let zone = inquiry.zone
    guard zone >= 0 else { return .nothing }
    let isSigned = query.edns?.dnssecOK ?? false
    return isSigned && generation.zones.entries[zone].isSigned
      ? generation.zones.entries[zone].zone.value.find(name, hash: inquiry.hash)
      : generation.zones.entries[zone].zone.value.answer(name, hash: inquiry.hash, query.type, into: &message)
  }

  /// Fills the sections: the name in question, and then every alias that leads into a served zone.
  ///
  /// - Parameter found: the name's in the inquiry's zone.
  @inline(__always) mutating func resolve(
    _ found: Found, _ message: inout Message, _ generation: borrowing Generation
  ) {
    let zone = inquiry.zone
    guard zone >= 0 else {
      answer.code = .refused
      answer.extendedError = .notAuthoritative
      return
    }
    answer.zone = zone
    if let pool = found.pool {
      answer.isAuthoritative = true
      let slot = Int(generation.zones.entries[zone].pools.span[pool])
      answerFromPool(slot, &message, generation, generation.zones.entries[zone])
    } else {
      resolveFully(found, &message, generation)
    }
  }

  /// - Parameter found: the name's in the answer's zone.
  @inline(never) private mutating func resolveFully(
    _ found: Found, _ message: inout Message, _ generation: borrowing Generation
  ) {
    chain.clear()
    var found = found
    while case .follow(let target) = step(found, &message, generation, generation.zones.entries[answer.zone]),
      let next = follow(target, message, generation)
    {
      found = next
    }
    if proofs.count > 0 { appendProofs(&message, generation) }
  }

  /// Goes on with the name that stands at `target`.
  ///
  /// - Returns: what its zone has of it; nil when the answer ends here.
  private mutating func follow(
    _ target: Int, _ message: borrowing Message, _ generation: borrowing Generation
  ) -> Found? {
    guard chain.add(name), name.read(compressed: message, at: target) != nil, !chain.contains(name) else { return nil }
    let zone = generation.zones.find(name, for: answer.type)
    guard zone >= 0 else { return nil }
    answer.owner = target
    answer.zone = zone
    return generation.zones.entries[zone].zone.value.find(name)
  }

  /// One name in one zone.
  @inline(__always) private mutating func step(
    _ found: Found, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    let lookup = entry.zone.value.lookup(name, found, answer.type)
    switch lookup.outcome {
    case .found:
      return answerFound(lookup, &message, generation, entry)
    case .referral:
      refer(lookup.node, &message, generation, entry)
    case .redirection:
      return redirect(lookup, &message, entry)
    case .noSuchName:
      answer.isAuthoritative = true
      answer.code = .nxDomain
      appendNegativeSOA(&message, entry)
      if answer.isSigned { proveNoName(lookup, entry) }
    }
    return .done
  }

  /// The name exists, or a wildcard stands for it.
  @inline(__always) private mutating func answerFound(
    _ lookup: Lookup, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    answer.isAuthoritative = true
    if lookup.isAlias, !answer.type.standsBesideAlias {
      return follow(lookup, &message, entry)
    }
    if lookup.isPooled, answer.type.isPooled, let slot = slot(lookup.node, entry) {
      answerFromPool(slot, &message, generation, entry)
      return .done
    }
    guard let rrset = ownRRset(lookup, entry) else {
      appendNegativeSOA(&message, entry)
      if answer.isSigned { proveNoData(lookup, entry) }
      return .done
    }
    let start = message.length
    guard append(rrset, of: lookup.node, &message, generation, entry) else {
      answer.isTruncated = true
      return .done
    }
    if answer.isSigned {
      if lookup.unmatched > 0 { proveExpansion(lookup, entry) }
      appendProofs(&message, generation)
    }
    if rrset.additionalCount > 0 { appendAdditional(rrset, at: start, &message, generation, entry) }
    return .done
  }

  @inline(__always) private mutating func append(
    _ rrset: RRset, of node: Node, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    if answer.type == .rrsig {
      return entry.zone.value.appendSignatures(of: node, owner: answer.owner, to: &message)
    }
    if rrset.isHinted { return appendHinted(rrset, &message, generation, entry) }
    let apex = rrset.mayPoint ? apexOffset(message, entry) : 0
    return entry.zone.value.append(
      rrset, owner: answer.owner, apex: apex, signed: answer.isSigned, to: &message, .answer)
  }

  /// For ANY one RRset is enough (RFC 8482 §4.1).
  @inline(__always) private func ownRRset(
    _ lookup: Lookup, _ entry: borrowing ZoneTable.Entry
  ) -> RRset? {
    answer.type == .any ? entry.zone.value.anyRRset(lookup.node) : entry.zone.value.rrset(lookup.node, answer.type)
  }

  private mutating func follow(
    _ lookup: Lookup, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) -> Step {
    guard let alias = entry.zone.value.rrset(lookup.node, .cname) else { return .done }
    let start = message.length
    let apex = apexOffset(message, entry)
    guard
      entry.zone.value.append(
        alias, owner: answer.owner, apex: apex, signed: answer.isSigned, to: &message, .answer)
    else {
      answer.isTruncated = true
      return .done
    }
    if answer.isSigned, lookup.unmatched > 0 { proveExpansion(lookup, entry) }
    return Step.following(nameAt: start + 12)
  }

  /// NODATA and NXDOMAIN carry the zone's SOA (RFC 2308 §2).
  mutating func appendNegativeSOA(
    _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) {
    let apex = apexOffset(message, entry)
    if !entry.zone.value.appendNegativeSOA(apex: apex, signed: answer.isSigned, to: &message) {
      answer.isTruncated = true
    }
  }
}

extension RecordType {
  /// What is answered from an alias's owner itself: RRSIG and NSEC stand beside a CNAME (RFC 4035 §2.5).
  fileprivate var standsBesideAlias: Bool { self == .cname || self == .any || self == .rrsig || self == .nsec }
}
