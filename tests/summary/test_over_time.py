"""Concentration and reach: identities, limits of the jackknife, extremes, measured coverage."""

import csv
import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog
from scipy.stats import t

from analysis.errors import PanelError
from analysis.inference.jackknife import block_jackknife
from analysis.regions import regions as units
from analysis.summary import (
    concentration,
    daytime_share,
    reach,
    weekly_profile,
)
from analysis.summary.over_time import MEASURED_OVER_TIME, concentration_measures, log_reach
from tests.studies import over_time_coverage
from tests.studies.correlated_counts import simulate
from tests.summary.panels import COUNTS, HAND, SLUGS, drawn, of_regions, small


def test_concentration_is_that_of_the_shares():
    table = concentration(of_regions(COUNTS, SLUGS), None).set_index("measure")
    shares = COUNTS.sum(axis=0) / COUNTS.sum()
    pairs = np.abs(shares[:, np.newaxis] - shares)
    assert table.loc["herfindahl", "observed"] == pytest.approx((shares**2).sum())
    assert table.loc["effective_regions", "observed"] == pytest.approx(1 / (shares**2).sum())
    assert table.loc["gini", "observed"] == pytest.approx(pairs.sum() / (2 * 4 * shares.sum()))
    assert (table["lower"] < table["estimate"]).all()
    assert (table["estimate"] < table["upper"]).all()
    herfindahl, effective = table.loc["herfindahl"], table.loc["effective_regions"]
    assert effective["lower"] == pytest.approx(1 / herfindahl["upper"])
    assert effective["upper"] == pytest.approx(1 / herfindahl["lower"])
    assert table["nights_counted"].unique().tolist() == [61]
    assert table["claims"].unique().tolist() == [COUNTS.sum()]


@given(st.lists(st.integers(0, 50), min_size=2, max_size=9).filter(any))
def test_concentration_lies_between_equal_shares_and_a_single_region(sums):
    with np.errstate(divide="ignore"):
        herfindahl, odds = concentration_measures(np.array(sums, dtype=float))
    gini = 1 / (1 + np.exp(-odds))
    size = len(sums)
    assert 1 / size - 1e-12 <= herfindahl <= 1 + 1e-12
    assert -1e-12 <= gini <= 1 - 1 / size + 1e-9


def test_limits_are_those_of_the_jackknife_on_the_scale_that_is_said():
    panel = of_regions(COUNTS, SLUGS)
    km = np.array([units()[slug].border_km for slug in SLUGS], dtype=float)
    found = block_jackknife(COUNTS, partial(log_reach, km))
    half = t.ppf(0.975, 4) * np.sqrt(found.variance[0])
    row = reach(panel, None).iloc[0]
    assert row["observed"] == pytest.approx((COUNTS.sum(axis=0) @ km) / COUNTS.sum())
    ends = np.exp(found.estimate[0] + np.array([0, -half, half]))
    assert row[["estimate", "lower", "upper"]].to_list() == pytest.approx(ends.tolist())
    found = block_jackknife(COUNTS, concentration_measures)
    gini = concentration(panel, None).set_index("measure").loc["gini"]
    odds = found.estimate[1] + t.ppf(0.975, 4) * np.sqrt(found.variance[1])
    assert gini["upper"] == pytest.approx(1 / (1 + np.exp(-odds)))


def test_months_are_their_own_and_missing_nights_no_zeros():
    counts = COUNTS.copy()
    counts[5:9] = np.nan
    panel = of_regions(counts, SLUGS)
    months = reach(panel)
    assert months["period"].to_list() == [pd.Timestamp("2025-03-01"), pd.Timestamp("2025-04-01")]
    assert months["nights"].to_list() == [31, 30]
    assert months["nights_counted"].to_list() == [27, 30]
    march = panel[panel["night"] < "2025-04-01"]
    pd.testing.assert_frame_equal(reach(march), months.head(1))
    pd.testing.assert_frame_equal(concentration(march), concentration(panel).head(3))
    told = of_regions(np.delete(counts[:31], slice(5, 9), axis=0), SLUGS)
    assert reach(told).loc[0, "estimate"] == pytest.approx(months.loc[0, "estimate"])


def test_few_nights_and_nothing_claimed_have_no_limits():
    few = concentration(of_regions(COUNTS[:14], SLUGS))
    assert few["observed"].notna().all()
    assert few[["estimate", "lower", "upper"]].isna().all(axis=None)
    none = reach(of_regions(np.zeros((30, 4)), SLUGS))
    assert none[["observed", "estimate", "lower", "least", "most"]].isna().all(axis=None)
    assert none.loc[0, "claims"] == 0
    silent = COUNTS.copy()
    silent[:31] = np.nan
    for measure in (concentration, reach):
        march, april = (part for _, part in measure(of_regions(silent, SLUGS)).groupby("period"))
        assert march[["claims", "observed", "share_exact"]].isna().all(axis=None)
        assert (march["nights_counted"] == 0).all()
        assert (april["claims"] == COUNTS[31:].sum()).all()
    alone = COUNTS * [1, 0, 0, 0]
    table = concentration(of_regions(alone, SLUGS), None).set_index("measure")
    assert table.loc["herfindahl", "observed"] == 1
    assert table[["lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize("seed", range(4))
def test_least_and_most_reach_are_those_of_a_linear_programme(seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson([4.0, 3, 2, 1], (20, 4)).astype(float)
    lower = np.maximum(counts - rng.integers(0, 3, counts.shape), 0)
    upper = counts + rng.integers(0, 6, counts.shape)
    row = reach(of_regions(counts, SLUGS, lower=lower, upper=upper), None).iloc[0]
    km = np.array([units()[slug].border_km for slug in SLUGS], dtype=float)
    ends = []
    for sign in (1, -1):
        nights = [
            linprog(
                sign * km, A_eq=np.ones((1, 4)), b_eq=[n.sum()], bounds=list(zip(a, b, strict=True))
            )
            for n, a, b in zip(counts, lower, upper, strict=True)
        ]
        ends.append(sum(sign * night.fun for night in nights) / counts.sum())
    assert row[["least", "most"]].to_list() == pytest.approx(ends)
    assert row["least"] <= row["observed"] <= row["most"]


def test_an_unknown_upper_bound_reaches_to_the_farthest_region():
    panel = of_regions(np.array([[4.0, 0, 0, 0]] * 20), SLUGS)
    open_ = (panel["region"] == "tatarstan") | (panel["region"] == "belgorod")
    panel = panel.assign(
        lower=panel["lower"].where(~open_, 0), upper=panel["upper"].where(~open_, pd.NA)
    )
    row = reach(panel, None).iloc[0]
    assert row["least"] == units()["belgorod"].border_km
    assert row["most"] == units()["tatarstan"].border_km


def test_draws_that_differ_widen_the_limits():
    moved = COUNTS.copy()
    moved[::6, [0, 3]] += [[-1, 1]] * (COUNTS[::6, [0]] > 0)
    panel = of_regions(COUNTS, SLUGS)
    other = of_regions(moved, SLUGS)["expected"]
    single, both = (
        reach(p, None).iloc[0] for p in (panel, drawn(panel, *[panel["expected"], other] * 5))
    )
    assert both["allocation_share"] > 0.02
    assert np.log(both["upper"] / both["lower"]) > np.log(single["upper"] / single["lower"])
    observed = [
        reach(panel.assign(expected=e), None)["observed"].iloc[0]
        for e in (panel["expected"], other)
    ]
    assert both["observed"] == pytest.approx(np.exp(np.log(observed).mean()))


def test_words_of_the_errors_of_what_is_measured_over_time(panel):
    calls = [
        (lambda: concentration(panel, "D"), r"freq is 'D'.*weeks"),
        (lambda: concentration(panel, level=95), "The level is 95"),
        (lambda: concentration(of_regions(COUNTS[:, :1], SLUGS[:1])), "holds one region, belgorod"),
        (lambda: concentration(panel[panel["region"] == "all"]), "holds only the nights' totals"),
        (lambda: reach(panel.head(0)), "The panel holds no night"),
        (lambda: reach(of_regions(COUNTS, ("gondor", "mordor", "tula", "kursk"))), "2 regions of the panel are not in the gazetteer: gondor, mordor"),
        (lambda: weekly_profile(panel, "gondor"), "gondor: no claim in this panel"),
        (lambda: weekly_profile(small([("exact", 0, 0, 0)] * 80)), "no claim of all"),
        (lambda: weekly_profile(panel[panel["region"] != "all"]), "all: no claim in this panel"),
        (lambda: daytime_share(HAND, HAND.assign(night=HAND["night"] + pd.Timedelta("400D"))), "share no date"),
        (lambda: daytime_share(HAND, drawn(HAND, HAND["expected"], HAND["expected"])), "holds 1 draws, the other 2"),
    ]  # fmt: skip
    for call, says in calls:
        with pytest.raises(PanelError, match=says):
            call()


@pytest.fixture(scope="module")
def study():
    path = Path(__file__).parents[1] / "studies" / "over_time_coverage.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return pd.DataFrame(csv.DictReader(file)).astype(float)


def test_measured_coverage_is_within_the_bar_from_a_month_on(study):
    """92.5 to 97.5 % for the memory that the record has; the rest is printed."""
    told = study["joint"] == 0
    usual = study[told & (study["nights"] >= 30) & (study["phi"] <= 0.3)]
    columns = ["herfindahl", "reach", "daytime", "monday"]
    assert usual[columns].fillna(0.95).ge(0.925).all(axis=None)
    assert study.loc[told, [*columns, "gini"]].fillna(0.95).le(0.975).all(axis=None)
    allocated = study[~told & (study["phi"] <= 0.3)]
    assert allocated[["herfindahl", "gini", "reach"]].ge(0.95).all(axis=None)


def test_what_is_said_about_coverage_is_what_was_measured(study):
    said = []
    memory, told, month = study["phi"] <= 0.3, study["joint"] == 0, study["nights"] >= 30
    for rows in (told & memory & month, told & ~memory & month, ~month, ~told):
        for name in ("herfindahl", "gini", "reach", "daytime", "monday"):
            ends = study.loc[rows, name].dropna()
            said += [f"{100 * end:.1f}" for end in (ends.min(), ends.max()) if len(ends)]
    assert measured(MEASURED_OVER_TIME) == said
    for function in (concentration, reach, daytime_share, weekly_profile):
        words = measured(function.__doc__)
        assert words
        assert set(words) <= set(said)


def measured(words):
    """Percentages with a decimal place that stand in a text."""
    return re.findall(r"(?<![\d.])\d\d\.\d(?!\d)", words)


def test_coverage_in_a_small_repetition_of_the_study():
    """150 runs: a standard error of 1.8 points around 95 %."""
    covered = over_time_coverage.measure(0.3, 90, 0.0, 150, np.random.default_rng(5))
    assert all(0.88 <= share <= 1 for share in covered)
    *allocated, _, _ = over_time_coverage.measure(0.3, 90, 0.3, 25, np.random.default_rng(5))
    assert all(0.9 <= share <= 1 for share in allocated)


def test_the_simulated_truth_is_what_it_says():
    counts = simulate([5.0, 0.5], [0.8, 6.0], 0.5, 40, 3_000, np.random.default_rng(6), 0.4, 0.2)
    path = np.exp(0.2 * np.arange(40) / 30)
    assert_allclose(counts.mean(axis=0)[:, 0], 5 * path / path.mean(), rtol=0.1)
    assert_allclose(counts.mean(axis=(0, 1)), [5, 0.5], rtol=0.03)
    first = counts[:, 0, 0]
    assert first.var() == pytest.approx(first.mean() + 0.8 * first.mean() ** 2, rel=0.15)
    memory = np.corrcoef(counts[:, 10, 0], counts[:, 11, 0])[0, 1]
    together = np.corrcoef(counts[:, 10, 0], counts[:, 10, 1])[0, 1]
    assert 0.3 < memory < 0.5
    assert 0.15 < together < 0.45
