"""What the log mean of a trend is made of: a column for each night and parameter."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr

from analysis.errors import FitError
from analysis.inference.nb2 import Floats

#: The unit of time: growth is per this many nights.
UNIT: Final = 30
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
#: Scaled columns whose rest, after those before them, is smaller than this are no columns.
DEPENDENT: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Regressors of the log mean over n nights.

    Attributes
    ----------
    names : tuple of str
        k parameters.
    design : Floats
        Shape (n, k).
    offset : Floats
        Shape (n,): known part of the log mean.
    """

    names: tuple[str, ...]
    design: Floats
    offset: Floats

    def require_full_rank(self, seen: NDArray[np.bool_]) -> None:
        """Refuse parameters that the nights seen, shape (n,), cannot tell apart.

        Raises
        ------
        FitError
            It names parameters that depend on one another.
        """
        used = self.design[seen]
        size = np.abs(used).max(axis=0)
        if (empty := np.flatnonzero(size == 0)).size:
            raise FitError(
                f"{self.names[empty[0]]} is 0 on every night with a number.",
                "Leave it out, or choose a period in which it moves.",
            )
        _, triangle, order = qr(used / size, mode="economic", pivoting=True)
        diagonal = np.abs(np.diag(triangle))
        if diagonal.size == len(self.names) and diagonal[-1] > DEPENDENT * diagonal[0]:
            return
        last = order[-1]
        rest = [i for i in range(len(self.names)) if i != last]
        shares = np.linalg.lstsq((used / size)[:, rest], (used / size)[:, last], rcond=None)[0]
        others = [self.names[i] for i, share in zip(rest, shares, strict=True) if abs(share) > 1e-6]
        raise FitError(
            f"On the nights with a number {self.names[last]} follows from "
            f"{', '.join(others[:5])}{' and others' if len(others) > 5 else ''}.",
            "Leave one of them out.",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Terms of the log mean besides covariates, for any nights.

    Attributes
    ----------
    first : pd.Timestamp
        Night from which time is counted.
    weekday : bool
        An effect for each weekday beside Monday.
    harmonics : tuple of (float, int)
        Period in nights and number of sine-cosine pairs, sine first; phase 0 on ``first``.
    shifts, knots : tuple of pd.Timestamp
        First nights at a new level, and at a new slope.
    """

    first: pd.Timestamp
    weekday: bool = False
    harmonics: tuple[tuple[float, int], ...] = ()
    shifts: tuple[pd.Timestamp, ...] = ()
    knots: tuple[pd.Timestamp, ...] = ()

    @property
    def slopes(self) -> tuple[str, ...]:
        """Names of the slopes: "growth", or "growth_1", "growth_2", ... between knots."""
        if not self.knots:
            return ("growth",)
        return tuple(f"growth_{i}" for i in range(1, len(self.knots) + 2))

    def columns(self, nights: pd.DatetimeIndex) -> dict[str, Floats]:
        """Regressors by name, in the order of the parameters, each of shape (n,)."""
        step = np.asarray((nights - self.first).days, dtype=float)
        edges = [-np.inf, *((knot - self.first).days for knot in self.knots), np.inf]
        found = {"intercept": np.ones(len(step))}
        for name, begin, end in zip(self.slopes, edges[:-1], edges[1:], strict=True):
            # Slope by slope, so that a coefficient is the growth within its own segment.
            from_zero = 0.0 if begin == -np.inf else begin
            found[name] = (np.clip(step, begin, end) - from_zero) / UNIT
        for shift in self.shifts:
            found[f"shift_{shift:%Y-%m-%d}"] = np.asarray(nights >= shift, dtype=float)
        if self.weekday:
            day = nights.day_of_week.to_numpy()
            found |= {name: (day == i) * 1.0 for i, name in enumerate(WEEKDAYS) if i}
        for period, number in self.harmonics:
            for wave in range(1, number + 1):
                angle = 2 * np.pi * wave * step / period
                found[f"sin_{wave}_of_{period:g}"] = np.sin(angle)
                found[f"cos_{wave}_of_{period:g}"] = np.cos(angle)
        return found


def linear_time(nights: int) -> Regression:
    """Level and growth alone over n successive nights.

    Examples
    --------
    >>> linear_time(31).design[[0, 30]]
    array([[1., 0.],
           [1., 1.]])
    """
    time = np.arange(nights) / UNIT
    design = np.column_stack([np.ones(nights), time])
    return Regression(("intercept", "growth"), design, np.zeros(nights))
