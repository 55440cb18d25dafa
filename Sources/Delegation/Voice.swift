import Assembly
import Diagnostics
import Sockets

/// Whom a tool speaks to, and how it ends.
package struct Voice: Sendable {
  /// Takes whole lines for people, who see them at once.
  let say: @Sendable (String) -> Void
  /// Takes what is asked for, perhaps by a program.
  let give: @Sendable (String) -> Void

  package init(say: @escaping @Sendable (String) -> Void, give: @escaping @Sendable (String) -> Void) {
    self.say = say
    self.give = give
  }

  /// Runs a tool to its exit status; a failure is said, and is 1 or what the tool has for it.
  func run(failure: Int32 = 1, _ tool: () throws(Source.Failure) -> Int32) -> Int32 {
    do throws(Source.Failure) { return try tool() } catch {
      say("\(error)")
      return failure
    }
  }

  /// A configuration with its zones; what is wrong with it is said.
  func assemble(_ path: String) throws(Source.Failure) -> Assembled {
    var problems = ProblemList()
    let assembled = Assembler.assemble(path, at: Clock.seconds(), problems: &problems)
    for problem in problems.listed where problem.severity == .error { say("\(problem)") }
    guard let assembled else { throw Source.Failure("the configuration cannot be used") }
    return assembled
  }
}
