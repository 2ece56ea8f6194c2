"""Measure how often the intervals of `fit_trend` cover the truth.

Run from the root of the checkout; it rewrites ``trend_coverage.csv`` beside it (a few
minutes on one core)::

    python -m tests.studies.trend_coverage

Truth: 10 % growth per 30 nights from a mean of 20. Nights follow NB2 with dispersion alpha and
lean on a latent Gaussian AR(1) of autocorrelation phi in one of two ways:

``copula``   the night's NB2 quantile of the latent value, so alpha is the whole dispersion;
``latent``   NB2 around a mean that the latent value moves (standard deviation 0.5 in the log).

``gaps`` is the share of nights left out at random.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
from scipy.signal import lfilter
from scipy.special import digamma, ndtr
from scipy.stats import norm

from analysis.inference.fixed_b import linear_trend_laws
from analysis.inference.hac import default_bandwidth
from analysis.inference.nb2_many import fit_means
from analysis.models.trend.log_linear import evaluate_log_linear, fit_log_linear
from analysis.models.trend.regression import linear_time
from analysis.models.trend.resampling import counts_at

TURNS = 8
LEAST = np.log(1e-3)
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


@cache
def quantiles(b, nights):
    """Of intercept and growth over their errors, shape (2,)."""
    return np.array([law.quantile(0.5 + LEVEL / 2) for law in linear_trend_laws(b, nights)])


def fit_together(counts):
    """`fit_log_linear` of all series without gaps, shape (runs, n), side by side."""
    regression = linear_time(counts.shape[1])
    start = np.array([np.log(counts.mean()), 0.0])
    log_alpha = np.full((len(counts), 1), np.log(0.2))
    for _ in range(TURNS):
        coefs = fit_means(counts, regression.design, 0.0, np.exp(log_alpha), start)
        mean, before = np.exp(coefs @ regression.design.T), log_alpha
        for _ in range(TURNS):
            here, there = (_score(log_alpha + side, counts, mean) for side in (0.0, 1e-4))
            step = np.clip(-here / (there - here) * 1e-4, -1.0, 1.0)
            log_alpha = np.maximum(log_alpha + step, LEAST)
    # What ran off towards no dispersion, or has not settled, is fitted alone.
    alone = (np.abs(log_alpha - before) > 1e-8) | (np.abs(step) > 1e-8) | (log_alpha == LEAST)
    return [
        fit_log_linear(one) if odd else evaluate_log_linear(one, regression, coef, np.exp(log_))
        for one, odd, coef, log_ in zip(counts, alone[:, 0], coefs, log_alpha[:, 0], strict=True)
    ]


def _score(log_alpha, counts, mean):
    """Slope of the likelihood in log alpha times alpha, shape (runs, 1), means held."""
    alpha = np.exp(log_alpha)
    rise = digamma(counts + 1 / alpha) - digamma(1 / alpha)
    terms = np.log1p(alpha * mean) - rise + alpha * (counts - mean) / (1 + alpha * mean)
    return terms.sum(axis=1, keepdims=True)


def measure(law, phi, alpha, n, gaps, runs, rng):
    """Shares of runs covered: growth, intercept, plain Newey-West growth; mean width of growth."""
    truth = np.array([np.log(FIRST_MEAN), GROWTH])
    width = default_bandwidth(n)
    plain_lags = int(4 * (n / 100) ** (2 / 9)) + 1
    covered, plain, half = np.zeros((runs, 2)), np.zeros(runs), np.zeros((runs, 2))
    counts = simulate(law, phi, alpha, n, runs, rng)
    counts[rng.random(counts.shape) < gaps] = np.nan
    # A short series may end in the Poisson limit, which is found one by one.
    together = gaps == 0 and n >= 200
    fits = fit_together(counts) if together else [fit_log_linear(one) for one in counts]
    for run, fit in enumerate(fits):
        error = np.abs(fit.coef - truth)
        half[run] = quantiles(width / n, int(fit.seen.sum())) * np.sqrt(
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
