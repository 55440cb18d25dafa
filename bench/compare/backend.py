"""The sites of the failover trials: a process each, so that one can be killed and stopped like a real one, and what
arrives at their ports, seen on the loopback interface."""

import os
import signal
import socket
import struct
import threading
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"
SYN, ACK = 0x02, 0x10
ALL_PROTOCOLS = 0x0003


class Backend:
    """A web server on one address and port, in a process of its own."""

    def __init__(self, address, port):
        self.address, self.port, self.pid = address, port, None
        self.start()

    def start(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.address, self.port))
        listener.listen(128)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                serve(listener)
            finally:
                os._exit(0)
        listener.close()

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.pid = None

    def hang(self):
        os.kill(self.pid, signal.SIGSTOP)

    def restore(self):
        if self.pid is None:
            self.start()
        else:
            os.kill(self.pid, signal.SIGCONT)

    def end(self):
        if self.pid is not None:
            os.kill(self.pid, signal.SIGCONT)
            self.kill()


def serve(listener):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    parent = os.getppid()
    listener.settimeout(1)
    while os.getppid() == parent:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(0.2)
            try:
                if connection.recv(4096):
                    connection.sendall(ANSWER)
            except OSError:
                pass


class Arrivals:
    """When connections to the backends began, whether or not anybody took them; needs CAP_NET_RAW."""

    def __init__(self, backends):
        self.times = {(backend.address, backend.port): [] for backend in backends}
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL_PROTOCOLS))
        self.socket.bind(("lo", 0))
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        while True:
            packet, (_, _, kind, _, _) = self.socket.recvfrom(128)
            if kind != socket.PACKET_OUTGOING or packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
                continue
            at = (packet[0] & 15) * 4
            target = socket.inet_ntoa(packet[16:20]), struct.unpack_from(">H", packet, at + 2)[0]
            if target in self.times and packet[at + 13] & (SYN | ACK) == SYN:
                self.times[target].append(time.monotonic())

    def first_after(self, backend, moment):
        return next((time for time in self.times[backend.address, backend.port] if time >= moment), None)
