"""What a table of claims must look like: text and back, and the words of every refusal."""

import pickle

import numpy as np
import pandas as pd
import pytest

from analysis.errors import LedgerError
from analysis.ledger.claims_text import claims_as_text, empty_claims, typed_claims
from analysis.ledger.schema import check_claims
from analysis.vocabulary import CLAIM_COLUMNS
from tests.tellings import bulletin, claims, window


@pytest.fixture
def text():
    told = bulletin({"tula": 3, "azov_sea|black_sea": 2}, hours=window())
    return claims_as_text(claims(told))


def check(text):
    check_claims(text, "claims.csv", lambda row: f"line {row + 2}")


def test_the_text_of_times(text):
    assert text.loc[0, ["window_start", "window_end", "posted_at", "known_at"]].tolist() == [
        "2025-01-02T20:00+03:00",
        "2025-01-03T07:00+03:00",
        "2025-01-03T04:30Z",
        "2025-01-03T04:30Z",
    ]


@pytest.mark.parametrize(("month", "offset"), [("01", "+02:00"), ("07", "+03:00")])
def test_windows_stand_on_the_claimant_s_clock(month, offset):
    hours = window(f"2025-{month}-02T20:00", f"2025-{month}-03T07:00")
    told = bulletin(hours=hours, claimant="ua_air_force", direction="on_ukraine")
    text = claims_as_text(claims(told))
    assert text["window_start"].str.endswith(offset).all()
    assert text["posted_at"].str.endswith("Z").all()


def test_text_and_back(text):
    assert typed_claims(text).dtypes.equals(empty_claims().dtypes)
    pd.testing.assert_frame_equal(claims_as_text(typed_claims(text)), text)
    check(text)
    check(claims_as_text(empty_claims()))


def test_a_number_of_a_list_may_have_lost_its_place(text):
    lost = text.assign(regions=text["regions"].where(text["relation"] != "single", ""))
    check(lost)
    with pytest.raises(LedgerError, match="regions and of do not fit the relation"):
        check(lost.assign(list="none"))


def test_other_offsets_are_the_same_moment(text):
    other = text.assign(window_start="2025-01-02T17:00Z", posted_at="2025-01-03T06:30+02:00")
    check(other)
    pd.testing.assert_frame_equal(typed_claims(other), typed_claims(text))


@pytest.mark.parametrize(
    ("row", "column", "cell", "says"),
    [
        pytest.param(1, "count", "-4", r"line 3: count='-4' is not a whole number >= 0", id="negative"),
        pytest.param(1, "count", "4.0", r"line 3: count='4.0' is not a whole", id="fraction"),
        pytest.param(1, "count", "", r"line 3: count='' is not a whole", id="no-count"),
        pytest.param(1, "count", "9999999999999999999", r"is not a whole number", id="too-large"),
        pytest.param(1, "revision", "0", r"revision='0' is not a whole number >= 1", id="revision"),
        pytest.param(0, "bulletin_id", "", r"line 2: bulletin_id='' is blank", id="no-name"),
        pytest.param(0, "bulletin_id", "a b", r"bulletin_id='a b' is blank or holds a space", id="space"),
        pytest.param(0, "claimant", "navy", r"claimant='navy' is none of ru_mod, ua_air_force", id="claimant"),
        pytest.param(0, "direction", "", r"direction='' is none of on_russia", id="direction"),
        pytest.param(0, "weapon", "gun", r"weapon='gun' is none of uav", id="weapon"),
        pytest.param(0, "window_precision", "rough", r"is none of stated, point, assumed, day, blank", id="precision"),
        pytest.param(0, "window_precision", "", r"line 2: window_start, .* do not go together", id="half-window"),
        pytest.param(0, "window_end", "", r"line 2: window_start, .* do not go together", id="no-end"),
        pytest.param(0, "window_end", "2025-01-02T20:00+03:00", r"does not end after its start", id="empty-window"),
        pytest.param(0, "window_start", "2025-01-02", r"'2025-01-02' is not a time such as", id="date"),
        pytest.param(0, "window_start", "2025-01-02T20:00", r"is not a time such as", id="no-zone"),
        pytest.param(0, "posted_at", "2025-13-02T20:00Z", r"is not a time such as", id="month-13"),
        pytest.param(0, "known_at", "", r"known_at='' is not a time", id="unknown-when"),
        pytest.param(0, "source", "", r"source='' is blank", id="source"),
        pytest.param(0, "source", " x", r"source=' x' is blank", id="source-space"),
        pytest.param(0, "source_kind", "rumour", r"is none of primary, completion, report", id="kind"),
        pytest.param(0, "source_url", "a b", r"source_url='a b' holds a space", id="url"),
        pytest.param(0, "language", "Russian!", r"is no language code", id="language"),
        pytest.param(0, "list", "long", r"list='long' is none of itemised", id="list"),
        pytest.param(0, "measure", "seen", r"measure='seen' is none of intercepted", id="measure"),
        pytest.param(0, "relation", "half", r"relation='half' is none of single", id="relation"),
        pytest.param(1, "regions", "atlantis", r"line 3: regions='atlantis' names an unknown unit", id="unit"),
        pytest.param(2, "regions", "black_sea|azov_sea", r"or its units are not in order", id="order"),
        pytest.param(2, "regions", "azov_sea|azov_sea", r"or its units are not in order", id="twice"),
        pytest.param(2, "regions", "azov_sea|", r"names an unknown unit", id="trailing"),
        pytest.param(0, "regions", "tula", r"line 2: regions and of do not fit the relation", id="total-of-a-unit"),
        pytest.param(2, "regions", "", r"line 4: regions and of do not fit", id="joint-of-none"),
        pytest.param(1, "regions", "azov_sea|black_sea", r"do not fit", id="single-of-two"),
        pytest.param(2, "regions", "black_sea", r"line 4: regions and of do not fit", id="joint-of-one"),
        pytest.param(1, "of", "oryol", r"do not fit the relation", id="of-without-subset"),
        pytest.param(1, "regions", "outside_operation_zone", r"do not fit", id="zone-as-a-unit"),
    ],
)  # fmt: skip
def test_each_bad_cell_is_named(text, row, column, cell, says):
    text.loc[row, column] = cell
    with pytest.raises(LedgerError, match=says) as caught:
        check(text)
    assert str(caught.value).startswith("claims.csv: line ")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("regions", "of", "fits"),
    [
        pytest.param("moscow_city", "moscow_region", True, id="part-of-a-unit"),
        pytest.param("moscow_city", "", True, id="part-of-the-whole"),
        pytest.param("", "moscow_region", True, id="unnamed-part"),
        pytest.param("outside_operation_zone", "", True, id="outside-the-zone"),
        pytest.param("outside_operation_zone", "tula", False, id="outside-of-a-unit"),
        pytest.param("tula", "outside_operation_zone", False, id="of-the-zone"),
    ],
)
def test_subsets(text, regions, of, fits):
    text.loc[1, ["relation", "regions", "of"]] = "subset", regions, of
    if fits:
        check(text)
    else:
        with pytest.raises(LedgerError, match=r"line 3: regions and of do not fit the relation"):
            check(text)


@pytest.mark.parametrize("column", ["posted_at", "known_at"])
def test_a_version_has_one_time(text, column):
    text.loc[2, column] = "2025-01-04T04:30Z"
    with pytest.raises(
        LedgerError, match=rf"line 4: {column}='2025-01-04T04:30Z' is not '2025-01-03"
    ):
        check(text)


def test_a_version_has_one_window_and_wider_figures_their_own(text):
    text.loc[2, "window_start"] = "2025-01-02T18:00+03:00"
    with pytest.raises(LedgerError, match=r"line 4: window_start='2025-01-02T18:00\+03:00' is not"):
        check(text)
    text.loc[2, "relation"] = "cumulative"
    check(text)


def test_a_version_has_one_total_per_measure(text):
    text.loc[1, ["relation", "regions"]] = "total", ""
    with pytest.raises(LedgerError, match=r"line 3: the version has a second total of one measure"):
        check(text)
    text.loc[1, "measure"] = "launched"
    check(text)


def test_all_bad_rows_are_found_five_are_quoted(text):
    many = pd.concat([text] * 3, ignore_index=True).assign(count="-1", weapon="gun")
    with pytest.raises(LedgerError, match=r"; and 13 more") as caught:
        check(many)
    assert str(caught.value).count("line ") == 5
    assert "line 2: count='-1'" in str(caught.value)
    assert "line 2: weapon='gun'" in str(caught.value)


def test_missing_and_unknown_columns(text):
    with pytest.raises(LedgerError, match=r"claims.csv: the table lacks count, language."):
        check(text.drop(columns=["count", "language"]))
    with pytest.raises(LedgerError, match=r"has the unknown colour. Give exactly the columns"):
        check(text.assign(colour="red"))
    with pytest.raises(LedgerError, match=r"The claims: the table lacks count"):
        claims_as_text(empty_claims().drop(columns="count"))


def test_times_that_are_none():
    table = claims(bulletin(hours=window()))
    with pytest.raises(LedgerError, match=r"Column posted_at of the claims is str, not moments"):
        claims_as_text(table.astype({"posted_at": "str"}))
    naive = table.assign(known_at=table["known_at"].dt.tz_localize(None))
    with pytest.raises(LedgerError, match=r'pd.to_datetime\(claims\["known_at"\], utc=True\)'):
        claims_as_text(naive)
    ragged = table.assign(known_at=table["known_at"] + pd.Timedelta(seconds=1))
    with pytest.raises(
        LedgerError, match=r"2025-01-03T04:30:01\+00:00, which is not a whole minute"
    ):
        claims_as_text(ragged)


def test_frames_in_memory_are_checked_as_they_would_be_written():
    table = claims(bulletin(hours=window()))
    for count, written in ((np.nan, ""), (4.5, "4.5"), (-1, "-1.0")):
        bad = table.astype({"count": "float64"})
        bad.loc[1, "count"] = count
        with pytest.raises(LedgerError, match=rf"line 3: count='{written}' is not a whole number"):
            check(claims_as_text(bad))
    blank = table.assign(language=pd.Series([None] * len(table), dtype="str"))
    assert claims_as_text(blank)["language"].eq("").all()


def test_columns_keep_their_order():
    assert tuple(claims_as_text(empty_claims()).columns) == CLAIM_COLUMNS
