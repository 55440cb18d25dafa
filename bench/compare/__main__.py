"""`make bench`: the comparison from nothing; see docs/benchmarks.md."""

import datetime
import json
import os
import platform
import signal
import subprocess
import sys

from . import instructions, large, latency, place, plot, report, start, tcp, udp, workers
from .drive import AlulaBench, Dnsperf
from .experiment import Bench

EXPERIMENTS = {"start": start, "udp": udp, "instructions": instructions, "tcp": tcp, "latency": latency,
               "workers": workers, "large": large}
WITH_LARGE_ZONE = {"udp", "latency", "large"}
ROUNDS, SECONDS, LARGE_NAMES = 5, 2, 1_000_000


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return {"processor": models[0] if models else platform.machine(), "cores": os.cpu_count(),
            "kernel": platform.release(), "system": platform.system()}


def alula_can_bench(where):
    words = [where.programs["generator"], "bench", "--help"]
    return "--queries" in subprocess.run(words, capture_output=True, text=True).stdout


def say(text):
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", flush=True)


def chosen():
    only = [name for name in place.number("ONLY", "").split(",") if name]
    unknown = set(only) - set(EXPERIMENTS)
    if unknown:
        sys.exit(f"ONLY={','.join(sorted(unknown))}: there are {', '.join(EXPERIMENTS)}.")
    return only or list(EXPERIMENTS)


def stop(number, frame):
    sys.exit(128 + number)


def write(results):
    place.RESULTS.mkdir(exist_ok=True)
    (place.RESULTS / "results.json").write_text(report.compact(results))
    (place.RESULTS / "results.md").write_text(report.markdown(results))
    (place.RESULTS / "comparison.svg").write_text(plot.svg(results))


def read():
    file = place.RESULTS / "results.json"
    return json.loads(file.read_text()) if file.exists() else {}


def main():
    if sys.argv[1:] == ["report"]:
        return write(read())
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if not {place.SERVER_CORE, place.GENERATOR_CORE} <= place.CORES:
        sys.exit("A server and a generator need a core each.")
    names, rounds = chosen(), place.number("ROUNDS", ROUNDS)
    where = place.Place()
    try:
        witness = Dnsperf(where)
        generator = AlulaBench(where) if alula_can_bench(where) else witness
        large_names = place.number("LARGE_NAMES", LARGE_NAMES) if WITH_LARGE_ZONE & set(names) else 0
        bench = Bench(where, large_names)
        os.sched_setaffinity(0, {place.GENERATOR_CORE})
        results = read()
        for name in names:
            begin = datetime.datetime.now(datetime.timezone.utc)
            found = EXPERIMENTS[name].measure(bench, generator, witness, rounds, place.number("SECONDS", SECONDS), say)
            results[name] = {"when": f"{begin:%Y-%m-%d}", "machine": machine(), "generator": generator.name, **found}
            write(results)
    finally:
        where.remove()
    say("written: bench/results/results.md, results.json, comparison.svg")


if __name__ == "__main__":
    main()
