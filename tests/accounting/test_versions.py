"""Which telling of a bulletin counts."""

import pandas as pd
import pytest

from analysis.accounting import select_versions
from analysis.accounting.ranking import rank_versions
from analysis.accounting.versions import read_moment
from analysis.errors import PanelError
from analysis.vocabulary import CLAIM_COLUMNS
from tests.made_claims import bulletin, figure, ledger, moscow

START, END = "2024-03-10 20:00", "2024-03-11 07:00"
WHOLE = {"kursk": 6, "tula": 3}


def telling(kind="primary", parts=None, revision=1, source=None, known=None, name="b", **more):
    """One version of a bulletin of nine drones."""
    source = source or {"primary": "mod_russia", "completion": "agency", "report": "paper"}[kind]
    more = {"source_kind": kind, "source": source, "revision": revision, "known": known} | more
    return bulletin(name, START, END, WHOLE if parts is None else parts, **({"total": 9} | more))


def cut(**more):
    return telling(parts={"kursk": 6}, listing="cut", **more)


def chosen(*tellings, as_of=None):
    """Kind, source and revision of what counts."""
    rows = select_versions(ledger(*tellings), as_of)
    versions = rows[["source_kind", "source", "revision"]].drop_duplicates()
    return [tuple(v) for v in versions.to_numpy().tolist()]


PRIMARY = [("primary", "mod_russia", 1)]
COMPLETION = [("completion", "agency", 1)]
REPORT = [("report", "paper", 1)]


@pytest.mark.parametrize(
    ("tellings", "expected"),
    [
        ([telling(), telling("completion", revision=5), telling("report", revision=9)], PRIMARY),
        ([cut(), telling("completion"), telling("report", revision=9)], COMPLETION),
        ([cut(), telling("report")], REPORT),
        ([cut(), telling("report", parts={"kursk": 6, "tula": 2})], PRIMARY),
        ([cut(), telling("report", parts={"kursk": 6, "tula": 3}, listing="cut")], PRIMARY),
        ([cut(), telling("report", parts={"kursk": 5, "tula": 4})], PRIMARY),
        ([cut(), telling("report", parts={"tula": 9})], PRIMARY),
        ([cut(), telling("completion", parts={"kursk": 5, "tula": 4})], COMPLETION),
        ([cut(), telling("completion", parts={"kursk": 6, "tula": 4}, total=10)], PRIMARY),
        ([cut(), telling("report", parts={"kursk": 6, "tula": 4}, total=10)], PRIMARY),
        ([cut(total=6), telling("completion")], COMPLETION),
        ([cut(total=6), telling("report")], REPORT),
        ([telling(parts={}), telling("completion", parts={"kursk|tula": 9})], COMPLETION),
        ([telling(parts={"kursk|tula": 9}), telling("completion")], PRIMARY),
        ([telling(parts={"kursk": 6, "tula": 4}), telling("completion")], COMPLETION),
        ([cut(), cut(revision=2)], [("primary", "mod_russia", 2)]),
        ([telling(), telling(revision=2)], [("primary", "mod_russia", 2)]),
        ([telling(), cut(revision=2)], PRIMARY),
        (
            [cut(), telling("report", revision=2), telling("report", source="z", revision=3)],
            [("report", "z", 3)],
        ),
        (
            [
                cut(),
                telling("report", known="2024-03-12 09:00"),
                telling("report", source="z", known="2024-03-12 08:00"),
            ],
            REPORT,
        ),
        ([cut(), telling("report", source="z"), telling("report")], REPORT),
        (
            [
                cut(),
                telling("report", revision=2),
                telling("report", revision=1, known="2024-03-15 09:00"),
            ],
            [("report", "paper", 2)],
        ),
        ([telling("completion")], COMPLETION),
        ([telling("report")], []),
        ([telling(parts={}, total=0)], PRIMARY),
    ],
    ids=[
        "a complete primary before all",
        "a completion before a report",
        "a report that adds up before a cut primary",
        "not a report that falls short",
        "not a report whose own list is cut",
        "not a report that changes a count shown",
        "not a report that lacks a region shown",
        "a completion may correct a count shown",
        "not a completion with another total",
        "not a report with another total",
        "a cut list that makes the total states none",
        "so a report may raise it",
        "a joint completion accounts for the total",
        "a joint primary is complete",
        "parts above the total are not complete",
        "newest revision of cut primaries",
        "newest revision of complete primaries",
        "an older complete one before a newer cut one",
        "newest revision of reports",
        "the report known last",
        "then the first name",
        "a newer revision before one known later",
        "a completion alone",
        "reports alone match nothing",
        "nothing shot down",
    ],
)
def test_one_version_counts(tellings, expected):
    assert chosen(*tellings) == expected
    assert chosen(*reversed(tellings)) == expected


def test_intercepted_and_suppressed_make_the_total_together():
    lost = {"measure": "suppressed", "relation": "total", "regions": "", "count": 2}
    primary = telling(also=[lost])
    assert chosen(primary, telling("completion", total=11, parts={"kursk": 11})) == COMPLETION
    part = {"measure": "suppressed", "relation": "single", "regions": "oryol", "count": 2}
    primary = telling(also=[lost, part])
    assert chosen(primary, telling("completion", total=11, parts={"kursk": 11})) == PRIMARY


def test_only_what_was_known_before_a_moment():
    tellings = [cut(), telling("completion", known="2024-03-12 07:00")]
    assert chosen(*tellings, as_of="2024-03-12T04:00Z") == PRIMARY
    assert chosen(*tellings, as_of="2024-03-12T04:01Z") == COMPLETION
    assert chosen(*tellings, as_of="2024-03-11 04:00") == []
    assert chosen(*tellings, as_of="2024-03-11 04:01") == PRIMARY


def test_each_bulletin_is_chosen_by_itself():
    other = telling(name="c", parts={"oryol": 9})
    rows = select_versions(ledger(cut(), telling("completion"), other))
    assert rows.groupby("bulletin_id")["source_kind"].unique().map(list).to_dict() == {
        "b": ["completion"],
        "c": ["primary"],
    }


def test_a_figure_that_is_never_added_stays_whoever_tells_it():
    rows = telling("report", name="f", also=figure(START, END, 20))
    claims = ledger(rows, telling())
    claims = claims[(claims["bulletin_id"] != "f") | (claims["relation"] == "cumulative")]
    assert set(select_versions(claims)["bulletin_id"]) == {"b", "f"}


def test_rows_and_attributes_are_kept_as_they_were():
    claims = ledger(cut(), telling("report"), channel_days=["2024-03-11"])
    claims.index = [7, 7, 5, 5, 5]
    before = claims.copy()
    rows = select_versions(claims)
    assert rows.attrs["channel_days"] == ("2024-03-11",)
    assert list(rows.index) == [5, 5, 5]
    pd.testing.assert_frame_equal(claims, before)


def part(region, of, count, **more):
    return {"relation": "subset", "regions": region, "of": of, "count": count} | more


LAUNCHED = {"measure": "launched", "relation": "total", "regions": "", "count": 30}
WIDER = figure("2024-03-10 12:00", END, 40, outside=25)


def beside(*tellings):
    """What counts besides counts that are added: source, relation, regions and count."""
    rows = select_versions(ledger(*tellings))
    added = rows["relation"].isin(["single", "joint"]) | (
        rows["relation"].eq("total") & rows["measure"].eq("intercepted")
    )
    return sorted(
        map(tuple, rows.loc[~added, ["source", "relation", "regions", "count"]].to_numpy())
    )


def test_what_only_the_primary_tells_is_not_lost():
    primary = cut(also=[part("oryol", "kursk", 2), LAUNCHED, *WIDER])
    kept = [
        ("mod_russia", "cumulative", "", 40),
        ("mod_russia", "subset", "oryol", 2),
        ("mod_russia", "subset", "outside_operation_zone", 25),
        ("mod_russia", "total", "", 30),
    ]
    assert beside(primary, telling("completion")) == kept
    assert beside(primary, telling("report")) == kept
    assert chosen(primary, telling("completion"))[0] == ("primary", "mod_russia", 1)
    rows = select_versions(ledger(primary, telling("completion")))
    own = rows[rows["relation"].isin(["single", "total"]) & rows["measure"].eq("intercepted")]
    assert own["source_kind"].eq("completion").all()
    assert own["count"].tolist() == [9, 6, 3]


def test_a_completion_s_part_is_kept_beside_a_complete_primary():
    assert beside(telling(), telling("completion", also=[part("oryol", "kursk", 2)])) == [
        ("agency", "subset", "oryol", 2)
    ]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (part("oryol", "kursk", 2), []),
        (part("oryol", "kursk", 1), []),
        (part("", "kursk", 2), []),
        (part("oryol", "tula", 1), [("mod_russia", "subset", "oryol", 1)]),
        (part("perm", "kursk", 1), [("mod_russia", "subset", "perm", 1)]),
        (part("oryol", "kursk", 2, measure="suppressed"), [("mod_russia", "subset", "oryol", 2)]),
        (LAUNCHED | {"count": 31}, [("mod_russia", "total", "", 31)]),
    ],
    ids=[
        "same",
        "other number",
        "other name",
        "other whole",
        "another part",
        "measure",
        "launched",
    ],
)
def test_a_part_that_the_better_version_tells_is_told_once(told, kept):
    better = telling("completion", also=[part("oryol", "kursk", 2)])
    assert beside(cut(also=[told]), better) == sorted([("agency", "subset", "oryol", 2), *kept])


def test_a_part_has_no_hours_of_its_own():
    told = [
        row | {"window_end": moscow("2024-03-11 08:00")}
        for row in cut(also=[part("oryol", "kursk", 2)])
    ]
    better = telling("completion", also=[part("oryol", "kursk", 2)])
    assert beside(told, better) == [("agency", "subset", "oryol", 2)]


def test_a_wider_figure_is_known_by_its_hours():
    other = figure("2024-03-10 14:00", END, 40)
    better = telling("completion", also=figure("2024-03-10 12:00", END, 41))
    assert beside(cut(also=WIDER[:1]), better) == [("agency", "cumulative", "", 41)]
    assert beside(cut(also=other), better) == [
        ("agency", "cumulative", "", 41),
        ("mod_russia", "cumulative", "", 40),
    ]


@pytest.mark.parametrize(
    "lost",
    [
        telling("report", also=[part("oryol", "kursk", 2), *WIDER]),
        telling("completion", total=10, parts={"kursk": 10}, also=[part("oryol", "kursk", 2)]),
    ],
    ids=["a report", "a completion of another total"],
)
def test_what_cannot_be_relied_on_is_not_kept(lost):
    assert beside(telling(), lost) == []


def test_what_a_correction_leaves_out_is_taken_back():
    first = cut(also=[part("oryol", "kursk", 2)])
    assert beside(first, cut(revision=2)) == []
    assert beside(first, cut(revision=2), telling("completion")) == []
    assert beside(cut(revision=2), cut(also=[LAUNCHED]), telling("completion")) == []


def test_of_several_that_tell_a_part_the_best_is_kept():
    partial = telling(
        "completion", parts={"kursk": 6}, listing="cut", also=[part("tula", "kursk", 1)]
    )
    kept = beside(cut(also=[part("tula", "kursk", 2)]), partial, telling("report"))
    assert kept == [("mod_russia", "subset", "tula", 2)]


def test_the_rows_of_a_bulletin_have_one_list_and_one_window():
    wrong = {"window_start": moscow("2024-03-09 20:00"), "window_end": moscow("2024-03-10 07:00")}
    report = [row | wrong for row in telling("report")]
    rows = select_versions(ledger(cut(also=[LAUNCHED, *WIDER]), report))
    assert rows["list"].eq("itemised").all()
    own = rows["relation"].isin(["single", "total"])
    assert rows.loc[own, "window_start"].eq(moscow(START)).all()
    assert rows.loc[own, "window_end"].eq(moscow(END)).all()
    assert rows.loc[~own, "window_start"].eq(moscow("2024-03-10 12:00")).all()
    undated = [row | {"window_start": pd.NaT, "window_end": pd.NaT} for row in cut()]
    undated = [row | {"window_precision": ""} for row in undated]
    rows = select_versions(ledger(undated, report))
    assert rows["window_start"].isna().all()
    assert rows["window_precision"].eq("").all()


def test_a_report_that_counts_gets_the_hours_of_the_newest_post():
    def at(hour, rows):
        return [row | {"window_start": moscow(f"2024-03-10 {hour}:00")} for row in rows]

    posts = [*at(20, cut()), *at(21, cut(revision=2))]
    partial = at(22, telling("completion", parts={"kursk": 5}, listing="cut"))
    report = [*at(23, telling("report")), *WIDER]
    base = report[0]
    report = [row if "source" in row else base | row for row in report]
    rows = select_versions(ledger(posts, partial, report))
    assert rows["source_kind"].eq("report").all()
    own = rows["relation"].isin(["single", "total"])
    assert rows.loc[own, "window_start"].eq(moscow("2024-03-10 21:00")).all()
    assert rows.loc[~own, "window_start"].tolist() == [moscow("2024-03-10 12:00")] * 2


def test_a_region_jammed_for_the_one_and_downed_for_the_other_is_the_same():
    lost = {"measure": "suppressed", "relation": "single", "regions": "oryol", "count": 2}
    total = {"measure": "suppressed", "relation": "total", "regions": "", "count": 2}
    told = telling("report", total=11, parts={"kursk": 6, "oryol": 2, "tula": 3})
    assert chosen(cut(also=[lost, total]), told) == REPORT


def test_a_part_whose_place_is_lost_is_told_but_nowhere():
    lost = {"relation": "single", "regions": "", "count": 3}
    whole = telling(parts={"kursk": 6}, also=[lost])
    assert chosen(whole, telling("completion")) == COMPLETION
    endless = [row for row in cut(also=[lost]) if row["relation"] != "total"]
    table = rank_versions(ledger(endless))
    assert table[["stated", "total", "parts"]].to_numpy().tolist() == [[False, 9, 6]]
    assert chosen(endless, telling("completion", total=20, parts={"kursk": 20})) == COMPLETION


@pytest.mark.parametrize("as_of", ["yesterday", None, 3.5j, float("nan")], ids=str)
def test_what_is_no_moment_is_refused(as_of):
    with pytest.raises(PanelError, match="which is not a moment"):
        read_moment(as_of)


def test_missing_columns_are_named():
    claims = ledger(telling()).drop(columns=["count", "list"])
    with pytest.raises(PanelError, match="The claims lack the columns list, count"):
        select_versions(claims)
    with pytest.raises(PanelError, match=f"and {len(CLAIM_COLUMNS) - 5} more"):
        select_versions(pd.DataFrame())


def test_times_without_a_zone_are_refused():
    claims = ledger(telling())
    claims["known_at"] = claims["known_at"].dt.tz_localize(None)
    with pytest.raises(
        PanelError, match=r"known_at of the claims is datetime64\[us\], not moments"
    ):
        select_versions(claims)
