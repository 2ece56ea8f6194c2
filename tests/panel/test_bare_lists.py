"""A week in which only totals and bare lists of names are told: what still holds, up to the report."""

import numpy as np
import pandas as pd
import pytest

from analysis import figures
from analysis.figures import REGISTRY, make_inputs
from analysis.panel import allocation_note, build_panel, explain_cell, nightly_totals
from analysis.report.content import key_numbers, record_table
from analysis.vocabulary import ALL, JOIN
from tests.made_claims import bulletin, ledger

#: Land regions and seas, of which each night names the first so many, from another start.
NAMES = (
    "azov_sea",
    "belgorod",
    "black_sea",
    "bryansk",
    "crimea",
    "kaluga",
    "krasnodar",
    "kursk",
    "leningrad",
    "lipetsk",
    "moscow_region",
    "oryol",
    "pskov",
    "rostov",
    "ryazan",
    "saratov",
    "smolensk",
    "tula",
    "tver",
    "volgograd",
    "voronezh",
)
TOTALS = (199, 347, 868, 251, 512, 403, 288)
SIZES = (11, 13, 19, 12, 17, 15, 14)
FIRST = pd.Timestamp("2026-03-14")


def named(k):
    """The regions of the k-th night."""
    return sorted(NAMES[(3 * k + i) % len(NAMES)] for i in range(SIZES[k]))


def hours(night):
    """A night from 21:00 to 07:00."""
    return f"{night - pd.Timedelta(days=1):%Y-%m-%d} 21:00", f"{night:%Y-%m-%d} 07:00"


def week():
    """Seven nights of bare lists."""
    return [
        bulletin(f"bare{k}", *hours(FIRST + pd.Timedelta(days=k)), {JOIN.join(named(k)): TOTALS[k]})
        for k in range(7)
    ]


def itemised():
    """Sixty nights before them with counts, of which Bryansk bears most and Tver least."""
    rng = np.random.default_rng(3)
    weight = dict.fromkeys(NAMES, 1.0) | {"bryansk": 9.0, "tver": 0.2}
    told = []
    for day in range(60):
        own = rng.choice(NAMES, 12, replace=False).tolist()
        shares = np.array([weight[slug] for slug in own])
        counts = 1 + rng.multinomial(150, shares / shares.sum())
        night = FIRST - pd.Timedelta(days=60 - day)
        told.append(bulletin(f"i{day:02d}", *hours(night), dict(zip(own, counts, strict=True))))
    return told


@pytest.fixture(scope="module")
def claims():
    return ledger(*itemised(), *week())


@pytest.fixture(scope="module")
def panel(claims):
    return build_panel(claims)


@pytest.mark.parametrize("before", [True, False], ids=["lists before", "nothing else"])
def test_totals_are_exact_and_regions_bounded(before):
    panel = build_panel(ledger(*(itemised() if before else []), *week()))
    recent = panel[panel["night"] >= FIRST]
    totals = recent[recent["region"] == ALL]
    assert totals["state"].tolist() == ["exact"] * 7
    assert totals["count"].tolist() == list(TOTALS)
    assert totals["expected"].tolist() == list(TOTALS)
    for k, (_, cells) in enumerate(recent[recent["region"] != ALL].groupby("night")):
        own = cells["region"].isin(named(k)).to_numpy()
        assert own.sum() == SIZES[k]
        assert (cells["state"].to_numpy() == np.where(own, "bounded", "exact")).all()
        assert (cells["lower"].to_numpy() == np.where(own, 1, 0)).all()
        most = TOTALS[k] - SIZES[k] + 1
        assert (cells["upper"].to_numpy(dtype=int) == np.where(own, most, 0)).all()
        assert cells["count"].notna().to_numpy().tolist() == (~own).tolist()
        assert cells["expected"].sum() == pytest.approx(TOTALS[k], abs=1e-9)
        assert (cells["expected"][own] > 1).all()
        assert (cells["expected"][~own] == 0).all()


def test_where_the_names_are_cut_as_well_every_region_is_open():
    cut = ledger(*itemised(), *([row | {"list": "cut"} for row in rows] for rows in week()))
    panel = build_panel(cut)
    recent = panel[panel["night"] >= FIRST]
    assert recent[recent["region"] == ALL]["count"].tolist() == list(TOTALS)
    for k, (_, cells) in enumerate(recent[recent["region"] != ALL].groupby("night")):
        own = cells["region"].isin(named(k)).to_numpy()
        most = TOTALS[k] - SIZES[k]
        assert (cells["lower"].to_numpy() == own).all()
        assert (cells["upper"].to_numpy(dtype=int) == most + own).all()
        assert cells["expected"].sum() == pytest.approx(TOTALS[k], abs=1e-9)


def test_what_lists_before_them_tell_decides_who_gets_more(panel):
    night = panel[(panel["night"] == FIRST) & (panel["expected"] > 0)].set_index("region")
    assert {"bryansk", "crimea"} <= set(night.index)
    assert night.loc["bryansk", "expected"] > 2 * night.loc["crimea", "expected"]
    assert panel.attrs["allocation"]["alone"] == []
    assert allocation_note(panel) == ""


def test_without_an_itemised_list_nearby_shares_are_equal_and_the_panel_says_so():
    claims = ledger(*week())
    panel = build_panel(claims)
    for k in range(7):
        night = panel[(panel["night"] == FIRST + pd.Timedelta(days=k)) & (panel["region"] != ALL)]
        shared = night["expected"][night["expected"] > 0]
        assert shared.to_numpy() == pytest.approx(TOTALS[k] / SIZES[k])
    assert panel.attrs["allocation"]["alone"] == [f"bare{k}" for k in range(7)]
    note = allocation_note(panel)
    assert note.startswith("No itemised bulletin nearby: 7 bulletins (bare0, bare1, bare2, bare3, ")
    assert "bare4 and 2 more)" in note
    assert note.endswith("Totals and bounds hold all the same.")
    rules = explain_cell(claims, FIRST, "bryansk")["rule"].str.cat(sep=" ")
    assert "shared out nearly evenly: hardly any itemised list like it stands near" in rules


def test_draws_keep_totals_and_bounds_and_differ_in_regions(claims):
    drawn = build_panel(claims, allocate="draws", draws=3)
    recent = drawn[drawn["night"] >= FIRST]
    assert recent[recent["region"] == ALL]["expected"].tolist() == list(TOTALS) * 3
    assert (recent["lower"] <= recent["expected"]).all()
    assert (recent["expected"] <= recent["upper"]).all()
    spread = recent[recent["state"] == "bounded"].groupby(["night", "region"])["expected"].nunique()
    assert (spread > 1).mean() > 0.9


@pytest.fixture(scope="module")
def inputs(claims):
    return make_inputs(claims)


def test_what_the_report_says_first_stays_true(inputs, panel):
    keys = {key.what: key for key in key_numbers(inputs)}
    assert keys["Highest night"].value == "868"
    whole = nightly_totals(panel)["expected"].sum()
    assert keys["Drones claimed shot down at night"].value == f"{whole:,.0f}"
    (year, total) = record_table(inputs, "x.csv").rows
    assert year[1:4] == total[1:4] == ("67", "67", "0")


def test_the_tables_behind_the_figures_stay_true(inputs, panel):
    nights = REGISTRY["nightly_totals"].table(inputs)
    recent = nights[nights["night"] >= FIRST]
    assert recent["state"].tolist() == ["exact"] * 7
    assert recent["expected"].tolist() == list(TOTALS)
    ranking = REGISTRY["region_ranking"].table(inputs)
    assert ranking["expected"].sum() == pytest.approx(nightly_totals(panel)["expected"].sum())
    assert (ranking["lower"] < ranking["expected"]).all()
    assert (ranking["expected"] < ranking["upper"]).all()
    often = pd.Series([slug for k in range(7) for slug in named(k)]).value_counts()
    assert sorted(ranking["bounded"]) == sorted(often)


def test_the_calendar_is_exact_where_a_region_is_open(inputs):
    calendar, region = (REGISTRY[name] for name in ("coverage_calendar", "region_bounds"))
    table = calendar.table(inputs)
    assert table["state"].eq("exact").all()
    assert "exact: 67; within bounds: 0;" in calendar.caption(table, inputs.options)
    table = region.table(inputs)
    assert table["region"].unique().tolist() == ["Bryansk"]
    open_nights = [k for k in range(7) if "bryansk" in named(k)]
    bounded = table[table["state"] == "bounded"]
    assert bounded["night"].tolist() == [FIRST + pd.Timedelta(days=k) for k in open_nights]
    assert bounded["upper"].tolist() == [TOTALS[k] - SIZES[k] + 1 for k in open_nights]
    assert f"; {len(open_nights)} of the last 60." in region.caption(table, inputs.options)


@pytest.mark.parametrize("before", [True, False], ids=["lists before", "nothing else"])
def test_every_figure_can_be_drawn_and_told(inputs, before):
    inputs = inputs if before else make_inputs(ledger(*week()))
    for name, spec in REGISTRY.items():
        table = spec.table(inputs)
        caption = spec.caption(table, inputs.options)
        assert figures.draw(name, inputs).axes or "Nothing to show" in caption
        assert "nan" not in caption.lower().split()
