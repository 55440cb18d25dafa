// The same algorithm over the same layout as Alula's, in C, for bench/inprocess: what a careful C program would
// cost. It knows one zone, `bench.test.`, with an A record for each of n0, n1, ….
#ifndef CANSWERING_H
#define CANSWERING_H

#include <stddef.h>
#include <stdint.h>

struct c_zone;

struct c_query {
  uint8_t name[272];  // lower case, with a margin for words
  uint32_t starts[128];
  size_t length, labels, end;
  uint64_t hash;
  uint16_t type;
  int found;  // whether the name is at or below the apex
};

struct c_zone *c_zone_make(uint32_t names);
void c_zone_free(struct c_zone *zone);

/// Reads a request and hashes its name; 0 when it is not an ordinary question.
int c_read(const struct c_zone *zone, const uint8_t *message, size_t length, struct c_query *query);
void c_fetch_slot(const struct c_zone *zone, const struct c_query *query);
void c_fetch_node(const struct c_zone *zone, const struct c_query *query);
/// Turns the request into its answer; returns its octets, 0 for none.
size_t c_answer(const struct c_zone *zone, uint8_t *message, size_t room, const struct c_query *query);

#endif
