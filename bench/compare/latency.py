"""Latency at a fixed rate, from the intended moment of sending: undisturbed, while a pool flips, during a reload."""

import time

from . import large, zones
from .drive import drive
from .experiment import interleaved
from .mixes import BY_NAME, FLIP
from .servers import FLIP_POOLS, PEERS

RATES = (20_000, 50_000)
RELOADING = ["alula", "gdnsd", "nsd", "knot"]
RELOAD_ROUNDS = 3  # a reload takes up to a quarter of a minute


def measure(bench, generator, witness, rounds, seconds, say):
    result = {"rounds": []}
    quiet(bench, generator, rounds, seconds, say, result["rounds"])
    flipping(bench, generator, rounds, seconds, say, result["rounds"])
    reloading(bench, generator, min(rounds, RELOAD_ROUNDS), seconds, say, result["rounds"])
    return result


def quiet(bench, generator, rounds, seconds, say, rows):
    mix = BY_NAME["positive"]
    with bench.serving(mix, ["alula", *PEERS]) as running:
        for rate in RATES:
            say(f"latency at {rate} a second")
            for number, server in interleaved(rounds, running):
                load = drive(generator, server, mix, mix.file(bench.queries), seconds, rate=rate)
                rows.append(load.row(state="quiet", rate_asked=rate, server=server.kind, round=number))


def flipping(bench, generator, rounds, seconds, say, rows):
    with bench.serving(FLIP, sorted(FLIP_POOLS), flips=True) as running:
        for rate in RATES:
            say(f"latency at {rate} a second while pools flip")
            for number, server in interleaved(rounds, running):
                # All servers go on checking in every round; each is half of what the site is asked.
                before, begin = bench.site.flips(server.kind), time.monotonic()
                load = drive(generator, server, FLIP, FLIP.file(bench.queries), seconds, rate=rate)
                flips = (bench.site.flips(server.kind) - before) / (time.monotonic() - begin)
                rows.append(load.row(state="flipping", rate_asked=rate, server=server.kind, round=number,
                                     flips=round(flips, 1)))


def reloading(bench, generator, rounds, seconds, say, rows):
    """The generator runs for as long as the reload takes without it under this load, so that no quiet time
    dilutes the figures; before each reload the same is measured undisturbed."""
    mix = BY_NAME["million"]
    for number in range(rounds):
        for kind in RELOADING:
            say(f"latency while {kind} reloads, round {number + 1} of {rounds}")
            server = bench.started(kind, mix, 0)
            try:
                load = drive(generator, server, mix, mix.file(bench.queries, number), seconds, rate=RATES[0])
                rows.append(load.row(state="large", rate_asked=RATES[0], server=kind, round=number))
                during = large.seconds_to_reload(bench, generator, server)
                length = max(1, round(during))
                large.change(bench, server)
                server.reload(zones.LARGE)
                load = drive(generator, server, mix, mix.file(bench.queries, number), length, rate=RATES[0])
                rows.append(load.row(state="reloading", rate_asked=RATES[0], server=kind, round=number,
                                     seconds=length))
            finally:
                server.stop()
