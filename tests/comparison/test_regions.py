"""Tables of rate ratios: regions, pairs, periods, exposures, bounds, order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.comparison import (
    compare_pairs,
    compare_periods,
    compare_regions,
    heterogeneity,
    rank_regions,
    shrink_rates,
)
from analysis.comparison.inputs import exposures
from analysis.comparison.regions import OTHERS
from analysis.regions import get_region
from tests.comparison.panels import REGIONS, panel_of, swarms

NUMBERS = ["ratio", "lower", "upper", "p_value", "std_error"]


def test_table_of_ratios_holds_what_it_says(panel):
    table = compare_regions(panel, "kursk").set_index("region")
    counts = pd.DataFrame(swarms(), columns=REGIONS[:4])
    assert list(table.index) == ["belgorod", "bryansk", "oryol"]  # the highest ratio first
    row = table.loc["bryansk"]
    assert row["claims"] == counts["bryansk"].sum()
    assert row["reference_claims"] == counts["kursk"].sum()
    assert row["rate"] == pytest.approx(counts["bryansk"].mean())
    assert row["ratio"] == pytest.approx(counts["bryansk"].mean() / counts["kursk"].mean())
    assert row[["least", "most"]].to_list() == pytest.approx([row["ratio"]] * 2)
    assert row[["name", "reference", "nights", "level", "share_exact"]].to_list() == [
        "Bryansk",
        "kursk",
        200,
        0.95,
        1.0,
    ]
    assert np.isnan(row["allocation_share"])
    assert (table["lower"] < table["ratio"]).all()
    assert (table["ratio"] < table["upper"]).all()
    assert (table["p_holm"] >= table["p_bh"]).all()
    assert (table["p_bh"] >= table["p_value"]).all()


def test_swapping_region_and_reference_inverts_the_ratio(panel):
    one = compare_regions(panel, "kursk").set_index("region").loc["belgorod"]
    other = compare_regions(panel, "belgorod").set_index("region").loc["kursk"]
    assert one["ratio"] == pytest.approx(1 / other["ratio"])
    assert one["lower"] == pytest.approx(1 / other["upper"])
    assert one["upper"] == pytest.approx(1 / other["lower"])
    assert one["p_value"] == pytest.approx(other["p_value"])


@settings(max_examples=25)
@given(st.floats(0.01, 100))
def test_scaling_an_exposure_scales_the_ratio(factor):
    panel = panel_of(swarms(60, 3))
    per = dict.fromkeys(REGIONS[:3], 2.0)
    before = compare_regions(panel, "kursk", per=per).set_index("region")
    after = compare_regions(panel, "kursk", per=per | {"bryansk": 2.0 * factor}).set_index("region")
    columns = ["ratio", "lower", "upper", "rate"]
    assert_allclose(
        after.loc["bryansk", columns].astype(float),
        before.loc["bryansk", columns].astype(float) / factor,
    )
    pd.testing.assert_series_equal(after.loc["belgorod", NUMBERS], before.loc["belgorod", NUMBERS])


def test_per_capita_and_per_area_use_the_gazetteer(panel):
    plain = compare_regions(panel, "kursk").set_index("region")["ratio"]
    for per, name in (("capita", "population"), ("area", "area_km2")):
        ratio = compare_regions(panel, "kursk", per=per).set_index("region")["ratio"]
        for slug in ("belgorod", "oryol"):
            sizes = getattr(get_region("kursk"), name) / getattr(get_region(slug), name)
            assert ratio[slug] == pytest.approx(plain[slug] * sizes)
    assert exposures(["tula", "nowhere", "tula"], "area").tolist() == pytest.approx(
        [2.5724, np.nan, 2.5724], nan_ok=True
    )


def test_exposures_may_come_as_a_series(panel):
    per = pd.Series({"belgorod": 2.0, "kursk": 1.0, "tula": 3.0})
    pd.testing.assert_frame_equal(
        compare_regions(panel, "kursk", per=per), compare_regions(panel, "kursk", per=per.to_dict())
    )


def test_regions_without_exposure_have_no_ratio_and_take_no_part():
    counts = swarms(80, 4)
    sea = panel_of(counts, ("belgorod", "black_sea", "kursk", "oryol"))
    land = panel_of(counts[:, [0, 2, 3]], ("belgorod", "kursk", "oryol"))
    for reference in ("kursk", None):
        both = compare_regions(sea, reference, per="capita").set_index("region")
        assert both.loc["black_sea", NUMBERS].isna().all()
        alone = compare_regions(land, reference, per="capita").set_index("region")
        columns = [*NUMBERS, "p_holm", "p_bh", "least", "most"]
        pd.testing.assert_frame_equal(both.drop("black_sea")[columns], alone[columns])
    ranks = rank_regions(sea, per="capita", resamples=200).set_index("region")
    assert ranks.index[-1] == "black_sea"
    assert ranks.loc["black_sea", ["rank", "rank_lower", "p_first"]].isna().all()


def test_without_a_reference_each_region_stands_against_all_others(panel):
    table = compare_regions(panel).set_index("region")
    counts = swarms()
    sums = counts.sum(axis=0)
    assert set(table["reference"]) == {OTHERS}
    assert table.loc["oryol", "reference_claims"] == sums[:3].sum()
    assert table.loc["oryol", "ratio"] == pytest.approx(sums[3] / sums[:3].mean())
    others = np.column_stack([counts[:, 3], counts[:, :3].sum(axis=1)])
    two = panel_of(others, ("oryol", "tula"))
    alone = compare_regions(two, "tula", per={"oryol": 1, "tula": 3}).iloc[0]
    assert_allclose(table.loc["oryol", NUMBERS].astype(float), alone[NUMBERS].astype(float))


@pytest.mark.parametrize("seed", [0, 1])
def test_neither_rows_nor_columns_have_an_order(panel, seed):
    shuffled = panel.sample(frac=1, random_state=seed)
    for function in (compare_regions, compare_pairs, heterogeneity, rank_regions):
        pd.testing.assert_frame_equal(function(shuffled), function(panel))
    more = panel_of(swarms(k=6))
    again = more.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(shrink_rates(again), shrink_rates(more))
    # Regions under one another's names change places and nothing else.
    counts = swarms()
    swapped = panel_of(counts[:, [2, 1, 0, 3]])
    before, after = (compare_regions(p).set_index("region")[NUMBERS] for p in (panel, swapped))
    assert_allclose(
        before.loc[list(REGIONS[:4])], after.loc[["kursk", "bryansk", "belgorod", "oryol"]]
    )


def test_nights_without_numbers_are_left_out_and_keep_their_place():
    counts = swarms(120, 3)
    gaps = counts.copy()
    gaps[40:50] = np.nan
    table = compare_regions(panel_of(gaps), "kursk").set_index("region")
    assert table["nights"].unique().tolist() == [110]
    kept = np.delete(counts, slice(40, 50), axis=0)
    assert table.loc["bryansk", "ratio"] == pytest.approx(kept[:, 1].mean() / kept[:, 2].mean())
    closed = compare_regions(panel_of(kept), "kursk").set_index("region")
    assert table.loc["bryansk", "std_error"] != pytest.approx(
        closed.loc["bryansk", "std_error"], rel=1e-6
    )
    zero = compare_regions(panel_of(np.nan_to_num(gaps)), "kursk").set_index("region")
    assert zero.loc["bryansk", "rate"] == pytest.approx(table.loc["bryansk", "rate"] * 110 / 120)
    # A night that the calendar skips is one without a number, too.
    skipped = panel_of(counts).loc[lambda p: ~p["night"].between("2025-02-10", "2025-02-19")]
    again = compare_regions(skipped, "kursk").set_index("region")
    pd.testing.assert_frame_equal(again, table)


def test_bounds_of_a_ratio_are_those_of_the_sums():
    counts = swarms(60, 3)
    lower, upper = counts.copy(), counts.copy()
    lower[:5, 0], upper[:5, 0] = 0, counts[:5, 0] + 7
    upper[7, 1] += 4
    lower[8, 2] = 0
    table = compare_regions(panel_of(counts, lower=lower, upper=upper), "kursk").set_index("region")
    for region, column in (("belgorod", 0), ("bryansk", 1)):
        assert table.loc[region, "least"] == pytest.approx(
            lower[:, column].sum() / upper[:, 2].sum()
        )
        assert table.loc[region, "most"] == pytest.approx(
            upper[:, column].sum() / lower[:, 2].sum()
        )
    certain = (counts[5:, 0]).sum() / counts[:, 0].sum()
    assert table.loc["belgorod", "share_exact"] == pytest.approx(certain)
    others = compare_regions(panel_of(counts, lower=lower, upper=upper)).set_index("region")
    assert others.loc["kursk", "most"] == pytest.approx(upper[:, 2].sum() / lower[:, :2].sum() * 2)
    upper[3, 0] = np.inf
    table = compare_regions(panel_of(counts, lower=lower, upper=upper), "kursk").set_index("region")
    assert np.isnan(table.loc["belgorod", "most"])
    assert table.loc["belgorod", "least"] > 0
    others = compare_regions(panel_of(counts, lower=lower, upper=upper)).set_index("region")
    assert others["least"].isna().to_dict() == {"belgorod": False, "bryansk": True, "kursk": True}
    assert others["most"].isna().to_dict() == {"belgorod": True, "bryansk": False, "kursk": False}


def test_pairs_are_the_ratios_of_every_reference(panel):
    pairs = compare_pairs(panel)
    assert len(pairs) == 12
    for reference in REGIONS[:4]:
        alone = compare_regions(panel, reference).set_index("region")[NUMBERS].sort_index()
        among = pairs[pairs["reference"] == reference].set_index("region")[NUMBERS]
        pd.testing.assert_frame_equal(among, alone)
    matrix = pairs.pivot_table(index="region", columns="reference", values="ratio").to_numpy()
    off = ~np.eye(4, dtype=bool)
    assert_allclose((matrix * matrix.T)[off], 1)


def test_pairs_are_adjusted_once_each_as_statsmodels_does(panel):
    from statsmodels.stats.multitest import multipletests

    pairs = compare_pairs(panel)
    once = pairs[pairs["region"] < pairs["reference"]]
    for name, method in (("p_holm", "holm"), ("p_bh", "fdr_bh")):
        assert_allclose(once[name], multipletests(once["p_value"], method=method)[1], rtol=1e-12)
        wide = pairs.pivot_table(index="region", columns="reference", values=name).to_numpy()
        assert_allclose(wide, wide.T)
    some = compare_pairs(panel, ["kursk", "belgorod"])
    assert len(some) == 2
    assert_allclose(some["p_holm"], some["p_value"])


def test_periods_compare_a_region_with_itself(panel):
    first, second = ("2025-01-01", "2025-04-10"), ("2025-04-21", "2025-07-19")
    table = compare_periods(panel, first, second).set_index("region")
    assert table.index[0] == "all"
    counts = np.column_stack([swarms(), swarms().sum(axis=1)])
    for region, series in zip([*REGIONS[:4], "all"], counts.T, strict=True):
        row = table.loc[region]
        assert row[["first_claims", "second_claims"]].to_list() == [
            series[:100].sum(),
            series[110:].sum(),
        ]
        assert row[["first_nights", "second_nights"]].to_list() == [100, 90]
        assert row["ratio"] == pytest.approx(series[110:].mean() / series[:100].mean())
        assert row["lower"] < row["ratio"] < row["upper"]
        assert row["least"] == pytest.approx(row["ratio"])
    assert np.isnan(table.loc["all", "p_holm"])
    turned = compare_periods(panel, second, first).set_index("region")
    assert_allclose(turned.loc[table.index, "lower"], 1 / table["upper"])
    regions = table.drop(index="all")
    assert (regions["p_holm"] >= regions["p_value"]).all()
    alone = compare_periods(panel, first, second, regions=["kursk"]).iloc[0]
    assert_allclose(alone[NUMBERS].astype(float), table.loc["kursk", NUMBERS].astype(float))
