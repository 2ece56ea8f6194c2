"""Which share of the counts each component explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.results import EndemicEpidemicResults
from analysis.random_source import random_source

By = Literal["all", "unit", "month"]


def decompose(
    fits: Sequence[EndemicEpidemicResults],
    by: By = "all",
    level: float = 0.95,
    draws: int = 200,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Share of the fitted counts that each component explains, over fits to draws of open counts.

    Parameters
    ----------
    fits : sequence of EndemicEpidemicResults
        Of one model and the same cells: one for each draw, or a single one.
    by : {"all", "unit", "month"}
    level : float
    draws : int
        Parameter vectors in all, shared out over the fits; 0 for shares alone.
    rng : Generator or int

    Returns
    -------
    pd.DataFrame
        As of `EndemicEpidemicResults.decomposition`: shares are means over the fits, and limits
        quantiles over all vectors drawn. So they hold the uncertainty of the estimates and, with
        several fits, that of how open counts fall on regions.
    """
    groups = _groups(fits[0], by)
    shares = np.stack([_shares(one, one.theta[np.newaxis], groups)[0] for one in fits])
    table = pd.DataFrame(
        [
            {groups.what: label, "component": name, "share": share}
            for label, row in zip(groups.labels, shares.mean(axis=0), strict=True)
            for name, share in zip(fits[0].assembly.options.names, row, strict=True)
        ]
    )
    if fits[0].given or not draws:
        return table
    source = random_source(rng, FitError)
    each = -(-draws // len(fits))
    drawn = np.concatenate(
        [_shares(one, np.stack(draw_theta(one, each, source)), groups) for one in fits]
    )
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    # An estimate of nothing, or of all, is never left out.
    lower = np.minimum(lower.ravel(), table["share"])
    return table.assign(lower=lower, upper=np.maximum(upper.ravel(), table["share"]), level=level)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups of cells: every one some rows by some units.

    Attributes
    ----------
    rows : Floats
        Shape (a, n): 1 for the rows of each group of rows.
    units : Floats
        Shape (units, b): 1 for the units of each group of units; a or b is 1.
    labels : pd.Index
        Of the a x b groups.
    what : str
        What they are.
    """

    rows: Floats
    units: Floats
    labels: pd.Index
    what: str


def _groups(results: EndemicEpidemicResults, by: By) -> Groups:
    """The groups that shares are asked by."""
    counts = results.assembly.counts
    n, units = counts.shape
    if by == "all":
        return Groups(np.ones((1, n)), np.ones((units, 1)), pd.Index(["all"]), "part")
    if by == "unit":
        return Groups(np.ones((1, n)), np.eye(units), counts.columns, "unit")
    if by == "month":
        if not isinstance(counts.index, pd.DatetimeIndex):
            raise FitError("Months need dates.", "Index the counts by night.")
        months = counts.index.to_period("M").to_timestamp()
        codes, labels = pd.factorize(months, sort=True)
        rows = (np.arange(len(labels))[:, np.newaxis] == codes).astype(float)
        return Groups(rows, np.ones((units, 1)), labels, "month")
    raise FitError(f"by is {by!r}.", 'Choose "all", "unit" or "month".')


def _shares(results: EndemicEpidemicResults, thetas: Floats, groups: Groups) -> Floats:
    """Shares at coefficient vectors, shape (vectors, groups, components); NaN without a count."""
    likelihood = Likelihood(results.assembly.problem())
    rows = groups.rows[:, results.assembly.seen.any(axis=1)]
    sums = np.stack(
        [
            _component_sums(likelihood, number, thetas, (rows, groups.units))
            for number in range(len(likelihood.problem.components))
        ],
        axis=-1,
    )
    total = sums.sum(axis=-1, keepdims=True)
    found: Floats = np.full(sums.shape, np.nan)
    np.divide(sums, total, out=found, where=total > 0)
    return found


def _component_sums(
    likelihood: Likelihood, number: int, thetas: Floats, groups: tuple[Floats, Floats]
) -> Floats:
    """Fitted counts of one component by group, shape (vectors, groups)."""
    rows, units = groups
    component, at = likelihood.problem.components[number], likelihood.layout.components[number]
    if component.cells.shape[2] or number == likelihood.problem.power_at:
        parts = [rows @ likelihood.parts(theta)[number] @ units for theta in thetas]
        return np.reshape(parts, (len(thetas), -1))
    # Times and units separate: no array of vectors x rows x units is needed.
    p = component.time.shape[1]
    times = np.exp(component.time @ thetas[:, at[:p]].T)
    own = np.exp(thetas[:, at[p:]]) if component.per_unit else np.ones((len(thetas), 1))
    own = np.broadcast_to(own, (len(thetas), component.base.shape[1]))
    if rows.shape[0] == 1:
        sums: Floats = (times.T @ component.base * own) @ units
        return sums
    return np.asarray((rows @ (times * (component.base @ own.T))).T, dtype=float)
