"""One side's nights from its own nights before, a background, and perhaps the other side's."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.components import Component, Problem
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.maximise import Maximum, maximise
from analysis.models.endemic_epidemic.predictors import smooth_basis

#: A week of own nights enters: last night alone, and the mean of the six before it.
WEEK: Final = 7
#: Of those six at least this many must be known.
FEWEST_OF_WEEK: Final = 3
#: Weekdays and knots are held with this standard deviation (in logs), so that a background that is
#: nothing on some nights cannot run away. It is far wider than any of them.
HELD: Final = 3.0
#: Share of the counts that a component gets at the start of a climb.
SHARE: Final = {"own": 0.3, "week": 0.2, "end": 0.5}


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """What stays fixed when the counts of a side are explained again and again.

    ``mu[t] = own y[t-1] + week mean(y[t-2 ... t-7]) + other x[t-lag] + end[t]``, all >= 0, NB2.

    Attributes
    ----------
    background : Floats
        Columns of the log background: intercept, weekdays, smooth trend; shape (n, p).
    seen : NDArray[np.bool_]
        Shape (n,): nights that enter, the same for every lag of the other side.
    lags : int
        Lags 1 ... lags of the other side are tried.
    """

    background: Floats
    seen: NDArray[np.bool_]
    lags: int

    def problem(self, own: Floats, other: Floats, lag: int | None = None) -> Problem:
        """The likelihood of a side; ``lag=None`` leaves the other side out."""
        rows = self.seen
        none = np.zeros((int(rows.sum()), 1, 0))
        one = np.ones((int(rows.sum()), 1))
        bases = {"own": lagged(own, 1), "week": week_before(own)}
        if lag is not None:
            bases["other"] = lagged(other, lag)
        parts = [
            Component(name, one, none, False, base[rows][:, np.newaxis])
            for name, base in bases.items()
        ]
        end = Component("end", self.background[rows], none, False, one)
        names = [*(f"{name}.intercept" for name in bases), *(f"end.{k}" for k in range(end.size))]
        return Problem(
            counts=own[rows][:, np.newaxis],
            seen=np.ones((int(rows.sum()), 1), dtype=bool),
            components=(*parts, end),
            groups=np.zeros(1, dtype=np.intp),
            names=(*names, "log_dispersion"),
        )

    def fit(self, own: Floats, other: Floats, start: Floats | None = None) -> Maximum:
        """Explain a side without the other."""
        likelihood = Likelihood(self.problem(own, other))
        start = _start(likelihood) if start is None else start
        return maximise(likelihood, start, self._precision(likelihood))

    def ratios(self, own: Floats, other: Floats, null: Maximum) -> Floats:
        """Likelihood ratios 2 (l1 - l0) of lags 1 ... lags, shape (lags,); 0 where none is won."""
        found = np.zeros(self.lags)
        slopes = self._slopes(own, other, null)
        for lag in np.flatnonzero(slopes > 0) + 1:
            better = self.with_other(own, other, int(lag), null)
            found[lag - 1] = max(2 * (self.value(better) - self.value(null)), 0.0)
        return found

    def _slopes(self, own: Floats, other: Floats, null: Maximum) -> Floats:
        """Slope of the likelihood in each lag's share of the other side, at none of it."""
        likelihood = Likelihood(self.problem(own, other))
        mean = likelihood.mean(null.theta)[:, 0]
        alpha = likelihood.unit_alphas(null.theta)[0]
        pull = (own[self.seen] - mean) / (mean * (1 + alpha * mean))
        past = [lagged(other, lag)[self.seen] for lag in range(1, self.lags + 1)]
        return np.asarray(np.stack(past) @ pull, dtype=float)

    def with_other(self, own: Floats, other: Floats, lag: int, null: Maximum) -> Maximum:
        """Explain a side with the other's nights ``lag`` nights before."""
        likelihood = Likelihood(self.problem(own, other, lag))
        start = np.insert(null.theta, 2, -np.inf)
        return maximise(likelihood, start, self._precision(likelihood))

    def value(self, found: Maximum) -> float:
        """The log-likelihood of a maximum less what holds weekdays and knots."""
        held = found.theta[-self.background.shape[1] : -1]
        return found.loglik - 0.5 * float((held**2).sum()) / HELD**2

    def _precision(self, likelihood: Likelihood) -> Floats:
        """Weights of the squared coefficients of weekdays and knots."""
        precision = np.zeros(likelihood.layout.size)
        precision[-self.background.shape[1] : -1] = HELD**-2
        return precision


def make_equation(
    own: Floats, other: Floats, index: pd.DatetimeIndex, lags: int, knots_every: int | None
) -> Equation:
    """Lay out the background of one side and choose its nights.

    Raises
    ------
    FitError
        If fewer than 60 nights have all that is needed, or these hold less than one claim.
    """
    known = [~np.isnan(own), ~np.isnan(lagged(own, 1)), ~np.isnan(week_before(own))]
    known += [~np.isnan(lagged(other, lag)) for lag in range(1, lags + 1)]
    seen = np.logical_and.reduce(known)
    if seen.sum() < 60:
        raise FitError(
            f"{int(seen.sum())} nights have a count and the counts of the {lags} nights before.",
            "Choose a period in which both sides publish, of at least 60 such nights.",
        )
    if own[seen].sum() < 1:
        raise FitError(
            f"The {int(seen.sum())} nights that enter hold less than one claim.",
            "Choose a period with claims.",
        )
    columns = [np.ones(len(own))]
    if knots_every is not None:
        day = index.day_of_week.to_numpy()
        columns += [(day == d).astype(float) for d in range(1, 7)]
        rows = np.arange(len(own), dtype=float)
        columns += list(smooth_basis(rows, np.flatnonzero(seen).astype(float), knots_every).T)
    return Equation(np.column_stack(columns), np.asarray(seen), lags)


def lagged(values: Floats, lag: int) -> Floats:
    """Values some nights before, NaN at the beginning; nights on the last axis."""
    shifted = np.full(values.shape, np.nan)
    shifted[..., lag:] = values[..., :-lag]
    return shifted


def week_before(values: Floats) -> Floats:
    """Mean of the nights 2 to 7 before, NaN with fewer than three of them."""
    nights = np.stack([lagged(values, lag) for lag in range(2, WEEK + 1)])
    known = ~np.isnan(nights)
    number = known.sum(axis=0)
    mean = np.where(known, nights, 0.0).sum(axis=0) / np.maximum(number, 1)
    return np.where(number >= FEWEST_OF_WEEK, mean, np.nan)


def _start(likelihood: Likelihood) -> Floats:
    """A start that splits the counts between the components."""
    problem, layout = likelihood.problem, likelihood.layout
    theta = np.zeros(layout.size)
    for component, index in zip(problem.components, layout.components, strict=True):
        base = component.base.sum()
        share = SHARE[component.name] * problem.counts.sum()
        theta[index[0]] = np.log(share / base) if base > 0 else 0.0
    return theta
