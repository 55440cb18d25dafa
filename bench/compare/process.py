"""What /proc tells of a server: its processes, their CPU, their memory, and what its sockets dropped."""

import os
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


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
    """Seconds of CPU: `total` is exact, `user` by the kernel's sampling at each tick."""
    total: float
    user: float

    def __sub__(self, earlier):
        return CPU(self.total - earlier.total, self.user - earlier.user)


def cpu(pids):
    total = user = system = 0.0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0]) / 1e9
            fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
            user, system = user + int(fields[11]), system + int(fields[12])
    # The ticks say how it divides, the scheduler's clock how much it was.
    return CPU(total, total * user / (user + system) if user + system else 0.0)


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
