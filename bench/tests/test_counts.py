"""Alula's instructions and runtime calls a query stay below what bench/thresholds.json allows."""

import unittest

from compare import counts, instructions
from compare.experiment import Bench
from compare.place import Place

DUMP = """fn=(1) serve
12 30
cfn=(2) swift_retain
calls=7 0
12 70
fn=(2)
1 70
cfn=(3) memcpy
calls=2 0
cfn=(2)
calls=1 0
totals: 100
"""


class CountTests(unittest.TestCase):
    def test_calls_are_found_in_a_dump(self):
        self.assertEqual(instructions.calls(DUMP, counts.FORBIDDEN), {"swift_retain": 8})
        self.assertEqual(instructions.total(DUMP), 100)

    def test_below_the_thresholds(self):
        where = Place()
        self.addCleanup(where.remove)
        words, found = counts.complaints(Bench(where, 0))
        self.assertEqual(words, [])
        self.assertEqual(set(found), set(counts.thresholds()))
