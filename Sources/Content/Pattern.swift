import CPCRE2

/// A regular expression (PCRE2) over octets, with bounds on what a match may cost. For one thread.
@safe package final class Pattern {
  /// What is wrong with an expression, and before which of its octets.
  package struct Failure: Error, Hashable, Sendable {
    package let message: String
    package let offset: Int
  }

  package enum Result: Hashable, Sendable {
    case matches
    case differs
    /// The match was given up: too many steps, too deep, or too much memory.
    case tooCostly
  }

  /// Steps of one match, about a millisecond's worth; what a sensible expression needs is far below.
  package static var stepLimit: UInt32 { 100_000 }
  /// Nested backtracking points of one match.
  package static var depthLimit: UInt32 { 2000 }
  /// KiB that one match may take from the heap.
  package static var heapLimit: UInt32 { 1024 }

  private let code: OpaquePointer
  private let match: OpaquePointer
  private let context: OpaquePointer

  package init(_ text: String) throws(Failure) {
    var number: Int32 = 0
    var offset = 0
    let octets = Array(text.utf8)
    // Octets stay octets whatever the expression says: a body need not be UTF-8.
    let options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C
    guard let code = unsafe pcre2_compile_8(octets, octets.count, UInt32(options), &number, &offset, nil) else {
      throw Failure(message: Pattern.text(number), offset: offset)
    }
    guard let match = unsafe pcre2_match_data_create_8(1, nil), let context = unsafe pcre2_match_context_create_8(nil)
    else { throw Failure(message: "out of memory", offset: 0) }
    unsafe pcre2_set_match_limit_8(context, Pattern.stepLimit)
    unsafe pcre2_set_depth_limit_8(context, Pattern.depthLimit)
    unsafe pcre2_set_heap_limit_8(context, Pattern.heapLimit)
    unsafe self.code = code
    unsafe self.match = match
    unsafe self.context = context
  }

  deinit {
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_match_data_free_8(match)
    unsafe pcre2_code_free_8(code)
  }

  /// Whether the expression matches anywhere in `octets`.
  package func search(_ octets: [UInt8]) -> Result {
    let result = unsafe pcre2_match_8(code, octets, octets.count, 0, 0, match, context)
    if result >= 0 { return .matches }
    return result == PCRE2_ERROR_NOMATCH ? .differs : .tooCostly
  }

  private static func text(_ number: Int32) -> String {
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = max(0, Int(unsafe pcre2_get_error_message_8(number, buffer.baseAddress, 256)))
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
