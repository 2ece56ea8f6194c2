"""Measure how often the trend's forecast intervals hold the night that comes.

Run from the root of the checkout; it rewrites ``trend_forecast_coverage.csv`` beside it (about two
minutes on one core)::

    python -m tests.studies.trend_forecast_coverage

Series are those of `trend_coverage` (NB2 copula of a latent AR(1), 10 % growth), of 200 nights
and fourteen more, which `TrendResults.get_forecast` foretells by a mixture over 250 drawn
parameters. Nothing is conditional on last night: a run counts whether that was high or low. A count
lies within the central interval if it lies between its quantiles, ends included; counts are whole,
so intervals hold somewhat more than their level. A standard error is 1.6, 1.3 and 0.7 points at
50, 80 and 95 %.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.models import fit_trend
from tests.studies.trend_coverage import simulate

SEED = 20261107
RUNS = 1_000
DRAWS = 250
LEVELS = (0.5, 0.8, 0.95)
AHEAD = (1, 7, 14)
CASES = [(phi, alpha, 200) for phi in (0.0, 0.6) for alpha in (0.05, 0.3)]
FIELDS = ["phi", "alpha", "nights", "runs", "ahead", "level", "coverage"]
TARGET = Path(__file__).with_name("trend_forecast_coverage.csv")


def measure(phi, alpha, n, runs, rng):
    """Shares of nights that come within the interval, shape (ahead, level)."""
    nights, held = pd.date_range("2024-01-01", periods=n), []
    tail = (1 - np.array(LEVELS)) / 2
    for run, counts in enumerate(simulate("copula", phi, alpha, n + max(AHEAD), runs, rng)):
        fit = fit_trend(pd.Series(counts[:n], nights), start=nights[0])
        forecast = fit.get_forecast(max(AHEAD), draws=DRAWS, rng=run)[np.array(AHEAD) - 1]
        came = counts[n - 1 + np.array(AHEAD)]
        # A quantile is the first count at which the distribution function reaches its probability.
        upto, below = forecast.cdf(came)[:, np.newaxis], forecast.cdf(came - 1)[:, np.newaxis]
        held.append((upto >= tail) & (below < 1 - tail))
    return np.mean(held, axis=0)


def main():
    """Write the table, one row per case, night and level, each case with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, case in enumerate(CASES):
            found = measure(*case, RUNS, np.random.default_rng([SEED, number]))
            for ahead, row in zip(AHEAD, found, strict=True):
                for level, value in zip(LEVELS, row, strict=True):
                    out.writerow([*case, RUNS, ahead, level, f"{value:.5g}"])
            file.flush()


if __name__ == "__main__":
    main()
