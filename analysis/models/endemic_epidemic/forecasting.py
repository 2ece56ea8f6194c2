"""Forecasts of nights to come, and of the nights of the record as if they were to come."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.assembly import Options, assemble, lay_columns
from analysis.models.endemic_epidemic.fitting import fit_assembly
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.predictors import Calendar
from analysis.models.endemic_epidemic.rates import Rates, rates, stacked
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.models.endemic_epidemic.simulation import BEYOND, draw_counts, starting_counts
from analysis.models.predictive import MixtureForecast, NegBinForecast
from analysis.random_source import random_source

Refits = Literal["rolling", "first", "final"]


def forecast(
    results: EndemicEpidemicResults,
    horizon: int,
    draws: int = 1000,
    parameter_uncertainty: bool = True,
    rng: np.random.Generator | int = 0,
) -> MixtureForecast:
    """Forecast the rows after the record; see `EndemicEpidemicResults.get_forecast`."""
    source = random_source(rng, FitError)
    index = future_index(results.endog.index, horizon)
    uncertain = parameter_uncertainty and not results.given
    thetas = draw_theta(results, draws, source) if uncertain else [results.theta]
    alphas = np.stack([_dispersions(results, theta) for theta in thetas])
    means = _means_ahead(results, thetas, index, alphas, (draws, source))
    if not (means < BEYOND).all():
        raise FitError(
            f"Within {horizon} rows simulated counts pass {BEYOND:g}.",
            "Ask for a shorter horizon; the dominant eigenvalue is above 1.",
        )
    law = NegBinForecast(means, alphas[:, np.newaxis])
    return MixtureForecast(law, nights=index, regions=results.endog.columns)


def one_step_ahead(
    results: EndemicEpidemicResults, first: int, refits: Refits = "rolling"
) -> NegBinForecast:
    """Forecast every row from row ``first`` on from the rows before it."""
    counts, options = pd.DataFrame(results.endog), results.assembly.options
    n = len(counts)
    if refits not in ("rolling", "first", "final"):
        raise FitError(f"refits is {refits!r}.", 'Choose "rolling", "first" or "final".')
    if not 2 <= first < n:
        raise FitError(
            f"first is {first}, the record has {n} rows.",
            f"Give a row between 2 and {n - 1}, with enough before it to fit the model.",
        )
    means, alphas = np.full((n - first, counts.shape[1]), np.nan), np.zeros((n - first, 1))
    alphas = np.repeat(alphas, counts.shape[1], axis=1)
    fitted: EndemicEpidemicResults | None = results if refits == "final" else None
    for row in range(first, n):
        if fitted is None or refits == "rolling":
            fitted = fit_assembly(assemble(counts.iloc[:row], options), _near(fitted, options))
        tonight = Calendar(
            counts.index[row : row + 1], np.array([float(row)]), fitted.assembly.anchors
        )
        columns = lay_columns(tonight, counts.columns, options)
        found = rates(options, columns, fitted.layout, fitted.theta)
        past = counts.to_numpy()[row - found.longest : row] if found.longest else np.zeros((1, 1))
        if found.longest:
            means[row - first] = _with_gaps(found, past)
        else:
            means[row - first] = found.by_component["end"][0]
        alphas[row - first] = fitted.dispersions.to_numpy()
    kept = ~np.isnan(means).any(axis=1)
    return NegBinForecast(
        means[kept], alphas[kept], nights=counts.index[first:][kept], regions=counts.columns
    )


def future_index(index: pd.Index, horizon: int) -> pd.Index:
    """Labels of the rows after the record."""
    if isinstance(index, pd.DatetimeIndex):
        step = index[-1] - index[-2]
        return pd.DatetimeIndex([index[-1] + k * step for k in range(1, horizon + 1)], name="night")
    return pd.RangeIndex(len(index), len(index) + horizon)


def _near(fitted: EndemicEpidemicResults | None, options: Options) -> Floats | None:
    """A start for the next fit; knots move with the record, so a smooth trend starts afresh."""
    smooth = any(predictor.knots_every for predictor in options.predictors.values())
    return None if fitted is None or smooth else fitted.theta


def _with_gaps(found: Rates, past: Floats) -> Floats:
    """The mean of a row; NaN for units whose needed past is missing."""
    mean = found.mean(0, np.nan_to_num(past)[np.newaxis])[0]
    for name, lag in found.lags.items():
        lost = np.isnan(past[-lag])
        if name == "ne":
            lost = lost.astype(float) @ (found.weights > 0) > 0
        mean = np.where(lost, np.nan, mean)
    return np.asarray(mean, dtype=float)


def _dispersions(results: EndemicEpidemicResults, theta: Floats) -> Floats:
    """Dispersion of each unit at a coefficient vector, shape (units,)."""
    units = len(results.dispersions)
    at = results.layout.dispersion
    return np.broadcast_to(np.exp(theta[at]), units) if len(at) else np.zeros(units)


def _means_ahead(
    results: EndemicEpidemicResults,
    thetas: Sequence[Floats],
    index: pd.Index,
    alphas: Floats,
    how: tuple[int, np.random.Generator],
) -> Floats:
    """Means of the rows to come along simulated paths, shape (draws, horizon, units).

    A coefficient vector for each path or one for all, with their ``alphas``, shape (thetas, units).
    """
    draws, rng = how
    assembly = results.assembly
    counts = assembly.observed
    n, longest = len(counts), results.rates.longest
    begun = _last_known(counts, longest)
    if begun is None:
        begun, state = longest, starting_counts(counts, longest)
    else:
        state = counts[begun - longest : begun]
    rows = np.arange(begun, n + len(index), dtype=float)
    calendar = Calendar(assembly.counts.index[begun:].append(index), rows, assembly.anchors)
    columns = lay_columns(calendar, assembly.counts.columns, assembly.options)
    found = stacked([rates(assembly.options, columns, results.layout, theta) for theta in thetas])
    # Gaps at the end of the record are filled by simulation, beside what is known of them.
    known = np.concatenate([counts[begun:], np.full((len(index), counts.shape[1]), np.nan)])
    state = np.repeat(state[np.newaxis], draws, axis=0)
    means = np.empty((draws, *known.shape))
    for row, told in enumerate(known):
        means[:, row] = found.mean(row, state)
        night = draw_counts(means[:, row], alphas, rng)
        night = np.where(np.isnan(told), night, told)
        state = np.concatenate([state[:, 1:], night[:, np.newaxis]], axis=1)
    return means[:, n - begun :]


def _last_known(counts: Floats, longest: int) -> int | None:
    """The row after the last stretch of rows without gaps that a mean can start from."""
    whole = np.asarray(~np.isnan(counts).any(axis=1))
    for row in range(len(counts), longest - 1, -1):
        if whole[row - longest : row].all():
            return row
    return None
