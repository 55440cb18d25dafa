"""TCP at saturation, one worker on one core: long-lived pipelined connections, and one query a connection."""

from dataclasses import dataclass

from .drive import drive
from .experiment import interleaved
from .mixes import BY_NAME
from .servers import PEERS


@dataclass(frozen=True)
class Streams:
    name: str
    connections: int
    pipeline: int
    queries_per_connection: int
    """0: the connection stays."""


LONG = Streams("pipelined", 16, 16, 0)
SHORT = Streams("one query a connection", 32, 1, 1)


def measure(bench, generator, witness, rounds, seconds, say):
    result = {"rounds": [], "witness": []}
    mix = BY_NAME["positive"]
    with bench.serving(mix, ["alula", *PEERS]) as running:
        for streams in (LONG, SHORT):
            say(f"tcp, {streams.name}")
            if generator.name != "alula bench" and streams.queries_per_connection:
                continue
            for number, server in interleaved(rounds, running):
                load = drive(generator, server, mix, mix.file(bench.queries), seconds, tcp=streams)
                result["rounds"].append(load.row(mix=streams.name, server=server.kind, round=number))
        for server in running:
            load = drive(witness, server, mix, mix.file(bench.queries), seconds, tcp=LONG)
            result["witness"].append(load.row(mix=LONG.name, server=server.kind, round=0))
    return result
