"""One worker and two on the same two cores, which the generator shares: the same offered rate, then saturation."""

from . import place, process
from .drive import drive
from .experiment import interleaved
from .mixes import BY_NAME
from .servers import PEERS

RATE, PORTS, BOTH = 40_000, 256, (place.GENERATOR_CORE, place.SERVER_CORE)


def measure(bench, generator, witness, rounds, seconds, say):
    result = {"rounds": []}
    mix, kinds = BY_NAME["positive"], ["alula", *PEERS, "reflector"]
    with bench.serving(mix, kinds, cores=BOTH) as one, bench.serving(mix, kinds, cores=BOTH, workers=2) as two:
        for rate in (RATE, None):
            say(f"one worker and two at {rate} a second" if rate else "one worker and two, saturated")
            for number, server in interleaved(rounds, one + two):
                result["rounds"].append(row(bench, generator, server, mix, number, seconds, rate))
    return result


def row(bench, generator, server, mix, number, seconds, rate):
    before = process.threads(server.pids)
    load = drive(generator, server, mix, mix.file(bench.queries), seconds, rate=rate, ports=PORTS,
                 cores=BOTH)
    spent = [thread.ran for thread in process.busiest(before, process.threads(server.pids))[:2]]
    return load.row(server=server.kind, workers=server.setup.workers, round=number, rate_asked=rate or 0,
                    busiest_threads=[round(each, 4) for each in spent])
