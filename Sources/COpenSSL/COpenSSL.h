// libssl and libcrypto, and the function-like macros that Swift does not import, as functions.
#ifndef COPENSSL_H
#define COPENSSL_H

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// ---- Contexts and sessions ----

static inline int copenssl_set_minimum_version(SSL_CTX *context, int version) {
  return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline void copenssl_allow_partial_writes(SSL_CTX *context) {
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static inline int copenssl_set_server_name(SSL *session, const char *name) {
  return (int)SSL_set_tlsext_host_name(session, name);
}

/// No handshake within a session (TLS 1.2), and no keys agreed on in finite fields (DHE): there a server can choose
/// 8,192 bits, which cost its client a quarter of a second. What a build of libssl does not know stays as it is there.
static inline void copenssl_bound_handshakes(SSL_CTX *context) {
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  (void)SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384:P-521");
  (void)SSL_CTX_set_cipher_list(context, "DEFAULT:!DHE");
  ERR_clear_error();
}

// ---- What a peer may send ----

// libssl reads on by itself for as long as there are messages that are not for its caller (session tickets, updates of
// keys, requests to begin anew): a peer that never ends them would never let it return.

/// Octets of one session: a chain of certificates has 100 KiB at most, what is read of an answer 80 KiB.
#define COPENSSL_OCTETS (256 << 10)
/// Messages of handshakes and behind them; about ten are usual. One record can hold 900 more tickets, or 4,000 requests
/// to begin anew, before they count.
#define COPENSSL_MESSAGES 64

static inline int copenssl_is_beyond_limits(const SSL *session) {
  return BIO_number_read(SSL_get_rbio(session)) > COPENSSL_OCTETS || (size_t)SSL_get_app_data(session) > COPENSSL_MESSAGES;
}

static inline void copenssl_count_message(
    int is_ours, int version, int type, const void *octets, size_t length, SSL *session, void *argument) {
  (void)version, (void)octets, (void)length, (void)argument;
  if (is_ours || type != SSL3_RT_HANDSHAKE) return;
  SSL_set_app_data(session, (char *)SSL_get_app_data(session) + 1);
}

/// Called around each operation of the session's socket; what it returns instead of a number above zero is the result.
static inline long copenssl_before_reading(
    BIO *socket, int operation, const char *octets, size_t length, int argument, long number, int result,
    size_t *processed) {
  (void)octets, (void)length, (void)argument, (void)number, (void)processed;
  if (operation != BIO_CB_READ || !copenssl_is_beyond_limits((SSL *)BIO_get_callback_arg(socket))) return result;
  BIO_clear_retry_flags(socket);
  return -1;
}

/// Once the session has its socket.
static inline void copenssl_set_limits(SSL *session) {
  BIO *socket = SSL_get_rbio(session);
  BIO_set_callback_arg(socket, (char *)session);
  BIO_set_callback_ex(socket, copenssl_before_reading);
  SSL_set_msg_callback(session, copenssl_count_message);
}

// ---- Names of a certificate ----

static inline int copenssl_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }

static inline void copenssl_free_names(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

/// The i-th alternative name when it is a DNS name: its octets (not terminated) and their number, else NULL.
static inline const unsigned char *copenssl_dns_name(const GENERAL_NAMES *names, int i, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
  if (name->type != GEN_DNS) return NULL;
  *length = ASN1_STRING_length(name->d.dNSName);
  return ASN1_STRING_get0_data(name->d.dNSName);
}

/// The i-th alternative name when it is an address: 4 or 16 octets, else NULL.
static inline const unsigned char *copenssl_address_name(const GENERAL_NAMES *names, int i, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
  if (name->type != GEN_IPADD) return NULL;
  *length = ASN1_STRING_length(name->d.iPAddress);
  return ASN1_STRING_get0_data(name->d.iPAddress);
}

#endif
