"""The table of attacks: times, numbers, dictionaries and models as it writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ReadError
from analysis.readers import holds_attacks, read_attacks
from analysis.readers.attack_words import (
    LONG_RANGE,
    OTHER_DRONES,
    OTHER_WEAPONS,
    UNKNOWN_DRONES,
    kind_of,
)
from tests.attack_table import read, row, text_of


def hours(window):
    """A window as text, on Kyiv's clock."""
    return window.start.isoformat("T", "minutes"), window.end.isoformat("T", "minutes")


@pytest.mark.parametrize(
    ("start", "end", "precision", "first", "last"),
    [
        pytest.param("2024-02-10 21:00", "2024-02-11 05:30", "stated", "2024-02-10T21:00+02:00", "2024-02-11T05:30+02:00", id="hours"),
        pytest.param("2024-07-10 9:05", "2024-07-10 10:00 ", "stated", "2024-07-10T09:05+03:00", "2024-07-10T10:00+03:00", id="one-digit-summer"),
        pytest.param("2024-02-10 21:40:00", "2024-02-10 21:40", "point", "2024-02-10T21:40+02:00", "2024-02-10T21:41+02:00", id="point"),
        pytest.param("2024-02-10", "2024-02-10", "day", "2024-02-10T00:00+02:00", "2024-02-11T00:00+02:00", id="day"),
        pytest.param("2024-03-31", "2024-03-31", "day", "2024-03-31T00:00+02:00", "2024-04-01T00:00+03:00", id="short-day"),
        pytest.param("2024-02-11", "2024-02-11 08:00", "assumed", "2024-02-10T20:00+02:00", "2024-02-11T08:00+02:00", id="night-to-a-date"),
        pytest.param("2024-02-10 19:00", "2024-02-11", "assumed", "2024-02-10T19:00+02:00", "2024-02-11T08:00+02:00", id="no-end"),
        pytest.param("2024-02-10 19:00", "2024-02-10", "assumed", "2024-02-10T19:00+02:00", "2024-02-11T00:00+02:00", id="no-end-same-day"),
        pytest.param("2024-02-10 20:00", "2024-02-10 24:00", "stated", "2024-02-10T20:00+02:00", "2024-02-11T00:00+02:00", id="midnight"),
        pytest.param("2024-10-26 23:00", "2024-10-27 06:00", "stated", "2024-10-26T23:00+03:00", "2024-10-27T06:00+02:00", id="clock-set-back"),
    ],
)  # fmt: skip
def test_times(tmp_path, start, end, precision, first, last):
    [attack] = read(tmp_path, row(time_start=start, time_end=end)).attacks
    assert attack.window.precision == precision
    assert hours(attack.window) == (first, last)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        pytest.param({"time_start": "soon"}, r"line 2: time_start='soon' is no time", id="word"),
        pytest.param({"time_start": "2024-02-30"}, r"time_start='2024-02-30' is no time", id="date"),
        pytest.param({"time_end": "2024-02-11 25:00"}, r"time_end='2024-02-11 25:00' is no", id="hour"),
        pytest.param({"time_end": "2024-02-11 24:30"}, r"time_end='2024-02-11 24:30' is no", id="after-24"),
        pytest.param({"time_end": ""}, r"time_end='' is no time", id="blank"),
        pytest.param({"time_end": "2024-02-10 20:00"}, r"is before time_start='2024-02-10 21:00'", id="backwards"),
        pytest.param({"time_end": "2024-02-09"}, r"time_end='2024-02-09' is before", id="backwards-date"),
        pytest.param({"time_start": "2024-02-10", "time_end": "2024-02-12"}, r"from 2024-02-10 to 2024-02-12 without hours", id="days"),
        pytest.param({"launched": "4.5"}, r"launched='4.5' is not a whole number >= 0", id="half"),
        pytest.param({"destroyed": "-1.0"}, r"destroyed='-1.0' is not a whole", id="negative"),
        pytest.param({"launched": "1" * 12}, r"launched='1{12}' is not a whole", id="endless"),
        pytest.param({"model": ""}, r"model='' names no weapon", id="no-model"),
        pytest.param({"model": "Lancet and  and Kub"}, r"model='Lancet and  and Kub' names no weapon", id="half-a-model"),
        pytest.param({"border_crossing": "{'belarus': 1"}, r"border_crossing=\"\{'belarus': 1\" is not", id="open-dictionary"),
        pytest.param({"destroyed_details": "{'Odesa oblast': three}"}, r"destroyed_details 'Odesa oblast'='three' is not", id="word-for-number"),
        pytest.param({"destroyed_details": "{Odesa: 3}"}, r"destroyed_details holds 'Odesa: 3', not a place", id="no-quotes"),
        pytest.param({"destroyed_details": "{'a': 3 'b': 4}"}, r"destroyed_details holds \"'a': 3 'b': 4\", not", id="no-comma"),
        pytest.param({"still_attacking": "few"}, r"still_attacking='few' is not", id="aside"),
    ],
)  # fmt: skip
def test_cells_that_cannot_be_read(tmp_path, cells, says):
    with pytest.raises(ReadError, match=says) as caught:
        read(tmp_path, row(**cells))
    assert str(caught.value).endswith("Correct these lines; nothing was read.")


def test_every_offending_line_is_found_and_five_are_quoted(tmp_path):
    with pytest.raises(ReadError) as caught:
        read(tmp_path, *(row(launched=f"{n}x") for n in range(7)), row())
    assert "line 2: launched='0x'" in str(caught.value)
    assert "line 6: launched='4x'" in str(caught.value)
    assert "and 2 more lines" in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("600.0", 600), ("600", 600), ("0.0", 0), ("", None), ("NaN", None), ("nan", None), ("7.", 7)],
)
def test_numbers(tmp_path, cell, number):
    [attack] = read(tmp_path, row(launched=cell, not_reach_goal=cell)).attacks
    assert (attack.launched, attack.lost) == (number, number)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        pytest.param("{}", (), id="empty"),
        pytest.param("", (), id="blank"),
        pytest.param("NaN", (), id="nan"),
        pytest.param("3.0", (("", 3),), id="bare-number"),
        pytest.param("{'belarus': 2.0, 'russia': 5}", (("belarus", 2), ("russia", 5)), id="python"),
        pytest.param('{"belarus": 2, "russia": null}', (("belarus", 2), ("russia", None)), id="json"),
        pytest.param("{ 'south': NaN,    'Lviv oblast ': 4, }", (("south", None), ("Lviv oblast", 4)), id="spaces"),
        pytest.param("{'Dnipropetrovsk oblast, Dnipro Raion': 1}", (("Dnipropetrovsk oblast, Dnipro Raion", 1),), id="comma-in-name"),
        pytest.param("{'west': 1, 'west': 2}", (("west", 1), ("west", 2)), id="told-twice"),
    ],
)  # fmt: skip
def test_dictionaries(tmp_path, cell, parts):
    [attack] = read(tmp_path, row(border_crossing=cell, destroyed_details=cell)).attacks
    assert attack.crossed == parts
    assert attack.details == parts


def test_older_copies_have_a_column_for_each_border(tmp_path):
    [attack] = read(tmp_path, row(cross_border_belarus="2.0", back_russia="")).attacks
    assert attack.crossed == (("belarus", 2),)


def test_models_that_share_their_numbers(tmp_path):
    [attack] = read(tmp_path, row(model="X-101/X-555 and Kalibr")).attacks
    assert attack.models == ("X-101/X-555", "Kalibr")
    assert attack.kind == "other-weapon"


@pytest.mark.parametrize(
    ("models", "kind"),
    [
        (("Shahed-136/131", "Gerbera"), "long-range"),
        (("Shahed-136/131", "Lancet"), "mixed"),
        (("Shahed-136/131", "Dragonfly"), "mixed"),
        (("Orlan-10", "Kalibr"), "other-drone"),
        (("Dragonfly", "Kalibr"), "other-weapon"),
        (("Unknown UAV",), "unknown-drone"),
        (("Dragonfly",), "unknown"),
    ],
)
def test_kinds(models, kind):
    assert kind_of(models) == kind


def test_no_model_is_of_two_kinds():
    kinds = (LONG_RANGE, OTHER_DRONES, UNKNOWN_DRONES, OTHER_WEAPONS)
    assert len(frozenset().union(*kinds)) == sum(map(len, kinds))


def test_columns_in_any_order_and_unknown_ones(tmp_path):
    names = ["mood", "destroyed", "launched", "model", "time_end", "time_start", " source "]
    cells = row(mood="grim")
    cells[" source "] = cells.pop("source")
    del cells["target"]
    file = read(tmp_path, cells, columns=names)
    assert file.unknown_columns == ("mood",)
    [attack] = file.attacks
    assert (attack.launched, attack.destroyed, attack.target) == (40, 31, "")
    assert attack.source == "kpszsu/posts/pfbidA1"


def test_numbers_of_something_else_are_told_by_column(tmp_path):
    cells = {"still_attacking": "4.0", "num_hit_location": "0.0", "is_shahed": "30.0"}
    [attack] = read(tmp_path, row(**cells)).attacks
    assert attack.aside == ("still_attacking", "is_shahed")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("time_start,model,launched,destroyed\n", r"no column time_end\. A table of attacks has time_start, time_end", id="column"),
        pytest.param("posted_utc,text\n", r"no column time_start and no column time_end and", id="posts"),
        pytest.param(text_of(columns=["time_start", "time_end", "model", "launched", "destroyed"]), r"a header but no attacks", id="no-rows"),
        pytest.param(text_of(row()) + "2024,1\n", r"line 3: 2 cells where the header has 10", id="torn"),
        pytest.param(text_of(row()) + '"2024', r"line 3: this is no CSV", id="quote"),
    ],
)  # fmt: skip
def test_files_that_are_no_table_of_attacks(tmp_path, text, says):
    path = tmp_path / "attacks.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=says):
        read_attacks(path)


def test_a_table_of_attacks_is_known_by_its_columns(tmp_path):
    path = tmp_path / "any.csv"
    for text, holds in (
        (text_of(row()), True),
        ("\n" + text_of(row()), True),
        ("posted_utc,text\n2024-01-01T00:00Z,launched\n", False),
        ("launched destroyed", False),
        ('"time_start\ntime_end', False),
        ("\0\0", False),
        (" ", False),
    ):
        path.write_text(text, encoding="utf-8-sig")
        assert holds_attacks(path) == holds, text
    path.write_bytes(b"\xff\xfe" + text_of(row()).encode("utf-16-le"))
    assert not holds_attacks(path)
    assert not holds_attacks(tmp_path)


@given(
    numbers=st.lists(st.one_of(st.none(), st.integers(0, 999_999_999)), min_size=3, max_size=3),
    parts=st.dictionaries(
        st.text("abc ,.-", min_size=1, max_size=9).map(str.strip),
        st.one_of(st.none(), st.integers(0, 9999)),
        max_size=4,
    ),
)
def test_what_is_written_is_read(tmp_path_factory, numbers, parts):
    folder = tmp_path_factory.mktemp("written")
    launched, destroyed, lost = ("" if n is None else f"{n}.0" for n in numbers)
    written = repr(parts).replace("None", "NaN")
    cells = {"not_reach_goal": lost, "destroyed_details": written}
    [attack] = read(folder, row(launched, destroyed, **cells)).attacks
    assert [attack.launched, attack.destroyed, attack.lost] == numbers
    assert dict(attack.details) == parts


def test_the_record_can_be_read(shared):
    path = shared / "data" / "missile_attacks_daily.csv"
    assert holds_attacks(path)
    file = read_attacks(path)
    assert len(file.attacks) == 3585
    assert file.unknown_columns == ()
    kinds = [attack.kind for attack in file.attacks]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "long-range": 985,
        "mixed": 1,
        "other-drone": 1079,
        "unknown-drone": 258,
        "other-weapon": 1262,
    }
    assert [attack.line for attack in file.attacks] == list(range(2, 3587))
