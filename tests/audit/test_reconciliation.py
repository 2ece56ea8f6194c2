"""The versions of a bulletin beside the one that counts."""

import pandas as pd
import pytest

from analysis import reconcile
from analysis.errors import PanelError
from analysis.vocabulary import TELLING_COLUMNS
from tests.made_claims import bulletin, figure, ledger, moscow

HOURS = "2024-03-10 20:00", "2024-03-11 07:00"
WHOLE = {"kursk": 6, "tula": 3}
KINDS = {"primary": "mod_russia", "completion": "agency", "report": "paper"}


def telling(kind="primary", parts=None, hours=HOURS, **more):
    more = {"source_kind": kind, "source": KINDS[kind], "total": 9} | more
    return bulletin("b", *hours, WHOLE if parts is None else parts, **more)


def cut(**more):
    return telling(parts={"kursk": 6}, listing="cut", **more)


def rows(*tellings, source="paper", columns=("kind", "region", "published", "told_region", "told")):
    """What is told of one source's version."""
    table = reconcile(ledger(*tellings))
    return [tuple(row) for row in table.loc[table["source"] == source, list(columns)].to_numpy()]


def test_every_count_of_every_version_stands_beside_the_one_that_counts():
    table = reconcile(
        ledger(cut(), telling("completion"), telling("report", {"kursk": 6, "perm": 3}))
    )
    assert list(table.columns) == list(TELLING_COLUMNS)
    assert dict(table.dtypes.astype(str)) == {
        "bulletin_id": "str",
        "source_kind": "str",
        "source": "str",
        "revision": "int64",
        "counts": "bool",
        "adds_up": "bool",
        "measure": "str",
        "kind": "str",
        "region": "str",
        "published": "Int64",
        "told_region": "str",
        "told": "Int64",
        "window_start": "datetime64[us, UTC]",
        "window_end": "datetime64[us, UTC]",
    }
    told = table[["source", "kind", "region", "published", "told_region", "told"]]
    missing = told.astype(object).fillna("")
    assert [tuple(row) for row in missing.to_numpy()] == [
        ("agency", "agrees", "all", 9, "all", 9),
        ("agency", "agrees", "kursk", 6, "kursk", 6),
        ("agency", "agrees", "tula", 3, "tula", 3),
        ("mod_russia", "agrees", "all", 9, "all", 9),
        ("mod_russia", "agrees", "kursk", 6, "kursk", 6),
        ("mod_russia", "not told", "tula", 3, "", ""),
        ("paper", "agrees", "all", 9, "all", 9),
        ("paper", "agrees", "kursk", 6, "kursk", 6),
        ("paper", "misattributed", "tula", 3, "perm", 3),
    ]
    assert table.groupby("source")["counts"].unique().map(list).to_dict() == {
        "agency": [True],
        "mod_russia": [False],
        "paper": [False],
    }
    assert table.groupby("source")["adds_up"].first().to_dict() == {
        "agency": True,
        "mod_russia": False,
        "paper": True,
    }
    assert table["measure"].eq("intercepted").all()
    assert table["window_start"].eq(moscow(HOURS[0])).all()
    assert table["window_end"].eq(moscow(HOURS[1])).all()


def test_one_version_has_nothing_beside_it():
    alone = ledger(telling())
    assert reconcile(alone).empty
    assert reconcile(alone, "b")["kind"].tolist() == ["agrees"] * 3
    with pytest.raises(PanelError, match="No claim belongs to the bulletin 'c'"):
        reconcile(alone, "c")
    with pytest.raises(PanelError, match="The claims lack the columns"):
        reconcile(pd.DataFrame())


def test_one_bulletin_can_be_asked_for():
    other = [row | {"bulletin_id": "c"} for row in (*telling(), *telling("report"))]
    claims = ledger(telling(), telling("report"), other)
    assert reconcile(claims)["bulletin_id"].unique().tolist() == ["b", "c"]
    pd.testing.assert_frame_equal(
        reconcile(claims, "c"), reconcile(claims).query("bulletin_id == 'c'").reset_index(drop=True)
    )


def test_what_nobody_published_cannot_be_compared():
    assert reconcile(ledger(telling("report"), telling("report", source="other"))).empty
    # Wider figures are no tellings of the bulletin.
    only = [
        row for row in telling("report", also=figure(*HOURS, 40)) if row["relation"] == "cumulative"
    ]
    assert reconcile(ledger(telling(), only)).empty


def test_the_order_of_rows_says_nothing():
    claims = ledger(cut(), telling("completion"), telling("report", {"tula": 6, "kursk": 3}))
    pd.testing.assert_frame_equal(reconcile(claims[::-1]), reconcile(claims))
    wider = figure("2024-03-10 12:00", HOURS[1], 40, outside=25)
    for order in (slice(None), slice(None, None, -1)):
        table = reconcile(ledger(telling(), telling("report", also=wider))[order])
        assert set(table["kind"]) == {"agrees"}
        assert table["window_start"].eq(moscow(HOURS[0])).all()


def test_a_paper_that_calls_the_jammed_downed_agrees():
    lost = {"measure": "suppressed", "relation": "single", "regions": "oryol", "count": 2}
    total = {"measure": "suppressed", "relation": "total", "regions": "", "count": 2}
    told = telling("report", WHOLE | {"oryol": 2}, total=11)
    assert {kind for kind, *_ in rows(telling(also=[lost, total]), told)} == {"agrees"}


def test_a_total_is_compared_where_both_state_one():
    none = [row for row in telling("report", {"kursk": 6, "tula": 4}) if row["relation"] != "total"]
    assert rows(telling(), none) == [
        ("agrees", "kursk", 6, "kursk", 6),
        ("wrong count", "tula", 3, "tula", 4),
    ]
    # Where a cut list makes the total, the text may have stated none.
    early = cut(total=6)
    assert rows(early, telling("completion"), source="mod_russia")[0] == (
        "agrees",
        "kursk",
        6,
        "kursk",
        6,
    )


def test_other_measures_are_compared_by_themselves():
    launched = {"measure": "launched", "relation": "total", "regions": "", "count": 30}
    more = telling("completion", also=[launched | {"count": 31}])
    found = rows(
        telling(also=[launched]),
        more,
        source="agency",
        columns=("measure", "kind", "published", "told"),
    )
    assert [row for row in found if row[0] == "launched"] == [("launched", "wrong count", 30, 31)]


def test_a_list_of_another_measure_is_never_taken_for_complete():
    aimed = {"measure": "launched", "relation": "single", "count": 5}
    primary = telling(also=[aimed | {"regions": "kursk"}])
    paper = telling("report", also=[aimed | {"regions": "kursk"}, aimed | {"regions": "perm"}])
    found = rows(primary, paper, columns=("measure", "kind", "region"))
    assert [row for row in found if row[0] == "launched"] == [
        ("launched", "agrees", "kursk"),
        ("launched", "only here", "perm"),
    ]


@pytest.mark.parametrize(
    ("named", "kind"), [(2, "omitted"), (1, "not told")], ids=["half a list", "an excerpt"]
)
def test_an_excerpt_omits_nothing(named, kind):
    whole = {"bryansk": 4, "kursk": 3, "oryol": 2, "tula": 1}
    less = dict(list(whole.items())[:named])
    told = telling("report", less, total=10)
    found = rows(telling(parts=whole, total=10), told)
    assert {row[0] for row in found} == {"agrees", kind}
    assert sum(row[0] == kind for row in found) == 4 - named


@pytest.mark.parametrize(
    ("hours", "precision", "own", "misdated"),
    [
        pytest.param(HOURS, "stated", "stated", False, id="same"),
        pytest.param(("2024-03-10 20:10", HOURS[1]), "stated", "stated", True, id="ten-minutes-off"),
        pytest.param(("2024-03-10 20:10", HOURS[1]), "assumed", "stated", False, id="assumed-hours"),
        pytest.param(("2024-03-10 20:10", HOURS[1]), "stated", "assumed", False, id="hours-not-stated"),
        pytest.param(("2024-03-11 20:00", "2024-03-12 07:00"), "assumed", "stated", True, id="assumed-a-day-off"),
        pytest.param(("2024-03-11 07:00", "2024-03-11 08:00"), "assumed", "stated", True, id="after-it"),
        pytest.param(("2024-03-10 19:00", "2024-03-10 20:00"), "assumed", "stated", True, id="before-it"),
        pytest.param(("2024-03-10 21:00", "2024-03-10 21:01"), "point", "stated", False, id="a-point-in-it"),
        pytest.param((None, None), "", "stated", False, id="no-hours"),
    ],
)  # fmt: skip
def test_hours_told_otherwise(hours, precision, own, misdated):
    told = telling("report", hours=hours, window_precision=precision, posted="2024-03-11 09:00")
    found = rows(telling(window_precision=own), told, columns=("kind", "region", "measure"))
    assert [row for row in found if row[0] != "agrees"] == [("misdated", "all", "")] * misdated


def test_a_report_that_counts_is_held_against_the_hours_of_the_post():
    told = telling("report", hours=("2024-03-09 20:00", "2024-03-10 07:00"))
    table = reconcile(ledger(cut(), told))
    assert table["source"].unique().tolist() == ["paper", "mod_russia"]
    assert table.loc[table["kind"] == "misdated", ["source", "counts"]].to_numpy().tolist() == [
        ["paper", True]
    ]


def test_parts_known_from_any_version_explain_what_a_paper_adds():
    part = {"relation": "subset", "regions": "oryol", "of": "tula", "count": 2}
    told = telling("report", WHOLE | {"oryol": 2})
    found = rows(cut(also=[part]), telling("completion"), told)
    assert ("subset added", "tula", 3, "oryol", 2) in found
    assert ("wrong count", "oryol", 0, "oryol", 2) in rows(cut(), telling("completion"), told)
