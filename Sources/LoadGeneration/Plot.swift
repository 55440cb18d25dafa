import Glibc

/// A line plot as SVG, self-contained.
struct Plot {
  struct Line {
    let label: String
    let colour: String
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let xLabel: String
  let yLabel: String
  let lines: [Line]
  /// Vertical lines: something happened here.
  var marks: [(x: Double, label: String)] = []
  /// Labels of the horizontal axis where they are not its numbers.
  var xTicks: [(x: Double, label: String)]?
  var isLogarithmic = false

  private static var width: Double { 860 }
  private static var height: Double { 300 }
  private static var left: Double { 90 }
  private static var right: Double { 20 }
  private static var top: Double { 40 }
  private static var bottom: Double { 50 }

  var svg: String {
    var parts = [
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(HTML.escaped(title))\">",
      text(Self.left, 18, title, "title"),
    ]
    parts += grid + marks.map { mark($0.x, $0.label) } + lines.map(curve) + legend
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  // MARK: - Scales

  private var xRange: (Double, Double) {
    let all = lines.flatMap { $0.points.map(\.x) }
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    return (min(0, low), high > low ? high : low + 1)
  }

  private var yRange: (Double, Double) {
    let all = lines.flatMap { $0.points.map(\.y) }.filter { !isLogarithmic || $0 > 0 }
    let high = all.max() ?? 1
    guard isLogarithmic else { return (0, high > 0 ? Plot.nice(high * 1.05) : 1) }
    return (Plot.power((all.min() ?? 1), up: false), Plot.power(high, up: true))
  }

  /// The power of ten at or beyond a number.
  private static func power(_ value: Double, up: Bool) -> Double {
    var power = 1e-3
    while power * 10 <= value { power *= 10 }
    return up ? power * 10 : power
  }

  /// The next number that begins with one of `digits`.
  private static func nice(_ value: Double, _ digits: [Double] = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) -> Double {
    let power = power(value, up: false)
    return (digits.first { $0 * power >= value } ?? 10) * power
  }

  private func x(_ value: Double) -> Double {
    let (low, high) = xRange
    return Self.left + (value - low) / (high - low) * (Self.width - Self.left - Self.right)
  }

  private func y(_ value: Double) -> Double {
    let (low, high) = yRange
    let share =
      isLogarithmic
      ? log10(max(value, low) / low) / log10(high / low)
      : (value - low) / (high - low)
    return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
  }

  // MARK: - Parts

  private var grid: [String] {
    let bottom = Self.height - Self.bottom
    var parts: [String] = []
    for value in yTicks {
      parts.append(line(Self.left, y(value), Self.width - Self.right, y(value), "grid"))
      parts.append(text(Self.left - 8, y(value) + 4, Plot.number(value), "tick end"))
    }
    for (value, label) in xTicks ?? defaultTicks {
      parts.append(line(x(value), Self.top, x(value), bottom, "grid"))
      parts.append(text(x(value), bottom + 16, label, "tick middle"))
    }
    parts.append(text((Self.left + Self.width - Self.right) / 2, Self.height - 10, xLabel, "tick middle"))
    parts.append(text(Self.left - 8, Self.top - 10, yLabel, "tick end"))
    return parts
  }

  private var yTicks: [Double] {
    let (low, high) = yRange
    guard isLogarithmic else { return (0...5).map { Double($0) / 5 * high } }
    var ticks = [low]
    while let last = ticks.last, last * 5 < high { ticks.append(last * 10) }
    return ticks
  }

  private var defaultTicks: [(x: Double, label: String)] {
    let (low, high) = xRange
    let step = Plot.nice((high - low) / 6, [1, 2, 2.5, 5, 10])
    return stride(from: low, through: high, by: step).map { ($0, Plot.number($0)) }
  }

  private static func number(_ value: Double) -> String {
    value >= 100 || value == value.rounded()
      ? Figures.grouped(Int(value.rounded())) : Figures.fixed(value, value < 1 ? 3 : 1)
  }

  private func curve(_ line: Line) -> String {
    let points = line.points.filter { !isLogarithmic || $0.y > 0 }
    let path = points.map { "\(Figures.fixed(x($0.x), 1)),\(Figures.fixed(y($0.y), 1))" }.joined(separator: " ")
    return "<polyline fill=\"none\" stroke=\"\(line.colour)\" stroke-width=\"1.5\" points=\"\(path)\"/>"
  }

  private func mark(_ value: Double, _ label: String) -> String {
    line(x(value), Self.top, x(value), Self.height - Self.bottom, "mark")
      + text(x(value) + 4, Self.top + 12, label, "tick")
  }

  private var legend: [String] {
    lines.enumerated().flatMap { i, line in
      let start = Self.width - Self.right - 110 * Double(lines.count - i)
      return [
        "<line x1=\"\(Int(start))\" y1=\"14\" x2=\"\(Int(start) + 18)\" y2=\"14\" stroke=\"\(line.colour)\" stroke-width=\"3\"/>",
        text(start + 24, 18, line.label, "tick"),
      ]
    }
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
    let ends = [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)]
    return "<line " + ends.map { "\($0.0)=\"\(Figures.fixed($0.1, 1))\"" }.joined(separator: " ")
      + " class=\"\(style)\"/>"
  }

  private func text(_ x: Double, _ y: Double, _ content: String, _ style: String) -> String {
    "<text x=\"\(Figures.fixed(x, 1))\" y=\"\(Figures.fixed(y, 1))\" class=\"\(style)\">\(HTML.escaped(content))</text>"
  }
}

enum HTML {
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }
}
