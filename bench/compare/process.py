"""Processes: how servers and generators are started, and what /proc tells of them."""

import ctypes
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

LIBC, PR_SET_PDEATHSIG = ctypes.CDLL(None), 1
AHEAD = -10  # niceness, where this user may: other programs on the machine disturb the less


def prepare(cores):
    """In a new process, which leads a session: its cores, its priority among processes and among sessions (the
    kernel's autogroups), and that it dies with the bench however that ends."""
    os.sched_setaffinity(0, cores)
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, AHEAD)
        Path("/proc/self/autogroup").write_text(str(AHEAD))
    except OSError:
        pass


def children(pid):
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def tree(pid):
    """`pid` and every process below it: NSD answers in processes of their own."""
    return [pid] + [deeper for child in children(pid) for deeper in tree(child)]


@dataclass
class CPU:
    """Seconds of CPU: `total` by the scheduler's clock; `ticks`, of which `user` outside the kernel, by what the
    kernel finds running at each tick."""
    total: float = 0.0
    user_ticks: float = 0.0
    ticks: float = 0.0

    def add(self, before, after):
        self.total += after.total - before.total
        self.user_ticks += after.user_ticks - before.user_ticks
        self.ticks += after.ticks - before.ticks

    @property
    def user(self):
        """The ticks say how it divides, the clock how much it was."""
        return self.total * self.user_ticks / self.ticks if self.ticks else 0.0


PROF, VIRT, SCHED = 0, 1, 2  # the kernel's clocks of a process: sampled; sampled, user part; exact


def cpu(pids):
    """What each process has spent so far, threads that have ended included (clock_getcpuclockid(3))."""
    found = {}
    for pid in pids:
        try:
            found[pid] = CPU(*(time.clock_gettime(~pid << 3 | which) for which in (SCHED, VIRT, PROF)))
        except OSError:
            pass  # NSD replaces its processes when it reloads
    return found


def spent(before, after):
    """The CPU between two such readings, of the processes in both."""
    total = CPU()
    for pid in before.keys() & after.keys():
        total.add(before[pid], after[pid])
    return total


@dataclass
class Thread:
    """Seconds that a thread ran, and that it could have run but had to wait for its core."""
    ran: float
    waited: float


def threads(pids):
    found = {}
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            ran, waited, _ = map(int, task.read_text().split())
            found[pid, task.parent.name] = Thread(ran / 1e9, waited / 1e9)
    return found


def busiest(before, after):
    """Of the thread that ran most between two such readings: seconds it ran and waited; then the next, and so on."""
    gone = Thread(0.0, 0.0)
    changes = [Thread(now.ran - before.get(key, gone).ran, now.waited - before.get(key, gone).waited)
               for key, now in after.items()]
    return sorted(changes, key=lambda thread: -thread.ran)


@dataclass
class Memory:
    """Octets resident, pages shared by several processes counted once."""
    anonymous: int
    file_backed: int

    @property
    def total(self):
        return self.anonymous + self.file_backed


def memory(pids):
    anonymous = file_backed = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            continue
        octets = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
        anonymous += octets.get("Pss_Anon", 0)
        file_backed += octets.get("Pss_File", 0) + octets.get("Pss_Shmem", 0)
    return Memory(anonymous, file_backed)


def drops(port):
    """Packets that the kernel threw away because a socket at UDP port `port` had no room for them."""
    count = 0
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == port:
            count += int(fields[-1])
    return count
