"""JSON lines to bulletins: completions, reports, figures that contain others."""

import json

import pytest

from analysis.bulletins import Count
from analysis.errors import ReadError
from analysis.readers.structured import read_structured
from tests.tellings import moscow, utc

LINE = {"posted_utc": "2025-01-03T04:30Z", "total": 5, "counts": {"Tula": 3, "Oryol": 2}}


@pytest.fixture
def read(tmp_path):
    def read(*rows):
        path = tmp_path / "lists.jsonl"
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_structured(path)

    return read


def test_a_completion(read):
    [one] = read(LINE | {"status": "complete", "source_url": "https://p.org/1"}).bulletins
    assert (one.line, one.source_url) == (1, "https://p.org/1")
    told = one.bulletin
    assert (told.claimant, told.direction, told.weapon) == ("ru_mod", "on_russia", "uav")
    assert (told.posted_at, told.window, told.total) == (utc("2025-01-03T04:30"), None, 5)
    assert told.list == "itemised"
    assert told.counts == (
        Count(("tula",), 3, "single", "intercepted"),
        Count(("oryol",), 2, "single", "intercepted"),
    )


def test_lines_that_are_not_complete_are_reported(read):
    file = read(
        LINE, "", LINE | {"status": "not_found", "note": "two tries"}, LINE | {"status": "rejected"}
    )
    assert [one.line for one in file.bulletins] == [1]
    assert [(one.line, one.posted_utc, one.reason) for one in file.skipped] == [
        (3, "2025-01-03T04:30Z", "not_found: two tries"),
        (4, "2025-01-03T04:30Z", "rejected"),
    ]


def test_joint_counts_slugs_and_subsets(read):
    row = LINE | {
        "counts": {"Sea of Azov + Black Sea": 2, "moscow_region": 3},
        "subsets": {"Moscow": 1, "Tula": 1},
    }
    [one] = read(row).bulletins
    assert one.bulletin.counts[0] == Count(("azov_sea", "black_sea"), 2, "joint", "intercepted")
    assert one.bulletin.list == "joint"
    assert [(s.regions, s.of, s.count) for s in one.bulletin.subsets] == [
        (("moscow_city",), ("moscow_region",), 1),
        (("tula",), (), 1),
    ]


def test_a_report_states_its_hours(read):
    row = LINE | {
        "posted_utc": None,
        "window_start": "2025-01-02T20:00+03:00",
        "window_end": "2025-01-03T07:00+03:00",
        "counts": {},
    }
    window = read(row).bulletins[0].bulletin.window
    assert (window.start, window.end) == (moscow("2025-01-02T20:00"), moscow("2025-01-03T07:00"))
    assert window.precision == "stated"
    assert window.start.isoformat() == "2025-01-02T20:00:00+03:00"


def test_a_figure_for_a_day_covers_the_hours_to_noon(read):
    row = {"day": "2025-01-03", "total": 40, "cumulative": True}
    told = read(row).bulletins[0].bulletin
    window = told.cumulative[0].window
    assert told.total is None
    assert (window.start, window.end) == (moscow("2025-01-02T12:00"), moscow("2025-01-03T12:00"))
    assert window.precision == "assumed"


def test_the_part_outside_the_operation_zone(read):
    row = {"day": "2025-01-03", "total": 40, "cumulative": True}
    told = read(row | {"subsets": {"outside operation zone": 4}}).bulletins[0].bulletin
    assert [(s.regions, s.of, s.count) for s in told.subsets] == [
        (("outside_operation_zone",), (), 4)
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"total": -1}, r"total is -1, not a whole number >= 0", id="negative-total"),
        pytest.param({"total": None}, r"total is None", id="no-total"),
        pytest.param({"total": True}, r"total is True", id="bool"),
        pytest.param({"counts": {"Tula": -3}}, r"counts 'Tula' is -3", id="negative"),
        pytest.param({"counts": {"Tula": 1.5}}, r"counts 'Tula' is 1.5", id="fraction"),
        pytest.param({"counts": {"Tula": "3"}}, r"counts 'Tula' is '3'", id="text"),
        pytest.param({"counts": [3]}, r"counts is no object", id="list"),
        pytest.param(
            {"counts": {"Atlantis": 3}}, r"'Atlantis' is no name of a known", id="unknown"
        ),
        pytest.param({"counts": {"Tulla": 3}}, r"'Tulla'", id="short-misspelling"),
        pytest.param(
            {"counts": {"Ryazzan": 3}}, r"'Ryazzan' is not quite Ryazan Oblast", id="near"
        ),
        pytest.param({"counts": {"Tula + Tula": 3}}, r"names one unit twice", id="twice"),
        pytest.param({"subsets": {"Atlantis": 3}}, r"'Atlantis'", id="unknown-subset"),
        pytest.param({"claimant": "us_navy"}, r"claimant 'us_navy' is none of", id="claimant"),
        pytest.param({"posted_utc": "soon"}, r"posted_utc='soon' is no time", id="time"),
        pytest.param({"posted_utc": 7}, r"posted_utc=7 is no time", id="number-as-time"),
        pytest.param({"posted_utc": None}, r"neither posted_utc nor window_start", id="undated"),
        pytest.param({"window_start": "2025-01-02T20:00+03:00"}, r"go together", id="half-window"),
        pytest.param(
            {"window_start": "2025-01-02T20:00", "window_end": "2025-01-02T21:00"},
            r"window_start='2025-01-02T20:00' names no time zone",
            id="no-zone",
        ),
        pytest.param(
            {"window_start": "2025-01-02T20:00Z", "window_end": "2025-01-02T20:00Z"},
            r"the window does not end after its start",
            id="empty-window",
        ),
        pytest.param({"cumulative": True}, r"a cumulative figure without", id="figure-undated"),
        pytest.param({"cumulative": True, "day": "3 May"}, r"day='3 May' is no date", id="day"),
        pytest.param({"source_url": 5}, r"source_url is 5, not text", id="url"),
        pytest.param({"colour": "red"}, r"unknown field 'colour'", id="field"),
    ],
)
def test_each_bad_line_is_named(read, change, says):
    with pytest.raises(ReadError, match=says) as caught:
        read(LINE, LINE | change)
    assert "lists.jsonl: line 2: " in str(caught.value)


def test_lines_that_are_no_objects(read):
    with pytest.raises(ReadError, match=r"line 1: no JSON .*; line 2: no JSON object"):
        read("{", "[1]", LINE)


def test_all_bad_lines_are_found_five_are_quoted(read):
    with pytest.raises(ReadError, match=r"; and 1 more lines"):
        read(*[LINE | {"total": -1}] * 6)


def test_the_collected_lists(shared):
    file = read_structured(shared / "data" / "bulletin_completions.jsonl")
    assert (len(file.bulletins), len(file.skipped)) == (385, 73)
    assert all(
        sum(count.count for count in one.bulletin.counts) == one.bulletin.total
        for one in file.bulletins
    )
    extra = read_structured(shared / "data" / "extra_bulletins.jsonl")
    assert [one.bulletin.cumulative[0].total for one in extra.bulletins] == [90, 524, 58]
