"""The example zone: exec to the first answer, and memory."""

import time

from . import message, place, process
from .servers import PEERS, Server, Setup

TRIALS = 3  # for each round of the other experiments: a start takes a moment
ZONE = "app.example.com"


def measure(bench, generator, witness, rounds, seconds, say):
    say("start with the example zone")
    kinds = ["reflector", "alula", *PEERS]
    return {"rounds": [one(bench, kind, number) for number in range(TRIALS * rounds) for kind in kinds]}


def is_answer(name, reply):
    return reply.rcode == message.NOERROR


def one(bench, kind, number):
    file = place.REPOSITORY / f"zones/{ZONE}.zone"
    server = Server(kind, Setup({ZONE: lambda _: file.read_text()}), bench.where)
    try:
        took = server.start().wait_until_it_answers(f"mail.{ZONE}", is_answer)
        time.sleep(0.2)
        used = process.memory(server.pids)
        return {"server": kind, "round": number, "start_ms": round(took * 1000, 2), "anonymous": used.anonymous,
                "file_backed": used.file_backed}
    finally:
        server.stop()
