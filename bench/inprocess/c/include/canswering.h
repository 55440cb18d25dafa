// The same algorithm over the same layout as Alula's, in C, for bench/inprocess: what a careful C program would
// cost. It takes every decision that Alula takes on the way to a positive answer, from what stands in memory: opcode,
// options, cookies, client subnets, rate limits, the zone that encloses the name, signatures, aliases, pools. What
// comes after another decision it does not know: there it gives no answer, which the bench would notice.
// Its zone is `bench.test.`, with an A record for each of n0, n1, ….
#ifndef CANSWERING_H
#define CANSWERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct c_zone;

struct c_settings {
  uint16_t udp_size, size_without_cookie;
  uint8_t identity_length;
  bool uses_client_subnet, cookies_are_off;
  int64_t responses;  // a second and network; 0: no limit
};

// What is served.
struct c_generation {
  struct c_zone *zones;
  size_t zone_count;
  struct c_settings settings;
};

struct c_edns {
  uint16_t udp_size, cookie_offset, cookie_length, subnet_offset, subnet_length;
  uint8_t version;
  bool is_present, dnssec_ok, wants_identity, wants_keepalive;
};

enum c_verdict { c_drop, c_refuse, c_ordinary, c_special };
enum c_cookie { c_no_cookie, c_cookie_missing, c_cookie_wrong, c_cookie_valid };

// A request that has been read.
struct c_query {
  uint8_t name[272];  // lower case, with a margin for words
  uint8_t starts[128];
  size_t length, labels;
  uint16_t type, class, end, signature;
  uint8_t opcode;
  enum c_verdict verdict;
  enum c_cookie cookie;
  struct c_edns edns;
  int64_t zone;  // −1: none
  uint64_t hash;
};

enum c_fate { c_sent, c_malformed, c_not_here };

struct c_reply {
  uint8_t fate;
  uint16_t code;
  bool is_truncated;
  uint8_t cookie;
  size_t length;  // octets
};

struct c_generation *c_generation_make(uint32_t names);
void c_generation_free(struct c_generation *generation);

/// Reads a request, finds its zone and hashes its name.
void c_read(const struct c_generation *generation, const uint8_t *message, size_t length, struct c_query *query);
void c_fetch_slot(const struct c_generation *generation, const struct c_query *query);
void c_fetch_node(const struct c_generation *generation, const struct c_query *query);
/// Turns the request into its answer.
///
/// @param is_tcp whether it came over TCP
/// @param room octets of the buffer
struct c_reply c_answer(const struct c_generation *generation, uint8_t *message, size_t room, bool is_tcp,
                        const struct c_query *query);

#endif
