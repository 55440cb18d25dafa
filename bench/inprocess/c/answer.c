// Answering a request that has been read.
#include "zone.h"

enum { edns_record = 11, option_head = 4, cookie_sent = 24, largest_tcp = 65535, plain_udp = 512 };
enum { type_rrsig = 46 };

// ---- Memory that a lookup will read ----

void c_fetch_slot(const struct c_generation *generation, const struct c_query *query) {
  if (query->zone < 0) return;
  const struct c_zone *zone = generation->zones + query->zone;
  __builtin_prefetch(zone->slots + home(query->hash, zone->slot_count));
}

void c_fetch_node(const struct c_generation *generation, const struct c_query *query) {
  if (query->zone < 0) return;
  const struct c_zone *zone = generation->zones + query->zone;
  uint32_t tag = (uint32_t)query->hash | 1;
  size_t i = home(query->hash, zone->slot_count);
  while (zone->slots[i].tag != tag) {
    if (zone->slots[i].tag == 0) return;
    if (++i == zone->slot_count) i = 0;
  }
  const uint8_t *node = zone->octets + (size_t)zone->slots[i].node * 8;
  __builtin_prefetch(node);
  __builtin_prefetch(node + 44);
}

// ---- The zone ----

static inline const uint8_t *find(const struct c_zone *zone, const struct c_query *query) {
  size_t count = query->length - zone->apex_length, i = home(query->hash, zone->slot_count);
  if (count == 0) return zone->octets;
  uint32_t tag = (uint32_t)query->hash | 1;
  for (;;) {
    struct slot slot = zone->slots[i];
    if (slot.tag == 0) return NULL;
    if (slot.tag == tag) {
      const uint8_t *node = zone->octets + (size_t)slot.node * 8;
      if (node[0] == count && same(node + 8, query->name, count)) return node;
    }
    if (++i == zone->slot_count) i = 0;
  }
}

// Appends the RRset that was asked for, if the owner has it, is no alias, pool or cut, and nothing belongs beside it.
static inline bool append_plain(const uint8_t *node, uint16_t type, uint8_t *message, size_t *length, size_t limit) {
  uint16_t left, of, records, size, fix_ups, additional;
  memcpy(&left, node + 2, 2);
  if (node[1] != 0 || type == 0 || type == type_rrsig) return false;
  const uint8_t *rrset = node + ((8 + node[0] + 1u) & ~1u);
  for (; left; left--) {
    memcpy(&of, rrset, 2);
    memcpy(&records, rrset + 2, 2);
    memcpy(&size, rrset + 4, 2);
    memcpy(&fix_ups, rrset + 6, 2);
    memcpy(&additional, rrset + 8, 2);
    if (of == type) break;
    rrset += 10 + ((size + 1u) & ~1u) + (fix_ups & 0x3FFFu) * 4 + additional * 8u;
  }
  if (left == 0 || fix_ups || additional || size > limit - *length) return false;
  memcpy(message + *length, rrset + 10, size);
  *length += size;
  records = (uint16_t)(records + (message[6] << 8 | message[7]));
  message[6] = (uint8_t)(records >> 8);
  message[7] = (uint8_t)records;
  return true;
}

// ---- The frame ----

static inline size_t reserved(const struct c_query *query, const struct c_settings *settings, bool sends_cookie,
                              bool is_tcp) {
  size_t length = edns_record;
  if (query->edns.wants_identity && settings->identity_length) length += option_head + settings->identity_length;
  if (sends_cookie) length += option_head + cookie_sent;
  if (query->edns.wants_keepalive && is_tcp) length += option_head + 2;
  return length;
}

static inline size_t largest(const struct c_query *query, const struct c_settings *settings, bool is_valid,
                             bool is_tcp) {
  if (is_tcp) return largest_tcp;
  size_t own = is_valid ? settings->udp_size : settings->size_without_cookie;
  size_t theirs = query->edns.udp_size < plain_udp ? plain_udp : query->edns.udp_size;
  return theirs < own ? theirs : own;
}

static inline void append_opt(const struct c_query *query, const struct c_settings *settings, uint8_t *message,
                              size_t *length) {
  const uint8_t record[edns_record] = {
      0, 0, 41, (uint8_t)(settings->udp_size >> 8), (uint8_t)settings->udp_size,
      0, 0, query->edns.dnssec_ok ? 0x80 : 0};
  memcpy(message + *length, record, edns_record);
  *length += edns_record;
  message[11]++;
}

static const struct c_reply not_here = {.fate = c_not_here};

struct c_reply c_answer(const struct c_generation *generation, uint8_t *message, size_t room, bool is_tcp,
                        const struct c_query *query) {
  const struct c_settings *settings = &generation->settings;
  enum c_cookie cookie = query->cookie;
  if (query->edns.cookie_offset && !settings->cookies_are_off) return not_here;
  if (query->verdict != c_ordinary) return query->verdict == c_drop ? (struct c_reply){.fate = c_malformed} : not_here;
  if (settings->uses_client_subnet && query->edns.is_present && query->edns.subnet_offset) return not_here;

  size_t length = query->end, kept = 0, limit = is_tcp ? largest_tcp : plain_udp;
  memset(message + 6, 0, 6);
  if (query->edns.is_present) {
    kept = reserved(query, settings, cookie != c_no_cookie, is_tcp);
    if (kept > edns_record) return not_here;
    limit = largest(query, settings, cookie == c_cookie_valid, is_tcp) - kept;
  }
  if (limit > room) limit = room;

  if (query->zone < 0) return not_here;
  const struct c_zone *zone = generation->zones + query->zone;
  if (query->edns.dnssec_ok && zone->is_signed) return not_here;
  const uint8_t *node = find(zone, query);
  if (!node || !append_plain(node, query->type, message, &length, limit)) return not_here;

  if (settings->responses > 0 && !is_tcp && cookie != c_cookie_valid) return not_here;
  message[2] = 0x84 | (message[2] & 0x79);
  message[3] = 0;
  if (query->edns.is_present && length + edns_record <= limit + kept) append_opt(query, settings, message, &length);
  return (struct c_reply){.fate = c_sent, .cookie = (uint8_t)cookie, .length = length};
}
