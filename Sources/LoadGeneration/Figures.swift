/// Numbers as people read them.
package enum Figures {
  /// `1,234,567`.
  package static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// With `places` digits behind the point.
  package static func fixed(_ number: Double, _ places: Int) -> String {
    guard number.isFinite else { return "0" }
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    let scaled = (number.magnitude * Double(scale)).rounded()
    guard scaled < 9e15 else { return "\(number)" }
    let whole = Int(scaled)
    let sign = number < 0 && whole > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole / scale)." + String(String(whole % scale + scale).dropFirst())
  }

  /// Nanoseconds as `0.123 ms`.
  package static func milliseconds(_ time: UInt64) -> String { fixed(Double(time) / 1e6, 3) + " ms" }

  package static func percent(_ share: Double, _ places: Int = 1) -> String { fixed(share * 100, places) + " %" }
}
