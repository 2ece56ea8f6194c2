"""Which of a bulletin's counts are drawn into which slot."""

import numpy as np
import pytest

from analysis.accounting import Scope, account_claims
from analysis.allocation import draw_counts, draw_entries, learn_allocation
from analysis.panel import build_panel
from tests.made_claims import bulletin, figure, ledger


def totals(claims, night="2024-03-11", **options):
    """Drawn totals of a night."""
    drawn = build_panel(claims, allocate="draws", **options)
    return drawn[(drawn["region"] == "all") & (drawn["night"] == night)]["expected"]


def test_draws_hold_back_an_excess_of_the_parts():
    claims = ledger(
        bulletin("q", "2024-03-10 22:00", "2024-03-11 02:00", {"kursk": 6, "tula": 6}, total=9)
    )
    drawn = build_panel(claims, allocate="draws", draws=40)
    kursk = drawn[(drawn["region"] == "kursk") & (drawn["night"] == "2024-03-11")]["expected"]
    assert set(kursk) == {3, 4, 5, 6}
    assert kursk.mean() == pytest.approx(4.5, abs=0.6)


def test_what_may_be_included_is_drawn_as_a_whole():
    night = bulletin(
        "n", "2024-03-10 20:00", "2024-03-11 07:00", {"kursk": 50}, window_precision="assumed"
    )
    evening = bulletin("e", "2024-03-10 20:30", "2024-03-10 23:00", {"kursk": 40})
    drawn = totals(ledger(night, evening), draws=400)
    assert set(drawn) == {50, 90}
    assert (drawn == 90).mean() == pytest.approx(0.25, abs=0.07)


def test_what_is_told_twice_in_part_is_drawn_drone_by_drone():
    evening = bulletin("e", "2024-03-10 20:30", "2024-03-10 23:00", {"kursk": 40})
    late = bulletin("n", "2024-03-10 22:00", "2024-03-11 06:00", {"kursk": 400})
    drawn = totals(ledger(late, evening), draws=100)
    assert drawn.between(400, 440).all()
    assert drawn.nunique() > 5
    assert drawn.mean() == pytest.approx(424, abs=1.5)


def test_what_is_split_between_slots_is_drawn_drone_by_drone():
    split = bulletin("s", "2024-03-10 16:00", "2024-03-11 00:00", {"kursk": 40})
    drawn = totals(ledger(split), draws=400)
    assert drawn.mean() == pytest.approx(20, abs=4 * np.sqrt(10 / 400))
    assert drawn.var() == pytest.approx(10, rel=0.25)


def test_what_a_figure_settles_is_settled_in_every_draw():
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 14)
    night = bulletin("n", "2024-03-10 23:00", "2024-03-11 07:00", {"kursk": 9}, also=told)
    split = bulletin("s", "2024-03-10 17:00", "2024-03-10 23:00", {"kursk": 4, "tula": 4})
    claims = ledger(night, split)
    account = account_claims(claims, Scope())
    allocation = learn_allocation(account.tally, account.moments)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        drawn = draw_entries(account, draw_counts(account.tally, allocation, rng), rng)
        both = drawn[account.entries.bulletin == 1]
        assert sorted(both.sum(axis=1).tolist()) == [3, 5]
        assert both.sum(axis=0).tolist() == [4, 4]
    for hours, total in ((("20:00", "08:00"), 14), (("08:00", "20:00"), 3)):
        drawn = build_panel(claims, allocate="draws", draws=5, night=hours)
        found = drawn[(drawn["region"] == "all") & drawn["expected"].notna()]["expected"]
        assert set(found) == {total}


def test_draws_repeat_and_differ_by_seed():
    claims = ledger(
        bulletin("q", "2024-03-10 22:00", "2024-03-11 02:00", {}, total=30),
        bulletin("a", "2024-03-09 12:00", "2024-03-09 14:00", {"kursk": 3, "tula": 3}),
    )
    one, again, other = (build_panel(claims, allocate="draws", draws=2, rng=s) for s in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)
    assert one["draw"].value_counts().nunique() == 1
