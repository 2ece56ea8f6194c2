"""Nightly counts of several regions with known means: the truth behind the studies of coverage.

Every region's counts are NB2 quantiles of a latent Gaussian AR(1), so that mean and dispersion are
exactly those asked for; a part of the latent values is the same for all regions.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
from scipy.signal import lfilter
from scipy.special import ndtr
from scipy.stats import nbinom

HERE = Path(__file__).parent

# Thirty regions as unequal as those of the record: claims a night, NB2 alpha, km to the border.
MEANS = np.array([12.4, 9.5, 7.0, 6.9, 6.5, 4.4, 4.3, 3.7, 2.2, 2.1, 2.1, 2.1, 2.0, 1.5, 1.4, 1.1, 0.84, 0.66, 0.56, 0.52, 0.43, 0.35, 0.33, 0.32, 0.31, 0.26, 0.19, 0.15, 0.09, 0.08])  # fmt: skip
ALPHAS = np.array([3.0, 2.0, 3.5, 2.6, 3.2, 7.1, 8.9, 3.9, 9.2, 8.8, 7.6, 6.0, 4.9, 14.6, 6.5, 9.2, 10.7, 6.3, 12.6, 19.0, 19.4, 18.3, 12.7, 14.7, 9.9, 25.0, 26.0, 30.0, 16.0, 19.0])  # fmt: skip
BORDER_KM = np.array([61, 27, 175, 89, 114, 124, 221, 144, 290, 447, 51, 249, 178, 521, 303, 288, 485, 274, 565, 824, 800, 662, 529, 856, 355, 422, 277, 699, 605, 508.0])  # fmt: skip


def simulate(means, alphas, phi, nights, runs, rng, shared=0.2, growth=0.0):
    """Counts of shape (runs, nights, k) for k means (of the whole period) and alphas.

    ``shared`` is the correlation between regions of the latent values of a night, ``growth`` the
    change of all log means per 30 nights.
    """
    latent = np.sqrt(shared) * rng.standard_normal((runs, nights, 1)) + np.sqrt(
        1 - shared
    ) * rng.standard_normal((runs, nights, len(means)))
    latent[:, 1:] *= np.sqrt(1 - phi**2)
    ranks = ndtr(lfilter([1.0], [1.0, -phi], latent, axis=1))
    path = np.exp(growth * np.arange(nights) / 30)
    path /= path.mean()
    counts = np.empty(ranks.shape)
    for k, (mean, alpha) in enumerate(zip(means, alphas, strict=True)):
        for night in range(nights) if growth else [slice(None)]:
            level = mean * (path[night] if growth else 1.0)
            counts[:, night, k] = np.searchsorted(law(level, alpha), ranks[:, night, k])
    return counts


@cache
def law(mean, alpha):
    """Distribution function of NB2 at 0, 1, 2, ... as far as it matters."""
    size = 1 / alpha
    chance = size / (size + mean)
    return nbinom.cdf(np.arange(nbinom.isf(1e-12, size, chance) + 1), size, chance)


def leave_out(counts, gaps, rng):
    """The same with a share of the nights without a number."""
    counts = counts.copy()
    counts[rng.random(counts.shape[:-1]) < gaps] = np.nan
    return counts


def impute(counts, joint, rng, draws=10):
    """Draws of counts (n, k) of which a share of nights tells only the sum: shares from the others."""
    hidden = rng.random(len(counts)) < joint
    drawn = np.repeat(counts[np.newaxis], draws, axis=0)
    known, sums = counts[~hidden], counts[hidden].sum(axis=1).astype(int)
    for draw in drawn:
        # Rubin & Schenker's approximate Bayesian bootstrap: donors from a resample of the nights.
        pool = known[rng.integers(0, len(known), len(known))]
        donors = pool[rng.integers(0, len(pool), len(sums))] + 0.5 * pool.mean(axis=0) + 1e-9
        shares = donors / donors.sum(axis=1, keepdims=True)
        draw[hidden] = rng.multinomial(sums, shares[:, ::-1])[:, ::-1]
    return drawn


def write(name, fields, rows):
    """Write a study's table beside its script, row by row."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(fields)
        for row in rows:
            out.writerow([f"{v:.5g}" if isinstance(v, float) else v for v in row])
            file.flush()
