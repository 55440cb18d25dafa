/// How many targets the checks may withdraw, and which of them have to wait.
///
///     state        checks say   room in the window   becomes
///     ----------   ----------   ------------------   --------------------------------------------------
///     in service   down         yes                  withdrawn, which takes room until the window passes
///     in service   down         no                   held up: it is still answered
///     held up      down         as soon as there is  withdrawn, those that failed first before others
///     any          up           any                  in service
///
/// A target is an address with its checks, in however many pools. What an operator takes out takes no room.
struct BlastControl: Sendable {
  enum State: Sendable { case inService, withdrawn, heldUp }

  /// By target, the members that are it.
  let members: [[Int]]
  private let targetOfMember: [Int]
  private let targetsByProbe: [[Int]]
  private let targetsByCheck: [String: [Int]]
  private let allowed: Int
  private let within: Duration
  private(set) var states: [State]
  /// Times of the withdrawals in the window, the oldest first.
  private(set) var withdrawals: [Instant] = []
  /// Targets, those that failed first before others.
  private(set) var heldUp: [Int] = []
  /// Targets to look at; whether what they do takes room.
  private(set) var dirty: [(target: Int, takesRoom: Bool)] = []

  init?(_ settings: FailoverSettings) {
    guard let radius = settings.blastRadius else { return nil }
    var known: [Member: Int] = [:]
    var members: [[Int]] = []
    targetOfMember = settings.members.enumerated().map { index, member in
      let target = known[member] ?? members.count
      known[member] = target
      if target == members.count { members.append([]) }
      members[target].append(index)
      return target
    }
    self.members = members
    var byProbe: [[Int]] = Array(repeating: [], count: settings.probes.count)
    var byCheck: [String: [Int]] = [:]
    for (target, members) in members.enumerated() {
      let condition = settings.members[members[0]].condition
      for probe in condition.probes where byProbe[probe].last != target { byProbe[probe].append(target) }
      for check in condition.manualChecks { byCheck[check, default: []].append(target) }
    }
    targetsByProbe = byProbe
    targetsByCheck = byCheck
    allowed = radius.limit.count(of: members.count)
    within = radius.within
    states = Array(repeating: .inService, count: members.count)
  }

  func isHeldUp(member: Int) -> Bool { !heldUp.isEmpty && states[targetOfMember[member]] == .heldUp }
  func state(member: Int) -> State { states[targetOfMember[member]] }

  mutating func turned(probe: Int) { dirty += targetsByProbe[probe].map { ($0, true) } }
  mutating func manualTurned(_ check: String) { dirty += (targetsByCheck[check] ?? []).map { ($0, false) } }

  mutating func takeDirty() -> [(target: Int, takesRoom: Bool)] {
    defer { dirty.removeAll(keepingCapacity: true) }
    return dirty
  }

  /// Says what the checks say now; whether the target's state is another for that.
  mutating func note(_ target: Int, isDown: Bool, takesRoom: Bool, at now: Instant) -> Bool {
    switch (states[target], isDown) {
    case (.inService, true):
      if takesRoom, !hasRoom(at: now) { hold(target) } else { withdraw(target, takesRoom, at: now) }
      return true
    case (.heldUp, false):
      heldUp.removeAll { $0 == target }
      fallthrough
    case (.withdrawn, false):
      states[target] = .inService
      return true
    default: return false
    }
  }

  /// Lets go of one that is held up, if there is room.
  mutating func letGo(at now: Instant) -> Int? {
    guard let target = heldUp.first, hasRoom(at: now) else { return nil }
    heldUp.removeFirst()
    withdraw(target, true, at: now)
    return target
  }

  /// Lets go of all that is held up, without taking room.
  mutating func confirm() -> [Int] {
    defer { heldUp = [] }
    for target in heldUp { states[target] = .withdrawn }
    return heldUp
  }

  /// When there is room for what is held up; nil: nothing is.
  var wakeAt: Instant? { heldUp.isEmpty ? nil : freeAt }
  /// When there is room at the earliest.
  var freeAt: Instant? { withdrawals.first.map { $0 + within } }

  private mutating func hasRoom(at now: Instant) -> Bool {
    // In the order of time, so that mostly there is nothing to look through.
    if let free = freeAt, free <= now { withdrawals.removeAll { $0 + within <= now } }
    return withdrawals.count < allowed
  }

  private mutating func withdraw(_ target: Int, _ takesRoom: Bool, at now: Instant) {
    states[target] = .withdrawn
    if takesRoom { withdrawals.append(now) }
  }

  private mutating func hold(_ target: Int) {
    states[target] = .heldUp
    heldUp.append(target)
  }
}

extension BlastRadius.Limit {
  /// So many of all targets; at least one, as otherwise nothing would ever fail over.
  package func count(of all: Int) -> Int {
    switch self {
    case .members(let count): max(1, count)
    case .share(let thousandths): max(1, all * thousandths / 1000)
    }
  }
}

/// What a blast radius must know of the past, by address.
package struct BlastMemory: Hashable, Sendable {
  package var withdrawals: [Instant] = []
  package var withdrawn: [String] = []
  /// Those that failed first before others.
  package var heldUp: [String] = []

  package init() {}
}

extension BlastControl {
  /// - Parameter memory: nil at the first start, when nothing was in service that could be withdrawn.
  mutating func remember(_ memory: BlastMemory?, _ settings: FailoverSettings, isDown: (Int) -> Bool) {
    let withdrawn = Set(memory?.withdrawn ?? [])
    let down = members.indices.filter { isDown(members[$0][0]) }
    let order = Dictionary(
      (memory?.heldUp ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    withdrawals = memory?.withdrawals ?? []
    for target in down {
      let address = settings.members[members[target][0]].address
      if memory == nil || withdrawn.contains(address) {
        states[target] = .withdrawn
      } else if order[address] != nil {
        hold(target)
      } else {
        dirty.append((target, true))
      }
    }
    func place(_ target: Int) -> Int { order[settings.members[members[target][0]].address] ?? 0 }
    heldUp.sort { place($0) < place($1) }
  }

  func memory(_ settings: FailoverSettings) -> BlastMemory {
    func address(_ target: Int) -> String { settings.members[members[target][0]].address }
    var memory = BlastMemory()
    memory.withdrawals = withdrawals
    memory.withdrawn = states.indices.filter { states[$0] == .withdrawn }.map(address)
    memory.heldUp = heldUp.map(address)
    return memory
  }
}
