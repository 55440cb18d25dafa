import Content
import Failover

/// A response to a check's request, as far as the check looks at it, taken as it arrives.
///
/// Without an expected body the status line decides and nothing behind it is read. Otherwise the body is read until
/// the expected is found or cannot come any more: 64 KiB as transferred and 5,120 octets as decoded at most.
struct ResponseReader {
  enum Progress: Equatable {
    case more
    case satisfied
    case failed(FailureReason)
  }

  /// Octets of a body, as transferred, that are read at most.
  static var bodyLimit: Int { 65_536 }

  private let expected: [ClosedRange<Int>]
  private var head = ResponseHead()
  private var fields: ResponseFields?
  private var body: BodyReader?
  private let search: Search?

  init(_ request: ProbeSpecification.Request, _ search: Search?) {
    expected = request.expected
    self.search = search
  }

  /// Octets that are worth asking for at a time.
  var appetite: Int { search == nil ? 512 : 4096 }

  /// What a peer that ends now has left out.
  var missing: String {
    if body != nil { return "the end of the body" }
    return fields == nil ? "a status line" : "the end of the head"
  }

  /// What is waited for, in a timeout's words.
  var waitingFor: String {
    if body != nil { return "the body" }
    return fields == nil ? "the status line" : "the end of the head"
  }

  mutating func take(_ octets: [UInt8]) -> Progress {
    if body != nil { return takeBody(octets[...]) }
    if fields != nil { return takeFields(octets[...]) }
    let before = head.taken
    switch head.take(octets) {
    case .incomplete: return .more
    case .notHTTP: return .failed(.notHTTP)
    case .tooLong: return .failed(.headTooLong(limit: ResponseHead.limit))
    case .status(let code):
      guard expected.contains(where: { $0.contains(code) }) else { return .failed(.status(code)) }
      guard search != nil else { return .satisfied }
      fields = ResponseFields(room: ResponseHead.limit - head.taken)
      return takeFields(octets[(head.taken - before)...])
    }
  }

  private mutating func takeFields(_ octets: ArraySlice<UInt8>) -> Progress {
    guard var reading = fields, let search else { return .satisfied }
    let before = reading.taken
    let progress = reading.take(octets)
    fields = reading
    switch progress {
    case .incomplete: return .more
    case .tooLong: return .failed(.headTooLong(limit: ResponseHead.limit))
    case .malformed(let text): return .failed(.malformedBody(text))
    case .complete:
      body = BodyReader(reading, search)
      return takeBody(octets.dropFirst(reading.taken - before))
    }
  }

  private mutating func takeBody(_ octets: ArraySlice<UInt8>) -> Progress {
    guard let progress = body?.take(octets) else { return .more }
    return progress
  }

  /// The peer has closed: for a body without length that is the end, everything else is cut short.
  mutating func end() -> Progress { body?.end() ?? .failed(.closed(before: missing)) }
}

/// The body of a response: its framing, its content coding, and what is looked for in it.
final class BodyReader {
  private var search: Search
  private var inflater: Inflater?
  private var chunks: Chunks?
  private var remaining: Int?
  private var taken = 0

  init(_ fields: ResponseFields, _ search: Search) {
    self.search = search
    inflater = fields.coding.map { Inflater($0) }
    chunks = fields.isChunked ? Chunks() : nil
    remaining = fields.isChunked ? nil : fields.contentLength
  }

  func take(_ octets: ArraySlice<UInt8>) -> ResponseReader.Progress {
    var octets = octets.prefix(ResponseReader.bodyLimit - taken)
    taken += octets.count
    if let remaining { octets = octets.prefix(remaining) }
    var isEnd = taken >= ResponseReader.bodyLimit
    if let left = remaining {
      remaining = left - octets.count
      isEnd = isEnd || remaining == 0
    }
    var data: [UInt8] = []
    switch chunks?.take(octets, into: &data) {
    case nil: data = Array(octets)
    case .more: break
    case .ended: isEnd = true
    case .malformed: return .failed(.malformedBody("a broken chunk"))
    }
    return decode(data, isEnd)
  }

  private func decode(_ data: [UInt8], _ isEnd: Bool) -> ResponseReader.Progress {
    var isEnd = isEnd
    switch inflater?.decode(data[...], into: &search.octets, limit: Search.limit) {
    case nil: search.append(data)
    case .more: break
    case .ended: isEnd = true
    case .broken(let text): return .failed(.malformedBody(text))
    }
    return result(isEnd)
  }

  private func result(_ isEnd: Bool) -> ResponseReader.Progress {
    switch search.look(isEnd: isEnd) {
    case .more: .more
    case .found: .satisfied
    case .missing(let text): .failed(.unexpectedBody("body: \(text)"))
    }
  }

  func end() -> ResponseReader.Progress {
    if chunks != nil || remaining ?? 0 > 0 { return .failed(.closed(before: "the end of the body")) }
    return result(true)
  }
}
