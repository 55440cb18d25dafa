"""How long a failover takes: the primary of every server is killed, or stopped, at the same moment, again and again."""

import random
import threading
import time

from . import message, place
from .backend import Arrivals, Backend
from .servers import Server, Setup, free_port

KINDS = ["alula", "gdnsd", "pdns"]
PRIMARIES = {"alula": "127.0.3.1", "gdnsd": "127.0.3.2", "pdns": "127.0.3.3"}
SECONDARY = "127.0.3.9"
ZONE, NAME = "fail.test", "www.fail.test"
TRIALS = place.number("TRIALS", 20)
LONGEST, WATCHED, SETTLED, ASKED_EVERY = 15.0, 1.0, 2.5, 0.002  # seconds

PACES = {
    "shortest": {"alula": "interval: 100ms, timeout: 100ms", "interval": 1},
    "equal": {"alula": "interval: 2s, timeout: 1s", "interval": 2},
}
FAULTS = {"killed": Backend.kill, "hung": Backend.hang}


def zone(kind, port):
    primary = PRIMARIES[kind]
    text = "$TTL 3600\n@ 60 IN SOA ns hostmaster 1 3600 600 1209600 60\n@ IN NS ns\nns IN A 192.0.2.1\n"
    if kind == "gdnsd":
        return text + "www 5 DYNA simplefo!trial\n"
    if kind == "pdns":
        groups = f"{{{{'{primary}'}}, {{'{SECONDARY}'}}}}"
        return text + f"www 5 IN LUA A \"ifurlup('http://{ZONE}:{port}/', {groups}, {{timeout=1}})\"\n"
    return text


ALULA = """
checks:
  site: {{ type: http, port: {port}, host: {zone}, path: /, status: 200, {pace}, rise: 1, fall: 1 }}
endpoints:
  primary: {{ address: {primary} }}
  secondary: {{ address: {secondary} }}
pools:
  {name}: {{ policy: failover, ttl: 5s, check: site, endpoints: [primary, secondary] }}
"""
GDNSD = """service_types => {{
  trial => {{ plugin => http_status, port => {port}, vhost => {zone}, url_path => /, up_thresh => 1, ok_thresh => 1,
             down_thresh => 1, interval => 2, timeout => 1 }},
}}
plugins => {{ simplefo => {{ trial => {{ service_types => trial, primary => {primary}, secondary => {secondary} }} }} }}
"""


def server(kind, port, pace, where):
    """One of the servers, with a pool of two of which the first is its own."""
    values = dict(port=port, zone=ZONE, name=NAME, primary=PRIMARIES[kind], secondary=SECONDARY,
                  pace=PACES[pace]["alula"])
    made = Server(kind, Setup({ZONE: lambda kind: zone(kind, port)}, site=port), where)
    if kind == "alula":
        with open(made.file("alula.yaml"), "a") as file:
            file.write(ALULA.format(**values))
    elif kind == "gdnsd":
        text = made.file("config").read_text()
        made.file("config").write_text(text[:text.index("service_types")] + GDNSD.format(**values))
    else:
        text = made.file("pdns.conf").read_text()
        interval = f"lua-health-checks-interval={PACES[pace]['interval']}"
        made.file("pdns.conf").write_text(text.replace("lua-health-checks-interval=1", interval))
    return made


class Watch(threading.Thread):
    """Asks one server again and again, and notes when its answer changes."""

    def __init__(self, server, dead):
        super().__init__(daemon=True)
        self.server, self.dead, self.changes, self.ended = server, dead, [], threading.Event()

    def run(self):
        last = None
        while not self.ended.is_set():
            reply = message.ask(self.server.port, NAME, timeout=0.25)
            answers = None if reply is None else sorted(data for _, _, data in reply.answer)
            if answers != last:
                self.changes.append((time.monotonic(), answers))
                last = answers
            self.ended.wait(ASKED_EVERY)

    def settles(self, wanted, since, within=LONGEST):
        """When the answer became `wanted` at or after `since`; None when it did not in time."""
        while time.monotonic() - since < within:
            seen = list(self.changes)
            at = next((at for at, answers in seen if at >= since and answers == wanted), None)
            if at is None and seen and seen[-1][1] == wanted and seen[-1][0] < since:
                at = since
            if at is not None:
                return at
            time.sleep(ASKED_EVERY)
        return None

    def stays(self, wanted, seconds):
        """Waits until the answer has been `wanted` for so long without a break: PowerDNS begins at random."""
        begin = time.monotonic()
        while time.monotonic() - begin < 4 * LONGEST:
            seen = list(self.changes)
            if seen and seen[-1][1] == wanted and time.monotonic() - seen[-1][0] > seconds:
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.server.kind} does not stay with {wanted}:\n{self.server.log()[-2000:]}")

    def wrong_after(self, moment):
        """Answers that named the dead site, or nothing, after the first right one."""
        return sum(1 for at, answers in list(self.changes) if at > moment and answers != [SECONDARY])


def trial(watches, backends, arrivals, fault, draw):
    """One fault in all primaries at once, until each server has gone over and come back."""
    for kind, watch in watches.items():
        watch.stays([PRIMARIES[kind]], SETTLED)
    time.sleep(draw.uniform(0, 2))
    begin = time.monotonic()
    for backend in backends.values():
        FAULTS[fault](backend)
    rows = []
    for kind, watch in watches.items():
        switched = watch.settles([SECONDARY], begin)
        if switched is None:
            raise RuntimeError(f"{kind} did not switch within {LONGEST} s ({fault})")
        failed = arrivals.first_after(backends[kind], begin)
        rows.append({"server": kind, "switch_s": switched - begin, "from_probe_s": switched - failed,
                     "switched": switched})
    time.sleep(max(0, max(row["switched"] for row in rows) + WATCHED - time.monotonic()))
    for row in rows:
        row["wrong_after"] = watches[row["server"]].wrong_after(row.pop("switched"))
    begin = time.monotonic()
    for backend in backends.values():
        backend.restore()
    for row in rows:
        back = watches[row["server"]].settles([PRIMARIES[row["server"]]], begin)
        if back is None:
            raise RuntimeError(f"{row['server']} did not come back within {LONGEST} s")
        row["back_s"] = back - begin
    return rows


def measure(bench, generator, witness, rounds, seconds, say):
    rows, draw = [], random.Random(1)
    for pace in PACES:
        ports = {kind: free_port() for kind in KINDS}
        backends = {kind: Backend(PRIMARIES[kind], port) for kind, port in ports.items()}
        spares = [Backend(SECONDARY, port) for port in ports.values()]
        servers = {kind: server(kind, ports[kind], pace, bench.where) for kind in KINDS}
        try:
            arrivals = Arrivals(backends.values())
            watches = {kind: Watch(each.start(), PRIMARIES[kind]) for kind, each in servers.items()}
            for watch in watches.values():
                watch.start()
            for fault in FAULTS:
                for number in range(TRIALS):
                    say(f"failover: {pace} interval, {fault}, trial {number + 1} of {TRIALS}")
                    for row in trial(watches, backends, arrivals, fault, draw):
                        rows.append(dict(pace=pace, fault=fault, round=number, **row))
            for watch in watches.values():
                watch.ended.set()
        finally:
            for each in servers.values():
                each.stop()
            for backend in [*backends.values(), *spares]:
                backend.end()
    return {"rounds": rows}
