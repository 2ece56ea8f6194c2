"""Comparisons: exact intervals, HAC, ranks and shrinkage against other implementations, identities,
measured coverage, words of errors."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import binomtest, chi2, gamma, rankdata, t

from analysis.comparison import (
    compare_pairs,
    compare_periods,
    compare_regions,
    heterogeneity,
    rank_regions,
    shrink_rates,
)
from analysis.comparison.conditional import ratio_interval, ratio_tails
from analysis.comparison.gamma_poisson import Prior, fit_prior, mixed, posteriors
from analysis.comparison.heterogeneity import MEASURED_SIZE, equal_rates_test
from analysis.comparison.inputs import exposures
from analysis.comparison.ranks import MEASURED_RANKS, bootstrap_ranks, resampled_sums, usual_block
from analysis.comparison.ratios import Series, fit_ratios
from analysis.comparison.regions import MEASURED_RATIOS, OTHERS
from analysis.comparison.shrinkage import MEASURED_SHRINKAGE, long_run_variances, shrink_counts
from analysis.errors import AnalysisError
from analysis.inference.fixed_b import equivalent_df
from analysis.inference.hac import residual_autocorrelation, whitened_covariance
from analysis.regions import get_region
from tests.studies import heterogeneity_size, rank_coverage, ratio_coverage, shrinkage_coverage
from tests.studies.correlated_counts import simulate
from tests.synthetic_panel import simulate_panel, typed

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "reference" / "comparison.json").read_text("utf-8"))
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


@pytest.fixture(scope="module")
def panel():
    return panel_of(swarms())


def draws_of(panel, *others):
    return pd.concat([part.assign(draw=draw) for draw, part in enumerate((panel, *others))])


# Exact conditional intervals ----------------------------------------------------------------------


@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.floats(0.05, 20),
    st.sampled_from([0.8, 0.95, 0.999]),
)
def test_exact_intervals_are_clopper_and_pearsons_of_scipy(x, y, exposure, level):
    """scipy.stats.binomtest(x, x + y).proportion_ci(level, method="exact"), turned into a ratio."""
    if x + y == 0:
        return
    share = binomtest(x, x + y).proportion_ci(level, method="exact")
    with np.errstate(divide="ignore"):
        theirs = np.array([share.low, share.high]) / (1 - np.array([share.low, share.high]))
    lower, upper = ratio_interval(np.array([float(x)]), np.array([float(y)]), level)
    assert_allclose([lower[0], upper[0]], theirs, rtol=1e-8)
    counts = np.array([[[x, y]]], dtype=float)
    fit = fit_ratios(
        Series(counts, np.array([exposure, 1.0])), np.array([0]), np.array([1]), poisson=True
    )
    assert_allclose(np.ravel(fit.intervals(level)), theirs / exposure, rtol=1e-8)


@pytest.mark.parametrize("case", REFERENCE["ratio"], ids=["few", "none", "many"])
def test_exact_intervals_are_those_of_poisson_test_in_r(case):
    counts = np.array([[[case["x"], case["y"]]]], dtype=float)
    exposure = np.array([case["time_x"], case["time_y"]], dtype=float)
    fit = fit_ratios(Series(counts, exposure), np.array([0]), np.array([1]), poisson=True)
    assert_allclose(np.ravel(fit.intervals(0.95)), case["interval"], rtol=1e-8)


@pytest.mark.parametrize(("x", "y"), [(11, 3), (0, 7), (40, 41), (250, 310)])
@pytest.mark.parametrize("exposure", [1.0, 0.4])
def test_exact_p_values_are_those_of_statsmodels(x, y, exposure):
    """Twice the smaller tail of statsmodels.stats.rates.test_poisson_2indep(method="exact-cond")."""
    from statsmodels.stats.rates import test_poisson_2indep as conditional

    tails = [
        conditional(x, exposure, y, 1.0, method="exact-cond", alternative=side).pvalue
        for side in ("larger", "smaller")
    ]
    counts = np.array([[[x, y]]], dtype=float)
    fit = fit_ratios(
        Series(counts, np.array([exposure, 1.0])), np.array([0]), np.array([1]), poisson=True
    )
    assert fit.p_values()[0] == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-8)
    least, most = ratio_tails(np.array([float(x)]), np.array([float(y)]), np.array([exposure]))
    assert_allclose([least[0], most[0]], tails, rtol=1e-8)


def test_zero_events_bound_the_ratio_on_one_side():
    lower, upper = ratio_interval(np.array([0.0, 4.0, np.nan]), np.array([5.0, 0.0, 1.0]), 0.95)
    assert lower[0] == 0
    assert upper[1] == np.inf
    assert np.isnan([lower[2], upper[2]]).all()


# NB2 with long-run variances ----------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.5, 4.0])
def test_ratios_and_variances_are_those_of_glm_and_hac_of_statsmodels(alpha):
    """NB2 GLM of both series with region effects, scores summed by night, Bartlett (groupsum)."""
    import statsmodels.api as sm

    counts = swarms(150, 2)
    stacked = counts.T.ravel()
    design = np.column_stack([np.ones(300), np.repeat([0.0, 1.0], 150)])
    offset = np.repeat(np.log([1.0, 2.5]), 150)
    theirs = sm.GLM(
        stacked, design, family=sm.families.NegativeBinomial(alpha=alpha), offset=offset
    ).fit(
        tol=1e-13,
        cov_type="nw-groupsum",
        cov_kwds={"time": np.tile(np.arange(150), 2), "maxlags": 22, "use_correction": False},
    )
    series = Series(counts[np.newaxis], np.array([1.0, 2.5]))
    fit = fit_ratios(series, np.array([1]), np.array([0]))
    assert np.log(fit.ratio[0]) == pytest.approx(theirs.params[1], abs=1e-8)
    from analysis.inference.hac import LongRun

    influence = (counts - counts.mean(axis=0)) / counts.sum(axis=0)
    plain = LongRun.of(influence, np.ones(150, bool), 23).variances(np.array([[-1.0, 1]]), False)
    assert np.sqrt(plain[0]) == pytest.approx(theirs.bse[1], rel=1e-6)
    white = LongRun.of(influence, np.ones(150, bool), 23).variances(np.array([[-1.0, 1]]))
    assert fit.std_error[0] == pytest.approx(np.sqrt(white[0]), rel=1e-12)


def test_periods_are_one_glm_with_a_step():
    import statsmodels.api as sm

    counts = swarms(200, 1)
    step = (np.arange(200) >= 120) * 1.0
    theirs = sm.GLM(
        counts[:, 0], sm.add_constant(step), family=sm.families.NegativeBinomial(alpha=2.0)
    ).fit(tol=1e-13, cov_type="HAC", cov_kwds={"maxlags": 11, "use_correction": False})
    parts = np.full((200, 2), np.nan)
    parts[:120, 0], parts[120:, 1] = counts[:120, 0], counts[120:, 0]
    fit = fit_ratios(Series(parts[np.newaxis], np.ones(2)), np.array([1]), np.array([0]))
    assert np.log(fit.ratio[0]) == pytest.approx(theirs.params[1], abs=1e-8)
    from analysis.inference.hac import LongRun

    seen = ~np.isnan(parts)
    influence = np.where(seen, parts - np.nanmean(parts, axis=0), 0) / np.nansum(parts, axis=0)
    plain = LongRun.of(influence, seen.any(axis=1), 12).variances(np.array([[-1.0, 1]]), False)
    assert np.sqrt(plain[0]) == pytest.approx(theirs.bse[1], rel=1e-6)


def test_sparse_poisson_counts_come_near_the_exact_interval():
    """The unified interval is the conditional one where nights are independent events."""
    counts = np.random.default_rng(3).poisson([5.0, 0.1], (400, 2)).astype(float)
    wide, exact = (
        fit_ratios(
            Series(counts[np.newaxis], np.ones(2)), np.array([1]), np.array([0]), poisson=poisson
        )
        for poisson in (False, True)
    )
    low, high = (np.log(np.ravel(fit.intervals(0.95))) for fit in (wide, exact))
    assert wide.ratio == exact.ratio
    assert 0.95 * np.ptp(high) <= np.ptp(low) <= 1.5 * np.ptp(high)


def test_an_interval_is_never_narrower_than_that_of_independent_events():
    steady = np.tile([[3.0, 2.0], [2.0, 3.0]], (60, 1))
    series = Series(steady[np.newaxis], np.ones(2))
    tight = fit_ratios(series, np.array([0]), np.array([1]))
    exact = fit_ratios(series, np.array([0]), np.array([1]), poisson=True)
    assert tight.std_error[0] < 0.3 * exact.std_error[0]
    assert_allclose(np.ravel(tight.intervals(0.95)), np.ravel(exact.intervals(0.95)))


def test_a_p_value_is_the_level_at_which_an_interval_begins_to_exclude_1():
    counts = swarms(200, 4)
    series = Series(counts[np.newaxis], np.ones(4))
    fit = fit_ratios(series, np.array([1, 2, 3]), np.array([0, 0, 0]))
    for row, p in enumerate(fit.p_values()):
        inside, outside = (fit.intervals(1 - p * factor) for factor in (0.999, 1.001))
        assert inside[0][row] < 1 < inside[1][row]
        assert not outside[0][row] < 1 < outside[1][row]


def test_a_region_without_a_claim_is_bounded_by_swarms_of_the_usual_size():
    counts = np.column_stack([swarms(200, 3), np.zeros(200)])
    series = Series(counts[np.newaxis], np.ones(4))
    fit = fit_ratios(series, np.array([3, 0, 3]), np.array([0, 3, 3]))
    lower, upper = fit.intervals(0.95)
    exact = fit_ratios(series, np.array([3]), np.array([0]), poisson=True).intervals(0.95)[1]
    assert (lower[0], fit.ratio[0]) == (0, 0)
    assert upper[0] > 2 * exact[0]
    assert upper[1] == fit.ratio[1] == np.inf
    assert lower[1] == pytest.approx(1 / upper[0])
    assert np.isnan([fit.ratio[2], lower[2], upper[2], fit.p_values()[2]]).all()


# Tables of rate ratios ----------------------------------------------------------------------------

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
    assert exposures(["tula", "nowhere"], "area").tolist() == pytest.approx(
        [2.5724, np.nan], nan_ok=True
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


# Draws --------------------------------------------------------------------------------------------

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


# Heterogeneity ------------------------------------------------------------------------------------


def test_poisson_counts_give_pearsons_chi_square():
    counts = np.random.default_rng(5).poisson([4.0, 4, 4, 4], (2000, 4)).astype(float)
    test = equal_rates_test(counts[np.newaxis], np.ones(4))
    sums = counts.sum(axis=0)
    assert test.statistic == pytest.approx(((sums - sums.mean()) ** 2 / sums.mean()).sum())
    assert test.design_effect == pytest.approx(1, abs=0.2)
    assert test.df == pytest.approx(3, abs=0.4)
    assert test.p_value == pytest.approx(chi2.sf(test.statistic, 3), abs=0.1)


def test_counts_steadier_than_independent_drones_are_taken_for_those():
    even = np.tile([[3.0, 3.0, 3.0]], (60, 1))
    test = equal_rates_test(even[np.newaxis], np.ones(3))
    assert (test.statistic, test.p_value, test.design_effect) == (0.0, 1.0, pytest.approx(1.0))
    uneven = equal_rates_test(np.tile([[4.0, 3.0, 3.0]], (60, 1))[np.newaxis], np.ones(3))
    assert (uneven.df, uneven.df_error) == (2, np.inf)
    assert uneven.statistic == pytest.approx(12.0)  # (240 - 200)^2 / 200 and twice 20^2 / 200
    assert uneven.p_value == pytest.approx(chi2.sf(12.0, 2), rel=1e-12)


def test_memory_of_one_region_does_not_reach_into_the_next():
    counts = np.zeros((60, 2))
    counts[-1, 0] = counts[0, 1] = 30.0
    test = equal_rates_test(counts[np.newaxis], np.ones(2))
    excess = np.array([[15.0, -15], *[[0, 0]] * 58, [-15, 15]]) / np.sqrt(30)
    from analysis.inference.hac import bartlett_covariance

    assert test.design_effect == pytest.approx(np.trace(bartlett_covariance(excess, 3)), rel=0.01)


def test_swarms_are_no_evidence_of_unequal_rates_and_unequal_rates_are():
    table = heterogeneity(
        panel_of(swarms(300, 4)), per=dict(zip(REGIONS, (9, 6, 3, 1), strict=False))
    ).iloc[0]
    assert table["design_effect"] > 5
    assert chi2.sf(table["statistic"], 3) < 0.01 < table["p_value"]
    assert heterogeneity(panel_of(swarms(300, 4))).iloc[0]["p_value"] < 1e-4
    assert table[["regions", "nights", "share_exact"]].to_list() == [4, 300, 1.0]


def test_allocation_adds_to_what_equal_rates_may_differ_by():
    counts = swarms(200, 4)
    moved = counts.copy()
    moved[:, [0, 3]] = moved[:, [3, 0]]
    single, both = (
        heterogeneity(p).iloc[0]
        for p in (panel_of(counts), draws_of(panel_of(counts), panel_of(moved)))
    )
    assert both["design_effect"] > 2 * single["design_effect"]


# Ranks --------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 5), min_size=2, max_size=8), st.integers(0, 10))
def test_ranks_and_chances_add_up(values, seed):
    values = np.array(values, dtype=float)
    resampled = np.random.default_rng(seed).poisson(values + 0.5, (200, len(values))).astype(float)
    ranks = bootstrap_ranks(values, resampled, 0.95)
    size = len(values)
    assert ranks.rank.sum() == size * (size + 1) / 2
    assert_allclose(ranks.rank, rankdata(-values))
    assert ranks.p_first.sum() == pytest.approx(1)
    assert (ranks.lower >= 1).all()
    assert (ranks.lower <= np.floor(ranks.rank)).all()
    assert (ranks.upper >= np.ceil(ranks.rank)).all()
    assert (ranks.upper <= size).all()


def test_confidence_sets_of_ranks_are_those_of_all_differences_written_out():
    rng = np.random.default_rng(2)
    values = np.array([9.0, 7.5, 7.4, 2.0])
    resampled = values + rng.standard_normal((500, 4))
    ranks = bootstrap_ranks(values, resampled, 0.9)
    for j in range(4):
        others = [k for k in range(4) if k != j]
        noise = {k: (resampled[:, j] - resampled[:, k]) - (values[j] - values[k]) for k in others}
        error = {k: np.sqrt(np.mean(noise[k] ** 2)) for k in others}
        beyond = np.quantile(np.max([np.abs(noise[k]) / error[k] for k in others], axis=0), 0.9)
        above = sum((values[k] - values[j]) / error[k] > beyond for k in others)
        below = sum((values[j] - values[k]) / error[k] > beyond for k in others)
        assert (ranks.lower[j], ranks.upper[j]) == (1 + above, 4 - below)


def test_regions_far_apart_have_certain_ranks_and_equal_ones_share_the_first():
    far = np.random.default_rng(1).poisson([50.0, 20, 5], (100, 3)).astype(float)
    table = rank_regions(panel_of(far), resamples=400)
    assert table[["rank", "rank_lower", "rank_upper"]].to_numpy().tolist() == [
        [1, 1, 1],
        [2, 2, 2],
        [3, 3, 3],
    ]
    assert table["p_first"].to_list() == [1, 0, 0]
    same = np.repeat(far[:, :1], 3, axis=1)
    table = rank_regions(panel_of(same), resamples=400)
    assert_allclose(table["p_first"], 1 / 3)
    assert_allclose(table["rank"], 2)
    assert (table["rank_upper"] - table["rank_lower"] == 2).all()


def test_ranks_are_repeatable_and_their_options_count(panel):
    table = rank_regions(panel, resamples=300)
    pd.testing.assert_frame_equal(
        table, rank_regions(panel, resamples=300, rng=np.random.default_rng(0))
    )
    other = rank_regions(panel, resamples=300, rng=1)
    assert (table["p_first"] != other["p_first"]).any()
    assert table["block"].iloc[0] == pytest.approx(usual_block(swarms()))
    assert (rank_regions(panel, resamples=300, block=9.0)["block"] == 9).all()
    near = panel_of(swarms(60, 4, seed=2))
    wide, narrow = (rank_regions(near, resamples=300, level=level) for level in (0.999, 0.5))
    span = [t["rank_upper"].sum() - t["rank_lower"].sum() for t in (wide, narrow)]
    assert span[0] > span[1]


def test_ranks_take_turns_among_the_draws():
    counts = np.random.default_rng(1).poisson([50.0, 20], (100, 2)).astype(float)
    both = draws_of(panel_of(counts), panel_of(counts[:, ::-1]), panel_of(counts), panel_of(counts))
    table = rank_regions(both, resamples=400).set_index("region")
    assert table.loc["belgorod", "p_first"] == pytest.approx(0.75, abs=0.001)
    assert table["rank_upper"].to_list() == [2, 2]


def test_a_resample_with_fewer_nights_told_is_scaled_up_to_as_many():
    counts = np.tile([3.0, 2.0], (100, 1))
    counts[20:55] = np.nan
    sums = resampled_sums(counts[np.newaxis], 8.0, 60, np.random.default_rng(3))
    assert_allclose(sums, np.tile([195.0, 130.0], (60, 1)))


# Shrinkage ----------------------------------------------------------------------------------------

LIP = {
    name: np.array(REFERENCE["lip_cancer"][name])
    for name in ("observed", "expected", "relative_risk")
}


def test_lip_cancer_data_are_those_of_the_paper():
    """Clayton & Kaldor (1987): 56 counties, 536 cases, relative risks from 0 to 652 %."""
    assert len(LIP["observed"]) == 56
    assert LIP["observed"].sum() == 536
    assert round(100 * (LIP["observed"] / LIP["expected"]).max()) == 652


def test_shrunken_lip_cancer_risks_are_those_of_glm_nb():
    prior = fit_prior(LIP["observed"].astype(float), LIP["expected"])
    assert prior.shape == pytest.approx(REFERENCE["lip_cancer"]["shape"], rel=1e-6)
    assert prior.mean == pytest.approx(REFERENCE["lip_cancer"]["mean"], rel=1e-6)
    shrunken = prior.shrink(LIP["observed"].astype(float), LIP["expected"])
    assert_allclose(shrunken, LIP["relative_risk"], rtol=1e-6)
    raw = LIP["observed"] / LIP["expected"]
    between = (shrunken - prior.mean) * (raw - shrunken)
    assert (between >= -1e-12).all()  # never past the raw risk, never away from the mean


def test_published_lip_cancer_risks_come_out_of_clayton_and_kaldors_own_equations():
    """They give 31 to 422 % for the counties, whose raw risks are 0 to 652 %.

    As quoted by Rao (2003), Small Area Estimation, doi:10.1002/0471722189, in its example on lip
    cancer. Their law of rates solves two moment equations; ours maximises the likelihood, which
    moves the highest risk by 3 % and the lowest by 8 %.
    """
    observed, expected = LIP["observed"].astype(float), LIP["expected"]
    prior = Prior(1.0, 1.0)
    for _ in range(500):
        risks = prior.shrink(observed, expected)
        rate = prior.shape / prior.mean
        mean = risks.mean()
        variance = ((1 + rate / expected) * (risks - mean) ** 2).sum() / (len(risks) - 1)
        prior = Prior(mean**2 / variance, mean)
    risks = prior.shrink(observed, expected)
    assert (round(100 * risks.min()), round(100 * risks.max())) == (31, 422)
    assert risks.argmax() == (observed / expected).argmax()
    assert_allclose(
        [LIP["relative_risk"].min(), LIP["relative_risk"].max()], [0.31, 4.22], rtol=0.09
    )


def test_doubt_about_the_law_widens_intervals_the_more_the_fewer_the_regions():
    ratios = []
    for step in (1, 8):
        observed, expected = LIP["observed"][::step].astype(float), LIP["expected"][::step]
        prior = fit_prior(observed, expected)
        law = gamma(observed + prior.shape, scale=1 / (expected + prior.shape / prior.mean))
        mixture = posteriors(observed, expected)
        assert mixture.weights.sum() == pytest.approx(1)
        ours = mixture.quantile(0.975) - mixture.quantile(0.025)
        ratios.append((ours / (law.ppf(0.975) - law.ppf(0.025))).mean())
    assert 1 < ratios[0] < 1.015 < ratios[1] < 1.1


def test_variances_that_rates_are_shrunk_by_are_widened_for_their_own_noise():
    counts = swarms(200, 2)
    plain = [
        whitened_covariance(part, residual_autocorrelation(part[:, 0], np.ones(200, bool)), 30)
        for part in np.hsplit(counts - counts.mean(axis=0), 2)
    ]
    wider = (t.ppf(0.975, equivalent_df(0.15)) / 1.959964) ** 2
    assert wider > 1.4
    found = long_run_variances(counts, counts.sum(axis=0))
    assert_allclose(found, wider * np.ravel(plain), rtol=1e-5)
    assert_allclose(long_run_variances(np.full((200, 1), 2.0), np.array([400.0])), 400 * wider)


def test_quantiles_of_a_mixture_are_those_of_its_distribution():
    mixture = posteriors(LIP["observed"].astype(float), LIP["expected"])
    at = mixture.quantile(0.3)
    below = mixture.weights @ gamma.cdf(at, mixture.shape, scale=1 / mixture.rate)
    assert_allclose(below, 0.3, rtol=1e-7)
    twice = mixed([mixture, mixture])
    assert_allclose(twice.quantile(0.3), at)


def test_equal_poisson_rates_are_shrunk_to_one():
    counts = np.full((50, 6), 2.0)
    fit = shrink_counts(counts, np.full(6, 50.0), "poisson")
    assert_allclose(fit.shrunken, 2.0)
    assert (fit.own_weight == 0).all()
    assert (fit.posterior.quantile(0.025) < 2).all()


def test_poisson_shrinkage_of_a_panel_is_clayton_and_kaldors():
    counts = (
        np.random.default_rng(6).poisson([0.1, 0.3, 0.2, 0.8, 0.4, 0.05], (40, 6)).astype(float)
    )
    table = shrink_rates(panel_of(counts), law="poisson").set_index("region")
    observed = counts.sum(axis=0)
    prior = fit_prior(observed, np.full(6, 40.0))
    assert_allclose(table.loc[list(REGIONS), "shrunken"], prior.shrink(observed, np.full(6, 40.0)))
    assert (table["design_effect"] == 1).all()
    mixture = table["own_weight"] * table["rate"] + (1 - table["own_weight"]) * table["common"]
    assert_allclose(table["shrunken"], mixture)


def test_swarms_are_shrunk_further_than_independent_drones():
    panel = panel_of(swarms(60, 6))
    swarm, single = (shrink_rates(panel, law=law).set_index("region") for law in ("nb2", "poisson"))
    assert swarm["design_effect"].is_monotonic_decreasing  # with the rate: Taylor's law
    assert swarm["design_effect"].iloc[0] > 10
    assert swarm["design_effect"].iloc[-1] >= 1
    common = list(REGIONS[:4])
    assert (swarm["own_weight"] < single["own_weight"])[common].all()
    width = [(t["upper"] - t["lower"])[common] for t in (swarm, single)]
    assert (width[0] > 1.5 * width[1]).all()
    assert (swarm["lower"] < swarm["shrunken"]).all()
    assert (swarm["shrunken"] < swarm["upper"]).all()
    assert_allclose(
        swarm["own_weight"] * swarm["rate"] + (1 - swarm["own_weight"]) * swarm["common"],
        swarm["shrunken"],
    )


def test_shrunken_rates_per_capita_leave_the_sea_out():
    regions = ("belgorod", "black_sea", "bryansk", "kursk", "oryol", "tula")
    table = shrink_rates(panel_of(swarms(60, 6), regions), per="capita").set_index("region")
    assert table.loc["black_sea", ["rate", "shrunken", "lower", "own_weight"]].isna().all()
    assert table.drop(index="black_sea")["shrunken"].notna().all()


# Words of errors and the command line --------------------------------------------------------------

HEAD = ("2025-01-01", "2025-02-28")
TAIL = ("2025-03-01", "2025-07-19")
BAD = [
    pytest.param(lambda p: compare_regions(p, "gondor"), r"'gondor' is no region of this panel\. Choose one of belgorod", id="unknown"),
    pytest.param(lambda p: compare_regions(p, "all"), "'all' is no region of this panel", id="total"),
    pytest.param(lambda p: compare_regions(p.head(0)), r"The panel holds no night\. Give a panel", id="empty"),
    pytest.param(lambda p: compare_regions(p.head(5)), r"needs 30 nights with numbers, the panel has 1\. Choose a longer", id="one night"),
    pytest.param(lambda p: rank_regions(p.head(5)), "needs 30 nights with numbers, the panel has 1", id="one night ranked"),
    pytest.param(lambda p: compare_regions(p.assign(expected=0.0)), "All 200 nights with numbers are zero in every region", id="zeros"),
    pytest.param(lambda p: compare_regions(p.assign(expected=p["expected"].where(p["region"] != "kursk", 0.0)), "kursk"), r"The reference kursk has no claim in these nights\. Choose another", id="empty reference"),
    pytest.param(lambda p: compare_regions(p.assign(expected=np.nan)), "needs 30 nights with numbers, the panel has 0", id="no numbers"),
    pytest.param(lambda p: compare_regions(p[p["region"] == "all"]), "The panel holds only the nights' totals", id="only totals"),
    pytest.param(lambda p: compare_regions(p[p["region"] == "kursk"]), "The panel holds one region, kursk", id="one region"),
    pytest.param(lambda p: compare_regions(p.drop(columns="lower")), "lacks the panel's columns lower", id="columns"),
    pytest.param(lambda p: compare_regions(pd.concat([p, p.iloc[[3]]])), "The night 2025-01-01 of oryol stands in the panel twice", id="twice"),
    pytest.param(lambda p: compare_regions(p.assign(expected=p["expected"] - 1)), "expected numbers of the panel are negative or infinite", id="negative"),
    pytest.param(lambda p: compare_regions(p, level=95), r"The level is 95\. Give a number between 0 and 1", id="level"),
    pytest.param(lambda p: compare_regions(p, law="normal"), r"law is 'normal'\. Choose \"nb2\" or \"poisson\"", id="law"),
    pytest.param(lambda p: compare_regions(p, per="head"), r"per is 'head'\. Choose \"capita\", \"area\"", id="per"),
    pytest.param(lambda p: compare_regions(p, per={"kursk": -1}), "The exposure of kursk is not a finite number above 0", id="exposure"),
    pytest.param(lambda p: compare_regions(p, per={}), "None of the regions of the panel has an exposure", id="no exposure"),
    pytest.param(lambda p: compare_regions(p, "kursk", per={"tula": 1, "oryol": 1}), r"The reference kursk has no exposure\. .*per=\{'kursk': 1\.5", id="reference exposure"),
    pytest.param(lambda p: heterogeneity(p, per={"kursk": 1}), "Fewer than two regions have an exposure", id="one exposure"),
    pytest.param(lambda p: compare_pairs(p, ["kursk", "gondor"]), "gondor: no claim in this panel names it", id="pairs"),
    pytest.param(lambda p: compare_periods(p, HEAD, ("2025-02-28", "2025-05-01")), r"The two periods overlap\. Let one end", id="overlap"),
    pytest.param(lambda p: compare_periods(p, HEAD, ("2031-01-01", "2031-05-01")), "The second period, 2031-01-01 to 2031-05-01, has 0 nights with numbers; a comparison needs 30", id="empty period"),
    pytest.param(lambda p: compare_periods(p, HEAD, ("2025-03-01", "soon")), "the second period is 'soon', which is not a date", id="no date"),
    pytest.param(lambda p: compare_periods(p.assign(expected=0.0), HEAD, TAIL), "Nothing is claimed in either period", id="nothing claimed"),
    pytest.param(lambda p: compare_periods(p, HEAD, TAIL, level=0), "The level is 0", id="period level"),
    pytest.param(lambda p: rank_regions(p, resamples=10), r"resamples is 10\. Give at least 200", id="resamples"),
    pytest.param(lambda p: rank_regions(p, block=0.1), r"mean block length is 0\.1 nights", id="block"),
    pytest.param(shrink_rates, "Shrinking needs 5 regions with an exposure, there are 4", id="few regions"),
    pytest.param(lambda p: shrink_rates(p, law="normal"), "law is 'normal'", id="shrink law"),
    pytest.param(lambda p: compare_regions(pd.concat([p.assign(draw=0), p.assign(draw=1).head(-5)])), "do not have their numbers in the same cells", id="draws"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "says"), BAD)
def test_bad_input_is_refused_in_one_sentence_and_a_remedy(function, says, panel):
    with pytest.raises(AnalysisError, match=says) as refused:
        function(panel)
    problem, remedy = refused.value.args
    assert problem.endswith(".")
    assert remedy.endswith(".")


def test_a_panel_without_totals_is_compared_all_the_same(panel):
    regions = panel[panel["region"] != "all"]
    pd.testing.assert_frame_equal(compare_regions(regions), compare_regions(panel))
    table = compare_periods(regions, HEAD, TAIL)
    assert "all" not in set(table["region"])


def test_one_night_is_enough_for_independent_drones(panel):
    table = compare_regions(panel[panel["night"] == panel["night"].min()], law="poisson")
    assert table["nights"].unique().tolist() == [1]
    assert (table["lower"] < table["upper"]).all()


def test_sixty_regions_of_an_uneven_record_have_finite_tables():
    panel = simulate_panel(n_nights=400, n_regions=60)
    table = compare_regions(panel, "belgorod")
    assert len(table) == panel["region"].nunique() - 2
    assert table[["p_value", "lower", "p_holm"]].notna().all(axis=None)
    assert rank_regions(panel, resamples=200)["rank"].notna().all()
    assert shrink_rates(panel)["shrunken"].notna().all()
    assert len(compare_pairs(panel)) == len(table) * (len(table) + 1)


# Measured coverage --------------------------------------------------------------------------------


def study(name):
    with (HERE / "studies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        table = pd.DataFrame(csv.DictReader(file))
    words = {"design", "pair", "scene"}
    return table.astype({column: float for column in table if column not in words})


def percentages(*columns):
    """Lowest and highest of each column, as the documentation gives them."""
    return [f"{100 * end:.1f}" for column in columns for end in (column.min(), column.max())]


def test_what_is_said_about_ratios_is_what_was_measured():
    table = study("ratio_coverage")
    plain = (table["design"] == "regions") & (table["joint"] == 0)
    usual = table[plain & (table["pair"] != "very rare")]
    said = percentages(
        usual[usual["nights"] >= 200]["covered"],
        usual[usual["nights"] == 60]["covered"],
        usual[usual["nights"] == 30]["covered"],
        table[table["pair"] == "very rare"]["covered"],
        table[table["design"] == "periods"]["covered"],
        table[table["joint"] > 0]["covered"],
        table[table["design"] == "regions"]["poisson"],
    )
    quoted = measured(MEASURED_RATIOS)
    assert quoted == said
    assert measured(compare_regions.__doc__) == said[:8] + said[10:]
    assert measured(compare_periods.__doc__) == said[8:10]


def test_ratios_are_within_the_bar_from_200_nights_on():
    table = study("ratio_coverage")
    usual = table[(table["nights"] >= 120) & (table["joint"] == 0)]
    assert usual["covered"].ge(0.925).all()
    assert usual["covered"].le(0.975).all()
    assert set(table["phi"]) == {0.0, 0.3, 0.6}


def measured(words):
    """Percentages with a decimal place that stand in a text."""
    return re.findall(r"(?<![\d.])\d{2,3}\.\d(?!\d)", words)


def test_what_is_said_about_ranks_is_what_was_measured():
    table = study("rank_coverage")
    usual = table[(table["nights"] >= 200) & (table["phi"] <= 0.3)]
    rest = table.drop(usual.index)
    said = percentages(usual["covered"], usual["all"], rest["covered"], rest["all"])
    near = table[table["scene"] == "near"]
    said += percentages(near["percentile"])
    assert measured(MEASURED_RANKS) == said
    assert measured(rank_regions.__doc__) == said
    assert usual["covered"].ge(0.95).all()


def test_what_is_said_about_shrinkage_is_what_was_measured():
    table = study("shrinkage_coverage")
    usual = table["phi"] <= 0.3
    said = percentages(
        table[usual & (table["nights"] == 365)]["covered"],
        table[usual & (table["nights"] == 60)]["covered"],
        table[~usual]["covered"],
        table["plug_in"],
    )
    assert measured(MEASURED_SHRINKAGE) == said
    assert measured(shrink_rates.__doc__) == said


def test_what_is_said_about_heterogeneity_is_what_was_measured():
    table = study("heterogeneity_size")
    usual = table["phi"] <= 0.3
    said = [
        f"{100 * end:.1f}"
        for part in (table[usual]["rejected"], table[~usual]["rejected"], table["plain"])
        for end in (part.min(), part.max())
    ]
    found = re.findall(r"(?<![\d.])\d+\.\d(?= (?:to|%))", MEASURED_SIZE)
    assert found == said
    assert re.findall(r"(?<![\d.])\d+\.\d(?= (?:to|%))", heterogeneity.__doc__) == said


SMALL = [
    pytest.param(ratio_coverage, ("regions", "common", 0.3, 200, 0.0, 0.0, 0.0), 200, 0, (0.89, 0.99), id="ratios"),
    pytest.param(ratio_coverage, ("regions", "rare", 0.3, 200, 0.0, 0.2, 0.0), 200, 0, (0.89, 1.0), id="gaps"),
    pytest.param(ratio_coverage, ("periods", "common", 0.3, 120, 0.0, 0.0, 0.0), 150, 0, (0.89, 1.0), id="periods"),
    pytest.param(ratio_coverage, ("regions", "common", 0.3, 120, 0.0, 0.0, 0.3), 60, 0, (0.88, 1.0), id="draws"),
    pytest.param(rank_coverage, ("near", 0.3, 200), 25, 0, (0.93, 1.0), id="ranks"),
    pytest.param(shrinkage_coverage, (30, 0.4, 0.3, 200), 6, 0, (0.88, 0.995), id="shrinkage"),
    pytest.param(heterogeneity_size, (8, 0.3, 120), 200, 0, (0.0, 0.1), id="size"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "case", "runs", "column", "bounds"), SMALL)
def test_small_repetitions_of_the_studies(module, case, runs, column, bounds):
    found = module.measure(*case, runs, np.random.default_rng(12))[column]
    assert bounds[0] <= found <= bounds[1]
