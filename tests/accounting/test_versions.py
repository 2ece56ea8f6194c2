"""Which telling of a bulletin counts."""

import pandas as pd
import pytest

from analysis.accounting import select_versions
from analysis.accounting.versions import read_moment
from analysis.errors import PanelError
from analysis.vocabulary import CLAIM_COLUMNS
from tests.made_claims import bulletin, figure, ledger

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
