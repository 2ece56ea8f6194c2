r"""The linear predictor of an INGARCH model and its exact derivatives: arrays only.

.. math:: \nu_t = b_0 + \sum_i \beta_i z_{t-i} + \sum_j \alpha_j \nu_{t-j} + \eta' x_t

with z = y (identity link) or log(y + 1) (log link). A covariate that acts on the current night
only is taken out of the feedback: its part of nu_{t-j} is subtracted again.

**A filter, not a loop.** Given the counts, nu solves a lower triangular system of equations whose
band holds the coefficients of the lags; LAPACK's ``dtbtrs`` solves it, for nu and for all
derivatives at once. Without gaps that is ``scipy.signal.lfilter`` to the last bit but one, and as
fast; with gaps the coefficients change in time, which a filter cannot do.

**Gaps.** After a night without a number, that night's conditional mean takes the place of its
count, in nu and in the derivatives. With the identity link this is exact: the result is
the conditional mean given the counts that are known. With the log link the equations are then
nonlinear in nu, and Newton's method, which meets a triangular system in a few steps, solves them.

**Coordinates.** The first parameter is ``level``: under ``init="marginal"`` the stationary value
kappa = b0 / (1 - sum beta - sum alpha) that every pre-sample nu and z takes, else the intercept b0.
So the likelihood stays smooth up to sum beta + sum alpha = 1, where kappa and b0 part.

References
----------
Ferland, Latour & Oraichi (2006), Journal of Time Series Analysis 27, 923-942.
doi:10.1111/j.1467-9892.2006.00496.x
Fokianos & Tjostheim (2011), Journal of Multivariate Analysis 102, 563-578.
doi:10.1016/j.jmva.2010.11.002
Liboschik, Fokianos & Fried (2017), Journal of Statistical Software 82(5).
doi:10.18637/jss.v082.i05
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg.lapack import dtbtrs

from analysis.inference.nb2 import Floats
from analysis.models.ingarch.layout import Recursion, shift

#: How often the log link's equations for nights after gaps are solved anew, at most.
GAP_STEPS: Final = 60
GAP_SETTLED: Final = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The linear predictor at given parameters, and the band that made it.

    Attributes
    ----------
    nu : Floats
        Shape (n,); not finite where the recursion overflows.
    band : Floats
        Shape (1 + longest lag, n): the unit lower triangular matrix, by diagonals.
    gap_slope : Floats
        Shape (n,): at gaps the slope of what takes the place of the regressor, else 0.
    """

    nu: Floats
    band: Floats
    gap_slope: Floats


def linear_predictor(rec: Recursion, x: Floats) -> Path:
    """Solve the recursion at parameters ``x``, shape (k,).

    It is solved for the deviations of nu from its value before the first night: where nothing
    moves they are exactly 0, and so are the derivatives.

    Examples
    --------
    >>> from analysis.models.ingarch.layout import lay_out
    >>> from analysis.models.ingarch.links import IDENTITY
    >>> none = np.empty((4, 0)), np.empty(0, bool)
    >>> rec = lay_out(np.array([3.0, 5, 2, 4]), *none, ((1,), (1,)), IDENTITY, "marginal")
    >>> linear_predictor(rec, np.array([4.0, 0.5, 0.25])).nu.tolist()
    [4.0, 3.5, 4.375, 3.09375]
    """
    level, beta, alpha, eta = rec.split(x)
    before = rec.presample(level)
    constant = 0.0 if rec.is_marginal else level - before * (1 - beta.sum() - alpha.sum())
    known = constant + (rec.lagged - before * (1 - rec.before_obs)) @ beta
    known += _forcing(rec, alpha) @ eta
    if rec.gaps.any():
        return _across_gaps(rec, (beta, alpha), known, before)
    gap_slope = np.zeros_like(known)
    band = _band(rec, beta, alpha, gap_slope)
    return Path(before + solve(band, known), band, gap_slope)


def derivatives(rec: Recursion, x: Floats, path: Path) -> Floats:
    """First derivatives of nu in all parameters, shape (n, k)."""
    level, beta, alpha, eta = rec.split(x)
    p, q = len(beta), len(alpha)
    presample = rec.presample(level)
    acting = rec.covariates * rec.external
    forcing = np.empty((len(path.nu), rec.n_params), order="F")
    forcing[:, 0] = 1 - rec.is_marginal * (beta.sum() + alpha.sum())
    if rec.presample_moves:
        forcing[:, 0] += rec.before_obs @ beta + rec.before_mean @ alpha
    forcing[:, 1 : 1 + p] = rec.lagged + presample * rec.before_obs
    if rec.gaps.any():
        stand_in = np.where(rec.gaps, rec.link.stand_in(path.nu), 0.0)
        for column, lag in enumerate(rec.past_obs):
            forcing[:, 1 + column] += shift(stand_in, lag)
    for column, lag in enumerate(rec.past_mean):
        past = shift(path.nu - acting @ eta, lag) + presample * rec.before_mean[:, column]
        forcing[:, 1 + p + column] = past
    if rec.is_marginal:
        forcing[:, 1 : 1 + p + q] -= level
    forcing[:, 1 + p + q :] = _forcing(rec, alpha)
    return solve(path.band, forcing)


def weighted_curvature(
    rec: Recursion, x: Floats, path: Path, slopes: Floats, weights: Floats
) -> Floats:
    """Sum over nights of ``weights`` times the second derivatives of nu, shape (k, k).

    ``slopes`` are the first derivatives. The second ones are never formed: one solution of the
    transposed system spreads the weights over what drives them.
    """
    _, beta, _, _ = rec.split(x)
    p, q = len(rec.past_obs), len(rec.past_mean)
    spread = solve(path.band, weights, transposed=True)
    acting = rec.covariates * rec.external
    half = np.zeros((rec.n_params, rec.n_params))
    if rec.is_marginal:
        half[1 : 1 + p + q, 0] = -spread.sum()
    if rec.presample_moves:
        half[1 : 1 + p, 0] += spread @ rec.before_obs
        half[1 + p : 1 + p + q, 0] += spread @ rec.before_mean
    for row, lag in enumerate(rec.past_mean, start=1 + p):
        half[row] += spread[lag:] @ slopes[: max(len(slopes) - lag, 0)]
        half[row, 1 + p + q :] -= spread[lag:] @ acting[: max(len(spread) - lag, 0)]
    total: Floats = half
    if rec.gaps.any():
        bent = np.zeros_like(spread)
        for row, (lag, coefficient) in enumerate(zip(rec.past_obs, beta, strict=True), start=1):
            ahead = _ahead(spread, lag)
            half[row] += (ahead * path.gap_slope) @ slopes
            bent += coefficient * ahead
        bent *= np.where(rec.gaps, rec.link.stand_in_curvature(path.nu), 0.0)
        return half + half.T + slopes.T @ (bent[:, np.newaxis] * slopes)
    return total + half.T


def solve(band: Floats, forcing: Floats, *, transposed: bool = False) -> Floats:
    """Solve the triangular system for one right-hand side (n,) or several (n, k)."""
    if forcing.size == 0:  # dtbtrs corrupts memory when it gets no column
        return forcing
    solution, _ = dtbtrs(band, forcing, uplo="L", trans="T" if transposed else "N", diag="U")
    result: Floats = solution.reshape(forcing.shape)
    return result


def _forcing(rec: Recursion, alpha: Floats) -> Floats:
    """Covariates (n, r) as they drive nu."""
    if not rec.external.any():
        return rec.covariates
    alone = acting_alone(rec.covariates, rec.past_mean, alpha)
    return np.where(rec.external, alone, rec.covariates)


def acting_alone(columns: Floats, lags: tuple[int, ...], alpha: Floats) -> Floats:
    """Covariates (n, r) as forcing where they are not fed back through past means."""
    alone = columns.copy()
    for lag, coefficient in zip(lags, alpha, strict=True):
        alone -= coefficient * shift(columns, lag)
    return alone


def _across_gaps(
    rec: Recursion, coefficients: tuple[Floats, Floats], known: Floats, before: float
) -> Path:
    """Solve the recursion where nights without a number stand in with their own mean."""
    beta, alpha = coefficients
    moved = np.zeros_like(known)
    for _ in range(GAP_STEPS):
        nu = before + moved
        slope = np.where(rec.gaps, rec.link.stand_in_slope(nu), 0.0)
        rest = np.where(rec.gaps, rec.link.stand_in(nu), 0.0) - slope * moved
        band = _band(rec, beta, alpha, slope)
        forcing = known.copy()
        for lag, coefficient in zip(rec.past_obs, beta, strict=True):
            forcing += coefficient * shift(rest, lag)
        last, moved = moved, solve(band, forcing)
        with np.errstate(invalid="ignore", over="ignore"):
            change = np.abs(moved - last)[rec.gaps]
            if not (change > GAP_SETTLED * (1 + np.abs(moved[rec.gaps]))).any():
                break
    return Path(before + moved, band, slope)


def _band(rec: Recursion, beta: Floats, alpha: Floats, gap_slope: Floats) -> Floats:
    """The unit lower triangular matrix of the recursion, by diagonals."""
    longest = max((*rec.past_obs, *rec.past_mean), default=0)
    band = np.zeros((longest + 1, len(rec.counts)), order="F")
    band[0] = 1.0
    for lag, coefficient in zip(rec.past_mean, alpha, strict=True):
        band[lag] -= coefficient
    if rec.gaps.any():
        for lag, coefficient in zip(rec.past_obs, beta, strict=True):
            band[lag] -= coefficient * gap_slope
    return band


def _ahead(values: Floats, lag: int) -> Floats:
    """Values of ``lag`` nights later, 0 after the last."""
    moved = np.zeros_like(values)
    moved[: max(len(values) - lag, 0)] = values[lag:]
    return moved
