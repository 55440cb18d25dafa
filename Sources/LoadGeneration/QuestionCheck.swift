import Wire

/// A question's octets in short: its length in the lower 9 bits, a hash of it above. What an answer must repeat.
package enum QuestionCheck {
  /// Octets of a header, and so where the question begins (RFC 1035 §4.1.1).
  package static var start: Int { 12 }

  package static func length(_ check: UInt32) -> Int { Int(check & 0x1FF) }

  /// Of the question of `length` octets in the message that begins at `offset`.
  package static func of(_ octets: RawSpan, at offset: Int = 0, length: Int) -> UInt32 {
    let first = offset + start
    var hash = UInt64(length)
    var at = 0
    while at + 8 <= length {
      hash = mix(hash, octets.word(first + at))
      at += 8
    }
    if length >= 8 {
      if at < length { hash = mix(hash, octets.word(first + length - 8)) }
    } else {
      while at < length {
        hash = mix(hash, UInt64(octets.octet(first + at)))
        at += 1
      }
    }
    return UInt32(truncatingIfNeeded: hash >> 32) & ~0x1FF | UInt32(length)
  }

  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 32
  }

  /// Whether the answer carries the question, or none, as a refusal may (RFC 1035 §4.1.1: FORMERR).
  package static func holds(_ check: UInt32, in answer: RawSpan) -> Bool {
    let count = answer.uint16(4)
    if count == 0 { return answer.octet(3) & 15 != 0 }
    let length = length(check)
    return count == 1 && answer.byteCount >= start + length && of(answer, length: length) == check
  }
}
