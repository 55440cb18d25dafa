/// Problems in the order they were found: the first are listed, the rest only counted. Where there is no
/// room, an error takes the place of the last warning or note.
package struct ProblemList: Sendable {
  package private(set) var listed: [Problem] = []
  /// Problems beyond the limit.
  package private(set) var omitted = 0
  package private(set) var hasErrors = false
  private let limit: Int

  package init(limit: Int = 100) { self.limit = limit }

  package var isEmpty: Bool { listed.isEmpty }

  /// Counts problems that are not listed.
  package mutating func omit(_ count: Int) { omitted += count }

  /// Adds what another list has.
  package mutating func take(_ other: ProblemList) {
    for problem in other.listed { report(problem) }
    omitted += other.omitted
    hasErrors = hasErrors || other.hasErrors
  }

  package mutating func report(_ problem: Problem) {
    if problem.severity == .error { hasErrors = true }
    guard listed.count == limit else { return listed.append(problem) }
    omitted += 1
    guard problem.severity == .error, let lesser = listed.lastIndex(where: { $0.severity != .error }) else { return }
    listed.remove(at: lesser)
    listed.append(problem)
  }
}
