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
