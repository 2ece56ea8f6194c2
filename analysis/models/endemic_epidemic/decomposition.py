"""Which share of the counts each component explains."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.rates import component_means, rates
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
    groups, labels, key = _groups(fits[0], by)
    shares = _stacked([_shares(one, one.theta, groups, len(labels)) for one in fits]).mean(axis=0)
    table = pd.DataFrame(
        [
            {key: label, "component": name, "share": share}
            for label, row in zip(labels, shares, strict=True)
            for name, share in zip(fits[0].rates.by_component, row, strict=True)
        ]
    )
    if fits[0].given or not draws:
        return table
    source = random_source(rng, FitError)
    each = -(-draws // len(fits))
    drawn = _stacked(
        [
            _shares(one, theta, groups, len(labels))
            for one in fits
            for theta in draw_theta(one, each, source)
        ]
    )
    lower, upper = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return table.assign(lower=lower.ravel(), upper=upper.ravel(), level=level)


def _stacked(shares: Sequence[dict[str, Floats]]) -> Floats:
    """Shares of several coefficient vectors, shape (vectors, groups, components)."""
    return np.stack([np.stack(list(one.values()), axis=1) for one in shares])


def _groups(results: EndemicEpidemicResults, by: By) -> tuple[Floats, pd.Index, str]:
    """A group for every cell, the labels of the groups, and what they are."""
    counts = results.assembly.counts
    shape = counts.shape
    if by == "all":
        return np.zeros(shape), pd.Index(["all"]), "part"
    if by == "unit":
        return np.broadcast_to(np.arange(shape[1]), shape).astype(float), counts.columns, "unit"
    if by == "month":
        if not isinstance(counts.index, pd.DatetimeIndex):
            raise FitError("Months need dates.", "Index the counts by night.")
        months = counts.index.to_period("M").to_timestamp()
        codes, labels = pd.factorize(months, sort=True)
        return np.repeat(codes[:, np.newaxis], shape[1], axis=1).astype(float), labels, "month"
    raise FitError(f"by is {by!r}.", 'Choose "all", "unit" or "month".')


def _shares(
    results: EndemicEpidemicResults, theta: Floats, groups: Floats, number: int
) -> dict[str, Floats]:
    """Share of every component in every group; NaN in groups without a fitted count."""
    assembly = results.assembly
    seen = assembly.seen
    found = rates(assembly.options, assembly.columns, results.layout, theta)
    at = groups[seen].astype(int)
    sums = {
        name: np.bincount(at, part[seen], number)
        for name, part in component_means(assembly, found).items()
    }
    total = np.sum(list(sums.values()), axis=0)
    return {
        name: np.divide(part, total, out=np.full(number, np.nan), where=total > 0)
        for name, part in sums.items()
    }
