import Failover

extension Simulation {
  /// A picture: a lane for each probe, one for each family of each pool, and the story's lines above.
  package var svg: String {
    let picture = Picture(self)
    return picture.text
  }
}

/// Lays the lanes out, from above: the story's lines, the probes, the answers, the axis.
private struct Picture {
  private let simulation: Simulation
  private var xml = XMLText()

  private static var left: Int { 260 }
  private static var width: Int { 900 }
  private static var lane: Int { 26 }
  /// As many probes and answers as anybody can read.
  private static var mostLanes: Int { 60 }

  init(_ simulation: Simulation) {
    self.simulation = simulation
    draw()
  }

  var text: String { xml.text }

  private mutating func draw() {
    let probes = simulation.scene.probeNames.indices.prefix(Picture.mostLanes)
    let answers = lanes.prefix(Picture.mostLanes)
    let events = simulation.chronicle.steps.filter { if case .story = $0.happening { true } else { false } }
    let top = 20 + 14 * min(events.count, 12)
    let height = top + Picture.lane * (probes.count + answers.count) + 40
    let size = (width: Picture.left + Picture.width + 40, height: height)
    xml.begin(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size.width) \(size.height)",
        "font-family": "sans-serif",
        "font-size": "11",
      ])
    xml.element("rect", ["width": "\(size.width)", "height": "\(size.height)", "fill": "white"])
    drawStory(events, top: top, bottom: height - 30)
    for (row, probe) in probes.enumerated() { drawProbe(probe, y: top + row * Picture.lane) }
    for (row, lane) in answers.enumerated() {
      drawAnswers(lane.pool, lane.family, y: top + (probes.count + row) * Picture.lane)
    }
    drawAxis(y: height - 30)
    xml.end()
  }

  private var lanes: [(pool: Int, family: AddressFamily)] {
    var answered: [AddressFamily: Set<Int>] = [:]
    for (_, answer) in simulation.chronicle.answers where !answer.after.members.isEmpty {
      answered[answer.family, default: []].insert(answer.pool)
    }
    return simulation.scene.settings.pools.indices.flatMap { pool in
      AddressFamily.allCases.filter { answered[$0]?.contains(pool) ?? false }.map { (pool, $0) }
    }
  }

  private func x(_ time: Instant) -> Int {
    let end = max(1, simulation.chronicle.end.nanoseconds)
    return Picture.left + Int(Double(time.nanoseconds) / Double(end) * Double(Picture.width))
  }

  private mutating func drawStory(_ events: [Chronicle.Step], top: Int, bottom: Int) {
    for (row, event) in events.enumerated() {
      guard case .story(let index) = event.happening else { continue }
      let x = "\(x(event.at))"
      xml.element(
        "line", ["x1": x, "x2": x, "y1": "\(top - 4)", "y2": "\(bottom)", "stroke": "#999", "stroke-dasharray": "3 3"])
      xml.element(
        "text", ["x": x, "y": "\(14 + 14 * (row % 12))", "fill": "#555"], simulation.story.events[index].text)
    }
  }

  private mutating func label(_ text: String, y: Int) {
    xml.element("text", ["x": "8", "y": "\(y + 16)"], text)
  }

  private mutating func bar(_ from: Instant, _ to: Instant, y: Int, fill: String, _ text: String) {
    let width = max(1, x(to) - x(from))
    xml.begin("g", [:])
    xml.element("title", [:], "\(StoryTime.text(from)) to \(StoryTime.text(to)): \(text)")
    xml.element(
      "rect",
      ["x": "\(x(from))", "y": "\(y + 3)", "width": "\(width)", "height": "20", "fill": fill, "stroke": "white"])
    if width > 7 * text.count { xml.element("text", ["x": "\(x(from) + 4)", "y": "\(y + 16)", "fill": "white"], text) }
    xml.end()
  }

  private mutating func drawProbe(_ probe: Int, y: Int) {
    label(simulation.scene.probeNames[probe], y: y)
    var turns: [(at: Instant, to: Verdict)] = []
    for step in simulation.chronicle.steps {
      if case .verdict(probe, let transition) = step.happening { turns.append((step.at, transition.to)) }
    }
    for (index, turn) in turns.enumerated() {
      let end = index + 1 < turns.count ? turns[index + 1].at : simulation.chronicle.end
      bar(turn.at, end, y: y, fill: turn.to == .up ? "#2a7f4f" : "#b3362b", turn.to == .up ? "up" : "down")
    }
  }

  private mutating func drawAnswers(_ pool: Int, _ family: AddressFamily, y: Int) {
    label(simulation.title(pool, family), y: y)
    let answers = simulation.chronicle.answers.filter { $0.answer.pool == pool && $0.answer.family == family }
    for (index, timed) in answers.enumerated() {
      let end = index + 1 < answers.count ? answers[index + 1].at : simulation.chronicle.end
      let fill = timed.answer.after.failedOpen ? "#b8860b" : "#2b5c9e"
      bar(timed.at, end, y: y, fill: fill, simulation.scene.text(timed.answer.after))
    }
    for outage in simulation.outages where outage.pool == pool && outage.family == family {
      let end = outage.heldUntil.map { min($0, simulation.chronicle.end) } ?? simulation.chronicle.end
      xml.element(
        "rect",
        [
          "x": "\(x(outage.from))", "y": "\(y + 22)", "width": "\(max(1, x(end) - x(outage.from)))", "height": "3",
          "fill": "#b3362b",
        ])
    }
  }

  private mutating func drawAxis(y: Int) {
    for tenth in 0...10 {
      let time = Instant(nanoseconds: simulation.chronicle.end.nanoseconds / 10 * Int64(tenth))
      xml.element("text", ["x": "\(x(time))", "y": "\(y + 16)", "text-anchor": "middle"], StoryTime.text(time))
    }
  }
}
