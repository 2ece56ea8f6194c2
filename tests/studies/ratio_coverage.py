"""Measure how often the intervals for rate ratios cover the truth.

Run from the root of the checkout; it rewrites ``ratio_coverage.csv`` beside it (some minutes on one
core)::

    python -m tests.studies.ratio_coverage

Two regions, or one region in two periods (``periods``: the ratio of the second half of the nights
to the first), with NB2 counts that remember one another and share a part of their noise
(`correlated_counts`). ``growth`` of both, per 30 nights; ``gaps``: share of nights without a number;
``joint``: share of nights on which only the sum of the two is told, imputed in 10 draws. Coverage
is of the 95 % interval of each law, over all runs in which the reference has a claim.
"""

import numpy as np

from analysis.comparison.ratios import Series, fit_ratios
from tests.studies.correlated_counts import impute, leave_out, simulate, write

SEED = 20260501
RUNS = 1_000
#: Reference first: claims a night and NB2 alpha of each.
PAIRS = {"common": ((12.0, 2.5), (2.0, 7.0)), "rare": ((8.0, 3.0), (0.3, 15.0)), "very rare": ((8.0, 3.0), (0.05, 20.0))}  # fmt: skip
#: design, pair, phi, nights, growth, gaps, joint
CASES = [
    *[
        ("regions", pair, phi, nights, 0.0, 0.0, 0.0)
        for pair in PAIRS
        for nights in (30, 60, 200, 600)
        for phi in (0.0, 0.3, 0.6)
    ],
    *[("regions", pair, 0.3, 600, 0.1, 0.3, 0.0) for pair in PAIRS],
    *[("regions", "common", phi, 200, 0.0, 0.0, 0.3) for phi in (0.0, 0.3, 0.6)],
    *[
        ("periods", pair, phi, nights, 0.0, 0.0, 0.0)
        for pair in ("common", "rare")
        for nights in (120, 400)
        for phi in (0.0, 0.3, 0.6)
    ],
]
FIELDS = ["design", "pair", "phi", "nights", "growth", "gaps", "joint", "runs", "covered", "poisson"]  # fmt: skip


def measure(design, pair, phi, nights, growth, gaps, joint, runs, rng):
    """Shares of runs covered under the laws nb2 and poisson."""
    means, alphas = zip(*PAIRS[pair], strict=True)
    counts = simulate(means, alphas, phi, nights, runs, rng, shared=0.3, growth=growth)
    if gaps:
        counts = leave_out(counts, gaps, rng)
    if design == "periods":
        counts, ratio = halves(counts[:, :, 1]), 1.0
    else:
        ratio = means[1] / means[0]
    covered = []
    for run in counts:
        draws = impute(run, joint, rng) if joint else run[np.newaxis]
        if draws[:, :, 0].any() and np.nansum(draws[:, :, 0]) > 0:
            covered.append(cover(draws, ratio))
    return np.mean(covered, axis=0).tolist()


def cover(draws, ratio):
    """Whether the interval of each law holds the ratio of the second series to the first."""
    found = []
    for poisson in (False, True):
        fit = fit_ratios(Series(draws, np.ones(2)), np.array([1]), np.array([0]), poisson=poisson)
        lower, upper = fit.intervals(0.95)
        found.append(bool(lower[0] <= ratio <= upper[0]))
    return found


def halves(counts):
    """(runs, n) -> (runs, n, 2): the same nights in two columns, each with numbers in its half."""
    nights = counts.shape[1]
    parts = np.full((*counts.shape, 2), np.nan)
    parts[:, : nights // 2, 0] = counts[:, : nights // 2]
    parts[:, nights // 2 :, 1] = counts[:, nights // 2 :]
    return parts


def main():
    """Write the table, one row per case, each with a stream of its own."""
    rows = (
        [*case, RUNS, *measure(*case, RUNS, np.random.default_rng([SEED, number]))]
        for number, case in enumerate(CASES)
    )
    write("ratio_coverage.csv", FIELDS, rows)


if __name__ == "__main__":
    main()
