"""Where to begin: a search over the coefficients of past means, which bend the likelihood most.

Given alpha, nu is linear in all other parameters: a generalised linear model in past counts and
covariates that have passed through the recursion. A few weighted least-squares steps, for all of
a grid of alphas at once, trace the profile of the likelihood; it can have several maxima.
"""

import math
from typing import Final

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.ingarch.layout import Recursion
from analysis.models.ingarch.objective import Objective
from analysis.models.ingarch.recursion import solve

#: Sums of the coefficients of past means that are tried, by link.
GRID: Final = {
    "identity": np.array([0, 0.15, 0.3, 0.45, 0.6, 0.72, 0.82, 0.89, 0.94, 0.97, 0.985, 0.995]),
    "log": np.array(
        [-0.95, -0.8, -0.6, -0.4, -0.2, 0, 0.15, 0.3, 0.45, 0.6, 0.72, 0.82, 0.89, 0.94, 0.97, 0.99]
    ),
}
STEPS: Final = 4
#: Starts that are followed up, at most.
MOST: Final = 4
#: A peak of the traced profile that lies lower than the highest by this is not followed up. The
#: Poisson likelihood takes it times what the counts vary more than Poisson counts.
HOPELESS: Final = 25.0
LEAST_DISPERSION: Final = 1e-3
LEAST_BETA: Final = 0.02
#: How near to persistence 1 a start may lie.
MARGIN: Final = 0.005


def starting_points(obj: Objective) -> list[Floats]:
    """Internal parameters where the traced profile has or may have maxima, the highest first."""
    rec = obj.rec
    alphas = GRID[rec.link.name] if rec.past_mean else np.zeros(1)
    centre = _centre(obj)
    design = np.stack([_passed(rec, alpha, centre) for alpha in alphas])
    dispersion = _rough_dispersion(obj) if obj.has_dispersion else 0.0
    coefficients, profile = _trace(obj, design, dispersion)
    points = [
        _internal(obj, alpha, row, centre, dispersion)
        for alpha, row in zip(alphas, coefficients, strict=True)
    ]
    padded = np.concatenate([[-np.inf], profile, [-np.inf]])
    is_peak = (profile >= padded[:-2]) & (profile >= padded[2:])
    # With the identity link persistence 1 is a bound at which likelihoods do end, and towards it a
    # few steps do not settle: the trace is too low there.
    is_peak[-1] |= rec.link.name == "identity"
    peaks = np.flatnonzero(is_peak)
    order = peaks[np.argsort(-profile[peaks], kind="stable")]
    unit = 1.0 if obj.has_dispersion else _excess(obj, design, coefficients)
    near = profile[order] >= profile[order[0]] - HOPELESS * unit
    return [points[peak] for peak in order[near][:MOST]]


def _centre(obj: Objective) -> float:
    """A middle value of the regressor, of the linear predictor too."""
    average = float(obj.counts.values.mean())
    return average if obj.rec.link.name == "identity" else math.log(average)


def _rough_dispersion(obj: Objective) -> float:
    """Half of what the counts vary more than Poisson counts would, as a dispersion."""
    counts = obj.counts.values
    average = counts.mean()
    return max(float((counts.var() / average - 1) / average / 2), LEAST_DISPERSION)


def _passed(rec: Recursion, alpha: float, centre: float) -> Floats:
    """Regressors (n, 1 + p + r) of the model that is linear given ``alpha``."""
    n, q = len(rec.counts), len(rec.past_mean)
    # Deviations from the centre, so that nights before the first and gaps contribute nothing.
    lagged = np.where(rec.lagged_known, rec.lagged - centre, 0.0)
    band = np.zeros((max(rec.past_mean, default=0) + 1, n), order="F")
    band[0] = 1.0
    for lag in rec.past_mean:
        band[lag] -= alpha / q
    own = np.where(rec.external, 0.0, rec.covariates)
    passed = solve(band, np.asfortranarray(np.column_stack([lagged, own])))
    p = lagged.shape[1]
    now = np.where(rec.external, rec.covariates, passed[:, p:])
    return np.column_stack([np.ones(n), passed[:, :p], now])


def _trace(obj: Objective, design: Floats, dispersion: float) -> tuple[Floats, Floats]:
    """Coefficients (g, 1 + p + r) and log-likelihoods (g,) for each of g designs."""
    rec, y = obj.rec, obj.counts.values
    rows = design[:, obj.scored]
    g, k = len(rows), rows.shape[2]
    start = np.zeros(k)
    start[0] = _centre(obj)
    coefficients = np.tile(start, (g, 1))
    ridge = 1e-8 * np.eye(k)
    for _ in range(STEPS):
        mean, slope, nu = _bounded_mean(rec, rows, coefficients)
        weights = slope**2 / (mean * (1 + dispersion * mean))
        working = nu + (y - mean) / slope
        weighted = rows * weights[:, :, np.newaxis]
        cross = np.matmul(weighted.transpose(0, 2, 1), rows)
        size = np.einsum("gii->gi", cross)
        target = np.einsum("gnk,gn->gk", weighted, working)
        scale = 1 / np.sqrt(np.maximum(size, 1e-300))
        scaled = cross * scale[:, :, np.newaxis] * scale[:, np.newaxis] + ridge
        coefficients = scale * np.linalg.solve(scaled, (scale * target)[:, :, np.newaxis])[:, :, 0]
    mean, _, _ = _bounded_mean(rec, rows, coefficients)
    if dispersion > 0:
        terms = y * np.log(mean) - (y + 1 / dispersion) * np.log1p(dispersion * mean)
    else:
        terms = y * np.log(mean) - mean
    return coefficients, terms.sum(axis=1)


def _excess(obj: Objective, design: Floats, coefficients: Floats) -> float:
    """Mean squared Pearson residual of the best trace as Poisson counts, at least 1."""
    mean, _, _ = _bounded_mean(obj.rec, design[:, obj.scored], coefficients)
    squares = (obj.counts.values - mean) ** 2 / mean
    return max(1.0, float(squares.mean(axis=1).min()))


def _bounded_mean(
    rec: Recursion, rows: Floats, coefficients: Floats
) -> tuple[Floats, Floats, Floats]:
    """Means, slopes and linear predictors (g, n), kept where means are positive and finite."""
    nu = np.matmul(rows, coefficients[:, :, np.newaxis])[:, :, 0]
    low, high = (1e-2, 1e12) if rec.link.name == "identity" else (-10.0, 28.0)
    nu = np.clip(nu, low, high)
    return rec.link.mean(nu), rec.link.slope(nu), nu


def _internal(
    obj: Objective, alpha: float, row: Floats, centre: float, dispersion: float
) -> Floats:
    """Internal parameters of one trace, inside the bounds."""
    rec = obj.rec
    p, q, r = len(rec.past_obs), len(rec.past_mean), rec.covariates.shape[1]
    beta, eta = row[1 : 1 + p].copy(), row[1 + p :].copy()
    if rec.link.name == "identity":
        # At 0 the likelihood hardly bends, and the climb would be slow.
        beta, eta = np.maximum(beta, LEAST_BETA), np.maximum(eta, 0.0)
        alpha = min(alpha, 1 - MARGIN - p * LEAST_BETA)
    room = 1 - MARGIN - alpha
    if beta.sum() > room:
        beta *= room / beta.sum()
    beta = np.clip(beta, -1 + MARGIN, 1 - MARGIN)
    if alpha + beta.sum() < -1 + MARGIN:
        beta *= (1 - MARGIN + alpha) / -beta.sum()
    x = np.zeros(1 + p + q + r + obj.has_dispersion)
    rest = 1 - alpha - beta.sum()
    intercept = row[0] * (1 - alpha) - centre * beta.sum()
    x[0] = intercept / rest if rec.is_marginal else intercept
    if rec.link.name == "identity" and x[0] <= 0:
        x[0] = centre if rec.is_marginal else centre * rest
    x[1 : 1 + p], x[1 + p : 1 + p + q], x[1 + p + q : 1 + p + q + r] = beta, alpha / max(q, 1), eta
    x[1 + p + q + r :] = dispersion
    return x
