"""Panels with draws: every table takes them, and combines them as it should."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import (
    compare_pairs,
    compare_periods,
    compare_regions,
    heterogeneity,
    rank_regions,
    shrink_rates,
)
from tests.comparison.panels import draws_of, panel_of, swarms

TABLES = [
    pytest.param(lambda p: compare_regions(p, "kursk"), id="reference"),
    pytest.param(compare_regions, id="others"),
    pytest.param(compare_pairs, id="pairs"),
    pytest.param(lambda p: compare_periods(p, ("2025-01-01", "2025-03-31"), ("2025-04-01", "2025-07-19")), id="periods"),
    pytest.param(heterogeneity, id="heterogeneity"),
    pytest.param(lambda p: rank_regions(p, resamples=300), id="ranks"),
    pytest.param(shrink_rates, id="shrunken"),
]  # fmt: skip


@pytest.mark.parametrize("function", TABLES)
def test_identical_draws_are_one_panel(function):
    panel = panel_of(swarms(k=5))
    single, repeated = function(panel), function(draws_of(panel, panel, panel))
    drawn = ["allocation_share"]
    assert (repeated.get("allocation_share", pd.Series([0.0])).fillna(0) == 0).all()
    pd.testing.assert_frame_equal(
        single.drop(columns=drawn, errors="ignore"),
        repeated.drop(columns=drawn, errors="ignore"),
        check_exact=False,
        rtol=1e-6,
    )


def test_draws_that_differ_widen_the_interval_by_rubins_rules():
    counts = swarms(200, 3)
    moved = [counts.copy() for _ in range(4)]
    for shift, draw in zip((0, 60, 120, 240), moved, strict=True):
        draw[10, 0] += shift
    panels = [panel_of(draw) for draw in moved]
    table = compare_regions(draws_of(*panels), "kursk").set_index("region").loc["belgorod"]
    sums = np.array([draw.sum(axis=0) for draw in moved])
    mean = sums.mean(axis=0)
    assert table["ratio"] == pytest.approx(mean[0] / mean[2])
    between = 1.25 * (sums[:, 0] / mean[0] - sums[:, 2] / mean[2]).var(ddof=1)
    assert table["allocation_share"] == pytest.approx(between / table["std_error"] ** 2)
    alone = compare_regions(panels[0], "kursk").set_index("region").loc["belgorod"]
    assert np.log(table["upper"] / table["lower"]) > np.log(alone["upper"] / alone["lower"])


def test_a_draw_without_a_claim_of_a_rare_region_is_no_obstacle():
    counts = np.column_stack([swarms(100, 2), np.zeros(100)])
    named = counts.copy()
    named[30, 2] = 2
    panels = [panel_of(draw) for draw in [counts, named] * 5]
    table = compare_regions(draws_of(*panels), "belgorod").set_index("region")
    assert table.loc["kursk", "claims"] == 1
    assert 0 < table.loc["kursk", "ratio"] < table.loc["kursk", "upper"] < 1
