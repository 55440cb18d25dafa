// libevent's loop and its HTTP server, and what of them Swift does not import: queues made of macros, and
// whether a connection is still there.
#ifndef CEVENT_H
#define CEVENT_H

// First: libevent's headers define _GNU_SOURCE, which would change what the system's declare, and Swift knows
// those from other modules.
#include <strings.h>
#include <sys/queue.h>
#include <sys/types.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>

// ---- Headers ----

/// How often a header is there, whatever its case.
static inline int cevent_header_count(struct evhttp_request *request, const char *name) {
  struct evkeyval *header;
  int count = 0;
  TAILQ_FOREACH(header, evhttp_request_get_input_headers(request), next) {
    if (strcasecmp(header->key, name) == 0) count++;
  }
  return count;
}

static inline const char *cevent_header(struct evhttp_request *request, const char *name) {
  return evhttp_find_header(evhttp_request_get_input_headers(request), name);
}

static inline void cevent_add_header(struct evhttp_request *request, const char *name, const char *value) {
  evhttp_add_header(evhttp_request_get_output_headers(request), name, value);
}

// ---- Connections ----

/// A buffer event for the server's next connection, with one reference for the caller beside the server's. The
/// descriptor is closed with the last of them.
static inline struct bufferevent *cevent_connection(struct event_base *base) {
  struct bufferevent *connection = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
  if (connection) bufferevent_incref(connection);
  return connection;
}

/// Whether the server has let go of a connection: freeing takes its callbacks away, and nothing else does.
static inline int cevent_is_over(struct bufferevent *connection) {
  bufferevent_data_cb reads, writes;
  bufferevent_event_cb happens;
  void *context;
  bufferevent_getcb(connection, &reads, &writes, &happens, &context);
  return !reads && !writes && !happens;
}

static inline struct bufferevent *cevent_connection_of(struct evhttp_request *request) {
  struct evhttp_connection *connection = evhttp_request_get_connection(request);
  return connection ? evhttp_connection_get_bufferevent(connection) : NULL;
}

#endif
