"""What a trend is asked for besides counts, checked: terms, covariates, offset."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_covariates import by_night
from analysis.models.given_numbers import as_floats
from analysis.models.trend.regression import Terms
from analysis.night_labels import read_night

Nights = str | pd.Timestamp | Sequence[str | pd.Timestamp]
Harmonics = tuple[float, int] | Sequence[tuple[float, int]]


def read_terms(
    nights: pd.DatetimeIndex, weekday: bool, harmonics: Harmonics, shifts: Nights, knots: Nights
) -> Terms:
    """Check the terms of a trend against its period.

    Raises
    ------
    FitError
        If a shift or knot lies outside the period or is repeated, or a harmonic is none.
    """
    return Terms(
        nights[0],
        weekday,
        _read_harmonics(harmonics),
        _read_breaks("level shift", shifts, nights),
        _read_breaks("knot", knots, nights),
    )


def read_covariates(
    exog: pd.Series | pd.DataFrame | ArrayLike | None, nights: pd.DatetimeIndex
) -> dict[str, Floats]:
    """Lay covariates out by night: ``exog_<name>`` -> shape (n,).

    Raises
    ------
    FitError
        If they do not reach all of the nights, or are no finite numbers.
    """
    if exog is None:
        return {}
    frame = by_night("exog", exog, nights)
    return {f"exog_{name}": frame[name].to_numpy(dtype=float) for name in frame}


def read_offset(offset: pd.Series | ArrayLike | None, nights: pd.DatetimeIndex) -> Floats:
    """Lay the offset out by night, shape (n,); one number holds for all, None is 0.

    Raises
    ------
    FitError
        As `read_covariates`.
    """
    if offset is None:
        return np.zeros(len(nights))
    if np.ndim(offset) == 0:
        offset = np.full(len(nights), as_floats("offset", offset))
    frame = by_night("offset", offset, nights)
    if frame.shape[1] != 1:
        raise FitError(f"offset has {frame.shape[1]} columns.", "Give one number per night.")
    return frame.iloc[:, 0].to_numpy(dtype=float)


def _read_breaks(what: str, given: Nights, nights: pd.DatetimeIndex) -> tuple[pd.Timestamp, ...]:
    """Nights of shifts or knots, sorted; each after the first night and not after the last."""
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    found = sorted(read_night(f"the {what}", one, FitError) for one in listed)
    for night in found:
        if not nights[0] < night <= nights[-1]:
            raise FitError(
                f"The {what} {night:%Y-%m-%d} does not lie within the period, "
                f"{nights[0]:%Y-%m-%d} to {nights[-1]:%Y-%m-%d}.",
                "Choose a night after its first.",
            )
        if found.count(night) > 1:
            raise FitError(f"The {what} {night:%Y-%m-%d} is given twice.", "Give it once.")
    return tuple(found)


def _read_harmonics(given: Harmonics) -> tuple[tuple[float, int], ...]:
    """Pairs of a period in nights and a number of waves."""
    listed: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    pairs = [listed] if listed and np.ndim(listed[0]) == 0 else [list(pair) for pair in listed]
    for pair in pairs:
        sound = len(pair) == 2 and all(isinstance(part, float | int | np.number) for part in pair)
        if not sound or not (pair[1] % 1 == 0 and 2 <= 2 * pair[1] < pair[0] < np.inf):
            raise FitError(
                f"The harmonics are {given!r}.",
                "Give a period in nights and a whole number of waves below half of it: (7, 2).",
            )
    return tuple((float(period), int(number)) for period, number in pairs)
