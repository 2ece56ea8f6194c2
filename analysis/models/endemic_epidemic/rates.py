"""What each component multiplies its counts by, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.assembly import Assembly, Options
from analysis.models.endemic_epidemic.components import Component, Layout
from analysis.models.endemic_epidemic.predictors import Columns


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """The mean of a row as a function of the counts before it.

    ``mu[t, i] = ar[t, i] y[t - lag, i] + ne[t, i] sum_j w[j, i] y[t - lag, j] + end[t, i]``

    Attributes
    ----------
    by_component : dict of Floats
        Each of shape (n, units), for the components that the model has; (n, p, units) where each
        of p paths has parameters of its own.
    weights : Floats
        [source, target], shape (units, units); zeros without neighbours. Of several paths
        (p, units, units).
    lags : dict of int
        Of ar and ne.
    """

    by_component: dict[str, Floats]
    weights: Floats
    lags: dict[str, int]

    @property
    def longest(self) -> int:
        """Rows of the past that a mean looks back."""
        return max(self.lags.values(), default=0)

    def parts(self, row: int, past: Floats) -> dict[str, Floats]:
        """Mean of each component in a row.

        Parameters
        ----------
        row : int
        past : Floats
            The counts before it, latest last, shape (..., longest, units).

        Returns
        -------
        dict of Floats
            Each of shape (..., units).
        """
        found = {}
        for name, rates in self.by_component.items():
            if name == "end":
                found[name] = np.broadcast_to(rates[row], past[..., 0, :].shape)
                continue
            lagged = past[..., -self.lags[name], :]
            found[name] = rates[row] * (self._spread(lagged) if name == "ne" else lagged)
        return found

    def _spread(self, lagged: Floats) -> Floats:
        """Counts handed on to neighbours, shape (..., units)."""
        if self.weights.ndim == 2:
            return lagged @ self.weights
        handed: Floats = (lagged[..., np.newaxis, :] @ self.weights)[..., 0, :]
        return handed

    def mean(self, row: int, past: Floats) -> Floats:
        """The mean of a row, shape (..., units)."""
        if not self.longest:
            return np.broadcast_to(self.by_component["end"][row], past.shape[:-2] + past.shape[-1:])
        total: Floats = np.sum(list(self.parts(row, past).values()), axis=0)
        return total

    def transition(self) -> Floats:
        """How last night's counts carry over: shape (n, units, units), [row, target, source]."""
        units = len(self.weights)
        shape = next(iter(self.by_component.values())).shape
        carried = np.zeros((shape[0], units, units))
        if "ar" in self.by_component:
            carried += self.by_component["ar"][:, :, np.newaxis] * np.eye(units)
        if "ne" in self.by_component:
            carried += self.by_component["ne"][:, :, np.newaxis] * self.weights.T
        return carried


def rates(options: Options, columns: dict[str, Columns], layout: Layout, theta: Floats) -> Rates:
    """Evaluate the predictors of all components on the rows of ``columns``."""
    found = {}
    for number, (name, predictor) in enumerate(options.predictors.items()):
        part = columns[name]
        component = Component(
            name, part.time, part.cells, predictor.intercept != "shared", part.offset
        )
        found[name] = component.growth(theta[layout.components[number]]) * part.offset
    units = next(iter(columns.values())).offset.shape[1]
    decay = float(theta[layout.decay]) if layout.decay >= 0 else 0.0
    return Rates(
        by_component=found,
        weights=options.weights(decay)
        if options.neighbours is not None
        else np.zeros((units, units)),
        lags={name: p.lag for name, p in options.predictors.items() if name != "end"},
    )


def stacked(found: Sequence[Rates]) -> Rates:
    """Put rates at several parameters side by side, so that paths can each follow their own."""
    first = found[0]
    if len(found) == 1:
        return first
    own_weights = any((one.weights != first.weights).any() for one in found[1:])
    return Rates(
        by_component={
            name: np.stack([one.by_component[name] for one in found], axis=1)
            for name in first.by_component
        },
        weights=np.stack([one.weights for one in found]) if own_weights else first.weights,
        lags=first.lags,
    )


def component_means(assembly: Assembly, found: Rates) -> dict[str, Floats]:
    """Mean of each component, shape (rows, units); NaN on cells that are not foretold."""
    parts = {}
    for name, multiplier in found.by_component.items():
        part = multiplier
        if name in assembly.past:
            past = np.nan_to_num(assembly.past[name])
            part = multiplier * (past @ found.weights if name == "ne" else past)
        parts[name] = np.where(assembly.foretold, part, np.nan)
    return parts


def fitted_means(assembly: Assembly, found: Rates) -> Floats:
    """The mean of every cell that is foretold, NaN elsewhere."""
    total: Floats = np.sum(list(component_means(assembly, found).values()), axis=0)
    return total
