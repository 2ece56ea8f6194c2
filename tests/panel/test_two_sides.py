"""Both sides in one ledger: each panel is about one of them, and knows nothing of the other."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.audit import audit_claims
from analysis.errors import PanelError
from analysis.figures.inputs import input_hashes, make_inputs
from analysis.ledger import append_claims, load_claims
from analysis.panel import build_panel, explain_cell, nightly_totals
from analysis.vocabulary import ALL
from tests.attack_table import claims_of, row
from tests.tellings import bulletin, claims, window

DATA = Path(__file__).resolve().parents[2] / "data"
MEASURES = ("launched", "intercepted", "lost", "left")


@pytest.fixture(scope="module")
def both():
    ledger = load_claims(DATA)
    if set(ledger["direction"]) != {"on_russia", "on_ukraine"}:
        pytest.skip("the ledger of both sides is not built")
    return ledger


@pytest.fixture(scope="module")
def nights(both):
    """Measure -> the nights' totals over Ukraine, by night."""
    panels = {m: build_panel(both, direction="on_ukraine", measure=m) for m in MEASURES}
    return {m: nightly_totals(panel).set_index("night") for m, panel in panels.items()}


def side(ledger, direction):
    return ledger[(ledger["direction"] == direction).to_numpy()].reset_index(drop=True)


# --- neither changes the other ------------------------------------------------------------------


def test_the_ukrainian_side_changes_nothing_in_the_default_panel(both):
    alone = build_panel(side(both, "on_russia"))
    whole = build_panel(both)
    pd.testing.assert_frame_equal(whole, alone)
    assert whole.to_csv(index=False) == alone.to_csv(index=False)


def test_the_russian_side_changes_nothing_in_the_ukrainian_panel(both):
    options = {"direction": "on_ukraine", "measure": ("launched",)}
    alone = side(both, "on_ukraine")
    alone.attrs = {}
    pd.testing.assert_frame_equal(build_panel(both, **options), build_panel(alone, **options))


def test_figures_and_report_are_drawn_from_one_side(both, tmp_path):
    inputs = make_inputs(both, panel=build_panel(both), data=tmp_path)
    alone = make_inputs(side(both, "on_russia"), panel=inputs.panel, data=tmp_path)
    assert set(inputs.claims["direction"]) == {"on_russia"}
    assert input_hashes(inputs) == input_hashes(alone)
    assert input_hashes(inputs)["claims"]["rows"] == len(side(both, "on_russia"))


def test_as_it_was_known(both):
    moment = pd.Timestamp("2025-02-01T00:00Z")
    options = {"direction": "on_ukraine", "measure": "launched"}
    then = both[(both["known_at"] < moment).to_numpy()]
    past = build_panel(both, as_of=moment, **options)
    pd.testing.assert_frame_equal(past, build_panel(then, channel_days=(), **options))
    assert past["night"].max() == pd.Timestamp("2025-01-31")


# --- the nights of the record -------------------------------------------------------------------


def test_every_night_with_a_figure_is_exact_and_every_other_missing(nights):
    for measure, totals in nights.items():
        assert set(totals["state"]) == {"exact", "missing"}, measure
        told = totals["state"] == "exact"
        assert (totals.loc[told, "lower"] == totals.loc[told, "upper"]).all()
        assert totals.loc[~told, "expected"].isna().all()
    launched = nights["launched"]
    assert (launched["state"] == "exact").sum() == 914
    assert str(launched.index.min().date()) == "2022-09-30"
    assert str(launched.index.max().date()) == "2026-04-05"
    missing = launched.index[launched["state"] == "missing"].year
    assert missing.value_counts(sort=False).to_dict() == {2022: 70, 2023: 196, 2024: 96, 2025: 8}


def test_sums_by_year(nights):
    told = {
        "launched": {2022: 278, 2023: 3043, 2024: 10660, 2025: 54136, 2026: 16839},
        "intercepted": {2022: 262, 2023: 2551, 2024: 7247, 2025: 36593, 2026: 14707},
        "lost": {2024: 2650, 2025: 10091},
        "left": {2024: 128, 2025: 26},
    }
    for measure, years in told.items():
        counts = nights[measure]["count"]
        assert counts.groupby(counts.index.year).sum().to_dict() == years


@pytest.mark.parametrize(
    ("night", "launched", "intercepted"),
    [
        ("2023-05-28", 54, 52),
        ("2024-01-01", 90, 87),
        ("2024-12-22", 103, 52),
        ("2025-07-09", 728, 296),
        ("2025-09-07", 810, 747),
    ],
)
def test_nights_that_were_in_the_news(nights, night, launched, intercepted):
    assert nights["launched"].loc[night, "count"] == launched
    assert nights["intercepted"].loc[night, "count"] == intercepted


def test_night_and_day_make_the_whole_but_for_rows_with_dates_only(both):
    options = {"direction": "on_ukraine", "measure": "launched"}
    parts = [("20:00", "08:00"), ("08:00", "20:00"), ("20:00", "20:00")]
    night, day, whole = (
        nightly_totals(build_panel(both, night=hours, **options))["expected"].sum()
        for hours in parts
    )
    dates = side(both, "on_ukraine").query("window_precision == 'day' and measure == 'launched'")
    assert night + day + dates["count"].sum() == whole
    assert whole == side(both, "on_ukraine").query("measure == 'launched'")["count"].sum()


def test_regions_have_bounds_inside_the_total(both):
    measure = ("intercepted", "suppressed", "lost")
    panel = build_panel(both, direction="on_ukraine", measure=measure)
    told = panel[panel["state"].isin(["exact", "bounded"]).to_numpy()]
    total = told[told["region"] == ALL].set_index("night")
    cells = told[told["region"] != ALL]
    whole = cells["night"].map(total["upper"])
    assert (cells["upper"] <= whole).all()
    sums = cells.groupby("night")["expected"].sum()
    np.testing.assert_allclose(sums, total["expected"].astype(float), rtol=1e-9)
    assert {"odesa", "khmelnytskyi", "kherson"} <= set(cells["region"])
    assert not {"kursk", "south"} & set(cells["region"])


def test_nothing_in_the_ukrainian_side_is_an_error(both):
    found = audit_claims(both)
    own = found[found["bulletin_id"].str.contains("ua_air_force")]
    assert own[["severity", "code"]].to_numpy().tolist() == [["warning", "region-repeated"]]


# --- cells explained ----------------------------------------------------------------------------


def test_a_cell_is_explained(both):
    options = {"direction": "on_ukraine"}
    [total] = explain_cell(both, "2024-01-01", ALL, **options).to_dict("records")
    assert (total["counted"], total["count"]) == (True, 87)
    assert total["rule"] == (
        "Counted whole: it tells of one attack, the middle of which lies in this night."
    )
    cell = explain_cell(both, "2024-01-01", "odesa", **options)
    assert cell["count"].tolist() == [28, 87]
    assert cell["counted"].tolist() == [True, False]
    # An attack that went on into the night but had its middle in the day.
    [early] = explain_cell(both, "2024-11-22", ALL, **options).to_dict("records")
    assert not early["counted"]
    assert early["rule"].startswith("Not counted here: it counts where it was placed")
    assert explain_cell(both, "2025-05-09", ALL, **options).empty


def test_dates_are_explained_in_both_panels(both):
    [row_] = explain_cell(
        both, "2022-11-09", ALL, direction="on_ukraine", hours=("00:00", "24:00")
    ).to_dict("records")
    assert row_["rule"].startswith("Counted whole: it tells of one attack")
    [row_] = explain_cell(both, "2022-11-09", ALL, direction="on_ukraine").to_dict("records")
    assert row_["rule"].startswith("Not counted here: it names a date without hours")


# --- small ledgers ------------------------------------------------------------------------------


def test_a_ledger_of_one_side_says_that_it_lacks_the_other(tmp_path):
    append_claims(claims(bulletin(hours=window())), tmp_path)
    with pytest.raises(PanelError, match=r"intercepted or suppressed of uav on_ukraine here"):
        build_panel(load_claims(tmp_path), direction="on_ukraine")


def test_the_newest_revision_of_an_attack_counts(tmp_path):
    append_claims(claims_of(tmp_path, row()), tmp_path / "data")
    longer = {"time_start": "2024-02-10 20:00", "time_end": "2024-02-11 06:30"}
    append_claims(claims_of(tmp_path, row("44.0", "31.0", **longer)), tmp_path / "data")
    panel = build_panel(load_claims(tmp_path / "data"), direction="on_ukraine", measure="launched")
    assert panel["count"].tolist() == [44]


def test_lost_drones_may_be_over_a_region_whose_list_is_cut(tmp_path):
    details = {"destroyed_details": "{'Odesa oblast': 11, 'Sumy oblast': NaN}"}
    other = {"time_start": "2024-02-12 21:00", "time_end": "2024-02-13 05:00"}
    ledger = claims_of(
        tmp_path,
        row(not_reach_goal="7.0", **details),
        row("2.0", "2.0", destroyed_details="{'Sumy oblast': 2}", **other),
    )

    def bounds(measure):
        panel = build_panel(ledger, direction="on_ukraine", measure=measure)
        cells = panel[(panel["night"] == "2024-02-11").to_numpy()].set_index("region")
        return {name: (cells.loc[name, "lower"], cells.loc[name, "upper"]) for name in cells.index}

    assert bounds("intercepted") == {ALL: (31, 31), "odesa": (11, 11), "sumy": (0, 20)}
    both = bounds(("intercepted", "lost"))
    assert both == {ALL: (38, 38), "odesa": (11, 38), "sumy": (0, 27)}
