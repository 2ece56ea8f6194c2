"""Posts that name the same hours: known, edited, told again, corrected, or another statement."""

import pandas as pd
import pytest

from analysis.bulletins import Cumulative
from analysis.ledger.joining import join_tellings
from tests.tellings import bulletin, claims, point, window

STATED = "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.uav"
POINT = "20250102T1600Z.ru_mod.on_russia.uav"
BY_POST = "20250103T0430Z-post{}.ru_mod.on_russia.uav"
NOTHING = claims()
EARLY, LATE = "2025-01-03T04:30", "2025-01-03T06:30"


def told(parts, hours=None, posted=EARLY, **fields):
    return bulletin(parts, hours=hours, posted=posted, **fields)


def names(table):
    """(bulletin, revision, total) of each version, in order."""
    totals = table[table["relation"] == "total"]
    columns = ["bulletin_id", "revision", "count"]
    return [tuple(row) for row in totals[columns].to_numpy().tolist()]


def codes(findings):
    return [finding.code for finding in findings]


def ledger(*tables):
    """A ledger to which tables were added one after the other."""
    known = NOTHING
    for table in tables:
        known = pd.concat([known, join_tellings(table, known)[0]], ignore_index=True)
    return known


# --- inside one file ----------------------------------------------------------------------------


def test_two_statements_about_one_point_in_time_both_stay():
    table = claims(told({"tula": 1}, point()), told({"tula": 2}, point(), LATE))
    assert names(table) == [(POINT, 1, 1), (f"{POINT}:2", 1, 2)]
    assert codes(table.attrs["findings"]) == ["shared-window"]


def test_two_posts_of_one_minute_both_stay():
    table = claims(told({"tula": 1}, window()), told({"tula": 2}, window()))
    assert names(table) == [(STATED, 1, 1), (f"{STATED}:2", 1, 2)]


def test_stated_hours_with_other_provinces_are_another_statement():
    table = claims(told({"tula": 1}, window()), told({"oryol": 2}, window(), LATE))
    assert names(table) == [(STATED, 1, 1), (f"{STATED}:2", 1, 2)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"tula": 1, "oryol": 1}, {"tula": 2}, id="a-unit-in-common"),
        pytest.param({"tula|oryol": 2}, {"tula": 3}, id="a-unit-of-a-joint-count"),
    ],
)
def test_stated_hours_told_later_with_other_numbers_are_corrected(first, second):
    table = claims(told(first, window()), told(second, window(), LATE))
    assert names(table) == [(STATED, 1, 2), (STATED, 2, sum(second.values()))]
    assert codes(table.attrs["findings"]) == ["corrected"]
    assert table["known_at"].max() == pd.Timestamp("2025-01-03T06:30Z")


def test_totals_without_provinces_are_corrected_but_never_by_a_list():
    bare = told({}, window(), total=7)
    assert names(claims(bare, told({}, window(), LATE, total=8))) == [
        (STATED, 1, 7),
        (STATED, 2, 8),
    ]
    table = claims(bare, told({"tula": 8}, window(), LATE))
    assert names(table) == [(STATED, 1, 7), (f"{STATED}:2", 1, 8)]


@pytest.mark.parametrize("posted", [EARLY, LATE], ids=["same-minute", "later"])
def test_the_same_words_again_add_nothing(posted):
    table = claims(told({"tula": 1}, point()), told({"tula": 1}, point(), posted))
    assert names(table) == [(POINT, 1, 1)]
    assert codes(table.attrs["findings"]) == ["told-again"]


def test_statements_named_by_their_post_never_meet():
    table = claims(told({"tula": 1}), told({"tula": 1}))
    assert names(table) == [(BY_POST.format(1), 1, 1), (BY_POST.format(2), 1, 1)]


def test_other_weapons_and_sources_never_meet():
    table = claims(told({"tula": 1}, window()), told({"tula": 2}, window(), LATE, weapon="boat"))
    assert table["revision"].eq(1).all()
    both = ledger(
        claims(told({"tula": 1}, window())), claims(told({"tula": 2}, window()), source="b")
    )
    assert both["revision"].eq(1).all()
    assert both["bulletin_id"].unique().tolist() == [STATED]


# --- against the ledger -------------------------------------------------------------------------


def test_the_same_file_adds_nothing():
    table = claims(
        told({"tula": 1}, point()), told({"tula": 2}, point(), LATE), told({"oryol": 3}), told({"oryol": 3})
    )  # fmt: skip
    rows, findings = join_tellings(table, ledger(table))
    assert (len(rows), findings) == (0, [])


def test_a_changed_post_is_a_revision_known_a_day_later():
    known = ledger(claims(told({"tula": 1}, window())))
    rows, findings = join_tellings(claims(told({"tula": 2}, window())), known)
    assert names(rows) == [(STATED, 2, 2)]
    assert rows["known_at"].eq(pd.Timestamp("2025-01-04T04:30Z")).all()
    assert codes(findings) == ["edited"]
    again, _ = join_tellings(claims(told({"tula": 2}, window())), ledger(known, rows))
    assert again.empty
    back, _ = join_tellings(claims(told({"tula": 1}, window())), ledger(known, rows))
    assert back.empty  # an old export read once more


def test_a_changed_post_without_hours_is_a_revision():
    rows, _ = join_tellings(claims(told({"tula": 2})), ledger(claims(told({"tula": 1}))))
    assert names(rows) == [(BY_POST.format(1), 2, 2)]


def test_a_second_post_of_a_known_minute_is_not_an_edit():
    first, second = told({"tula": 1}), told({"tula": 2})
    rows, _ = join_tellings(claims(first, second), ledger(claims(second)))
    assert names(rows) == [(BY_POST.format(2), 1, 1)]
    rows, _ = join_tellings(
        claims(told({"tula": 1}, point()), told({"tula": 2}, point())),
        ledger(claims(told({"tula": 2}, point()))),
    )
    assert names(rows) == [(f"{POINT}:2", 1, 1)]


def test_an_edit_of_one_of_two_posts_of_a_minute():
    first, second = told({"tula": 1}), told({"tula": 2})
    rows, _ = join_tellings(claims(told({"tula": 9}), second), ledger(claims(first, second)))
    assert names(rows) == [(BY_POST.format(1), 2, 9)]


@pytest.mark.parametrize(
    ("hours", "parts", "named"),
    [
        pytest.param(point(), {"tula": 2}, (f"{POINT}:2", 1, 2), id="another"),
        pytest.param(window(), {"tula": 2}, (STATED, 2, 2), id="corrected"),
        pytest.param(window(), {"oryol": 2}, (f"{STATED}:2", 1, 2), id="elsewhere"),
    ],
)
def test_a_later_file_is_settled_as_one_file_would_be(hours, parts, named):
    first, second = told({"tula": 1}, hours), told(parts, hours, LATE)
    rows, _ = join_tellings(claims(second), ledger(claims(first)))
    assert names(rows) == [named]
    one = ledger(claims(first, second))
    pd.testing.assert_frame_equal(ledger(claims(first), claims(second)), one)


def test_as_many_equal_statements_of_a_minute_are_known_as_the_ledger_holds():
    once, twice = claims(told({"tula": 1})), claims(told({"tula": 1}), told({"tula": 1}))
    rows, _ = join_tellings(twice, ledger(once))
    assert names(rows) == [(BY_POST.format(2), 1, 1)]
    assert join_tellings(once, ledger(twice))[0].empty


def test_equal_new_statements_beside_a_known_one_all_stay():
    file = claims(told({"tula": 7}), told({"tula": 7}), told({"tula": 1}))
    rows, _ = join_tellings(file, ledger(claims(told({"tula": 1}))))
    assert names(rows) == [(BY_POST.format(2), 1, 7), (BY_POST.format(3), 1, 7)]


def test_of_two_equal_statements_the_one_edited_later_is_revised():
    known = ledger(claims(told({"tula": 1}), told({"tula": 1})))
    rows, _ = join_tellings(claims(told({"tula": 1}), told({"tula": 2})), known)
    assert names(rows) == [(BY_POST.format(2), 2, 2)]


def test_one_known_post_is_edited_once():
    other = told({"tula": 5}, point(), "2025-01-03T04:00")
    known = ledger(claims(other, told({"tula": 1}, point())))
    rows, _ = join_tellings(claims(told({"tula": 2}, point()), told({"tula": 3}, point())), known)
    assert names(rows) == [(f"{POINT}:2", 2, 2), (f"{POINT}:3", 1, 3)]


def test_other_assumed_hours_are_an_edit():
    short, long = (window(end=f"2025-01-03T0{hour}:00", precision="assumed") for hour in (7, 8))
    rows, findings = join_tellings(
        claims(told({"tula": 1}, long)), ledger(claims(told({"tula": 1}, short)))
    )
    assert names(rows) == [(BY_POST.format(1), 2, 1)]
    assert codes(findings) == ["edited"]


def test_wider_figures_keep_their_hours():
    wider = window("2025-01-02T18:00", "2025-01-03T07:00")
    table = claims(told({"tula": 1}, window(), cumulative=(Cumulative(wider, 9),)))
    rows, _ = join_tellings(table, NOTHING)
    assert rows["window_start"].tolist() == table["window_start"].tolist()
    assert rows["window_start"].unique().size == 2


def test_a_third_statement_takes_the_next_number():
    known = ledger(claims(told({"tula": 1}, point()), told({"tula": 2}, point(), LATE)))
    rows, _ = join_tellings(claims(told({"tula": 3}, point(), "2025-01-03T07:00")), known)
    assert names(rows) == [(f"{POINT}:3", 1, 3)]


def test_a_correction_follows_the_statement_it_corrects():
    # The ledger knows another statement of the same hours, so both of the file move to ":2".
    known = ledger(claims(told({"oryol": 5}, window(), "2025-01-03T04:00")))
    file = claims(told({"tula": 1}, window()), told({"tula": 2}, window(), LATE))
    assert names(file) == [(STATED, 1, 1), (STATED, 2, 2)]
    rows, _ = join_tellings(file, known)
    assert names(rows) == [(f"{STATED}:2", 1, 1), (f"{STATED}:2", 2, 2)]


def test_the_inputs_are_left_alone():
    table, known = claims(told({"tula": 2}, window())), ledger(claims(told({"tula": 1}, window())))
    before = table.copy(deep=True), known.copy(deep=True)
    join_tellings(table, known)
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_frame_equal(known, before[1])


# --- the order of texts -------------------------------------------------------------------------


def test_of_texts_without_a_time_of_posting_the_one_found_later_is_the_newer():
    known = ledger(claims(told({"tula": 1}, window(), posted=None)))
    shorter = told({"tula": 2}, window(end="2025-01-03T05:00"), posted=None)
    changed = claims(shorter).assign(bulletin_id=STATED)  # as `follow_edits` names it
    rows, findings = join_tellings(changed, known)
    assert names(rows) == [(STATED, 2, 2)]
    assert codes(findings) == ["edited"]


def test_a_post_older_than_its_known_correction_is_left_out():
    first, second = told({"tula": 1}, window()), told({"tula": 2}, window(), LATE)
    rows, findings = join_tellings(claims(first), ledger(claims(second)))
    assert rows.empty
    assert codes(findings) == ["superseded"]
    assert [finding.severity for finding in findings] == ["warning"]


def test_an_edited_report_keeps_its_place_behind_the_first():
    own = claims(told({"tula": 9}, window()))
    first, second = (
        claims(told({"tula": 9, "oryol": n}, window(), total=9), source="paper", kind="report")
        for n in (1, 2)
    )
    second = second.assign(revision=2, known_at=second["known_at"] + pd.Timedelta("2h"))
    for order in ((first, second), (second, first)):
        table = ledger(own, *order)
        told_by = table[(table["source_kind"] == "report") & (table["regions"] == "oryol")]
        assert sorted(zip(told_by["revision"], told_by["count"], strict=True)) == [(1, 1), (2, 2)]
        assert join_tellings(first, table)[0].empty
        assert join_tellings(second, table)[0].empty
    same = first.assign(revision=2, known_at=second["known_at"].iloc[0])
    assert join_tellings(same, ledger(own, first))[0].empty  # an edit that changed no number
