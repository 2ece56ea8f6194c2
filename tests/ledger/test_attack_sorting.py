"""Which rows of the table of attacks are one attack, and which are left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ledger.attack_sorting import sort_attacks
from tests.attack_table import read, row

SOUTH = {"source": "PvKPivden/posts/pfbidS1", "target": "Odesa oblast"}
EAST = {"source": "pvkshid/posts/pfbidE1", "target": "Kharkiv oblast"}


def sort(folder, *rows):
    """Lines of each attack, and line -> (reason, line of the other row) of what is left out."""
    found = sort_attacks(read(folder, *rows).attacks)
    groups = [tuple(attack.line for attack in group) for group in found.groups]
    left = {
        out.attack.line: (out.reason, out.other.line if out.other else None)
        for out in found.left_out
    }
    return groups, left


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("Kalibr", "other-weapon"),
        ("Orlan-10", "other-drone"),
        ("Unknown UAV", "unknown-drone"),
        ("Shahed-136/131 and Lancet", "mixed"),
        ("Dragonfly", "unknown"),
    ],
)
def test_other_weapons_are_left_out(tmp_path, model, reason):
    assert sort(tmp_path, row(), row(model=model)) == ([(2,)], {3: (reason, None)})


def test_attacks_are_sorted_by_time(tmp_path):
    later = row(time_start="2024-02-12 21:00", time_end="2024-02-13 05:00")
    assert sort(tmp_path, later, row())[0] == [(3,), (2,)]


def test_parts_of_one_attack_are_added_up(tmp_path):
    rows = row(target="Odesa oblast"), row(target="Poltava oblast"), row(model="Gerbera")
    assert sort(tmp_path, *rows[:2]) == ([(2, 3)], {})
    # Another model's row on the whole country is no whole of these.
    assert sort(tmp_path, *rows) == ([(2, 3, 4)], {})


def test_a_part_beside_its_whole_is_not_added(tmp_path):
    part = row(target="Odesa oblast and Kherson oblast")
    assert sort(tmp_path, part, row()) == ([(3,)], {2: ("told-whole", 3)})
    assert sort(tmp_path, part, row(target="")) == ([(3,)], {2: ("told-whole", 3)})
    wider = row(target="Kherson oblast and Odesa oblast and south")
    assert sort(tmp_path, wider, part) == ([(2,)], {3: ("told-whole", 2)})


def test_a_row_told_twice_counts_once(tmp_path):
    assert sort(tmp_path, row(), row(source="t.me/x")) == ([(2,)], {3: ("told-twice", 2)})
    parts = row(target="a and b"), row(target="b and a"), row(target="Ukraine", model="Gerbera")
    assert sort(tmp_path, *parts) == ([(2, 4)], {3: ("told-twice", 2)})


@pytest.mark.parametrize(
    ("cells", "out"),
    [
        pytest.param({"time_start": "2024-02-11 01:00", "time_end": "2024-02-11 03:00"}, True, id="inside"),
        pytest.param({"time_start": "2024-02-11 04:00", "time_end": "2024-02-11 06:59"}, True, id="middle-inside"),
        pytest.param({"time_start": "2024-02-11 04:00", "time_end": "2024-02-11 07:00"}, False, id="middle-at-the-end"),
        pytest.param({"time_start": "2024-02-10 18:00", "time_end": "2024-02-11 00:00"}, True, id="middle-at-the-start"),
        pytest.param({"time_start": "2024-02-11 09:00", "time_end": "2024-02-11 15:00"}, False, id="by-day"),
        pytest.param({"time_start": "2024-02-11", "time_end": "2024-02-11"}, True, id="date-touches"),
        pytest.param({"time_start": "2024-02-10", "time_end": "2024-02-10"}, True, id="date-touches-the-start"),
        pytest.param({"time_start": "2024-02-12", "time_end": "2024-02-12"}, False, id="another-date"),
        pytest.param({"time_start": "2024-02-11", "time_end": "2024-02-11 15:00"}, True, id="assumed-touches"),
        pytest.param({"time_start": "2024-02-12", "time_end": "2024-02-12 08:00"}, False, id="another-night"),
    ],
)  # fmt: skip
def test_a_regional_command_may_tell_what_the_air_force_tells(tmp_path, cells, out):
    groups, left = sort(tmp_path, row(), row(**SOUTH | cells))
    assert left == ({3: ("perhaps-told", 2)} if out else {})
    assert len(groups) == 2 - out


@pytest.mark.parametrize(
    ("national", "date"),
    [
        (("2024-02-11 00:00", "2024-02-11 05:30"), "2024-02-10"),
        (("2024-02-10 18:00", "2024-02-11 00:00"), "2024-02-11"),
    ],
)
def test_hours_that_meet_at_midnight_do_not_touch(tmp_path, national, date):
    rows = (
        row(time_start=national[0], time_end=national[1]),
        row(**SOUTH | {"time_start": date, "time_end": date}),
    )
    groups, left = sort(tmp_path, *rows)
    assert (len(groups), left) == (2, {})


def test_what_a_command_tells_elsewhere_counts(tmp_path):
    inside = {"time_start": "2024-02-11 01:00", "time_end": "2024-02-11 03:00"}
    # The Air Force's own row on another target does not hold it, nor do other commands' rows.
    aimed = row(target="Kharkiv oblast")
    assert sort(tmp_path, aimed, row(**SOUTH | inside)) == ([(2,), (3,)], {})
    assert sort(tmp_path, row(**EAST), row(**SOUTH)) == ([(2, 3)], {})
    district = EAST | {"target": "Kharkiv oblast, Izium Raion"} | inside
    assert sort(tmp_path, aimed, row(**district)) == ([(2,)], {3: ("perhaps-told", 2)})


def test_a_command_that_tells_of_the_whole_country_is_the_air_force(tmp_path):
    national = row(source="PvKPivden/posts/pfbidS2")
    assert sort(tmp_path, national) == ([(2,)], {})
    inside = {"time_start": "2024-02-11 01:00", "time_end": "2024-02-11 03:00"}
    assert sort(tmp_path, national, row(**SOUTH | inside))[1] == {3: ("perhaps-told", 2)}


def test_the_air_forces_own_rows_are_attacks_of_their_own(tmp_path):
    inside = {"time_start": "2024-02-11 01:00", "time_end": "2024-02-11 03:00"}
    assert sort(tmp_path, row(), row(target="Odesa oblast", **inside)) == ([(2,), (3,)], {})


def test_missiles_hold_no_drones(tmp_path):
    inside = {"time_start": "2024-02-11 01:00", "time_end": "2024-02-11 03:00"}
    groups, left = sort(tmp_path, row(model="Kalibr"), row(**SOUTH | inside))
    assert groups == [(3,)]
    assert left == {2: ("other-weapon", None)}


hours = st.sampled_from(
    [
        ("2024-02-10 21:00", "2024-02-11 05:30"),
        ("2024-02-11", "2024-02-11 08:00"),
        ("2024-02-11", "2024-02-11"),
        ("2024-02-11 11:00", "2024-02-11 12:00"),
        ("2024-02-11 02:00", "2024-02-11 02:00"),
    ]
)
rows = st.lists(
    st.builds(
        lambda when, **cells: row(time_start=when[0], time_end=when[1], **cells),
        when=hours,
        target=st.sampled_from(["Ukraine", "", "Odesa oblast", "Odesa oblast and south", "south"]),
        source=st.sampled_from(["kpszsu/posts/p1", "PvKPivden/posts/p2", "pvkshid/posts/p3"]),
        model=st.sampled_from(["Shahed-136/131", "Shahed-136/131", "Gerbera", "Kub"]),
    ),
    min_size=1,
    max_size=7,
)


@given(rows=rows)
def test_each_row_has_one_fate(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("fates")
    groups, left = sort(folder, *rows)
    counted = [line for group in groups for line in group]
    assert sorted([*counted, *left]) == list(range(2, 2 + len(rows)))
    # What a row is left out for counts, or is left out for one that counts.
    for _, other in left.values():
        while other in left:
            other = left[other][1]
        assert other is None or other in counted


def test_the_rows_of_the_record(shared):
    from analysis.readers import read_attacks

    found = sort_attacks(read_attacks(shared / "data" / "missile_attacks_daily.csv").attacks)
    reasons = [out.reason for out in found.left_out]
    assert {reason: reasons.count(reason) for reason in set(reasons)} == {
        "other-weapon": 1262,
        "other-drone": 1079,
        "unknown-drone": 258,
        "mixed": 1,
        "told-whole": 2,
        "perhaps-told": 14,
    }
    assert len(found.groups) == 966
    assert [len(group) for group in found.groups if len(group) > 1] == [2, 2, 2]
    perhaps = [out.attack for out in found.left_out if out.reason == "perhaps-told"]
    assert sum(attack.destroyed for attack in perhaps) == 178
