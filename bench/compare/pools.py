"""Ten thousand pools: what they take to load, to keep and to check, and how soon all of them have flipped at once."""

import ipaddress
import re
import socket
import threading
import time
import urllib.request

from . import message, process
from .backend import Backend
from .servers import Server, Setup, free_port

ZONE = "pools.test"
POOLS, ENDPOINTS = 10_000, 3
SAMPLED = (0, POOLS // 2, POOLS - 1)
CHECKED_FOR = 10.0  # seconds of the prober's CPU
SHARED = ("127.0.3.1", "127.0.3.2")
HEAD = "$TTL 3600\n@ 60 IN SOA ns hostmaster 1 3600 600 1209600 60\n@ IN NS ns\nns IN A 192.0.2.1\n"
TRIALS = 10
FLIPPING, STEADY = 100, "127.0.5.200"  # pools that flip one by one meanwhile, and what they flip to


def own(index):
    """An address on loopback that no other endpoint has."""
    return str(ipaddress.IPv4Address(0x7F010000 + index))


class FlippingSite:
    """A web server on every address of loopback: the `FLIPPING` ones fail every other check, the rest is well."""

    def __init__(self):
        self.listener = socket.create_server(("0.0.0.0", free_port()), backlog=512)
        self.port, self.checks = self.listener.getsockname()[1], {}
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            with connection:
                address = connection.getsockname()[0]
                self.checks[address] = self.checks.get(address, 0) + 1
                well = address == STEADY or self.checks[address] % 2
                try:
                    connection.settimeout(0.2)
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 %s x\r\nConnection: close\r\n\r\n" % (b"200" if well else b"503"))
                except OSError:
                    pass


def flipping(port):
    """Checks and pools that flip a hundred times a second, one by one."""
    check = f"  flip: {{ type: http, port: {port}, host: f.test, interval: 1s, timeout: 900ms, rise: 1, fall: 1 }}\n"
    pools = [f"  f{i}.{ZONE}: {{ ttl: 5s, check: flip, endpoints: [{{ name: a, address: 127.0.5.{i + 1} }}, "
             f"{{ name: b, address: {STEADY} }}] }}\n" for i in range(FLIPPING)]
    return check, "".join(pools)


def publication(control):
    """How many changes of answer there were, and the share of them that was published within each time."""
    with urllib.request.urlopen(f"http://127.0.0.1:{control}/metrics", timeout=30) as reply:
        text = reply.read().decode()
    steps = re.findall(r'^alula_publication_seconds_bucket\{le="([^"]+)"\} (\d+)$', text, re.M)
    return {step: int(count) for step, count in steps}


def configuration(kind, port, flips=("", "")):
    lines = [f"checks:\n  site: {{ type: tcp, port: {port}, interval: {'5s' if kind == 'own' else '100ms'}, "
             f"timeout: {'1s' if kind == 'own' else '100ms'}, rise: 1, fall: 1 }}\n"]
    if kind == "shared":
        lines.append("endpoints:\n" + "".join(f"  e{i}: {{ address: {address} }}\n" for i, address in enumerate(SHARED)))
    lines[0] += flips[0]
    lines.append("pools:\n")
    for pool in range(POOLS):
        members = "e0, e1" if kind == "shared" else ", ".join(
            f"{{ name: m{i}, address: {own(pool * ENDPOINTS + i)} }}" for i in range(ENDPOINTS))
        lines.append(f"  p{pool}.{ZONE}: {{ ttl: 5s, check: site, endpoints: [{members}] }}\n")
    return "".join(lines) + flips[1]


def started(kind, port, where, flips=("", ""), control=None):
    server = Server("alula", Setup({ZONE: lambda kind: HEAD}, site=port), where)
    text = server.file("alula.yaml").read_text().replace("level: warning", "level: error")
    text += f'control: {{ listen: "127.0.0.1:{control}" }}\n' if control else ""
    server.file("alula.yaml").write_text(text + configuration(kind, port, flips))
    primary = SHARED[0] if kind == "shared" else own(0)
    server.start()
    try:
        took = server.wait_until_it_answers(
            f"p0.{ZONE}", lambda name, reply: [data for _, _, data in reply.answer] == [primary])
    except BaseException:
        server.stop()
        raise
    return server, took


def apart(where, say):
    """Each pool has endpoints of its own: 30,000 probes every 5 s."""
    say(f"{POOLS:,} pools with {POOLS * ENDPOINTS:,} endpoints")
    site, flips, control = Backend("0.0.0.0", free_port()), FlippingSite(), free_port()
    server, took = None, 0
    try:
        server, took = started("own", site.port, where, flipping(flips.port), control)
        time.sleep(5)
        before_flips = publication(control)
        memory, before, begin = process.memory(server.pids), process.cpu(server.pids), time.monotonic()
        time.sleep(CHECKED_FOR)
        share = process.spent(before, process.cpu(server.pids)).total / (time.monotonic() - begin)
        published = {step: count - before_flips[step] for step, count in publication(control).items()}
    finally:
        if server:
            server.stop()
        site.end()
    return {"start_s": took, "anonymous": memory.anonymous, "file_backed": memory.file_backed, "core_share": share,
            "probes_per_s": POOLS * ENDPOINTS / 5, "published": published}


def until_all_answer(server, wanted):
    """Seconds between the first and the last of the sampled pools to answer `wanted`, asked in turn."""
    seen, begin = {}, time.monotonic()
    while len(seen) < len(SAMPLED):
        for pool in SAMPLED:
            reply = message.ask(server.port, f"p{pool}.{ZONE}", timeout=0.5)
            if pool not in seen and reply and [data for _, _, data in reply.answer] == [wanted]:
                seen[pool] = time.monotonic()
        if time.monotonic() - begin > 10:
            raise RuntimeError(f"not all pools answer {wanted}")
    return max(seen.values()) - min(seen.values())


def together(where, say):
    """All pools share two endpoints, so that all flip with one verdict."""
    port = free_port()
    primary, secondary = (Backend(address, port) for address in SHARED)
    server, rows = None, []
    try:
        server, took = started("shared", port, where)
        for number in range(TRIALS):
            say(f"all {POOLS:,} pools flip at once, trial {number + 1} of {TRIALS}")
            primary.kill()
            there = until_all_answer(server, SHARED[1])
            primary.restore()
            rows.append({"round": number, "there_s": there, "back_s": until_all_answer(server, SHARED[0])})
        memory = process.memory(server.pids)
    finally:
        if server:
            server.stop()
        primary.end()
        secondary.end()
    return {"start_s": took, "anonymous": memory.anonymous, "file_backed": memory.file_backed, "flips": rows}


def measure(bench, generator, witness, rounds, seconds, say):
    return {"apart": apart(bench.where, say), "together": together(bench.where, say)}
