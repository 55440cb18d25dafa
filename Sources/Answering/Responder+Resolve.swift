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

  private mutating func refer(
    _ cut: Node, _ answer: inout Answer, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) {
    let apex = apexOffset(answer, message, entry)
    guard let servers = entry.zone.value.rrset(cut, .ns) else { return }
    let start = message.length
    let owner = offset(of: cut, answer, message, entry)
    guard entry.zone.value.append(servers, owner: owner, apex: apex, to: &message, .authority) else {
      answer.isTruncated = true
      return
    }
    if answer.isSigned, entry.zone.value.isSigned { appendSecurity(of: cut, owner, apex, &answer, &message, generation, entry) }
    appendAdditional(servers, at: start, &answer, &message, generation, entry)
  }

  /// The delegation's DS records, or the proof that it has none (RFC 4035 §3.1.4).
  private mutating func appendSecurity(
    of cut: Node, _ owner: Int, _ apex: Int, _ answer: inout Answer, _ message: inout Message,
    _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) {
    if let keys = entry.zone.value.rrset(cut, .ds) {
      let fit = entry.zone.value.append(keys, owner: owner, apex: apex, signed: true, to: &message, .authority)
      if !fit { answer.isTruncated = true }
    } else {
      proveInsecure(from: name.start(ofLast: entry.zone.value.labels(cut)), answer, entry)
      appendProofs(&answer, &message, generation)
    }
  }

  /// NODATA and NXDOMAIN carry the zone's SOA (RFC 2308 §2).
  private func appendNegativeSOA(
    _ answer: inout Answer, _ message: inout Message, _ entry: borrowing ZoneTable.Entry
  ) {
    let apex = apexOffset(answer, message, entry)
    if !entry.zone.value.appendNegativeSOA(apex: apex, signed: answer.isSigned, to: &message) {
      answer.isTruncated = true
    }
  }
}

// MARK: - Pools

extension Responder {
  private func slot(_ node: Node, _ entry: borrowing ZoneTable.Entry) -> Int? {
    guard let pool = entry.zone.value.pool(node) else { return nil }
    return Int(entry.pools.span[pool])
  }

  /// - Parameter block: borrowed once, so that what an answer says of a pool agrees with itself.
  private mutating func answerFromPool(
    _ block: borrowing PoolBlock, _ answer: inout Answer, _ message: inout Message,
    _ entry: borrowing ZoneTable.Entry
  ) {
    let random = nextRandom()
    let any: RecordType = block.count(.a) > 0 ? .a : .aaaa
    let type = answer.type == .any ? any : answer.type
    if block.count(type) == 0 {
      appendNegativeSOA(&answer, &message, entry)
    } else if !block.append(type, owner: answer.owner, random: random, to: &message, .answer) {
      answer.isTruncated = true
    }
  }
}

extension RecordType {
  /// What is answered from an alias's owner itself: RRSIG and NSEC stand beside a CNAME (RFC 4035 §2.5).
  fileprivate var standsBesideAlias: Bool { self == .cname || self == .any || self == .rrsig || self == .nsec }

  /// What a pool answers for itself.
  fileprivate var isPooled: Bool { self == .a || self == .aaaa || self == .any }
}

// MARK: - Additional addresses

extension Responder {
  /// Addresses of the names in `rrset`, which was written at `start`: as many as fit, but a referral
  /// whose in-domain glue does not fit is truncated (RFC 9471 §3.1).
  private func appendAdditional(
    _ rrset: RRset, at start: Int, _ answer: inout Answer, _ message: inout Message,
    _ generation: borrowing Generation, _ entry: borrowing ZoneTable.Entry
  ) {
    for i in 0..<entry.zone.value.additionalCount(rrset) {
      let owner = entry.zone.value.additional(rrset, i)
      let position = start + owner.namePosition
      guard position < 0x4000 else { return }
      let fit = appendAddresses(owner.node, position, answer, &message, generation, entry)
      if !fit, owner.isRequired { answer.isTruncated = true }
    }
  }

  private func appendAddresses(
    _ node: Node, _ owner: Int, _ answer: Answer, _ message: inout Message, _ generation: borrowing Generation,
    _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    if entry.zone.value.isPooled(node), let slot = slot(node, entry) {
      return Responder.appendAddresses(generation.pools[slot].block.current, owner, &message)
    }
    let fit = appendAddresses(.a, node, owner, answer, &message, entry)
    return appendAddresses(.aaaa, node, owner, answer, &message, entry) && fit
  }

  private static func appendAddresses(_ block: borrowing PoolBlock, _ owner: Int, _ message: inout Message) -> Bool {
    let fit = block.append(.a, owner: owner, random: 0, to: &message, .additional)
    return block.append(.aaaa, owner: owner, random: 0, to: &message, .additional) && fit
  }

  /// Signatures are sent along if they fit (RFC 4035 §3.1.1).
  private func appendAddresses(
    _ type: RecordType, _ node: Node, _ owner: Int, _ answer: Answer, _ message: inout Message,
    _ entry: borrowing ZoneTable.Entry
  ) -> Bool {
    guard let rrset = entry.zone.value.rrset(node, type) else { return true }
    return entry.zone.value.append(
      rrset, owner: owner, apex: 0, signed: answer.isSigned, to: &message, .additional)
      || entry.zone.value.append(rrset, owner: owner, apex: 0, to: &message, .additional)
  }
}

// MARK: - Where names stand in the message

extension Responder {
  /// The offset in the message of the zone's apex, within the name in question.
  func apexOffset(
    _ answer: Answer, _ message: borrowing Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    offset(ofLast: entry.zone.value.apexLabels, answer, message)
  }

  func offset(
    of node: Node,
    _ answer: Answer, _ message: borrowing Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    offset(ofLast: entry.zone.value.labels(node), answer, message)
  }

  /// The offset of the last `labels` labels of the name in question. In the question they follow one
  /// another; in an alias's data a pointer may stand between them.
  private func offset(ofLast labels: Int, _ answer: Answer, _ message: borrowing Message) -> Int {
    if answer.owner == Message.headerLength { return Message.headerLength + name.start(ofLast: labels) }
    return offset(ofLast: labels, inNameAt: answer.owner, of: name.labelCount, message)
  }

  /// The same for any name that stands in the message and has `labelCount` labels.
  func offset(ofLast labels: Int, inNameAt start: Int, of labelCount: Int, _ message: borrowing Message) -> Int {
    var at = start
    var skip = labelCount - labels
    while true {
      let label = Int(message.octet(at))
      if label >= 0xC0 {
        at = Int(message.uint16(at) & 0x3FFF)
      } else if skip == 0 {
        return at
      } else {
        at += label + 1
        skip -= 1
      }
    }
  }
}
