// The least that a UDP server can do: receives up to 64 packets a call, sets QR, and sends them back a packet a
// query. What it costs is the price of the socket path; what a server costs beyond it is its own.
//   reflector PORT [OCTETS [WORKERS]]    OCTETS: size of the answers; 0 or none: that of the query
//   WORKERS (1): processes, each with a socket of its own on the port
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { batch = 64, capacity = 4096, header = 12, flags = 2 };

static unsigned char buffers[batch][capacity];
static struct sockaddr_in clients[batch];
static struct iovec places[batch];
static struct mmsghdr messages[batch];

static int listenAt(int port, int isShared) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  if (isShared) setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &isShared, sizeof isShared);
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
    perror("reflector");
    exit(1);
  }
  return descriptor;
}

static void makeRoom(void) {
  for (int i = 0; i < batch; i++) {
    places[i] = (struct iovec){buffers[i], capacity};
    messages[i].msg_hdr.msg_name = &clients[i];
    messages[i].msg_hdr.msg_namelen = sizeof clients[i];
    messages[i].msg_hdr.msg_iov = &places[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
}

// Packets too short for a DNS header keep their place in the batch and go back as they came.
static void turnRound(int count, size_t size) {
  for (int i = 0; i < count; i++) {
    if (messages[i].msg_len >= header) buffers[i][flags] |= 0x80;
    places[i].iov_len = size ? size : messages[i].msg_len;
  }
}

static void sendAll(int descriptor, int count) {
  for (int sent = 0; sent < count;) {
    int more = sendmmsg(descriptor, messages + sent, count - sent, 0);
    sent += more > 0 ? more : 1;
  }
}

static void restore(int count) {
  for (int i = 0; i < count; i++) {
    places[i].iov_len = capacity;
    messages[i].msg_hdr.msg_namelen = sizeof clients[i];
  }
}

// The workers beside this one; they end with it.
static void divide(int workers) {
  for (int i = 1; i < workers; i++) {
    if (fork() != 0) continue;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == 1) exit(1);
    return;
  }
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "reflector PORT [OCTETS [WORKERS]]\n");
    return 2;
  }
  size_t size = count > 2 ? strtoul(arguments[2], NULL, 10) : 0;
  if (size > capacity) size = capacity;
  int workers = count > 3 ? atoi(arguments[3]) : 1;
  divide(workers);
  int descriptor = listenAt(atoi(arguments[1]), workers > 1);
  makeRoom();
  for (;;) {
    int received = recvmmsg(descriptor, messages, batch, MSG_WAITFORONE, NULL);
    if (received <= 0) continue;
    turnRound(received, size);
    sendAll(descriptor, received);
    restore(received);
  }
}
