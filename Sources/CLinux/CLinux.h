// What Glibc's Swift module leaves out: functions that need _GNU_SOURCE, function-like macros and
// packed structures. Defining _GNU_SOURCE here would break Glibc's own module, so GNU-only
// functions are declared under names of ours and bound to glibc's symbols by an assembler label.
#ifndef CLINUX_H
#define CLINUX_H

#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- Datagram batches (recvmmsg(2), sendmmsg(2)) ----

struct clinux_mmsghdr {
  struct msghdr msg_hdr;
  unsigned int msg_len;
};

extern int clinux_recvmmsg(int fd, struct clinux_mmsghdr *messages, unsigned int count, int flags,
                           struct timespec *timeout) __asm__("recvmmsg");
extern int clinux_sendmmsg(int fd, struct clinux_mmsghdr *messages, unsigned int count, int flags)
    __asm__("sendmmsg");
extern int clinux_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) __asm__("accept4");

// ---- Socket options and control messages whose names Glibc's module hides ----

enum {
  CLINUX_IP_PKTINFO = 8,
  CLINUX_IP_MTU_DISCOVER = 10,
  CLINUX_IP_PMTUDISC_OMIT = 5,
  CLINUX_IPV6_MTU_DISCOVER = 23,
  CLINUX_IPV6_RECVPKTINFO = 49,
  CLINUX_IPV6_PKTINFO = 50,
  CLINUX_SO_MEMINFO = 55,
  CLINUX_SO_RCVBUFFORCE = 33,
  CLINUX_SK_MEMINFO_DROPS = 8,
  CLINUX_SK_MEMINFO_VARS = 9,
};

// Octets of control buffer that hold one packet-information message of either family.
enum { CLINUX_PKTINFO_SPACE = 64 };

struct clinux_in6_pktinfo {
  struct in6_addr ipi6_addr;
  unsigned int ipi6_ifindex;
};

/// Keeps of the received control data only what a reply needs, so that it leaves from the address
/// that was asked: the packet information, with the interface cleared unless the address is link-local.
/// Sets msg_controllen to 0 when there is none.
static inline void clinux_turn_control_around(struct msghdr *m) {
  struct cmsghdr *c = m->msg_controllen ? CMSG_FIRSTHDR(m) : NULL;
  if (c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == CLINUX_IP_PKTINFO) {
    uint32_t none = 0;
    memcpy(CMSG_DATA(c), &none, sizeof none);
    m->msg_controllen = CMSG_SPACE(12);
  } else if (c && c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == CLINUX_IPV6_PKTINFO) {
    struct clinux_in6_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = 0;
    memcpy(CMSG_DATA(c), &info, sizeof info);
    m->msg_controllen = CMSG_SPACE(sizeof info);
  } else {
    m->msg_controllen = 0;
  }
}

// ---- UDP_SEGMENT (udp(7)): one run of octets leaves as datagrams of one size ----

enum { CLINUX_SEGMENT_SPACE = CMSG_SPACE(sizeof(uint16_t)), CLINUX_RUSAGE_SELF = 0 };

/// Lets the message leave as datagrams of `size` octets; `control` holds CLINUX_SEGMENT_SPACE octets.
static inline void clinux_set_segment(struct msghdr *m, void *control, uint16_t size) {
  struct cmsghdr *c = (struct cmsghdr *)control;
  c->cmsg_level = IPPROTO_UDP;
  c->cmsg_type = 103;  // UDP_SEGMENT
  c->cmsg_len = CMSG_LEN(sizeof size);
  memcpy(CMSG_DATA(c), &size, sizeof size);
  m->msg_control = control;
  m->msg_controllen = CLINUX_SEGMENT_SPACE;
}

// ---- epoll(7): the event structure is packed and its payload a union ----

static inline int clinux_epoll_change(int poller, int operation, int fd, uint32_t events, uint64_t token) {
  struct epoll_event e;
  e.events = events;
  e.data.u64 = token;
  return epoll_ctl(poller, operation, fd, &e);
}

extern int clinux_epoll_wait(int poller, struct epoll_event *events, int capacity, const struct timespec *timeout,
                             const sigset_t *mask) __asm__("epoll_pwait2");

static inline uint32_t clinux_epoll_events(const struct epoll_event *e, int i) { return e[i].events; }
static inline uint64_t clinux_epoll_token(const struct epoll_event *e, int i) { return e[i].data.u64; }

// ---- Threads ----

extern int clinux_set_affinity(pid_t thread, size_t size, const void *mask) __asm__("sched_setaffinity");
extern int clinux_get_affinity(pid_t thread, size_t size, void *mask) __asm__("sched_getaffinity");

static inline void clinux_set_timer_slack(unsigned long nanoseconds) { prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0); }
static inline void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
// sched_setattr(2) in its first form. What else was set, such as the nice value, stays as it is.
struct clinux_scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

// Nanoseconds. Kernels before 6.12 have one slice for all threads, and take no notice.
static inline void clinux_set_slice(uint64_t nanoseconds) {
  struct clinux_scheduling scheduling = {0};
  if (syscall(SYS_sched_getattr, 0, &scheduling, sizeof scheduling, 0) != 0 || scheduling.policy != 0) return;
  scheduling.size = sizeof scheduling;
  scheduling.runtime = nanoseconds;
  syscall(SYS_sched_setattr, 0, &scheduling, 0);
}
static inline long clinux_thread_id(void) { return syscall(SYS_gettid); }

// ---- Pipes ----

extern int clinux_pipe2(int ends[2], int flags) __asm__("pipe2");

// ---- Memory ----

extern void *clinux_mremap(void *address, size_t old_size, size_t new_size, int flags, ...) __asm__("mremap");
// The same pages as a mapping of another size, at another address (MREMAP_MAYMOVE) where this one has no room.
static inline void *clinux_remap(void *address, size_t old_size, size_t new_size) {
  return clinux_mremap(address, old_size, new_size, 1);
}
static inline void clinux_trim_heaps(void) { malloc_trim(0); }
static inline void clinux_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }

// ---- Processes (pidfd_open(2), posix_spawn(3)) ----

extern int clinux_pipe2(int descriptors[2], int flags) __asm__("pipe2");
extern int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int from)
    __asm__("posix_spawn_file_actions_addclosefrom_np");

static inline int clinux_pidfd_open(pid_t process) { return (int)syscall(434, process, 0); }
static inline int clinux_signalled(int status) { return WIFSIGNALED(status); }
static inline int clinux_signal(int status) { return WTERMSIG(status); }

// ---- Wait status macros ----

static inline int clinux_exited(int status) { return WIFEXITED(status); }
static inline int clinux_exit_status(int status) { return WEXITSTATUS(status); }

#endif
