"""DNS messages (RFC 1035 §4), as much as asking, checking and counting need."""

import os
import random
import signal
import socket
import struct
from dataclasses import dataclass, field

A, NS, SOA, TXT, AAAA, OPT = 1, 2, 6, 16, 28, 41
NOERROR, NXDOMAIN = 0, 3


def name_octets(name):
    labels = [label for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


def query(name, kind=A, dnssec_ok=False, identifier=None):
    identifier = random.randrange(65536) if identifier is None else identifier
    head = struct.pack(">HHHHHH", identifier, 0, 1, 0, 0, int(dnssec_ok))
    edns = struct.pack(">BHHIH", 0, OPT, 1232, 0x8000, 0) if dnssec_ok else b""
    return head + name_octets(name) + struct.pack(">HH", kind, 1) + edns


@dataclass
class Reply:
    rcode: int
    authoritative: bool
    size: int
    """Octets of the whole message."""
    answer: list = field(default_factory=list)
    """(owner, type, data as text) of each record; so are the other two."""
    authority: list = field(default_factory=list)
    additional: list = field(default_factory=list)


def read_name(octets, at):
    labels, end = [], None
    for _ in range(128):
        length = octets[at]
        if length == 0:
            return ".".join(labels) or ".", at + 1 if end is None else end
        if length >= 0xC0:
            end = at + 2 if end is None else end
            at = (length & 0x3F) << 8 | octets[at + 1]
        else:
            labels.append(octets[at + 1:at + 1 + length].decode("latin-1").lower())
            at += 1 + length
    raise ValueError("a name that does not end")


def read_record(octets, at):
    owner, at = read_name(octets, at)
    kind, _, _, length = struct.unpack_from(">HHIH", octets, at)
    at += 10
    data = octets[at:at + length]
    if kind == A:
        text = socket.inet_ntop(socket.AF_INET, data)
    elif kind == AAAA:
        text = socket.inet_ntop(socket.AF_INET6, data)
    elif kind in (NS, SOA):
        text = read_name(octets, at)[0]
    elif kind == TXT:
        text = data[1:].decode("latin-1")
    else:
        text = data.hex()
    return (owner, kind, text), at + length


def read_reply(octets):
    _, flags, questions, *counts = struct.unpack_from(">HHHHHH", octets)
    at = 12
    for _ in range(questions):
        at = read_name(octets, at)[1] + 4
    sections = []
    for count in counts:
        records = []
        for _ in range(count):
            record, at = read_record(octets, at)
            records.append(record)
        sections.append(records)
    return Reply(flags & 15, bool(flags & 0x0400), len(octets), *sections)


def ask(port, name, kind=A, dnssec_ok=False, timeout=1.0):
    """One query over UDP to 127.0.0.1; None when no answer comes in time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as descriptor:
        descriptor.settimeout(timeout)
        descriptor.connect(("127.0.0.1", port))
        message = query(name, kind, dnssec_ok)
        try:
            descriptor.send(message)
            while True:
                octets = descriptor.recv(65535)
                if octets[:2] == message[:2]:
                    return read_reply(octets)
        except OSError:
            return None


def exchange(port, messages, count, window=32, held=()):
    """Sends `count` of `messages` over and over, `window` at a time, and waits for all of their answers. The processes
    `held` stand still while a window is sent, so that they find it whole, however busy the machine is."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as descriptor:
        descriptor.settimeout(10)
        descriptor.connect(("127.0.0.1", port))
        for start in range(0, count, window):
            wanted = range(start, min(start + window, count))
            for pid in held:
                os.kill(pid, signal.SIGSTOP)
            for index in wanted:
                descriptor.send(messages[index % len(messages)])
            for pid in held:
                os.kill(pid, signal.SIGCONT)
            for _ in wanted:
                descriptor.recv(4096)
