"""Websites in one process, each at an address of its own, that all turn bad at the same moment.

    sites.py FOLDER PORT ADDRESS=HOW ...

HOW is one of the functions below, a certificate, a flood, `plain` (no TLS where it should be) or `good` (never bad), with
`tls:` before it for a site over TLS. All answer rightly until the datagram `bad` comes to the first address, and again
from `good` on; each gets a `done`.
FOLDER holds the certificates: good.pem, good.key, expired.pem ...
"""

import selectors
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

import sealing

folder, port = sys.argv[1], int(sys.argv[2])
is_bad = False

OK = b"HTTP/1.1 200 OK\r\n"
HEALTHY = OK + b"Content-Length: 7\r\nConnection: close\r\n\r\nhealthy"
PATIENCE = 5  # seconds after which a site gives up a client that neither reads nor goes away


def repeat(line, piece):
    while True:
        line.sendall(piece)


def wait_for_the_end(line):
    while line.recv(4096):
        pass


# ---- How a site can be bad. Each takes a connection whose request has been read. ----


def slow(line):
    time.sleep(2)
    line.sendall(HEALTHY)


def drips(line):
    line.sendall(OK + b"\r\n")
    while True:
        line.sendall(b"x")
        time.sleep(0.02)


def closes(line):
    line.shutdown(socket.SHUT_WR)


def garbage(line):
    repeat(line, b"\x00\x01\x02\x03" * 1024)


def status503(line):
    line.sendall(HEALTHY.replace(b"200 OK", b"503 Busy"))


def redirect(line):
    line.sendall(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 7\r\n\r\nhealthy")


def wrong(line):
    line.sendall(HEALTHY.replace(b"healthy", b"unwell!"))


def half(line):
    line.sendall(HEALTHY[:-3])
    line.shutdown(socket.SHUT_WR)
    wait_for_the_end(line)


def reset(line):
    line.sendall(HEALTHY[:-3])
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def headers(line):
    line.sendall(OK + b"X-Padding: 4567890\r\n" * 900 + b"\r\nhealthy")


def line(line):
    line.sendall(OK + b"X-Padding: ")
    repeat(line, b"x" * 16384)


def interim(line):
    repeat(line, b"HTTP/1.1 100 Continue\r\n\r\n" * 200)


def endless(line):
    line.sendall(OK + b"\r\n")
    repeat(line, b"unwell. " * 2048)


def chunks(line):
    line.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    repeat(line, b"1\r\nx\r\n" * 1000)


def compress(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


BOMB = compress(bytes(48 << 20)) if any(argument.endswith("bomb") for argument in sys.argv) else b""


def bomb(line):
    line.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + BOMB)
    wait_for_the_end(line)


def nothing(line):
    """Blocks that decode to no octet at all (RFC 1951 §3.2.4)."""
    line.sendall(OK + b"Content-Encoding: deflate\r\n\r\n")
    repeat(line, b"\x00\x00\x00\xff\xff" * 3000)


# ---- Serving ----


def context(certificate):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(f"{folder}/{certificate}.pem", f"{folder}/{certificate}.key")
    return made


contexts = {name: context(name) for name in ["good", "expired", "other", "unknown"]}


def hellos(line, _):
    """HelloRequest (RFC 5246 §7.4.1.1) without end, which a client that shakes hands anyway passes over."""
    line.recv(4096)
    repeat(line, struct.pack(">BHH", 22, 0x0303, 16000) + bytes(16000))


floods = {"tickets": sealing.tickets, "updates": sealing.updates, "hellos": hellos}


def serve(line, is_tls, how):
    how = how if is_bad else "good"
    try:
        with line:
            line.settimeout(PATIENCE)
            if how in floods:
                floods[how](line, context("good"))
                return
            if is_tls and how != "plain":
                line = contexts[how if how in contexts else "good"].wrap_socket(line, server_side=True)
            with line:
                if not line.recv(4096):
                    return
                if how in contexts or how == "plain":
                    line.sendall(HEALTHY)
                else:
                    globals()[how](line)
    except OSError:
        pass  # the client has gone


selector = selectors.DefaultSelector()
for argument in sys.argv[3:]:
    address, how = argument.split("=")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    listener.bind((address, port))
    listener.listen(128)
    selector.register(listener, selectors.EVENT_READ, (how.startswith("tls:"), how.removeprefix("tls:")))
orders = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
orders.bind((sys.argv[3].split("=")[0], port))
selector.register(orders, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is orders:
            text, sender = orders.recvfrom(64)
            is_bad = text == b"bad"
            orders.sendto(b"done", sender)
        else:
            threading.Thread(target=serve, args=(key.fileobj.accept()[0], *key.data), daemon=True).start()
