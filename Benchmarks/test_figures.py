"""python3 -m unittest discover Benchmarks: the statistics, the goals and the tables."""

import unittest

from harness.figures import Spread, growth, pair_ratios, slope
from harness.goals import GOALS, Verdict
from harness.tables import Table


class FiguresTests(unittest.TestCase):
    def test_spread(self):
        self.assertEqual(Spread.of([3, 1, 2, 10]), Spread(2.5, 1, 10))

    def test_ratios_are_of_pairs_and_not_of_medians(self):
        self.assertEqual(pair_ratios([2, 9], [1, 3]), [2, 3])
        with self.assertRaises(ValueError):
            pair_ratios([1], [1, 2])

    def test_slope_is_the_exponent(self):
        self.assertAlmostEqual(slope((x, 7 * x**2) for x in (64, 96, 128)), 2)
        self.assertAlmostEqual(slope([(1, 5), (8, 5)]), 0)

    def test_growth(self):
        self.assertAlmostEqual(growth([200, 100, 110, 105], start=1), 0.1)

    def test_verdicts(self):
        faster, smaller = GOALS["step fp32"], GOALS["peak memory"]
        self.assertEqual(
            [faster.verdict(x) for x in (2.5, 2.4, 1.9)], [Verdict.GOAL, Verdict.MINIMUM, Verdict.MISSED])
        self.assertEqual(
            [smaller.verdict(x) for x in (0.7, 0.9, 1.01)], [Verdict.GOAL, Verdict.MINIMUM, Verdict.MISSED])

    def test_tables(self):
        table = Table("Step", ["size", ">s"], [["64", "1.5"], ["128 px", "10.25"]], note="why")
        self.assertEqual(table.text(), "Step\n  size        s\n  64        1.5\n  128 px  10.25\n  why")
        self.assertEqual(
            table.markdown(), "### Step\n\n| size | s |\n|---|---:|\n| 64 | 1.5 |\n| 128 px | 10.25 |\n\nwhy")


if __name__ == "__main__":
    unittest.main()
