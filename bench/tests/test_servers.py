"""Every configuration of bench/peers/ starts, answers each mix right, and takes over a changed zone file."""

import unittest

from compare import large, message, zones
from compare.experiment import Bench
from compare.mixes import FLIP, MIXES
from compare.place import Place
from compare.servers import ANSWER_POOLS, FLIP_POOLS, PEERS, Server


class ServerTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.where = Place()
        cls.addClassCleanup(cls.where.remove)
        cls.bench = Bench(cls.where, large_names=400)
        cls.small = [mix for mix in MIXES if not mix.large and not mix.pool]

    def test_answers_right(self):
        for kind in ["alula", *PEERS]:
            with self.subTest(kind), self.bench.serving(self.small[0], [kind]) as (server,):
                for mix in self.small:
                    self.assertIsNone(mix.wrong_answer(server.port, self.bench.queries, count=5))

    def test_answers_pools(self):
        for mix, kinds in ((MIXES[4], ANSWER_POOLS - {"reflector"}), (FLIP, FLIP_POOLS)):
            for kind in sorted(kinds):
                with self.subTest(f"{mix.name} {kind}"), self.bench.serving(mix, [kind], flips=mix is FLIP):
                    pass

    def test_takes_over_a_changed_zone_file(self):
        for kind in ["alula", *PEERS]:
            with self.subTest(kind), self.bench.serving(MIXES[5], [kind]) as (server,):
                serial = large.change(self.bench, server)
                server.reload(zones.LARGE)
                large.seconds_until_visible(server, serial, within=20)

    def test_a_wrong_answer_is_noticed(self):
        with self.bench.serving(MIXES[0], ["reflector"]) as (reflector,):
            self.assertIsNotNone(MIXES[0].wrong_answer(reflector.port, self.bench.queries))

    def test_the_reflector_answers_in_the_size_it_is_told(self):
        for size, expected in ((100, 100), (0, len(message.query("a.test")))):
            server = Server("reflector", self.bench.setup(size=size), self.where).start()
            self.addCleanup(server.stop)
            server.wait_until_it_answers("a.test", lambda name, reply: True)
            self.assertEqual(message.ask(server.port, "a.test").size, expected)
