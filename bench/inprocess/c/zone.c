#define _GNU_SOURCE
#include "zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static void write_owner(struct c_zone *zone, size_t *at, uint32_t i) {
  uint8_t *node = zone->octets + *at, *name = node + 8;
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
  zone->slots[s] = (struct slot){(uint32_t)hash | 1, (uint32_t)(*at / 8)};
  *at += ((size_t)(rrset - node) + 26 + 7) & ~(size_t)7;
}

// Pages of 2 MiB, as Alula asks for.
static void *large(size_t octets) {
  const size_t page = 2 << 20;
  octets = (octets + page - 1) / page * page;
  void *memory = aligned_alloc(page, octets);
  if (!memory) abort();
  if (octets >= 8 << 20) madvise(memory, octets, MADV_HUGEPAGE);
  return memset(memory, 0, octets);
}

static void make_zone(struct c_zone *zone, uint32_t names) {
  zone->apex_length = 12;
  zone->apex_labels = 2;
  zone->apex = calloc(1, 32);
  memcpy(zone->apex, "\5bench\4test", zone->apex_length);
  zone->slot_count = (size_t)names * 10 / 7 + 8;
  zone->slots = large(zone->slot_count * sizeof *zone->slots);
  zone->octets = large(((size_t)names + 2) * 64);
  size_t at = 64;
  for (uint32_t i = 0; i < names; i++) write_owner(zone, &at, i);
  zone->octet_count = at;
}

struct c_generation *c_generation_make(uint32_t names) {
  struct c_generation *generation = calloc(1, sizeof *generation);
  generation->settings = (struct c_settings){.udp_size = 1232, .size_without_cookie = 1232};
  generation->zone_count = 1;
  generation->zones = calloc(1, sizeof *generation->zones);
  make_zone(generation->zones, names);
  return generation;
}

void c_generation_free(struct c_generation *generation) {
  for (size_t i = 0; i < generation->zone_count; i++) {
    free(generation->zones[i].slots);
    free(generation->zones[i].octets);
    free(generation->zones[i].apex);
  }
  free(generation->zones);
  free(generation);
}
