"""Measure how often the confidence sets of ranks hold the true ranks.

Run from the root of the checkout; it rewrites ``rank_coverage.csv`` beside it (some minutes on one
core)::

    python -m tests.studies.rank_coverage

``unequal``: thirty regions as unequal as the record's; ``near``: eight whose means lie within 20 %
of one another; ``tied``: eight equal ones, of which every rank is true. Of the 95 % sets the table
gives the share of regions covered, that of the region worst off, of runs in which all regions are,
the mean number of ranks in a set less 1, and the coverage of plain percentiles of resampled ranks.
"""

import numpy as np
from scipy.stats import rankdata

from analysis.comparison.ranks import bootstrap_ranks, steady_rates, usual_block
from analysis.inference.bootstrap import resample_weights
from tests.studies.correlated_counts import ALPHAS, MEANS, simulate, write

SEED = 20260502
RUNS = 200
RESAMPLES = 500
SCENES = {
    "unequal": (MEANS, ALPHAS),
    "near": (np.linspace(3.3, 2.7, 8), np.full(8, 3.0)),
    "tied": (np.full(8, 3.0), np.full(8, 3.0)),
}
CASES = [
    (scene, phi, nights) for scene in SCENES for nights in (60, 200, 450) for phi in (0.0, 0.3, 0.6)
]
FIELDS = ["scene", "phi", "nights", "runs", "covered", "worst", "all", "width", "percentile"]


def measure(scene, phi, nights, runs, rng):
    """Coverage over regions, of the worst region, of all at once; width; coverage by percentiles."""
    means, alphas = SCENES[scene]
    best, last = (rankdata(-means, method=method) for method in ("min", "max"))
    held, widths, plain = [], [], []
    for counts in simulate(means, alphas, phi, nights, runs, rng):
        weights = resample_weights(nights, usual_block(counts), RESAMPLES, rng)
        resampled = weights @ counts
        sets = bootstrap_ranks(steady_rates(counts.sum(axis=0)), steady_rates(resampled), 0.95)
        held.append((sets.lower <= last) & (sets.upper >= best))
        widths.append((sets.upper - sets.lower).mean())
        low, high = np.quantile(rankdata(-resampled, axis=1), [0.025, 0.975], axis=0)
        plain.append(((np.floor(low) <= last) & (np.ceil(high) >= best)).mean())
    held = np.array(held)
    return [
        float(v)
        for v in (
            held.mean(),
            held.mean(axis=0).min(),
            held.all(axis=1).mean(),
            np.mean(widths),
            np.mean(plain),
        )
    ]


def main():
    """Write the table, one row per case, each with a stream of its own."""
    rows = (
        [*case, RUNS, *measure(*case, RUNS, np.random.default_rng([SEED, number]))]
        for number, case in enumerate(CASES)
    )
    write("rank_coverage.csv", FIELDS, rows)


if __name__ == "__main__":
    main()
