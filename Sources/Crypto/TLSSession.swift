import COpenSSL
import Glibc

/// Whom the server must prove to be.
package enum TLSPeer: Hashable, Sendable {
  /// A host name: sent as SNI (RFC 6066 §3) and looked for in the certificate (RFC 9525).
  case host(String)
  /// An address in text form: looked for in the certificate, never sent.
  case address(String)
}

/// What became of a step that must not block.
package enum TLSProgress: Hashable, Sendable {
  /// Octets moved; 0 for a handshake.
  case done(Int)
  case wantRead
  case wantWrite
  /// The peer has ended the session, or just the connection.
  case closed
  case failed(TLSFailure)
}

/// The client's side of TLS over a connected, non-blocking socket that belongs to the caller and must
/// outlive the session. After `closed` or `failed` only `deinit` may follow.
@safe package struct TLSSession: ~Copyable {
  private let handle: OpaquePointer
  private let peer: TLSPeer
  private let verifies: Bool
  private var isEstablished = false

  /// - Parameter ticket: of an earlier session with the same peer and settings, to be resumed if the peer likes.
  package init(
    _ context: TLSContext, over descriptor: Int32, to peer: TLSPeer, resuming ticket: TLSTicket? = nil
  ) throws(TLSFailure) {
    ERR_clear_error()
    guard let session = unsafe SSL_new(context.handle) else { throw .ours(TLSFailure.queued().text) }
    guard unsafe TLSSession.prepare(session, descriptor, peer) else {
      unsafe SSL_free(session)
      throw .ours(TLSFailure.queued().text)
    }
    if let ticket { unsafe SSL_set_session(session, ticket.handle) }
    unsafe handle = session
    self.peer = peer
    verifies = context.verifies
  }

  private static func prepare(_ session: OpaquePointer, _ descriptor: Int32, _ peer: TLSPeer) -> Bool {
    unsafe SSL_set_connect_state(session)
    guard unsafe SSL_set_fd(session, descriptor) == 1 else { return false }
    unsafe copenssl_set_limits(session)
    switch peer {
    case .host(let name):
      return unsafe copenssl_set_server_name(session, name) == 1 && SSL_set1_host(session, name) == 1
    case .address(let text):
      return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), text) == 1
    }
  }

  deinit { unsafe SSL_free(handle) }

  /// Goes on with the handshake; `done(0)` once the peer has proved to be who it should be.
  ///
  /// The chain is verified while shaking hands but judged after it, when the certificate can still be
  /// seen to say whose it is. Nothing of ours is sent before.
  package mutating func handshake() -> TLSProgress {
    if isEstablished { return .done(0) }
    ERR_clear_error()
    let result = unsafe SSL_do_handshake(handle)
    guard result == 1 else { return progress(of: result) }
    if verifies, let failure = judge() { return .failed(failure) }
    isEstablished = true
    return .done(0)
  }

  /// Appends at most `limit` octets to `buffer`.
  package mutating func read(appendingTo buffer: inout [UInt8], atMost limit: Int) -> TLSProgress {
    guard isEstablished else { return .failed(.ours("read before the handshake was done")) }
    ERR_clear_error()
    let handle = unsafe self.handle
    var result: Int32 = 0
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { octets in
      result = unsafe SSL_read(handle, octets.baseAddress, Int32(limit))
      if result > 0 { unsafe buffer.append(contentsOf: octets.prefix(Int(result))) }
    }
    return result > 0 ? .done(Int(result)) : progress(of: result)
  }

  /// Sends octets from the start of `octets`, perhaps not all.
  package mutating func write(_ octets: ArraySlice<UInt8>) -> TLSProgress {
    guard isEstablished else { return .failed(.ours("write before the handshake was done")) }
    if octets.isEmpty { return .done(0) }
    ERR_clear_error()
    let handle = unsafe self.handle
    let result = unsafe octets.withUnsafeBytes { unsafe SSL_write(handle, $0.baseAddress, Int32($0.count)) }
    return result > 0 ? .done(Int(result)) : progress(of: result)
  }

  /// Tells the peer that no more will come; does not wait for its answer.
  package mutating func finish() {
    guard isEstablished else { return }
    ERR_clear_error()
    _ = unsafe SSL_shutdown(handle)
    ERR_clear_error()
  }

  /// What an established session leaves behind.
  package mutating func evidence() -> TLSEvidence {
    TLSEvidence(
      ticket: ticket, isResumed: unsafe SSL_session_reused(handle) == 1, certificateEnd: certificateEnd)
  }

  /// What resumes this session, once the peer has sent it.
  private var ticket: TLSTicket? {
    guard isEstablished, let session = unsafe SSL_get1_session(handle) else { return nil }
    guard unsafe SSL_SESSION_is_resumable(session) == 1 else {
      unsafe SSL_SESSION_free(session)
      return nil
    }
    return unsafe TLSTicket(owning: session)
  }

  /// When the peer's certificate ends, in seconds since 1970; of a resumed session, the one shown at its beginning.
  private var certificateEnd: Int? {
    guard let certificate = unsafe SSL_get1_peer_certificate(handle) else { return nil }
    defer { unsafe X509_free(certificate) }
    var time = unsafe tm()
    guard unsafe ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1 else { return nil }
    return unsafe timegm(&time)
  }

  private func progress(of result: Int32) -> TLSProgress {
    let number = errno
    if unsafe copenssl_is_beyond_limits(handle) == 1 { return .failed(.protocolError("the peer sends without end")) }
    switch unsafe SSL_get_error(handle, result) {
    case SSL_ERROR_WANT_READ: return .wantRead
    case SSL_ERROR_WANT_WRITE: return .wantWrite
    case SSL_ERROR_ZERO_RETURN: return .closed
    case SSL_ERROR_SYSCALL: return number == 0 ? .closed : .failed(.system(number))
    default:
      let (library, reason, text) = TLSFailure.queued()
      if reason == SSL_R_UNEXPECTED_EOF_WHILE_READING { return .closed }
      let isPlain = library == ERR_LIB_SSL && reason == SSL_R_WRONG_VERSION_NUMBER
      return .failed(.protocolError(isPlain ? "the peer does not speak TLS (\(text))" : text))
    }
  }

  private func judge() -> TLSFailure? {
    let result = unsafe Int32(SSL_get_verify_result(handle))
    switch result {
    case X509_V_OK: return nil
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      return .wrongName(certificate: certificateNames(), expected: peer.text)
    default:
      return .untrusted(unsafe String(cString: X509_verify_cert_error_string(Int(result))))
    }
  }

  /// The DNS names and addresses of the peer's certificate, or else its subject's common name.
  private func certificateNames() -> [String] {
    guard let certificate = unsafe SSL_get1_peer_certificate(handle) else { return [] }
    defer { unsafe X509_free(certificate) }
    let names = unsafe CertificateNames.alternative(certificate)
    return names.isEmpty ? unsafe CertificateNames.common(certificate) : names
  }
}

/// What a TLS session tells of the peer, and leaves for the next.
package struct TLSEvidence {
  /// Nil when the peer has given none.
  package let ticket: TLSTicket?
  /// An earlier session went on: the peer showed no certificate, and proved only to be who it was then.
  package let isResumed: Bool
  /// Seconds since 1970; of a resumed session, that of the certificate shown at its beginning.
  package let certificateEnd: Int?
}

/// What a client keeps of a session to resume it (RFC 8446 §2.2, RFC 5077).
@safe package final class TLSTicket {
  let handle: OpaquePointer

  @unsafe init(owning handle: OpaquePointer) { unsafe self.handle = handle }

  deinit { unsafe SSL_SESSION_free(handle) }
}

extension TLSPeer {
  var text: String {
    switch self {
    case .host(let name): name
    case .address(let address): address
    }
  }
}
