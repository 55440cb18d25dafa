/// Prometheus' text format 0.0.4, read as strictly as it is written down: HELP and TYPE before the samples of a
/// family, which stand together; no sample twice; counters that end in `_total` and are not negative; histograms
/// whose buckets grow up to the count.
package struct PrometheusText {
  private var samples: [Sample: Double] = [:]

  private struct Sample: Hashable {
    let name: String
    let labels: [String: String]
  }

  package subscript(name: String, labels: [String: String]) -> Double? {
    samples[Sample(name: name, labels: labels)]
  }

  /// The sum of a family.
  package func sum(_ name: String) -> Double {
    samples.reduce(0) { $0 + ($1.key.name == name ? $1.value : 0) }
  }

  package init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Trouble("the last line does not end") }
    var family = ""
    var type = ""
    var seen: Set<String> = []
    var histograms: Set<String> = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ", maxSplits: 3)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, seen.insert(String(words[2])).inserted else { throw Trouble("HELP: \(line)") }
        family = String(words[2])
        type = ""
      } else if line.hasPrefix("# TYPE ") {
        guard words.count == 4, words[2] == family, type.isEmpty, ["counter", "gauge", "histogram"].contains(words[3])
        else {
          throw Trouble("TYPE: \(line)")
        }
        type = String(words[3])
        guard (type == "counter") == family.hasSuffix("_total") else { throw Trouble("name of a \(type): \(line)") }
      } else {
        try add(line, family, type)
        if type == "histogram" { histograms.insert(family) }
      }
    }
    for family in histograms { try checkHistogram(family) }
  }

  private func checkHistogram(_ family: String) throws {
    let buckets = samples.filter { $0.key.name == "\(family)_bucket" }
      .compactMap { key, count in key.labels["le"].map { (end: $0 == "+Inf" ? .infinity : Double($0) ?? -1, count) } }
      .sorted { $0.end < $1.end }
    guard let last = buckets.last, last.end == .infinity, buckets.map(\.1) == buckets.map(\.1).sorted(),
      last.1 == self["\(family)_count", [:]], self["\(family)_sum", [:]] != nil
    else { throw Trouble("histogram \(family)") }
  }

  private mutating func add(_ line: Substring, _ family: String, _ type: String) throws {
    var rest = line[...]
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest.dropFirst(name.count)
    let isPart = type == "histogram" && ["_bucket", "_sum", "_count"].contains { name == family + $0 }
    guard name == family || isPart, !type.isEmpty, !name.isEmpty else {
      throw Trouble("sample outside its family: \(line)")
    }
    let labels = try PrometheusText.labels(&rest, line)
    guard rest.hasPrefix(" "), let value = Double(rest.dropFirst()), type == "gauge" || value >= 0 else {
      throw Trouble("value: \(line)")
    }
    guard samples.updateValue(value, forKey: Sample(name: String(name), labels: labels)) == nil else {
      throw Trouble("twice: \(line)")
    }
  }

  private static func labels(_ rest: inout Substring, _ line: Substring) throws -> [String: String] {
    guard rest.hasPrefix("{") else { return [:] }
    var labels: [String: String] = [:]
    repeat {
      rest.removeFirst()
      let name = rest.prefix { $0.isLetter || $0 == "_" }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, rest.hasPrefix("=\"") else { throw Trouble("label: \(line)") }
      rest = rest.dropFirst(2)
      guard labels.updateValue(try value(&rest, line), forKey: String(name)) == nil else {
        throw Trouble("label twice: \(line)")
      }
    } while rest.hasPrefix(",")
    guard rest.hasPrefix("}") else { throw Trouble("labels: \(line)") }
    rest.removeFirst()
    return labels
  }

  private static func value(_ rest: inout Substring, _ line: Substring) throws -> String {
    var value = ""
    while let character = rest.popFirst() {
      if character == "\"" { return value }
      guard character == "\\" else {
        value.append(character)
        continue
      }
      switch rest.popFirst() {
      case "\\": value.append("\\")
      case "\"": value.append("\"")
      case "n": value.append("\n")
      default: throw Trouble("escape: \(line)")
      }
    }
    throw Trouble("value without an end: \(line)")
  }
}
