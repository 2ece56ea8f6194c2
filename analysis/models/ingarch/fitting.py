"""Fitting an INGARCH model: bounds, starts, joint maximum likelihood and the two-step method."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np

from analysis.models.ingarch.newton import Bounds, Maximum, maximise
from analysis.models.ingarch.objective import Evaluation, Objective, evaluate
from analysis.models.ingarch.recursion import Recursion
from analysis.inference.nb2 import Floats

Method = Literal["joint", "two_step"]

#: Persistence (sum beta + sum alpha) and the share of it in past counts, where the search may begin.
STARTS: Final = ((0.3, 0.7), (0.7, 0.3), (0.7, 0.7), (0.95, 0.2), (0.95, 0.6))
LEAST_DISPERSION: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model in internal parameters.

    Attributes
    ----------
    theta : Floats
        Mean parameters, shape (k,).
    dispersion : float
    at : Objective
        What was maximised: with the dispersion (joint) or the Poisson likelihood (two_step).
    maximum : Maximum
    bounds : Bounds
    """

    theta: Floats
    dispersion: float
    at: Objective
    maximum: Maximum
    bounds: Bounds


def fit_joint(obj: Objective, names: tuple[str, ...], start: Floats | None = None) -> Fit:
    """Maximise the likelihood over all parameters at once (Poisson where it has no dispersion)."""
    bounds = parameter_bounds(obj, names)
    starts = _starts(obj) if start is None else [start]
    target = partial(evaluate, obj)
    best = _climb_from_best(target, starts, bounds)
    theta, dispersion = obj.split(best.x)
    return Fit(theta, dispersion, obj, best, bounds)


def fit_two_step(
    obj: Objective, names: tuple[str, ...], start: Floats | None = None
) -> Fit:
    """Maximise the Poisson likelihood, then solve the Pearson equation for the dispersion.

    ``obj`` is the Poisson objective; the dispersion is 0.0 where the counts vary no more than
    Poisson counts would.
    """
    fit = fit_joint(obj, names[: obj.rec.n_params], start)
    found = evaluate_mean(obj, fit.theta)
    dispersion = pearson_dispersion(obj.counts.values, found, obj.rec.n_params)
    return Fit(fit.theta, dispersion, obj, fit.maximum, fit.bounds)


def evaluate_mean(obj: Objective, theta: Floats) -> Floats:
    """Means of the scored nights."""
    from analysis.models.ingarch.recursion import linear_predictor

    mean: Floats = obj.rec.link.mean(linear_predictor(obj.rec, theta).nu)
    return mean[obj.scored]


def pearson_dispersion(counts: Floats, mean: Floats, n_params: int) -> float:
    """Dispersion at which the Pearson statistic equals its degrees of freedom; 0.0 if none is.

    Examples
    --------
    >>> pearson_dispersion(np.array([1.0, 9.0, 2.0, 8.0]), np.full(4, 5.0), 1)
    0.4666666666666667
    """
    wanted = len(counts) - n_params
    squares = (counts - mean) ** 2 / mean
    dispersion = 0.0
    # The equation is convex and falling in the dispersion: Newton from 0 climbs to the root.
    for _ in range(200):
        spread = 1 + dispersion * mean
        excess = (squares / spread).sum() - wanted
        step = excess / (squares * mean / spread**2).sum()
        if excess <= 0 or step <= 1e-16 * dispersion:
            break
        dispersion += step
    return float(dispersion)

def parameter_bounds(obj: Objective, names: tuple[str, ...]) -> Bounds:
    """Where the parameters may lie, each bound named by what then holds.

    Identity link: nothing negative, and sum beta + sum alpha at most 1. Log link: the sum between
    -1 and 1, and so each of its terms (Liboschik et al. 2017). The dispersion is at least 0.
    """
    rec, k = obj.rec, len(names)
    lags = range(1, 1 + len(rec.past_obs) + len(rec.past_mean))
    total = np.zeros(k)
    total[list(lags)] = 1.0
    sum_name = " + ".join(names[lag] for lag in lags)
    rows: list[tuple[Floats, float, str]] = []
    if rec.link.name == "identity":
        rows += [(row, 0.0, f"{names[i]} = 0") for i, row in enumerate(np.eye(k)) if i < rec.n_params]
    if lags:
        rows.append((-total, -1.0, f"{sum_name} = 1"))
    if rec.link.name == "log" and lags:
        rows.append((total, -1.0, f"{sum_name} = -1"))
        if len(lags) > 1:
            rows += [(-np.eye(k)[lag], -1.0, f"{names[lag]} = 1") for lag in lags]
            rows += [(np.eye(k)[lag], -1.0, f"{names[lag]} = -1") for lag in lags]
    if obj.has_dispersion:
        rows.append((np.eye(k)[-1], 0.0, "dispersion = 0"))
    return Bounds(
        np.array([row for row, _, _ in rows]).reshape(-1, k),
        np.array([limit for _, limit, _ in rows]),
        tuple(name for _, _, name in rows),
    )


def _starts(obj: Objective) -> list[Floats]:
    """Points of the parameter space from which to climb."""
    rec = obj.rec
    p, q = len(rec.past_obs), len(rec.past_mean)
    average = obj.counts.values.mean()
    level = average if rec.link.name == "identity" else np.log(average)
    starts: list[Floats] = []
    for persistence, of_counts in STARTS if p and q else {(s, float(p > 0)) for s, _ in STARTS}:
        theta = np.zeros(rec.n_params)
        total = persistence * (p + q > 0)
        theta[0] = level * (1.0 if rec.is_marginal else 1 - total)
        theta[1 : 1 + p] = total * of_counts / max(p, 1)
        theta[1 + p : 1 + p + q] = total * (1 - of_counts) / max(q, 1)
        starts.append(_with_dispersion(obj, theta))
    return starts


def _with_dispersion(obj: Objective, theta: Floats) -> Floats:
    """Mean parameters with a dispersion by moments appended, where the objective has one."""
    if not obj.has_dispersion:
        return theta
    mean = evaluate_mean(obj, theta)
    counts = obj.counts.values
    moment = ((counts - mean) ** 2 - mean).sum() / (mean**2).sum()
    return np.append(theta, max(float(moment), LEAST_DISPERSION))


def _climb_from_best(
    target: Callable[[Floats], Evaluation | None], starts: list[Floats], bounds: Bounds
) -> Maximum:
    """Climb from the start with the highest likelihood."""
    values = [found.value if (found := target(start)) else -np.inf for start in starts]
    return maximise(target, starts[int(np.argmax(values))], bounds)
