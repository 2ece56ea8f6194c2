"""Both sides simulated as if neither followed the other."""

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.maximise import Maximum
from analysis.models.endemic_epidemic.simulation import draw_counts
from analysis.models.reciprocity.equation import WEEK, Equation


def simulate_side(
    equation: Equation, null: Maximum, own: Floats, draws: int, rng: np.random.Generator
) -> Floats:
    """Simulate a side without the other, shape (draws, n), with NaN where the record has it.

    The first week is the record's (gaps in it the mean of the record), so that own memory starts
    where it did.
    """
    n, usual = len(own), float(np.nanmean(own))
    path = np.empty((draws, n + WEEK))
    start = own[:WEEK]
    path[:, :WEEK] = np.where(np.isnan(start), np.round(usual), start)
    growth = np.exp(null.theta[:2])
    size = equation.background.shape[1]
    background = np.exp(equation.background @ null.theta[2 : 2 + size])
    alpha = np.exp(null.theta[-1:])
    for night in range(n):
        at = night + WEEK
        before = path[:, at - WEEK : at]
        mean = growth[0] * before[:, -1] + growth[1] * before[:, :-1].mean(axis=1)
        path[:, at] = draw_counts((mean + background[night])[:, np.newaxis], alpha, rng)[:, 0]
    simulated = path[:, WEEK:]
    simulated[:, np.isnan(own)] = np.nan
    return simulated


def exceedances(
    sides: tuple[Floats, Floats],
    equation: Equation,
    null: Maximum,
    observed: float,
    enough: int | None = None,
) -> int:
    """Count simulated pairs whose largest ratio reaches the observed one.

    Parameters
    ----------
    sides : tuple of Floats
        The side explained and the other one, each of shape (draws, n).
    equation : Equation
    null : Maximum
        Where the climbs start.
    observed : float
    enough : int, optional
        Stop at so many: enough to know that p is above a level.
    """
    found = 0
    for own, other in zip(*sides, strict=True):
        again = equation.fit(own, other, null.theta)
        found += bool(equation.ratios(own, other, again).max() >= observed)
        if enough is not None and found >= enough:
            break
    return found
