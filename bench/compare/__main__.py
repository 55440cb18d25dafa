"""`make bench`: the comparison from nothing; see docs/benchmarks.md."""

import datetime
import json
import os
import platform
import signal
import subprocess
import sys

from . import failover, inprocess, instructions, large, latency, place, plot, pools, report, start, tcp, udp, workers
from .drive import AlulaBench, Dnsperf
from .experiment import Bench

EXPERIMENTS = {"start": start, "udp": udp, "instructions": instructions, "inprocess": inprocess, "tcp": tcp, "latency": latency,
               "workers": workers, "large": large, "failover": failover,
               "pools": pools}
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


def measure(name, bench, generator, witness, results):
    begin = datetime.datetime.now(datetime.timezone.utc)
    found = EXPERIMENTS[name].measure(bench, generator, witness, place.number("ROUNDS", ROUNDS),
                                      place.number("SECONDS", SECONDS), say)
    results[name] = {"when": f"{begin:%Y-%m-%d}", "machine": machine(), "generator": generator.name, **found}
    write(results)


def measure_all(names, where):
    """Writes the results after each experiment; what fails is said and left out. Returns the names that failed."""
    witness, failed = Dnsperf(where), []
    generator = AlulaBench(where) if alula_can_bench(where) else witness
    bench = Bench(where, place.number("LARGE_NAMES", LARGE_NAMES) if WITH_LARGE_ZONE & set(names) else 0)
    os.sched_setaffinity(0, {place.GENERATOR_CORE})
    results = read()
    for name in names:
        try:
            measure(name, bench, generator, witness, results)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            say(f"{name} failed: {error}")
            failed.append(name)
    return failed


def main():
    if sys.argv[1:] == ["report"]:
        return write(read())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if not {place.SERVER_CORE, place.GENERATOR_CORE} <= place.CORES:
        sys.exit("A server and a generator need a core each.")
    names, where = chosen(), place.Place()
    try:
        failed = measure_all(names, where)
    finally:
        where.remove()
    say("written: bench/results/results.md, results.json, comparison.svg")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
