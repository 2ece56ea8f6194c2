"""Hours of nights, windows in them, and how much of them windows cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.accounting.nights import (
    BETWEEN,
    EDGE,
    MINUTE,
    build_slots,
    cover_slots,
    place_windows,
    read_clock,
    read_hours,
)
from analysis.errors import PanelError

MOSCOW = read_clock("Europe/Moscow")
NIGHT = (20 * 60, 8 * 60)
HOUR = 60 * MINUTE


def at(*texts, zone="+03:00"):
    """Moments in microseconds."""
    return np.array([np.datetime64(_utc(text, zone), "us").astype(np.int64) for text in texts])


def _utc(text, zone):
    import datetime

    moment = datetime.datetime.fromisoformat(text + zone)
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)


def nights_of(start, end, tolerance, hours=NIGHT, clock=MOSCOW):
    """Label (or "between") and share of each slot of one window."""
    start, end = at(start), at(end)
    slots = build_slots(hours, clock, int(start[0]), int(end[0]))
    placed = place_windows(start, end, np.array([tolerance]), slots)
    labels = slots.night[placed.slot]
    names = [
        "between" if n == BETWEEN else str(np.datetime64(int(n), "D")) for n in labels.tolist()
    ]
    return dict(zip(names, placed.share.round(6).tolist(), strict=True)), bool(placed.edge[0])


@pytest.mark.parametrize(
    ("hours", "moment", "label"),
    [
        (("20:00", "08:00"), "2024-03-10T20:00", "2024-03-11"),
        (("20:00", "08:00"), "2024-03-11T07:59", "2024-03-11"),
        (("20:00", "08:00"), "2024-03-11T08:00", "between"),
        (("08:00", "20:00"), "2024-03-11T08:00", "2024-03-11"),
        (("08:00", "20:00"), "2024-03-11T20:00", "between"),
        (("20:00", "00:00"), "2024-03-10T23:59", "2024-03-10"),
        (("00:00", "24:00"), "2024-03-10T23:59", "2024-03-10"),
        (("00:00", "00:00"), "2024-03-10T00:00", "2024-03-10"),
        (("20:00", "20:00"), "2024-03-10T19:59", "2024-03-10"),
        (("20:00", "20:00"), "2024-03-10T20:00", "2024-03-11"),
    ],
)
def test_a_night_is_labelled_by_its_last_minute(hours, moment, label):
    end = str(np.datetime64(moment) + np.timedelta64(1, "m"))
    assert nights_of(moment, end, 0, read_hours(hours))[0] == {label: 1.0}


@pytest.mark.parametrize(
    "hours",
    [("20:00", "32:00"), ("20", "08:00"), "20:00", ("20:00",), ("20:00", "24:01"), (20, 8), None],
    ids=str,
)
def test_hours_that_are_no_night_are_refused(hours):
    with pytest.raises(PanelError) as caught:
        read_hours(hours)
    assert str(caught.value) == (
        f"night is {hours!r}, which is not two times of day. "
        'Give start and end between "00:00" and "24:00", e.g. night=("20:00", "08:00").'
    )


@pytest.mark.parametrize("hours", [("20:00", "44:01"), ("00:00", "25:00"), ("08:00", "96:00")])
def test_a_night_of_more_than_24_hours_is_refused(hours):
    with pytest.raises(PanelError) as caught:
        read_hours(hours)
    assert str(caught.value).startswith(f"night is {hours!r}, which is longer than 24 hours. Give")


@pytest.mark.parametrize("tz", ["Moscow", "", "../x", 3])
def test_unknown_clocks_are_refused(tz):
    with pytest.raises(PanelError, match="which no time zone is called"):
        read_clock(tz)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-03-10T18:00", "2024-03-10T21:00", ({"between": 1.0}, True)),
        (
            "2024-03-10T17:59",
            "2024-03-10T21:01",
            ({"between": 0.664835, "2024-03-11": 0.335165}, False),
        ),
        ("2024-03-10T19:00", "2024-03-11T07:00", ({"2024-03-11": 1.0}, True)),
        ("2024-03-10T19:00", "2024-03-11T09:00", ({"2024-03-11": 1.0}, True)),
        ("2024-03-10T19:30", "2024-03-10T20:30", ({"2024-03-11": 1.0}, True)),
        ("2024-03-11T07:30", "2024-03-11T08:30", ({"between": 1.0}, True)),
        ("2024-03-10T20:00", "2024-03-11T08:00", ({"2024-03-11": 1.0}, False)),
        (
            "2024-03-10T17:00",
            "2024-03-11T00:00",
            ({"between": 0.428571, "2024-03-11": 0.571429}, False),
        ),
    ],
)
def test_a_window_goes_whole_to_its_larger_part_or_by_hours(start, end, expected):
    assert nights_of(start, end, EDGE) == expected


def test_without_tolerance_a_window_is_split_at_every_edge():
    assert nights_of("2024-03-10T19:00", "2024-03-10T21:00", 0) == (
        {"between": 0.5, "2024-03-11": 0.5},
        False,
    )


def test_summer_time_makes_a_day_of_23_hours():
    kyiv = read_clock("Europe/Kyiv")
    moment = int(at("2024-03-31T12:00")[0])
    slots = build_slots((0, 0), kyiv, moment, moment)
    lengths = dict(zip(slots.night.tolist(), (slots.length / HOUR).tolist(), strict=True))
    changed = int(np.datetime64("2024-03-31", "D").astype(np.int64))
    assert lengths[changed] == 23
    assert lengths[changed - 1] == lengths[changed + 1] == 24


windows = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300)), min_size=1, max_size=8)


@given(windows, st.sampled_from([(1200, 480), (480, 1200), (0, 0), (1200, 1200), (30, 29)]))
def test_shares_conserve_windows_and_coverage_is_their_union(drawn, hours):
    start = np.array([s for s, _ in drawn]) * 7 * MINUTE
    end = start + np.array([n for _, n in drawn]) * 5 * MINUTE
    slots = build_slots(hours, MOSCOW, int(start.min()), int(end.max()))
    placed = place_windows(start, end, np.full(start.size, EDGE), slots)
    assert np.allclose(np.bincount(placed.window, placed.share, minlength=start.size), 1)
    assert (placed.share > 0).all()
    # Minute by minute, as slowly as it can be done.
    minutes = np.unique(
        np.concatenate([np.arange(s, e, MINUTE) for s, e in zip(start, end, strict=True)])
    )
    slot = np.searchsorted(slots.edges, minutes, side="right") - 1
    counted = np.bincount(slot, minlength=slots.night.size) * MINUTE / slots.length
    assert np.allclose(cover_slots(start, end, slots), counted)
