import COpenSSL
import Glibc

/// Why a TLS connection failed, worded for an operator.
package enum TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The chain is good, but for other names than the one asked for.
  case wrongName(certificate: [String], expected: String)
  /// The certificate did not verify; X.509's words: expired, self-signed, unknown issuer …
  case untrusted(String)
  /// What the peer sent was not the TLS that was agreed on, or it refused ours.
  case protocolError(String)
  case system(Int32)
  /// Memory, or a file of ours that cannot be used: nothing the peer did.
  case ours(String)

  package var description: String {
    switch self {
    case .wrongName(let names, let expected):
      names.isEmpty
        ? "certificate names no host, not even \(expected)"
        : "certificate is for \(names.joined(separator: ", ")), not \(expected)"
    case .untrusted(let text): text
    case .protocolError(let text): text
    case .system(let number): unsafe String(cString: strerror(number))
    case .ours(let text): text
    }
  }

  /// The oldest error of this thread's queue, which is the cause of the others; empties the queue.
  static func queued() -> (library: Int32, reason: Int32, text: String) {
    let code = ERR_get_error()
    ERR_clear_error()
    let text = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "unknown error"
    return (Int32(code >> 23 & 0xFF), Int32(code & 0x7FFFFF), text)
  }
}
