"""The one style: rounding, equal bytes, dressed axes, the reader's own settings untouched."""

import hashlib
import re

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from analysis.errors import FigureError
from analysis.plotting import (
    STYLE,
    dress_nights,
    new_figure,
    round_significant,
    save_figure,
    style,
    table_text,
    write_table,
)


def drawing():
    with style():
        fig = new_figure(5, 3, "Title", "Source of the claims", "Lead")
        ax = fig.add_subplot()
        ax.plot(pd.date_range("2024-01-01", periods=5), [0, 1, 4, 9, 16])
        ax.fill_between(pd.date_range("2024-01-01", periods=5), 0, [1, 1, 1, 1, 1])
        dress_nights(ax)
    return fig


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_equal_data_give_equal_bytes(tmp_path, suffix):
    paths = [save_figure(drawing(), tmp_path / "deep" / f"{name}{suffix}") for name in "ab"]
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)
    assert first == second


def test_the_readers_settings_change_no_byte_and_are_restored(tmp_path):
    plain = save_figure(drawing(), tmp_path / "plain.svg").read_bytes()
    with matplotlib.rc_context({"font.size": 23.0, "axes.facecolor": "red", "svg.hashsalt": "x"}):
        assert save_figure(drawing(), tmp_path / "odd.svg").read_bytes() == plain
        assert matplotlib.rcParams["font.size"] == 23.0
        assert matplotlib.rcParams["svg.hashsalt"] == "x"
    assert matplotlib.rcParams["font.size"] != STYLE["font.size"]


def test_files_hold_no_clock_and_no_version(tmp_path):
    svg = save_figure(drawing(), tmp_path / "a.svg").read_text("utf-8")
    assert "dc:date" not in svg
    assert matplotlib.__version__ not in svg
    assert (
        matplotlib.__version__.encode()
        not in save_figure(drawing(), tmp_path / "a.png").read_bytes()
    )


def test_other_file_types_are_refused_by_name(tmp_path):
    with pytest.raises(FigureError, match=r"not written as '\.gif'.*\.png or \.svg"):
        save_figure(Figure(), tmp_path / "a.gif")


def test_nights_are_dressed_with_units_claims_and_zero():
    (ax,) = drawing().axes
    assert ax.get_ylabel() == "Claimed interceptions per night"
    assert "Night" in ax.get_xlabel()
    assert ax.get_ylim()[0] == 0


def test_title_lead_and_source_stand_on_the_figure():
    assert [text.get_text() for text in drawing().texts] == [
        "Title",
        "Lead",
        "Source of the claims",
    ]


@settings(derandomize=True, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 12))
def test_rounding_keeps_that_many_digits_and_is_idempotent(value, digits):
    rounded = round_significant(value, digits)
    assert rounded == round_significant(rounded, digits)
    if np.isfinite(rounded):
        assert abs(rounded - value) <= abs(value) * 0.5 * 10.0 ** (1 - digits) * (1 + 1e-9) + 1e-323


def test_rounding_keeps_missing_infinite_whole_numbers_and_the_input():
    table = pd.DataFrame(
        {
            "x": [1.23456789, np.nan, np.inf],
            "n": pd.array([1234567, None, 3], dtype="Int64"),
            "s": ["a", "", "c"],
        }
    )
    rounded = round_significant(table)
    assert rounded["x"].iloc[0] == 1.23457
    assert np.isnan(rounded["x"].iloc[1])
    assert np.isinf(rounded["x"].iloc[2])
    pd.testing.assert_frame_equal(rounded[["n", "s"]], table[["n", "s"]])
    assert table["x"].iloc[0] == 1.23456789


def test_tables_are_written_alike_everywhere(tmp_path):
    table = pd.DataFrame(
        {
            "night": pd.to_datetime(["2025-11-01", "2025-11-02"]),
            "region": ["a, b", "c"],
            "upper": pd.array([5, None], dtype="Int64"),
            "share": [2 / 3, np.nan],
        }
    )
    text = 'night,region,upper,share\n2025-11-01,"a, b",5,0.666667\n2025-11-02,c,,\n'
    assert table_text(table) == text
    path = write_table(table, tmp_path / "tables" / "a.csv")
    assert path.read_bytes() == text.encode()
    assert not re.search(rb"\r", path.read_bytes())


def test_axes_stand_at_rounded_places_and_stay_in_the_layout():
    fig = new_figure(8, 4, "Title", "Source", "Lead")
    axes = fig.subplots(1, 3, sharey=True, width_ratios=(1.0, 1.15, 1.0))
    axes[0].set_ylabel("Claims")
    for _ in range(2):
        fig.draw_without_rendering()
        for ax in axes:
            points = ax.get_position().get_points()
            assert np.array_equal(points, np.round(points, 6))
            assert ax.get_in_layout()
    before = axes[0].get_position().x0
    axes[0].set_ylabel("Claims\nin two lines")
    fig.draw_without_rendering()
    assert axes[0].get_position().x0 > before
