/// What `dig` printed, taken apart.
package struct DigResult: Sendable, CustomStringConvertible {
  package let text: String
  /// NOERROR, NXDOMAIN, …; nil when no reply came.
  package let status: String?
  /// qr, aa, tc, …
  package let flags: Set<String>
  package let answer: [DigRecord]
  package let authority: [DigRecord]
  package let additional: [DigRecord]

  package var description: String { text }

  /// The COOKIE option of the reply in hexadecimal digits, and dig's word on it: "good" when it begins with ours.
  package var cookie: (data: String, word: String)? {
    let words = text.split(separator: "; COOKIE: ").last.map { $0.prefix { $0 != "\n" }.split(separator: " ") } ?? []
    guard text.contains("; COOKIE: "), words.count == 2 else { return nil }
    return (String(words[0]), words[1].trimmingParentheses)
  }

  /// The data of the answer's records of one type.
  package func data(_ type: String) -> [String] { answer.filter { $0.type == type }.map(\.data) }
}

package struct DigRecord: Hashable, Sendable {
  package let name: String
  package let ttl: Int
  package let type: String
  package let data: String

  package init(name: String, ttl: Int, type: String, data: String) {
    self.name = name
    self.ttl = ttl
    self.type = type
    self.data = data
  }
}

/// Asks once with the real `dig`; `options` are as on its command line (`+tcp`, `+noedns`, `-6`).
package func dig(_ server: Endpoint, _ name: String, _ type: String = "A", _ options: [String] = []) throws -> DigResult
{
  let command = ["dig", "@\(server.address)", "-p", "\(server.port)", name, type, "+tries=1", "+time=3"] + options
  return DigResult(try run(command).output)
}

extension DigResult {
  package init(_ text: String) {
    var sections: [String: [DigRecord]] = [:]
    var section = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix(";; "), line.hasSuffix(" SECTION:") {
        section = String(line.dropFirst(3).dropLast(9))
      } else if !line.hasPrefix(";"), let record = DigRecord(line) {
        sections[section, default: []].append(record)
      }
    }
    self.text = text
    status = text.split(separator: "status: ").dropFirst().first?.split(separator: ",").first.map(String.init)
    let flagText = text.split(separator: ";; flags: ").dropFirst().first?.split(separator: ";").first ?? ""
    flags = Set(flagText.split(separator: " ").map(String.init))
    answer = sections["ANSWER"] ?? []
    authority = sections["AUTHORITY"] ?? []
    additional = sections["ADDITIONAL"] ?? []
  }
}

extension DigRecord {
  init?(_ line: Substring) {
    let words = line.split(maxSplits: 4, omittingEmptySubsequences: true) { $0 == " " || $0 == "\t" }
    guard words.count == 5, let ttl = Int(words[1]), words[2] == "IN" else { return nil }
    self.init(name: String(words[0]), ttl: ttl, type: String(words[3]), data: String(words[4]))
  }
}

extension Substring {
  fileprivate var trimmingParentheses: String { String(drop { $0 == "(" }.prefix { $0 != ")" }) }
}
