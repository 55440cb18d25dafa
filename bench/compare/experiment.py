"""What the experiments share: the servers of one experiment, started, checked and stopped."""

import contextlib
import time

from . import message, zones
from .servers import ANSWER_POOLS, PEERS, Server, Setup
from .site import Site

SETTLED = 15.0  # seconds for the first health checks


class Bench:
    """The zones, the query files and the stand-in site that all experiments use."""

    def __init__(self, where, large_names=1_000_000):
        self.where, self.large_names = where, large_names
        self.site, self.serial = Site(), 1
        self.large_file = where.folder / "large.zone"
        self.records = zones.write_large(self.large_file, large_names) if large_names else 0
        self.queries = where.folder
        zones.write_queries(self.queries, large_names)

    def next_serial(self):
        self.serial += 1
        return self.serial

    def setup(self, large=False, **options):
        def small(kind):
            return zones.small(kind, self.site.port, options.get("flips", False))

        contents = {zones.LARGE: self.large_file} if large else {zones.SMALL: small}
        return Setup(contents, site=self.site.port, **options)

    def setup_for(self, mix, **options):
        return self.setup(mix.large, pools=mix.pool, **options)

    @contextlib.contextmanager
    def serving(self, mix, kinds=None, **options):
        """Every server of `kinds` that can answer `mix`, each having answered it right; stopped at the end."""
        kinds = kinds or ["alula", *PEERS, "reflector"]
        running = []
        try:
            for kind in kinds:
                if kind in ANSWER_POOLS or not mix.pool:
                    running.append(self.started(kind, mix, self.answer_size(mix, running), **options))
            yield running
        finally:
            for server in running:
                server.stop()

    def started(self, kind, mix, size, **options):
        server = Server(kind, self.setup_for(mix, size=size, **options), self.where).start()
        try:
            if kind != "reflector":
                server.wait_until_it_answers(*first(mix, self.queries))
                self.check(server, mix)
        except BaseException:
            server.stop()
            raise
        return server

    def check(self, server, mix):
        """A pool may take its first health checks to answer right (PowerDNS answers at random before them)."""
        begin = time.monotonic()
        while wrong := mix.wrong_answer(server.port, self.queries):
            if not mix.pool or time.monotonic() - begin > SETTLED:
                raise RuntimeError(f"{server.kind} answers wrong: {wrong}\n{server.log()[-2000:]}")
            time.sleep(0.1)

    def answer_size(self, mix, running):
        """Octets of a server's answer to the mix, for the reflector; 0 while none runs."""
        name = mix.names(self.queries, 1)[0]
        for server in running:
            if server.kind != "reflector":
                return message.ask(server.port, name, dnssec_ok=mix.dnssec_ok).size
        return 0


def first(mix, folder):
    return mix.names(folder, 1)[0], mix.right


def interleaved(rounds, things):
    """(round, thing) for `rounds` rounds, each beginning with another thing, so that none always goes first."""
    for number in range(rounds):
        for index in range(len(things)):
            yield number, things[(number + index) % len(things)]
