"""Figures: a complete registry, marks that carry the table, equal bytes, honest words, the check."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import figures
from analysis.comparison import compare_regions
from analysis.errors import FigureError
from analysis.figures import REGISTRY, FigureInputs, FigureOptions, make_inputs
from analysis.figures.checking import compare_tables
from analysis.figures.coverage_calendar import COLOURS
from analysis.figures.inputs import input_hashes, read_incidents, read_stored
from analysis.figures.wording import in_words, number
from analysis.plotting import round_significant
from analysis.vocabulary import CAVEAT, HIDINGS, PATTERNS, SHARINGS
from tests.synthetic_panel import (
    eigenvalues,
    incidents,
    masking_study,
    reciprocity,
    simulate_claims,
    simulate_panel,
    with_bulletins,
)

NAMES = sorted(REGISTRY)
EXCESS = ("excess", "excess_lower", "excess_upper")


@pytest.fixture(scope="module")
def inputs():
    panel = with_bulletins(simulate_panel())
    options = FigureOptions(rows=12, panels=5)
    return FigureInputs(
        simulate_claims(),
        panel,
        incidents(),
        options,
        masking=masking_study(),
        eigenvalues=eigenvalues(),
        reciprocity=reciprocity(),
    )


@pytest.fixture(scope="module")
def built(inputs, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    figures.build(folder, inputs)
    return folder


@pytest.fixture(scope="module")
def tables(inputs):
    return {name: round_significant(spec.table(inputs)) for name, spec in REGISTRY.items()}


def texts(fig):
    """All words on a figure."""
    found = [text.get_text() for text in fig.findobj(lambda artist: hasattr(artist, "get_text"))]
    return " ".join(found)


# The registry ----------------------------------------------------------------------------------


def test_the_registry_is_complete():
    assert set(REGISTRY) == {
        "component_decomposition",
        "concentration_reach",
        "coverage_calendar",
        "fitted_observed",
        "eigenvalue_over_time",
        "masking_study",
        "nightly_totals",
        "reciprocity",
        "rank_intervals",
        "rate_ratios",
        "region_bounds",
        "region_ranking",
        "region_weeks",
        "seed_night",
        "tile_map",
        "top_regions",
    }
    for name, spec in REGISTRY.items():
        assert spec.name == name
        assert spec.title


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_says_that_these_are_claims(name, inputs, tables):
    spec, table = REGISTRY[name], tables[name]
    caption, alt = (write(table, inputs.options) for write in (spec.caption, spec.alt))
    assert caption.endswith(CAVEAT)
    assert len(caption) > len(CAVEAT) + 60
    assert "says were shot down" in caption
    assert len(alt) > 40
    for words in (caption, alt):
        assert "nan" not in words.lower().split()
        assert "<NA>" not in words
    fig = figures.draw(name, inputs)
    assert isinstance(fig, Figure)
    assert "claim" in " ".join(ax.get_xlabel() + ax.get_ylabel() for ax in fig.axes).lower() + (
        " ".join(child.get_xlabel() for ax in fig.axes for child in ax.child_axes).lower()
    )
    assert "not verified counts" in texts(fig)


@pytest.mark.parametrize("name", NAMES)
def test_drawing_changes_no_global_state(name, inputs):
    import matplotlib

    before = dict(matplotlib.rcParams)
    figures.draw(name, inputs)
    assert dict(matplotlib.rcParams) == before
    assert (
        "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    )


# Marks carry the data ----------------------------------------------------------------------------


def test_night_by_region_stacks_the_bulletins(inputs, tables):
    table, ax = tables["seed_night"], figures.draw("seed_night", inputs).axes[0]
    assert table["count"].sum() == 29
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[0] == "Belgorod"
    assert labels[-1] == "not attributed to a region"
    late, early = ax.containers
    assert late.get_label() == "23:00 to 07:00"
    assert [bar.get_width() for bar in late] == [9, 4, 4, 3, 1]
    belgorod = early[0]
    assert (belgorod.get_x(), belgorod.get_width()) == (9, 2)
    assert "11 = 9 + 2" in texts(ax)


def test_nightly_totals_show_numbers_bounds_gaps_and_trends(inputs, tables):
    table, fig = tables["nightly_totals"], figures.draw("nightly_totals", inputs)
    ax, strip = fig.axes
    exact, bounded, *trends = [line for line in ax.lines if len(line.get_xdata()) > 2]
    assert np.array_equal(exact.get_ydata(), table.loc[table["state"] == "exact", "expected"])
    assert len(bounded.get_ydata()) == (table["state"] == "bounded").sum()
    assert len(exact.get_ydata()) + len(bounded.get_ydata()) == table["expected"].notna().sum()
    assert len(trends) == 4
    for line, column in zip(
        trends, ["trend_missing", "trend_zero", "whole_missing", "whole_zero"], strict=True
    ):
        assert np.array_equal(line.get_ydata(), table[column], equal_nan=True)
    (bars,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert (
        len(bars.get_segments()) == ((table["state"] == "bounded") & table["upper"].notna()).sum()
    )
    (image,) = strip.images
    assert image.get_array().shape == (1, len(table))
    assert {"First event", "Second event"} <= {text.get_text() for text in ax.texts}


def test_bounds_are_drawn_from_lower_to_upper(inputs):
    panel = inputs.panel.copy()
    one = (panel["region"] == "all") & (panel["night"] == pd.Timestamp("2025-10-01"))
    panel.loc[one, ["state", "lower", "expected", "upper"]] = ["bounded", 10, 25.5, 40]
    fig = figures.draw("nightly_totals", replace(inputs, panel=panel))
    (bars,) = [c for c in fig.axes[0].collections if isinstance(c, LineCollection)]
    assert [10, 40] in [segment[:, 1].tolist() for segment in bars.get_segments()]


def test_calendar_has_a_square_for_each_night_and_a_dot_where_hours_lack(inputs):
    panel = inputs.panel.copy()
    thin = panel["night"].isin(pd.to_datetime(["2022-09-05", "2022-09-22", "2025-10-01"]))
    panel.loc[thin, "provisional"] = True
    changed = replace(inputs, panel=panel)
    spec = REGISTRY["coverage_calendar"]
    table = spec.table(changed)
    fig = figures.draw("coverage_calendar", changed)
    assert [ax.get_ylabel() for ax in fig.axes] == ["2022", "2023", "2024", "2025"]
    drawn = {}
    for ax in fig.axes:
        year = table[table["night"].dt.year == int(ax.get_ylabel())]
        # Some square of each night, none twice.
        places = np.concatenate([c.get_offsets() for c in ax.collections])
        assert len({tuple(place) for place in places.tolist()}) == len(year) == len(places)
        for squares in ax.collections:
            if len(squares.get_offsets()):
                colour = to_hex(squares.get_facecolor()[0])
                drawn[colour] = drawn.get(colour, 0) + len(squares.get_offsets())
    counts = table["state"].value_counts()
    assert drawn == {COLOURS[state]: counts[state] for state in COLOURS}
    # The 22nd of September is among the silent weeks: nothing of it is covered at all.
    dots = [len(line.get_xdata()) for ax in fig.axes for line in ax.lines]
    assert sum(dots) == 2
    autumn = fig.axes[0]
    assert [label.get_text() for label in autumn.get_xticklabels()] == ["Sep", "Oct", "Nov", "Dec"]
    # 1 September 2022 was a Thursday; the year began on a Saturday.
    first = np.concatenate([c.get_offsets() for c in autumn.collections])
    assert [(243 + 5) // 7, 3] in first.tolist()
    caption = spec.caption(table, inputs.options)
    assert f"exact: {counts['exact']}" in caption
    assert "the 2 nights with a bulletin of which less than 75 %" in caption


def test_bounds_of_a_region_are_drawn_as_known_open_or_higher(inputs, tables):
    spec, table = REGISTRY["region_bounds"], tables["region_bounds"]
    assert table["region"].unique().tolist() == [inputs.regions["name"].iloc[0]]
    assert len(table) == inputs.panel["night"].nunique()
    bounded = table.index[table["state"] == "bounded"]
    changed = table.copy()
    changed.loc[bounded[0], ["lower", "upper"]] = [3, pd.NA]
    changed.loc[bounded[1], ["lower", "upper"]] = [2, 10**6]
    fig = spec.figure(changed, inputs.options)
    (ax,) = fig.axes
    closed, endless = (c for c in ax.collections if isinstance(c, LineCollection))
    top = ax.get_ylim()[1] / 1.03
    (line,) = endless.get_segments()
    assert line[:, 1].tolist() == [3, pytest.approx(top)]
    ends = np.array([segment[:, 1] for segment in closed.get_segments()])
    rows = changed.loc[bounded[1:]]
    assert np.array_equal(ends[:, 0], rows["lower"].astype(float))
    assert ends[:, 1] == pytest.approx(np.minimum(rows["upper"].astype(float), top))
    higher, expected, exact = ax.lines
    assert len(higher.get_xdata()) == (rows["upper"] > top).sum() >= 1
    known = changed.loc[bounded, "expected"]
    assert np.array_equal(expected.get_ydata(), known)
    told = changed["state"] == "exact"
    assert np.array_equal(exact.get_ydata(), changed["expected"][told])
    caption = spec.caption(changed, inputs.options)
    assert f"the {told.sum()} of {told.sum() + len(bounded)} nights" in caption
    last = changed[changed["state"].isin(["exact", "bounded"])].tail(60)["state"]
    assert f"{(last == 'bounded').sum()} of the last 60." in caption


def test_ranking_draws_totals_and_bounds(inputs, tables):
    table, ax = tables["region_ranking"], figures.draw("region_ranking", inputs).axes[0]
    shown = table.head(12)
    (dots,) = ax.lines
    assert np.array_equal(dots.get_xdata(), shown["expected"])
    (bars,) = ax.collections
    ends = np.array([segment[:, 0] for segment in bars.get_segments()])
    assert np.array_equal(ends[:, 1], shown["upper"].astype(float))
    assert np.array_equal(ends[:, 0], shown["lower"].astype(float).clip(lower=0.5))
    assert f"{100 * shown['share'].iloc[0]:.1f} %" in texts(ax)
    assert len(table) == inputs.regions["expected"].gt(0).sum()


def test_ranking_says_where_nothing_bounds_totals_from_above(tables):
    """Silent nights leave upper ends unknown: then a bar has one end, and the words say so."""
    options = FigureOptions()
    table = tables["region_ranking"].copy()
    table["upper"] = table["upper"].astype("Float64")
    told = {}
    for open_ends in (0, 2, len(table)):
        table["upper"] = table["expected"] + 10
        table.loc[table.index < open_ends, "upper"] = pd.NA
        spec = REGISTRY["region_ranking"]
        told[open_ends] = (texts(spec.draw(table, options)), spec.describe(table, options))
    picture, words = told[0]
    assert "bar: what the published words allow" in picture
    assert "from above" not in picture + words
    assert "bar: what the published words allow" in told[2][0]
    assert "2 of the bars end at the dot" in told[2][1]
    picture, words = told[len(table)]
    assert "down to what is certain (nothing bounds totals from above)" in picture
    assert f"{min(len(table), options.rows)} of the bars end at the dot" in words


def test_heat_map_tells_none_from_no_number(inputs, tables):
    table, fig = tables["region_weeks"], figures.draw("region_weeks", inputs)
    zero, trace, seen = fig.axes[0].images
    values = table["expected"].to_numpy(dtype=float).reshape(12, -1)
    assert np.array_equal(np.isfinite(zero.get_array().filled(np.nan)), values == 0)
    shaded = np.where(values >= 0.5, values, np.nan)
    assert np.array_equal(seen.get_array().filled(np.nan), shaded, equal_nan=True)
    assert not np.isfinite(trace.get_array().filled(np.nan)).any()
    assert np.isnan(values).any()  # and these cells are in no image: the ground shows through


def test_small_multiples_have_one_panel_a_region(inputs, tables):
    table, fig = tables["top_regions"], figures.draw("top_regions", inputs)
    axes = [ax for ax in fig.axes if ax.get_visible()]
    assert len(axes) == 5
    for ax, region in zip(axes, table["region"].unique(), strict=True):
        assert ax.get_title(loc="left").startswith(f"{region}: ")
        assert np.array_equal(
            ax.lines[0].get_ydata(),
            table.loc[table["region"] == region, "expected"],
            equal_nan=True,
        )
        assert ax.get_ylim()[0] == 0
        # A week's number stands from its Monday on.
        assert ax.lines[0].get_drawstyle() == "steps-post"


def test_tiles_stand_where_the_gazetteer_puts_them(inputs, tables):
    table, ax = tables["tile_map"], figures.draw("tile_map", inputs).axes[0]
    tiles = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(tiles) == len(table) == len(inputs.gazetteer)
    assert not table.duplicated(["row", "col"]).any()
    belgorod = table[table["region"] == "belgorod"].iloc[0]
    texts_at = [text for text in ax.texts if text.get_text() == belgorod["label"]]
    assert texts_at[0].get_position() == (belgorod["col"] + 0.5, belgorod["row"] + 0.36)
    assert table["expected"].sum() == pytest.approx(inputs.regions["expected"].sum(), rel=1e-5)


def test_tiles_tell_numbers_and_less_than_one_is_not_one(inputs, tables):
    table = tables["tile_map"].copy()
    table.loc[table["region"] == "tula", "expected"] = 0.3
    ax = REGISTRY["tile_map"].figure(table, inputs.options).axes[0]
    for region in ("tula", "belgorod"):
        tile = table[table["region"] == region].iloc[0]
        (text,) = [
            t for t in ax.texts if t.get_position() == (tile["col"] + 0.5, tile["row"] + 0.7)
        ]
        assert text.get_text() == ("<1" if region == "tula" else number(tile["expected"]))


def test_the_forest_draws_ratios_of_the_last_year_with_intervals_and_bounds(inputs, tables):
    table = tables["rate_ratios"]
    last = inputs.panel["night"].max()
    year = inputs.panel[inputs.panel["night"] > last - pd.Timedelta(days=365)]
    found = compare_regions(year, "belgorod")
    assert table["first_night"].iloc[0] == year["night"].min()
    assert table["reference"].unique().tolist() == ["Belgorod"]
    claimed = found[found["claims"] > 0]
    assert np.allclose(table["ratio"], claimed["ratio"], rtol=1e-5)
    assert np.allclose(table["p_holm"], claimed["p_holm"], rtol=1e-5)
    shown = table.head(12).assign(p_holm=[0.04, 0.06, *[0.001] * 10])
    ax = REGISTRY["rate_ratios"].figure(shown, inputs.options).axes[0]
    words, intervals = (np.array([s[:, 0] for s in c.get_segments()]) for c in ax.collections)
    left = ax.get_xlim()[0]
    assert np.array_equal(words, shown[["least", "most"]].clip(lower=left))
    assert np.array_equal(intervals[:, 1], shown["upper"])
    assert np.array_equal(intervals[:, 0], shown["lower"].clip(lower=left))
    filled, hollow, one = ax.lines
    sure = shown["p_holm"] < 0.05
    assert np.array_equal(filled.get_xdata(), shown["ratio"][sure])
    assert np.array_equal(hollow.get_xdata(), shown["ratio"][~sure])
    assert hollow.get_markerfacecolor() == "white" != filled.get_markerfacecolor()
    assert set(one.get_xdata()) == {1}
    first = shown.iloc[0]
    assert f"{first['ratio']:.2f} ({first['lower']:.2f} to {first['upper']:.2f})" in texts(ax)


def test_the_caption_of_the_forest_says_what_is_beyond_doubt(inputs, tables):
    spec, table = REGISTRY["rate_ratios"], tables["rate_ratios"].head(4).copy()
    table["ratio"], table["p_holm"] = [1.5, 1.2, 0.5, 0.1], [0.04, 0.2, 0.3, 0.001]
    table["lower"], table["upper"] = [1.1, 0.8, 0.2, 0.05], [2.0, 2.0, 1.2, 0.2]
    told = spec.describe(table, inputs.options)
    name = table["region"].iloc[0]
    assert (
        f"{name} stands highest with 1.50 times as many (95 % interval 1.10 to 2.00). Of 4" in told
    )
    assert "Of 4 regions 1 lies above Belgorod and 1 below it beyond chance" in told
    assert "for 2 the order is open" in told
    assert "not how open counts fall on regions" in told
    assert "change sides" not in spec.describe(
        table.assign(least=table["ratio"], most=table["ratio"]), inputs.options
    )
    wide = table.assign(least=[0.9, 0.5, 0.1, 0.05], most=[2.0, 2.0, 2.0, 0.9])
    assert "Holm), though the words alone would allow 1 of these to change sides;" in spec.describe(
        wide, inputs.options
    )
    table["p_holm"] = [0.06, 0.2, 0.3, 0.4]
    told = spec.describe(table.assign(draws=20, most=np.nan), inputs.options)
    assert (
        f"chance is not ruled out as what makes {name} and Belgorod differ (p = 0.06). Of 4 regions none"
        in told
    )
    assert "by 20 draws, how open counts fall on regions" in told
    assert "What the words allow at most is unknown" in told
    assert "Yellow" not in told


def test_regions_are_compared_with_the_most_claimed_one_if_the_wished_one_has_no_claim(inputs):
    none = replace(inputs, options=replace(inputs.options, reference="tver"))
    first = none.ranks.iloc[0]
    assert none.ratios["reference"].unique().tolist() == [first["name"]]
    assert first["region"] not in set(none.ratios["region"])


def test_ranks_are_drawn_over_all_places_they_may_have(inputs, tables):
    table, ax = tables["rank_intervals"], figures.draw("rank_intervals", inputs).axes[0]
    shown = table.head(12)
    (bars,) = ax.collections
    ends = np.array([segment[:, 0] for segment in bars.get_segments()])
    assert np.allclose(ends[:, 0], shown["rank_lower"].astype(float) - 0.35)
    assert np.allclose(ends[:, 1], shown["rank_upper"].astype(float) + 0.35)
    (dots,) = ax.lines
    assert np.array_equal(dots.get_xdata(), shown["rank"])
    changed = shown.assign(
        p_first=[0.995, 0.004, *[0.0] * 10],
        rank_lower=[1, 2, *range(3, 13)],
        rank_upper=[1, 3, *range(4, 14)],
    )
    spec = REGISTRY["rank_intervals"]
    words = texts(spec.figure(changed, inputs.options))
    assert "> 99 %" in words
    assert "0 %" not in words
    told = spec.describe(changed, inputs.options)
    assert (
        "does so in more than 99 % of resampled records; the nights do not contradict rank 1 alone"
        in told
    )
    assert "Only one rank is possible for 1 region." in told


def test_months_and_years_are_drawn_with_their_intervals(inputs, tables):
    table, fig = tables["concentration_reach"], figures.draw("concentration_reach", inputs)
    for ax, measure in zip(fig.axes, ("effective_regions", "reach_km"), strict=True):
        rows = table[table["measure"] == measure]
        months, years = (rows[rows["span"] == span] for span in ("month", "year"))
        known = months["lower"].notna()
        assert 0 < known.sum() < len(months)
        *lines, dots, hollow = ax.lines
        assert np.array_equal(dots.get_ydata(), months["estimate"][known])
        assert np.array_equal(hollow.get_ydata(), months["observed"][~known])
        assert [line.get_ydata()[0] for line in lines] == years["estimate"].dropna().tolist()
        segments = [
            segment[:, 1].tolist()
            for c in ax.collections
            if isinstance(c, LineCollection)
            for segment in c.get_segments()
            if len(segment)
        ]
        for row in months[known].itertuples():
            assert [row.lower, row.upper] in segments
            assert measure != "reach_km" or [row.least, row.most] in segments
    last = fig.axes[0].lines[-3].get_xdata()[-1]
    assert pd.Timestamp(last) == inputs.panel["night"].max() + pd.Timedelta(days=1)


def test_years_whose_intervals_lie_apart_are_told_from_others(inputs, tables):
    spec, table = REGISTRY["concentration_reach"], tables["concentration_reach"].copy()
    reach = (
        (table["measure"] == "reach_km")
        & (table["span"] == "year")
        & (table["nights_counted"] >= 180)
    )
    number = reach.sum()
    assert number >= 2
    table.loc[reach, "estimate"] = np.linspace(90, 200, number)
    table.loc[reach, "lower"], table.loc[reach, "upper"] = (
        np.linspace(80, 190, number),
        np.linspace(100, 210, number),
    )
    table["least"], table["most"] = table["lower"], table["upper"]
    told = spec.describe(table, inputs.options)
    assert re.search(
        r"Reach was 90\.0 km \(95 % interval 80\.0 to 100\.0\) in \d{4} and 200 km \(95 % interval 190 to 210\) in \d{4}: the intervals lie apart\.",
        told,
    )
    loose = table.assign(least=50.0, most=400.0)
    assert (
        "lie apart, but what the words alone allow does not (50 to 400 km and 50 to 400 km)."
        in spec.describe(loose, inputs.options)
    )
    falling = table.copy()
    for column in ("estimate", "lower", "upper"):
        falling.loc[reach, column] = table.loc[reach, column].to_numpy()[::-1]
    assert "190 to 210) in" in spec.describe(falling, inputs.options)
    assert spec.describe(falling, inputs.options).count("lie apart") == told.count("lie apart")
    table.loc[reach, "upper"] = 300.0
    assert "overlap, so no change is shown" in spec.describe(table, inputs.options)
    few = table.assign(nights_counted=100)
    assert "Reach cannot be told for a whole year." in spec.describe(few, inputs.options)
    one = table[~reach | (table["period"] == table.loc[reach, "period"].max())]
    assert re.search(
        r"Reach was 200 km \(95 % interval 190 to 300\) in \d{4}\.",
        spec.describe(one, inputs.options),
    )


def test_draws_are_made_of_the_claims_only_where_the_panel_is_theirs(inputs):
    made = make_inputs(simulate_claims(), options=replace(inputs.options, draws=3))
    assert made.drawn["draw"].nunique() == 3
    assert inputs.drawn is inputs.panel
    assert REGISTRY["rank_intervals"].table(made).empty  # one night ranks nothing
    assert REGISTRY["rate_ratios"].table(made).empty
    assert "Nothing to show" in texts(figures.draw("rate_ratios", made))


def test_the_masking_study_draws_every_number_of_one_pattern(inputs, tables):
    table, fig = tables["masking_study"], figures.draw("masking_study", inputs)
    assert len(table) == len(HIDINGS) * len(PATTERNS) * len(SHARINGS)
    assert table["hiding"].drop_duplicates().tolist() == list(HIDINGS)
    assert table["method"].tolist() == list(SHARINGS) * len(HIDINGS) * len(PATTERNS)
    shown = table[table["pattern"] == "run"]
    values = [shown["misplaced"], 100 * shown["excess"].fillna(0), 100 * shown["coverage"]]
    for ax, value in zip(fig.axes, values, strict=True):
        (dots,) = [c for c in ax.collections if isinstance(c, PathCollection)]
        assert np.allclose(dots.get_offsets()[:, 0], value)
    for ax, name in ((fig.axes[1], "excess"), (fig.axes[2], "coverage")):
        (bars,) = [c for c in ax.collections if isinstance(c, LineCollection)]
        drawn = [segment[:, 0] for segment in bars.get_segments() if len(segment)]
        ends = 100 * shown[[f"{name}_lower", f"{name}_upper"]].dropna().to_numpy()
        assert np.allclose([pair for pair in drawn if np.isfinite(pair).all()], ends)
    words = texts(fig)
    assert all(f"{width:.1f}" in words for width in shown["width"])
    labels = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert labels.count("as in the panel") == len(HIDINGS)


def test_the_masking_study_says_what_it_found_and_how_sure_it_is(inputs, tables):
    spec, table = REGISTRY["masking_study"], tables["masking_study"].copy()
    caption = spec.caption(table, inputs.options)
    row = table[(table["hiding"] == "names") & (table["pattern"] == "run")].set_index("method")
    equal = [f"{100 * row.loc['equal', name]:.0f}" for name in EXCESS]
    assert f"{equal[0]} % ({equal[1]} to {equal[2]} %) larger" in caption
    assert "In 24 of 24 comparisons" in caption
    ours = 100 * table.loc[table["method"] == "allocation", "coverage"]
    assert f"hold {ours.min():.1f} to {ours.max():.1f} %" in caption
    # What could be chance is not counted as better.
    table.loc[1, "error_above_lower"] = -0.1
    assert "In 23 of 24 comparisons" in spec.caption(table, inputs.options)


def test_without_a_masking_study_its_figure_says_so(inputs):
    fig = figures.draw("masking_study", replace(inputs, masking=pd.DataFrame()))
    assert "Nothing to show" in texts(fig)


def test_the_masking_study_is_read_or_refused(tmp_path):
    assert read_stored("masking_study.csv", tmp_path).empty
    study = masking_study()
    study.to_csv(tmp_path / "masking_study.csv", index=False)
    pd.testing.assert_frame_equal(read_stored("masking_study.csv", tmp_path), study)
    study.drop(columns="excess").to_csv(tmp_path / "masking_study.csv", index=False)
    with pytest.raises(FigureError, match=r"masking_study.csv has the columns hiding, pattern"):
        read_stored("masking_study.csv", tmp_path)


def test_fewer_regions_and_nights_than_asked_are_no_reason_to_fail():
    panel = simulate_panel(n_nights=140, n_regions=2, growth=0.3)
    night = f"{panel['night'].max():%Y-%m-%d}"
    panel["bulletins"] = panel["bulletins"].where(panel["night"] != night, "early late")
    few = FigureInputs(simulate_claims(), panel, incidents(), FigureOptions(night=night))
    for name in NAMES:
        figures.draw(name, few)


# Files ------------------------------------------------------------------------------------------


def test_build_writes_every_file_and_their_hashes(built, inputs):
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    expected = {f"{name}{suffix}" for name in NAMES for suffix in (".svg", ".png")}
    expected |= {f"tables/{name}.csv" for name in NAMES}
    assert set(manifest["outputs"]) == expected
    for file, digest in manifest["outputs"].items():
        assert hashlib.sha256((built / file).read_bytes()).hexdigest() == digest
    assert set(manifest["versions"]) >= {"matplotlib", "numpy", "pandas", "freetype"}
    assert manifest["inputs"]["panel"]["rows"] == len(inputs.panel)
    assert manifest["options"]["rows"] == 12
    assert manifest["seed"] == 0


def test_tables_written_are_the_tables_drawn(built, tables):
    for name, table in tables.items():
        read = pd.read_csv(built / "tables" / f"{name}.csv", keep_default_na=False, dtype=str)
        assert list(read) == list(table)
        assert len(read) == len(table)


def test_what_is_written_was_rounded_before_it_was_drawn(inputs, tables, tmp_path):
    (drawn,) = figures.write_figures(tmp_path, inputs, ["nightly_totals"])
    pd.testing.assert_frame_equal(drawn.table, tables["nightly_totals"])
    exact = REGISTRY["nightly_totals"].table(inputs)
    assert (drawn.table["trend_zero"].dropna() != exact["trend_zero"].dropna()).any()


SCRIPT = """
import sys
from analysis import figures
from analysis.figures import FigureInputs, FigureOptions
from tests.synthetic_panel import *
inputs = FigureInputs(simulate_claims(), with_bulletins(simulate_panel()), incidents(),
                      FigureOptions(rows=12, panels=5), masking=masking_study(),
                      eigenvalues=eigenvalues(), reciprocity=reciprocity())
figures.build(sys.argv[1], inputs)
"""


def test_bytes_are_equal_whatever_zone_locale_hash_seed_and_backend(built, tmp_path):
    odd = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "MPLBACKEND": "svg"}
    root = Path(__file__).resolve().parents[1]
    subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], check=True, cwd=root, env=os.environ | odd
    )
    files = sorted(path.relative_to(built) for path in built.rglob("*") if path.is_file())
    assert len(files) == 3 * len(REGISTRY) + 1
    for file in files:
        assert (tmp_path / file).read_bytes() == (built / file).read_bytes(), file


def test_progress_is_told(inputs, tmp_path):
    told = []
    figures.build(tmp_path, inputs, names=["seed_night"], progress=lambda *a: told.append(a))
    assert told == [("figure seed_night", 0, 1), ("figures", 1, 1)]


def test_claims_hash_is_that_of_the_ledgers_file(inputs, tmp_path):
    from analysis.ledger import append_claims, load_claims

    written = inputs.claims.assign(source_url="https://example.org/7")
    append_claims(written, tmp_path)
    claims = load_claims(tmp_path)
    hashed = input_hashes(replace(inputs, claims=claims))["claims"]["sha256"]
    assert hashed == hashlib.sha256((tmp_path / "claims.csv").read_bytes()).hexdigest()


# The check ----------------------------------------------------------------------------------------


def test_check_agrees_with_what_was_just_built(built, inputs):
    report = figures.check(built, inputs)
    assert report.agrees
    assert report.bytes_compared
    assert sorted(report.figures) == NAMES
    assert report.differences == report.notes == ()


@pytest.fixture
def copied(built, tmp_path):
    import shutil

    return Path(shutil.copytree(built, tmp_path / "copy"))


def test_check_names_a_changed_number_and_a_changed_picture(copied, inputs):
    path = copied / "tables" / "seed_night.csv"
    path.write_text(
        path.read_text("utf-8").replace("Belgorod,23:00 to 07:00,9", "Belgorod,23:00 to 07:00,8"),
        "utf-8",
    )
    (copied / "tile_map.png").write_bytes(b"another picture")
    (copied / "tile_map.svg").unlink()
    report = figures.check(copied, inputs, names=["seed_night", "tile_map"])
    assert not report.agrees
    assert report.figures == ("seed_night", "tile_map")
    assert report.differences == (
        "tables/seed_night.csv differs: 1 values of count, the first in line 2: '8', rebuilt '9'.",
        "tile_map.svg is missing.",
        "tile_map.png differs in its bytes.",
    )


def test_check_says_when_bytes_are_not_comparable(copied, inputs):
    manifest = json.loads((copied / "manifest.json").read_text("utf-8"))
    manifest["versions"]["freetype"] = "1.0"
    (copied / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (copied / "seed_night.svg").write_text("<svg/>", "utf-8")
    report = figures.check(copied, inputs, names=["seed_night"])
    assert report.agrees
    assert not report.bytes_compared
    (note,) = report.notes
    assert note.startswith("Bytes are not comparable: freetype ")
    assert note.endswith(" instead of 1.0.")


def test_check_names_inputs_that_changed(built, inputs):
    other = replace(inputs, incidents=inputs.incidents.head(1))
    report = figures.check(built, other, names=["seed_night"])
    assert report.agrees
    assert report.notes == ("Other inputs than the manifest's: incidents.",)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        pytest.param("a\n1.00000\n", "a\n1.000009\n", "", id="rounding"),
        pytest.param(
            "a\n1.0000\n", "a\n1.00002\n", "1 values of a, the first in line 2", id="more"
        ),
        pytest.param("a,b\n,1\n", "a,b\n0,1\n", "1 values of a", id="nothing-is-not-zero"),
        pytest.param("a\nx\n", "a\nx\n", "", id="words"),
        pytest.param("a\nx\n", "a\ny\n", "'x', rebuilt 'y'", id="other-words"),
        pytest.param("a\n1\n", "a\n1\n2\n", "1 rows and columns a; rebuilt 2 rows", id="rows"),
        pytest.param("a\n1\n", "b\n1\n", "columns a; rebuilt 1 rows and b", id="columns"),
    ],
)
def test_tables_are_compared_to_rounding(tmp_path, was, now, says):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(was, "utf-8")
    new.write_text(now, "utf-8")
    found = compare_tables(old, new)
    assert says in found
    assert bool(found) == bool(says)


# Words ------------------------------------------------------------------------------------------


def test_unknown_figures_and_folders_are_refused_in_words(inputs, tmp_path):
    with pytest.raises(FigureError, match=r"no figure 'pie'.*nightly_totals"):
        figures.draw("pie", inputs)
    with pytest.raises(FigureError, match=r"manifest.json does not exist.*Build the figures first"):
        figures.check(tmp_path, inputs)
    (tmp_path / "manifest.json").write_text("[]", "utf-8")
    with pytest.raises(FigureError, match="is not a manifest of figures"):
        figures.check(tmp_path, inputs)
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(FigureError, match="cannot be made"):
        figures.build(tmp_path / "file", inputs)


def test_incidents_are_read_sorted_and_checked(tmp_path):
    path = tmp_path / "incidents.csv"
    assert read_incidents(tmp_path).empty
    path.write_text("date,title\n2025-02-03,Later\n2024-01-02,Sooner\n", "utf-8")
    assert read_incidents(tmp_path)["title"].tolist() == ["Sooner", "Later"]
    path.write_text("date,title\n2025-02-03,Later\n2 Jan 2024,Sooner\n", "utf-8")
    with pytest.raises(FigureError, match=r"incidents.csv, line 3: date is '2 Jan 2024'"):
        read_incidents(tmp_path)
    path.write_text("date,title\n2025-02-03,\n", "utf-8")
    with pytest.raises(FigureError, match=r"line 2: .*title ''"):
        read_incidents(tmp_path)


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (12.0, "12"), (12.34, "12.3"), (123.4, "123"), (98765, "98,765")]
)
def test_numbers_for_reading(value, words):
    assert number(value) == words


def test_dates_are_written_in_english_words():
    assert in_words(pd.Timestamp("2024-12-21")) == "21 December 2024"


# A week of bare lists ----------------------------------------------------------------------------

LISTED = ("belgorod", "bryansk", "kursk", "oryol", "tula", "kaluga", "rostov", "crimea", "voronezh",
    "smolensk", "lipetsk", "ryazan", "tver", "saratov", "volgograd", "samara", "novgorod", "penza", "azov_sea")  # fmt: skip
BARE = ((230, 11), (199, 13), (868, 19), (412, 17), (305, 12), (520, 15), (277, 14))


def bare_week():
    """Forty nights itemised over seven regions, then a week of totals over bare lists of regions."""
    rng = np.random.default_rng(8)
    template = simulate_claims().iloc[[0]]
    rows = []
    for night, date in enumerate(pd.date_range("2026-01-20", periods=40 + len(BARE), tz="UTC")):
        start, end = date - pd.Timedelta("3h"), date + pd.Timedelta("4h")
        if night < 40:
            counts = rng.negative_binomial(1, 1 / (1 + np.linspace(25, 3, 7)))
            told = [("single", slug, n) for slug, n in zip(LISTED, counts, strict=False) if n]
            total, listing = counts.sum(), "itemised"
        else:
            total, named = BARE[night - 40]
            told, listing = [("joint", "|".join(sorted(LISTED[:named])), total)], "joint"
        rows += [
            (f"b{night:02}", start, end, listing, *row) for row in [("total", "", total), *told]
        ]
    names = ["bulletin_id", "window_start", "window_end", "list", "relation", "regions", "count"]
    claims = pd.DataFrame(rows, columns=names)
    rest = {name: template[name].iloc[0] for name in template if name not in names}
    claims = claims.assign(**rest)[list(template)]
    claims["posted_at"] = claims["known_at"] = claims["window_end"] + pd.Timedelta("20min")
    return claims.astype(template.dtypes.to_dict())


def test_a_week_of_bare_lists_leaves_totals_exact_and_comparisons_within_what_is_allowed():
    inputs = make_inputs(bare_week(), options=FigureOptions(draws=4, night="2026-02-28"))
    totals = inputs.totals.set_index("night")["expected"].tail(len(BARE))
    assert totals.tolist() == [total for total, _ in BARE]
    ratios, ranks, time = (
        REGISTRY[name].table(inputs)
        for name in ("rate_ratios", "rank_intervals", "concentration_reach")
    )
    assert len(ranks) == len(LISTED) == len(ratios) + 1
    assert (ratios["least"] <= ratios["ratio"]).all()
    assert (ratios["ratio"] <= ratios["most"]).all()
    assert (ratios["share_exact"] < 1).all()
    assert ratios["allocation_share"].gt(0).all()
    assert (ranks["draws"] == 4).all()
    reach = time[time["measure"] == "reach_km"]
    assert (reach["least"] <= reach["observed"] * (1 + 1e-12)).all()
    assert (reach["observed"] <= reach["most"] * (1 + 1e-12)).all()
    assert (reach["most"] > 2 * reach["observed"]).any()
    for name in NAMES:
        spec = REGISTRY[name]
        table = round_significant(spec.table(inputs))
        spec.figure(table, inputs.options)
        assert "nan" not in spec.caption(table, inputs.options).lower().split()


def test_the_foretold_nights_are_those_of_the_model(inputs, tables):
    from analysis import INGARCH, nightly_totals
    from analysis.checks import checks

    spec, table = REGISTRY["fitted_observed"], tables["fitted_observed"]
    results = INGARCH(nightly_totals(inputs.panel)).fit()
    assert table["mean"].to_numpy() == pytest.approx(
        results.fittedvalues[results.endog.notna()].to_numpy(), rel=1e-5
    )
    assert table["night"].tolist() == results.endog.dropna().index.tolist()
    failed = checks(results).query("not passed")["meaning"]
    caption = spec.caption(table, inputs.options)
    assert all(meaning in caption for meaning in failed)
    inside = (table["lower"] <= table["observed"]) & (table["observed"] <= table["upper"])
    assert f"{inside.sum()} of {len(table)} nights ({100 * inside.mean():.1f} %)" in caption
    fig = spec.figure(table, inputs.options)
    line = next(line for line in fig.axes[0].lines if line.get_label() == "claimed")
    assert np.asarray(line.get_ydata()) == pytest.approx(table["observed"].to_numpy())


def test_a_model_that_passes_its_checks_is_said_to(inputs, tables):
    spec, table = REGISTRY["fitted_observed"], tables["fitted_observed"]
    good = spec.caption(table.assign(failed=""), inputs.options)
    assert "passes its checks" in good
    assert "fail" not in good


def test_too_few_nights_foretell_nothing(inputs):
    few = inputs.panel[inputs.panel["night"] < inputs.panel["night"].min() + pd.Timedelta(days=4)]
    made = FigureInputs(inputs.claims, few, incidents(), inputs.options)
    assert REGISTRY["fitted_observed"].table(made).empty
