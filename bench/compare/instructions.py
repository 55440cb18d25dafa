"""System calls and user instructions a query: figures that do not scatter."""

import re
import shutil
import subprocess
import time

from . import message, place
from .drive import drive
from .experiment import first
from .mixes import MIXES
from .servers import PEERS, Server

SECONDS, SOON = 1, 0.3
QUERIES = 5_000  # under valgrind
WINDOW = 160  # outstanding, as many as at saturation


def measure(bench, generator, witness, rounds, seconds, say):
    """Under valgrind, so that it works where the processor's counters are out of reach. The large zone would take
    an hour to load there. PowerDNS's pool is left out: LuaJIT does not run there as it does elsewhere."""
    result = {"instructions": {}}
    for mix in MIXES:
        say(f"instructions a query: {mix.name}")
        kinds = [kind for kind in ("alula", *PEERS) if not mix.pool or kind in ("alula", "gdnsd")]
        if not mix.large:
            result["instructions"][mix.name] = {kind: callgrind(bench, kind, mix, QUERIES) for kind in kinds}
    return result


def counts_in_hardware():
    """Whether this machine lets `perf` count instructions; most virtual machines do not."""
    if not shutil.which("perf"):
        return False
    done = subprocess.run(["perf", "stat", "-x,", "-e", "instructions:u", "true"], capture_output=True, text=True)
    return done.returncode == 0 and done.stderr.split(",")[0].isdigit()


def counts_calls():
    if not shutil.which("perf"):
        return False
    event = ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "true"]
    return subprocess.run(event, capture_output=True).returncode == 0


def counted(bench, generator, server, mix):
    """What perf counts in the server during one more short round, for each answer."""
    events = {"calls": "raw_syscalls:sys_enter"} if counts_calls() else {}
    events |= {"instructions": "instructions:u"} if counts_in_hardware() else {}
    found = {kind: perf(event, bench, generator, server, mix) for kind, event in events.items()}
    if "calls" not in found and shutil.which("strace"):
        found["calls"] = strace(bench, generator, server, mix)
    return found


def perf(event, bench, generator, server, mix):
    pids = ",".join(map(str, server.pids))
    watcher = subprocess.Popen(["perf", "stat", "-x,", "-e", event, "-p", pids], stderr=subprocess.PIPE, text=True)
    return per_answer(watcher, bench, generator, server, mix, lambda text: int(text.split(",")[0]))


def strace(bench, generator, server, mix):
    attached = [word for pid in server.pids for word in ("-p", str(pid))]
    watcher = subprocess.Popen(["strace", "-c", "-f", "-q", *attached], stderr=subprocess.PIPE, text=True)
    return per_answer(watcher, bench, generator, server, mix,
                      lambda text: int(re.search(r"^100.00.* (\d+) +\d* *total", text, re.M).group(1)))


def per_answer(watcher, bench, generator, server, mix, read):
    try:
        time.sleep(SOON)
        load = drive(generator, server, mix, mix.file(bench.queries), SECONDS)
    finally:
        watcher.send_signal(2)
        _, text = watcher.communicate(timeout=20)
    return round(read(text) / load.answered, 3)


def callgrind(bench, kind, mix, count):
    """User instructions a query of the whole running server."""
    return round(sum(total(dump) for dump in dumps(bench, kind, mix, count)) / count)


def dumps(bench, kind, mix, count):
    """What valgrind counts in each process of a server while it answers `count` queries in windows of 160, after as
    many to warm up: the texts of its dumps."""
    output = bench.where.folder / f"callgrind-{kind}-{mix.name}"
    prefix = ["valgrind", "--tool=callgrind", "--trace-children=yes", f"--callgrind-out-file={output}.%p"]
    server = Server(kind, bench.setup_for(mix), bench.where, prefix).start()
    try:
        server.wait_until_it_answers(*first(mix, bench.queries), within=180)
        queries = [message.query(name, dnssec_ok=mix.dnssec_ok) for name in mix.names(bench.queries, count)]
        pids = server.pids
        for number in (1, 2):
            message.exchange(server.port, queries, count, WINDOW, held=pids)
            texts = [dump(output, pid, number) for pid in pids]
        return texts
    finally:
        server.stop()


def dump(output, pid, number):
    """What process `pid` has done since its last dump, which is number `number`."""
    place.run(["callgrind_control", "-d", str(pid)])
    file = output.parent / f"{output.name}.{pid}.{number}"
    for _ in range(500):
        text = file.read_text() if file.exists() else ""
        if total(text) is not None:
            return text
        time.sleep(0.02)
    raise RuntimeError(f"callgrind wrote no {file.name}")


def total(text):
    """Instructions in a dump; None while it is not written to its end."""
    found = re.search(r"^totals: (\d+)", text, re.M)
    return int(found.group(1)) if found else None


def calls(text, name):
    """How often a dump says that functions whose names match were called."""
    names, target, found = {}, "", {}
    for line in text.splitlines():
        if line.startswith(("fn=", "cfn=")):
            kind, number, rest = re.match(r"(c?fn)=\((\d+)\)(?: (.*))?", line).groups()
            names[number] = rest or names[number]
            target = names[number] if kind == "cfn" else target
        elif line.startswith("calls=") and re.match(name, target):
            found[target] = found.get(target, 0) + int(line[6:].split()[0])
    return found
