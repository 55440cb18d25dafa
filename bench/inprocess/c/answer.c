#include "canswering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slot {
  uint32_t tag, node;
};

struct c_zone {
  uint8_t *octets;
  size_t octet_count, slot_count;
  struct slot *slots;
};

static const uint8_t apex[24] = "\5bench\4test";
enum { APEX_LENGTH = 12, APEX_LABELS = 2, HEADER = 12 };

// ---- Words: names are hashed and compared eight octets at a time ----

static inline uint64_t word(const uint8_t *p) {
  uint64_t w;
  memcpy(&w, p, 8);
  return w;
}

static inline uint64_t leading(size_t count) { return UINT64_MAX >> (64 - 8 * count); }

static inline uint64_t mixed(uint64_t value) {
  unsigned __int128 product = (unsigned __int128)(value ^ 0xA0761D6478BD642F) * 0xE7037ED1A0B428DB;
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

static inline uint64_t name_hash(const uint8_t *p, size_t count) {
  uint64_t hash = count * 0x9E3779B97F4A7C15;
  for (; count > 8; p += 8, count -= 8) hash = mixed(hash ^ word(p));
  return count ? mixed(hash ^ (word(p) & leading(count))) : hash;
}

static inline int same(const uint8_t *a, const uint8_t *b, size_t count) {
  for (; count > 8; a += 8, b += 8, count -= 8)
    if (word(a) != word(b)) return 0;
  return count == 0 || ((word(a) ^ word(b)) & leading(count)) == 0;
}

static inline uint64_t lowercased(uint64_t w) {
  const uint64_t ones = 0x0101010101010101;
  uint64_t seven = w & (0x7F * ones);
  uint64_t at_least_a = seven + (0x80 - 0x41) * ones, above_z = seven + (0x7F - 0x5A) * ones;
  return w | (~w & (at_least_a ^ above_z) & (0x80 * ones)) >> 2;
}

static inline uint16_t u16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }

static inline size_t home(uint64_t hash, size_t slots) { return (size_t)(((hash >> 32) * slots) >> 32); }

// ---- A query ----

int c_read(const struct c_zone *zone, const uint8_t *message, size_t length, struct c_query *query) {
  (void)zone;
  if (length < HEADER || message[2] & 0xF8 || word(message + 4) != 0x100) return 0;
  size_t bound = length < HEADER + 255 ? length : HEADER + 255, at = HEADER, labels = 0;
  for (;;) {
    if (at >= bound) return 0;
    uint8_t label = message[at];
    if (label == 0) break;
    if (label > 63) return 0;
    query->starts[labels++] = (uint32_t)(at - HEADER);
    at += label + 1u;
  }
  size_t count = at + 1 - HEADER;
  for (size_t i = 0; i < count; i += 8) {
    uint64_t w = lowercased(word(message + HEADER + i));
    memcpy(query->name + i, &w, 8);
  }
  if (at + 5 != length || u16(message + at + 3) != 1) return 0;
  query->length = count;
  query->labels = labels;
  query->end = at + 5;
  query->type = u16(message + at + 1);
  query->found = labels >= APEX_LABELS && query->starts[labels - APEX_LABELS] == count - APEX_LENGTH &&
                 same(query->name + count - APEX_LENGTH, apex, APEX_LENGTH);
  if (query->found) query->hash = name_hash(query->name, count - APEX_LENGTH);
  return 1;
}

void c_fetch_slot(const struct c_zone *zone, const struct c_query *query) {
  __builtin_prefetch(zone->slots + home(query->hash, zone->slot_count));
}

void c_fetch_node(const struct c_zone *zone, const struct c_query *query) {
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

static const uint8_t *find(const struct c_zone *zone, const struct c_query *query) {
  size_t count = query->length - APEX_LENGTH, i = home(query->hash, zone->slot_count);
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

size_t c_answer(const struct c_zone *zone, uint8_t *message, size_t room, const struct c_query *query) {
  if (!query->found) return 0;
  const uint8_t *node = find(zone, query);
  if (!node) return 0;
  size_t limit = room < 512 ? room : 512, length = query->end;
  memset(message + 6, 0, 6);
  uint16_t left, type, records, size;
  memcpy(&left, node + 2, 2);
  const uint8_t *rrset = node + ((8 + node[0] + 1u) & ~1u);
  for (; left; left--, rrset += 10 + ((size + 1u) & ~1u)) {
    memcpy(&type, rrset, 2);
    memcpy(&records, rrset + 2, 2);
    memcpy(&size, rrset + 4, 2);
    if (type != query->type) continue;
    if (size > limit - length) return 0;
    memcpy(message + length, rrset + 10, size);
    length += size;
    message[6] = (uint8_t)(records >> 8);
    message[7] = (uint8_t)records;
    break;
  }
  message[2] = 0x84 | (message[2] & 0x79);
  message[3] = 0;
  return length;
}

// ---- The zone ----

struct c_zone *c_zone_make(uint32_t names) {
  struct c_zone *zone = calloc(1, sizeof *zone);
  zone->slot_count = (size_t)names * 10 / 7 + 8;
  zone->slots = calloc(zone->slot_count, sizeof *zone->slots);
  zone->octets = calloc((size_t)names + 2, 64);
  size_t at = 64;
  for (uint32_t i = 0; i < names; i++) {
    uint8_t *node = zone->octets + at, *name = node + 8;
    int digits = sprintf((char *)name + 1, "n%u", i);
    name[0] = (uint8_t)digits;
    size_t count = (size_t)digits + 1;
    node[0] = (uint8_t)count;
    node[2] = 1;
    uint8_t *rrset = node + ((8 + count + 1) & ~(size_t)1);
    memcpy(rrset, "\1\0\1\0\20\0\0\0\0\0", 10);
    const uint8_t record[16] = {0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 10, i >> 16 & 255, i >> 8 & 255, i & 255};
    memcpy(rrset + 10, record, 16);
    uint64_t hash = name_hash(name, count);
    size_t s = home(hash, zone->slot_count);
    while (zone->slots[s].tag) s = s + 1 == zone->slot_count ? 0 : s + 1;
    zone->slots[s] = (struct slot){(uint32_t)hash | 1, (uint32_t)(at / 8)};
    at += ((size_t)(rrset - node) + 26 + 7) & ~(size_t)7;
  }
  zone->octet_count = at;
  return zone;
}

void c_zone_free(struct c_zone *zone) {
  free(zone->slots);
  free(zone->octets);
  free(zone);
}
