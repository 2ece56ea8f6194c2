"""What the audit finds, how serious it is, and what it leaves alone."""

import pandas as pd
import pytest

from analysis.audit import audit_claims
from analysis.bulletins import parse_bulletins
from analysis.errors import PanelError
from analysis.ledger.claims import claims_from_bulletins
from analysis.vocabulary import FINDING_COLUMNS
from tests.made_claims import bulletin, figure, ledger

HOURS = "2024-03-10 20:00", "2024-03-11 07:00"
EVENING = "2024-03-10 21:00", "2024-03-10 23:00"


def found(*bulletins):
    """Severity, code, bulletin and message of each finding."""
    table = audit_claims(ledger(*bulletins))
    assert list(table.columns) == list(FINDING_COLUMNS)
    assert (table["remedy"].str.len() > 0).all()
    assert table["message"].str.endswith(".").all()
    return [tuple(row) for row in table[["severity", "code", "bulletin_id", "message"]].to_numpy()]


def night(parts=None, **more):
    return bulletin("night", *HOURS, {"kursk": 6, "tula": 3} if parts is None else parts, **more)


PAPER = {"source_kind": "report", "source": "paper"}
PART = {"relation": "subset", "regions": "oryol", "of": "tula", "count": 2}
LAUNCHED = {"measure": "launched", "relation": "total", "regions": "", "count": 30}
LATER = {"source_kind": "completion", "source": "agency", "known": "2024-03-12 07:00"}


def test_claims_that_add_up_and_stand_alone_are_clean():
    assert found(night()) == []
    assert found(night(), bulletin("m", *EVENING, {"oryol": 9}, weapon="missile")) == []
    assert found(night(also=figure(*HOURS, 9))) == []
    assert found(night(), night(**PAPER), night(**LATER)) == []
    assert found(night({"kursk": 6}, total=9, listing="cut"), night(**LATER), night(**PAPER)) == []
    towards = {"relation": "subset", "regions": "oryol", "of": "tula", "count": 3}
    assert found(night(also=[towards])) == []


@pytest.mark.parametrize(
    ("bulletins", "finding"),
    [
        (
            [night(total=8)],
            (
                "error",
                "parts-exceed-total",
                "night",
                "The primary from mod_russia has parts of 9, more than its total of 8.",
            ),
        ),
        (
            [night(total=11)],
            (
                "warning",
                "parts-fall-short",
                "night",
                "The primary from mod_russia leaves 2 of 11 without a region (itemised).",
            ),
        ),
        (
            [night(total=11, listing="cut")],
            (
                "info",
                "parts-fall-short",
                "night",
                "The primary from mod_russia leaves 2 of 11 without a region (cut).",
            ),
        ),
        (
            [night({}, total=11)],
            (
                "info",
                "parts-fall-short",
                "night",
                "The primary from mod_russia leaves 11 of 11 without a region (none).",
            ),
        ),
        (
            [night(total=11, also=[{"relation": "single", "regions": "kursk", "count": 2}])],
            (
                "warning",
                "region-repeated",
                "night",
                "kursk is named 2 times (intercepted); its counts are added.",
            ),
        ),
        (
            [night({"kursk": 3, "kursk|tula": 5})],
            (
                "warning",
                "region-repeated",
                "night",
                "kursk is named 2 times (intercepted); its counts are added.",
            ),
        ),
        (
            [night(also=[{"relation": "subset", "regions": "oryol", "of": "tula", "count": 4}])],
            ("error", "subset-exceeds-whole", "night", "4 of tula (oryol) is more than its 3."),
        ),
        (
            [night(also=[{"relation": "subset", "regions": "oryol", "of": "", "count": 10}])],
            (
                "error",
                "subset-exceeds-whole",
                "night",
                "10 of the total (oryol) is more than its 9.",
            ),
        ),
        (
            [bulletin("night", "2024-03-11 07:00", "2024-03-11 07:00", {"tula": 1})],
            (
                "error",
                "window-impossible",
                "night",
                "Its window does not end after it starts; the hours before it was posted are assumed.",
            ),
        ),
        (
            [bulletin("night", None, None, {"tula": 1}, posted="2024-03-11 07:00")],
            (
                "warning",
                "window-missing",
                "night",
                "It has no usable hours; those before it was posted are assumed.",
            ),
        ),
        (
            [night({"kursk": 6}, total=9, listing="cut"), night({"kursk": 5, "tula": 4}, **LATER)],
            (
                "error",
                "versions-disagree",
                "night",
                "The primary from mod_russia agrees on 0 of 1 regions; its list does not make its total; the completion from agency counts.",
            ),
        ),
        (
            [night({"kursk": 6}, total=9, listing="cut"), night({"kursk": 6, "tula": 4}, **LATER)],
            (
                "warning",
                "versions-disagree",
                "night",
                "The completion from agency agrees on 1 of 1 regions; its list makes its total; the primary from mod_russia counts.",
            ),
        ),
        (
            [night({"kursk": 6}, total=9, listing="cut"), night({"kursk": 6, "tula": 4}, **LATER)],
            (
                "warning",
                "total-differs",
                "night",
                "The completion from agency has a total of 10 where 9 were published.",
            ),
        ),
        (
            [night(), night({"kursk": 7, "tula": 2}, **PAPER)],
            (
                "warning",
                "count-differs",
                "night",
                "The report from paper tells 7 for kursk where 6 were published.",
            ),
        ),
        (
            [night(), night({"kursk": 6, "tula": 3, "perm": 1}, total=9, **PAPER)],
            (
                "warning",
                "count-differs",
                "night",
                "The report from paper tells 1 for perm, which the published list does not name.",
            ),
        ),
        (
            [night(), night({"kursk": 6, "perm": 3}, **PAPER)],
            (
                "warning",
                "count-misattributed",
                "night",
                "The report from paper tells the 3 of tula for perm.",
            ),
        ),
        (
            [night(), night({"kursk": 3, "tula": 6}, **PAPER)],
            (
                "warning",
                "count-misattributed",
                "night",
                "The report from paper tells the 6 of kursk for tula, and the other way round.",
            ),
        ),
        (
            [night(), night({"kursk": 6, "": 3}, **PAPER)],
            (
                "warning",
                "count-misattributed",
                "night",
                "The report from paper tells the 3 of tula for a place that is no unit.",
            ),
        ),
        (
            [night(), night({"kursk": 6}, total=9, **PAPER)],
            (
                "warning",
                "region-omitted",
                "night",
                "The report from paper leaves out tula, for which 3 were published.",
            ),
        ),
        (
            [night(also=[PART]), night({"kursk": 6, "tula": 3, "oryol": 2}, total=9, **PAPER)],
            (
                "warning",
                "subset-added",
                "night",
                "The report from paper tells 2 for oryol besides the 3 of tula that hold them.",
            ),
        ),
        (
            [night(also=[PART]), night({"kursk": 6, "tula": 5}, total=9, **PAPER)],
            (
                "warning",
                "subset-added",
                "night",
                "The report from paper tells 5 for tula: a part is added to its 3.",
            ),
        ),
        (
            [
                night(),
                bulletin(
                    "night",
                    "2024-03-09 20:00",
                    "2024-03-10 07:00",
                    {"kursk": 6, "tula": 3},
                    **PAPER,
                ),
            ],
            (
                "warning",
                "misdated",
                "night",
                "The report from paper tells it for 2024-03-09 20:00 to 2024-03-10 07:00 where 2024-03-10 20:00 to 2024-03-11 07:00 was published.",
            ),
        ),
        (
            [night(also=[LAUNCHED]), night(also=[LAUNCHED | {"count": 31}], **LATER)],
            (
                "warning",
                "total-differs",
                "night",
                "The completion from agency has a total of 31 where 30 were published (launched).",
            ),
        ),
        (
            [night(), night({"kursk": 7, "tula": 2}, revision=2)],
            (
                "info",
                "versions-disagree",
                "night",
                "The primary from mod_russia agrees on 0 of 2 regions; its list makes its total; revision 2 of the primary from mod_russia counts.",
            ),
        ),
        (
            [night(), night(total=8, **PAPER)],
            (
                "warning",
                "parts-exceed-total",
                "night",
                "The report from paper has parts of 9, more than its total of 8.",
            ),
        ),
        (
            [night(), bulletin("r", *EVENING, {"tula": 1}, **PAPER)],
            (
                "warning",
                "unmatched-report",
                "r",
                "The report from paper matches no bulletin; it is kept out.",
            ),
        ),
        (
            [night(), bulletin("e", *EVENING, {"tula": 1})],
            ("info", "nested", "e", "It lies inside the stated window of night; it is not added."),
        ),
        (
            [night(), bulletin("e", *EVENING, {"tula": 4})],
            (
                "warning",
                "nesting-contradicted",
                "e",
                "It lies inside the stated window of night but, alone or with others there, has more than that leaves room for; both count.",
            ),
        ),
        (
            [night(window_precision="assumed"), bulletin("e", *EVENING, {"tula": 4})],
            (
                "info",
                "nesting-contradicted-assumed",
                "e",
                "It lies inside the assumed window of night but, alone or with others there, has more than that leaves room for; both count.",
            ),
        ),
        (
            [night(window_precision="assumed"), bulletin("e", *EVENING, {"tula": 2})],
            (
                "info",
                "perhaps-nested",
                "e",
                "It lies inside the assumed window of night; its 2 may be told there, too.",
            ),
        ),
        (
            [night(), bulletin("e", "2024-03-10 19:10", "2024-03-10 20:16", {"tula": 2})],
            (
                "warning",
                "window-overlap",
                "e",
                "Its window overlaps that of night by 16 minutes; the other counts for certain.",
            ),
        ),
        (
            [bulletin("night", "2024-03-10 16:00", "2024-03-10 21:00", {"tula": 2})],
            (
                "info",
                "edge",
                "night",
                "Its window passes an edge of the night by at most 60 minutes; it counts whole.",
            ),
        ),
        (
            [bulletin("night", "2024-03-10 16:00", "2024-03-10 22:00", {"tula": 2})],
            ("info", "split", "night", "Its window passes an edge of the night; its 2 are split."),
        ),
        (
            [night(also=figure(*HOURS, 8))],
            (
                "error",
                "cumulative-below-parts",
                "night",
                "Its cumulative figure is 8, less than the 9 of bulletins inside.",
            ),
        ),
        (
            [night(also=figure(*HOURS, 20, outside=8))],
            (
                "error",
                "cumulative-below-parts",
                "night",
                "Its cumulative figure is 8, less than the 9 of bulletins inside.",
            ),
        ),
        (
            [night(also=figure(*HOURS, 8, precision="assumed"))],
            (
                "warning",
                "cumulative-below-parts",
                "night",
                "Its cumulative figure is 8, less than the 9 of bulletins inside.",
            ),
        ),
        (
            [night(also=figure(*HOURS, 10))],
            (
                "info",
                "cumulative-above-parts",
                "night",
                "Its cumulative figure is 10; the bulletins inside make 9.",
            ),
        ),
    ],
    ids=lambda case: case[1] if isinstance(case, tuple) else "",
)
def test_each_finding(bulletins, finding):
    findings = found(*bulletins)
    assert finding in findings
    # What comes with some of them by itself.
    beside = {"edge", "night-open", "window-missing", "versions-disagree", "parts-fall-short"}
    beside |= {"count-differs", "total-differs", "region-omitted", "unknown-region"}
    beside |= {"parts-exceed-total"} if finding[1] in ("count-differs", "subset-added") else set()
    beside |= {"count-misattributed"} if "other way" in finding[3] else set()
    assert {code for _, code, _, _ in findings} - {finding[1]} <= beside


UNKNOWN = (
    [
        "The primary from mod_russia gives 3 to atlantis, which is no unit of the gazetteer.",
        night({"kursk": 6, "atlantis": 3}),
        "error",
    ],
    [
        "The primary from mod_russia gives 3 to atlantis, which is no unit of the gazetteer.",
        night({"atlantis|kursk": 3}),
        "error",
    ],
    [
        "The primary from mod_russia gives 1 to atlantis, which is no unit of the gazetteer.",
        night(also=[PART | {"of": "atlantis", "count": 1}]),
        "error",
    ],
    [
        "The report from paper gives 3 to atlantis, which is no unit of the gazetteer.",
        night({"kursk": 6, "atlantis": 3}, **PAPER),
        "warning",
    ],
    [
        "The primary from mod_russia gives 3 to a place that is no unit of the gazetteer.",
        night({"kursk": 6, "": 3}),
        "warning",
    ],
)


@pytest.mark.parametrize(("message", "told", "severity"), UNKNOWN)
def test_regions_that_there_are_not(message, told, severity):
    reported = told[0]["source_kind"] == "report"
    findings = found(told, night()) if reported else found(told)
    assert (severity, "unknown-region", "night", message) in findings


def test_a_name_that_the_parser_does_not_know_is_seen_in_the_ledger():
    text = (
        "From 20:00 on 10 March to 07:00 on 11 March Moscow time Russian air defenses downed nine "
        "drones: six over Kursk Oblast, two over Tula Oblast and one over Ruritania."
    )
    posted = pd.Timestamp("2024-03-11T05:00Z").to_pydatetime()
    claims = claims_from_bulletins(parse_bulletins(text, posted), source="mod_russia")
    assert audit_claims(claims)[["code", "message"]].to_numpy().tolist() == [
        [
            "parts-fall-short",
            "The primary from mod_russia leaves 1 of 9 without a region (itemised).",
        ],
        [
            "unknown-region",
            "The primary from mod_russia gives 1 to a place that is no unit of the gazetteer.",
        ],
    ]


def test_a_number_that_a_cut_left_without_a_place_is_no_unknown_region():
    lost = {"relation": "single", "regions": "", "count": 3}
    rows = [
        row for row in night({"kursk": 6}, listing="cut", also=[lost]) if row["relation"] != "total"
    ]
    assert found(rows) == [
        (
            "info",
            "parts-fall-short",
            "night",
            "The primary from mod_russia leaves 3 of 9 without a region (cut).",
        )
    ]


def test_a_whole_country_leaves_nothing_without_a_region():
    made = {"claimant": "ua_air_force", "direction": "on_ukraine"}
    assert found(bulletin("a", *HOURS, total=30, **made)) == []


def gaps(*hours, **more):
    """Codes, bulletins and messages about holes, for bulletins of these hours."""
    told = [bulletin(f"b{i}", *window, {"tula": 1}, **more) for i, window in enumerate(hours)]
    return [one[1:] for one in found(*told) if one[1] in ("window-gap", "night-open")]


FIRST, LAST = ("2024-03-10 20:00", "2024-03-11 01:00"), ("2024-03-11 03:00", "2024-03-11 08:00")


def test_a_hole_in_a_night_is_found():
    hole = "No window covers 01:00 to 03:00 before it in the night 2024-03-11."
    assert gaps(FIRST, LAST) == [("window-gap", "b1", hole)]
    assert gaps(FIRST, LAST, claimant="ua_air_force", direction="on_ukraine") == []
    assert gaps(FIRST, LAST, weapon="missile") == []


@pytest.mark.parametrize(("until", "codes"), [("02:45", []), ("02:44", ["window-gap"])])
def test_a_quarter_of_an_hour_is_no_hole(until, codes):
    assert [code for code, *_ in gaps((FIRST[0], f"2024-03-11 {until}"), LAST)] == codes


def test_a_point_fills_no_hole_and_has_none():
    point = bulletin(
        "p", "2024-03-11 02:00", "2024-03-11 02:01", {"tula": 1}, window_precision="point"
    )
    codes = {(code, name) for _, code, name, _ in found(night(), point)}
    assert not {code for code, _ in codes} & {"window-gap", "night-open"}
    told = [bulletin(f"b{i}", *hours, {"tula": 1}) for i, hours in enumerate((FIRST, LAST))]
    assert ("window-gap", "b1") in {(code, name) for _, code, name, _ in found(*told, point)}
    assert not any(code == "night-open" for _, code, _, _ in found(point))


def test_a_window_that_reaches_over_others_leaves_no_hole():
    wide = ("2024-03-10 19:30", "2024-03-11 08:30")
    assert gaps(wide, ("2024-03-10 21:00", "2024-03-10 22:00"), LAST) == []


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        (("2024-03-10 21:00", "2024-03-11 07:00"), None),
        (
            ("2024-03-10 21:01", "2024-03-11 07:00"),
            "It is the first of the night 2024-03-11; no window covers 20:00 to 21:01.",
        ),
        (
            ("2024-03-10 21:00", "2024-03-11 06:59"),
            "It is the last of the night 2024-03-11; no window covers 06:59 to 08:00.",
        ),
    ],
)
def test_hours_at_the_edge_of_a_night(hours, message):
    assert gaps(hours) == ([("night-open", "b0", message)] if message else [])


def test_the_window_that_reaches_furthest_is_the_last():
    late = ("2024-03-10 21:00", "2024-03-11 06:00"), ("2024-03-11 01:00", "2024-03-11 02:00")
    message = "It is the last of the night 2024-03-11; no window covers 06:00 to 08:00."
    assert gaps(*late) == [("night-open", "b0", message)]


def test_days_and_empty_nights_have_no_holes():
    assert (
        gaps(("2024-03-11 10:00", "2024-03-11 11:00"), ("2024-03-11 15:00", "2024-03-11 16:00"))
        == []
    )
    apart = [(f"2024-03-{day} 20:00", f"2024-03-{day + 1} 08:00") for day in (10, 14)]
    assert gaps(*apart) == []


def named(total, **regions):
    """A cumulative figure of the night with numbers of regions."""
    rows = figure(*HOURS, total)
    return [*rows, *({**rows[0], "regions": slug, "count": n} for slug, n in regions.items())]


def below(*bulletins):
    return [one[3] for one in found(*bulletins) if one[1].startswith("cumulative")]


def test_regions_of_a_wider_figure_are_held_against_their_parts():
    assert below(night(also=named(12, kursk=5, tula=3))) == [
        "Its cumulative figure for kursk is 5, less than the 6 of bulletins inside.",
        "Its cumulative figure is 12; the bulletins inside make 9.",
    ]
    assert below(night(also=named(9, kursk=6))) == []


def test_a_figure_of_one_region_says_nothing_of_the_others():
    assert below(night(also=named(7, kursk=7))) == []
    assert below(night(also=named(5, kursk=5))) == [
        "Its cumulative figure for kursk is 5, less than the 6 of bulletins inside."
    ]
    assert below(night({"kursk|tula": 9}, also=named(5, kursk=5))) == []
    assert below(night(also=named(5, perm=5))) == []


def test_a_report_with_impossible_hours_is_no_error():
    back = bulletin("night", *HOURS[::-1], {"kursk": 6, "tula": 3}, **PAPER)
    assert [one[:2] for one in found(night(), back) if one[1] == "window-impossible"] == [
        ("warning", "window-impossible")
    ]


def test_a_lost_part_makes_no_whole_larger():
    lost = {"relation": "single", "regions": "", "count": 3}
    part = {"relation": "subset", "regions": "oryol", "of": "", "count": 10}
    codes = [one[1] for one in found(night({"kursk": 6}, total=9, also=[lost, part]))]
    assert "subset-exceeds-whole" in codes


def test_a_post_that_is_contradicted_is_one_error():
    cut, whole = (
        night({"kursk": 6}, total=9, listing="cut"),
        night({"kursk": 5, "tula": 4}, **LATER),
    )
    assert [(severity, code) for severity, code, *_ in found(cut, whole)] == [
        ("error", "versions-disagree"),
        ("warning", "count-differs"),
    ]


def test_a_region_to_which_a_part_is_added_does_not_agree():
    told = night({"kursk": 6, "tula": 3, "oryol": 2}, total=9, **PAPER)
    summary = next(
        one[3] for one in found(night(also=[PART]), told) if one[1] == "versions-disagree"
    )
    assert summary == (
        "The report from paper agrees on 1 of 2 regions; its list does not make its total; "
        "the primary from mod_russia counts."
    )


def test_a_wide_figure_above_its_parts_is_no_finding():
    assert found(night(also=figure("2024-03-09 12:00", "2024-03-12 12:00", 40))) == []
    zone = figure("2024-03-09 12:00", "2024-03-12 12:00", 40, outside=12)
    assert found(night(also=zone)) == []


def test_errors_come_first_and_the_order_of_rows_says_nothing():
    claims = ledger(
        bulletin("z", "2024-03-12 10:00", "2024-03-12 11:00", {"tula": 3}, total=2),
        night(total=11, listing="cut"),
        bulletin("e", *EVENING, {"tula": 6}),
        bulletin("u", None, None, {"tula": 1}, posted="2024-03-14 07:00"),
    )
    table = audit_claims(claims)
    assert table["severity"].tolist() == ["error", "warning", "warning", "info"]
    assert table["code"].tolist() == [
        "parts-exceed-total",
        "nesting-contradicted",
        "window-missing",
        "parts-fall-short",
    ]
    pd.testing.assert_frame_equal(audit_claims(claims.iloc[::-1]), table)


def test_other_directions_and_measures_are_audited_too():
    made = {
        "claimant": "ua_air_force",
        "direction": "on_ukraine",
        "measure": "launched",
        "source": "p",
    }
    attack = bulletin("a", *HOURS, total=30, also=figure(*HOURS, 20), **made)
    assert (
        "error",
        "cumulative-below-parts",
        "a",
        "Its cumulative figure is 20, less than the 30 of bulletins inside.",
    ) in found(attack, night())


def test_empty_claims_have_no_findings_and_other_frames_are_refused():
    table = audit_claims(ledger())
    assert table.empty
    assert list(table.columns) == list(FINDING_COLUMNS)
    with pytest.raises(PanelError, match="The claims lack the columns"):
        audit_claims(pd.DataFrame({"count": [1]}))
