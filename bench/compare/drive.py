"""Driving a server with `alula bench` or, as a witness, dnsperf; and what that cost the server."""

import json
import re
import resource
import subprocess
import time
from dataclasses import dataclass, field

from . import place, process

# Queries outstanding when nothing else sets the pace: more than two full batches of 64 and less than the default
# receive buffer of a socket holds, so that none is dropped and no server is helped by a larger buffer.
IN_FLIGHT = 160


@dataclass
class Load:
    """One run of a generator."""
    answered: int
    lost: int
    rate: float
    """Answers a second."""
    latency_us: dict = field(default_factory=dict)
    generator_share: float = 0.0
    """Of one core; so are the next two."""
    server_share: float = 0.0
    """Of the server's busiest thread: running, or ready to run."""
    waited_share: float = 0.0
    """The same thread: ready to run while something else had its core."""
    limited_by: str = ""
    unexpected: int = 0
    """Answers that came late or belong to no query."""
    cpu_us: float = 0.0
    """CPU of the server for each answer, and the part of it outside the kernel."""
    user_us: float = 0.0
    dropped: int = 0
    """Queries the kernel threw away because the server's socket was full."""

    def row(self, **more):
        return {**more, **{key: rounded(value) for key, value in vars(self).items() if value not in ("", {})}}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


class AlulaBench:
    name = "alula bench"

    def __init__(self, where):
        self.where = where

    def words(self, port, mix, file, seconds, rate=None, tcp=None, **more):
        words = [self.where.programs["generator"], "bench", f"127.0.0.1:{port}", "--queries", file,
                 "--duration", f"{seconds}s", "--in-flight", IN_FLIGHT, "--json"]
        words += ["--dnssec-ok" if mix.dnssec_ok else "--no-edns"]
        if rate:
            words += ["--rate", rate]
        if more.get("ports"):
            words += ["--ports", more["ports"]]
        if tcp:
            words += ["--transport", "tcp", "--connections", tcp.connections, "--pipeline", tcp.pipeline,
                      "--queries-per-connection", tcp.queries_per_connection]
        return words

    def read(self, output):
        report = json.loads(output)
        return Load(
            report["answered"], report["lost"], report["rate"], report.get("latency_us", {}),
            report["generator"]["cpu_share"], report.get("limited_by", ""),
            report.get("late", 0) + report.get("unexpected", 0))


class Dnsperf:
    name = "dnsperf"

    def __init__(self, where):
        self.where = where

    def words(self, port, mix, file, seconds, rate=None, tcp=None, **more):
        words = [self.where.programs["dnsperf"], "-s", "127.0.0.1", "-p", port, "-d", file, "-l", seconds,
                 "-c", 16, "-q", IN_FLIGHT, "-t", 1]
        if mix.dnssec_ok:
            words += ["-D"]
        if rate:
            words += ["-Q", rate]
        if tcp:
            words += ["-m", "tcp", "-c", tcp.connections, "-q", tcp.connections * tcp.pipeline]
        return words

    def read(self, output):
        def figure(pattern):
            return re.search(pattern, output).group(1)

        load = Load(int(figure(r"Queries completed: +(\d+)")), int(figure(r"Queries lost: +(\d+)")),
                    float(figure(r"Queries per second: +([\d.]+)")))
        load.latency_us = {"mean": float(figure(r"Average Latency \(s\): +([\d.]+)")) * 1e6,
                           "max": float(figure(r"max ([\d.]+)\)")) * 1e6}
        return load


def start(generator, words, cores=(place.GENERATOR_CORE,)):
    return subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=generator.where.environment,
                            start_new_session=True, preexec_fn=lambda: process.prepare(cores))


def drive(generator, server, mix, file, seconds, cores=(place.GENERATOR_CORE,), **options):
    """One run against `server`, and what the server spent on it."""
    pids = server.pids
    words = generator.words(server.port, mix, file, seconds, **options)
    dropped, own, begin = process.drops(server.port), own_cpu(), time.monotonic()
    before, threads = process.cpu(pids), process.threads(pids)
    with start(generator, words, cores) as running:
        try:
            output, errors = running.communicate(timeout=seconds + 60)
        finally:
            running.kill()
    took, spent = time.monotonic() - begin, process.spent(before, process.cpu(pids))
    thread = process.busiest(threads, process.threads(server.pids))[0]
    if running.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {errors or output}")
    load = generator.read(output)
    load.dropped = process.drops(server.port) - dropped
    load.server_share, load.waited_share = (thread.ran + thread.waited) / took, thread.waited / took
    load.generator_share = load.generator_share or (own_cpu() - own) / took
    load.cpu_us = spent.total * 1e6 / max(load.answered, 1)
    load.user_us = spent.user * 1e6 / max(load.answered, 1)
    return load


def own_cpu():
    """Seconds of CPU of the generators that have ended so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
