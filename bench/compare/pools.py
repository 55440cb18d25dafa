"""Ten thousand pools: what they take to load, to keep and to check, and how soon all of them have flipped at once."""

import ipaddress
import time

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


def own(index):
    """An address on loopback that no other endpoint has."""
    return str(ipaddress.IPv4Address(0x7F010000 + index))


def configuration(kind, port):
    lines = [f"checks:\n  site: {{ type: tcp, port: {port}, interval: {'5s' if kind == 'own' else '100ms'}, "
             f"timeout: {'1s' if kind == 'own' else '100ms'}, rise: 1, fall: 1 }}\n"]
    if kind == "shared":
        lines.append("endpoints:\n" + "".join(f"  e{i}: {{ address: {address} }}\n" for i, address in enumerate(SHARED)))
    lines.append("pools:\n")
    for pool in range(POOLS):
        members = "e0, e1" if kind == "shared" else ", ".join(
            f"{{ name: m{i}, address: {own(pool * ENDPOINTS + i)} }}" for i in range(ENDPOINTS))
        lines.append(f"  p{pool}.{ZONE}: {{ ttl: 5s, check: site, endpoints: [{members}] }}\n")
    return "".join(lines)


def started(kind, port, where):
    server = Server("alula", Setup({ZONE: lambda kind: HEAD}, site=port), where)
    text = server.file("alula.yaml").read_text().replace("level: warning", "level: error")
    server.file("alula.yaml").write_text(text + configuration(kind, port))
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
    site = Backend("0.0.0.0", free_port())
    server, took = None, 0
    try:
        server, took = started("own", site.port, where)
        time.sleep(5)
        memory, before, begin = process.memory(server.pids), process.cpu(server.pids), time.monotonic()
        time.sleep(CHECKED_FOR)
        share = process.spent(before, process.cpu(server.pids)).total / (time.monotonic() - begin)
    finally:
        if server:
            server.stop()
        site.end()
    return {"start_s": took, "anonymous": memory.anonymous, "file_backed": memory.file_backed, "core_share": share,
            "probes_per_s": POOLS * ENDPOINTS / 5}


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
