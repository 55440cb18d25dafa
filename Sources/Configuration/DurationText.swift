/// The units of durations, the largest first.
private let units: [(suffix: String, milliseconds: Int)] = [
  ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60000), ("s", 1000), ("ms", 1),
]

/// Reads `500ms`, `1s`, `1m30s`: whole numbers with units from w to ms, each at most once, the largest first.
package func parseDuration(_ text: String) -> Duration? {
  var rest = Substring(text)
  var total = 0
  var remaining = units[...]
  while !rest.isEmpty {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    let suffix = rest.prefix { $0.isLetter }
    rest = rest.dropFirst(suffix.count)
    guard digits.count <= 9, let number = Int(digits), let unit = remaining.firstIndex(where: { $0.suffix == suffix })
    else { return nil }
    total += number * units[unit].milliseconds
    remaining = remaining[(unit + 1)...]
  }
  return text.isEmpty ? nil : .milliseconds(total)
}

/// The shortest text that `parseDuration` reads as `duration`, to the millisecond.
func durationText(_ duration: Duration) -> String {
  let parts = duration.components
  var rest = Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
  if rest == 0 { return "0s" }
  var text = ""
  for unit in units where rest >= unit.milliseconds {
    text += "\(rest / unit.milliseconds)\(unit.suffix)"
    rest %= unit.milliseconds
  }
  return text
}
