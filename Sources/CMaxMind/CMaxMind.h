// libmaxminddb, and the two things that Swift cannot say to it.
#ifndef CMAXMIND_H
#define CMAXMIND_H

#include <maxminddb.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// An empty file in memory that no child inherits; −1 with errno set.
static inline int cmaxmind_memory_file(void) {
  return (int)syscall(SYS_memfd_create, "location database", 1U /* MFD_CLOEXEC */);
}

// The text under outer.inner of an entry, not terminated; it lives as long as the database. `*text` is NULL where there
// is none. Returns MMDB_SUCCESS or why the entry cannot be read.
static inline int cmaxmind_text(const MMDB_entry_s *entry, const char *outer, const char *inner, const char **text,
                                size_t *length) {
  const char *const path[] = {outer, inner, NULL};
  MMDB_entry_s start = *entry;
  MMDB_entry_data_s data;
  *text = NULL;
  int status = MMDB_aget_value(&start, &data, path);
  if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR) return MMDB_SUCCESS;
  if (status != MMDB_SUCCESS) return status;
  if (data.has_data && data.type == MMDB_DATA_TYPE_UTF8_STRING) {
    *text = data.utf8_string;
    *length = data.data_size;
  }
  return MMDB_SUCCESS;
}

#endif
