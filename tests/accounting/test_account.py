"""Which window contains which, and which night a count belongs to: one case per rule."""

import numpy as np
import pandas as pd
import pytest

from analysis.accounting import Scope, account_claims
from analysis.accounting.habits import nesting_rate
from analysis.errors import PanelError
from analysis.panel import build_panel
from tests.made_claims import bulletin, figure, ledger

NIGHT = "2024-03-11"
DAY = ("08:00", "20:00")
#: 12 of a night and 3 that may be among them, where nothing else is known.
ONCE = round(12 + 3 * (1 - nesting_rate(1, 0)), 6)
SILENT = ("silent", 0, None, None)


def cell(claims, region="all", label=NIGHT, **options):
    """State, lower, upper and expected of one cell; None where unknown."""
    panel = build_panel(claims, **options)
    row = panel[(panel["night"] == label) & (panel["region"] == region)].iloc[0]
    upper = None if pd.isna(row["upper"]) else int(row["upper"])
    expected = None if np.isnan(row["expected"]) else round(float(row["expected"]), 6)
    return row["state"], int(row["lower"]), upper, expected


def account(*bulletins, **options):
    return account_claims(ledger(*bulletins), Scope(**options))


def rules(*bulletins, **options):
    counted = account(*bulletins, **options)
    return dict(zip(counted.tally.ids.tolist(), counted.standing.rule.tolist(), strict=True))


def night(parts=None, *, start="2024-03-10 20:00", end="2024-03-11 07:00", name="night", **more):
    return bulletin(name, start, end, {"kursk": 8, "tula": 4} if parts is None else parts, **more)


def last_night(parts=None, **more):
    return night(parts, window_precision="assumed", **more)


def evening(
    parts=None, *, start="2024-03-10 20:30", end="2024-03-10 23:00", name="evening", **more
):
    return bulletin(name, start, end, {"kursk": 3} if parts is None else parts, **more)


def point(parts=None, *, at="2024-03-10 21:15", **more):
    end = str(pd.Timestamp(at) + pd.Timedelta(minutes=1))
    return evening(parts, start=at, end=end, window_precision="point", **more)


# A window and the edges of a night


def test_an_hour_past_an_edge_counts_whole_in_the_larger_part():
    claims = ledger(evening(start="2024-03-10 16:00", end="2024-03-10 21:00"))
    assert cell(claims, label="2024-03-10", night=DAY) == ("exact", 3, 3, 3.0)
    assert "2024-03-11" not in set(build_panel(claims)["night"].astype(str))
    assert account_claims(claims, Scope()).edge.tolist() == [True]


def test_more_than_an_hour_is_split_by_hours_and_conserved():
    claims = ledger(evening({"kursk": 7}, start="2024-03-10 17:00", end="2024-03-11 00:00"))
    assert cell(claims) == ("bounded", 0, 7, 4.0)
    assert cell(claims, "kursk") == ("bounded", 0, 7, 4.0)
    assert cell(claims, label="2024-03-10", night=DAY) == ("bounded", 0, 7, 3.0)
    assert account_claims(claims, Scope()).split.tolist() == [True]


def test_the_hour_of_grace_is_for_stated_windows_only():
    claims = ledger(last_night(start="2024-03-11 06:00", end="2024-03-11 08:30"))
    assert cell(claims) == ("bounded", 0, 12, 9.6)


def test_a_point_counts_where_it_begins():
    claims = ledger(point(at="2024-03-10 19:59"), point(at="2024-03-10 20:00", name="later"))
    assert cell(claims) == ("exact", 3, 3, 3.0)
    assert cell(claims, label="2024-03-10", night=DAY) == ("exact", 3, 3, 3.0)


@pytest.mark.parametrize(
    ("start", "end"),
    [(None, None), ("2024-03-10 23:00", "2024-03-10 22:00"), (None, "2024-03-10 12:00")],
)
def test_without_usable_hours_those_before_the_posting_are_assumed(start, end):
    undated = evening(start=start, end=end, posted="2024-03-11 05:00")
    assert cell(ledger(undated)) == ("exact", 3, 3, 3.0)
    assert account(undated).spans.undated.tolist() == [True]
    # Supposed hours are no hours that somebody told of.
    assert account(undated).coverage.max() == 0
    # Of the three hours before it was posted, one lies in the night.
    late = evening(start=start, end=end, posted="2024-03-11 10:00")
    assert cell(ledger(late)) == ("bounded", 0, 3, 1.0)
    assert cell(ledger(late), night=DAY) == ("bounded", 0, 3, 2.0)
    # They lie in a stated window like any others, or do not fit into it.
    assert rules(undated, night()) == {"evening": "included", "night": "counted"}
    other = evening({"oryol": 3}, start=start, end=end, posted="2024-03-11 05:00")
    assert rules(other, night()) == {"evening": "contradicted", "night": "counted"}
    assert cell(ledger(other, night())) == ("exact", 15, 15, 15.0)


def test_without_hours_and_posting_time_nothing_is_counted():
    nowhere = evening(start=None, end=None, posted=None)
    assert rules(nowhere, night()) == {"evening": "undated", "night": "counted"}
    assert cell(ledger(nowhere, night())) == ("exact", 12, 12, 12.0)


def test_a_date_enters_only_a_panel_of_whole_days():
    hours = {"start": "2024-03-11 00:00", "end": "2024-03-12 00:00", "window_precision": "day"}
    # Not even a large one says anything of a night that it reaches into.
    assert cell(ledger(evening({"kursk": 90}, **hours), night())) == ("exact", 12, 12, 12.0)
    day = evening(**hours)
    assert account(day, night()).spans.entered.tolist() == [False, True]
    assert cell(ledger(day), night=("00:00", "24:00")) == ("exact", 3, 3, 3.0)
    assert cell(ledger(day), night=("20:00", "20:00")) == ("exact", 3, 3, 3.0)


def test_of_a_date_the_hours_told_twice_are_a_share_of_its_own():
    hours = {"start": "2024-03-11 00:00", "end": "2024-03-12 00:00", "window_precision": "day"}
    told = ledger(evening({"tula": 6}, **hours), night({"tula": 22}))
    # 00:00-07:00 lies in both: 7 of 24 hours of the 6, at most what the night has there.
    assert cell(told, night=("20:00", "20:00")) == ("bounded", 22, 28, 22 + 6 * 17 / 24)


def test_figures_of_attacks_count_at_their_midpoint_on_kyivs_clock_and_contain_nothing():
    kyiv = {"claimant": "ua_air_force", "direction": "on_ukraine", "source": "paper"}
    launched = {"measure": "launched", "also": ()}
    # In March Kyiv is an hour behind Moscow; the middle of this attack is 20:50 there.
    attack = bulletin("a", "2024-03-10 14:00", "2024-03-11 05:40", total=30, **kyiv, **launched)
    inside = bulletin("b", "2024-03-10 22:00", "2024-03-10 23:00", total=5, **kyiv, **launched)
    options = {"direction": "on_ukraine", "measure": "launched"}
    claims = ledger(attack, inside)
    assert cell(claims, **options) == ("exact", 35, 35, 35.0)
    # The middle of this one is 20:20 in Moscow but 19:20 in Kyiv.
    early = bulletin("c", "2024-03-10 20:10", "2024-03-10 20:30", total=9, **kyiv, **launched)
    assert cell(ledger(early, attack), **options) == ("exact", 30, 30, 30.0)
    assert cell(ledger(early, attack), **options, tz="Europe/Kyiv")[1] == 30
    assert cell(ledger(early, attack), **options, tz="Europe/Moscow")[1] == 39
    assert cell(ledger(early, attack), **options, tz="Asia/Yekaterinburg")[1] == 39


def test_a_date_whose_hours_until_posting_lie_in_the_night_may_count_there():
    told = {"start": "2024-03-11 00:00", "window_precision": "day"}
    assert cell(ledger(evening(end="2024-03-11 08:00", **told))) == ("bounded", 0, 3, 3.0)
    assert cell(ledger(evening(end="2024-03-11 08:01", **told))) == SILENT
    assert cell(ledger(evening(end="2024-03-11 08:00", **told)), night=DAY) == SILENT
    whole_day = cell(ledger(evening(end="2024-03-11 08:00", **told)), night=("00:00", "24:00"))
    assert whole_day == ("exact", 3, 3, 3.0)


def test_what_a_date_may_repeat_is_a_share_of_it():
    hours = {"start": "2024-03-11 00:00", "end": "2024-03-12 00:00", "window_precision": "day"}
    date = evening({"kursk": 24}, name="date", **hours)
    state, lower, upper, expected = cell(ledger(date, night()), night=("20:00", "20:00"))
    # One an hour for seven hours is fewer than 12 in 11 hours.
    assert (state, lower, upper, expected) == ("bounded", 24, 36, 36.0 - 7)


# Inside a stated window


def test_inside_a_stated_window_nothing_is_added():
    assert cell(ledger(night(), evening())) == ("exact", 12, 12, 12.0)
    assert rules(night(), evening()) == {"night": "counted", "evening": "included"}


def test_a_point_inside_a_stated_window_is_included_and_trims_nothing():
    counted = account(night(), point())
    assert dict(zip(counted.tally.ids, counted.standing.rule, strict=True)) == {
        "evening": "included",
        "night": "counted",
    }
    assert cell(ledger(night(), point())) == ("exact", 12, 12, 12.0)


@pytest.mark.parametrize(
    "told",
    [
        {"kursk": 9},
        {"oryol": 1},
        {"kursk": 8, "tula": 4, "oryol": 1},
        {"kursk|tula": 13},
        {"kursk|oryol": 2},
    ],
    ids=[
        "more in a region",
        "another region",
        "more in all",
        "jointly more",
        "a region of a joint count",
    ],
)
def test_more_than_the_container_leaves_room_for_counts_beside_it(told):
    total = 12 + sum(told.values())
    assert rules(night(), evening(told))["evening"] == "contradicted"
    assert cell(ledger(night(), evening(told))) == ("exact", total, total, float(total))


def test_more_in_all_than_the_container_counts_beside_it_even_without_a_region():
    assert rules(night(), evening({}, total=12))["evening"] == "included"
    assert rules(night(), evening({}, total=13))["evening"] == "contradicted"


def test_a_joint_count_needs_room_in_its_regions():
    wide = night({"kursk": 4, "oryol": 9, "tula": 4})
    assert rules(wide, evening({"kursk|tula": 8}))["evening"] == "included"
    assert rules(wide, evening({"kursk|tula": 9}))["evening"] == "contradicted"


def test_a_bulletin_in_several_windows_is_included_where_it_fits():
    narrow = evening({"oryol": 3}, end="2024-03-11 01:00", name="narrow")
    # Both the stated night and a stated evening of other regions contain it.
    assert rules(night(), narrow, point({"kursk": 2})) == {
        "night": "counted",
        "narrow": "contradicted",
        "evening": "included",
    }
    # A stated window goes before an assumed one, whether that leaves room or not.
    for parts in ({"kursk": 9}, {"tula": 1}):
        told = rules(evening(), last_night(parts), point({"kursk": 2}, name="point"))
        assert told["point"] == "included"


def test_what_a_cut_list_leaves_open_is_room():
    cut = night({"kursk": 8}, total=12, listing="cut")
    elsewhere = point({"oryol": 1}, at="2024-03-14 12:00", name="elsewhere")
    assert rules(cut, evening({"oryol": 4}))["evening"] == "included"
    assert rules(cut, evening({"oryol": 5}))["evening"] == "contradicted"
    assert rules(cut, evening({"kursk": 9}), elsewhere)["evening"] == "contradicted"
    assert rules(night({}, total=12), evening({"oryol": 12}))["evening"] == "included"


def test_a_chain_of_windows_counts_once():
    middle = evening({"kursk": 5}, start="2024-03-10 20:00", end="2024-03-11 02:00", name="middle")
    assert cell(ledger(night(), middle, evening())) == ("exact", 12, 12, 12.0)
    # What lies in an included window that leaves room still counts if the outermost has none.
    middle = evening({}, total=5, start="2024-03-10 20:00", end="2024-03-11 02:00", name="middle")
    assert rules(night(), middle, evening({"oryol": 2})) == {
        "night": "counted",
        "middle": "included",
        "evening": "contradicted",
    }
    # And what lies in that one is included there.
    deep = point({"oryol": 1}, name="deep")
    assert rules(night(), middle, evening({"oryol": 2}), deep)["deep"] == "included"


def test_two_points_of_one_minute_both_count():
    assert cell(ledger(point(), point({"tula": 1}, name="other"))) == ("exact", 4, 4, 4.0)
    assert set(rules(point(), point({"kursk": 1}, name="other")).values()) == {"counted"}


def test_windows_that_only_touch_do_not_overlap():
    late = night(start="2024-03-10 23:00")
    assert cell(ledger(late, evening())) == ("exact", 15, 15, 15.0)
    assert rules(late, point(at="2024-03-10 23:00"))["evening"] == "included"
    assert rules(late, point(at="2024-03-10 22:59"))["evening"] == "counted"


# Inside an assumed window


def test_inside_last_night_a_bulletin_may_or_may_not_be_included():
    # One pair, not contradicted, and no other night: told there with probability 2/3.
    assert nesting_rate(1, 0) == pytest.approx(2 / 3, abs=1e-6)
    for other in (evening(), point()):
        assert cell(ledger(last_night(), other)) == ("bounded", 12, 15, ONCE)
        assert cell(ledger(last_night(), other), "kursk") == ("bounded", 8, 11, ONCE - 4)
        assert cell(ledger(last_night(), other), "tula") == ("exact", 4, 4, 4.0)


def test_the_weight_is_the_records_own_nesting_rate():
    def pair(day, parts, make):
        hours = {"start": f"2024-03-{day} 20:00", "end": f"2024-03-{day + 1} 07:00"}
        times = {"start": f"2024-03-{day} 21:00", "end": f"2024-03-{day} 22:00"}
        if make is point:
            times = {"at": times["start"]}
        return [last_night(name=f"n{day}", **hours), make(parts, name=f"e{day}", **times)]

    evenings = pair(10, {"kursk": 3}, evening) + pair(14, {"oryol": 1}, evening)
    evenings += pair(16, {"oryol": 2}, evening)
    # The nights of the 14th and the 16th are two apart: two trials, both misfits.
    rate = nesting_rate(3, 2, trials=2, misfits=2)
    assert cell(ledger(*evenings)) == ("bounded", 12, 15, round(12 + 3 * (1 - rate), 6))
    # What happened about an hour is another habit.
    points = pair(10, {"kursk": 3}, point) + pair(14, {"oryol": 1}, evening)
    habits = account(*points).standing.habits
    assert habits.points == nesting_rate(1, 0)
    assert habits.windows == nesting_rate(1, 1)
    assert habits.windows < habits.points


def test_what_fits_by_chance_is_no_sign_of_being_told_twice():
    # As many do not fit where they may be told as where they cannot.
    assert nesting_rate(100, 50, trials=999, misfits=499) < 0.15
    assert nesting_rate(100, 5, trials=999, misfits=499) > 0.9
    # Where everything fits everywhere, nothing is learnt.
    assert nesting_rate(100, 0, trials=999, misfits=0) == pytest.approx(0.5, abs=0.01)


def test_windows_of_other_nights_are_tried_up_to_three_days_away():
    def nights(*days):
        told = [last_night({"kursk": 3}, name="n", end="2024-03-11 07:00"), evening({"kursk": 3})]
        for day in days:
            hours = {"start": f"2024-03-{day} 20:00", "end": f"2024-03-{day + 1} 07:00"}
            told.append(last_night({"tula": 9}, name=f"n{day}", **hours))
        return account(*told).standing.habits.windows

    assert nights(14) == nesting_rate(1, 0)
    assert nights(13) == nights(11) == nights(13, 14) == nesting_rate(1, 0, trials=1, misfits=1)
    assert nights(11, 12) == nesting_rate(1, 0, trials=2, misfits=2)


def test_several_that_fit_one_by_one_may_not_fit_together():
    # Three of the eight over Kursk, and three points of two each: not all of 9 were among them.
    inside = [point({"kursk": 3}, at=f"2024-03-10 2{hour}:15", name=f"p{hour}") for hour in "123"]
    assert rules(last_night(), *inside[:2])["p1"] == "doubtful"
    assert {rules(last_night(), *inside)[f"p{hour}"] for hour in "123"} == {"disjoint"}
    assert cell(ledger(last_night(), *inside)) == ("exact", 21, 21, 21.0)
    assert {rules(night(), *inside)[f"p{hour}"] for hour in "123"} == {"contradicted"}
    # One of another region may still be part of it.
    tula = point({"tula": 1}, name="tula")
    assert rules(last_night(), *inside, tula)["tula"] == "doubtful"
    # In all they may be too many without being so anywhere.
    few = night({}, total=8, window_precision="assumed")
    assert rules(few, *inside[:2])["p1"] == "doubtful"
    assert rules(few, *inside)["p1"] == "disjoint"


def test_what_may_be_the_same_does_not_add_up_against_a_container():
    # The five of the evening may hold the four about an hour, so they need no room for nine.
    told = (evening({"kursk": 5}, window_precision="assumed"), point({"kursk": 4}, name="point"))
    assert rules(last_night(), *told)["point"] == "doubtful"
    assert cell(ledger(last_night(), *told))[:3] == ("bounded", 12, 21)


def test_a_contradiction_makes_last_night_disjoint_and_exact():
    claims = ledger(last_night(), evening({"kursk": 2, "oryol": 1}))
    assert cell(claims) == ("exact", 15, 15, 15.0)
    assert cell(claims, "kursk") == ("exact", 10, 10, 10.0)
    assert rules(last_night(), evening({"oryol": 1}))["evening"] == "disjoint"


def test_a_bulletin_that_lies_mostly_in_last_night_lies_in_it():
    assert rules(last_night(), evening(start="2024-03-10 19:50"))["evening"] == "doubtful"
    assert rules(last_night(), evening(start="2024-03-10 19:00", end="2024-03-10 21:00")) == {
        "night": "counted",
        "evening": "doubtful",
    }
    assert (
        rules(last_night(), evening(start="2024-03-10 19:00", end="2024-03-10 20:59"))["evening"]
        == "counted"
    )
    assert (
        rules(last_night(), evening(start="2024-03-11 06:00", end="2024-03-11 08:00"))["evening"]
        == "counted"
    )
    assert (
        rules(last_night(), evening(start="2024-03-11 05:59", end="2024-03-11 08:00"))["evening"]
        == "doubtful"
    )


def test_of_two_tellings_of_the_same_hours_the_stated_one_contains():
    same = {"start": "2024-03-10 20:00", "end": "2024-03-11 07:00"}
    assert rules(night({"kursk": 9}), last_night({"kursk": 5}, name="other"), evening(**same)) == {
        "night": "counted",
        "other": "included",
        "evening": "included",
    }


# Overlaps in part


def test_stated_windows_overlapping_by_a_quarter_of_an_hour_both_count():
    late = night(start="2024-03-10 22:45")
    assert cell(ledger(late, evening())) == ("exact", 15, 15, 15.0)


def test_by_more_the_larger_counts_for_certain():
    late = night({"kursk": 40}, start="2024-03-10 22:00", end="2024-03-11 06:00")
    # Of 3 in 2.5 hours, 1.2 fall into the hour in common; the other has 5 there.
    assert cell(ledger(late, evening())) == ("bounded", 40, 43, 41.8)
    # Of 30 in 2.5 hours 12 fall into it, but the smaller has no more than 5 * 8 / 40 = 1 there.
    late = night({"kursk": 8}, start="2024-03-10 22:00", end="2024-03-11 06:00")
    assert cell(ledger(late, evening({"kursk": 30}))) == ("bounded", 30, 38, 37.0)


def test_an_assumed_window_may_overlap_by_an_hour():
    late = {"start": "2024-03-10 16:00", "end": "2024-03-10 21:00"}
    assert cell(ledger(last_night(), evening(**late))) == ("exact", 12, 12, 12.0)
    late["end"] = "2024-03-10 22:00"
    claims = ledger(last_night(), evening({"kursk": 30}, **late))
    # The one that passes the edge is no certain part of the night, however large it is: 10 of its
    # 30 lie there; of the 12 of 11 hours, 24 / 11 may repeat some of them.
    rate = nesting_rate(0, 0)
    assert cell(claims) == ("bounded", 12, 42, round(12 + 10 - rate * 24 / 11, 6))
    assert cell(claims, label="2024-03-10", night=DAY) == ("bounded", 0, 30, 20.0)
    # Of two that lie in the night, the larger counts for certain.
    early = last_night(start="2024-03-10 20:30", end="2024-03-10 23:00")
    late = night({"kursk": 40}, start="2024-03-10 21:30", name="late")
    assert cell(ledger(early, late))[1] == 40


def test_the_lower_bound_is_the_most_that_a_set_without_overlaps_proves():
    def chain(*counts, precision="stated"):
        return [
            evening(
                {"kursk": n},
                start=f"2024-03-10 2{i}:00",
                end=f"2024-03-10 2{i + 1}:20",
                name=f"c{i}",
                window_precision=precision,
            )
            for i, n in enumerate(counts)
        ]

    assert cell(ledger(*chain(8, 10, 8)))[:3] == ("bounded", 16, 26)
    assert cell(ledger(*chain(8, 20, 8)))[:3] == ("bounded", 20, 36)
    assert cell(ledger(*chain(8, 20, 8), night({}, total=9, start="2024-03-10 23:00")))[1] == 29
    # What passes the edge proves nothing, and does not stand in the way of what does.
    passing = evening({"kursk": 50}, start="2024-03-10 17:00", end="2024-03-10 21:10", name="edge")
    assert cell(ledger(passing, *chain(8)))[:3] == ("bounded", 8, 58)
    # A container that passes the edge may hold what lies in the night, and less is expected of it.
    wide = last_night({"kursk": 9}, start="2024-03-11 05:00", end="2024-03-11 11:00")
    inner = evening({"kursk": 4}, start="2024-03-11 05:00", end="2024-03-11 07:00")
    rate = nesting_rate(1, 0)
    expected = round(4 + 4.5 * (1 - rate * 4 / 9), 6)
    assert cell(ledger(wide, inner)) == ("bounded", 4, 13, expected)
    assert rules(wide, inner) == {"night": "overlapping", "evening": "counted"}


# Figures that contain bulletins


def test_a_figure_over_the_night_settles_a_split():
    split = evening({"kursk": 7}, start="2024-03-10 17:00", end="2024-03-10 23:00")
    rest = night(
        {"tula": 5},
        start="2024-03-10 23:00",
        also=figure("2024-03-10 20:00", "2024-03-11 07:00", 11),
    )
    claims = ledger(split, rest)
    assert cell(claims) == ("exact", 11, 11, 11.0)
    # The other region's 5 are certain.
    assert cell(claims, "kursk") == ("exact", 6, 6, 6.0)
    assert cell(claims, label="2024-03-10", night=DAY) == ("exact", 1, 1, 1.0)
    assert cell(claims, "kursk", label="2024-03-10", night=DAY) == ("exact", 1, 1, 1.0)
    assert cell(claims, night=("20:00", "20:00")) == ("bounded", 5, 12, 8.5)


@pytest.mark.parametrize(
    ("total", "expected", "day"),
    [
        (12, ("exact", 12, 12, 12.0), ("exact", 0, 0, 0.0)),
        (5, ("exact", 5, 5, 5.0), ("exact", 7, 7, 7.0)),
        (13, ("bounded", 5, 12, 8.5), ("bounded", 0, 7, 3.5)),
        (4, ("bounded", 5, 12, 8.5), ("bounded", 0, 7, 3.5)),
    ],
    ids=["all", "nothing", "more than there is", "less than is certain"],
)
def test_a_figure_can_settle_all_nothing_or_be_out_of_reach(total, expected, day):
    split = evening({"kursk": 7}, start="2024-03-10 17:00", end="2024-03-10 23:00")
    rest = night(
        {"tula": 5},
        start="2024-03-10 23:00",
        also=figure("2024-03-10 20:00", "2024-03-11 07:00", total),
    )
    assert cell(ledger(split, rest)) == expected
    assert cell(ledger(split, rest), label="2024-03-10", night=DAY) == day


def test_a_figure_settles_whether_an_evening_is_included():
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 15)
    claims = ledger(last_night(also=told), evening())
    assert cell(claims) == ("exact", 15, 15, 15.0)
    assert cell(claims, "kursk") == ("exact", 11, 11, 11.0)
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 12)
    panel = build_panel(ledger(last_night(also=told), evening()))
    assert set(panel["bulletins"][panel["night"] == NIGHT]) == {"night"}
    assert cell(ledger(last_night(also=told), evening()), "kursk") == ("exact", 8, 8, 8.0)
    told = figure("2024-03-10 20:00", "2024-03-11 05:00", 15)
    assert cell(ledger(last_night(also=told), evening())) == ("bounded", 12, 15, ONCE)


def test_what_a_figure_settles_is_shared_out_where_others_leave_room():
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 21)
    hours = {"start": "2024-03-11 02:00", "end": "2024-03-11 08:00"}
    split = night({"tula": 20}, start="2024-03-10 18:00", end="2024-03-11 02:00", name="a")
    claims = ledger(split, night({"tula": 5}, name="b", also=told, **hours))
    assert cell(claims) == cell(claims, "tula") == ("exact", 21, 21, 21.0)
    split = night({"tula": 18, "kursk": 2}, start="2024-03-10 18:00", end="2024-03-11 02:00")
    claims = ledger(split, night({"tula": 5}, name="b", also=told, **hours))
    # Of the 16 that are left, at most 2 are over the other region.
    assert cell(claims, "tula")[:3] == ("bounded", 5 + 14, 5 + 16)
    assert cell(claims, "kursk")[:3] == ("bounded", 0, 2)
    # Without a list any region may have them, and be it one that no claim names.
    split = bulletin("a", "2024-03-10 18:00", "2024-03-11 02:00", total=20)
    claims = ledger(split, night({"tula": 5}, name="b", also=told, **hours))
    assert cell(claims, "tula") == ("bounded", 5, 21, 21.0)


def test_several_open_bulletins_share_what_a_figure_leaves():
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 14)
    second = point({"tula": 1}, at="2024-03-11 02:00", name="second")
    state, lower, upper, expected = cell(ledger(last_night(also=told), evening(), second))
    assert (state, lower, upper, expected) == ("exact", 14, 14, 14.0)


def test_what_the_night_takes_whole_the_day_loses():
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 13)
    split = evening({"kursk": 7}, start="2024-03-10 17:00", end="2024-03-10 23:00")
    rest = last_night({"tula": 5}, start="2024-03-10 23:00", also=told)
    claims = ledger(split, rest, point({"tula": 1}, at="2024-03-11 02:00", name="second"))
    assert cell(claims) == ("exact", 13, 13, 13.0)
    assert cell(claims, "kursk", label="2024-03-10", night=DAY) == ("exact", 0, 0, 0.0)


DAYS = ["2024-03-08", "2024-03-09", "2024-03-10", "2024-03-11", "2024-03-13"]


@pytest.mark.parametrize(
    ("made", "bound"),
    [
        (figure("2024-03-08 12:00", "2024-03-13 12:00", 40), 28),
        (figure("2024-03-08 12:00", "2024-03-13 12:00", 40, outside=20), 8),
        (figure("2024-03-08 12:00", "2024-03-13 12:00", 12), 0),
        (figure("2024-03-08 12:00", "2024-03-13 12:00", 11), None),
        (figure("2024-03-08 12:00", "2024-03-13 12:00", 40, precision="assumed"), None),
        (figure(None, None, 40), None),
        (figure("2024-03-11 08:00", "2024-03-12 07:59", 40), None),
    ],
    ids=[
        "less others inside",
        "only outside the front",
        "nothing is left",
        "less than its parts",
        "assumed",
        "undated",
        "not the whole night",
    ],
)
def test_a_figure_bounds_the_nights_without_a_bulletin(made, bound):
    claims = ledger(night(also=made), channel_days=DAYS)
    assert cell(claims, label="2024-03-12") == ("missing", 0, bound, None)
    assert cell(claims, "kursk", label="2024-03-12") == ("missing", 0, bound, None)
    assert cell(claims, label="2024-03-10")[:3] == (
        "silent",
        0,
        bound if bound is not None else None,
    )
    assert cell(claims) == ("exact", 12, 12, 12.0)


def test_a_figure_less_than_its_parts_widens_and_settles_nothing():
    # What passes the night's end by an hour is inside the figure's hours, and more than it says.
    wrong = figure("2024-03-10 20:00", "2024-03-11 09:00", 12)
    split = night({"tula": 20}, start="2024-03-10 14:00", end="2024-03-11 02:00")
    day = bulletin("day", "2024-03-11 08:00", "2024-03-11 09:00", {"tula": 13}, also=wrong)
    assert cell(ledger(split, day)) == ("bounded", 0, 20, 10.0)
    assert cell(ledger(split)) == cell(ledger(split, day))


def test_the_least_of_several_bounds_holds_and_open_counts_take_nothing_off():
    wide = figure("2024-03-08 12:00", "2024-03-13 12:00", 40)
    close = figure("2024-03-11 20:00", "2024-03-12 08:00", 6)
    claims = ledger(last_night(also=wide + close), evening(), channel_days=DAYS)
    assert cell(claims, label="2024-03-12") == ("missing", 0, 6, None)
    assert cell(claims, label="2024-03-10") == ("silent", 0, 28, None)
    loose = figure("2024-03-11 20:00", "2024-03-12 08:00", 35)
    claims = ledger(last_night(also=wide + loose), evening(), channel_days=DAYS)
    assert cell(claims, label="2024-03-12") == ("missing", 0, 28, None)


# What is asked for


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"direction": "north"},
            "direction is 'north', which is unknown. Use on_russia, on_ukraine.",
        ),
        ({"weapon": "kite"}, "weapon is 'kite', which is unknown. Use uav, missile"),
        ({"measure": "seen"}, "measure is 'seen', which is unknown. Use intercepted, suppressed"),
        ({"measure": ("intercepted", "seen")}, "measure is 'seen', which is unknown."),
        ({"measure": ()}, "measure is '', which is unknown."),
        (
            {"weapon": "boat"},
            "No bulletin that counts claims intercepted or suppressed of boat on_russia here.",
        ),
        ({"as_of": "2024-03-01"}, "was known before 2024-03-01. Ask for a direction"),
        ({"night": ("20:00", "33:00")}, "night is"),
        ({"tz": "Mars"}, "tz is 'Mars', which no time zone is called."),
    ],
    ids=str,
)
def test_what_cannot_be_counted_is_refused(options, words):
    with pytest.raises(PanelError, match=words.replace("(", r"\(")):
        build_panel(ledger(night()), **options)


def test_claims_of_two_parties_are_not_added():
    other = night(name="other", claimant="ua_air_force")
    with pytest.raises(PanelError, match=r"by 2 claimants \(ru_mod, ua_air_force\)"):
        build_panel(ledger(night(), other))


def test_without_a_total_the_parts_make_it():
    claims = ledger(night())
    claims = claims[claims["relation"] != "total"]
    assert cell(claims) == ("exact", 12, 12, 12.0)


def test_what_was_shot_down_and_suppressed_shares_a_list_and_what_got_lost_has_none():
    cut = night({"kursk": 8}, total=12, listing="cut")
    jammed = [{"measure": "suppressed", "relation": "total", "regions": "", "count": 3}]
    lost = [{"measure": "lost", "relation": "total", "regions": "", "count": 3}]
    both = ledger(cut, night({"oryol": 1}, name="other", weapon="missile"))
    assert cell(both, "kursk")[:3] == ("exact", 8, 8)
    for also, measures, upper in (
        (jammed, ("intercepted", "suppressed"), 8),
        (lost, ("intercepted", "lost"), 15),
        (lost, ("intercepted",), 8),
        ([lost[0] | {"count": 0}], ("intercepted", "lost"), 8),
    ):
        claims = ledger(
            night({"kursk": 8}, total=12, listing="cut", also=also),
            night({"oryol": 1}, name="other", weapon="missile"),
        )
        assert cell(claims, "kursk", measure=measures)[2] == upper, measures


def test_measures_are_added_and_other_weapons_are_not():
    parts = {"measure": "suppressed", "count": 2}
    jammed = [
        parts | {"relation": "total", "regions": ""},
        parts | {"relation": "single", "regions": "kursk"},
    ]
    claims = ledger(night(also=jammed), night({"oryol": 9}, name="missiles", weapon="missile"))
    assert cell(claims) == ("exact", 14, 14, 14.0)
    assert cell(claims, "kursk") == ("exact", 10, 10, 10.0)
    assert cell(claims, measure="suppressed") == ("exact", 2, 2, 2.0)
    assert cell(claims, measure="intercepted") == ("exact", 12, 12, 12.0)
    # A region that any weapon reached has a row.
    assert cell(claims, "oryol") == ("exact", 0, 0, 0.0)
    assert cell(claims, "oryol", weapon="missile") == ("exact", 9, 9, 9.0)
