import Memory

/// `--html`: the report as one page that needs nothing else.
extension BenchReport {
  package func writePage(to path: String) throws(BenchError) {
    do throws(FileError) { try FileOutput.write(page, to: path) } catch {
      throw BenchError("cannot write the page: \(error)")
    }
  }

  package var page: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>alula bench \(HTML.escaped(server))</title>
    <style>
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 900px; margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
    pre { background: #f5f5f3; padding: 1em; overflow-x: auto; }
    svg { width: 100%; height: auto; margin: 1em 0; }
    svg text { font: 12px system-ui, sans-serif; fill: #444; }
    svg .title { font-size: 15px; fill: #222; }
    svg .end { text-anchor: end; }
    svg .middle { text-anchor: middle; }
    svg .grid { stroke: #e4e4e0; }
    svg .mark { stroke: #b00020; stroke-dasharray: 4 3; }
    </style>
    </head>
    <body>
    <h1>\(HTML.escaped(server)) over \(transport.uppercased())</h1>
    <pre>\(HTML.escaped(text))</pre>
    \(plots.map(\.svg).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private var plots: [Plot] {
    guard answered > 0 else { return [] }
    return [throughput, latencyOverTime, distribution]
  }

  /// Each sample with its length in seconds. The last one also has what came after the end, and stands alone only
  /// when it is all there is.
  private var intervals: [(sample: Recorder.Sample, length: Double)] {
    var start = 0.0
    var all: [(sample: Recorder.Sample, length: Double)] = []
    for sample in samples {
      all.append((sample, sample.end - start))
      start = sample.end
    }
    if all.count > 1 { all.removeLast() }
    return all.filter { $0.length > 0 }
  }

  private var marks: [(x: Double, label: String)] {
    (watch?.changes ?? []).prefix(30).map { (Double($0.time) / 1e9, $0.toText) }
  }

  private var throughput: Plot {
    func points(_ count: (Recorder.Sample) -> Int) -> [(x: Double, y: Double)] {
      intervals.map { ($0.sample.end, Double(count($0.sample)) / $0.length) }
    }
    var lines = [
      Plot.Line(label: "sent", colour: "#9aa5b1", points: points(\.sent)),
      Plot.Line(label: "answered", colour: "#0b6e99", points: points(\.answered)),
    ]
    if lost > 0 { lines.append(Plot.Line(label: "lost", colour: "#b00020", points: points(\.lost))) }
    return Plot(title: "Queries a second", xLabel: "seconds", yLabel: "a second", lines: lines, marks: marks)
  }

  private var latencyOverTime: Plot {
    func points(_ time: (Recorder.Sample) -> UInt64) -> [(x: Double, y: Double)] {
      intervals.map { ($0.sample.end, Double(time($0.sample)) / 1e6) }
    }
    return Plot(
      title: "Latency over time", xLabel: "seconds", yLabel: "ms",
      lines: [
        Plot.Line(label: "p50", colour: "#0b6e99", points: points(\.p50)),
        Plot.Line(label: "p99", colour: "#c77700", points: points(\.p99)),
        Plot.Line(label: "largest", colour: "#b00020", points: points(\.largest)),
      ], marks: marks, isLogarithmic: true)
  }

  /// Equal steps to the right are ten times fewer answers that take longer.
  private var distribution: Plot {
    var points: [(x: Double, y: Double)] = []
    for (i, point) in latency.curve.enumerated() { points.append((Double(i) / 8, point.time / 1000)) }
    let labels = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %"]
    let ticks = labels.prefix((latency.curve.count + 7) / 8).enumerated().map { (x: Double($0), label: $1) }
    return Plot(
      title: "Latency by share of answers", xLabel: "share of answers that took no longer", yLabel: "ms",
      lines: [Plot.Line(label: "latency", colour: "#0b6e99", points: points)], xTicks: Array(ticks),
      isLogarithmic: true)
  }
}
