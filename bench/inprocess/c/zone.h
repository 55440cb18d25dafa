// The zone's layout, and names by words: what making a zone and answering from it share.
#ifndef ZONE_H
#define ZONE_H

#include <string.h>

#include "canswering.h"

struct slot {
  uint32_t tag, node;
};

struct c_zone {
  uint8_t *octets, *apex;  // the apex in lower case, with a margin for words
  struct slot *slots;
  size_t octet_count, slot_count, apex_length, apex_labels;
  bool is_signed;
};

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

static inline bool same(const uint8_t *a, const uint8_t *b, size_t count) {
  for (; count > 8; a += 8, b += 8, count -= 8)
    if (word(a) != word(b)) return false;
  return count == 0 || ((word(a) ^ word(b)) & leading(count)) == 0;
}

static inline size_t home(uint64_t hash, size_t slots) { return (size_t)(((hash >> 32) * slots) >> 32); }

#endif
