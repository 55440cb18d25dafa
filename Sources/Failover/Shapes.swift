/// Which pools differ in nothing but their names: with the same memory and the same orders they are decided alike.
struct Shapes: Sendable {
  /// By pool; nil: it is the only one of its kind.
  private let byPool: [Int?]

  /// All of a pool that a decision is made of.
  private struct Shape: Hashable {
    let candidates: [Pool.Candidate]
    let choice: Choice
    let allDown: Pool.AllDown
    let coupling: Pool.Coupling
    let adapts: Bool

    init(_ pool: Pool) {
      candidates = pool.candidates
      choice = pool.choice
      allDown = pool.allDown
      coupling = pool.coupling
      adapts = pool.ttl.adapts
    }
  }

  init(_ settings: FailoverSettings) {
    var firsts: [Shape: Int] = [:]
    var isShared: Set<Int> = []
    let shapes = settings.pools.enumerated().map { index, pool in
      let shape = Shape(pool)
      if let first = firsts[shape] {
        isShared.insert(first)
        return first
      }
      firsts[shape] = index
      return index
    }
    byPool = shapes.map { isShared.contains($0) ? $0 : nil }
  }

  /// The same number for pools of the same shape; nil: nobody shares this one's.
  subscript(pool: Int) -> Int? { byPool[pool] }
}
