"""Later tellings find their bulletin, or are said to have none."""

import pandas as pd
import pytest

from analysis.bulletins import Count, Subset
from analysis.ledger.joining import join_tellings
from tests.tellings import bulletin, claims, point, window

STATED = "20250102T1700Z-20250103T0400Z.ru_mod.on_russia.uav"
LIST = {"tula": 9, "oryol": 6, "kursk": 4, "bryansk": 2}
WITHOUT_BRYANSK = {"tula": 9, "oryol": 6, "kursk": 4}
NEARLY = WITHOUT_BRYANSK | {"bryansk": 3}


def primary(parts=LIST, **fields):
    return claims(bulletin(parts, **{"hours": window()} | fields))


def completion(parts=LIST, **fields):
    return claims(bulletin(parts, **fields), source="p.org", kind="completion")


def report(*bulletins, source="p.org"):
    return claims(*bulletins, source=source, kind="report")


def joined(new, *known):
    """Bulletins under which new tellings would be added, and the codes of the findings."""
    rows, findings = join_tellings(new, pd.concat(known, ignore_index=True))
    return rows["bulletin_id"].unique().tolist(), [finding.code for finding in findings]


# --- completions --------------------------------------------------------------------------------


def test_a_completion_takes_name_and_window_of_its_post():
    cut = primary({"tula": 9}, total=21, list="cut")
    rows, findings = join_tellings(completion(), cut)
    assert findings == []
    assert rows["bulletin_id"].eq(STATED).all()
    assert rows["window_start"].eq(pd.Timestamp("2025-01-02T17:00Z")).all()
    assert rows["window_end"].eq(pd.Timestamp("2025-01-03T04:00Z")).all()
    assert rows["window_precision"].eq("stated").all()
    assert rows["known_at"].eq(pd.Timestamp("2025-01-04T04:30Z")).all()
    assert rows["count"].tolist() == [21, 9, 6, 4, 2]
    assert rows["revision"].eq(1).all()


def test_a_completion_with_a_subset_is_known_the_second_time():
    told = completion(subsets=(Subset(("moscow_city",), ("moscow_region",), 1, ""),))
    known = primary()
    rows, _ = join_tellings(told, known)
    again, _ = join_tellings(told, pd.concat([known, rows]))
    assert again.empty
    assert rows["window_start"].notna().all()


def test_a_changed_completion_is_a_revision():
    known = primary(total=21)
    first, _ = join_tellings(completion(), known)
    other = completion({"tula": 10, "oryol": 5, "kursk": 4, "bryansk": 2})
    rows, _ = join_tellings(other, pd.concat([known, first]))
    assert rows["revision"].tolist() == [2] * 5
    assert rows["bulletin_id"].eq(STATED).all()


def test_where_a_minute_holds_several_the_total_decides():
    known = primary(), primary({"tula": 3}, hours=window("2025-01-02T17:00", "2025-01-02T20:00"))
    assert joined(completion(), *known) == ([STATED], [])
    assert joined(completion({"tula": 3}), *known)[0] == [
        "20250102T1400Z-20250102T1700Z.ru_mod.on_russia.uav"
    ]
    assert joined(completion({"tula": 4}), *known) == ([], ["unmatched-completion"])


def test_another_total_is_joined_with_a_doubt():
    assert joined(completion({"tula": 3}), primary()) == ([STATED], ["total-differs"])


def test_a_completion_without_a_post_waits():
    nothing = claims()
    assert joined(completion(), nothing) == ([], ["unmatched-completion"])
    assert joined(completion(posted="2025-01-03T04:31"), primary()) == (
        [],
        ["unmatched-completion"],
    )
    report_only = report(bulletin(LIST))
    assert joined(completion(), report_only) == ([], ["unmatched-completion"])


def test_a_statement_that_the_cut_hides_is_a_bulletin():
    name = "20250103T0430Z-post1.ru_mod.on_russia.uav"
    assert joined(completion(), primary(weapon="boat")) == ([name], ["hidden-by-cut"])
    known = primary(weapon="boat")
    rows, _ = join_tellings(completion(), known)
    assert joined(completion(), known, rows)[0] == []


def test_posts_and_completions_in_one_table():
    names, codes = joined(pd.concat([completion(), primary()]), claims())
    assert (names, codes) == ([STATED], [])


# --- reports ------------------------------------------------------------------------------------


def test_a_report_of_the_same_hours_joins_by_its_total():
    told = bulletin({"tula": 21}, hours=window(precision="assumed"), posted="2025-01-09T09:00")
    rows, findings = join_tellings(report(told), primary())
    assert len(rows) == 2
    assert rows["bulletin_id"].eq(STATED).all()
    assert rows["posted_at"].eq(pd.Timestamp("2025-01-09T09:00Z")).all()
    assert findings == []


def test_a_report_keeps_the_hours_it_tells():
    late = window("2025-01-02T20:50", "2025-01-03T07:10")
    rows, _ = join_tellings(report(bulletin(LIST, hours=late)), primary())
    assert len(rows) == 5
    assert rows["bulletin_id"].eq(STATED).all()
    assert rows["window_start"].eq(pd.Timestamp("2025-01-02T17:50Z")).all()
    assert rows["window_end"].eq(pd.Timestamp("2025-01-03T04:10Z")).all()
    none, _ = join_tellings(report(bulletin(LIST)), primary())
    assert len(none) == 5
    assert none["window_start"].isna().all()
    assert none["window_precision"].eq("").all()


@pytest.mark.parametrize("hours", [None, window(precision="assumed"), window("2025-01-02T21:00")])
def test_a_report_is_known_the_second_time(hours):
    told = report(bulletin(LIST, hours=hours))
    rows, _ = join_tellings(told, primary())
    again, _ = join_tellings(told, pd.concat([primary(), rows]))
    assert again.empty


def test_other_hours_are_another_telling():
    first, _ = join_tellings(report(bulletin(LIST, hours=window("2025-01-01T20:00"))), primary())
    mended = report(bulletin(LIST, hours=window()))
    rows, _ = join_tellings(mended, pd.concat([primary(), first]))
    assert rows["revision"].tolist() == [2] * 5
    assert rows["window_start"].eq(pd.Timestamp("2025-01-02T17:00Z")).all()


@pytest.mark.parametrize(
    ("parts", "total", "fits"),
    [
        pytest.param({}, 21, True, id="total-alone"),
        pytest.param({"tula": 9, "oryol": 6, "kursk": 4}, 99, True, id="three-counts"),
        pytest.param({"tula": 9, "oryol": 6, "komi": 4}, 99, False, id="two-counts"),
        pytest.param({"tula": 9, "oryol": 6, "kursk": 5}, 99, False, id="a-count-differs"),
        pytest.param({}, 22, False, id="another-total"),
    ],
)
def test_what_a_report_must_share(parts, total, fits):
    told = bulletin(parts, hours=window(), total=total)
    names, codes = joined(report(told), primary())
    assert (names == [STATED], codes == ["unmatched-report"]) == (fits, not fits)


@pytest.mark.parametrize(
    ("hours", "posted", "fits"),
    [
        pytest.param(None, "2025-01-04T04:30", True, id="within-a-day"),
        pytest.param(None, "2025-01-04T04:31", False, id="a-minute-too-late"),
        pytest.param(None, "2025-01-02T04:30", True, id="a-day-before"),
        pytest.param(window("2025-01-03T07:00", "2025-01-03T09:00"), "2025-01-09T09:00", False, id="touching"),
        pytest.param(window("2025-01-03T06:59", "2025-01-03T09:00"), "2025-01-09T09:00", True, id="overlap"),
        pytest.param(window("2025-01-04T20:00", "2025-01-05T07:00"), "2025-01-03T09:00", True, id="misdated"),
        pytest.param(window("2025-01-04T20:00", "2025-01-05T07:00"), "2025-01-09T09:00", False, id="far"),
        pytest.param(window(), None, True, id="hours-alone"),
    ],
)  # fmt: skip
def test_when_a_report_must_be(hours, posted, fits):
    names, _ = joined(report(bulletin(NEARLY, hours=hours, posted=posted)), primary())
    assert (names == [STATED]) == fits


NEXT_NIGHT = window("2025-01-03T20:00", "2025-01-04T07:00")


@pytest.mark.parametrize(
    ("parts", "hours", "posted", "fits"),
    [
        pytest.param(LIST, NEXT_NIGHT, None, True, id="a-day-off"),
        pytest.param(LIST, NEXT_NIGHT, "2025-01-09T09:00", True, id="posted-days-later"),
        pytest.param(LIST, window("2025-02-02T20:00", "2025-02-03T07:00"), None, True, id="a-month-off"),
        pytest.param(LIST, window("2024-12-02T20:00", "2024-12-03T07:00"), None, True, id="a-month-before"),
        pytest.param(LIST, window("2025-02-03T20:00", "2025-02-04T07:00"), None, False, id="further"),
        pytest.param(LIST, None, "2025-01-04T04:31", False, id="no-hours"),
        pytest.param(NEARLY, NEXT_NIGHT, None, False, id="a-count-differs"),
        pytest.param(WITHOUT_BRYANSK | {"perm": 2}, NEXT_NIGHT, None, False, id="another-region"),
    ],
)  # fmt: skip
def test_the_very_list_is_known_under_a_wrong_date(parts, hours, posted, fits):
    told = bulletin(parts, hours=hours, posted=posted)
    assert (joined(report(told), primary())[0] == [STATED]) == fits


def test_two_regions_are_no_list_to_know_a_bulletin_by():
    told = report(bulletin({"tula": 9, "oryol": 6}, hours=NEXT_NIGHT, posted=None))
    assert joined(told, primary({"tula": 9, "oryol": 6}))[1] == ["unmatched-report"]
    told = report(bulletin(WITHOUT_BRYANSK, total=30, hours=NEXT_NIGHT, posted=None))
    assert joined(told, primary(WITHOUT_BRYANSK))[1] == ["unmatched-report"]


def test_a_wrong_date_does_not_lead_to_another_bulletin():
    other = primary(WITHOUT_BRYANSK | {"perm": 2}, hours=NEXT_NIGHT)
    told = bulletin(LIST, hours=NEXT_NIGHT, posted="2025-01-03T09:00")
    assert joined(report(told), primary(), other) == ([STATED], ["window-differs"])
    # A paper that also garbles a count tells the bulletin with which it shares most.
    small = primary({"tula": 9, "oryol": 6, "perm": 4, "tver": 1, "penza": 1}, hours=NEXT_NIGHT)
    told = bulletin(LIST | {"bryansk": 3}, total=21, hours=NEXT_NIGHT, posted="2025-01-03T09:00")
    assert joined(report(told), primary(), small)[0] == [STATED]


@pytest.mark.parametrize("field", ["claimant", "direction", "weapon"])
def test_what_must_agree(field):
    other = {"claimant": "ua_air_force", "direction": "on_ukraine", "weapon": "missile"}
    told = bulletin(LIST, hours=window(), **{field: other[field]})
    assert joined(report(told), primary())[1] == ["unmatched-report"]


def test_hours_that_differ_are_said():
    told = bulletin(LIST, hours=window("2025-01-02T20:50", "2025-01-03T07:00"))
    assert joined(report(told), primary()) == ([STATED], ["window-differs"])


def test_of_several_bulletins_the_best_is_taken():
    evening = primary(
        hours=window("2025-01-02T16:00", "2025-01-02T19:00"), posted="2025-01-02T17:00"
    )
    wide = primary({"kursk": 21}, hours=window("2025-01-02T12:00", "2025-01-03T07:00"))
    told = report(bulletin(LIST, hours=window(), posted="2025-01-03T06:00"))
    assert joined(told, evening, wide, primary())[0] == [STATED]
    undated = report(bulletin(LIST, posted="2025-01-03T06:00"))
    assert joined(undated, evening, primary())[0] == [STATED]  # the nearer post


def test_the_list_decides_before_the_hours_and_the_hours_before_a_few_counts():
    there = primary({"perm": 21})
    later = window("2025-01-03T08:00", "2025-01-03T09:00")
    told = report(bulletin(LIST, hours=window(), posted="2025-01-03T10:00"))
    name = "20250103T0500Z-20250103T0600Z.ru_mod.on_russia.uav"
    assert joined(told, primary(hours=later), there)[0] == [name]
    most = primary(WITHOUT_BRYANSK | {"perm": 2}, hours=later)
    assert joined(told, most, there)[0] == [name]
    few = {"tula": 9, "oryol": 6, "kursk": 1, "penza": 1, "perm": 1, "tver": 3}
    assert joined(told, primary(few, hours=later), there)[0] == [STATED]


def test_a_total_decides_before_counts():
    same_list = primary(LIST | {"perm": 9}, hours=window("2025-01-02T19:00", "2025-01-03T07:00"))
    same_total = primary({"perm": 21})
    told = report(bulletin(LIST, hours=window()))
    assert joined(told, same_list, same_total)[0] == [STATED]


def test_without_hours_there_are_none_to_take():
    rows, _ = join_tellings(completion(), primary(hours=None))
    assert rows["bulletin_id"].unique().tolist() == ["20250103T0430Z-post1.ru_mod.on_russia.uav"]
    assert rows["window_start"].isna().all()
    assert rows["window_end"].isna().all()
    assert rows["window_precision"].eq("").all()


def test_of_equal_totals_the_larger_common_part_decides():
    part = primary(
        {},
        total=21,
        hours=window("2025-01-02T23:00", "2025-01-03T07:00"),
        posted="2025-01-03T06:00",
    )
    whole = primary({}, total=21)
    told = report(bulletin({}, total=21, hours=window(), posted="2025-01-03T06:00"))
    assert joined(told, part, whole)[0] == [STATED]


def test_two_statements_of_one_article_join_two_bulletins():
    evening = primary(
        hours=window("2025-01-02T16:00", "2025-01-02T19:00"), posted="2025-01-02T17:00"
    )
    # Both fit the night best; the second is left with the evening.
    told = report(
        bulletin(LIST, hours=window(), posted="2025-01-03T05:00"),
        bulletin(LIST, posted="2025-01-03T05:00"),
    )
    assert joined(told, evening, primary())[0] == [
        STATED,
        "20250102T1300Z-20250102T1600Z.ru_mod.on_russia.uav",
    ]


def test_no_total_is_equal_to_no_other():
    def cut(parts, **fields):
        table = primary(parts, list="cut", **fields)
        return table[table["relation"] != "total"]

    told = cut({"perm": 1}).assign(source="p.org", source_kind="report")
    told["bulletin_id"] = told["bulletin_id"] + ".report-p.org"
    assert joined(told, cut({"tula": 9}))[1] == ["unmatched-report"]


def test_what_was_suppressed_is_in_the_total():
    both = (
        Count(("tula",), 3, "single", "intercepted"),
        Count(("oryol",), 2, "single", "suppressed"),
    )
    told = report(bulletin({}, hours=window(), total=5))
    assert joined(told, primary({}, total=5, counts=both))[0] == [STATED]


def test_the_newest_revision_of_a_post_is_completed():
    old, new = (
        primary({"tula": 9}, total=20, list="cut"),
        primary({"tula": 9}, total=21, list="cut"),
    )
    known = pd.concat([old, join_tellings(new, old)[0]], ignore_index=True)
    for rows in (known, known[::-1].reset_index(drop=True)):
        assert joined(completion(), rows) == ([STATED], [])


def test_two_articles_of_one_paper_are_two_revisions():
    told = report(
        bulletin({"tula": 21}, hours=window(), posted="2025-01-03T06:00"),
        bulletin({"oryol": 21}, hours=window(), posted="2025-01-03T09:00"),
    )
    rows, _ = join_tellings(told, primary())
    assert rows["bulletin_id"].eq(STATED).all()
    totals = rows[rows["relation"] == "total"]
    assert totals[["revision", "posted_at"]].to_numpy().tolist() == [
        [1, pd.Timestamp("2025-01-03T06:00Z")],
        [2, pd.Timestamp("2025-01-03T09:00Z")],
    ]


def test_the_total_of_a_completion_counts_as_well():
    cut = primary({"tula": 9}, total=None, list="cut")
    cut = cut[cut["relation"] != "total"]
    rows, _ = join_tellings(completion(), cut)
    told = report(bulletin({}, total=21, posted="2025-01-03T06:00"))
    assert joined(told, cut)[1] == ["unmatched-report"]
    assert joined(told, cut, rows)[0] == [STATED]


def test_an_unmatched_report_is_a_bulletin_of_its_own_once():
    told = report(bulletin({"perm": 1}, hours=point()))
    nothing = claims()
    rows, findings = join_tellings(told, nothing)
    name = "20250102T1600Z.ru_mod.on_russia.uav.report-p.org"
    assert rows["bulletin_id"].unique().tolist() == [name]
    assert [f.code for f in findings] == ["unmatched-report"]
    assert joined(told, rows) == ([], ["unmatched-report"])


def test_reports_of_two_papers_are_two_versions():
    told = bulletin(LIST, hours=window())
    first, _ = join_tellings(report(told), primary())
    rows, _ = join_tellings(report(told, source="q.org"), pd.concat([primary(), first]))
    assert rows["revision"].tolist() == [1] * 5
    changed = bulletin({"tula": 9, "oryol": 6, "kursk": 6}, hours=window())
    rows, _ = join_tellings(report(changed), pd.concat([primary(), first]))
    assert set(rows["revision"]) == {2}


def test_nothing_new_joins_nothing():
    rows, findings = join_tellings(claims(), primary())
    assert (len(rows), findings) == (0, [])
