"""The panel: invariants on random ledgers, states, and the words of its errors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.accounting import Scope, account_claims
from analysis.accounting.nesting import INCLUDED
from analysis.accounting.versions import select_versions
from analysis.errors import PanelError
from analysis.panel import build_panel, grid, nightly_totals, select_panel, to_wide
from analysis.vocabulary import ALL, PANEL_COLUMNS
from tests.made_claims import bulletin, drawn_ledgers, ledger

#: A panel of a handful of claims takes some 20 ms, whatever their number.
some = settings(max_examples=25)

BOUNDS = ("lower", "upper")
KINDS = {
    "night": "datetime64[us]",
    "region": "str",
    "state": "str",
    "count": "Int64",
    "lower": "Int64",
    "upper": "Int64",
    "expected": "float64",
    "coverage": "float64",
    "provisional": "bool",
    "bulletins": "str",
}


def cell(panel, night, region=ALL):
    return panel[(panel["night"] == night) & (panel["region"] == region)].iloc[0]


def expected_by_night(claims, **options):
    """Night x region (with all) of what is expected; 0 where nothing was counted."""
    panel = build_panel(claims, silence="zero", **options)
    return panel.pivot_table(index="night", columns="region", values="expected").fillna(0.0)


@some
@given(drawn_ledgers(figures=True), st.randoms(use_true_random=False))
def test_what_holds_of_every_panel(claims, shuffler):
    panel = build_panel(claims)
    assert list(panel.columns) == list(PANEL_COLUMNS)
    assert panel.dtypes.astype(str).to_dict() == KINDS
    # Every night of the record has a row for every region, none is left out.
    nights = panel["night"].drop_duplicates()
    assert (nights.diff().dropna() == pd.Timedelta(days=1)).all()
    assert len(panel) == len(nights) * panel["region"].nunique()
    assert panel[["night", "region"]].apply(tuple, axis=1).is_monotonic_increasing
    # Bounds hold what is expected; the exact ones meet and are counts.
    told = panel["state"].isin(["exact", "bounded"])
    bounds = panel[told]
    assert (bounds["lower"] >= 0).all()
    assert (bounds["lower"].astype(float) <= bounds["expected"] + 1e-9).all()
    assert (bounds["expected"] <= bounds["upper"].astype(float) + 1e-9).all()
    exact = bounds["lower"] == bounds["upper"]
    assert (exact == (bounds["state"] == "exact")).all()
    assert (bounds["count"].notna() == exact).all()
    assert (bounds["count"][exact] == bounds["lower"][exact]).all()
    # Missing is not zero.
    assert panel.loc[~told, "expected"].isna().all()
    assert panel.loc[~told, "count"].isna().all()
    assert (panel.loc[~told, "bulletins"] == "").all()
    # The regions of a night make its total.
    sums = panel[told & (panel["region"] != ALL)].groupby("night")["expected"].sum()
    totals = nightly_totals(panel).set_index("night")["expected"]
    if len(set(panel["region"])) > 1:
        assert np.allclose(sums, totals.loc[sums.index], rtol=0, atol=1e-9)
        # What the total leaves beside the other regions bounds each of them.
        low, high = (to_wide(panel, v).to_numpy(float, na_value=np.inf) for v in BOUNDS)
        whole = nightly_totals(panel)[list(BOUNDS)].to_numpy(float, na_value=np.inf)
        known = np.isfinite(high).all(axis=1) & np.isfinite(whole[:, 1])
        low, high, most = low[known], high[known], whole[known, 1:]
        assert (high <= most - low.sum(axis=1, keepdims=True) + low).all()
    assert panel["coverage"].between(0, 1).all()
    assert (panel["provisional"] == (panel["coverage"] < 0.75)).all()
    # The order of the rows carries no information, and the claims are left as they were.
    order = list(range(len(claims)))
    shuffler.shuffle(order)
    before = claims.copy()
    pd.testing.assert_frame_equal(build_panel(claims.iloc[order]), panel)
    pd.testing.assert_frame_equal(claims, before)


@some
@given(drawn_ledgers(overlap=False))
def test_no_claim_is_lost_or_doubled(claims):
    chosen = select_versions(claims)
    totals = chosen[chosen["relation"] == "total"]["count"].sum()
    night, day = expected_by_night(claims), expected_by_night(claims, night=("08:00", "20:00"))
    assert night[ALL].sum() + day[ALL].sum() == pytest.approx(totals, abs=1e-9)


@some
@given(drawn_ledgers())
def test_a_bulletin_is_counted_once_or_told_in_one_that_is(claims):
    account = account_claims(claims, Scope())
    day = account_claims(claims, Scope(night=("08:00", "20:00")))
    panels = [
        build_panel(claims, night=night) for night in (("20:00", "08:00"), ("08:00", "20:00"))
    ]
    named = {name for panel in panels for ids in panel["bulletins"] for name in ids.split()}
    included = account.standing.rule == INCLUDED
    assert named == set(account.tally.ids[~included].tolist())
    # One is included where another one counts, and both panels agree about it.
    assert np.array_equal(account.standing.rule, day.standing.rule)
    assert not included[account.standing.partner[included]].any()
    # All its entries together hold no more of it than there is, and one that is certain all of it.
    shares = np.bincount(
        account.entries.bulletin, account.entries.expected, minlength=included.size
    )
    assert (shares <= 1 + 1e-12).all()
    assert shares[account.standing.certain] == pytest.approx(1)
    totals = [nightly_totals(panel) for panel in panels]
    least = sum(frame["lower"][frame["state"].isin(["exact", "bounded"])].sum() for frame in totals)
    sums = sum(frame["expected"].sum() for frame in totals)
    assert least - 1e-9 <= sums <= account.tally.total[~included].sum() + 1e-9


@some
@given(drawn_ledgers(overlap=False))
def test_regions_of_whole_lists_are_conserved(claims):
    chosen = select_versions(claims)
    joint = chosen["regions"].str.contains("|", regex=False)
    parts = chosen["count"].where(chosen["relation"] != "total", -chosen["count"])
    by_bulletin = chosen["bulletin_id"]
    short = parts.groupby(by_bulletin).transform("sum") != 0
    whole = chosen[~(joint.groupby(by_bulletin).transform("any") | short)]
    counts = whole[whole["relation"] == "single"].groupby("regions")["count"].sum()
    if whole.empty:
        return
    night, day = expected_by_night(whole), expected_by_night(whole, night=("08:00", "20:00"))
    for region, count in counts.items():
        assert night[region].sum() + day[region].sum() == pytest.approx(count, abs=1e-9)


@some
@given(drawn_ledgers())
def test_night_and_day_make_the_whole_day(claims):
    night, day = expected_by_night(claims), expected_by_night(claims, night=("08:00", "20:00"))
    whole = expected_by_night(claims, night=("20:00", "20:00"))
    both = night.add(day, fill_value=0.0).reindex(whole.index).fillna(0.0)
    # Which of two overlapping bulletins counts for certain, and so in which regions the other may
    # repeat it, can depend on where the night is cut.
    assert np.allclose(both[ALL], whole[ALL], rtol=0, atol=1e-9)


@some
@given(drawn_ledgers(figures=True), st.integers(0, 8))
def test_what_arrives_later_changes_nothing(claims, days):
    moment = pd.Timestamp("2024-03-10T17:00Z") + pd.Timedelta(days=days)
    known = (claims["known_at"] < moment).to_numpy()
    usable = select_versions(claims, moment)
    assume(not usable.empty)
    record = [f"2024-03-{day:02d}" for day in range(8, 25)]
    claims.attrs["channel_days"] = tuple(record)
    then = claims[known].copy()
    then.attrs["channel_days"] = tuple(
        d for d in record if pd.Timestamp(d, tz="UTC") < moment.normalize()
    )
    pd.testing.assert_frame_equal(
        build_panel(claims, as_of=moment), build_panel(then, as_of=moment)
    )
    pd.testing.assert_frame_equal(build_panel(claims, as_of=moment), build_panel(then))


@some
@given(drawn_ledgers(), st.integers(0, 99))
def test_draws_are_whole_counts_within_totals_and_bounds(claims, seed):
    panel = build_panel(claims)
    drawn = build_panel(claims, allocate="draws", draws=3, rng=seed)
    assert list(drawn.columns) == [*PANEL_COLUMNS, "draw"]
    for number, one in drawn.groupby("draw"):
        one = one.reset_index(drop=True)
        pd.testing.assert_frame_equal(
            one.drop(columns=["draw", "expected"]), panel.drop(columns="expected")
        )
        assert number in (0, 1, 2)
        values = one["expected"].dropna()
        assert (values == values.round()).all()
        told = one["expected"].notna()
        assert (one["lower"][told].astype(float) <= values).all()
        assert (values <= one["upper"][told].astype(float)).all()
        if len(set(one["region"])) > 1:
            sums = one[told & (one["region"] != ALL)].groupby("night")["expected"].sum()
            totals = nightly_totals(one).set_index("night")["expected"]
            assert np.array_equal(sums, totals.loc[sums.index])
    pd.testing.assert_frame_equal(
        build_panel(claims, allocate="draws", draws=3, rng=np.random.default_rng(seed)), drawn
    )


# By hand


def made(**options):
    """One night of 60 in two bulletins, the second cut; then days with and without posts."""
    claims = ledger(
        bulletin("a", "2024-03-10 20:00", "2024-03-10 23:00", {"kursk": 14, "oryol": 2}),
        bulletin(
            "b",
            "2024-03-10 23:00",
            "2024-03-11 06:30",
            {"kursk": 30, "tula": 5},
            total=44,
            listing="cut",
        ),
        bulletin("c", "2024-03-12 10:00", "2024-03-12 11:00", {"voronezh": 1}),
        bulletin(
            "x",
            "2024-03-11 09:00",
            "2024-03-11 10:00",
            {"samara": 5},
            source_kind="report",
            source="paper",
        ),
        channel_days=["2024-03-10", "2024-03-11", "2024-03-12", "2024-03-14"],
    )
    return build_panel(claims, **options)


def test_the_night_of_two_bulletins():
    panel = made()
    assert sorted(panel["region"].unique()) == ["all", "kursk", "oryol", "tula", "voronezh"]
    night = panel[panel["night"] == "2024-03-11"].set_index("region")
    assert night["state"].to_dict() == {
        "all": "exact",
        "kursk": "exact",
        "oryol": "bounded",
        "tula": "exact",
        "voronezh": "bounded",
    }
    assert night.loc[["all", "kursk", "tula"], "count"].tolist() == [60, 44, 5]
    assert night.loc["oryol", ["lower", "upper"]].tolist() == [2, 11]
    assert night.loc["voronezh", ["lower", "upper"]].tolist() == [0, 9]
    # Their total is exact although the sums of their bounds are 51 and 69.
    assert night.loc["all", ["lower", "upper"]].tolist() == [60, 60]
    assert set(night["bulletins"]) == {"a b"}
    assert night["coverage"].round(6).unique().tolist() == [0.875]
    assert not night["provisional"].any()


@pytest.mark.parametrize(("silence", "quiet"), [("missing", np.nan), ("zero", 0.0)])
def test_silent_is_not_missing(silence, quiet):
    totals = nightly_totals(made(silence=silence)).set_index("night")
    assert totals["state"].tolist() == ["silent", "exact", "silent", "missing", "silent"]
    assert np.array_equal(totals["expected"], [quiet, 60, quiet, np.nan, quiet], equal_nan=True)
    assert totals["lower"].tolist() == [0, 60, 0, 0, 0]
    assert totals["upper"].isna().tolist() == [True, False, True, True, True]
    assert totals["count"].isna().tolist() == [True, False, True, True, True]


def test_a_complete_list_says_zero_of_the_regions_it_does_not_name():
    panel = made(night=("08:00", "20:00"))
    row = cell(panel, "2024-03-12", "kursk")
    assert (row["state"], row["count"], row["expected"]) == ("exact", 0, 0.0)
    assert row["provisional"]


@pytest.mark.parametrize(("end", "provisional"), [("05:00", False), ("04:59", True)])
def test_a_night_is_provisional_below_three_quarters(end, provisional):
    claims = ledger(bulletin("a", "2024-03-10 20:00", f"2024-03-11 {end}", {"tula": 1}))
    assert cell(build_panel(claims), "2024-03-11")["provisional"] == provisional


def test_parts_above_the_total_bound_both():
    claims = ledger(
        bulletin("a", "2024-03-10 22:00", "2024-03-11 06:00", {"tula": 8, "kursk": 2}, total=9)
    )
    panel = build_panel(claims)
    assert cell(panel, "2024-03-11")[["lower", "upper", "expected"]].tolist() == [9, 10, 9.0]
    tula = cell(panel, "2024-03-11", "tula")
    assert tula[["lower", "upper"]].tolist() == [7, 8]
    assert tula["expected"] == pytest.approx(7.2)


def test_without_regions_there_is_the_total():
    claims = ledger(bulletin("a", "2024-03-10 22:00", "2024-03-11 06:00", total=9))
    for options in ({}, {"allocate": "draws", "draws": 1}):
        panel = build_panel(claims, **options)
        assert panel["region"].unique().tolist() == [ALL]
        assert cell(panel, "2024-03-11")["expected"] == 9


def test_the_panel_says_how_hidden_counts_were_shared_out():
    shared = made().attrs["allocation"]
    assert set(shared) == {"tail", "alone"}
    assert set(shared["tail"]) == {"bandwidth", "concentration"}
    assert shared["alone"] == ["b"]
    joint = bulletin("q", "2024-03-10 22:00", "2024-03-11 02:00", {"kursk|tula": 9})
    one_each = bulletin("r", "2024-03-12 22:00", "2024-03-13 02:00", {"oryol|perm": 2})
    for options in ({}, {"allocate": "draws", "draws": 2}):
        shared = build_panel(ledger(joint, one_each), **options).attrs["allocation"]
        assert shared["alone"] == ["q"]
    whole = bulletin("a", "2024-03-10 12:00", "2024-03-10 14:00", {"kursk": 3, "tula": 4})
    assert build_panel(ledger(whole)).attrs["allocation"] == {"alone": []}


def test_days_of_the_record_can_be_given_and_those_of_the_channel_are_the_ministrys():
    claims = ledger(bulletin("a", "2024-03-10 22:00", "2024-03-11 06:00", {"tula": 1}))
    panel = build_panel(claims, channel_days=["2024-03-09", "2024-03-12"])
    assert nightly_totals(panel)["state"].tolist() == ["silent", "missing", "exact", "silent"]
    kyiv = ledger(
        bulletin(
            "a",
            "2024-03-10 22:00",
            "2024-03-11 06:00",
            total=3,
            claimant="ua_air_force",
            direction="on_ukraine",
        ),
        channel_days=["2024-03-01"],
    )
    assert len(nightly_totals(build_panel(kyiv, direction="on_ukraine"))) == 1


def test_a_newspapers_day_is_no_day_of_the_record():
    whole = bulletin("a", "2024-03-10 22:00", "2024-03-11 06:00", {"tula": 1})
    told = bulletin(
        "a",
        "2024-03-10 22:00",
        "2024-03-11 06:00",
        {"tula": 1},
        posted="2024-03-14 09:00",
        source_kind="report",
        source="paper",
    )
    assert len(nightly_totals(build_panel(ledger(whole, told)))) == 1


def test_a_post_after_midnight_is_of_that_day_in_moscow():
    claims = ledger(
        bulletin(
            "a", "2024-03-10 12:00", "2024-03-10 13:00", {"tula": 1}, posted="2024-03-11 00:30"
        )
    )
    assert nightly_totals(build_panel(claims))["night"].astype(str).tolist() == ["2024-03-11"]


def test_wide_has_a_column_for_each_region():
    wide = to_wide(made(), "lower")
    assert list(wide.columns) == ["kursk", "oryol", "tula", "voronezh"]
    assert wide.index.name == "night"
    assert wide.loc["2024-03-11"].tolist() == [44, 2, 5, 0]
    assert len(wide) == 5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: made(silence="no"), "silence is 'no', which is unknown. Use missing, zero."),
        (lambda: made(allocate="all"), "allocate is 'all', which is unknown. Use expected, draws."),
        (lambda: made(draws=0), "draws is 0. Give a whole number of at least 1."),
        (lambda: made(draws=2.5), "draws is 2.5. Give a whole number"),
        (
            lambda: made(allocate="draws", rng=-1),
            "rng is -1. Give a whole number of at least 0, or a Generator.",
        ),
        (lambda: made(rng="x"), "rng is 'x'. Give a whole number"),
        (lambda: made(rng=True), "rng is True. Give a whole number"),
        (lambda: made(channel_days=["soon"]), "channel_days holds a value that is not a date."),
        (lambda: build_panel(ledger()), "There are no claims."),
        (
            lambda: made(night=("20:00", "45:00")),
            "night is ('20:00', '45:00'), which is longer than 24 hours. Give start and end",
        ),
        (
            lambda: made(as_of="2024-03-01"),
            "No bulletin that counts claims intercepted or suppressed of uav on_russia was known "
            "before 2024-03-01. Ask for",
        ),
        (
            lambda: build_panel(
                ledger(bulletin("a", "2024-03-10 20:00", "2024-03-11 07:00", {"gondor": 1}))
            ),
            "The claims name gondor, which the gazetteer does not know. Give regions by slugs of "
            "region_table(), such as belgorod.",
        ),
        (
            lambda: build_panel(
                ledger(
                    bulletin("a", "2024-03-10 20:00", "2024-03-11 07:00", {"tula": 1}),
                    bulletin("b", "2024-03-11 20:00", "2024-03-12 07:00", {"tula": -3}, total=2),
                )
            ),
            "1 counts of the claims are missing or below zero: -3 in b. Correct this at the source",
        ),
        (
            lambda: build_panel(
                ledger(bulletin("a", "2024-03-10 20:00", "2024-03-11 07:00", {"tula": 1})).assign(
                    count=[1.0, np.nan]
                )
            ),
            "1 counts of the claims are missing or below zero: nan in a.",
        ),
        (
            lambda: select_panel(made(), regions=["all", "gondor"]),
            "gondor: no claim in this panel names it. Use all, or one of kursk, oryol, tula",
        ),
        (
            lambda: select_panel(made(), since="2024-03-15", until="2024-03-12"),
            "No night from 2024-03-15 to 2024-03-12 is in the panel. It holds the nights "
            "2024-03-10 to 2024-03-14.",
        ),
        (
            lambda: to_wide(made(), "weight"),
            "value is 'weight', which is no value of the panel. Use state, count",
        ),
        (lambda: to_wide(made(), "region"), "value is 'region', which is no value"),
        (lambda: to_wide(made(allocate="draws", draws=2)), "The panel holds 2 draws."),
        (
            lambda: nightly_totals(pd.DataFrame()),
            "The frame lacks the panel's columns night, region, state, count, lower.",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_the_words_of_errors(call, words):
    with pytest.raises(PanelError) as caught:
        call()
    assert str(caught.value).startswith(words)


def test_expected_counts_are_rounded_into_their_bounds_and_never_moved_there():
    lower, upper = np.array([[3, 0]]), np.array([[5, 8]])
    rounded = grid._round_into(np.array([[3 - 1e-13, 8 + 1e-13]]), lower, upper)
    assert rounded.tolist() == [[3.0, 8.0]]
    with pytest.raises(AssertionError, match=r"leave their bounds by 0\.1"):
        grid._round_into(np.array([[2.9, 4.0]]), lower, upper)
