import Diagnostics
import Testing

@testable import Rehearsal

/// A story that brings its own endpoints.
struct Site {
  let scene: Scene
  let story: Story

  init(_ text: String, file: String = "s") throws {
    let (story, problems) = Story.read(text, file: file)
    for problem in problems { Issue.record("\(problem)") }
    self.story = try #require(story)
    scene = try #require(self.story.scene)
  }
}
