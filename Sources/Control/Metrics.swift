/// Metrics in Prometheus' text format 0.0.4: families with HELP and TYPE, each sample on a line.
struct Metrics {
  private(set) var text = ""

  enum Kind: String { case counter, gauge, histogram }

  typealias Labels = KeyValuePairs<String, String>

  /// Begins a family; its samples follow.
  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ labels: Labels = [:], _ value: some BinaryInteger) {
    sample(name, labels, value: "\(value)")
  }

  /// - Parameter nanoseconds: written in seconds.
  mutating func seconds(_ name: String, _ labels: Labels = [:], nanoseconds: some BinaryInteger) {
    let nanoseconds = Int64(clamping: nanoseconds)
    let fraction = String(nanoseconds.magnitude % 1_000_000_000 + 1_000_000_000).dropFirst()
    sample(name, labels, value: "\(nanoseconds < 0 ? "-" : "")\(nanoseconds.magnitude / 1_000_000_000).\(fraction)")
  }

  private mutating func sample(_ name: String, _ labels: Labels, value: String) {
    text += name
    if !labels.isEmpty {
      text += "{"
      for (index, label) in labels.enumerated() {
        text += "\(index > 0 ? "," : "")\(label.key)=\""
        escape(label.value)
        text += "\""
      }
      text += "}"
    }
    text += " \(value)\n"
  }

  /// A family of one sample.
  mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
    family(name, kind, help)
    sample(name, [:], value)
  }

  private mutating func escape(_ value: String) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
