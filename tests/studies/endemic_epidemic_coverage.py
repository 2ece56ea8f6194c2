"""Measure how often intervals of endemic-epidemic models cover the truth.

Run from the root of the checkout; it rewrites ``endemic_epidemic_coverage.csv`` beside it (about three
minutes on one core)::

    python -m tests.studies.endemic_epidemic_coverage

Truth: six units in a row, first-order row-normalised weights, a shared background of 1 per night, NB2
with dispersion 0.5, 180 nights. ``params`` is the coverage of the 95 % intervals of `conf_int`,
averaged over the parameters; ``eigenvalue`` that of the bootstrap interval (59 replicates); ``bias``
the mean error of the log eigenvalue. ``smooth`` fits with a knot per 60 nights what has none.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor
from analysis.models.endemic_epidemic.eigenvalue import dominant_eigenvalues, pooled_eigenvalue

SEED, RUNS, REPLICATES, NIGHTS, UNITS = 20260413, 100, 59, 180, 6
CASES = [(0.4, 0.2, ""), (0.6, 0.3, ""), (0.7, 0.28, ""), (0.6, 0.3, "smooth")]
FIELDS = ["ar", "ne", "eigenvalue_true", "fit", "nights", "runs", "failed"]
FIELDS += ["params", "eigenvalue", "bias"]
TARGET = Path(__file__).with_name("endemic_epidemic_coverage.csv")
ROW = pd.DataFrame(np.diag(np.ones(UNITS - 1), 1) + np.diag(np.ones(UNITS - 1), -1))


def true_model(ar, ne):
    """The model with its true parameters."""
    blank = pd.DataFrame(np.full((NIGHTS, UNITS), 4.0))
    truth = {"ar.intercept": np.log(ar), "ne.intercept": np.log(ne)}
    truth |= {"end.intercept": 0.0, "log_dispersion": np.log(0.5)}
    return EndemicEpidemic(blank, ROW).fix(truth)


def measure(ar, ne, kind, runs, rng):
    """Failed runs, coverage of parameters and eigenvalue, mean error of the log eigenvalue."""
    truth = true_model(ar, ne)
    target = dominant_eigenvalues(truth.rates)[0]
    end = Predictor(knots_every=60) if kind == "smooth" else Predictor()
    params, inside, errors, failed = [], [], [], 0
    for counts in truth.simulate(runs, rng):
        try:
            found = EndemicEpidemic(pd.DataFrame(counts), ROW, end=end).fit()
            eigen = pooled_eigenvalue([found], REPLICATES, rng)
        except FitError:
            failed += 1
            continue
        limits = found.conf_int().loc[truth.params.index if not kind else ["ar.intercept"]]
        aim = truth.params[limits.index]
        told = limits["lower"].notna()
        params.append(((limits["lower"] <= aim) & (aim <= limits["upper"]))[told].mean())
        lower, upper = eigen.interval(0.95)
        inside.append(lower[0] <= target <= upper[0])
        errors.append(np.log(max(eigen.estimate[0], 0.01) / target))
    return target, failed, np.nanmean(params), np.mean(inside), np.mean(errors)


def main():
    """Write the table, one row per case, each with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, (ar, ne, kind) in enumerate(CASES):
            rng = np.random.default_rng([SEED, number])
            target, failed, *found = measure(ar, ne, kind, RUNS, rng)
            row = [ar, ne, f"{target:.3g}", kind or "true", NIGHTS, RUNS, failed]
            out.writerow([*row, *(f"{value:.4g}" for value in found)])
            file.flush()


if __name__ == "__main__":
    main()
