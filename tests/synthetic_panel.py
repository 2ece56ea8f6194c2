"""A seeded panel and claims of the shape of the real ones, for tests of what stands above them."""

from itertools import product

import numpy as np
import pandas as pd

from analysis.codebook.escalation import EIGENVALUES_COLUMNS, RECIPROCITY_COLUMNS
from analysis.codebook.masking import MASKING_COLUMNS, MASKING_KEY
from analysis.regions import regions
from analysis.vocabulary import (
    ALL,
    CLAIM_COLUMNS,
    HIDINGS,
    PANEL_COLUMNS,
    PATTERNS,
    SHARINGS,
    STUDY_PERIODS,
)

NIGHT = "2025-11-01"
STATES = ("exact", "bounded", "silent", "missing")


def simulate_panel(n_nights=1_200, n_regions=60, seed=7, growth=0.1):
    """Panel of growing claims; the first half holds silent and missing nights."""
    rng = np.random.default_rng(seed)
    nights = pd.date_range("2022-09-01", periods=n_nights, name="night").astype("datetime64[us]")
    slugs = np.array(
        sorted(
            slug for slug, unit in regions().items() if unit.country != "UA" or slug == "crimea"
        )[:n_regions]
    )
    slugs[:2] = ["belgorod", "kursk"]  # tiles that figures certainly draw
    slugs = np.unique(slugs)
    weights = rng.dirichlet(np.full(len(slugs), 0.3))
    mean = 3 * np.exp(growth * np.arange(n_nights) / 30)
    totals = rng.negative_binomial(4, 4 / (4 + mean))
    early = np.arange(n_nights) < n_nights // 2
    state = np.where(rng.random(n_nights) < 0.15, "bounded", "exact")
    state = np.where(early & (rng.random(n_nights) < 0.4), "silent", state)
    state = np.where(early & (rng.random(n_nights) < 0.1), "missing", state)
    state[21:42] = "silent"  # weeks without any number
    frames = []
    for night, total, kind in zip(nights, totals, state, strict=True):
        counts = rng.multinomial(total, weights)
        frames.append(_night(night, slugs, counts, kind, total))
    panel = pd.concat(frames, ignore_index=True)
    return typed(panel)


def typed(panel):
    """Give the columns the dtypes of a panel."""
    dtypes = {"region": "str", "state": "str", "bulletins": "str", "provisional": bool}
    dtypes |= dict.fromkeys(("count", "lower", "upper"), "Int64")
    return panel[list(PANEL_COLUMNS)].astype(dtypes)


def _night(night, slugs, counts, kind, total):
    """Rows of one night."""
    numbers = np.append(counts, total).astype(float)
    known = kind in ("exact", "bounded")
    # A joint list: any region may have had all of it or none; every other total is loose, too.
    loose = np.append(np.full(len(slugs), kind == "bounded"), kind == "bounded" and total % 2 == 1)
    return pd.DataFrame(
        {
            "night": night,
            "region": [*slugs, ALL],
            "state": [("bounded" if spread else "exact") if known else kind for spread in loose],
            "count": [
                pd.NA if spread or not known else value
                for value, spread in zip(numbers, loose, strict=True)
            ],
            "lower": [
                0 if spread or not known else v for v, spread in zip(numbers, loose, strict=True)
            ],
            "upper": [
                pd.NA if not known else (total if spread else value)
                for value, spread in zip(numbers, loose, strict=True)
            ],
            "expected": numbers if known else np.nan,
            "coverage": 11 / 12 if known else 0.0,
            "provisional": False,
            "bulletins": f"b-{night:%Y%m%d}" if known else "",
        }
    ).sort_values("region")


def simulate_claims():
    """Two bulletins of one night: an itemised one and one that names two regions jointly."""
    late = ("late", "2025-10-31T20:00Z", "2025-11-01T04:00Z")
    early = ("early", "2025-10-31T17:00Z", "2025-10-31T20:00Z")
    rows = [
        (*late, "itemised", "total", "", 21),
        (*late, "itemised", "single", "belgorod", 9),
        (*late, "itemised", "each", "tula", 4),
        (*late, "itemised", "each", "kursk", 4),
        (*late, "itemised", "single", "moscow_region", 3),
        (*late, "itemised", "subset", "moscow_city", 2),
        (*early, "joint", "total", "", 8),
        (*early, "joint", "single", "belgorod", 2),
        (*early, "joint", "joint", "kaluga|kursk", 5),
    ]
    names = ["bulletin_id", "window_start", "window_end", "list", "relation", "regions", "count"]
    claims = pd.DataFrame(rows, columns=names)
    for name in ("window_start", "window_end"):
        claims[name] = pd.to_datetime(claims[name], utc=True).astype("datetime64[us, UTC]")
    posted = claims["window_end"] + pd.Timedelta("20min")
    claims = claims.assign(
        claimant="ru_mod",
        direction="on_russia",
        weapon="uav",
        window_precision="stated",
        posted_at=posted,
        source="test",
        source_kind="primary",
        revision=1,
        known_at=posted,
        measure="intercepted",
        of=np.where(claims["relation"] == "subset", "moscow_region", ""),
        source_url="",
        language="en",
    )
    return claims[list(CLAIM_COLUMNS)].astype({"of": "str"})


def with_bulletins(panel):
    """The panel whose night holds the two bulletins of `simulate_claims`."""
    chosen = panel["night"] == pd.Timestamp(NIGHT)
    return panel.assign(bulletins=panel["bulletins"].where(~chosen, "early late").astype("str"))


def incidents():
    """Two dated events within the nights of the panel."""
    return pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-12-21", "2025-11-04"]).astype("datetime64[us]"),
            "title": pd.array(["First event", "Second event"], dtype="str"),
        }
    )


def masking_study(seed=5):
    """Made-up results of a masking study: everything is better than equal shares by some tenths."""
    rng = np.random.default_rng(seed)
    rows = []
    for hiding, pattern, period, method in product(HIDINGS, PATTERNS, STUDY_PERIODS, SHARINGS):
        row = {"hiding": hiding, "pattern": pattern, "period": period, "method": method}
        error, excess = rng.uniform(1, 3), rng.uniform(0.1, 0.5)
        numbers = {name: rng.uniform(0.5, 0.9) for name in MASKING_COLUMNS[4:]}
        numbers |= {"lists": 40, "cells": 200, "error": error, "width": rng.uniform(2, 20)}
        for name, value in (("error_above", error * excess), ("excess", excess)):
            ends = {name: value, f"{name}_lower": 0.7 * value, f"{name}_upper": 1.3 * value}
            numbers |= dict.fromkeys(ends, np.nan) if method == "allocation" else ends
        numbers["coverage_lower"] = numbers["coverage"] - 0.02
        numbers["coverage_upper"] = numbers["coverage"] + 0.02
        rows.append(row | numbers)
    words = dict.fromkeys(MASKING_KEY, "str")
    return pd.DataFrame(rows, columns=list(MASKING_COLUMNS)).astype(words)


def eigenvalues(upper=0.4, verdict="not shown to exceed 1", inputs="abc"):
    """Made-up windows with eigenvalues of 0.2."""
    rows = [
        (night, trend, 0.2, 0.1, upper, 0.95, 0.3, 20, verdict, inputs)
        for night in ("2025-01-01", "2025-01-15", "2025-01-29")
        for trend in ("none", "smooth")
    ]
    return pd.DataFrame(rows, columns=list(EIGENVALUES_COLUMNS))


def reciprocity(p=(0.5, 0.01)):
    """Made-up tests of both sides with these p-values."""
    rows = []
    for side, other, value in (
        ("over Russia", "over Ukraine", p[0]),
        ("over Ukraine", "over Russia", p[1]),
    ):
        for lag in range(1, 8):
            ratio = 9.0 if lag == 2 else 0.5
            tested = (9.0, 2, value, 199, 6.0, 500, "2024-06-20", "2026-04-05")
            rows.append((side, other, lag, ratio, 0.1, *tested))
    return pd.DataFrame(rows, columns=list(RECIPROCITY_COLUMNS))
