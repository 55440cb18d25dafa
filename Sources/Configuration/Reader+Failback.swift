extension Reader {
  mutating func failback(_ node: Node) -> Configuration.Failback? {
    guard case .mapping = node.content else {
      return choice(
        node, ["immediate": .immediate, "manual": .manual],
        or: "one of { after: 5m }, { window: \"Mon-Fri 02:00-04:00\" } and { ramp: 10m }")
    }
    guard let fields = fields(node, .failback, at: node.position) else { return nil }
    guard fields.values.count == 1 else {
      if !hasErrors { mismatch(node, expected: "one of `after`, `window` and `ramp`") }
      return nil
    }
    if let node = fields["window"] { return windows(node) }
    let range = Duration.seconds(1) ... .seconds(604_800)
    if let node = fields["after"] { return duration(node, in: range).map { .after($0) } }
    return duration(fields["ramp"], in: range).map { .ramp($0) }
  }

  private mutating func windows(_ node: Node) -> Configuration.Failback? {
    let expected = "times of the week in UTC, such as \"Mon-Fri 02:00-04:00\" or \"02:00-04:00\""
    var windows: [Configuration.WeekWindow] = []
    let items = list(node)
    for item in items {
      guard let text = text(item, expected: expected) else { return nil }
      guard let parsed = weekWindows(text) else {
        mismatch(item, expected: expected)
        return nil
      }
      windows += parsed
    }
    if items.isEmpty, !node.isNull { mismatch(node, expected: expected) }
    return windows.isEmpty ? nil : .window(windows)
  }
}

/// Reads `Mon-Fri 02:00-04:00`, `Sat,Sun 22:00-02:00` (until the day after) or `02:00-04:00` (every day).
func weekWindows(_ text: String) -> [Configuration.WeekWindow]? {
  let words = text.split(separator: " ")
  guard (1...2).contains(words.count), let days = words.count == 1 ? Array(0..<7) : weekdays(words[0]) else {
    return nil
  }
  let times = words[words.count - 1].split(separator: "-", omittingEmptySubsequences: false).map(timeOfDay)
  guard times.count == 2, let start = times[0], let end = times[1], start < 86400, start != end else { return nil }
  let length = end > start ? end - start : end + 86400 - start
  return days.map { Configuration.WeekWindow(start: $0 * 86400 + start, length: length) }
}

/// Days counted from Monday: `Mon`, `Mon-Fri`, `Fri-Mon`, and lists of these with commas.
private func weekdays(_ text: Substring) -> [Int]? {
  let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  var days: [Int] = []
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
      names.firstIndex(of: $0.lowercased())
    }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
    days += (0...((last - first + 7) % 7)).map { (first + $0) % 7 }
  }
  return Set(days).count == days.count ? days : nil
}

/// Seconds of `HH:MM`, up to 24:00.
private func timeOfDay(_ text: Substring) -> Int? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
    let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 24 * 60
  else { return nil }
  return (hour * 60 + minute) * 60
}
