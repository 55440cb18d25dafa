"""The zones and the query files: the same octets on every run."""

import ipaddress
import os
import random
from pathlib import Path

SMALL, LARGE = "bench.test", "large.test"
NAMES, DELEGATIONS, ABSENT = 1000, 1000, 100_000
FLIPPING = 20  # gdnsd checks each address every 2 s at the soonest: twenty of them make ten flips a second
FLIPPING_NETS = {"alula": "127.0.1.", "gdnsd": "127.0.2."}
ORDERS = 4  # orders in which the names of the large zone are asked
PRIMARY, SECONDARY = "127.0.0.2", "127.0.0.3"


def address(index):
    return str(ipaddress.IPv4Address(0x0A000000 + index))


def apex(serial=1):
    return (f"$TTL 3600\n@ 60 IN SOA ns hostmaster {serial:010} 3600 600 1209600 60\n@ IN NS ns\nns IN A 192.0.2.1\n"
            f'generation 30 IN TXT "{serial:010}"\n')


def small(kind, site, flips=False):
    """The zone of 1 k names, 1 k delegations and a pool, which each server is told of in its own way.
    - kind: which server's; site: the port that is checked; flips: with names whose pools flip."""
    parts = [apex()]
    parts += [f"n{i} IN A {address(i)}\n" for i in range(NAMES)]
    parts += [f"s{i} IN NS ns.s{i}\nns.s{i} IN A {address(NAMES + i)}\n" for i in range(DELEGATIONS)]
    return "".join(parts) + pool(kind, site, flips)


def pool(kind, site, flips):
    if kind == "gdnsd":
        names = [f"flip{i or ''} 30 DYNA simplefo!flip{i}\n" for i in range(FLIPPING if flips else 0)]
        return "pool 30 DYNA simplefo!pool\n" + "".join(names)
    if kind == "pdns":
        # 4.7's ifportup() knows no order of preference, ifurlup() does.
        groups = f"{{{{'{PRIMARY}'}}, {{'{SECONDARY}'}}}}"
        return f"pool 30 IN LUA A \"ifurlup('http://{SMALL}:{site}/', {groups})\"\n"
    return f"pool 30 IN A {PRIMARY}\nflip 30 IN A {SECONDARY}\n"


def write_large(path, names, serial=1):
    """`names` names with an A record, each fourth also with an AAAA: 1.25 records a name. Written beside and
    renamed, as one replaces a zone file under a running server. Returns the number of records."""
    fresh = Path(f"{path}.tmp")
    with open(fresh, "w") as file:
        file.write(apex(serial))
        for i in range(names):
            file.write(f"h{i} IN A {address(i)}\n")
            if i % 4 == 0:
                file.write(f"h{i} IN AAAA 2001:db8::{i >> 16:x}:{i & 0xFFFF:x}\n")
    os.replace(fresh, path)
    return 4 + names + (names + 3) // 4


def replace_serial(path, serial):
    """Another serial and `generation` in a zone file, everything else as it was; beside and renamed."""
    fresh = Path(f"{path}.tmp")
    with open(path) as old, open(fresh, "w") as new:
        head = "".join(old.readline() for _ in range(apex().count("\n")))
        assert head.startswith("$TTL")
        new.write(apex(serial))
        while block := old.read(1 << 20):
            new.write(block)
    os.replace(fresh, path)


def write_queries(folder, large_names):
    """One file a mix in dnsperf's format, `name type` a line."""
    def write(name, lines):
        (folder / f"{name}.queries").write_text("".join(f"{line} A\n" for line in lines))

    shuffled = random.Random(1)
    write("positive", (f"n{i}.{SMALL}" for i in shuffled.sample(range(NAMES), NAMES)))
    write("nxdomain", (f"x{i}.{SMALL}" for i in shuffled.sample(range(ABSENT), ABSENT)))
    write("referral", (f"www.s{i}.{SMALL}" for i in shuffled.sample(range(DELEGATIONS), DELEGATIONS)))
    write("pool", [f"pool.{SMALL}"])
    write("flip", [f"flip.{SMALL}"])
    for order in range(ORDERS if large_names else 0):
        write(f"million{order}", (f"h{i}.{LARGE}" for i in shuffled.choices(range(large_names), k=large_names // 2)))
