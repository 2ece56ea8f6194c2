"""Simulate the quantiles of fixed-b t-statistics for a mean, and for a linear trend.

Run from the root of the checkout; it rewrites ``analysis/inference/fixed_b.csv``
(about three minutes on one core)::

    python -m tests.studies.fixed_b_quantiles

Each draw is a linear regression of 1,000 independent normal errors on the design; the
statistic divides an estimate by the root of its Bartlett variance with bandwidth ``b n``.
"""

import csv
from pathlib import Path

import numpy as np

from analysis.inference.hac import bartlett_covariance

SEED = 20050565
NIGHTS = 1_000
DRAWS = 200_000
CHUNK = 2_000
SHARES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)
PROBABILITIES = (
    0.5,
    0.6,
    0.7,
    0.8,
    0.85,
    0.9,
    0.925,
    0.95,
    0.975,
    0.99,
    0.995,
    0.999,
    0.9995,
    0.9999,
)
TARGET = Path(__file__).resolve().parents[2] / "analysis" / "inference" / "fixed_b.csv"


def trend_design(nights):
    """Intercept and time from 0 to 1: shape (nights, 2)."""
    return np.column_stack([np.ones(nights), np.arange(nights) / nights])


def statistics(design, shares, draws, rng):
    """t-statistics, shape (len(shares), draws, k), of pure noise on a design (n, k)."""
    inverse = np.linalg.inv(design.T @ design)
    weights = design @ inverse
    errors = rng.standard_normal((draws, len(design)))
    estimates = errors @ weights
    residuals = errors - estimates @ design.T
    found = np.empty((len(shares), *estimates.shape))
    for parameter in range(design.shape[1]):
        # One column a draw: the diagonal of the covariance is what is wanted, never the rest.
        influence = (residuals * weights[:, parameter]).T
        for row, share in enumerate(shares):
            variance = bartlett_variances(influence, int(np.ceil(share * len(design))))
            found[row, :, parameter] = estimates[:, parameter] / np.sqrt(variance)
    return found


def bartlett_variances(influence, bandwidth):
    """Diagonal of `bartlett_covariance`, without the products between columns."""
    cumulated = np.cumsum(np.pad(influence, ((bandwidth, bandwidth), (0, 0))), axis=0)
    sums = cumulated[bandwidth:] - cumulated[:-bandwidth]
    return np.einsum("ij,ij->j", sums, sums) / bandwidth


def quantiles(design, shares, draws, rng):
    """Quantiles of the symmetric statistics at PROBABILITIES: shape (len(shares), p, k)."""
    parts = [statistics(design, shares, CHUNK, rng) for _ in range(draws // CHUNK)]
    sizes = np.abs(np.concatenate(parts, axis=1))
    two_sided = [2 * p - 1 for p in PROBABILITIES]
    return np.moveaxis(np.quantile(sizes, two_sided, axis=1), 0, 1)


def main():
    """Write the table."""
    rng = np.random.default_rng(SEED)
    check = rng.standard_normal((50, 3))
    assert np.allclose(bartlett_variances(check, 7), np.diag(bartlett_covariance(check, 7)))
    trend = quantiles(trend_design(NIGHTS), SHARES, DRAWS, rng)
    mean = quantiles(np.ones((NIGHTS, 1)), SHARES, DRAWS, rng)
    table = np.concatenate([trend, mean], axis=2)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["parameter", "b", *PROBABILITIES])
        for k, parameter in enumerate(("intercept", "growth", "mean")):
            for share, row in zip(SHARES, table[:, :, k], strict=True):
                out.writerow([parameter, share, *(f"{value:.4f}" for value in row)])


if __name__ == "__main__":
    main()
