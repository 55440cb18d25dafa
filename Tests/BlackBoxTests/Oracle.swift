import TestSupport

/// What may be answered to a message, however broken, about the zone below. It reads messages with nothing of
/// the server's own code.
struct Oracle {
  static let zone = """
    $TTL 300
    @ SOA ns hostmaster 1 3600 600 86400 60
    @ NS ns
    ns A 192.0.2.1
    a A 192.0.2.2
    alias CNAME a
    *.wild TXT "wild"
    deep.ent A 192.0.2.3
    cut NS ns.cut
    ns.cut A 192.0.2.4

    """ + (0..<60).map { "big TXT \"\($0) 345678901234567890\"\n" }.joined()

  private static let apex = [Array("com".utf8), Array("example".utf8)]
  private static let names: Set<String> = ["", "ns", "a", "alias", "wild", "ent", "deep.ent", "big"]

  let message: DecodedMessage?
  /// Nil: no reply at all.
  let codes: Set<Int>?
  private let length: Int

  init(_ octets: [UInt8]) {
    message = DecodedMessage(octets)
    length = octets.count
    codes = message.flatMap { $0.isResponse ? nil : Self.codes($0) }
  }

  /// The most octets of a reply over UDP: those that the first OPT record offers, no more than ours.
  var limit: Int {
    guard let opt = message?.opt, opt.section == 3, opt.owner == [0] else { return 512 }
    return min(1232, max(512, Int(opt.recordClass)))
  }

  private static func codes(_ message: DecodedMessage) -> Set<Int> {
    guard [0, 4, 5].contains(message.opcode) else { return [4] }
    let isReadable = message.counts[0] == 1 && message.questions.count == 1
    guard isReadable || (message.counts[0] == 0 && message.isWhole) else { return [1] }
    // One thing may be wrong with one record, and another with the next: either may be said.
    if (message.ednsVersion ?? 0) > 0 { return [1, 16] }
    let state = state(message)
    if case .broken = state { return [1] }
    let codes: Set<Int> = if case .doubtful = state { [1] } else { [] }
    let refusals: Set<Int> = message.records.contains { $0.type == 250 } ? [9, 1] : []
    // A cookie alone is answered with a cookie (RFC 7873 §5.4).
    guard isReadable else {
      return message.hasCookie && message.opcode == 0 ? codes.union([0, 23]).union(refusals) : [1]
    }
    if !refusals.isEmpty { return refusals }
    return codes.union(codesOfQuestion(message.opcode, message.questions[0]))
  }

  private enum State { case good, doubtful, broken }

  private static func state(_ message: DecodedMessage) -> State {
    let opts = message.records.filter { $0.type == 41 }
    guard message.isWhole, opts.count <= 1 else { return .broken }
    guard let opt = opts.first else { return .good }
    guard opt.section == 3, opt.owner == [0], let options = message.options else { return .broken }
    // Cookies are of 8, or of 16 to 40 octets (RFC 7873 §5.2.2).
    if options.contains(where: { $0.code == 10 && $0.data.count != 8 && !(16...40).contains($0.data.count) }) {
      return .broken
    }
    // Of other options that are known, length and number may be looked at or not.
    return options.contains { [3, 8, 9, 10, 11, 12].contains($0.code) } ? .doubtful : .good
  }

  private static func codesOfQuestion(_ opcode: Int, _ question: DecodedMessage.Question) -> Set<Int> {
    // What asks for a change, or for a transfer, may be refused in several ways.
    if opcode != 0 { return [1, 5, 9] }
    if question.recordClass == 3 { return [0, 5] }
    guard question.recordClass == 1 else { return [5] }
    if question.type == 251 || question.type == 252 { return [0, 1, 4, 5, 9] }
    let labels = Array(question.labels.reversed())
    guard labels.starts(with: apex) else { return [5] }
    return [exists(Array(labels.dropFirst(2))) ? 0 : 3]
  }

  /// - Parameter labels: below the apex, the nearest to it first.
  private static func exists(_ labels: [[UInt8]]) -> Bool {
    if let first = labels.first, [Array("cut".utf8), Array("wild".utf8)].contains(first) { return true }
    return names.contains(
      labels.reversed().map { String(decoding: $0.map { $0 == 0x2E ? 0xFF : $0 }, as: UTF8.self) }
        .joined(separator: "."))
  }

  // MARK: - Judging

  /// What is wrong with a reply; nil when nothing is.
  func fault(of octets: [UInt8], overTCP: Bool) -> String? {
    guard let codes, let message else { return "a reply to what is no request" }
    guard let reply = DecodedMessage(octets), reply.isWhole else { return "a reply that is broken" }
    if !reply.isResponse || reply.opcode != message.opcode { return "another QR or opcode" }
    if reply.flags & 0x0100 != message.flags & 0x0100 { return "another RD" }
    if reply.flags & 0x00F0 != 0 { return "RA, Z, AD or CD" }
    if !codes.contains(reply.code) { return "rcode \(reply.code), not one of \(codes.sorted())" }
    if !overTCP, octets.count > limit { return "\(octets.count) octets, more than \(limit)" }
    if reply.opt != nil, message.opt == nil { return "OPT without having been asked with it" }
    let asked = message.opcode == 0 && message.counts[0] == 1 ? message.questions : []
    if reply.questions != asked, message.opcode == 0 { return "another question" }
    return nil
  }
}

extension DecodedMessage {
  fileprivate var hasCookie: Bool { options?.contains { $0.code == 10 } ?? false }
}
