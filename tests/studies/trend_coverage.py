"""Measure how often the intervals of `fit_trend` cover the truth.

Run from the root of the checkout; it rewrites ``trend_coverage.csv`` beside it (about
ten minutes on one core)::

    python -m tests.studies.trend_coverage

Truth: 10 % growth per 30 nights from a mean of 20. Nights follow NB2 with dispersion alpha and
lean on a latent Gaussian AR(1) of autocorrelation phi in one of two ways:

``copula``   the night's NB2 quantile of the latent value, so alpha is the whole dispersion;
``latent``   NB2 around a mean that the latent value moves (standard deviation 0.5 in the log).

``gaps`` is the share of nights left out at random.
"""

import csv
from pathlib import Path

import numpy as np
from scipy.signal import lfilter
from scipy.special import ndtr
from scipy.stats import norm

from analysis.inference.fixed_b import linear_trend_laws
from analysis.inference.hac import default_bandwidth
from analysis.models.trend.log_linear import fit_log_linear
from analysis.models.trend.resampling import counts_at

PARAMETERS = ("intercept", "growth")

SEED = 20260413
RUNS = 4_000
GROWTH = np.log(1.1)
FIRST_MEAN = 20.0
LATENT_SD = 0.5
LEVEL = 0.95
CASES = [
    *[
        (law, phi, alpha, n, 0.0)
        for law in ("copula", "latent")
        for n in (200, 600)
        for phi in (0.0, 0.3, 0.6, 0.8)
        for alpha in (0.05, 0.3)
    ],
    *[("copula", 0.6, 0.3, n, 0.0) for n in (30, 60, 100)],
    *[("copula", phi, 0.3, n, 0.1) for n in (200, 600) for phi in (0.0, 0.6)],
]
FIELDS = [
    "law",
    "phi",
    "alpha",
    "nights",
    "gaps",
    "runs",
    "growth",
    "intercept",
    "plain_growth",
    "width",
]
TARGET = Path(__file__).with_name("trend_coverage.csv")


def simulate(law, phi, alpha, n, runs, rng, growth=GROWTH):
    """Counts of shape (runs, n) with known growth."""
    mean = FIRST_MEAN * np.exp(growth * np.arange(n) / 30)
    noise = rng.standard_normal((runs, n)) * np.sqrt(1 - phi**2)
    noise[:, 0] /= np.sqrt(1 - phi**2)  # so that the first night is stationary already
    latent = lfilter([1.0], [1.0, -phi], noise, axis=1)
    if law == "copula":
        return counts_at(ndtr(latent), mean, alpha)
    moved = mean * np.exp(LATENT_SD * latent - LATENT_SD**2 / 2)
    return rng.poisson(moved * rng.gamma(1 / alpha, alpha, (runs, n))).astype(float)


def measure(law, phi, alpha, n, gaps, runs, rng):
    """Shares of runs covered: growth, intercept, plain Newey-West growth; mean width of growth."""
    truth = np.array([np.log(FIRST_MEAN), GROWTH])
    width = default_bandwidth(n)
    plain_lags = int(4 * (n / 100) ** (2 / 9)) + 1
    covered, plain, half = np.zeros((runs, 2)), np.zeros(runs), np.zeros((runs, 2))
    for run, counts in enumerate(simulate(law, phi, alpha, n, runs, rng)):
        if gaps:
            counts[rng.random(n) < gaps] = np.nan
        fit = fit_log_linear(counts)
        error = np.abs(fit.coef - truth)
        laws = linear_trend_laws(width / n, int(fit.seen.sum()))
        half[run] = [law.quantile(0.5 + LEVEL / 2) for law in laws] * np.sqrt(
            np.diag(fit.covariance(width))
        )
        covered[run] = error <= half[run]
        naive = np.sqrt(fit.covariance(plain_lags, prewhiten=False)[1, 1])
        plain[run] = error[1] <= norm.ppf(0.5 + LEVEL / 2) * naive
    return covered[:, 1].mean(), covered[:, 0].mean(), plain.mean(), 2 * half[:, 1].mean()


def main():
    """Write the table, one row per case, each with a stream of its own."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(FIELDS)
        for number, case in enumerate(CASES):
            found = measure(*case, RUNS, np.random.default_rng([SEED, number]))
            out.writerow([*case, RUNS, *(f"{value:.5g}" for value in found)])
            file.flush()


if __name__ == "__main__":
    main()
