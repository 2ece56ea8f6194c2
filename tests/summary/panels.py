"""Panels at hand: by state and bounds of each night, and of counts by region."""

import numpy as np
import pandas as pd

from tests.synthetic_panel import typed


def small(rows, region="all", first="2025-03-01"):
    """Panel of one region from (state, lower, expected, upper) by night."""
    frame = pd.DataFrame(rows, columns=["state", "lower", "expected", "upper"])
    frame["expected"] = frame["expected"].astype(float)
    return typed(
        frame.assign(
            night=pd.date_range(first, periods=len(rows)),
            region=region,
            count=frame["lower"].where(frame["state"] == "exact"),
            coverage=1.0,
            provisional=False,
            bulletins="",
        )
    )


HAND = small(
    [
        ("exact", 4, 4, 4),
        ("exact", 10, 10, 10),
        ("silent", 0, np.nan, pd.NA),
        ("bounded", 2, 5, 9),
        ("exact", 0, 0, 0),
        ("exact", 1, 1, 1),
        ("missing", 0, np.nan, pd.NA),
        ("exact", 10, 10, 10),
    ]
)


def drawn(panel, *expected):
    """Draws of a panel, each with its own expected numbers."""
    return pd.concat([panel.assign(expected=e, draw=d) for d, e in enumerate(expected)])


def of_regions(counts, regions, first="2025-03-01", lower=None, upper=None):
    """Panel of counts (n, R) without totals."""
    lower = counts if lower is None else lower
    upper = counts if upper is None else upper
    frames = [
        small(
            [
                ("silent", 0, np.nan, pd.NA)
                if np.isnan(value)
                else ("exact" if low == high else "bounded", int(low), value, int(high))
                for low, value, high in zip(lower[:, k], counts[:, k], upper[:, k], strict=True)
            ],
            region=region,
            first=first,
        )
        for k, region in enumerate(regions)
    ]
    return pd.concat(frames, ignore_index=True)


SLUGS = ("belgorod", "kursk", "tula", "tatarstan")


COUNTS = np.random.default_rng(3).negative_binomial(1, [0.1, 0.2, 0.4, 0.7], (61, 4)).astype(float)
