"""Counts that their region's past does not explain."""

import numpy as np
import pytest
from scipy import stats

from analysis.accounting.nights import DAY
from analysis.audit.history import _chance, audit_history, find_surprises
from tests.made_claims import bulletin, ledger

HOUR = DAY // 24
NIGHT = 11 * HOUR


def surprises(counts, gap=DAY, length=NIGHT):
    """Positions of the counts of one region that are out of line."""
    counts = np.asarray(counts, dtype=np.int64)
    moments = np.arange(counts.size, dtype=np.int64) * gap
    lengths = np.broadcast_to(np.asarray(length, dtype=np.int64), counts.shape)
    return find_surprises(counts, moments, lengths).position.tolist()


USUAL = [1, 2, 3, 2] * 6


def test_one_count_far_above_the_others():
    assert surprises([*USUAL, 30]) == [24]
    assert surprises([*USUAL, 9]) == []
    assert surprises([]) == []


def test_what_is_said_about_it():
    counts = np.array([*USUAL, 30], dtype=np.int64)
    found = find_surprises(counts, np.arange(25) * DAY, np.full(25, NIGHT))
    assert (found.past.tolist(), found.largest.tolist(), found.median.tolist()) == (
        [24],
        [3],
        [2.0],
    )


@pytest.mark.parametrize(("past", "found"), [(19, []), (20, [20])])
def test_twenty_counts_make_a_history(past, found):
    assert surprises([1, 2] * 10 + [30] if past == 20 else [1, 2] * 9 + [1, 30]) == found


def test_counts_that_grow_steadily_are_in_line():
    assert surprises(np.arange(1, 60)) == []


def test_one_night_does_not_hide_the_next():
    assert surprises([*USUAL, 30, 30]) == [24, 25]
    # One in fifty is set aside: the second of two among 27 is left in, and hides the third.
    assert surprises([*USUAL, 30, 30, 30]) == [24, 25]
    twice = [*USUAL, *USUAL, 40, 40]
    assert surprises([*twice, 40]) == [48, 49]
    longer = USUAL * 3 + [40, 40, 40]
    assert surprises(longer) == [72, 73, 74]


def test_only_the_year_before_speaks():
    weekly = 14 * DAY
    assert surprises([*USUAL, *USUAL, 30], gap=weekly) == [48]
    assert surprises([*USUAL, 30], gap=20 * DAY) == []  # 18 of them within a year


def test_only_windows_as_long_speak():
    nights = [NIGHT] * 24
    assert surprises([*USUAL, 30], length=[*nights, 2 * NIGHT]) == [24]
    assert surprises([*USUAL, 30], length=[*nights, NIGHT // 2]) == [24]
    assert surprises([*USUAL, 30], length=[*nights, 2 * NIGHT + 2]) == []
    assert surprises([*USUAL, 30], length=[*nights, NIGHT // 2 - 1]) == []
    assert surprises([*USUAL, 30], length=0) == [24]  # hours that nobody stated are alike


def test_what_follows_says_nothing_and_neither_does_the_same_moment():
    assert surprises([30, *USUAL]) == []
    counts = np.array([*USUAL, 30], dtype=np.int64)
    assert (
        find_surprises(counts, np.zeros(25, dtype=np.int64), np.full(25, NIGHT)).position.size == 0
    )


def test_blocks_make_no_difference(monkeypatch):
    rng = np.random.default_rng(5)
    counts = rng.negative_binomial(1, 0.05, 400) + 1
    counts[[150, 320]] = 900
    whole = surprises(counts)
    monkeypatch.setattr("analysis.audit.history.BLOCK", 7)
    assert surprises(counts) == whole
    assert {150, 320} <= set(whole)


def test_the_chance_is_that_of_the_distributions():
    count = np.array([12, 30, 10, 15])
    mean, variance = np.array([2.0, 5.0, 1.0, 3.0]), np.array([6.0, 40.0, 0.5, 3.0])
    wide = variance > mean
    expected = np.empty(4)
    for i in range(4):
        if wide[i]:
            size = mean[i] ** 2 / (variance[i] - mean[i])
            expected[i] = stats.nbinom.sf(count[i] - 1, size, size / (size + mean[i]))
        else:
            expected[i] = stats.poisson.sf(count[i] - 1, mean[i])
    np.testing.assert_allclose(_chance(count, mean, variance), expected, rtol=1e-9)


def test_the_least_count_that_can_be_out_of_line():
    # All counts are at least 1, so a Poisson distribution of mean 1 has the lightest tail there is.
    assert stats.poisson.sf(8, 1) > 1e-6 > stats.poisson.sf(9, 1)
    assert surprises([1] * 24 + [9]) == []
    assert surprises([1] * 24 + [10]) == [24]


def test_false_alarms_are_rare():
    rng = np.random.default_rng(11)
    counts = rng.negative_binomial(1.2, 0.15, (40, 250)) + 1
    assert sum(len(surprises(row)) for row in counts) <= 12  # of 9,200 that are judged


def night(day, parts, **more):
    start = f"2024-{day // 28 + 1:02d}-{day % 28 + 1:02d}"
    return bulletin(f"n{day:03d}", f"{start} 20:00", f"{start} 23:00", parts, **more)


def found(*bulletins):
    claims = ledger(*bulletins)
    return [(one.code, one.bulletin_id, one.message) for one in audit_history(claims)]


def test_findings_name_region_and_past():
    usual = [night(day, {"tula": count, "kursk": 2}) for day, count in enumerate(USUAL)]
    assert found(*usual, night(24, {"tula": 30, "kursk": 2})) == [
        (
            "out-of-line",
            "n024",
            "30 for tula is far above its past: of 24 counts within a year in windows as long "
            "the median is 2, the largest 3.",
        )
    ]


def test_only_counts_of_one_region_speak():
    usual = [night(day, {"tula": count}) for day, count in enumerate(USUAL)]
    assert found(*usual, night(24, {"kursk|tula": 60})) == []
    more = {"measure": "launched", "relation": "single", "regions": "tula", "count": 60}
    assert found(*usual, night(24, {"tula": 2}, also=[more])) == []
    part = {"relation": "subset", "regions": "tula", "of": "", "count": 60}
    assert found(*usual, night(24, {"tula": 2}, also=[part])) == []


def test_parts_without_a_place_have_no_past():
    usual = [night(day, {"": count}) for day, count in enumerate(USUAL)]
    assert found(*usual, night(24, {"": 30})) == []


def test_a_region_named_twice_has_the_sum():
    usual = [night(day, {"tula": count}) for day, count in enumerate(USUAL)]
    again = {"relation": "single", "regions": "tula", "count": 8}
    assert len(found(*usual, night(24, {"tula": 8}, also=[again]))) == 1
    assert found(*usual, night(24, {"tula": 8})) == []


def test_a_region_named_for_the_first_time():
    record = [night(day, {"tula": 2}) for day in range(100)]
    assert found(*record, night(100, {"komi": 5})) == [
        ("first-named", "n100", "komi is named for the first time, with 5.")
    ]
    assert found(*record, night(100, {"komi": 4})) == []
    assert found(*record[1:], night(100, {"komi": 5})) == []
    assert len(found(*record, night(100, {"komi": 5}), night(101, {"komi": 9}))) == 1


def test_without_a_posting_time_the_window_dates_it():
    usual = [night(day, {"tula": count}, posted=None) for day, count in enumerate(USUAL)]
    assert len(found(*usual, night(24, {"tula": 30}, posted=None))) == 1
