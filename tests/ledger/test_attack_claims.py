"""Rows of the table of attacks as claims: which number is which measure, and what is left out."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger import claims_from_attacks
from analysis.ledger.claims_csv import as_csv, sort_claims
from analysis.ledger.claims_text import claims_as_text
from analysis.readers import read_attacks
from analysis.vocabulary import ATTACKS, ATTACKS_URL
from tests.attack_table import claims_of, codes, numbers, row

DATA = Path(__file__).resolve().parents[2] / "data"
NAME = "20240210T1900Z-20240211T0330Z.ua_air_force.on_ukraine.uav"


def finding(claims, code):
    """The one finding of a code."""
    [found] = [one for one in claims.attrs["findings"] if one.code == code]
    return found


def test_one_attack_is_one_bulletin_about_the_whole_country(tmp_path):
    claims = claims_of(tmp_path, row(not_reach_goal="7.0", border_crossing="{'belarus': 1.0}"))
    assert numbers(claims) == [
        ("intercepted", "total", "", 31),
        ("launched", "total", "", 40),
        ("left", "total", "", 1),
        ("lost", "total", "", 7),
    ]
    assert claims.attrs["findings"] == ()
    [first] = claims_as_text(claims).drop_duplicates("bulletin_id").to_dict("records")
    assert first == first | {
        "bulletin_id": NAME,
        "claimant": "ua_air_force",
        "direction": "on_ukraine",
        "weapon": "uav",
        "window_start": "2024-02-10T21:00+02:00",
        "window_end": "2024-02-11T05:30+02:00",
        "window_precision": "stated",
        "posted_at": "",
        "source": ATTACKS,
        "source_kind": "primary",
        "revision": "1",
        "known_at": "2024-02-11T03:30Z",  # the end of the hours told
        "list": "none",
        "of": "",
        "source_url": "https://www.facebook.com/kpszsu/posts/pfbidA1",
        "language": "",
    }


def test_a_day_is_known_when_it_is_over(tmp_path):
    claims = claims_of(tmp_path, row(time_start="2024-02-10", time_end="2024-02-10"))
    assert set(claims["known_at"]) == {pd.Timestamp("2024-02-10T22:00Z")}
    assert set(claims["window_precision"]) == {"day"}


def test_a_zero_of_lost_drones_is_no_claim_and_one_of_shot_down_is(tmp_path):
    claims = claims_of(tmp_path, row("3.0", "0.0", not_reach_goal="0.0", border_crossing="{}"))
    assert numbers(claims) == [("intercepted", "total", "", 0), ("launched", "total", "", 3)]
    assert codes(claims) == ["zero-not-claimed"]
    assert finding(claims, "zero-not-claimed").message.startswith("not_reach_goal: 1 zeros")


@pytest.mark.parametrize(
    ("details", "units", "kind"),
    [
        pytest.param("{'Odesa oblast': 11, 'Kyiv oblast': 20}", [("single", "kyiv", 20), ("single", "odesa", 11)], "itemised", id="whole"),
        pytest.param("{'Odesa oblast': 11, 'Kyiv oblast': NaN}", [("single", "odesa", 11)], "cut", id="short"),
        pytest.param("{'Odesa oblast and Mykolaiv oblast': 31}", [("joint", "mykolaiv|odesa", 31)], "joint", id="joint"),
        pytest.param("{'Sumy oblast and Mykolaiv oblast ': 5, 'Kyiv': 1}", [("joint", "mykolaiv|sumy", 5), ("single", "kyiv_city", 1)], "cut", id="joint-short"),
        pytest.param("{'south': 12, 'Kherson oblast': 2}", [("single", "kherson", 2)], "cut", id="part-of-country"),
        pytest.param("{'east': NaN, 'north': NaN}", [], "none", id="names-only"),
        pytest.param("{'Odesa oblast and south': 9}", [], "none", id="half-a-group"),
        pytest.param("{'Lviv oblast': 0, 'Odesa oblast': 4}", [("single", "lviv", 0), ("single", "odesa", 4)], "cut", id="zero"),
    ],
)  # fmt: skip
def test_oblasts_with_a_number(tmp_path, details, units, kind):
    claims = claims_of(tmp_path, row(destroyed_details=details))
    whole = [("intercepted", "total", "", 31), ("launched", "total", "", 40)]
    assert numbers(claims)[:2] == whole
    named = claims[2:].sort_values(["relation", "regions"])
    assert numbers(named) == [("intercepted", *unit) for unit in units]
    assert set(claims["list"]) == {kind}


def test_what_a_cell_says_of_no_unit_is_told(tmp_path):
    details = "{'south': 12, 'Atlantis oblast': 3, 'Kursk oblast': 1, 'Sumy oblast': NaN, '': 2}"
    claims = claims_of(tmp_path, row(destroyed_details=details), row(model="Kub"))
    assert codes(claims) == [
        "place-part-of-country",
        "place-unknown-place",
        "place-without-number",
        "row-other-drone",
    ]
    assert (
        "3 times names that are no unit of Ukraine"
        in finding(claims, "place-unknown-place").message
    )
    assert len(claims) == 2


def test_a_name_that_is_a_letter_off_is_not_guessed(tmp_path):
    claims = claims_of(tmp_path, row(destroyed_details="{'Khmelnitskyi oblast': 4}"))
    assert codes(claims) == ["place-unknown-place"]
    assert len(claims) == 2


def test_oblasts_that_exceed_the_whole_are_left_out(tmp_path):
    claims = claims_of(tmp_path, row(destroyed_details="{'Odesa oblast': 32}"))
    assert len(claims) == 2
    assert set(claims["list"]) == {"none"}
    told = finding(claims, "details-exceed-total")
    assert told.message == "Oblasts make 32, more than the 31 shot down; they are left out."
    assert told.bulletin_id == NAME
    # Those of a part of the country do not count against the whole.
    assert codes(claims_of(tmp_path, row(destroyed_details="{'south': 90}"))) == [
        "place-part-of-country"
    ]


def test_more_than_was_launched_is_told_and_kept(tmp_path):
    claims = claims_of(tmp_path, row(not_reach_goal="9.0", border_crossing="{'russia': 1}"))
    assert ("lost", "total", "", 9) in numbers(claims)
    told = finding(claims, "more-than-launched")
    assert told.severity == "warning"
    assert told.message == "Of 40 launched 41 were shot down, lost or left."
    assert claims_of(tmp_path, row(not_reach_goal="9.0")).attrs["findings"] == ()


def test_rows_of_one_attack_are_one_bulletin(tmp_path):
    rows = (
        row("9.0", "6.0", target="Odesa oblast", destroyed_details="{'Odesa oblast': 6}"),
        row(
            "5.0", "5.0", target="Sumy oblast", not_reach_goal="2.0", source="kpszsu/posts/pfbidA2"
        ),
    )
    claims = claims_of(tmp_path, *rows)
    assert set(claims["bulletin_id"]) == {NAME}
    assert set(claims["source_url"]) == {"https://www.facebook.com/kpszsu/posts/pfbidA1"}
    assert numbers(claims) == [
        ("intercepted", "total", "", 11),
        ("launched", "total", "", 14),
        ("lost", "total", "", 2),
        ("intercepted", "single", "odesa", 6),
    ]
    assert finding(claims, "rows-added").message.startswith("Lines 2, 3 tell parts of one attack")


def test_a_blank_number_is_not_zero(tmp_path):
    claims = claims_of(tmp_path, row("", "6.0"))
    assert numbers(claims) == [("intercepted", "total", "", 6)]
    assert codes(claims) == ["number-blank"]
    claims = claims_of(tmp_path, row("6.0", "", destroyed_details="{'Odesa oblast': 2}"))
    assert numbers(claims) == [
        ("launched", "total", "", 6),
        ("intercepted", "single", "odesa", 2),
    ]
    assert codes(claims) == ["number-blank"]
    both = claims_of(tmp_path, row("", ""))
    assert both.empty
    assert codes(both) == ["no-number", "number-blank"]


def test_rows_that_are_not_used_are_told_by_kind(tmp_path):
    other = [row(model=name) for name in ("Kalibr", "Kalibr", "X-22", "Kub", "Unknown UAV")]
    claims = claims_of(tmp_path, row(), *other, row(model="Dragonfly"))
    assert codes(claims) == [
        "row-other-drone",
        "row-other-weapon",
        "row-unknown",
        "row-unknown-drone",
    ]
    told = finding(claims, "row-other-weapon")
    assert told.message == (
        "3 rows tell of missiles or bombs (Kalibr 2, X-22 1); they are not used."
    )
    assert finding(claims, "row-unknown").severity == "warning"
    assert len(claims) == 2


def test_rows_about_long_range_drones_are_told_one_by_one(tmp_path):
    inside = {"time_start": "2024-02-11 01:00", "time_end": "2024-02-11 03:00"}
    claims = claims_of(
        tmp_path,
        row(),
        row("6.0", "5.0", target="Odesa oblast"),
        row("40.0", "31.0", source="kpszsu/posts/pfbidA9"),
        row("4.0", "4.0", target="south", source="PvKPivden/posts/pfbidS1", **inside),
        row("16.0", "10.0", model="Shahed-136/131 and Lancet", target=""),
    )
    assert len(claims) == 2
    told = {one.code: (one.bulletin_id, one.message) for one in claims.attrs["findings"]}
    assert told == {
        "row-told-whole": (NAME, "Line 3 (2024-02-11, Odesa oblast: 5 of 6) tells a part of the same hours' 31 of 40 in line 2; it is not added."),
        "row-told-twice": (NAME, "Line 4 (2024-02-11, Ukraine: 31 of 40) tells the same hours and target as 31 of 40 in line 2; it is not added."),
        "row-perhaps-told": (NAME, "Line 5 (2024-02-11, south: 4 of 4) is a regional command's and may be part of 31 of 40 in line 2; it is not added."),
        "row-mixed": ("", "Line 6 (2024-02-11, no target: 10 of 16) gives one number for Shahed-136/131 and Lancet; it is not used."),
    }  # fmt: skip


def test_columns_without_a_measure_are_told(tmp_path):
    first = row(still_attacking="4.0", num_hit_location="3.0", mood="grim")
    second = row(time_start="2024-02-11 22:00", time_end="2024-02-12 05:00", num_hit_location="1.0")
    claims = claims_of(tmp_path, first, second)
    told = [one.message.partition(";")[0] for one in claims.attrs["findings"]]
    assert told == [
        "num_hit_location: 2 numbers above 0",
        "still_attacking: 1 numbers above 0",
        "Columns of unknown meaning: mood.",
    ]
    assert set(claims["measure"]) == {"intercepted", "launched"}


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("kpszsu/posts/pfbidA1", "https://www.facebook.com/kpszsu/posts/pfbidA1"),
        ("General.ua/videos/123/", "https://www.facebook.com/General.ua/videos/123/"),
        ("watch/?v=44", "https://www.facebook.com/watch/?v=44"),
        ("https://t.me/kpszsu/9", "https://t.me/kpszsu/9"),
        ("oblast.gov.ua/news/12", "https://oblast.gov.ua/news/12"),
        ("", ATTACKS_URL),
        ("by telephone", ATTACKS_URL),
        ("https://two words", ATTACKS_URL),
    ],
)
def test_addresses(tmp_path, source, address):
    assert set(claims_of(tmp_path, row(source=source))["source_url"]) == {address}


whole = st.one_of(st.none(), st.integers(0, 900))


@given(
    told=st.lists(
        st.tuples(
            st.integers(0, 5), st.sampled_from(["Odesa oblast", "Sumy oblast"]), whole, whole, whole
        ),
        max_size=6,
        unique_by=lambda one: one[:2],
    )
)
def test_no_number_is_lost_or_doubled(tmp_path_factory, told):
    rows = [
        row(
            *("" if n is None else f"{n}.0" for n in (launched, destroyed)),
            target=target,
            not_reach_goal="" if lost is None else f"{lost}.0",
            time_start=f"2024-02-1{day} 20:00",
            time_end=f"2024-02-1{day} 23:00",
        )
        for day, target, launched, destroyed, lost in told
    ]  # fmt: skip
    if not rows:
        return
    claims = claims_of(tmp_path_factory.mktemp("sums"), *rows)
    sums = claims.groupby("measure")["count"].sum()
    for place, measure in ((2, "launched"), (3, "intercepted"), (4, "lost")):
        assert sums.get(measure, 0) == sum(one[place] or 0 for one in told)
    days = {day for day, _, *counts in told if any(n is not None for n in counts[:2]) or counts[2]}
    assert claims["bulletin_id"].nunique() == len(days)


@pytest.fixture(scope="module")
def record(shared):
    """Rows of the record as text, without the package's reader."""
    path = shared / "data" / "missile_attacks_daily.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def claims(shared):
    return claims_from_attacks(read_attacks(shared / "data" / "missile_attacks_daily.csv"))


def test_the_sums_of_the_record_are_those_of_its_rows(record, claims):
    drones = [cells for cells in record if cells["model"] == "Shahed-136/131"]
    sums = claims[claims["relation"] == "total"].groupby("measure")["count"].sum()
    # 16 rows are left out: 14 of regional commands, and two that tell a part of another.
    assert sums["launched"] == sum(float(cells["launched"]) for cells in drones) - 178 - 11
    assert sums["intercepted"] == sum(float(cells["destroyed"]) for cells in drones) - 178 - 11
    assert sums["lost"] == sum(float(cells["not_reach_goal"] or 0) for cells in drones)
    assert sums["left"] == 158
    assert set(sums.index) == {"launched", "intercepted", "lost", "left"}


def test_the_shipped_table_is_what_the_record_gives(claims):
    shipped = DATA / "claims_ukraine.csv"
    assert shipped.read_text(encoding="utf-8") == as_csv(sort_claims(claims_as_text(claims)))


#: Nights that were in the news; numbers read from the rows of the table by eye.
KNOWN = {
    "20241221T1700Z-20241222T0800Z": {"launched": 103, "intercepted": 52, "lost": 44, "left": 1},
    "20250708T1700Z-20250709T0530Z": {"launched": 728, "intercepted": 296, "lost": 415},
    "20231231T1800Z-20240101T0600Z": {"launched": 90, "intercepted": 87},
    "20230527T1700Z-20230528T0500Z": {"launched": 54, "intercepted": 52},
    "20260324T0700Z-20260324T1600Z": {"launched": 556, "intercepted": 541},
    "20221009T1700Z": None,
}


@pytest.mark.parametrize("hours", KNOWN)
def test_attacks_of_the_record(claims, hours):
    own = claims[(claims["bulletin_id"] == f"{hours}.ua_air_force.on_ukraine.uav").to_numpy()]
    totals = own[own["relation"] == "total"].set_index("measure")["count"].to_dict()
    assert totals == (KNOWN[hours] or {})


def test_oblasts_of_the_record(claims):
    own = claims[claims["bulletin_id"].str.startswith("20231231T1800Z-20240101T0600Z")]
    units = own[own["relation"] == "single"].set_index("regions")["count"].to_dict()
    assert units == {
        "odesa": 28,
        "mykolaiv": 14,
        "kherson": 1,
        "dnipropetrovsk": 9,
        "zaporizhzhia": 3,
    }
    assert set(own["list"]) == {"cut"}
