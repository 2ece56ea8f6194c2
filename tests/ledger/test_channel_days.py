"""Days on which the record holds a post."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import LedgerError
from analysis.ledger.channel_days import (
    NO_DAYS,
    channel_days,
    check_days,
    merge_days,
)
from tests.tellings import posts

FILE = pd.DataFrame({"day": ["2025-01-01", "2025-01-02"], "posts": ["3", "1"]}, dtype="str")


def test_days_are_those_of_moscow():
    table = posts(
        ("2025-01-01T20:59Z", "a"), ("2025-01-01T21:00Z", "b"), ("2025-01-03T05:00Z", "c"),
        ("2025-01-01T23:00Z", "d"),
    )  # fmt: skip
    days = channel_days(table)
    assert days.to_numpy().tolist() == [["2025-01-01", 1], ["2025-01-02", 2], ["2025-01-03", 1]]
    assert days.dtypes.astype(str).tolist() == ["str", "int64"]


def test_newspapers_and_undated_posts_say_nothing_about_the_channel():
    table = pd.concat([posts(("2025-01-01T12:00Z", "a"), source="gazette.org"), posts((None, "b"))])
    assert channel_days(table).equals(NO_DAYS)


tables = st.dictionaries(
    st.dates().map(lambda day: day.isoformat()), st.integers(1, 50), max_size=6
).map(lambda days: pd.DataFrame({"day": list(days), "posts": list(days.values())}))


@given(a=tables, b=tables, c=tables)
def test_merging_is_idempotent_and_knows_no_order(a, b, c):
    merged = merge_days(merge_days(a, b), c)
    pd.testing.assert_frame_equal(merged, merge_days(c, merge_days(b, a)))
    pd.testing.assert_frame_equal(merged, merge_days(merged, b))
    assert merged["day"].is_monotonic_increasing
    assert set(merged["day"]) == {*a["day"], *b["day"], *c["day"]}


def test_a_later_export_raises_a_day_and_an_older_one_lowers_none():
    new = pd.DataFrame({"day": ["2025-01-01", "2025-01-02"], "posts": [2, 4]})
    merged = merge_days(check_days(FILE, "days.csv"), new)
    assert merged["posts"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("day", "posts"),
    [
        pytest.param("2025-02-30", "1", id="no-date"),
        pytest.param("2025-1-2", "1", id="short"),
        pytest.param("2025-01-01", "1", id="twice"),
        pytest.param("2025-01-03", "0", id="none"),
        pytest.param("2025-01-03", "-1", id="negative"),
        pytest.param("2025-01-03", "1.5", id="fraction"),
    ],
)
def test_bad_lines_are_named(day, posts):
    table = pd.concat([FILE, pd.DataFrame({"day": [day], "posts": [posts]}, dtype="str")])
    with pytest.raises(LedgerError, match=rf"days.csv, line 4: day='{day}', posts='{posts}'"):
        check_days(table.reset_index(drop=True), "days.csv")


def test_other_columns():
    with pytest.raises(LedgerError, match=r"days.csv has not the columns day, posts"):
        check_days(FILE.rename(columns={"day": "date"}), "days.csv")


def test_posts_of_another_claimant_do_not_count():
    table = pd.concat(
        [posts(("2025-01-01T12:00Z", "a")), posts(("2025-01-01T13:00Z", "b"), source="kpszsu")]
    )
    assert channel_days(table).to_numpy().tolist() == [["2025-01-01", 1]]
