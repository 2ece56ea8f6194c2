"""Why a cell of the panel holds what it holds."""

import pandas as pd
import pytest

from analysis.errors import PanelError
from analysis.panel import build_panel, explain_cell
from analysis.panel.explanation import EXPLAINED
from tests.made_claims import bulletin, figure, ledger

NIGHT = "2024-03-11"
HOURS = "2024-03-10 20:00", "2024-03-11 07:00"


def reasons(claims, region="all", night=NIGHT, **options):
    """(bulletin, kind, relation, regions) -> (counted, rule)."""
    table = explain_cell(claims, night, region, **options)
    assert list(table.columns) == list(EXPLAINED)
    keys = table[["bulletin_id", "source_kind", "relation", "regions"]].apply(tuple, axis=1)
    return dict(zip(keys, zip(table["counted"].tolist(), table["rule"], strict=True), strict=True))


CUT = bulletin("b", *HOURS, {"kursk": 6}, total=9, listing="cut")
LATER = {"source": "agency", "known": "2024-03-12 07:00"}
COMPLETION = bulletin("b", *HOURS, {"kursk": 6, "tula": 3}, source_kind="completion", **LATER)
REPORT = bulletin("b", *HOURS, {"kursk": 5, "tula": 4}, source_kind="report", source="paper")


def test_versions_that_do_not_count_say_why():
    assert reasons(ledger(CUT, COMPLETION, REPORT)) == {
        ("b", "primary", "total", ""): (
            False,
            "Not counted: its list does not make its total; revision 1 of the completion from agency counts.",
        ),
        ("b", "completion", "total", ""): (True, "Counted whole: its window lies in this night."),
        ("b", "report", "total", ""): (
            False,
            "Not counted: it contradicts the primary; revision 1 of the completion from agency counts.",
        ),
    }
    rows = reasons(ledger(CUT, COMPLETION, REPORT), as_of="2024-03-12T00:00Z")
    assert rows["b", "primary", "total", ""][0]
    assert ("b", "completion", "total", "") not in rows
    second = bulletin("b", *HOURS, {"kursk": 6, "tula": 3}, revision=2)
    first = bulletin("b", *HOURS, {"kursk": 6, "tula": 3})
    table = explain_cell(ledger(first, second), NIGHT, "all").set_index("revision")
    assert (
        table.loc[1, "rule"]
        == "Not counted: revision 2 of the primary from mod_russia goes before it."
    )
    assert table["counted"].to_dict() == {1: False, 2: True}


def test_a_report_stands_where_its_bulletin_stands():
    paper = {"source_kind": "report", "source": "paper", "posted": "2024-03-11 09:00"}
    wrong = bulletin("b", "2024-03-12 20:00", "2024-03-13 07:00", {"kursk": 6, "tula": 3}, **paper)
    other = bulletin("c", "2024-03-12 21:00", "2024-03-13 06:00", {"oryol": 1})
    claims = ledger(bulletin("b", *HOURS, {"kursk": 6, "tula": 3}), wrong, other)
    assert ("b", "report", "total", "") in reasons(claims)
    assert {key[0] for key in reasons(claims, night="2024-03-13")} == {"c"}
    # Where it counts, it counts in the night of the post.
    counts = reasons(ledger(CUT, wrong, other))
    assert counts["b", "report", "total", ""] == (
        True,
        "Counted whole: its window lies in this night.",
    )
    unmatched = [row | {"bulletin_id": "r"} for row in wrong]
    there = reasons(ledger(CUT, unmatched, other), night="2024-03-13")
    assert there["r", "report", "total", ""] == (
        False,
        "Not counted: only a report tells it, which matches no bulletin.",
    )


def test_what_a_losing_version_alone_tells_counts():
    launched = {"measure": "launched", "relation": "total", "regions": "", "count": 30}
    cut = bulletin("b", *HOURS, {"kursk": 6}, total=9, listing="cut", also=[launched])
    rows = reasons(ledger(cut, COMPLETION), measure="launched")
    assert rows == {
        ("b", "primary", "total", ""): (True, "Counted whole: its window lies in this night.")
    }


def test_a_region_sees_its_counts_and_what_the_list_leaves_over():
    rows = reasons(ledger(CUT), "kursk")
    whole = "Counted whole: its window lies in this night."
    assert rows["b", "primary", "single", "kursk"] == (True, whole)
    left = "Of the total, 3 are left over for this region and others."
    assert rows["b", "primary", "total", ""] == (True, f"{whole} {left}")
    rows = reasons(
        ledger(CUT, bulletin("c", "2024-03-12 12:00", "2024-03-12 13:00", {"oryol": 1})), "oryol"
    )
    assert rows == {("b", "primary", "total", ""): (True, f"{whole} {left}")}
    rows = reasons(ledger(COMPLETION), "kursk")
    nothing = "The list leaves nothing of the total over for this region."
    assert rows["b", "completion", "total", ""] == (False, f"{whole} {nothing}")
    joint = bulletin("b", *HOURS, {"kursk|tula": 6})
    together = "It was given for 2 regions together"
    evenly = ", shared out nearly evenly: hardly any itemised list like it stands near."
    assert reasons(ledger(joint), "tula")["b", "primary", "joint", "kursk|tula"] == (
        True,
        f"{whole} {together}{evenly}",
    )
    settled = bulletin("b", *HOURS, {"kursk|tula": 2})
    assert reasons(ledger(settled), "tula")["b", "primary", "joint", "kursk|tula"] == (
        True,
        f"{whole} {together}.",
    )
    oryol = bulletin("c", "2024-03-12 12:00", "2024-03-12 13:00", {"oryol": 1})
    near = [
        bulletin(name, f"2024-03-{day} 10:00", f"2024-03-{day} 10:20", {"kursk": 2, "tula": 4})
        for name, day in (("x", 10), ("y", 12))
    ]
    rows = reasons(ledger(joint, *near), "tula")
    lists = ", shared out as in 2 itemised lists like it nearby."
    assert rows["b", "primary", "joint", "kursk|tula"] == (True, f"{whole} {together}{lists}")
    rows = reasons(ledger(CUT, *near, oryol), "tula")
    over = "Of the total, 3 are left over for this region and others, shared out as in "
    assert over in rows["b", "primary", "total", ""][1]
    assert ("b", "primary", "joint", "kursk|tula") not in reasons(ledger(joint), "all")


def test_what_is_left_behind_a_cut_is_not_of_the_regions_named():
    elsewhere = bulletin("c", "2024-03-12 12:00", "2024-03-12 13:00", {"oryol": 1})
    total = reasons(ledger(CUT, elsewhere), "kursk")["b", "primary", "total", ""]
    assert not total[0]
    assert total[1].endswith("leaves nothing of the total over for this region.")


def test_a_bulletin_with_impossible_hours_is_shown_where_it_counts():
    def odd(parts):
        hours = "2024-03-14 12:00", "2024-03-14 11:00"
        told = bulletin("o", *hours, parts, posted="2024-03-11 05:00")
        return reasons(ledger(CUT, told))["o", "primary", "total", ""]

    supposed = " It names no usable hours: the three before its posting are assumed."
    inside = "Not added: it lies inside the stated window of b."
    assert odd({"kursk": 1}) == (False, inside + supposed)
    counted, rule = odd({"kursk": 10})
    assert counted
    assert rule.startswith("Counted: it lies inside the stated window of b, but, alone or")
    assert rule.endswith(supposed)


def test_a_cut_list_of_names_may_go_on_with_any_region():
    # The panel shares the nine out over all regions: so the explanation has to say.
    cut = bulletin("b", *HOURS, {"kursk|tula": 9}, total=9, listing="cut")
    claims = ledger(cut, bulletin("c", "2024-03-12 12:00", "2024-03-12 13:00", {"oryol": 1}))
    panel = build_panel(claims).set_index(["night", "region"])
    together = (
        "Counted whole: its window lies in this night. It was given for 2 regions and those that "
        "its cut list does not name together, shared out"
    )
    for region in ("kursk", "oryol"):
        assert panel.loc[(NIGHT, region), "upper"] > 0
        rows = reasons(claims, region)
        counted, rule = rows["b", "primary", "joint", "kursk|tula"]
        assert counted
        assert rule.startswith(together)
        counted, rule = rows["b", "primary", "total", ""]
        assert not counted
        assert rule.endswith(
            "nothing of the total over for this region beside what it gives jointly."
        )
    whole = claims.assign(list=claims["list"].replace("cut", "joint"))
    assert ("b", "primary", "joint", "kursk|tula") not in reasons(whole, "oryol")


def test_parts_of_other_counts_are_shown_and_not_added():
    towards = {"relation": "subset", "regions": "moscow_city", "of": "kursk", "count": 2}
    rows = reasons(ledger(bulletin("b", *HOURS, {"kursk": 6}, also=[towards])), "kursk")
    assert rows["b", "primary", "subset", "moscow_city"] == (
        False,
        "Not added: it is part of another count of the same bulletin.",
    )


@pytest.mark.parametrize(
    ("other", "counted", "rule"),
    [
        (
            bulletin("e", "2024-03-10 21:00", "2024-03-10 22:00", {"kursk": 6}),
            False,
            "Not added: it lies inside the stated window of b.",
        ),
        (
            bulletin("e", "2024-03-10 21:00", "2024-03-10 22:00", {"tula": 6}),
            True,
            "Counted: it lies inside the stated window of b, but, alone or with others there, has more than that leaves room for.",
        ),
        (
            bulletin("e", "2024-03-10 19:00", "2024-03-10 21:00", {"tula": 1}),
            True,
            "Counted with lower 0 and expected 0.5 of n: its hours overlap those of b, which counts for certain.",
        ),
        (
            bulletin("e", None, None, {"tula": 1}, posted="2024-03-11 02:00"),
            True,
            "Counted: it lies inside the stated window of b, but, alone or with others there, has more than that leaves room for. It names no usable hours: the three before its posting are assumed.",
        ),
        (
            bulletin("e", "2024-03-10 19:00", "2024-03-10 20:10", {"tula": 1}),
            False,
            "Not counted here: its window reaches into this night by at most 60 minutes, and counts whole where its larger part lies.",
        ),
        (
            bulletin("e", "2024-03-11 06:50", "2024-03-11 08:10", {"tula": 1}),
            True,
            "Counted whole: its window passes an edge of the night by at most 60 minutes, and its larger part lies here.",
        ),
        (
            bulletin("e", "2024-03-11 06:50", "2024-03-11 10:50", {"tula": 1}),
            True,
            "Counted with lower 0 and expected 0.292 of n: its window passes an edge of the night.",
        ),
        (
            bulletin(
                "e", "2024-03-11 00:00", "2024-03-12 00:00", {"tula": 1}, window_precision="day"
            ),
            False,
            "Not counted here: it names a date without hours, which only a panel of 24 hours holds.",
        ),
        (
            bulletin(
                "e", "2024-03-11 00:00", "2024-03-11 02:00", {"kursk": 1}, window_precision="day"
            ),
            False,
            "Not added: it lies inside the stated window of b.",
        ),
        (
            bulletin("e", *HOURS, {"tula": 1}, source_kind="report", source="paper"),
            False,
            "Not counted: only a report tells it, which matches no bulletin.",
        ),
    ],
    ids=[
        "included",
        "contradicted",
        "overlapping",
        "undated",
        "edge elsewhere",
        "edge here",
        "split",
        "date",
        "date of some hours",
        "unmatched",
    ],
)
def test_each_rule_is_a_sentence(other, counted, rule):
    claims = ledger(bulletin("b", *HOURS, {"kursk": 8}), other)
    (found,) = [why for key, why in reasons(claims).items() if key[0] == "e"]
    assert found == (counted, rule)


def test_a_date_that_lies_in_the_night_is_not_certain():
    hours = "2024-03-11 00:00", "2024-03-11 02:00"
    told = reasons(ledger(bulletin("e", *hours, {"kursk": 1}, window_precision="day")))
    assert told["e", "primary", "total", ""] == (
        True,
        "Counted with lower 0: it names a date; its hours until the posting lie in this night.",
    )


#: A figure over several nights, and what is said of it where no bulletin is.
FIGURES = {
    "stated": (
        figure("2024-03-09 12:00", "2024-03-13 12:00", 40),
        "Not added: it contains other bulletins; it leaves 32 for the nights without one in its "
        "window.",
    ),
    "assumed": (
        figure("2024-03-09 12:00", "2024-03-13 12:00", 40, precision="assumed"),
        "Not added: it contains other bulletins, and is shown only: its hours are assumed.",
    ),
    "less than its parts": (
        figure("2024-03-09 12:00", "2024-03-13 12:00", 5),
        "Not added: it contains other bulletins, and is shown only: it is 3 less than those that "
        "count for certain, so that it bounds nothing.",
    ),
    "part of the night": (
        figure("2024-03-09 12:00", "2024-03-12 02:00", 40),
        "Not added: it contains other bulletins, and is shown only: it holds but a part of this "
        "night.",
    ),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_figures_over_a_night_without_a_bulletin_say_what_they_bound(kind):
    told, words = FIGURES[kind]
    claims = ledger(
        bulletin("b", *HOURS, {"kursk": 8}, also=told), channel_days=["2024-03-10", "2024-03-13"]
    )
    rows = reasons(claims, night="2024-03-12")
    assert rows == {("b", "primary", "cumulative", ""): (False, words)}
    panel = build_panel(claims).set_index(["night", "region"])
    bound = panel.loc[("2024-03-12", "all"), "upper"]
    # What is said is what was done.
    assert (bound == 32) if kind == "stated" else pd.isna(bound)


def test_what_an_included_count_proves_is_said():
    inner = bulletin("e", "2024-03-10 21:00", "2024-03-10 22:00", {"oryol": 6})
    nested = "Not added: it lies inside the stated window of b."
    for parts, proof in (
        ({"kursk|oryol": 9}, " That has at least so many of this region."),
        ({"kursk": 1, "oryol": 8}, ""),
    ):
        rows = reasons(ledger(bulletin("b", *HOURS, parts), inner), region="oryol")
        assert rows["e", "primary", "single", "oryol"] == (False, nested + proof)


def test_a_figure_widens_a_night_of_which_little_is_told():
    told = figure("2024-03-10 12:00", "2024-03-11 12:00", 40, precision="assumed")
    short = bulletin("b", "2024-03-10 20:00", "2024-03-10 23:00", {"kursk": 8}, also=told)
    claims = ledger(short, bulletin("c", "2024-03-12 12:00", "2024-03-12 13:00", {"oryol": 1}))
    panel = build_panel(claims).set_index(["night", "region"])
    bounds = panel.loc[NIGHT, ["state", "lower", "upper", "expected"]].astype(object)
    assert bounds.loc["all"].tolist() == ["bounded", 8, 40, 8.0]
    assert bounds.loc["kursk"].tolist() == ["bounded", 8, 40, 8.0]
    assert bounds.loc["oryol"].tolist() == ["bounded", 0, 32, 0.0]
    assert reasons(claims)["b", "primary", "cumulative", ""] == (
        False,
        "Not added: it contains other bulletins; it leaves 32 beside those that count for certain, "
        "and so little of this night is covered that they may be of it.",
    )
    # A night that is covered lacks none.
    whole = bulletin("b", *HOURS, {"kursk": 8}, also=told)
    assert build_panel(ledger(whole))["state"].eq("exact").all()
    assert reasons(ledger(whole))["b", "primary", "cumulative", ""][1].endswith("a check on them.")


def test_assumed_windows_and_settling_figures_have_sentences_of_their_own():
    told = figure("2024-03-09 12:00", "2024-03-13 12:00", 40)
    night = bulletin("b", *HOURS, {"kursk": 8}, window_precision="assumed", also=told)
    inside = bulletin("e", "2024-03-10 21:00", "2024-03-10 22:00", {"kursk": 6})
    rows = reasons(ledger(night, inside))
    assert rows["e", "primary", "total", ""] == (
        True,
        "Counted with lower 0 and expected 0.333 of n: it may be included in b, whose hours are assumed.",
    )
    check = "Not added: it contains other bulletins and is a check on them."
    assert rows["b", "primary", "cumulative", ""] == (False, check)
    other = bulletin("e", "2024-03-10 21:00", "2024-03-10 22:00", {"tula": 1})
    assert reasons(ledger(night, other))["e", "primary", "total", ""][1].startswith(
        "Counted: it lies inside the assumed window of b, but"
    )
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 14)
    night = bulletin("b", *HOURS, {"kursk": 8}, window_precision="assumed", also=told)
    nothing = bulletin(
        "b",
        *HOURS,
        {"kursk": 8},
        window_precision="assumed",
        also=figure("2024-03-10 20:00", "2024-03-11 08:00", 8),
    )
    assert reasons(ledger(nothing, inside))["e", "primary", "total", ""] == (
        False,
        "Counted with expected 0 of n: a cumulative figure settles the night.",
    )
    rows = reasons(ledger(night, inside))
    assert rows["e", "primary", "total", ""][1] == (
        "Counted with expected 1 of n: a cumulative figure settles the night."
    )
    assert rows["b", "primary", "cumulative", ""][1] == (
        "Not added: it contains other bulletins; it settles what is open in this night."
    )


def test_a_quiet_night_has_nothing_behind_it():
    claims = ledger(CUT, channel_days=["2024-03-01", "2024-03-14"])
    for night in ("2024-03-01", "2024-03-12", "2024-03-14"):
        table = explain_cell(claims, night, "kursk")
        assert table.empty
        assert list(table.columns) == list(EXPLAINED)


def test_what_is_counted_is_what_the_panel_names():
    claims = ledger(
        CUT,
        COMPLETION,
        bulletin("e", "2024-03-10 21:00", "2024-03-10 22:00", {"kursk": 6}),
        bulletin("d", "2024-03-11 07:30", "2024-03-11 09:40", {"oryol": 6}),
    )
    panel = build_panel(claims)
    for night, group in panel.groupby("night"):
        table = explain_cell(claims, night, "all")
        named = sorted(set(table["bulletin_id"][table["counted"]]))
        assert group["bulletins"].unique().tolist() == [" ".join(named)]


@pytest.mark.parametrize(
    ("night", "region", "words"),
    [
        (
            "2024-03-20",
            "all",
            "The night 2024-03-20 is not in the panel. Give one from 2024-03-11 to 2024-03-11.",
        ),
        ("soon", "all", "night is 'soon', which is not a date."),
        (
            NIGHT,
            "perm",
            "region is 'perm', which no claim on_russia names. Use all, or one of kursk and",
        ),
    ],
)
def test_cells_outside_the_panel_are_refused(night, region, words):
    with pytest.raises(PanelError) as caught:
        explain_cell(ledger(CUT), night, region)
    assert str(caught.value).startswith(words)
