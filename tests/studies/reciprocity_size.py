"""Measure how often `fit_reciprocity` rejects at 5 %, beside the naive version.

Run from the root of the checkout; it rewrites ``reciprocity_size.csv`` beside it (about twenty
minutes on two cores)::

    python -m tests.studies.reciprocity_size

Two sides of 400 nights, NB2 with dispersion 0.4 around a mean of about 30, own memory of last night
(0.3) and of the week (0.2). ``cycle`` is the amplitude, in the log of the background, of one slow
cycle of ``period`` nights that both share; ``follow`` lets the first side hold that share of the
other's count three nights before. Rejection at 5 % with 39 replicates means that at most one of them
reaches the statistic; counting stops at the second. The naive version (the first 100 runs) leaves
trend and weekdays out, takes the lag with the best AIC and the chi-square quantile of one degree of
freedom.
"""

import csv
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis.models.endemic_epidemic.simulation import draw_counts
from analysis.models.reciprocity.bootstrap import exceedances, simulate_side
from analysis.models.reciprocity.equation import WEEK, make_equation
from analysis.models.reciprocity.testing import KNOTS_EVERY

SEED, REPLICATES, NIGHTS, LAGS = 20260413, 39, 400, 7
ENOUGH = 2  # of 39: p > 5 %
NAIVE_RUNS = 100  # it errs so often that these show it
CASES = [
    ("independent", 0.0, 150, 0.0, 1_000),
    ("shared cycle of 300 nights", 0.8, 300, 0.0, 1_000),
    ("shared cycle of 150 nights", 0.8, 150, 0.0, 1_000),
    ("shared cycle of 100 nights", 0.8, 100, 0.0, 1_000),
    ("follows", 0.8, 150, 0.15, 100),
    ("follows more", 0.8, 150, 0.3, 100),
]
FIELDS = ["case", "cycle", "period", "follow", "nights", "runs", "replicates", "rejected", "naive"]
TARGET = Path(__file__).with_name("reciprocity_size.csv")
INDEX = pd.date_range("2024-07-01", periods=NIGHTS)


def simulate(cycle, period, follow, rng):
    """Both sides, shape (2, nights)."""
    phase = rng.uniform(0, 2 * np.pi)
    slow = np.exp(cycle * np.sin(2 * np.pi * np.arange(NIGHTS) / period + phase))
    paths = np.full((2, NIGHTS + WEEK), 30.0)
    alpha = np.array([0.4])
    for night in range(NIGHTS):
        at = night + WEEK
        for side in (0, 1):
            own = paths[side, at - WEEK : at]
            mean = 0.3 * own[-1] + 0.2 * own[:-1].mean() + 15 * slow[night]
            mean += follow * paths[1, at - 3] * (side == 0)
            paths[side, at] = draw_counts(np.array([mean]), alpha, rng)[0]
    return paths[:, WEEK:]


def rejects(own, other, rng, replicates=REPLICATES, enough=ENOUGH):
    """Whether the test of the package rejects at 5 %."""
    sides = (own, other)
    equations = [make_equation(sides[k], sides[1 - k], INDEX, LAGS, KNOTS_EVERY) for k in (0, 1)]
    nulls = [equations[k].fit(sides[k], sides[1 - k]) for k in (0, 1)]
    statistic = equations[0].ratios(own, other, nulls[0]).max()
    drawn = tuple(simulate_side(equations[k], nulls[k], sides[k], replicates, rng) for k in (0, 1))
    return exceedances(drawn, equations[0], nulls[0], statistic, enough) < enough


def naive_rejects(own, other):
    """Whether the naive version rejects at 5 %."""
    equation = make_equation(own, other, INDEX, LAGS, None)
    null = equation.fit(own, other)
    return equation.ratios(own, other, null).max() > chi2.ppf(0.95, 1)


def measure(cycle, period, follow, runs, rng):
    """Shares of runs in which each version rejects."""
    ours, naive = [], []
    for run in range(runs):
        own, other = simulate(cycle, period, follow, rng)
        ours.append(rejects(own, other, rng))
        if run < NAIVE_RUNS:
            naive.append(naive_rejects(own, other))
    return np.mean(ours), np.mean(naive)


def row(number):
    """One row of the table; each case has a stream of its own."""
    case, cycle, period, follow, runs = CASES[number]
    found = measure(cycle, period, follow, runs, np.random.default_rng([SEED, number]))
    told = (f"{value:.4g}" for value in found)
    return [case, cycle, period, follow, NIGHTS, runs, REPLICATES, *told]


def main():
    """Write the table, a case on each of two cores at a time."""
    with ProcessPoolExecutor(2) as cores:
        rows = list(cores.map(row, range(len(CASES))))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        out.writerows(rows)


if __name__ == "__main__":
    main()
