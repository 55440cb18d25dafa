import TestSupport

/// Asks about the zones: their owners, what is around them, what their data names, and what is not theirs.
struct Questioner {
  var random: Random
  let zones: [GeneratedZone]

  mutating func next() -> Question {
    let zone = random.pick(zones)
    var (name, kind) = name(in: zone)
    if random.chance(percent: 30) { name = inRandomCase(name) }
    var question = Question(name: name, type: type(name, zone), kind: kind)
    askSomehow(&question)
    if zone.signing != nil, random.chance(percent: 80) { askForSignatures(&question) }
    return question
  }

  private mutating func name(in zone: GeneratedZone) -> (Name, String) {
    if !zone.hashedOwners.isEmpty, random.chance(percent: 4) {
      let hashed = random.pick(zone.hashedOwners)
      return random.chance(percent: 70) ? (hashed, "hashed owner") : (below(hashed), "below a hashed owner")
    }
    let owner = random.pick(zone.owners)
    switch random.below(100) {
    case ..<35: return (owner, "owner")
    case ..<52: return (below(owner), "below an owner")
    case ..<62:
      guard let parent = owner.parent, parent.isAtOrBelow(zone.apex) else { return (zone.apex, "apex") }
      return random.chance(percent: 50)
        ? (parent, "parent of an owner") : (parent.child(ZoneGenerator.label(&random)) ?? parent, "sibling of an owner")
    case ..<74: return (zone.targets.isEmpty ? owner : random.pick(zone.targets), "target")
    case ..<80: return (below(zone.targets.isEmpty ? owner : random.pick(zone.targets)), "below a target")
    case ..<88: return (zone.apex, "apex")
    case ..<92: return (zone.apex.child(ZoneGenerator.label(&random)) ?? zone.apex, "child of an apex")
    case ..<94: return (longest(below: owner), "255 octets")
    case ..<96: return (zone.apex.parent ?? zone.apex, "parent of an apex")
    case ..<98: return (Name("www.outside.invalid"), "outside")
    default: return (Name(labels: []), "root")
    }
  }

  private mutating func below(_ name: Name) -> Name {
    var name = name
    for _ in 0...(random.chance(percent: 30) ? random.within(1...4) : 0) {
      name = name.child(ZoneGenerator.label(&random)) ?? name
    }
    return name
  }

  private mutating func longest(below name: Name) -> Name {
    var name = name
    while name.wireLength <= 253 {
      name = name.child(random.octets(min(63, 254 - name.wireLength))) ?? name
    }
    return name
  }

  private mutating func inRandomCase(_ name: Name) -> Name {
    Name(
      labels: name.labels.map { label in
        label.map { octet in
          let lower = lowercase(octet)
          return lower >= 0x61 && lower <= 0x7A && random.chance(percent: 50) ? lower - 0x20 : octet
        }
      })
  }

  /// Half of the time a type that the owner, or the wildcard that may stand for it, has.
  private mutating func type(_ name: Name, _ zone: GeneratedZone) -> UInt16 {
    if random.chance(percent: 3) { return random.pick(Types.odd) }
    if random.chance(percent: zone.signing == nil ? 2 : 12) { return random.pick(Types.signed) }
    guard random.chance(percent: 50) else { return random.pick(Types.asked) }
    var present = zone.types(name)
    if present.isEmpty, let wildcard = name.parent?.child("*") { present = zone.types(wildcard) }
    guard !present.isEmpty else { return random.pick(Types.asked) }
    let type = random.pick(present)
    return Types.plain.first { $0.name == type }?.number ?? ["NS": 2, "CNAME": 5, "SOA": 6, "DNAME": 39, "DS": 43][type]
      ?? 1
  }

  private mutating func askSomehow(_ question: inout Question) {
    if random.chance(percent: 30) { question.flags |= 0x0100 }  // RD
    if random.chance(percent: 1) { question.flags |= 0x0010 }  // CD
    if random.chance(percent: 10) { question.flags |= 0x0020 }  // AD
    if random.chance(percent: 25) { question.transport = .tcp }
    if random.chance(percent: 60) {
      question.edns = Question.EDNS(size: random.pick([512, 700, 1232, 1232, 4096]))
      if random.chance(percent: 30) { question.edns?.flags = 0x8000 }
      askOddly(&question)
    } else if random.chance(percent: 2) {
      question.recordClass = random.pick([0, 3, 4, 254, 255])
    } else if random.chance(percent: 1) {
      question.flags |= UInt16(random.pick([1, 2, 3, 4, 5, 6, 15])) << 11
    } else if random.chance(percent: 1) {
      question.flags |= UInt16(random.pick([0x40, 0x80, 0x200, 0x400]))  // Z, RA, TC, AA
    }
  }

  private mutating func askForSignatures(_ question: inout Question) {
    if question.edns == nil { question.edns = Question.EDNS(size: random.pick([512, 700, 1232, 1232, 4096])) }
    question.edns?.flags |= 0x8000
  }

  /// A few with what is legal in EDNS and rare.
  private mutating func askOddly(_ question: inout Question) {
    switch random.below(100) {
    case 0: question.edns?.version = UInt8(random.within(1...255))
    case 1: question.edns?.size = UInt16(random.within(0...511))
    case 2: question.edns?.flags |= UInt16(random.below(0x8000))
    case 3: question.edns?.options = wire(65001) + wire(3) + [1, 2, 3]
    case 4: question.edns?.size = UInt16(random.within(4097...65535))
    default: break
    }
  }
}
