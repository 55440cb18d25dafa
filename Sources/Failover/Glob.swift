/// A pattern of an order's subject: `*` stands for any characters, `?` for one.
struct Glob: Sendable {
  private let pattern: [UInt8]
  /// Nothing in it stands for something else.
  let isExact: Bool

  init(_ pattern: some StringProtocol) {
    self.pattern = Array(pattern.utf8)
    isExact = !self.pattern.contains { $0 == Glob.any || $0 == Glob.one }
  }

  private static var any: UInt8 { UInt8(ascii: "*") }
  private static var one: UInt8 { UInt8(ascii: "?") }

  /// In steps of at most the product of both lengths: on a mismatch only the latest `*` takes one more.
  func matches(_ text: some StringProtocol) -> Bool {
    let text = Array(text.utf8)
    if isExact { return text == pattern }
    var (at, place) = (0, 0)
    var retry: (at: Int, place: Int)?
    while place < text.count {
      if at < pattern.count, pattern[at] == Glob.any {
        retry = (at, place)
        at += 1
      } else if at < pattern.count, pattern[at] == Glob.one || pattern[at] == text[place] {
        at += 1
        place += 1
      } else if let latest = retry {
        retry = (latest.at, latest.place + 1)
        (at, place) = (latest.at + 1, latest.place + 1)
      } else {
        return false
      }
    }
    return pattern[at...].allSatisfy { $0 == Glob.any }
  }
}
