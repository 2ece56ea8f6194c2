"""What a component's log-linear predictor may hold, and the columns that makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import frame_of_floats, usable, whole_number

#: The unit of the linear trend, in rows (nights).
UNIT: Final = 30
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, eq=False)
class Predictor:
    """The log-linear predictor of one component.

    Attributes
    ----------
    intercept : {"shared", "per-unit", "random"}
        One for all units; a fixed effect for each; or one with iid normal deviations.
    trend : bool
        A linear trend per 30 rows (nights), 0 in the first row.
    harmonics : int
        Pairs of sine and cosine with periods ``period / s``, s = 1 ... harmonics.
    period : float
        In rows (nights).
    knots_every : int, optional
        A smooth trend: natural cubic spline with about one knot per so many rows that enter the
        fit; beyond them it stays where it is. Coefficients are log ratios to the first knot.
    weekday : bool
        One coefficient for each weekday but Monday, by the date of the row (a night's morning).
    covariates : Mapping
        By name a Series by night, or a frame night x unit, without missing values.
    offset : Series or DataFrame, optional
        Multiplies the component, not its logarithm: by unit, by night, or night x unit; >= 0.
    lag : int
        For ar and ne: how many rows back the counts lie that it multiplies.
    """

    intercept: Literal["shared", "per-unit", "random"] = "shared"
    trend: bool = False
    harmonics: int = 0
    period: float = 365.25
    knots_every: int | None = None
    weekday: bool = False
    covariates: Mapping[str, pd.Series | pd.DataFrame] = field(default_factory=dict)
    offset: pd.Series | pd.DataFrame | None = None
    lag: int = 1

    def check(self, name: str) -> None:
        """Refuse options that mean nothing; ``name`` is that of the component.

        Raises
        ------
        FitError
        """
        if self.intercept not in ("shared", "per-unit", "random"):
            raise FitError(
                f"The intercept of {name} is {self.intercept!r}.",
                'Choose "shared", "per-unit" or "random".',
            )
        if self.trend and self.knots_every is not None:
            raise FitError(
                f"The component {name} has a linear and a smooth trend; the smooth one holds both.",
                "Ask for one of them.",
            )
        whole_number(f"The lag of {name}", self.lag)
        whole_number(f"The number of harmonics of {name}", self.harmonics, least=0)
        number = isinstance(self.period, float | int | np.number)
        if not number or not 2 * self.harmonics <= self.period < np.inf:
            raise FitError(
                f"The component {name} has {self.harmonics} harmonics and the period "
                f"{self.period!r}.",
                "Give a period in rows of at least two for each harmonic.",
            )
        if self.knots_every is not None:
            whole_number(f"knots_every of {name}", self.knots_every, least=2)
        if not isinstance(self.covariates, Mapping):
            raise FitError(
                f"The covariates of {name} are a {type(self.covariates).__name__}.",
                "Give them by name, as a dict.",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The rows of a model: what shared columns are made from.

    Attributes
    ----------
    index : pd.Index
        Labels of the rows, successive.
    rows : Floats
        Row numbers, 0 for the first row of the fit.
    anchors : Floats
        Numbers of the rows that enter the fit, which place the knots.
    """

    index: pd.Index
    rows: Floats
    anchors: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of one component for some rows.

    Attributes
    ----------
    time : Floats
        Shape (n, p), shared by all units, the intercept first if there is a shared one.
    cells : Floats
        Shape (n, units, q).
    offset : Floats
        Shape (n, units).
    names : tuple of str
        Of the p + q coefficients.
    """

    time: Floats
    cells: Floats
    offset: Floats
    names: tuple[str, ...]

    def rows(self, at: NDArray[np.intp]) -> "Columns":
        """The same columns for some of the rows."""
        return replace(self, time=self.time[at], cells=self.cells[at], offset=self.offset[at])


def columns(name: str, predictor: Predictor, calendar: Calendar, units: pd.Index) -> Columns:
    """Lay out the columns of one component.

    Raises
    ------
    FitError
        If covariates or offset do not cover rows and units, or weekdays have no dates.
    """
    shared: list[tuple[str, Floats]] = []
    rows = calendar.rows
    if predictor.intercept != "per-unit":
        shared.append(("intercept", np.ones(len(rows))))
    if predictor.trend:
        shared.append(("trend", rows / UNIT))
    for s in range(1, predictor.harmonics + 1):
        turn = 2 * np.pi * s * rows / predictor.period
        shared += [(f"sin_{s}", np.sin(turn)), (f"cos_{s}", np.cos(turn))]
    if predictor.weekday:
        shared += _weekdays(name, calendar.index)
    if predictor.knots_every is not None:
        basis = smooth_basis(rows, calendar.anchors, predictor.knots_every)
        shared += [(f"smooth_{k + 1}", basis[:, k]) for k in range(basis.shape[1])]
    cells: list[tuple[str, Floats]] = []
    for label, values in predictor.covariates.items():
        aligned = _aligned(values, f"The covariate {label} of {name}", calendar.index, units)
        if isinstance(values, pd.DataFrame):
            cells.append((label, aligned))
        else:
            shared.append((label, aligned[:, 0]))
    labels = pd.Index([label for label, _ in shared + cells])
    if labels.has_duplicates:
        raise FitError(
            f"The component {name} has two terms named {labels[labels.duplicated()][0]}.",
            "Give the covariate another name.",
        )
    empty = np.zeros((len(rows), len(units), 0))
    return Columns(
        time=np.column_stack([np.zeros((len(rows), 0)), *(values for _, values in shared)]),
        cells=np.stack([values for _, values in cells], axis=2) if cells else empty,
        offset=_offset(name, predictor, calendar.index, units),
        names=tuple(labels),
    )


def smooth_basis(rows: Floats, anchors: Floats, every: int) -> Floats:
    """Natural cubic splines with knots spread evenly over the rows that enter a fit.

    Parameters
    ----------
    rows : Floats
        Row numbers, shape (n,); those beyond the fit are taken as its nearest row.
    anchors : Floats
        Numbers of the rows that enter the fit, sorted. A gap draws no knots: nothing could tell
        the height of a curve there.
    every : int
        Rows that enter between knots, about; there are at least two knots.

    Returns
    -------
    Floats
        Shape (n, knots - 1): column k is the spline that is 1 at knot k + 2 and 0 at all others.

    Raises
    ------
    FitError
        If fewer than two rows enter.

    Examples
    --------
    >>> basis = smooth_basis(np.array([0.0, 60.0, 120.0, 150.0]), np.arange(121.0), 60)
    >>> (100 * basis).round().astype(int).tolist()
    [[0, 0], [100, 0], [0, 100], [0, 100]]
    """
    if len(anchors) < 2:
        raise FitError("A smooth trend needs at least two rows.", "Give a longer period.")
    number = max(2, round((len(anchors) - 1) / every) + 1)
    knots = anchors[np.linspace(0, len(anchors) - 1, number).round().astype(int)]
    inside = np.clip(rows, knots[0], knots[-1])
    if number == 2:
        return np.asarray((inside - knots[0])[:, np.newaxis] / (knots[1] - knots[0]))
    spline = CubicSpline(knots, np.eye(number), bc_type="natural")
    return np.asarray(spline(inside)[:, 1:], dtype=float)


def _offset(name: str, predictor: Predictor, index: pd.Index, units: pd.Index) -> Floats:
    """What multiplies the component, 1 without an offset."""
    if predictor.offset is None:
        return np.ones((len(index), len(units)))
    offset = _aligned(predictor.offset, f"The offset of {name}", index, units)
    if (offset < 0).any():
        raise FitError(f"The offset of {name} is negative.", "Give factors >= 0.")
    return offset


def _weekdays(name: str, index: pd.Index) -> list[tuple[str, Floats]]:
    """Columns for every weekday but Monday."""
    if not isinstance(index, pd.DatetimeIndex):
        raise FitError(
            f"The component {name} has weekdays, but the rows of the counts are no dates.",
            "Index the counts by night, as datetime64.",
        )
    day = index.day_of_week.to_numpy()
    return [(f"weekday_{WEEKDAYS[d]}", (day == d).astype(float)) for d in range(1, 7)]


def _aligned(
    values: pd.Series | pd.DataFrame, what: str, index: pd.Index, units: pd.Index
) -> Floats:
    """Spread values by unit, by row or by both over rows and units."""
    if not isinstance(values, pd.Series | pd.DataFrame):
        raise FitError(
            f"{what} is a {type(values).__name__}.", "Give a Series or a DataFrame with labels."
        )
    if values.index.has_duplicates:
        raise FitError(f"{what} gives a label twice.", "Give one number per label.")
    shape = (len(index), len(units))
    table = frame_of_floats(what, pd.DataFrame(values))
    if isinstance(values, pd.DataFrame):
        array = table.reindex(index=index, columns=units).to_numpy()
    elif set(units) <= set(values.index):
        array = np.broadcast_to(table.reindex(units).to_numpy().T, shape)
    else:
        array = np.broadcast_to(table.reindex(index).to_numpy(), shape)
    lost = int((~usable(array)).sum())
    if lost:
        raise FitError(
            f"{what} is missing or infinite (beyond 2**53) on {lost} of {array.size} cells.",
            "Give it for every night and unit of the model, forecasts included.",
        )
    return array
