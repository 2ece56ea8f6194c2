"""Random intercepts: penalised likelihood for the effects, Laplace's for their variance."""

from dataclasses import dataclass

import numpy as np

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.maximise import Maximum, evaluate_at, maximise

TURNS = 500
#: Change of the log standard deviations at which they count as settled.
SETTLED = 1e-9
#: A standard deviation that falls and is below this is 0: all units are equal.
EQUAL = 0.02
#: What holds the deviations of equal units at 0.
HELD = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class RandomFit:
    """A fit with random intercepts.

    Attributes
    ----------
    maximum : Maximum
        Of the penalised likelihood at the estimated variances.
    log_sd : Floats
        Log standard deviation of each random component, shape (r,); -inf where units are equal.
    score : Floats
        Derivative of the marginal likelihood in ``log_sd``, shape (r,).
    covariance : Floats
        Of ``log_sd``, shape (r, r); NaN at -inf.
    llf : float
        Laplace's approximation of the log-likelihood with the deviations integrated out.
    penalised : float
        Log-likelihood less half the weighted squares of the deviations, as hhh4 reports it.
    """

    maximum: Maximum
    log_sd: Floats
    score: Floats
    covariance: Floats
    llf: float
    penalised: float


def fit_random(likelihood: Likelihood, start: Floats) -> RandomFit:
    """Maximise the penalised likelihood and the variances in turn (Paul & Held 2011).

    The variance that maximises Laplace's approximation with the other coefficients held is the
    mean of squared deviations and their variances; it and the coefficients are taken in turn, with
    Aitken's extrapolation, until both hold.

    Raises
    ------
    FitError
        If the turns do not settle.

    References
    ----------
    Paul & Held (2011), Predictive assessment of a non-linear random effects model for multivariate
    time series of infectious disease counts, Statistics in Medicine 30, 1118-1136.
    doi:10.1002/sim.4177
    """
    log_sd = np.zeros(len(likelihood.layout.random))
    theta, history = start, [log_sd]
    for _ in range(TURNS):
        maximum = maximise(
            likelihood, _settle_equal(likelihood, theta, log_sd), _precision(likelihood, log_sd)
        )
        theta = maximum.theta
        renewed = _renewed(likelihood, maximum, log_sd)
        if np.abs(_finite(renewed) - _finite(log_sd)).max() < SETTLED:
            return _sum_up(likelihood, maximum, log_sd)
        history = [*history[-2:], renewed]
        log_sd = renewed
        if len(history) == 3:
            log_sd = _extrapolated(history)
            history = [log_sd]
    raise FitError(
        f"The variance of the random intercepts did not settle in {TURNS} turns.",
        'Take intercepts "per-unit" or "shared".',
    )


def evaluate_random(likelihood: Likelihood, theta: Floats, log_sd: Floats) -> RandomFit:
    """Take given coefficients, deviations and standard deviations."""
    maximum = evaluate_at(likelihood, theta, _precision(likelihood, log_sd))
    return _sum_up(likelihood, maximum, log_sd)


def _precision(likelihood: Likelihood, log_sd: Floats) -> Floats:
    """Weights of the squared deviations; a deviation of a component of equal units is frozen."""
    precision = np.zeros(likelihood.layout.size)
    for index, value in zip(likelihood.layout.random, log_sd, strict=True):
        precision[index] = np.exp(-2 * max(value, np.log(HELD)))
    return precision


def _settle_equal(likelihood: Likelihood, theta: Floats, log_sd: Floats) -> Floats:
    """Put the deviations of equal units to 0."""
    theta = theta.copy()
    for index, value in zip(likelihood.layout.random, log_sd, strict=True):
        if np.isneginf(value):
            theta[index] = 0.0
    return theta


def _renewed(likelihood: Likelihood, maximum: Maximum, log_sd: Floats) -> Floats:
    """The standard deviations that maximise Laplace's approximation given the rest."""
    renewed = log_sd.copy()
    for number, index in enumerate(likelihood.layout.random):
        if np.isneginf(log_sd[number]) or not maximum.free[index].all():
            renewed[number] = -np.inf
            continue
        spread = (maximum.theta[index] ** 2).sum() + np.diag(maximum.covariance)[index].sum()
        value = 0.5 * np.log(spread / len(index))
        falls = value < min(log_sd[number], np.log(EQUAL))
        renewed[number] = -np.inf if falls else value
    return renewed


def _extrapolated(history: list[Floats]) -> Floats:
    """Aitken's extrapolation of three successive values, where they close in on a limit."""
    first, middle, last = (_finite(values) for values in history)
    step, before = last - middle, middle - first
    bend = step - before
    safe = np.where(np.abs(bend) > 1e-14, bend, 1.0)
    jump = np.where(np.abs(step) < np.abs(before), -(step**2) / safe, 0.0)
    target = last + np.clip(jump, -1.0, 1.0)
    return np.where(np.isneginf(history[-1]), -np.inf, np.maximum(target, np.log(HELD)))


def _finite(log_sd: Floats) -> Floats:
    """Log standard deviations with a number in place of -inf."""
    return np.where(np.isneginf(log_sd), np.log(HELD), log_sd)


def _sum_up(likelihood: Likelihood, maximum: Maximum, log_sd: Floats) -> RandomFit:
    """Derivatives in the variances, and the two likelihoods."""
    layout, r = likelihood.layout, len(log_sd)
    score, information = np.zeros(r), np.zeros((r, r))
    precision = np.exp(-2 * _finite(log_sd))
    penalty, free = 0.0, np.isfinite(log_sd)
    for i, index in enumerate(layout.random):
        if not free[i]:
            continue
        deviations = maximum.theta[index]
        penalty += 0.5 * precision[i] * float(deviations @ deviations)
        inner = maximum.covariance[np.ix_(index, index)]
        spread = precision[i] * (deviations @ deviations + np.trace(inner))
        score[i] = spread - len(index)
        information[i, i] += 2 * spread
        for j, other in enumerate(layout.random):
            if free[j]:
                both = maximum.covariance[np.ix_(index, other)]
                information[i, j] -= 2 * precision[i] * precision[j] * (both**2).sum()
    covariance = np.full((r, r), np.nan)
    if free.any():
        covariance[np.ix_(free, free)] = np.linalg.inv(information[np.ix_(free, free)])
    at = [index for i, index in enumerate(layout.random) if free[i]]
    llf = maximum.loglik - penalty
    if at:
        joined = np.concatenate(at)
        weights = np.concatenate(
            [np.full(len(x), p) for x, p in zip(at, precision[free], strict=True)]
        )
        curved = maximum.information[np.ix_(joined, joined)] + np.diag(weights)
        llf += 0.5 * float(np.log(weights).sum()) - 0.5 * float(np.linalg.slogdet(curved)[1])
    return RandomFit(maximum, log_sd, score, covariance, llf, maximum.loglik - penalty)
