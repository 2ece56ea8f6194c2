"""From counts and options to the arrays of the likelihood."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.components import Component, Problem
from analysis.models.endemic_epidemic.neighbours import Neighbours, PowerLaw, power_weights
from analysis.models.endemic_epidemic.predictors import Calendar, Columns, Predictor, columns

Family = Literal["poisson", "negbin1", "negbinM"]


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """A checked model without its counts.

    Attributes
    ----------
    predictors : dict
        By component: ar, ne, end, those that the model has.
    neighbours : Neighbours or None
        In the order of the units; None without the component ne.
    family : str
    """

    predictors: dict[str, Predictor]
    neighbours: Neighbours | None
    family: Family

    @property
    def names(self) -> tuple[str, ...]:
        """Components in their order."""
        return tuple(self.predictors)

    @property
    def estimates_decay(self) -> bool:
        """Whether the neighbour weights are a power law."""
        return self.neighbours is not None and self.neighbours.weights == "power-law"

    def weights(self, decay: float) -> Floats:
        """Neighbour weights [source, target]; ``decay`` matters for a power law only."""
        if self.neighbours is None:
            raise AssertionError("there are no neighbours")
        if self.estimates_decay:
            return power_weights(self.neighbours.orders(), decay, self.neighbours.normalised)[0]
        return self.neighbours.fixed()


@dataclass(frozen=True, slots=True, eq=False)
class Assembly:
    """Arrays of a model over all its rows.

    Attributes
    ----------
    counts : pd.DataFrame
        Row x unit; NaN where there is no number.
    options : Options
    columns : dict
        By component, over all rows.
    past : dict
        By component ar and ne: lagged counts, shape (rows, units), NaN where missing.
    foretold : NDArray[np.bool_]
        Shape (rows, units): cells whose needed past is there.
    anchors : Floats
        Numbers of the rows that enter the fit.
    """

    counts: pd.DataFrame
    options: Options
    columns: dict[str, Columns]
    past: dict[str, Floats]
    foretold: NDArray[np.bool_]
    anchors: Floats

    @property
    def observed(self) -> Floats:
        """Counts as an array."""
        return self.counts.to_numpy(dtype=float)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Cells that enter the likelihood."""
        return np.asarray(self.foretold & ~np.isnan(self.observed))

    def problem(self) -> Problem:
        """The arrays of the likelihood: rows with at least one cell that enters."""
        seen = self.seen
        rows = seen.any(axis=1)
        seen = seen[rows]
        counts = np.where(seen, self.observed[rows], 0.0)
        power, power_at, penalties, components = None, -1, [], []
        for number, name in enumerate(self.options.names):
            layout, predictor = self.columns[name], self.options.predictors[name]
            base = np.where(seen, layout.offset[rows], 0.0)
            if name in self.past:
                past = np.nan_to_num(self.past[name][rows])
                if name == "ne" and self.options.estimates_decay:
                    power, power_at = self._power_law(past, base), number
                elif name == "ne":
                    base = base * (past @ self.options.weights(0.0))
                else:
                    base = base * past
            if predictor.intercept == "random":
                penalties.append(number)
            components.append(
                Component(
                    name=name,
                    time=layout.time[rows],
                    cells=layout.cells[rows],
                    per_unit=predictor.intercept != "shared",
                    base=base,
                    intercept=predictor.intercept != "per-unit",
                )
            )
        return Problem(
            counts=counts,
            seen=seen,
            components=tuple(components),
            groups=self._groups(),
            power=power,
            power_at=power_at,
            penalties=tuple(penalties),
            names=coefficient_names(self),
        )

    def _power_law(self, past: Floats, offset: Floats) -> PowerLaw:
        """Neighbour sums whose weights are estimated."""
        neighbours = self.options.neighbours
        if neighbours is None:
            raise AssertionError("a power law has neighbours")
        return PowerLaw(neighbours.orders(), past, neighbours.normalised, offset)

    def _groups(self) -> NDArray[np.intp] | None:
        """Which dispersion belongs to each unit."""
        units = self.counts.shape[1]
        if self.options.family == "poisson":
            return None
        shared = self.options.family == "negbin1"
        return np.zeros(units, dtype=np.intp) if shared else np.arange(units)


def assemble(counts: pd.DataFrame, options: Options) -> Assembly:
    """Lay out all arrays of a model.

    Raises
    ------
    FitError
        If covariates or offsets do not fit, or no cell has both a count and its past.
    """
    past, foretold = _past(counts, options)
    seen = foretold & counts.notna().to_numpy()
    if not seen.any():
        raise FitError(
            "No cell has both a count and the counts before it that the model needs.",
            "Give at least two successive nights with counts.",
        )
    anchors = np.flatnonzero(seen.any(axis=1)).astype(float)
    calendar = Calendar(counts.index, np.arange(len(counts), dtype=float), anchors)
    columns = lay_columns(calendar, counts.columns, options)
    return Assembly(counts, options, columns, past, foretold, anchors)


def with_counts(assembly: Assembly, values: Floats) -> Assembly:
    """Put other counts of the same rows and units into an assembly."""
    counts = pd.DataFrame(values, assembly.counts.index, assembly.counts.columns)
    past, foretold = _past(counts, assembly.options)
    return replace(assembly, counts=counts, past=past, foretold=foretold)


def lay_columns(calendar: Calendar, units: pd.Index, options: Options) -> dict[str, Columns]:
    """Columns of every component for the rows of a calendar."""
    return {
        name: columns(name, predictor, calendar, units)
        for name, predictor in options.predictors.items()
    }


def _past(counts: pd.DataFrame, options: Options) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """Lagged counts of ar and ne, and the cells for which all that is needed is there."""
    values = counts.to_numpy(dtype=float)
    past, foretold = {}, np.ones(values.shape, dtype=bool)
    for name, predictor in options.predictors.items():
        if name == "end":
            continue
        lagged = np.full(values.shape, np.nan)
        lagged[predictor.lag :] = values[: -predictor.lag]
        past[name] = lagged
        lost = np.isnan(lagged)
        if name == "ne":
            lost = lost.astype(float) @ (options.weights(1.0) > 0) > 0
            lost[: predictor.lag] = True
        foretold &= ~lost
    return past, foretold


def coefficient_names(assembly: Assembly) -> tuple[str, ...]:
    """Name the coefficients in the order of the layout: fixed parts, decay, dispersions, random."""
    names: list[str] = []
    units, options = assembly.counts.columns, assembly.options
    for name, predictor in options.predictors.items():
        names += [f"{name}.{label}" for label in assembly.columns[name].names]
        if predictor.intercept == "per-unit":
            names += [f"{name}.intercept[{unit}]" for unit in units]
    if options.estimates_decay:
        names.append("decay")
    if options.family == "negbin1":
        names.append("log_dispersion")
    elif options.family == "negbinM":
        names += [f"log_dispersion[{unit}]" for unit in units]
    for name, predictor in options.predictors.items():
        if predictor.intercept == "random":
            names += [f"{name}.intercept[{unit}]" for unit in units]
    return tuple(names)
