"""What the audit finds, how serious it is, and what it leaves alone."""

import pandas as pd
import pytest

from analysis.audit import audit_claims
from analysis.errors import PanelError
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


LATER = {"source_kind": "completion", "source": "agency", "known": "2024-03-12 07:00"}


def test_claims_that_add_up_and_stand_alone_are_clean():
    assert found(night()) == []
    assert found(night(), bulletin("m", *EVENING, {"oryol": 9}, weapon="missile")) == []
    assert found(night(also=figure(*HOURS, 9))) == []
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
                "Its window does not end after it starts; it counts when it was posted.",
            ),
        ),
        (
            [bulletin("night", None, None, {"tula": 1}, posted="2024-03-11 07:00")],
            (
                "warning",
                "window-missing",
                "night",
                "It has no usable hours; it counts when it was posted.",
            ),
        ),
        (
            [night({"kursk": 6}, total=9, listing="cut"), night({"kursk": 5, "tula": 4}, **LATER)],
            (
                "error",
                "versions-disagree",
                "night",
                "The completion from agency lacks or changes a count that the primary shows.",
            ),
        ),
        (
            [night({"kursk": 6}, total=9, listing="cut"), night({"kursk": 6, "tula": 4}, **LATER)],
            (
                "warning",
                "versions-disagree",
                "night",
                "The completion from agency contradicts the primary; it is not used.",
            ),
        ),
        (
            [night(), night({"kursk": 7, "tula": 2}, source_kind="report", source="paper")],
            (
                "warning",
                "versions-disagree",
                "night",
                "The report from paper contradicts the primary; it is not used.",
            ),
        ),
        (
            [night(), night(total=8, source_kind="report", source="paper")],
            (
                "warning",
                "parts-exceed-total",
                "night",
                "The report from paper has parts of 9, more than its total of 8.",
            ),
        ),
        (
            [night(), bulletin("r", *EVENING, {"tula": 1}, source_kind="report", source="paper")],
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
                "It lies inside the stated window of night but has more than that leaves room for; both count.",
            ),
        ),
        (
            [night(window_precision="assumed"), bulletin("e", *EVENING, {"tula": 4})],
            (
                "info",
                "nesting-contradicted-assumed",
                "e",
                "It lies inside the assumed window of night but has more than that leaves room for; both count.",
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
    beside = {"edge", "window-missing", "versions-disagree", "parts-fall-short"}
    assert {code for _, code, _, _ in findings} - {finding[1]} <= beside


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
