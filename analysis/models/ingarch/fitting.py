"""Fitting an INGARCH model: bounds, starts, joint maximum likelihood and the two-step method."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

import numpy as np

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.ingarch.newton import (
    Bounds,
    Maximum,
    is_flat,
    maximise,
    polish,
    standardised_score,
)
from analysis.models.ingarch.objective import Evaluation, Objective, evaluate
from analysis.models.ingarch.recursion import linear_predictor
from analysis.models.ingarch.starts import starting_points

#: How far the log of the stationary mean may lie from that of the average count.
REACH: Final = 6.0
#: Standardised scores above this are no maximum.
UNSETTLED: Final = 1e-6
#: Log-likelihoods that differ by less are equal.
ROUNDING: Final = 1e-8

Method = Literal["joint", "two_step"]


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
    starts = starting_points(obj) if start is None else [start]
    best = _settle(obj, _highest(obj, starts, bounds), bounds)
    return Fit(*obj.split(best.x), obj, best, bounds)


def fit_two_step(
    obj: Objective,
    names: tuple[str, ...],
    start: Floats | None = None,
    *,
    has_dispersion: bool = True,
) -> Fit:
    """Maximise the Poisson likelihood, then solve the Pearson equation for the dispersion.

    ``obj`` is the Poisson objective; the dispersion is 0.0 where the counts vary no more than
    Poisson counts would.
    """
    fit = fit_joint(obj, names, start)
    if not has_dispersion:
        return fit
    mean = scored_mean(obj, fit.theta)
    dispersion = pearson_dispersion(obj.counts.values, mean, obj.rec.n_params)
    return replace(fit, dispersion=dispersion)


def given_fit(
    obj: Objective, names: tuple[str, ...], theta: Floats, dispersion: float
) -> Fit | None:
    """Given parameters as if they were a fit; None where the model does not exist there."""
    x = np.append(theta, dispersion) if obj.has_dispersion else theta
    found = evaluate(obj, x)
    if found is None:
        return None
    here = Maximum(x, found, (), np.empty(0), 0)
    return Fit(theta, dispersion, obj, here, parameter_bounds(obj, names))


def scored_mean(obj: Objective, theta: Floats) -> Floats:
    """Means of the scored nights."""
    mean: Floats = obj.rec.link.mean(linear_predictor(obj.rec, theta).nu)
    return mean[obj.scored]


def pearson_dispersion(counts: Floats, mean: Floats, n_params: int) -> float:
    """Dispersion at which the Pearson statistic equals its degrees of freedom; 0.0 if none is.

    Examples
    --------
    >>> round(pearson_dispersion(np.array([1.0, 9.0, 2.0, 8.0]), np.full(4, 5.0), 1), 9)
    0.466666667
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
    -1 and 1, and so each of its terms (Liboschik et al. 2017); under ``init="marginal"`` without
    covariates the stationary mean within a factor of the average, since before a run of zeros the
    likelihood can climb for ever as it falls and the sum nears 1. The dispersion is at least 0.
    """
    rec = obj.rec
    k = rec.n_params + obj.has_dispersion
    lags = range(1, 1 + len(rec.past_obs) + len(rec.past_mean))
    total = np.zeros(k)
    total[list(lags)] = 1.0
    sum_name = " + ".join(names[lag] for lag in lags)
    rows: list[tuple[Floats, float, str]] = []
    if rec.link.name == "identity":
        rows += [(row, 0.0, f"{names[i]} = 0") for i, row in enumerate(np.eye(k)[: rec.n_params])]
    if lags:
        rows.append((-total, -1.0, f"{sum_name} = 1"))
    if rec.link.name == "log" and rec.is_marginal and not rec.covariates.shape[1]:
        average = np.log(obj.counts.values.mean())
        for sign, word in ((1.0, "low"), (-1.0, "high")):
            name = f"stationary mean too {word} by a factor of {np.exp(REACH):.0f}"
            rows.append((sign * np.eye(k)[0], sign * average - REACH, name))
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


def _highest(obj: Objective, starts: list[Floats], bounds: Bounds) -> Maximum:
    """Climb from each start; the highest maximum counts."""
    found: list[Maximum] = []
    failure: FitError | None = None
    for start in starts:
        try:
            found.append(maximise(partial(evaluate, obj), start, bounds))
        except FitError as error:
            failure = error
    if failure is not None and not found:
        raise failure
    # A difference of rounding must not decide between equals.
    best = found[0]
    for other in found[1:]:
        if other.found.value > best.found.value + ROUNDING * (1 + abs(best.found.value)):
            best = other
    return best


def _settle(obj: Objective, best: Maximum, bounds: Bounds) -> Maximum:
    """Polish a maximum, and put what the likelihood does not depend on at 0.

    Where bounds hold the coefficients of all past counts at 0, past means do not move, and their
    coefficients can be anything.
    """
    rec = obj.rec
    p, q = len(rec.past_obs), len(rec.past_mean)
    lags = slice(1 + p, 1 + p + q)
    moves = best.x[1 : 1 + p].any() or rec.covariates.shape[1] > 0 or not rec.is_marginal
    if rec.link.name == "identity" and q and not moves:
        x = best.x.copy()
        x[lags] = 0.0
        found = evaluate(obj, x)
        if found is not None and found.value >= best.found.value - ROUNDING:
            best = _held_at_zero(best, bounds, x, found)
    if not is_flat(best, bounds):
        best = polish(partial(evaluate, obj), best, bounds)
        if standardised_score(best, bounds) <= UNSETTLED:
            return best
    raise undetermined()


def undetermined() -> FitError:
    """The error of a likelihood that is flat at its maximum."""
    return FitError(
        "The counts do not determine all parameters: the likelihood is all but flat at its top.",
        "Take fewer lags or covariates.",
    )


def _held_at_zero(best: Maximum, bounds: Bounds, x: Floats, found: Evaluation) -> Maximum:
    """A maximum whose lag coefficients are all 0, with the bounds that say so."""
    pushes = dict(zip(best.active, best.multipliers.tolist(), strict=True))
    active = tuple(
        bound
        for bound, name in enumerate(bounds.names)
        if name.endswith("= 0") and bounds.normals[bound] @ x == 0.0
    )
    held = np.array([pushes.get(bound, 0.0) for bound in active])
    return Maximum(x, found, active, held, best.steps)
