"""Measure how often the trend's bootstrap intervals, and those of other terms, cover the truth.

Run from the root of the checkout; it rewrites ``trend_intervals.csv`` beside it (about ten minutes
on one core)::

    python -m tests.studies.trend_intervals

Series are those of `trend_coverage` (NB2 copula of a latent AR(1), 10 % growth). ``bootstrap`` is
the refitted block bootstrap of the plain trend with 199 resamples. Each of its runs has 199 fits, so
there are fewer than in `trend_coverage`: a standard error is 1.1 points with 400 runs (200 nights)
and 2.2 with 100 (600 nights). ``terms`` are fixed-b intervals, by simulated laws, of a trend with a
knot in the middle, a level shift after a third, and weekdays, none of which does anything in truth;
the laws are simulated once a case, with the weights of the true mean (1,000 and 500 runs).
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.hac import default_bandwidth
from analysis.inference.simulated_law import simulated_laws
from analysis.inference.symmetric_law import SymmetricLaw
from analysis.models.trend.log_linear import evaluate_log_linear, fit_log_linear
from analysis.models.trend.regression import Regression, Terms, linear_time
from analysis.models.trend.resampling import resampled_statistics
from tests.studies.trend_coverage import FIRST_MEAN, GROWTH, LEVEL, simulate

SEED = 20260922
RESAMPLES = 199
BOOTSTRAP_RUNS = {200: 400, 600: 100}
TERM_RUNS = {200: 1000, 600: 500}
CASES = [
    (kind, phi, alpha, n)
    for kind in ("bootstrap", "terms")
    for n in (200, 600)
    for phi in (0.0, 0.3, 0.6, 0.8)
    for alpha in (0.05, 0.3)
]
FIELDS = ["kind", "phi", "alpha", "nights", "runs", "parameter", "coverage", "width"]
TARGET = Path(__file__).with_name("trend_intervals.csv")


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


def measure_bootstrap(phi, alpha, n, runs, rng):
    """Coverage and mean width by parameter of the plain trend."""
    regression, width = linear_time(n), default_bandwidth(n)
    truth = np.array([np.log(FIRST_MEAN), GROWTH])

    def one(counts):
        fit = fit_log_linear(counts)
        drawn = resampled_statistics(counts, fit, regression, (width, True, RESAMPLES), rng)
        laws = [SymmetricLaw.of_draws(column) for column in drawn.T]
        return fit, laws

    return _measure(simulate("copula", phi, alpha, n, runs, rng), one, truth, width)


def measure_terms(phi, alpha, n, runs, rng):
    """Coverage and mean width by parameter of a trend with all terms, by simulated laws."""
    (regression, truth), width = all_terms(n), default_bandwidth(n)
    counts = simulate("copula", phi, alpha, n, runs, rng)
    true_fit = evaluate_log_linear(counts[0], regression, truth, alpha)
    laws = simulated_laws(true_fit.root, np.ones(n, bool), width, rng)
    return _measure(counts, lambda one: (fit_log_linear(one, regression), laws), truth, width)


def _measure(series, estimate, truth, width):
    """Shares covered and mean widths over runs."""
    covered, widths = [], []
    for counts in series:
        fit, laws = estimate(counts)
        quantiles = [law.quantile(0.5 + LEVEL / 2) for law in laws]
        half = quantiles * np.sqrt(np.diag(fit.covariance(width)))
        covered.append(np.abs(fit.coef - truth) <= half)
        widths.append(2 * half)
    return np.mean(covered, axis=0), np.mean(widths, axis=0)


def main():
    """Write the table, one row per case and parameter, each case with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, (kind, phi, alpha, n) in enumerate(CASES):
            rng = np.random.default_rng([SEED, number])
            runs = (BOOTSTRAP_RUNS if kind == "bootstrap" else TERM_RUNS)[n]
            measure = measure_bootstrap if kind == "bootstrap" else measure_terms
            names = ("intercept", "growth") if kind == "bootstrap" else all_terms(n)[0].names
            for name, *found in zip(names, *measure(phi, alpha, n, runs, rng), strict=True):
                values = (f"{value:.5g}" for value in found)
                out.writerow([kind, phi, alpha, n, runs, name, *values])
            file.flush()


if __name__ == "__main__":
    main()
