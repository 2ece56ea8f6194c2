"""Measure how often the bootstrap intervals of a plain trend cover the truth.

Run from the root of the checkout; it rewrites ``trend_bootstrap.csv`` beside it (about six minutes
on one core)::

    python -m tests.studies.trend_bootstrap

Series are those of `trend_coverage` (NB2 copula of a latent AR(1), 10 % growth); intervals those of
the refitted block bootstrap with 199 resamples. A standard error is 0.7 points (200 nights) and 0.9 (600 nights).
"""

import csv
from pathlib import Path

import numpy as np

from analysis.inference.hac import default_bandwidth
from analysis.inference.symmetric_law import SymmetricLaw
from analysis.models.trend.log_linear import fit_log_linear
from analysis.models.trend.regression import linear_time
from analysis.models.trend.resampling import resampled_statistics
from tests.studies.trend_coverage import FIRST_MEAN, GROWTH, LEVEL, PARAMETERS, simulate

SEED = 20260922
RESAMPLES = 199
RUNS = {200: 1_000, 600: 600}
CASES = [
    (phi, alpha, n) for n in (200, 600) for phi in (0.0, 0.3, 0.6, 0.8) for alpha in (0.05, 0.3)
]
FIELDS = ["phi", "alpha", "nights", "runs", "parameter", "coverage", "width"]
TARGET = Path(__file__).with_name("trend_bootstrap.csv")


def measure(phi, alpha, n, runs, rng):
    """Coverage and mean width of intercept and growth."""
    regression, width = linear_time(n), default_bandwidth(n)
    truth = np.array([np.log(FIRST_MEAN), GROWTH])
    covered, widths = np.zeros((runs, 2)), np.zeros((runs, 2))
    for run, counts in enumerate(simulate("copula", phi, alpha, n, runs, rng)):
        fit = fit_log_linear(counts)
        drawn = resampled_statistics(counts, fit, regression, (width, True, RESAMPLES), rng)
        laws = [SymmetricLaw.of_draws(column) for column in drawn.T]
        quantiles = [law.quantile(0.5 + LEVEL / 2) for law in laws]
        half = quantiles * np.sqrt(np.diag(fit.covariance(width)))
        covered[run], widths[run] = np.abs(fit.coef - truth) <= half, 2 * half
    return covered.mean(axis=0), widths.mean(axis=0)


def main():
    """Write the table, one row per case and parameter, each case with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, case in enumerate(CASES):
            found = measure(*case, RUNS[case[-1]], np.random.default_rng([SEED, number]))
            for name, *values in zip(PARAMETERS, *found, strict=True):
                out.writerow([*case, RUNS[case[-1]], name, *(f"{value:.5g}" for value in values)])
            file.flush()


if __name__ == "__main__":
    main()
