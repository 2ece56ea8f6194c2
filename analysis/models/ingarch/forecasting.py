"""Forecasts and simulated series of an INGARCH model."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import (
    as_floats,
    nights_ahead,
    require_room,
    usable,
    whole_number,
)
from analysis.models.ingarch.layout import Recursion
from analysis.models.ingarch.objective import intercept_of
from analysis.models.ingarch.recursion import linear_predictor
from analysis.models.ingarch.simulation import Coefficients, Paths, simulate_paths
from analysis.models.predictive import CountForecast, MixtureForecast, NegBinForecast
from analysis.models.results import nights_after
from analysis.random_source import random_source

if TYPE_CHECKING:
    from analysis.models.ingarch.results import INGARCHResults

#: Rounds of drawing parameters anew that lie outside their bounds.
ROUNDS: Final = 50


def forecast(
    results: "INGARCHResults",
    horizon: int,
    exog: ArrayLike | pd.DataFrame | None,
    how: tuple[int, bool],
    rng: np.random.Generator | int,
) -> CountForecast:
    """Forecast ``horizon`` nights; ``how``: number of paths, and whether parameters are drawn."""
    draws, parameter_uncertainty = how
    require_room(nights_ahead(horizon), whole_number("draws", draws))
    rec = results.model.recursion
    future = _future_covariates(results, exog, horizon)
    known = int(np.flatnonzero(~rec.gaps)[-1]) + 1
    trailing = len(rec.counts) - known
    covariates = np.vstack([rec.covariates, future])
    uncertain = parameter_uncertainty and not results.given
    drawn = uncertain or horizon + trailing > 1
    source = random_source(rng, FitError)
    x = draw_parameters(results, draws, source) if uncertain else _point(results)
    if drawn and not uncertain:
        x = np.repeat(x, draws, axis=0)
    paths = _go_on(results, x, covariates[: known + trailing + horizon], known, source)
    means = paths.means[:, trailing:]
    nights = nights_after(results.endog.index, horizon)
    if not drawn:
        return NegBinForecast(means[0], results.dispersion).labelled(nights)
    dispersions = _dispersions(results, x)[:, np.newaxis]
    return MixtureForecast(NegBinForecast(means, dispersions)).labelled(nights)


def simulate_anew(
    results: "INGARCHResults",
    n: int | None,
    paths: int,
    exog: ArrayLike | pd.DataFrame | None,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Simulate series of ``n`` nights from before the first night on, shape (paths, n)."""
    rec = results.model.recursion
    size = len(rec.counts) if n is None else whole_number("n", n)
    require_room(size, whole_number("paths", paths))
    covariates = rec.covariates if n is None else _future_covariates(results, exog, size)
    x = np.repeat(_point(results), paths, axis=0)
    return _go_on(results, x, covariates, 0, rng).counts


def draw_parameters(results: "INGARCHResults", draws: int, rng: np.random.Generator) -> Floats:
    """Internal parameters drawn around the estimates, normal within the bounds, shape (draws, k).

    What a bound holds stays there.
    """
    centre, bounds = results.fit.maximum.x, results.fit.bounds
    values, vectors = np.linalg.eigh(results.internal_cov)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    x = np.repeat(centre[np.newaxis], draws, axis=0)
    pending = np.arange(draws)
    for _ in range(ROUNDS):
        x[pending] = centre + rng.standard_normal((len(pending), len(centre))) @ root.T
        outside = (x @ bounds.normals.T < bounds.limits - 1e-9).any(axis=1)
        pending = np.flatnonzero(outside)
        if not len(pending):
            break
    x[pending] = centre
    return x


def _go_on(
    results: "INGARCHResults",
    x: Floats,
    covariates: Floats,
    known: int,
    rng: np.random.Generator,
) -> Paths:
    """Simulate from the night ``known`` on, one path for each row of internal parameters."""
    rec = results.model.recursion
    k = rec.n_params
    pasts = [_past(rec, theta, known) for theta in (x[:1] if (x == x[0]).all() else x)[:, :k]]
    z, nu = (np.array(part) for part in zip(*pasts, strict=True))
    parts = [rec.split(theta) for theta in x[:, :k]]
    beta, alpha, eta = (np.array([part[i] for part in parts]) for i in (1, 2, 3))
    added = eta @ covariates[known:].T
    acting = covariates * rec.external
    for column, lag in enumerate(rec.past_mean):
        lagged = np.zeros_like(acting)
        lagged[lag:] = acting[: max(len(acting) - lag, 0)]
        added -= alpha[:, [column]] * (eta @ lagged[known:].T)
    coefficients = Coefficients(
        np.array([intercept_of(rec, theta) for theta in x[:, :k]]),
        beta,
        alpha,
        added,
        _dispersions(results, x),
    )
    return simulate_paths(coefficients, (rec.past_obs, rec.past_mean), rec.link, (z, nu), rng)


def _past(rec: Recursion, theta: Floats, known: int) -> tuple[Floats, Floats]:
    """Regressors and linear predictors of the nights before ``known``, longest lag many."""
    longest = max((*rec.past_obs, *rec.past_mean), default=0)
    before = np.full(longest, rec.presample(float(theta[0])))
    nu = linear_predictor(rec, theta).nu[:known] if known else np.empty(0)
    counts = np.where(rec.gaps, 0.0, rec.counts)[:known]
    z = np.where(rec.gaps[:known], rec.link.stand_in(nu), rec.link.regressor(counts))
    start = known  # of the part of the joined array that is kept
    return (
        np.concatenate([before, z])[start : start + longest],
        np.concatenate([before, nu])[start : start + longest],
    )


def _point(results: "INGARCHResults") -> Floats:
    """The estimates as one row of internal parameters."""
    return results.fit.maximum.x[np.newaxis]


def _dispersions(results: "INGARCHResults", x: Floats) -> Floats:
    """The dispersion of each row of internal parameters."""
    if results.fit.at.has_dispersion:
        return x[:, -1]
    return np.full(len(x), results.dispersion)


def _future_covariates(
    results: "INGARCHResults", exog: ArrayLike | pd.DataFrame | None, horizon: int
) -> Floats:
    """Covariates of nights to come, shape (horizon, r)."""
    names = [name.removeprefix("exog_") for name in results.model.covariates.names]
    if exog is None:
        if names:
            raise FitError(
                f"The model has {len(names)} covariates, and no exog says what they are on the "
                f"{horizon} nights asked for.",
                "Give exog, one row per night.",
            )
        return np.empty((horizon, 0))
    if isinstance(exog, pd.Series) and exog.name is not None:
        exog = exog.to_frame()
    if isinstance(exog, pd.DataFrame):
        exog = _in_order(exog, names, nights_after(results.endog.index, horizon))
    values = as_floats("exog", exog)
    shape = values.shape
    values = values.reshape(-1, max(len(names), 1))
    if values.shape != (horizon, len(names)) or not usable(values).all():
        raise FitError(
            f"exog has the shape {shape}, or holds no numbers.",
            f"Give {horizon} rows of {len(names)} finite numbers.",
        )
    return values


def _in_order(exog: pd.DataFrame, names: list[str], nights: pd.Index | None) -> pd.DataFrame:
    """Columns in the order of the covariates; where rows carry dates, those of the nights."""
    given = [str(column) for column in exog.columns]
    if sorted(given) != sorted(names):
        raise FitError(
            f"exog names {', '.join(given[:5])}, the covariates are "
            f"{', '.join(names[:5]) or 'none'}.",
            "Give the same columns for the nights to come.",
        )
    exog = exog.iloc[:, [given.index(name) for name in names]]
    if not isinstance(nights, pd.DatetimeIndex) or not isinstance(exog.index, pd.DatetimeIndex):
        return exog
    absent = nights.difference(exog.index)
    if len(absent) or exog.index.has_duplicates:
        raise FitError(
            f"exog lacks {len(absent)} of the {len(nights)} nights to come, or gives one twice.",
            f"Give one row per night from {nights[0]:%Y-%m-%d} on.",
        )
    return exog.loc[nights]
