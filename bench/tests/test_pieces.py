"""The pieces of bench/ that start nothing."""

import hashlib
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

from compare import message, plot, report, statistics, zones
from compare.drive import Dnsperf
from compare.mixes import BY_NAME


class ZoneTests(unittest.TestCase):
    def octets_of_a_run(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            zones.write_large(folder / "large.zone", 400)
            zones.write_queries(folder, 400)
            return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}

    def test_two_runs_write_the_same_octets(self):
        once = self.octets_of_a_run()
        self.assertEqual(once, self.octets_of_a_run())
        self.assertIn("positive.queries", once)
        self.assertEqual(len(once), 6 + zones.ORDERS)

    def test_the_large_zone_has_a_record_and_a_quarter_a_name(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "zone"
            records = zones.write_large(file, 400)
            lines = file.read_text().splitlines()
            self.assertEqual(records, 4 + 500)
            self.assertEqual(len(lines) - 1, records)

    def test_a_new_serial_changes_only_the_soa_and_one_record(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "zone"
            zones.write_large(file, 40)
            before = file.read_text().splitlines()
            zones.replace_serial(file, 7)
            changed = [new for old, new in zip(before, file.read_text().splitlines(), strict=True) if old != new]
            self.assertEqual(len(changed), 2)
            self.assertTrue(all("0000000007" in line for line in changed))


class MessageTests(unittest.TestCase):
    reply = (message.query("n7.bench.test", identifier=1)[:2] + bytes.fromhex("8400 0001 0001 0000 0000")
             + message.name_octets("n7.bench.test") + bytes.fromhex("0001 0001")
             + bytes.fromhex("c00c 0001 0001 00000e10 0004 0a000007"))

    def test_reads_a_compressed_answer(self):
        reply = message.read_reply(self.reply)
        self.assertEqual(reply.answer, [("n7.bench.test", message.A, "10.0.0.7")])
        self.assertEqual((reply.rcode, reply.authoritative, reply.size), (0, True, len(self.reply)))

    def test_a_name_that_points_to_itself_ends(self):
        with self.assertRaises(ValueError):
            message.read_name(bytes.fromhex("c000"), 0)

    def test_wrong_data_is_not_a_right_answer(self):
        reply = message.read_reply(self.reply)
        self.assertTrue(BY_NAME["positive"].right("n7.bench.test", reply))
        self.assertFalse(BY_NAME["positive"].right("n8.bench.test", reply))
        self.assertFalse(BY_NAME["nxdomain"].right("n7.bench.test", reply))


class StatisticsTests(unittest.TestCase):
    def test_quantiles(self):
        self.assertEqual(statistics.median([3, 1, 2]), 2)
        self.assertEqual(statistics.median([4, 1, 2, 3]), 2.5)
        self.assertEqual(statistics.quantile([0, 10], 0.25), 2.5)

    def test_the_interval_is_seeded_and_holds_the_median(self):
        values = [1.0, 1.1, 0.9, 1.05, 0.97, 1.02, 1.3]
        low, high = statistics.interval(values)
        self.assertEqual((low, high), statistics.interval(values))
        self.assertTrue(min(values) <= low <= statistics.median(values) <= high <= max(values))
        self.assertEqual(statistics.interval([2.0, 2.0, 2.0]), (2.0, 2.0))

    def test_the_interval_narrows_with_the_number_of_pairs(self):
        few, many = [0.9, 1.0, 1.1], [0.9, 1.0, 1.1] * 20
        widths = [high - low for low, high in map(statistics.interval, (few, many))]
        self.assertLess(widths[1], widths[0])

    def test_ratios_pair_by_round(self):
        rows = [{"server": "a", "round": 0, "cpu_us": 2.0}, {"server": "b", "round": 0, "cpu_us": 4.0},
                {"server": "a", "round": 1, "cpu_us": 3.0}]
        self.assertEqual(statistics.ratios(rows, "a", "b"), [0.5])


class ReportTests(unittest.TestCase):
    rows = [{"mix": "positive", "server": kind, "round": number, "cpu_us": cost, "user_us": cost / 10,
             "generator_share": 0.5, "server_share": 1.0, "waited_share": 0.0, "lost": 0}
            for number in range(3) for kind, cost in (("reflector", 4.0), ("alula", 5.0), ("gdnsd", 6.0))]
    results = {"udp": {"when": "today", "generator": "a test", "rounds": rows,
                       "machine": {"processor": "one", "cores": 2, "kernel": "6"}}}

    def test_the_table_has_the_ratio(self):
        text = report.markdown(self.results)
        self.assertIn("| positive | 1.25 (1.25–1.25) | 1.50 (1.50–1.50) | – |", text)
        self.assertIn("every server was saturated", text)

    def test_the_plot_is_xml(self):
        root = xml.etree.ElementTree.fromstring(plot.svg(self.results))
        self.assertTrue(root.tag.endswith("svg"))
        self.assertEqual(plot.svg({}).count("<circle"), 0)

    def test_reads_what_dnsperf_writes(self):
        text = ("  Queries completed:    900 (90.00%)\n  Queries lost:         100 (10.00%)\n"
                "  Queries per second:   450.500000\n\n  Average Latency (s):  0.000171 (min 0.000016, max 0.043798)\n")
        load = Dnsperf(None).read(text)
        self.assertEqual((load.answered, load.lost, load.rate), (900, 100, 450.5))
        self.assertAlmostEqual(load.latency_us["max"], 43798)
