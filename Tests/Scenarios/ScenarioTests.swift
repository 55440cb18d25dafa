import Diagnostics
import Failover
import Rehearsal
import Testing

struct ScenarioTests {
  @Test(arguments: StoryFiles.all)
  func playsAsTold(file: String) throws {
    for complaint in try played(StoryFiles.text(file), file).unmet { Issue.record("\(complaint)") }
  }

  @Test func storiesAreFound() { #expect(StoryFiles.all.count >= 30) }

  /// A story that expects something wrong must complain, or the others prove nothing.
  @Test func aFalseExpectationIsNoticed() throws {
    let text = """
      endpoint ec2 192.0.2.1
      endpoint azure 192.0.2.2
      pool ec2 | azure
      at 1s ec2 refuses
      at 2s expect A 192.0.2.2
      """
    let complaints = try played(text, "false").unmet.map(\.description)
    #expect(complaints == ["false:5:7: error: expected A 192.0.2.2, got A 192.0.2.1 (ec2 answers)"])
  }

  private func played(_ text: String, _ file: String) throws -> Chronicle {
    let (story, problems) = Story.read(text, file: file)
    for problem in problems { Issue.record("\(problem)") }
    let read = try #require(story)
    return Play.chronicle(try #require(read.scene), read, phases: .aligned)
  }
}
