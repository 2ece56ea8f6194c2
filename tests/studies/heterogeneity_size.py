"""Measure how often the heterogeneity test rejects equal rates that are equal.

Run from the root of the checkout; it rewrites ``heterogeneity_size.csv`` beside it (some minutes on
one core)::

    python -m tests.studies.heterogeneity_size

Regions with exposures from 1 to 4 and claims in proportion to them, NB2 alpha 5, noise of a night
shared in part, growth of 5 % per 30 nights. ``plain`` is Pearson's chi-square test.
"""

import numpy as np
from scipy.stats import chi2

from analysis.comparison.heterogeneity import equal_rates_test
from tests.studies.correlated_counts import simulate, write

SEED = 20260503
RUNS = 600
CASES = [
    (regions, phi, nights)
    for regions in (4, 12, 30)
    for nights in (60, 200, 600)
    for phi in (0.0, 0.3, 0.6)
]
FIELDS = ["regions", "phi", "nights", "runs", "rejected", "plain"]


def measure(regions, phi, nights, runs, rng):
    """Shares of runs rejected at 5 % by the test and by Pearson's."""
    exposure = np.linspace(1, 4, regions)
    means = 3 * regions * exposure / exposure.sum()
    counts = simulate(means, np.full(regions, 5.0), phi, nights, runs, rng, growth=0.05)
    tests = [equal_rates_test(run[np.newaxis], exposure) for run in counts]
    plain = [chi2.sf(test.statistic, regions - 1) <= 0.05 for test in tests]
    return [float(np.mean([test.p_value <= 0.05 for test in tests])), float(np.mean(plain))]


def main():
    """Write the table, one row per case, each with a stream of its own."""
    rows = (
        [*case, RUNS, *measure(*case, RUNS, np.random.default_rng([SEED, number]))]
        for number, case in enumerate(CASES)
    )
    write("heterogeneity_size.csv", FIELDS, rows)


if __name__ == "__main__":
    main()
