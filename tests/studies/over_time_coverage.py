"""Measure how often the intervals over time cover the truth: concentration, reach and rhythm.

Run from the root of the checkout; it rewrites ``over_time_coverage.csv`` beside it (some minutes on
one core)::

    python -m tests.studies.over_time_coverage

Thirty regions as unequal as the record's. The 95 % intervals are those of `analysis.summary`:
Herfindahl's index (and so the effective number of regions), Gini's, reach, the share of daytime
(two regions that stand for night and day), and the mean of Mondays over the mean of all nights.
``joint``: share of nights on which only the sum over regions is told, imputed in 10 draws.
"""

from functools import partial

import numpy as np

from analysis.summary.over_time import concentration_measures, estimate, log_reach
from analysis.summary.rhythm import FEWEST_NIGHTS, by_weekday, log_odds, weekday_ratios
from tests.studies.correlated_counts import ALPHAS, BORDER_KM, MEANS, impute, simulate, write

SEED = 20260505
RUNS = 1_000
PHIS = (0.0, 0.3, 0.6)
#: Memory of nights, nights, share of nights on which only the sum is told.
CASES = [
    *[(phi, nights, 0.0) for nights in (15, 30, 90, 365) for phi in PHIS],
    *[(phi, nights, 0.3) for nights in (30, 90) for phi in PHIS],
]
FIELDS = ["phi", "nights", "joint", "runs", "herfindahl", "gini", "reach", "daytime", "monday"]


def measure(phi, nights, joint, runs, rng):
    """Coverage of the five intervals; NaN for those that are not measured."""
    truth = np.concatenate(
        [
            concentration_measures(MEANS),
            log_reach(BORDER_KM, MEANS),
            log_odds(MEANS[:2]),
            [0.0],
        ]
    )
    weekday = np.arange(nights) % 7
    covered = np.zeros(len(truth))
    for _ in range(runs):
        counts = simulate(MEANS, ALPHAS, phi, nights, 1, rng, shared=0.1)
        if joint:
            counts = impute(counts[0], joint, rng)
        parts = [
            estimate(counts, concentration_measures, 0.95),
            estimate(counts, partial(log_reach, BORDER_KM), 0.95),
            estimate(counts[:, :, :2], log_odds, 0.95),
            estimate(by_weekday(counts[:, :, :1], weekday), weekday_ratios, 0.95, FEWEST_NIGHTS),
        ]
        _, _, lower, upper = np.hstack([part.limits for part in parts])[:, : len(truth)]
        covered += (lower <= truth) & (truth <= upper)
    covered /= runs
    if nights < FEWEST_NIGHTS:
        covered[-1] = np.nan
    if joint:  # the sum of the nights is known: nothing is allocated between night and day
        covered[-2:] = np.nan
    return covered.tolist()


def main():
    """Write the table, one row per case, each with a stream of its own."""
    rows = (
        [*case, RUNS, *measure(*case, RUNS, np.random.default_rng([SEED, number]))]
        for number, case in enumerate(CASES)
    )
    write("over_time_coverage.csv", FIELDS, rows)


if __name__ == "__main__":
    main()
