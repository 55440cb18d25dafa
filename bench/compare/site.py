"""The stand-in site that the pools check: 127.0.0.x is always well, 127.0.1.x and 127.0.2.x every other time."""

import select
import socket
import threading

from . import zones

ANSWER = "HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Site:
    """One port on each of the addresses, on loopback only, served by a thread of its own."""

    def __init__(self):
        addresses = [zones.PRIMARY, zones.SECONDARY] + [
            f"{net}{i}" for net in zones.FLIPPING_NETS.values() for i in range(zones.FLIPPING)]
        self.listeners = [listen(addresses[0], 0)]
        self.port = self.listeners[0].getsockname()[1]
        self.listeners += [listen(address, self.port) for address in addresses[1:]]
        self.checks = {}
        threading.Thread(target=self.serve, daemon=True).start()

    def flips(self, kind):
        """Checks that changed a pool of `kind`'s so far."""
        net = zones.FLIPPING_NETS[kind]
        return sum(count for address, count in self.checks.items() if address.startswith(net))

    def serve(self):
        while True:
            for listener in select.select(self.listeners, [], [])[0]:
                connection, _ = listener.accept()
                with connection:
                    self.answer(connection, listener.getsockname()[0])

    def answer(self, connection, address):
        connection.settimeout(0.2)
        try:
            if not connection.recv(4096):
                return
            self.checks[address] = self.checks.get(address, 0) + 1
            well = address.startswith("127.0.0.") or self.checks[address] % 2
            connection.sendall(ANSWER.format("200 OK" if well else "503 Service Unavailable").encode())
        except OSError:
            pass


def listen(address, port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(64)
    return listener
