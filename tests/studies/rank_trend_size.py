"""Measure how often Mann-Kendall's test at 5 % finds a trend where there is none.

Run from the root of the checkout; it rewrites ``rank_trend_size.csv`` beside it (about three
minutes on one core)::

    python -m tests.studies.rank_trend_size

Nights follow NB2 with mean 20 and dispersion 0.3 and lean on a latent Gaussian AR(1) of
autocorrelation phi (the copula of `trend_coverage`, without growth). ``independent`` takes nights
as independent, ``corrected`` is Hamed and Rao's correction; ``covered`` is the share of 95 %
intervals of Theil-Sen's slope, so widened, that hold 0.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.models.rank_trend import rank_trend
from tests.studies.trend_coverage import simulate

SEED = 19981204
RUNS = 1_000
ALPHA = 0.3
CASES = [(phi, n) for n in (200, 600) for phi in (0.0, 0.3, 0.6, 0.8)]
FIELDS = ["phi", "nights", "runs", "independent", "corrected", "covered"]
TARGET = Path(__file__).with_name("rank_trend_size.csv")


def measure(phi, n, runs, rng):
    """Shares of runs: rejected as independent, rejected as corrected, interval holds 0."""
    nights = pd.date_range("2024-01-01", periods=n)
    found = np.zeros((runs, 3))
    for run, counts in enumerate(simulate("copula", phi, ALPHA, n, runs, rng, growth=0.0)):
        series = pd.Series(counts, nights)
        corrected = rank_trend(series, start=nights[0])
        plain_z = corrected.z * np.sqrt(corrected.inflation)
        found[run] = (
            abs(plain_z) > 1.96,
            corrected.p_value < 0.05,
            corrected.lower <= 0 <= corrected.upper,
        )
    return found.mean(axis=0)


def main():
    """Write the table, one row per case, each with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, (phi, n) in enumerate(CASES):
            found = measure(phi, n, RUNS, np.random.default_rng([SEED, number]))
            out.writerow([phi, n, RUNS, *(f"{value:.5g}" for value in found)])
            file.flush()


if __name__ == "__main__":
    main()
