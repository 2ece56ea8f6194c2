"""The gamma-Poisson filter with a discount, over many regions at once. Arrays only.

Level, precision and gap stand for a gamma distribution: mean ``m``, rate ``b``. Everything is
analytic in the discount, so that a complex step gives exact derivatives.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.inference.negbin_law import Numbers, log_prob

#: A level does not fall below this.
LEAST: Final = 1e-250
#: Nor one that a path foretells below this.
FAINT: Final = 1e-9
#: Step of a derivative along the imaginary axis.
TINY: Final = 1e-30


@dataclass(frozen=True, slots=True, eq=False)
class Filtered:
    """Levels of n nights in R regions (perhaps for several discounts, in axes between).

    Attributes
    ----------
    mean : Numbers
        Expected level of a night given the nights before, shape (n, ..., R); 0 until a count above
        0 has been seen.
    excess : Numbers
        Variance of its count over the mean, less 1; infinite where nothing is known.
    level : Numbers
        Expected level given the night, too, shape (n, ..., R).
    rate : Numbers
        Rate of the gamma distribution of that level, shape (n, ..., R); its shape is level x rate.
    last : tuple of Numbers
        What forecasts start from: level, rate and gap after the last night, shape (..., R).
    """

    mean: Numbers
    excess: Numbers
    level: Numbers
    rate: Numbers
    last: tuple[Numbers, Numbers, Numbers]


def run_filter(counts: Floats, discount: Numbers) -> Filtered:
    """Filter counts night by night.

    Before night t the level is gamma with mean ``m`` and rate ``1 / excess``; its count is negative
    binomial with variance ``m (1 + excess)``. Without a gap the rate is ``discount * b``. Over a
    night without a number the mean stays and the excess grows as the sequence of predictions has
    it: with ``b' = discount * b + 1`` by ``1 / (discount b b')``, the variance of what the night
    would have taught.

    Parameters
    ----------
    counts : Floats
        Shape (n, R), NaN where there is none.
    discount : Numbers
        In (0, 1], shape (..., R).
    """
    shape = (len(counts), *discount.shape)
    mean, excess, level, rate = (np.zeros(shape, dtype=discount.dtype) for _ in range(4))
    m, b, gap = (np.zeros(discount.shape, dtype=discount.dtype) for _ in range(3))
    for t, row in enumerate(counts):
        seen, begun, above = ~np.isnan(row), b.real > 0, m.real > 0
        before = np.where(begun, discount * b, 1.0)
        mean[t] = m
        excess[t] = np.where(begun, 1 / before + gap, np.inf)
        known = np.where(begun, 1 / np.where(begun, excess[t], 1.0), 0.0)
        y = np.where(seen, row, 0.0)
        m = np.where(seen, m + (y - m) / (known + 1), m)
        # Of a level that was there something remains, however many zeros follow.
        m = np.where(above & (m.real < LEAST), LEAST, m)
        level[t], rate[t] = m, known + seen
        gap = np.where(seen | ~begun, 0.0, gap + 1 / (before * (before + 1)))
        b = np.where(seen, known + 1, np.where(begun, before + 1, 0.0))
    return Filtered(mean, excess, level, rate, (m, b, gap))


def foretell(filtered: Filtered, discount: Numbers, horizon: int) -> tuple[Floats, Floats]:
    """Mean and excess of the counts of the nights to come, shape (horizon, ..., R) each.

    As if they were a gap: both are those of the sequence of one-step predictions.
    """
    m, b, gap = filtered.last
    excess = np.empty((horizon, *m.shape))
    for step in range(horizon):
        before = discount * b
        excess[step] = 1 / before + gap
        gap = gap + 1 / (before * (before + 1))
        b = before + 1
    return np.broadcast_to(m, excess.shape), excess


def foretell_paths(
    filtered: Filtered, discount: Floats, shape: tuple[int, int], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Mean and excess of the nights to come along drawn counts, shape (draws, horizon, R) each.

    The discounts, shape (R,), or (draws, R) with counts filtered for each path.
    """
    draws, horizon = shape
    m, b, gap = filtered.last
    m = np.broadcast_to(m, (draws, m.shape[-1]))
    mean, excess = np.empty((2, draws, horizon, m.shape[-1]))
    for step in range(horizon):
        mean[:, step], excess[:, step] = np.maximum(m, FAINT), 1 / (discount * b) + gap
        known = 1 / excess[:, step]
        drawn = rng.poisson(rng.gamma(mean[:, step] * known) / known)
        m, b, gap = m + (drawn - m) / (known + 1), known + 1, np.zeros_like(gap)
    return mean, excess


def smooth(filtered: Filtered) -> Floats:
    """First three cumulants of each night's level given all nights, shape (3, n, R).

    Backwards through the gamma-beta step: of a level with mean m and rate b a part ``d`` of the
    shape goes on, so that it is ``d`` times the next level and an independent rest, gamma with mean
    ``(1 - d) m`` and rate b. Before the first claim they mean nothing.
    """
    level, rate = filtered.level, np.where(filtered.rate > 0, filtered.rate, 1.0)
    cumulants = np.stack([level, level / rate, 2 * level / rate**2])
    for t in range(len(level) - 2, -1, -1):
        kept = 1 / filtered.excess[t + 1] / rate[t]
        for n in range(3):
            cumulants[n, t] = kept ** (n + 1) * cumulants[n, t + 1] + (1 - kept) * cumulants[n, t]
    return cumulants


def log_likelihood(counts: Floats, discount: Numbers) -> Numbers:
    """Log-likelihood of each region with all constants, shape (..., R).

    It begins after the first count above 0, which tells where the level is.
    """
    filtered = run_filter(counts, discount)
    total = np.zeros(discount.shape, dtype=discount.dtype)
    for row, mean, excess in zip(counts, filtered.mean, filtered.excess, strict=True):
        counted = ~np.isnan(row) & (mean.real > 0)
        m, v = np.where(counted, mean, 1.0), np.where(counted, excess, 1.0)
        total = total + np.where(counted, log_prob(np.where(counted, row, 0.0), m, v / m), 0.0)
    return total


def score(counts: Floats, discount: Floats) -> Floats:
    """Derivative of the log-likelihood in the discount of each region, shape (..., R)."""
    slope: Floats = log_likelihood(counts, discount + TINY * 1j).imag / TINY
    return slope
