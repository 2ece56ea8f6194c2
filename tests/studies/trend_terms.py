"""Measure how often the intervals of a trend with a knot, a shift and weekdays cover the truth.

Run from the root of the checkout; it rewrites ``trend_terms.csv`` beside it (about ten minutes on
one core)::

    python -m tests.studies.trend_terms

Series are those of `trend_coverage`, with 10 % growth. The trend has a knot in the middle, a level
shift after a third, and weekdays, none of which does anything in truth. Its fixed-b laws are
simulated once a case, at the mean of the fitted dispersions, on a grid of autocorrelations; each
run is judged by the quantile at its own, between those of the grid. A standard error is 0.5 points
(200 nights) and 0.7 (600 nights).
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.hac import default_bandwidth
from analysis.inference.simulated_law import simulated_laws
from analysis.models.trend.log_linear import evaluate_log_linear, fit_log_linear
from analysis.models.trend.regression import Regression, Terms
from tests.studies.trend_coverage import FIRST_MEAN, GROWTH, LEVEL, simulate

SEED = 20260923
RUNS = {200: 2_000, 600: 1_000}
CASES = [
    (law, phi, alpha, n)
    for law in ("copula", "latent")
    for n in (200, 600)
    for phi in (0.0, 0.3, 0.6, 0.8)
    for alpha in (0.05, 0.3)
]
GRID = 5
FIELDS = ["law", "phi", "alpha", "nights", "runs", "parameter", "coverage", "width"]
TARGET = Path(__file__).with_name("trend_terms.csv")


def all_terms(n):
    """Regression with a knot, a level shift and weekdays, and its true coefficients."""
    nights = pd.date_range("2024-01-01", periods=n)
    terms = Terms(nights[0], weekday=True, shifts=(nights[n // 3],), knots=(nights[n // 2],))
    columns = terms.columns(nights)
    regression = Regression(tuple(columns), np.column_stack(list(columns.values())), np.zeros(n))
    truth = [
        np.log(FIRST_MEAN) if name == "intercept" else GROWTH * name.startswith("growth")
        for name in columns
    ]
    return regression, np.array(truth)


def quantiles_at(memories, root, width, rng):
    """Quantiles at each autocorrelation, shape (m,) -> (m, k), interpolated over a grid."""
    grid = np.linspace(memories.min(), memories.max(), GRID)
    seen = np.ones(len(root), dtype=bool)
    at_grid = np.array(
        [
            [law.quantile(0.5 + LEVEL / 2) for law in simulated_laws(root, seen, width, rng, rho)]
            for rho in grid
        ]
    )
    return np.column_stack([np.interp(memories, grid, column) for column in at_grid.T])


def measure(law, phi, alpha, n, runs, rng):
    """Coverage and mean width by parameter, shape (k,) each."""
    (regression, truth), width = all_terms(n), default_bandwidth(n)
    counts = simulate(law, phi, alpha, n, runs, rng)
    fits = [fit_log_linear(one, regression) for one in counts]
    usual = float(np.mean([fit.dispersion for fit in fits]))
    root = evaluate_log_linear(counts[0], regression, truth, usual).root
    quantiles = quantiles_at(np.array([fit.autocorrelation for fit in fits]), root, width, rng)
    errors = np.sqrt([np.diag(fit.covariance(width)) for fit in fits])
    deviations = np.abs(np.array([fit.coef for fit in fits]) - truth)
    half = quantiles * errors
    return (deviations <= half).mean(axis=0), 2 * half.mean(axis=0)


def main():
    """Write the table, one row per case and parameter, each case with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, (law, phi, alpha, n) in enumerate(CASES):
            found = measure(law, phi, alpha, n, RUNS[n], np.random.default_rng([SEED, number]))
            for name, *values in zip(all_terms(n)[0].names, *found, strict=True):
                written = (f"{value:.5g}" for value in values)
                out.writerow([law, phi, alpha, n, RUNS[n], name, *written])
            file.flush()


if __name__ == "__main__":
    main()
