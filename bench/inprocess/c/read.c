// Reading a request.
#include "zone.h"

enum { header = 12, opt = 41, opt_length = 11, longest_name = 255 };

static inline uint16_t u16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }

// Two words at once.
typedef uint64_t pair __attribute__((vector_size(16)));

static inline void put_lowercased(uint8_t *to, const uint8_t *from) {
  const uint64_t ones = 0x0101010101010101;
  pair words;
  memcpy(&words, from, sizeof words);
  pair seven = words & (0x7F * ones);
  pair at_least_a = seven + (0x80 - 0x41) * ones, above_z = seven + (0x7F - 0x5A) * ones;
  words |= (~words & (at_least_a ^ above_z) & (0x80 * ones)) >> 2;
  memcpy(to, &words, sizeof words);
}

static bool read_option(struct c_edns *edns, uint16_t code, size_t at, size_t length) {
  switch (code) {
  case 3: edns->wants_identity = true; break;
  case 11: edns->wants_keepalive = true; break;
  case 10:
    if (edns->cookie_offset) break;
    if (length != 8 && (length < 16 || length > 40)) return false;
    edns->cookie_offset = (uint16_t)at;
    edns->cookie_length = (uint16_t)length;
    break;
  case 8:
    if (edns->subnet_offset) break;
    edns->subnet_offset = (uint16_t)at;
    edns->subnet_length = (uint16_t)length;
    break;
  }
  return true;
}

// The one record behind the question: an OPT that ends the message.
static bool read_opt(const uint8_t *message, size_t at, size_t length, struct c_edns *edns) {
  if (at + opt_length > length || message[at] || u16(message + at + 1) != opt) return false;
  if (at + opt_length + u16(message + at + 9) != length) return false;
  edns->udp_size = u16(message + at + 3);
  edns->version = message[at + 6];
  edns->dnssec_ok = message[at + 7] >> 7;
  edns->is_present = true;
  at += opt_length;
  while (at + 4 <= length) {
    uint16_t code = u16(message + at);
    size_t count = u16(message + at + 2);
    at += 4;
    if (count > length - at || !read_option(edns, code, at, count)) return false;
    at += count;
  }
  return at == length;
}

// The name at the front of the question, and where each of its labels begins.
static inline bool read_name(const uint8_t *message, size_t length, struct c_query *query) {
  size_t bound = length < header + longest_name ? length : header + longest_name, at = header, labels = 0;
  for (;;) {
    if (at >= bound) return false;
    uint8_t label = message[at];
    if (label == 0) break;
    if (label > 63) return false;
    query->starts[labels++] = (uint8_t)(at - header);
    at += label + 1u;
  }
  query->length = at + 1 - header;
  query->labels = labels;
  // The buffer goes on behind the message.
  put_lowercased(query->name, message + header);
  put_lowercased(query->name + 16, message + header + 16);
  for (size_t i = 32; i < query->length; i += 16) put_lowercased(query->name + i, message + header + i);
  return true;
}

static inline enum c_verdict kind(const struct c_query *query) {
  bool is_transfer = query->type == 251 || query->type == 252;
  return query->opcode == 0 && query->class == 1 && !is_transfer && query->signature == 0 ? c_ordinary : c_special;
}

static inline enum c_verdict parse(const uint8_t *message, size_t length, struct c_query *query) {
  if (length < header || message[2] & 0x80) return c_drop;
  query->opcode = message[2] >> 3 & 15;
  if (query->opcode != 0 && query->opcode != 4 && query->opcode != 5) return c_refuse;
  uint64_t counts = word(message + 4);
  if ((counts & 0xFFFF) != 0x100) return c_refuse;
  if (!read_name(message, length, query)) return c_refuse;
  size_t end = header + query->length;
  if (end + 4 > length) return c_refuse;
  query->type = u16(message + end);
  query->class = u16(message + end + 2);
  query->end = (uint16_t)(end + 4);
  if (counts == 0x100) return query->end == length ? kind(query) : c_refuse;
  if (counts != 0x0100000000000100 || !read_opt(message, query->end, length, &query->edns)) return c_special;
  return query->edns.version ? c_refuse : kind(query);
}

static inline size_t start_of_last(const struct c_query *query, size_t labels) {
  return labels ? query->starts[query->labels - labels] : query->length - 1;
}

// Several zones would be found by a hash; DS belongs to the parent zone.
static inline int64_t zone_of(const struct c_generation *generation, const struct c_query *query) {
  if (generation->zone_count != 1 || query->type == 43) return -1;
  const struct c_zone *zone = generation->zones;
  if (query->labels < zone->apex_labels || query->length < zone->apex_length) return -1;
  size_t start = query->length - zone->apex_length;
  if (start_of_last(query, zone->apex_labels) != start) return -1;
  return same(query->name + start, zone->apex, zone->apex_length) ? 0 : -1;
}

void c_read(const struct c_generation *generation, const uint8_t *message, size_t length, struct c_query *query) {
  query->type = query->class = query->signature = 0;
  query->end = header;
  query->opcode = 0;
  query->edns = (struct c_edns){0};
  query->cookie = c_no_cookie;
  query->verdict = parse(message, length, query);
  query->zone = -1;
  if (query->verdict != c_ordinary) return;
  query->zone = zone_of(generation, query);
  if (query->zone < 0) return;
  query->hash = name_hash(query->name, query->length - generation->zones[query->zone].apex_length);
}
