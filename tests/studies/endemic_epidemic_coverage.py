"""Measure how often intervals of endemic-epidemic models cover the truth.

Run from the root of the checkout; it rewrites ``endemic_epidemic_coverage.csv`` beside it, all cases
or those given by number (one to two minutes each on one core)::

    python -m tests.studies.endemic_epidemic_coverage [0 ... 7]

Truth: six units in a row, first-order row-normalised weights, NB2 with dispersion 0.5, 180 nights. The
background is 1 a night for all (``plain``), or 0.3 to 5 by unit (``per-unit``); ``smooth`` fits a knot
per 60 nights to what has none; ``record`` has backgrounds by unit, weekdays and a background that
doubles, and is fitted with all of them, as the model of the record is. 95 % intervals: ``params`` of
`conf_int`, averaged over parameters that end at no bound (``at_bound``: share of fits with any);
``eigenvalue`` by bootstrap (19 replicates); ``shares_all``, ``shares_month`` those of `decomposition`
(100 draws) for what the components of the true model make of the counts simulated, by component.
``bias`` is the mean error of the log eigenvalue.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor
from analysis.models.endemic_epidemic.eigenvalue import dominant_eigenvalues, pooled_eigenvalue

SEED, RUNS, REPLICATES, NIGHTS, UNITS = 20260413, 400, 19, 180, 6
CASES = [
    (0.07, 0.03, "plain"),
    (0.4, 0.2, "plain"),
    (0.6, 0.3, "plain"),
    (0.7, 0.28, "plain"),
    (0.6, 0.3, "smooth"),
    (0.4, 0.2, "per-unit"),
    (0.07, 0.03, "record"),
    (0.6, 0.3, "record"),
]
FIELDS = ["ar", "ne", "eigenvalue_true", "fit", "nights", "runs", "failed", "at_bound"]
PARTS = ("ar", "ne", "end")
FIELDS += ["params", "eigenvalue", "bias"]
FIELDS += [f"shares_{by}_{part}" for by in ("all", "month") for part in PARTS]
DRAWS = 100
TARGET = Path(__file__).with_name("endemic_epidemic_coverage.csv")
ROW = pd.DataFrame(np.diag(np.ones(UNITS - 1), 1) + np.diag(np.ones(UNITS - 1), -1))
LEVELS = np.log([0.3, 0.6, 1.0, 1.5, 2.5, 5.0])
NIGHT = pd.date_range("2025-01-01", periods=NIGHTS, name="night")
#: Backgrounds to fit, by kind.
ENDS = {
    "plain": Predictor(),
    "smooth": Predictor(knots_every=60),
    "per-unit": Predictor(intercept="per-unit"),
    "record": Predictor(intercept="per-unit", weekday=True, knots_every=60),
}


def true_model(ar, ne, kind, nights=NIGHTS):
    """The model with its true parameters."""
    index = pd.date_range(NIGHT[0], periods=nights, name="night")
    blank = pd.DataFrame(np.full((nights, UNITS), 4.0), index)
    truth = {"ar.intercept": np.log(ar), "ne.intercept": np.log(ne), "log_dispersion": np.log(0.5)}
    if kind in ("plain", "smooth"):
        return EndemicEpidemic(blank, ROW).fix(truth | {"end.intercept": 0.0})
    truth |= {f"end.intercept[{unit}]": level for unit, level in enumerate(LEVELS)}
    if kind == "record":
        days = ("tue", "wed", "thu", "fri", "sat", "sun")
        truth |= {f"end.weekday_{day}": 0.1 * (k - 2) for k, day in enumerate(days)}
        knots = round((nights - 2) / ENDS[kind].knots_every)
        truth |= {f"end.smooth_{k + 1}": (k + 1) / knots * np.log(2) for k in range(knots)}
    return EndemicEpidemic(blank, ROW, end=ENDS[kind]).fix(truth)


def shares_held(truth, found, by):
    """Whether the interval of every share holds what the true model makes of the same counts."""
    target = EndemicEpidemic(found.endog, ROW, end=truth.assembly.options.predictors["end"]).fix(
        pd.Series(truth.params)
    )
    told = found.decomposition(by, draws=DRAWS)
    share = target.decomposition(by)["share"]
    held = (told["lower"] <= share) & (share <= told["upper"])
    return held.groupby(told["component"]).mean()[list(PARTS)].to_list()


def measure(ar, ne, kind, runs, rng):
    """True eigenvalue, failed runs, and the means of the last fields."""
    truth = true_model(ar, ne, kind)
    target = dominant_eigenvalues(truth.rates)[0]
    rows, failed = [], 0
    for counts in truth.simulate(runs, rng):
        try:
            found = EndemicEpidemic(pd.DataFrame(counts, NIGHT), ROW, end=ENDS[kind]).fit()
            eigen = pooled_eigenvalue([found], REPLICATES, rng)
        except FitError:
            failed += 1
            continue
        limits = found.conf_int()
        known = limits.index.intersection(truth.params.index)
        limits = limits.loc[known.drop("end.intercept") if kind == "smooth" else known]
        aim = truth.params[limits.index]
        told = limits["lower"].notna()
        inside = ((limits["lower"] <= aim) & (aim <= limits["upper"]))[told].mean()
        (lower, *_), (upper, *_) = eigen.interval(0.95)
        error = np.log(max(eigen.estimate[0], 0.01) / target)
        shares = [share for by in ("all", "month") for share in shares_held(truth, found, by)]
        rows.append([not told.all(), inside, lower <= target <= upper, error, *shares])
    return target, failed, *np.nanmean(np.array(rows, dtype=float), axis=0)


def committed():
    """The rows of the table by the number of their case."""
    if not TARGET.exists():
        return {}
    with TARGET.open(encoding="utf-8", newline="") as file:
        return {
            CASES.index((float(row[0]), float(row[1]), row[3])): row
            for row in [*csv.reader(file)][1:]
        }


def main():
    """Measure the cases named by number, or all, each with a stream of its own."""
    rows = committed()
    for number in map(int, sys.argv[1:] or range(len(CASES))):
        ar, ne, kind = CASES[number]
        rng = np.random.default_rng([SEED, number])
        target, failed, *found = measure(ar, ne, kind, RUNS, rng)
        told = [ar, ne, f"{target:.3g}", kind, NIGHTS, RUNS, failed]
        rows[number] = [*told, *(f"{value:.4g}" for value in found)]
        with TARGET.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerows([FIELDS, *(rows[k] for k in sorted(rows))])


if __name__ == "__main__":
    main()
