"""The discount of each region by maximum likelihood. Arrays only."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from analysis.accounting.nights import Bools
from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.local_level.filtering import log_likelihood, score

#: Discounts are looked for from here (in logits) to 1; the first is less than any count can tell.
LOGITS: Final = np.arange(-24.0, 9.0, 0.75)
#: Between the last of them and 1.
NEARLY_ONE: Final = 24.0
#: Step of the difference of scores, in logits.
STEP: Final = 1e-4
#: A Newton step in logits at which a discount counts as settled.
SETTLED: Final = 1e-11
ITERATIONS: Final = 80


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Discounts of R regions; arrays of shape (R,).

    Attributes
    ----------
    discount : Floats
        In (0, 1].
    score : Floats
        Derivative of the log-likelihood there.
    information : Floats
        Negative second derivative; NaN at a bound.
    """

    discount: Floats
    score: Floats
    information: Floats


def fit_discounts(counts: Floats) -> Fit:
    """Maximise the likelihood of each region.

    A grid finds the highest hill, Newton's method its top, kept between the neighbours on the grid.

    Parameters
    ----------
    counts : Floats
        Shape (n, R), NaN where there is none.

    Raises
    ------
    FitError
        If it does not settle.
    """
    size = counts.shape[1]
    grid = np.append(expit(LOGITS), 1.0)
    likelihood = log_likelihood(counts, np.broadcast_to(grid[:, np.newaxis], (grid.size, size)))
    best = likelihood.argmax(axis=0)
    one = (best == grid.size - 1) & (score(counts, np.ones(size)) >= 0)
    logits = np.append(LOGITS, NEARLY_ONE)
    low = logits[np.maximum(best - 1, 0)]
    high = logits[np.minimum(best + 1, grid.size - 1)]
    top = _climb(counts, low, high, one | (best == 0))
    discount = np.where(one, 1.0, np.where(best == 0, grid[0], expit(top)))
    around = _slopes(counts, top)
    weight = discount * (1 - discount)
    curvature = (around[2] - around[0]) / (2 * STEP)
    bound = one | (best == 0)
    return Fit(
        discount=discount,
        score=score(counts, discount),
        # At the top the second derivative in logits is that in the discount, times weight squared.
        information=np.where(bound, np.nan, -curvature / np.where(bound, 1.0, weight) ** 2),
    )


def _climb(counts: Floats, low: Floats, high: Floats, done: Bools) -> Floats:
    """Logits between ``low`` and ``high`` at which the score is 0."""
    low, high = low.copy(), high.copy()
    at = (low + high) / 2
    for _ in range(ITERATIONS):
        down, slope, up = _slopes(counts, at)
        low, high = np.where(slope > 0, at, low), np.where(slope <= 0, at, high)
        curvature = (up - down) / (2 * STEP)
        newton = at - slope / np.where(curvature < 0, curvature, -np.inf)
        inside = (curvature < 0) & (newton > low) & (newton < high)
        step = np.where(inside, newton, (low + high) / 2) - at
        at = np.where(done, at, at + step)
        done = done | (np.abs(step) <= SETTLED * (1 + np.abs(at)))
        if done.all():
            return at
    raise FitError(
        f"The discount did not settle in {ITERATIONS} steps.",
        "Check the series for a few nights far above all others.",
    )


def _slopes(counts: Floats, logits: Floats) -> Floats:
    """Derivative of the log-likelihood in the logit, a step before, there and after; (3, R)."""
    at = np.stack([logits - STEP, logits, logits + STEP])
    discount = expit(at)
    slopes: Floats = score(counts, discount) * discount * expit(-at)
    return slopes
