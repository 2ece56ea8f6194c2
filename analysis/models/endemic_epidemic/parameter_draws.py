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
#: A log factor with a standard error above this has run away (to a weekday without claims, say).
VAGUE: Final = 10.0
#: Standard deviations between the mean of a law and where it is cut, at most.
STEEP: Final = 5.0
#: Turns through the rates of several components at 0.
SWEEPS: Final = 20
#: By how much the log-likelihood falls where its bend is taken, and the largest rate tried.
FALLEN: Final = 2.0
FARTHEST: Final = 1e3
#: Least precision of a rate.
FAINT: Final = 1e-8
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
    it. Parts and dispersions of single units at a bound stay there, as do factors whose logarithm
    runs away.
    """
    at, whole = _intercepts(results)
    free = np.sqrt(np.diag(results.theta_cov)) < VAGUE  # and not NaN, which is a bound
    free[at] = ~np.isnan(np.diag(results.theta_cov))[at]
    covariance = results.theta_cov[np.ix_(free, free)]
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    gone = np.array([p for p in whole if np.isneginf(results.theta[p])], dtype=np.intp)
    if results.layout.random:
        gone = gone[:0]
    slope, precision, pull = _law_at_zero(results, gone, free, covariance)
    moves = np.zeros((draws, len(results.theta)))
    rates = np.zeros((draws, len(gone)))
    held = np.isin(whole, np.flatnonzero(free))
    pending = np.arange(draws)
    for _ in range(ROUNDS):
        rates[pending] = _rates_from_zero(slope, precision, len(pending), rng)
        noise = rng.standard_normal((len(pending), int(free.sum()))) @ root.T
        moves[np.ix_(pending, free)] = noise - rates[pending] @ pull
        pending = pending[(moves[np.ix_(pending, whole[held])] <= -1).any(axis=1)]
        if not len(pending):
            break
    moves[:, at] = np.log(np.maximum(1 + moves[:, at], LEAST))
    drawn = results.theta + moves
    with np.errstate(divide="ignore"):
        drawn[:, gone] = np.log(rates)
    return list(drawn)


def _law_at_zero(
    results: EndemicEpidemicResults, gone: Indices, free: NDArray[np.bool_], covariance: Floats
) -> tuple[Floats, Floats, Floats]:
    """Quadratic law of the rates of components at 0, the other coefficients at their best.

    Returns
    -------
    slope, precision : Floats
        Shapes (g,) and (g, g): of the log-likelihood at 0, and its bend.
    pull : Floats
        By how much a unit of such a rate lowers the free coefficients, shape (g, free).
    """
    if not len(gone):
        return np.zeros(0), np.zeros((0, 0)), np.zeros((0, int(free.sum())))
    theta = results.theta.copy()
    theta[gone] = np.log(TINY)
    likelihood = Likelihood(results.assembly.problem())
    there = likelihood.evaluate(theta)
    slope = there.score[gone] / TINY
    pull = there.information[np.ix_(gone, free)] / TINY @ covariance
    bend = [
        _bend(likelihood, results.theta, (int(position), free), (slope[i], pull[i]))
        for i, position in enumerate(gone)
    ]
    return slope, np.diag(bend), pull


def _bend(
    likelihood: Likelihood,
    theta: Floats,
    where: tuple[int, NDArray[np.bool_]],
    law: tuple[float, Floats],
) -> float:
    """Bend of the log-likelihood in a rate, between 0 and where it has fallen by `FALLEN`.

    At 0 itself heavy overdispersion bends it upwards, though it falls from there. The other
    coefficients follow the rate, or stay, whichever is likelier.
    """
    (position, free), (slope, pull) = where, law
    top, rate, fallen = likelihood.loglik(theta), TINY, 0.0
    while fallen < FALLEN and rate < FARTHEST:
        rate *= 2
        stay, follow = theta.copy(), theta.copy()
        follow[free] -= rate * pull
        stay[position] = follow[position] = np.log(rate)
        fallen = top - max(likelihood.loglik(stay), likelihood.loglik(follow))
    # A normal law that is cut this many deviations above its mean is nearly exponential.
    return max(2 * (fallen + slope * rate) / rate**2, slope**2 / STEEP**2, FAINT)


def _rates_from_zero(
    slope: Floats, precision: Floats, draws: int, rng: np.random.Generator
) -> Floats:
    """Rates >= 0 from a normal law that is cut there, shape (draws, g), by Gibbs sampling."""
    rates = np.zeros((draws, len(slope)))
    for _ in range(SWEEPS if len(slope) > 1 else 1):
        for i, own in enumerate(np.diag(precision)):
            spread = 1 / np.sqrt(own)
            mean = (slope[i] - rates @ precision[i]) / own + rates[:, i]
            beyond = np.maximum(ndtr(mean / spread), 1e-300)
            drawn = mean - spread * ndtri(beyond * (1 - rng.random(draws)))
            rates[:, i] = np.maximum(drawn, 0.0)
    return rates


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
