import JSONFormat
import Logging

package enum LogFormat: String, Sendable, CaseIterable { case text, json }

/// One event on its way to a line. Nothing in it can end the line early or reach a terminal as a command.
struct LogLine {
  /// Octets of one line; a longer one is cut, so that hostile input cannot fill memory or disk quickly.
  static let limit = 4096

  var level: Logger.Level
  var label: String
  var message: String
  var metadata: Logger.Metadata

  func render(_ format: LogFormat, at milliseconds: Int64) -> String {
    switch format {
    case .text: text(at: milliseconds)
    case .json: json(at: milliseconds)
    }
  }

  /// `2026-11-22T19:11:34.120Z info message key=value key="two words"`
  private func text(at milliseconds: Int64) -> String {
    var line = "\(rfc3339(milliseconds)) \(level) "
    appendVisible(message, to: &line)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      line += " "
      appendVisible(key, to: &line)
      line += "="
      appendTextValue("\(value)", to: &line)
    }
    return cut(line, to: Self.limit - 1) + "\n"
  }

  /// One object per line. What is too long loses its metadata and then the end of its message, and stays an object.
  private func json(at milliseconds: Int64) -> String {
    let whole = object(at: milliseconds, message: message, metadata: metadata)
    if whole.utf8.count < Self.limit { return whole + "\n" }
    // One octet becomes at most six, `\u0000`; the rest is for the other members.
    let short = cut(message, to: Self.limit / 6 - 64)
    return object(at: milliseconds, message: short, metadata: ["truncated": "true"]) + "\n"
  }

  private func object(at milliseconds: Int64, message: String, metadata: Logger.Metadata) -> String {
    var line = "{\"time\":\"\(rfc3339(milliseconds))\",\"level\":\"\(level)\",\"logger\":"
    appendJSON(label, to: &line)
    line += ",\"message\":"
    appendJSON(message, to: &line)
    if !metadata.isEmpty {
      line += ",\"metadata\":"
      appendJSON(.dictionary(metadata), to: &line)
    }
    return line + "}"
  }
}

/// RFC 3339 in UTC, with milliseconds.
package func rfc3339(_ milliseconds: Int64) -> String {
  let seconds = milliseconds / 1000
  let day = civil(days: seconds / 86_400)
  let time = seconds % 86_400
  func padded(_ value: Int64, _ digits: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
  return "\(padded(day.year, 4))-\(padded(day.month))-\(padded(day.day))"
    + "T\(padded(time / 3600)):\(padded(time / 60 % 60)):\(padded(time % 60)).\(padded(milliseconds % 1000, 3))Z"
}

/// The Gregorian date that many days after 1970-01-01, counted in eras of 400 years that begin on 1 March.
private func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let fromMarch = (5 * dayOfYear + 2) / 153
  let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
}

/// At most `octets` octets of `text`, on a character boundary, with an ellipsis where something is missing.
private func cut(_ text: String, to octets: Int) -> String {
  if text.utf8.count <= octets { return text }
  var end = text.startIndex
  var count = 0
  for scalar in text.unicodeScalars {
    let size = UTF8.width(scalar)
    if count + size > octets - 3 { break }
    count += size
    end = text.unicodeScalars.index(after: end)
  }
  return text[..<end] + "…"
}
