"""Which share of the counts each component explains."""

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
    results: EndemicEpidemicResults,
    by: By = "all",
    level: float = 0.95,
    draws: int = 200,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Shares of the components; see `EndemicEpidemicResults.decomposition`."""
    groups, labels, key = _groups(results, by)
    shares = _shares(results, results.theta, groups, len(labels))
    table = pd.DataFrame(
        [
            {key: label, "component": name, "share": shares[name][k]}
            for k, label in enumerate(labels)
            for name in shares
        ]
    )
    if results.given or not draws:
        return table
    source = random_source(rng, FitError)
    drawn = [
        np.stack(list(_shares(results, theta, groups, len(labels)).values()), axis=1).ravel()
        for theta in draw_theta(results, draws, source)
    ]
    tails = [(1 - level) / 2, (1 + level) / 2]
    lower, upper = np.quantile(np.stack(drawn), tails, axis=0)
    return table.assign(lower=lower, upper=upper, level=level)


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
