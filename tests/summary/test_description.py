"""Nights and regions described: identities with the panel, honest denominators, values by hand."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.errors import PanelError
from analysis.summary import (
    concentration,
    night_by_bulletin,
    reach,
    region_names,
    summarize_nights,
    summarize_regions,
    weekly_regions,
)
from tests.summary.panels import HAND, drawn, small
from tests.synthetic_panel import NIGHT, simulate_claims, simulate_panel, with_bulletins


def test_values_counted_by_hand():
    row = summarize_nights(HAND).iloc[0]
    assert row[["nights", "exact", "bounded", "silent", "missing"]].to_list() == [8, 5, 1, 1, 1]
    assert row["nights_counted"] == 6
    assert row[["lower", "expected", "upper"]].to_list() == [27, 30.0, 34]
    claims = np.array([4, 10, 5, 0, 1, 10.0])
    assert row["mean"] == 5.0
    assert row["median"] == 4.5
    variance = ((claims - 5) ** 2).sum() / 5
    assert row["variance_to_mean"] == pytest.approx(variance / 5)
    assert row["dispersion"] == pytest.approx((variance - 5) / 25)
    assert row["zero_share"] == pytest.approx(1 / 6)
    # 1 and 2 March; the silent night ends the run, and so do the zero and the missing one.
    assert row["longest_run"] == 2
    assert row["record"] == 10
    assert row["record_night"] == pd.Timestamp("2025-03-02")
    assert row["first_night"] == pd.Timestamp("2025-03-01")
    assert row["last_night"] == pd.Timestamp("2025-03-08")


def test_a_run_counts_nights_with_a_claim_for_certain():
    maybe = small([("exact", 1, 1, 1), ("bounded", 0, 5, 9), ("exact", 2, 2, 2)])
    row = summarize_nights(maybe).iloc[0]
    assert row["longest_run"] == 1
    assert row["record"] == 5
    assert summarize_nights(maybe.iloc[1:])["first_night"].iloc[0] == pd.Timestamp("2025-03-03")


def test_runs_pass_over_months_and_are_broken_by_a_night_left_out():
    run = small([("exact", 1, 1, 1)] * 40, first="2025-01-20")
    assert summarize_nights(run)["longest_run"].iloc[0] == 40
    broken = pd.concat([run.iloc[:15], run.iloc[16:]])
    assert summarize_nights(broken)["longest_run"].iloc[0] == 24


def test_silence_read_as_zero_enters_the_denominator():
    zero = HAND.assign(expected=HAND["expected"].where(HAND["state"] != "silent", 0.0))
    before, after = summarize_nights(HAND).iloc[0], summarize_nights(zero).iloc[0]
    assert after["nights_counted"] == before["nights_counted"] + 1
    assert after["zero_share"] == pytest.approx(2 / 7)
    assert after["mean"] == pytest.approx(30 / 7)
    assert pd.isna(after["upper"])  # a silent night's upper bound is unknown
    assert after["silent"] == 1


def test_underdispersed_counts_have_dispersion_zero():
    assert summarize_nights(small([("exact", 5, 5, 5)] * 9))["dispersion"].iloc[0] == 0.0


def test_nights_without_numbers_have_no_mean_rather_than_zero():
    row = summarize_nights(small([("silent", 0, np.nan, pd.NA)] * 3)).iloc[0]
    assert row["nights_counted"] == 0
    assert row["longest_run"] == 0
    assert row[["mean", "median", "zero_share", "record", "share"]].isna().all()
    assert pd.isna(row["first_night"])


def test_a_month_without_a_counted_night_has_no_claims_rather_than_zero():
    rows = [("exact", 3, 3, 3)] * 31 + [
        ("silent", 0, np.nan, pd.NA),
        ("missing", 0, np.nan, 5),
    ] * 15
    run = small(rows)
    counted, none = (row for _, row in summarize_nights(run, "MS").iterrows())
    sums = ["lower", "expected", "upper"]
    assert counted[[*sums, "share"]].to_list() == [93, 93, 93, 1]
    assert none[[*sums, "share", "mean", "share_exact"]].isna().all()
    assert none[["nights", "silent", "missing", "nights_counted"]].to_list() == [30, 15, 15, 0]
    zero = summarize_nights(small([("exact", 0, 0, 0)] * 3)).iloc[0]
    assert zero[sums].to_list() == [0, 0, 0]
    region = summarize_regions(small(rows[31:], region="tula"))
    assert region[sums].isna().all(axis=None)


def test_regions_are_the_panel_and_shares_sum_to_one(panel):
    regions = summarize_regions(panel).set_index("region")
    cells = panel[panel["region"] != "all"]
    assert regions["share"].sum() == pytest.approx(1)
    by_region = cells.groupby("region")["expected"].sum()
    pd.testing.assert_series_equal(regions["expected"].sort_index(), by_region)
    assert (regions["lower"] <= regions["expected"]).all()
    assert (regions["expected"] <= regions["upper"]).all()
    assert list(regions["expected"]) == sorted(regions["expected"], reverse=True)
    states = regions[["exact", "bounded", "silent", "missing"]].sum(axis=1)
    assert (states == regions["nights"]).all()
    assert "all" not in regions.index


@pytest.mark.parametrize("freq", ["W", "MS", "YS"])
def test_periods_add_up_to_the_whole(panel, freq):
    whole, parts = summarize_nights(panel).iloc[0], summarize_nights(panel, freq)
    names = ["nights", "exact", "bounded", "silent", "missing", "nights_counted", "lower", "upper"]
    for name in names:
        assert parts[name].sum() == whole[name], name
    assert parts["expected"].sum() == pytest.approx(whole["expected"])
    assert parts["share"].sum() == pytest.approx(1)
    assert parts["record"].max() == whole["record"]
    first = parts["period"]
    assert first.is_monotonic_increasing
    on = {"W": first.dt.day_of_week == 0, "MS": first.dt.day == 1, "YS": first.dt.day_of_year == 1}
    assert on[freq].all()


def test_weeks_run_from_monday_to_sunday():
    run = small([("exact", 1, 1, 1)] * 9, first="2025-03-09")  # a Sunday
    assert summarize_nights(run, "W")["expected"].to_list() == [1, 7, 1]


def test_weekly_regions_keep_every_claim_and_no_number_is_not_zero(panel):
    weeks = weekly_regions(panel)
    cells = panel[panel["region"] != "all"]
    assert weeks["expected"].sum() == pytest.approx(cells["expected"].sum())
    assert weeks["nights"].sum() == len(cells)
    assert weeks["nights_counted"].sum() == cells["expected"].notna().sum()
    none = weeks["nights_counted"] == 0
    assert weeks.loc[none, ["lower", "expected", "upper"]].isna().all(axis=None)
    assert weeks.loc[~none, "expected"].notna().all()
    assert not weeks.duplicated(["week", "region"]).any()


def test_a_week_with_an_unknown_bound_has_none():
    cells = small(
        [("exact", 3, 3, 3), ("bounded", 0, 2, pd.NA), ("silent", 0, np.nan, pd.NA)],
        region="tula",
        first="2025-03-03",
    )
    week = weekly_regions(cells).iloc[0]
    assert week["expected"] == 5
    assert pd.isna(week["upper"])
    assert weekly_regions(cells[cells["state"] != "bounded"]).iloc[0]["upper"] == 3


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_order_of_the_rows_carries_no_information(seed):
    panel = simulate_panel(n_nights=40, n_regions=4)
    shuffled = panel.sample(frac=1, random_state=seed).reset_index(drop=True)
    pd.testing.assert_frame_equal(summarize_regions(shuffled), summarize_regions(panel))
    pd.testing.assert_frame_equal(summarize_nights(shuffled, "W"), summarize_nights(panel, "W"))
    pd.testing.assert_frame_equal(weekly_regions(shuffled), weekly_regions(panel))


def test_one_night_by_bulletin():
    panel = with_bulletins(simulate_panel(n_nights=1_200, n_regions=3))
    table = night_by_bulletin(simulate_claims(), panel, NIGHT)
    got = [tuple(row) for row in table[["bulletin_id", "name", "count"]].to_numpy()]
    assert got == [
        ("early", "Kaluga and Kursk together", 5),
        ("early", "Belgorod", 2),
        ("early", "not attributed to a region", 1),
        ("late", "Belgorod", 9),
        ("late", "Kursk", 4),
        ("late", "Tula", 4),
        ("late", "Moscow Oblast", 3),
        ("late", "not attributed to a region", 1),
    ]
    # Subsets are inside another count, and what no region accounts for completes the totals.
    assert table.groupby("bulletin_id")["count"].sum().to_dict() == {"early": 8, "late": 21}
    assert table["window_start"].iloc[0] == pd.Timestamp("2025-10-31 20:00")
    assert table["window_end"].iloc[-1] == pd.Timestamp("2025-11-01 07:00")


def test_short_names_stay_unlike():
    names = region_names(
        pd.Series(["moscow_region", "moscow_city", "crimea", "tula", "unheard_of"])
    )
    assert names.tolist() == ["Moscow Oblast", "Moscow (city)", "Crimea", "Tula", "unheard_of"]


def test_words_of_the_errors(panel):
    with pytest.raises(PanelError, match="lacks the panel's columns lower"):
        summarize_nights(panel.drop(columns="lower"))
    with pytest.raises(PanelError, match='no rows "all"'):
        summarize_nights(panel[panel["region"] != "all"])
    with pytest.raises(PanelError, match=r"freq is 'D'.*weeks"):
        summarize_nights(panel, "D")
    with pytest.raises(PanelError, match="no night 1999-01-01; it runs from 2022-09-01"):
        night_by_bulletin(simulate_claims(), panel, "1999-01-01")


def test_share_of_exact_claims_by_hand():
    assert summarize_nights(HAND)["share_exact"].iloc[0] == pytest.approx(25 / 30)
    assert np.isnan(summarize_nights(small([("exact", 0, 0, 0)]))["share_exact"].iloc[0])


def test_regions_by_month_add_up_to_regions_and_have_months_own_records(panel):
    whole = summarize_regions(panel).set_index("region")
    months = summarize_regions(panel, "MS")
    assert_allclose(months.groupby("region")["expected"].sum()[whole.index], whole["expected"])
    assert months["share"].sum() == pytest.approx(1)
    records = months.groupby("region")["record"].max()[whole.index]
    assert_allclose(records, whole["record"])
    may = panel[(panel["night"] >= "2023-05-01") & (panel["night"] <= "2023-05-31")]
    alone = summarize_regions(may).drop(columns="share")
    among = months[months["period"] == "2023-05-01"].drop(columns=["period", "share"])
    pd.testing.assert_frame_equal(among.reset_index(drop=True), alone)


def test_a_run_over_the_end_of_a_month_is_two():
    run = small([("exact", 1, 1, 1)] * 10, first="2025-01-26")
    assert summarize_nights(run, "MS")["longest_run"].to_list() == [6, 4]


def test_identical_draws_are_one_panel(panel):
    same = drawn(panel, *[panel["expected"]] * 3)
    pd.testing.assert_frame_equal(summarize_regions(same), summarize_regions(panel))
    pd.testing.assert_frame_equal(summarize_nights(same, "MS"), summarize_nights(panel, "MS"))
    pd.testing.assert_frame_equal(weekly_regions(same), weekly_regions(panel))
    for function in (concentration, reach):
        one, three = function(panel), function(same)
        assert three["allocation_share"].dropna().eq(0).all()
        columns = one.columns.drop("allocation_share")
        pd.testing.assert_frame_equal(three[columns], one[columns])


def test_draws_are_averaged_and_the_record_is_the_night_of_most():
    base = HAND["expected"].to_numpy()
    other = base.copy()
    other[3] = 11  # the bounded night takes the record
    row = summarize_nights(drawn(HAND, base, other, other)).iloc[0]
    assert row["expected"] == pytest.approx((30 + 36 + 36) / 3)
    assert row["record"] == pytest.approx((10 + 11 + 11) / 3)
    assert row["record_night"] == pd.Timestamp("2025-03-04")
    assert row["mean"] == pytest.approx(34 / 6)
    assert row["nights_counted"] == 6
    spread = [np.nanvar(e, ddof=1) / np.nanmean(e) for e in (base, other, other)]
    assert row["variance_to_mean"] == pytest.approx(np.mean(spread))
    assert row[["lower", "upper"]].to_list() == [27, 34]
