/// Problems in the order they were found: the first are listed, the rest only counted.
package struct ProblemList: Sendable {
  package private(set) var listed: [Problem] = []
  /// Problems beyond the limit.
  package private(set) var omitted = 0
  package private(set) var hasErrors = false
  private let limit: Int

  package init(limit: Int = 100) { self.limit = limit }

  package var isEmpty: Bool { listed.isEmpty }

  /// Adds what another list has.
  package mutating func take(_ other: ProblemList) {
    for problem in other.listed { report(problem) }
    omitted += other.omitted
    hasErrors = hasErrors || other.hasErrors
  }

  package mutating func report(_ problem: Problem) {
    if problem.severity == .error { hasErrors = true }
    if listed.count < limit { listed.append(problem) } else { omitted += 1 }
  }
}
