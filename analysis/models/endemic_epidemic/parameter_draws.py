"""Parameters drawn from their estimated law."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.components import Indices
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults

#: The part of one unit drawn below 0 is this share of its estimate.
LEAST: Final = 1e-9
#: The rate at which the slopes of a component at 0 are taken.
TINY: Final = 1e-5
#: Rounds of drawing anew what lies below 0.
ROUNDS: Final = 50


def draw_theta(
    results: EndemicEpidemicResults, draws: int, rng: np.random.Generator
) -> list[Floats]:
    """Draw coefficient vectors around the estimates.

    Intercepts are drawn on the scale of the mean, where the estimate of a small part is near
    normal: its logarithm has an error that would blow it up. Of each component as a whole the law
    is the quadratic approximation of the likelihood within rates >= 0 (that is, the posterior under
    a flat prior), so that a component whose estimate is 0 has the rates that the counts still leave
    it. Parts and dispersions of single units at a bound stay there.
    """
    at, whole = _intercepts(results)
    free = ~np.isnan(np.diag(results.theta_cov))
    covariance = results.theta_cov[np.ix_(free, free)]
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    gone = np.array([p for p in whole if np.isneginf(results.theta[p])], dtype=np.intp)
    if results.layout.random:
        gone = gone[:0]
    mean, spread, pull = _law_at_zero(results, gone, free, covariance)
    moves = np.zeros((draws, len(results.theta)))
    rates = np.zeros((draws, len(gone)))
    held = np.isin(whole, np.flatnonzero(free))
    pending = np.arange(draws)
    for _ in range(ROUNDS):
        rates[pending], fits = _above_zero(mean, spread, len(pending), rng)
        noise = rng.standard_normal((len(pending), int(free.sum()))) @ root.T
        moves[np.ix_(pending, free)] = noise - rates[pending] @ pull
        fits &= (moves[np.ix_(pending, whole[held])] > -1).all(axis=1)
        pending = pending[~fits]
        if not len(pending):
            break
    rates = np.maximum(rates, 0.0)
    moves[:, at] = np.log(np.maximum(1 + moves[:, at], LEAST))
    drawn = results.theta + moves
    with np.errstate(divide="ignore"):
        drawn[:, gone] = np.log(rates)
    return list(drawn)


def _law_at_zero(
    results: EndemicEpidemicResults, gone: Indices, free: NDArray[np.bool_], covariance: Floats
) -> tuple[Floats, Floats, Floats]:
    """Law of the rates of components at 0 before they are cut there.

    Returns
    -------
    mean, spread : Floats
        Shapes (g,) and (g, g): mean, and triangular root of the covariance.
    pull : Floats
        By how much a unit of such a rate lowers the free coefficients, shape (g, free).
    """
    if not len(gone):
        return np.zeros(0), np.zeros((0, 0)), np.zeros((0, int(free.sum())))
    theta = results.theta.copy()
    theta[gone] = np.log(TINY)
    there = Likelihood(results.assembly.problem()).evaluate(theta)
    slope = there.score[gone] / TINY
    mixed = there.information[np.ix_(gone, free)] / TINY
    curved = there.information[np.ix_(gone, gone)] + np.diag(there.score[gone])
    pull = mixed @ covariance
    precision = curved / TINY**2 - pull @ mixed.T
    # A rate that the counts say nothing about stays at 0.
    values, vectors = np.linalg.eigh(precision)
    known = values > 0
    inverse = (vectors[:, known] / values[known]) @ vectors[:, known].T
    spread = np.linalg.cholesky(inverse + 1e-18 * np.eye(len(gone)))
    return inverse @ slope, spread, pull


def _above_zero(
    mean: Floats, spread: Floats, draws: int, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.bool_]]:
    """Normal rates of which the first is cut at 0, shape (draws, g); which rows are >= 0."""
    if not len(mean):
        return np.zeros((draws, 0)), np.ones(draws, dtype=bool)
    noise = rng.standard_normal((draws, len(mean)))
    # The upper tail beyond the cut, as far as numbers reach.
    beyond = max(float(ndtr(mean[0] / spread[0, 0])), 1e-300)
    noise[:, 0] = -ndtri(beyond * (1 - rng.random(draws)))
    rates = mean + noise @ spread.T
    return rates, np.asarray((rates >= -1e-12).all(axis=1))


def _intercepts(results: EndemicEpidemicResults) -> tuple[Indices, Indices]:
    """Positions of all intercepts, shared and per unit, and of those of ar and ne as a whole."""
    found, whole = [], []
    units = results.assembly.counts.shape[1]
    for index, (name, predictor) in zip(
        results.layout.components, results.assembly.options.predictors.items(), strict=True
    ):
        shared = predictor.intercept != "per-unit"
        found.append(index[:1] if shared else index[-units:])
        if shared and name != "end":
            whole.append(index[0])
    return np.concatenate(found), np.array(whole, dtype=np.intp)
