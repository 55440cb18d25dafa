"""What /proc tells of a server: its processes, their CPU, their memory, and what its sockets dropped."""

import time
from dataclasses import dataclass
from pathlib import Path


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
    total: float
    user_ticks: float
    ticks: float

    def __sub__(self, earlier):
        return CPU(self.total - earlier.total, self.user_ticks - earlier.user_ticks, self.ticks - earlier.ticks)

    @property
    def user(self):
        """The ticks say how it divides, the clock how much it was."""
        return self.total * self.user_ticks / self.ticks if self.ticks else 0.0


PROF, VIRT, SCHED = 0, 1, 2  # the kernel's clocks of a process: sampled; sampled, user part; exact


def clock(pid, which):
    """Seconds that a process has spent, threads that have ended included (clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | which)


def cpu(pids):
    total = sum(clock(pid, SCHED) for pid in pids)
    user, both = sum(clock(pid, VIRT) for pid in pids), sum(clock(pid, PROF) for pid in pids)
    return CPU(total, user, both)


def threads(pids):
    """Seconds of CPU of each thread, by (pid, thread)."""
    return {(pid, task.name): int((task / "schedstat").read_text().split()[0]) / 1e9
            for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()}


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
