"""The large zone: exec to the first answer, memory, and a reload with one changed record under queries."""

import os
import threading
import time

from . import drive, message, process, zones
from .mixes import BY_NAME
from .servers import PEERS, Server

RATE, LONGEST = 20_000, 30
TRIALS = 3


def measure(bench, generator, witness, rounds, seconds, say):
    result = {"records": bench.records, "rounds": []}
    for number in range(min(rounds, TRIALS)):
        for kind in ["alula", *PEERS]:
            say(f"large zone: {kind}, trial {number + 1}")
            result["rounds"].append({"server": kind, "round": number, **one(bench, generator, kind)})
        say("large zone: Alula again with its compiled zones")
        result["rounds"].append({"server": "alula, restarted", "round": number, **restarted(bench)})
    return result


def one(bench, generator, kind):
    figures = {"two_cores_s": loaded(bench, kind, cores=(0, 1))[0]}
    small = Server(kind, bench.setup(), bench.where).start()
    try:
        small.wait_until_it_answers(*question("positive", bench))
        beside = process.memory(small.pids)
    finally:
        small.stop()
    figures["one_core_s"], server = loaded(bench, kind, stop=False)
    try:
        time.sleep(1)  # what it freed after loading is given back by now
        used = process.memory(server.pids)
        figures |= {"anonymous": used.anonymous, "file_backed": used.file_backed,
                    "octets_per_record": round((used.total - beside.total) / bench.records, 1),
                    "anonymous_per_record": round((used.anonymous - beside.anonymous) / bench.records, 1)}
        figures |= reloaded(bench, generator, server)
    finally:
        server.stop()
    return figures


def question(mix, bench):
    return BY_NAME[mix].names(bench.queries, 1)[0], BY_NAME[mix].right


def loaded(bench, kind, stop=True, **options):
    """Seconds from exec to the first right answer, and the server unless it is to be stopped."""
    server = Server(kind, bench.setup(large=True, **options), bench.where)
    try:
        took = round(server.start().wait_until_it_answers(*question("million", bench)), 3)
    except BaseException:
        server.stop()
        raise
    if stop:
        server.stop()
    return took, server


def restarted(bench):
    took, server = loaded(bench, "alula", stop=False, cores=(0, 1), state=True)
    try:
        time.sleep(5)  # the compiled zone may be written after the first answer
        server.stop()
        again = round(server.start().wait_until_it_answers(*question("million", bench)), 3)
        time.sleep(1)
        used = process.memory(server.pids)
        return {"two_cores_s": again, "first_start_s": took, "anonymous": used.anonymous,
                "file_backed": used.file_backed}
    finally:
        server.stop()


def change(bench, server):
    """One record and the serial of the zone file change; returns the new serial."""
    serial = bench.next_serial()
    zones.replace_serial(bench.large_file, serial)
    if server.kind == "gdnsd":
        own = server.folder / "zones" / zones.LARGE
        fresh = server.folder / "fresh.zone"
        os.link(bench.large_file, fresh)
        os.replace(fresh, own)
    return serial


def is_visible(server, serial):
    reply = message.ask(server.port, f"generation.{zones.LARGE}", message.TXT, timeout=0.3)
    return reply is not None and [text for _, _, text in reply.answer] == [f"{serial:010}"]


def seconds_until_visible(server, serial, within=60):
    begin = time.monotonic()
    while time.monotonic() - begin < within:
        if is_visible(server, serial):
            return round(time.monotonic() - begin, 3)
        time.sleep(0.01)
    raise RuntimeError(f"{server.kind} still answers the old zone after {within} s")


def start_load(bench, generator, server, seconds):
    mix = BY_NAME["million"]
    words = generator.words(server.port, mix, mix.file(bench.queries), seconds, rate=RATE)
    return drive.start(generator, words)


def seconds_to_reload(bench, generator, server):
    """Until the changed record is answered, at 20,000 queries a second on the server's core."""
    serial = change(bench, server)
    load = start_load(bench, generator, server, LONGEST)
    try:
        time.sleep(0.5)
        server.reload(zones.LARGE)
        return seconds_until_visible(server, serial)
    finally:
        load.kill()
        load.communicate()


class Peak:
    """The most memory a server had while this ran, sampled ten times a second."""

    def __init__(self, server):
        self.highest, self.server, self.ended = 0, server, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while not self.ended.wait(0.1):
            self.highest = max(self.highest, process.memory(self.server.pids).total)

    def end(self):
        self.ended.set()
        self.thread.join()
        return self.highest


def reloaded(bench, generator, server):
    peak = Peak(server)
    try:
        visible = seconds_to_reload(bench, generator, server)
    finally:
        highest = peak.end()
    time.sleep(3)  # the old zone is freed behind the new one
    return {"visible_s": visible, "peak": highest, "after": process.memory(server.pids).total}
