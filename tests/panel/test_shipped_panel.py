"""The shipped ledger's panel: nights worked out by hand from the posts, and invariants on all of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.audit import audit_claims
from analysis.ledger import load_claims
from analysis.panel import build_panel, nightly_totals
from analysis.vocabulary import ALL

CLAIMS = Path(__file__).resolve().parents[2] / "data" / "claims.csv"
if not CLAIMS.exists():
    pytest.skip("the ledger is not built", allow_module_level=True)


@pytest.fixture(scope="module")
def claims():
    return load_claims(CLAIMS)


@pytest.fixture(scope="module")
def panel(claims):
    return build_panel(claims)


def cells(panel, night):
    """Region -> (lower, upper) of what a night can hold."""
    rows = panel[(panel["night"] == night) & (panel["upper"].fillna(0) > 0)]
    bounds = zip(rows["lower"].astype(int), rows["upper"].astype(int), strict=True)
    return dict(zip(rows["region"], bounds, strict=True))


def test_two_stated_bulletins_make_a_night(panel):
    # 20:00-23:00: 34 + 2 + 2; 23:00-07:00: 98, completed from an agency.
    exact = {
        "belgorod": 79,
        "samara": 12,
        "voronezh": 12,
        "moscow_region": 11,
        "rostov": 10,
        "tula": 4,
        "crimea": 2,
        "lipetsk": 2,
        "ryazan": 2,
        "kaluga": 1,
        "kursk": 1,
        ALL: 136,
    }
    assert cells(panel, "2025-11-01") == {slug: (n, n) for slug, n in exact.items()}


def test_a_stated_window_inside_another_is_not_added(panel):
    # 21:00-04:10: 52, which holds the 44 of 21:00-00:00.
    exact = {"belgorod": 41, "bryansk": 6, "moscow_region": 3, "crimea": 2, ALL: 52}
    assert cells(panel, "2025-06-12") == {slug: (n, n) for slug, n in exact.items()}


def test_last_night_after_an_evening_that_does_not_fit_into_it(panel):
    # 20:00-23:00: 57, nine of them over Rostov; "last night": 100, none over Rostov.
    found = cells(panel, "2025-10-29")
    assert (found[ALL], found["rostov"], found["bryansk"]) == ((157, 157), (9, 9), (81, 81))


def test_last_night_after_points_that_may_be_part_of_it(panel):
    # About 20:00 and about 21:00 one each over Belgorod; "last night" 6, two of them there.
    assert cells(panel, "2024-02-25") == {ALL: (6, 8), "belgorod": (2, 4), "black_sea": (4, 4)}


def test_a_date_told_in_the_small_hours(panel):
    # A point at 20:40, and "on 5 January" 37 told at 01:04 of that day: no hours say when.
    assert cells(panel, "2024-01-05")[ALL] == (1, 38)


def test_a_list_given_jointly_has_a_total_and_wide_bounds(panel):
    # 296 over 13 regions together; the 112 of the first three hours lie inside, with numbers for
    # six of them (59 over Bryansk): those have as many, the other seven at least 1 each.
    found = cells(panel, "2025-05-28")
    assert found.pop(ALL) == (296, 296)
    spare = 296 - 112 - 7
    assert (found["bryansk"], found["voronezh"]) == ((59, 59 + spare), (1, 1 + spare))
    assert len(found) == 13


def test_a_figure_over_the_night_settles_an_evening_that_passes_its_edge(panel):
    # 18:00-23:00: 11; 23:00-07:00: 45; in the night altogether 55.
    assert cells(panel, "2025-09-25")[ALL] == (55, 55)


def test_no_night_is_left_out_and_regions_make_the_total(panel):
    totals = nightly_totals(panel)
    assert (totals["night"].diff().dropna() == pd.Timedelta(days=1)).all()
    told = totals["state"].isin(["exact", "bounded"])
    regions = panel[panel["region"] != ALL].groupby("night")["expected"].sum()
    assert np.allclose(regions[totals["night"][told]], totals["expected"][told], rtol=0, atol=1e-9)
    bounded = panel[panel["state"] == "bounded"]
    assert (bounded["lower"].astype(float) <= bounded["expected"]).all()
    # Behind a cut list that has no total there is no upper bound.
    assert (bounded["expected"] <= bounded["upper"].astype(float).fillna(np.inf)).all()
    endless = totals[totals["upper"].isna() & told]
    assert len(endless) == 31
    assert (endless["state"] == "bounded").all()


def test_night_and_day_make_the_whole_day(claims, panel):
    day = nightly_totals(build_panel(claims, night=("08:00", "20:00"), silence="zero"))
    whole = nightly_totals(build_panel(claims, night=("20:00", "20:00"), silence="zero"))
    night = nightly_totals(panel)
    both = [frame.set_index("night")["expected"].fillna(0.0) for frame in (night, day)]
    whole = whole.set_index("night")["expected"].fillna(0.0)
    both = both[0].add(both[1], fill_value=0.0).reindex(whole.index)
    # Two bulletins name only a date (3 and 8; of the 8, told for all of 5 January 2025, "last night"
    # of that day may repeat some), and one figure settles a night but not the whole day.
    apart = (both - whole).round(6)
    assert -8 < apart.pop(pd.Timestamp("2025-01-05")) < 0
    assert apart[apart != 0].to_dict() == {
        pd.Timestamp("2023-06-21"): -3,
        pd.Timestamp("2025-09-24"): -3.4,
        pd.Timestamp("2025-09-25"): 3.4,
    }


def test_the_past_stays_as_it_was(claims):
    moment = pd.Timestamp("2025-02-01T00:00Z")
    then = claims[(claims["known_at"] < moment).to_numpy()]
    days = [day for day in claims.attrs["channel_days"] if day < "2025-02-01"]
    pd.testing.assert_frame_equal(
        build_panel(claims, as_of=moment), build_panel(then, channel_days=days)
    )


def test_no_two_numbers_that_count_exclude_each_other(claims):
    found = audit_claims(claims)
    assert found[found["severity"] == "error"].empty, found[found["severity"] == "error"]
