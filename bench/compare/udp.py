"""UDP at saturation: one worker on one core, the generator on the other; interleaved short rounds."""

from . import instructions
from .drive import drive
from .experiment import interleaved
from .mixes import MIXES


def measure(bench, generator, witness, rounds, seconds, say):
    result = {"rounds": [], "witness": [], "calls": {}, "instructions": {}}
    for mix in MIXES:
        with bench.serving(mix) as running:
            say(f"udp {mix.name}: {', '.join(server.kind for server in running)} answer right")
            for number, server in interleaved(rounds, running):
                load = drive(generator, server, mix, mix.file(bench.queries, number), seconds)
                result["rounds"].append(load.row(mix=mix.name, server=server.kind, round=number))
            for server in running:
                load = drive(witness, server, mix, mix.file(bench.queries), seconds)
                result["witness"].append(load.row(mix=mix.name, server=server.kind, round=0))
            for server in running:
                counts = instructions.counted(bench, generator, server, mix)
                for kind, count in counts.items():
                    result[kind].setdefault(mix.name, {})[server.kind] = count
    return result
