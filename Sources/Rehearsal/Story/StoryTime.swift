package import Failover

/// Times as stories write and reports show them.
package enum StoryTime {
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("w", 604_800_000_000_000), ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
    ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000), ("ns", 1),
  ]

  /// Reads `500ms`, `1s`, `1m30s`: whole numbers with units from w to ns, each at most once, the largest first.
  static func duration(_ text: some StringProtocol) -> Duration? {
    var rest = Substring(text)
    var total: Int64 = 0
    var remaining = units[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let suffix = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(suffix.count)
      guard digits.count <= 9, let number = Int64(digits),
        let unit = remaining.firstIndex(where: { $0.suffix == suffix })
      else { return nil }
      let (part, overflow) = number.multipliedReportingOverflow(by: units[unit].nanoseconds)
      guard !overflow, part < .max / 16 else { return nil }
      total += part
      remaining = remaining[(unit + 1)...]
    }
    return text.isEmpty ? nil : .nanoseconds(total)
  }

  /// Reads `Mon 02:00` as seconds since Monday 00:00.
  package static func ofWeek(day: some StringProtocol, time: some StringProtocol) -> Int? {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    guard let day = days.firstIndex(of: day.lowercased()), parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
    else { return nil }
    return day * 86400 + hour * 3600 + minute * 60
  }

  /// Nanoseconds since 1970 of that time in the week that began on Monday, 5 January 1970.
  package static func wall(ofWeek seconds: Int) -> Int64 { (4 * 86400 + Int64(seconds)) * 1_000_000_000 }

  /// Seconds to the millisecond: `12.001 s`.
  package static func text(_ time: Instant) -> String { text(.nanoseconds(time.nanoseconds)) }

  package static func text(_ duration: Duration) -> String {
    let milliseconds = (duration.nanoseconds + (duration.nanoseconds < 0 ? -500_000 : 500_000)) / 1_000_000
    let fraction = String(abs(milliseconds) % 1000)
    let sign = milliseconds < 0 ? "-" : ""
    return "\(sign)\(abs(milliseconds) / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
  }
}
