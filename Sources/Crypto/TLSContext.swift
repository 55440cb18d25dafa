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

  /// What a client shows of itself when a server asks: a certificate with its chain, and its key, in PEM.
  package struct Identity: Hashable, Sendable {
    package let certificateFile: String
    package let keyFile: String

    package init(certificateFile: String, keyFile: String) {
      self.certificateFile = certificateFile
      self.keyFile = keyFile
    }
  }

  let handle: OpaquePointer
  let verifies: Bool

  /// Reads the roots from disk. libssl writes to sockets without MSG_NOSIGNAL, so that a peer that
  /// has gone would kill the process: SIGPIPE is ignored process-wide from here on.
  package init(_ verification: Verification, as identity: Identity? = nil) throws(TLSFailure) {
    _ = signal(SIGPIPE, SIG_IGN)
    ERR_clear_error()
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { throw .ours(TLSFailure.queued().text) }
    let failure =
      unsafe TLSContext.configure(context, verification) ?? identity.flatMap { unsafe TLSContext.use($0, context) }
    if let failure {
      unsafe SSL_CTX_free(context)
      throw failure
    }
    unsafe handle = context
    verifies = verification != .off
  }

  private static func configure(_ context: OpaquePointer, _ verification: Verification) -> TLSFailure? {
    unsafe copenssl_allow_partial_writes(context)
    unsafe copenssl_bound_handshakes(context)
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

  private static func use(_ identity: Identity, _ context: OpaquePointer) -> TLSFailure? {
    // Nobody is there to type in what an encrypted key asks for.
    unsafe SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
    guard unsafe SSL_CTX_use_certificate_chain_file(context, identity.certificateFile) == 1 else {
      return .ours("\(identity.certificateFile): \(TLSFailure.queued().text)")
    }
    guard unsafe SSL_CTX_use_PrivateKey_file(context, identity.keyFile, SSL_FILETYPE_PEM) == 1,
      unsafe SSL_CTX_check_private_key(context) == 1
    else { return .ours("\(identity.keyFile): \(TLSFailure.queued().text)") }
    return nil
  }

  deinit { unsafe SSL_CTX_free(handle) }
}
