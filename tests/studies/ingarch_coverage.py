"""Measure how often the intervals of `INGARCH` cover the truth, on series of the model itself.

Run from the root of the checkout; it rewrites ``ingarch_coverage.csv`` beside it (about five minutes
on one core)::

    python -m tests.studies.ingarch_coverage

Truth: NB2 with lags (1, 1) and a stationary mean of 8 (in the log link of the means' logarithm).
``gaps`` is the share of nights left out at random. Joint maximum likelihood, 95 % intervals from the
observed information and from the sandwich. Fits that end at a bound have no such intervals: they are
left out of the coverage and counted (``at_bound``), as are series that cannot be fitted.
"""

import csv
from pathlib import Path

import numpy as np
from scipy.stats import norm

from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.covariance import internal_covariance, params_covariance
from analysis.models.ingarch.forecasting import simulate_anew
from analysis.models.ingarch.objective import to_params

SEED = 20260414
RUNS = 2_000
MEAN = 8.0
LEVEL = 0.95
PARAMETERS = ("intercept", "past_obs_1", "past_mean_1", "dispersion")
#: Link, coefficients of the past count and the past mean, dispersion, nights, share of gaps.
CASES = [
    *[
        (link, beta, alpha, dispersion, n, 0.0)
        for link in ("log", "identity")
        for n in (200, 500, 1000)
        for beta, alpha in ((0.35, 0.4), (0.3, 0.6))
        for dispersion in (0.05, 0.3)
    ],
    *[(link, 0.35, 0.4, 0.3, 500, 0.1) for link in ("log", "identity")],
]
FIELDS = ["link", "past_obs", "past_mean", "alpha", "nights", "gaps", "runs", "failed", "at_bound"]
FIELDS += [f"{name}_{kind}" for kind in ("hessian", "sandwich") for name in PARAMETERS]
TARGET = Path(__file__).with_name("ingarch_coverage.csv")


def true_params(link, beta, alpha):
    """Parameters with the stationary value of the linear predictor at MEAN or its logarithm."""
    level = MEAN if link == "identity" else np.log(MEAN)
    return np.array([level * (1 - beta - alpha), beta, alpha])


def measure(case, runs, rng):
    """Numbers of failures and fits at a bound, and coverage by kind of covariance, (2, 4)."""
    link, beta, alpha, dispersion, n, gaps = case
    params = true_params(link, beta, alpha)
    truth = np.append(params, dispersion)
    model = INGARCH(np.ones(n) + np.arange(n) % 2, link=link)
    series = simulate_anew(model.fix(params, dispersion), None, runs, None, rng).astype(float)
    quantile = norm.ppf(0.5 + LEVEL / 2)
    failed, at_bound, covered = 0, 0, []
    for counts in series:
        counts[rng.random(n) < gaps] = np.nan
        obj = model.objective("joint", counts)
        try:
            fit = model.estimate("joint", obj)
        except FitError:
            failed += 1
            continue
        if fit.maximum.active:
            at_bound += 1
            continue
        error = np.abs(np.append(to_params(obj.rec, fit.theta), fit.dispersion) - truth)
        spreads = []
        for kind in ("hessian", "sandwich"):
            internal = internal_covariance(fit, kind)
            variances = np.append(np.diag(params_covariance(fit, internal)), internal[-1, -1])
            spreads.append(np.sqrt(variances))
        covered.append(error <= quantile * np.array(spreads))
    return failed, at_bound, np.mean(covered, axis=0)


def main():
    """Write the table, one row per case, each with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, case in enumerate(CASES):
            failed, at_bound, coverage = measure(case, RUNS, np.random.default_rng([SEED, number]))
            out.writerow([*case, RUNS, failed, at_bound, *(f"{c:.4f}" for c in coverage.ravel())])
            file.flush()


if __name__ == "__main__":
    main()
