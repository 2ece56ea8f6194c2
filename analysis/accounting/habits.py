"""How often a bulletin inside an assumed window is told there, too: learnt from the record.

A bulletin that has more in a region than its container was not told there. But one that has not
more may be fit by chance, which the containers of nearby nights measure: none of them holds it.
"""

from dataclasses import dataclass

import numpy as np

from analysis.accounting.nights import DAY, Bools, Floats
from analysis.accounting.overlaps import Pairs, contradict
from analysis.accounting.tally import Tally

#: Containers up to so many nights away stand for those that do not hold a bulletin.
NEARBY = 3


@dataclass(frozen=True, slots=True)
class Habits:
    """Probability that a bulletin which fits into an assumed window is told there.

    Attributes
    ----------
    points, windows : float
        For what happened about an hour, and for what happened between two.
    """

    points: float
    windows: float

    def of(self, tally: Tally, pairs: Pairs) -> Floats:
        """Probability for the inner bulletin of each pair, shape (pairs,)."""
        point = tally.precision[pairs.inner] == "point"
        return np.where(point, self.points, self.windows)


def learn_habits(tally: Tally, pairs: Pairs) -> Habits:
    """Learn from all bulletins inside assumed windows, and from the windows of nights nearby.

    Parameters
    ----------
    tally : Tally
    pairs : Pairs
        Of its bulletins.
    """
    both = np.stack([pairs.outer, pairs.inner])
    # A date alone tells no hours, and enters only some panels: it is no evidence of habits.
    hours = ~np.isin(tally.precision, ("day", ""))[both].any(axis=0)
    evidence = pairs.contains & hours & (tally.precision[pairs.outer] != "stated")
    point = tally.precision[pairs.inner] == "point"
    return Habits(
        points=_rate(tally, pairs, evidence & point),
        windows=_rate(tally, pairs, evidence & ~point),
    )


def nesting_rate(pairs: int, contradicted: int, trials: int = 0, misfits: int = 0) -> float:
    """Return the probability that a bulletin which fits into an assumed window is told there.

    If a share ``p`` of bulletins is told there, and of the others a share ``q`` does not fit, then
    ``(1 - p) q`` are contradicted, and ``p / (1 - (1 - p) q)`` of those that fit are told there.
    This is the posterior mean of the latter under a uniform prior for ``p``; ``q`` is learnt from
    the trials, with half a case added either way.

    Parameters
    ----------
    pairs, contradicted : int
        Bulletins inside assumed windows, and those of them with more than that leaves room for.
    trials, misfits : int
        The same bulletins held against windows of other nights, and those that did not fit.

    Examples
    --------
    >>> round(nesting_rate(0, 0), 3), round(nesting_rate(1, 0), 3)
    (0.614, 0.667)

    If misfits are as frequent where bulletins may be told as where they cannot, they are not:

    >>> [round(nesting_rate(500, 200, 999, misfits), 2) for misfits in (400, 500, 800)]
    [0.07, 0.33, 0.83]
    """
    misfit = (misfits + 0.5) / (trials + 1)
    told = (np.arange(1000) + 0.5) / 1000
    fits = 1 - (1 - told) * misfit
    log_likelihood = contradicted * np.log1p(-fits) + (pairs - contradicted) * np.log(fits)
    weight = np.exp(log_likelihood - log_likelihood.max())
    return float((weight * told / fits).sum() / weight.sum())


def _rate(tally: Tally, pairs: Pairs, evidence: Bools) -> float:
    """Nesting rate of some of the pairs."""
    inner = pairs.inner[evidence]
    nights = np.flatnonzero((tally.precision == "assumed") & (tally.start < tally.end))
    nights = nights[np.lexsort((nights, tally.start[nights]))]
    trials = misfits = 0
    if inner.size and nights.size:
        away = DAY * np.concatenate([np.arange(-NEARBY, 0), np.arange(1, NEARBY + 1)])
        middle = (tally.start[inner] // 2 + tally.end[inner] // 2)[:, np.newaxis] + away
        begun = np.searchsorted(tally.start[nights], middle, side="right") - 1
        outer = nights[np.maximum(begun, 0)]
        held = (begun >= 0) & (middle < tally.end[outer])
        told = np.broadcast_to(inner[:, np.newaxis], outer.shape)
        trials = int(held.sum())
        misfits = int(contradict(tally, outer[held], told[held]).sum())
    return nesting_rate(inner.size, int(pairs.contradicted[evidence].sum()), trials, misfits)
