import Diagnostics
import Testing

@testable import Rehearsal

/// Names that a story's scene does not have are told with file, line and column.
struct StoryProblemTests {
  private static let scene = "endpoint ec2 192.0.2.1\npool app.example.com = ec2\n"

  @Test func unknownNamesAreToldWithTheirPlaces() throws {
    let site = try Site(
      Self.scene + """
        at 1s ec2 refuses
        at 2s   gcp refuses
        # nothing
        at 1s check@gcp hangs
        at 3s\texpect A 192.0.2.1
        at 4s expect shop.example.com A 192.0.2.1
        at 5s check@192.0.2.1 ok
        """, file: "outage.story")
    let hint = "has no probe here: name an endpoint, an address or CHECK@ENDPOINT"
    #expect(
      site.story.problems(in: site.scene).map(\.description) == [
        "outage.story:6:7: error: `check@gcp` \(hint)", "outage.story:4:9: error: `gcp` \(hint)",
        "outage.story:8:7: error: there is no pool `shop.example.com`",
      ])
  }

  @Test func aStoryOfAConfigurationMeetsItsNames() throws {
    let site = try Site(Self.scene)
    let (story, problems) = Story.read("at 1s 192.0.2.1 hangs\r\nat 2s ec3 hangs\r\n", file: "f")
    #expect(problems.isEmpty)
    #expect(story?.problems(in: site.scene).map { $0.position?.column } == [7])
    #expect(story?.problems(in: site.scene).map { $0.position?.line } == [2])
  }
}
