"""Panels of counts at hand, with swarms, gaps, bounds and draws."""

import numpy as np
import pandas as pd

from tests.studies.correlated_counts import simulate
from tests.synthetic_panel import typed

REGIONS = ("belgorod", "bryansk", "kursk", "oryol", "tula", "tver")


def panel_of(counts, regions=REGIONS, first="2025-01-01", lower=None, upper=None, total=True):
    """Panel of counts (n, R); NaN is a silent night, cells with unlike bounds are bounded."""
    counts = np.asarray(counts, dtype=float)
    lower = counts if lower is None else np.asarray(lower, dtype=float)
    upper = counts if upper is None else np.asarray(upper, dtype=float)
    names = list(regions[: counts.shape[1]])
    if total:
        names.append("all")
        counts, lower, upper = (
            np.column_stack([side, side.sum(axis=1)]) for side in (counts, lower, upper)
        )
    size = len(names)
    known = ~np.isnan(counts.ravel())
    exact = (lower == upper).ravel() & known
    frame = pd.DataFrame(
        {
            "night": np.repeat(pd.date_range(first, periods=len(counts)), size),
            "region": names * len(counts),
            "state": np.where(exact, "exact", np.where(known, "bounded", "silent")),
            "expected": counts.ravel(),
            "lower": pd.array(np.where(known, lower.ravel(), 0), dtype="Float64").astype("Int64"),
            "coverage": 1.0,
            "provisional": False,
            "bulletins": "",
        }
    )
    finite = np.isfinite(upper.ravel())
    frame["upper"] = pd.array(np.where(finite, upper.ravel(), 0), dtype="Float64").astype("Int64")
    frame.loc[~finite, "upper"] = pd.NA
    frame["count"] = frame["lower"].where(exact)
    return typed(frame)


def swarms(n=200, k=4, seed=1, phi=0.3):
    """Overdispersed counts of regions that remember their nights, (n, k)."""
    means, alphas = np.array([9.0, 6, 3, 1, 0.5, 0.2])[:k], np.full(k, 3.0)
    return simulate(means, alphas, phi, n, 1, np.random.default_rng(seed))[0]


def draws_of(panel, *others):
    return pd.concat([part.assign(draw=draw) for draw, part in enumerate((panel, *others))])
