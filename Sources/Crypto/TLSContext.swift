import COpenSSL
import Glibc

/// What many TLS client sessions share: trusted roots, protocol versions (TLS 1.2 or later).
@safe package final class TLSContext: @unchecked Sendable {
  package enum Verification: Hashable, Sendable {
    /// Any certificate will do.
    case off
    /// The chain must end in the system's store, and the name must be the one asked for.
    case system
    /// As `system`, with the roots of a PEM file instead.
    case file(String)
  }

  let handle: OpaquePointer
  let verifies: Bool

  /// Reads the roots from disk. libssl writes to sockets without MSG_NOSIGNAL, so that a peer that
  /// has gone would kill the process: SIGPIPE is ignored process-wide from here on.
  package init(_ verification: Verification) throws(TLSFailure) {
    _ = signal(SIGPIPE, SIG_IGN)
    ERR_clear_error()
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw .ours(TLSFailure.queued().text) }
    if let failure = unsafe TLSContext.configure(context, verification) {
      unsafe SSL_CTX_free(context)
      throw failure
    }
    unsafe handle = context
    verifies = verification != .off
  }

  private static func configure(_ context: OpaquePointer, _ verification: Verification) -> TLSFailure? {
    unsafe copenssl_allow_partial_writes(context)
    guard unsafe copenssl_set_minimum_version(context, TLS1_2_VERSION) == 1 else {
      return .ours(TLSFailure.queued().text)
    }
    switch verification {
    case .off: return nil
    case .system:
      guard unsafe SSL_CTX_set_default_verify_paths(context) != 1 else { return nil }
      return .ours("the system's certificates: \(TLSFailure.queued().text)")
    case .file(let path):
      guard unsafe SSL_CTX_load_verify_file(context, path) != 1 else { return nil }
      return .ours("\(path): \(TLSFailure.queued().text)")
    }
  }

  deinit { unsafe SSL_CTX_free(handle) }
}
