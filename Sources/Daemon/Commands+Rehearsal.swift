import Assembly
import Diagnostics
import Failover
import Memory
import Rehearsal
import Wire

extension Commands {
  /// What `alula simulate` was asked for.
  package struct Simulate {
    /// The configuration; nil: the story brings its own endpoints.
    package var config: String?
    package var story: String
    /// Seconds since Monday 00:00; nil: as the story says.
    package var timeOfWeek: Int?
    package var seed: UInt64
    package var json: Bool
    package var svg: String?
    package var expects: Bool

    package init(
      config: String?, story: String, timeOfWeek: Int?, seed: UInt64, json: Bool, svg: String?, expects: Bool
    ) {
      self.config = config
      self.story = story
      self.timeOfWeek = timeOfWeek
      self.seed = seed
      self.json = json
      self.svg = svg
      self.expects = expects
    }
  }

  /// Seconds since Monday 00:00 of `Sat 02:00`.
  package static func timeOfWeek(_ text: String) -> Int? {
    let parts = text.split(separator: " ")
    return parts.count == 2 ? StoryTime.ofWeek(day: parts[0], time: parts[1]) : nil
  }

  /// Plays a story and prints what comes of it.
  package static func simulate(_ wish: Simulate) -> Int32 {
    guard var story = readStory(wish.story) else { return 1 }
    if let timeOfWeek = wish.timeOfWeek { story.begins = StoryTime.wall(ofWeek: timeOfWeek) }
    guard let scene = scene(wish, story) else { return 1 }
    let problems = story.problems(in: scene)
    guard problems.isEmpty else { return fail(problems) }
    let simulation = Simulation(scene, story, seed: wish.seed)
    Output.write(wish.json ? simulation.json.text : simulation.text, toError: false)
    if let path = wish.svg {
      do throws(FileError) { try FileOutput.write(simulation.svg, to: path) } catch {
        Output.write("alula: cannot write the picture: \(error)", toError: true)
        return 1
      }
    }
    return wish.expects && !simulation.failures.isEmpty ? fail(simulation.failures) : 0
  }

  private static func fail(_ problems: [Problem]) -> Int32 {
    for problem in problems { Output.write("\(problem)", toError: true) }
    return 1
  }

  /// Octets.
  private static var largestStory: Int { 1 << 20 }

  private static func readStory(_ path: String) -> Story? {
    do throws(FileError) {
      let file = try FileContents(path, limit: largestStory)
      let (story, problems) = Story.read(String(decoding: Array(file.bytes), as: UTF8.self), file: path)
      _ = fail(problems)
      return story
    } catch {
      Output.write("alula: cannot read the story: \(error)", toError: true)
      return nil
    }
  }

  private static func scene(_ wish: Simulate, _ story: Story) -> Scene? {
    switch (wish.config, story.scene) {
    case (let config?, nil): return assemble(config).map { Scene($0) }
    case (nil, let scene?) where !scene.settings.pools.isEmpty: return scene
    case (nil, _): return assemble(usualConfiguration).map { Scene($0) }
    case (_?, _?): Output.write("alula: the story brings its own endpoints: leave out --config", toError: true)
    }
    return nil
  }
}
