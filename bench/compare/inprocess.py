"""Parsing, looking up and answering without sockets, beside the same algorithm over the same layout in C."""

import json
import os

from . import place


def measure(bench, generator, witness, rounds, seconds, say):
    say("in process, beside C")
    # Not on the generator's core alone: two threads need two.
    return json.loads(place.run([place.REPOSITORY / ".build/release/InProcess"],
                                preexec_fn=lambda: os.sched_setaffinity(0, place.CORES)))
