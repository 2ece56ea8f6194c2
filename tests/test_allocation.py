"""How counts given for several regions at once are shared out."""

import numpy as np
import pytest

from analysis.accounting import Scope, account_claims
from analysis.allocation import (
    CONCENTRATION,
    PRIOR,
    draw_counts,
    draw_entries,
    near_shares,
    share_out,
)
from analysis.panel import build_panel
from tests.made_claims import bulletin, figure, ledger


def whole(parts, day, name):
    """A fully itemised bulletin in the afternoon of a day in March 2024."""
    return bulletin(name, f"2024-03-{day:02d} 12:00", f"2024-03-{day:02d} 14:00", parts)


def asked(parts=None, total=None, listing=None, day=11, name="q", **more):
    """A bulletin of the night before a day in March 2024."""
    hours = f"2024-03-{day - 1:02d} 22:00", f"2024-03-{day:02d} 02:00"
    return bulletin(name, *hours, parts, total=total, listing=listing, **more)


def shared(*bulletins):
    """Expected counts of the bulletin q by region."""
    account = account_claims(ledger(*bulletins), Scope())
    tally = account.tally
    counts = share_out(tally, near_shares(tally, account.moments))
    return dict(zip(tally.regions, counts[list(tally.ids).index("q")].tolist(), strict=True))


def bounds(*bulletins):
    tally = account_claims(ledger(*bulletins), Scope()).tally
    lower, upper = tally.region_bounds()
    q = list(tally.ids).index("q")
    return {r: (int(lower[q, i]), int(upper[q, i])) for i, r in enumerate(tally.regions)}


def test_shares_are_those_of_itemised_bulletins_near_in_time():
    # Two of equal distance, before and after; their middles are 35 and 13 hours off, and 13 and 35.
    counts = shared(
        whole({"kursk": 9}, 9, "a"), whole({"tula": 3}, 11, "b"), asked({"kursk|tula": 14})
    )
    weight = {
        "kursk": np.exp(-0.5 * (35 / 24 / 30) ** 2) * 9,
        "tula": np.exp(-0.5 * (13 / 24 / 30) ** 2) * 3,
    }
    prior = PRIOR / 2
    part = (weight["kursk"] + prior) / (weight["kursk"] + weight["tula"] + 2 * prior)
    assert counts["kursk"] == pytest.approx(1 + 12 * part, rel=1e-12)
    assert sum(counts.values()) == pytest.approx(14, abs=1e-12)


def test_far_bulletins_count_less():
    account = account_claims(
        ledger(
            asked({"kursk|tula": 9}, day=11),
            bulletin("a", "2024-03-11 12:00", "2024-03-11 13:00", {"kursk": 5}),
            bulletin("b", "2024-09-11 12:00", "2024-09-11 13:00", {"tula": 5}),
        ),
        Scope(),
    )
    row = list(account.tally.ids).index("q")
    wide = near_shares(account.tally, account.moments, bandwidth=1e6)[row]
    near = near_shares(account.tally, account.moments)[row]
    assert wide == pytest.approx([0.5, 0.5], abs=1e-6)
    assert near == pytest.approx([5.5 / 6, 0.5 / 6], abs=1e-3)


@pytest.mark.parametrize(
    "other",
    [
        bulletin(
            "o", "2024-03-11 12:00", "2024-03-11 13:00", {"kursk": 50}, total=60, listing="cut"
        ),
        bulletin("o", "2024-03-11 12:00", "2024-03-11 13:00", {"kursk": 50}, listing="cut"),
        bulletin("o", "2024-03-11 12:00", "2024-03-11 13:00", {"kursk": 50, "kursk|tula": 2}),
        bulletin("o", "2024-03-11 12:00", "2024-03-11 13:00", {"kursk": 50}, total=40),
    ],
    ids=["falls short", "cut", "partly joint", "exceeds its total"],
)
def test_only_fully_itemised_bulletins_give_shares_and_without_any_they_are_equal(other):
    assert shared(other, asked({"kursk|tula": 12})) == {"kursk": 6.0, "tula": 6.0}


@pytest.mark.parametrize(
    ("made", "expected", "limits"),
    [
        (
            asked({"kursk|tula": 7}),
            {"kursk": 3.5, "oryol": 0, "tula": 3.5},
            {"kursk": (1, 6), "oryol": (0, 0), "tula": (1, 6)},
        ),
        (
            asked({"kursk|tula": 2}),
            {"kursk": 1, "oryol": 0, "tula": 1},
            {"kursk": (1, 1), "oryol": (0, 0), "tula": (1, 1)},
        ),
        (
            asked({"kursk|tula": 1}),
            {"kursk": 0.5, "oryol": 0, "tula": 0.5},
            {"kursk": (0, 1), "oryol": (0, 0), "tula": (0, 1)},
        ),
        (
            asked({"kursk": 4, "kursk|tula": 3}),
            {"kursk": 5.5, "oryol": 0, "tula": 1.5},
            {"kursk": (5, 6), "oryol": (0, 0), "tula": (1, 2)},
        ),
        (
            asked({"kursk": 4}, 10, "cut"),
            {"kursk": 4, "oryol": 3, "tula": 3},
            {"kursk": (4, 4), "oryol": (0, 6), "tula": (0, 6)},
        ),
        (
            asked({"kursk": 4, "oryol|tula": 2}, 10, "cut"),
            {"kursk": 5 + 1 / 3, "oryol": 2 + 1 / 3, "tula": 2 + 1 / 3},
            {"kursk": (4, 8), "oryol": (1, 5), "tula": (1, 5)},
        ),
        (
            asked({"kursk|tula": 8}, 8, "cut"),
            {"kursk": 3, "oryol": 2, "tula": 3},
            {"kursk": (1, 7), "oryol": (0, 6), "tula": (1, 7)},
        ),
        (
            asked({"kursk": 4}, 10),
            {"kursk": 6, "oryol": 2, "tula": 2},
            {"kursk": (4, 10), "oryol": (0, 6), "tula": (0, 6)},
        ),
        (
            asked({}, 9),
            {"kursk": 3, "oryol": 3, "tula": 3},
            {"kursk": (0, 9), "oryol": (0, 9), "tula": (0, 9)},
        ),
        (
            asked({"kursk": 4, "tula": 2}, 3),
            {"kursk": 2, "oryol": 0, "tula": 1},
            {"kursk": (1, 4), "oryol": (0, 0), "tula": (0, 2)},
        ),
    ],
    ids=[
        "joint",
        "one each",
        "fewer than regions",
        "single and joint",
        "cut",
        "cut with all named",
        "cut names of a joint count",
        "falls short",
        "withheld",
        "parts exceed the total",
    ],
)
def test_each_way_of_giving_regions(made, expected, limits):
    # A balanced itemised list long ago: three regions with equal shares.
    others = bulletin(
        "o", "2021-01-11 12:00", "2021-01-11 13:00", {"kursk": 1, "oryol": 1, "tula": 1}
    )
    assert shared(others, made) == pytest.approx(expected, abs=1e-12)
    assert bounds(others, made) == limits


def test_draws_agree_with_their_expectation_in_the_long_run():
    claims = ledger(
        whole({"kursk": 600, "oryol": 300, "tula": 100}, 11, "a"), asked({"kursk": 5}, 45, "cut")
    )
    account = account_claims(claims, Scope())
    rng = np.random.default_rng(5)
    drawn = np.array([draw_counts(account.tally, account.moments, rng)[1] for _ in range(3000)])
    assert (drawn[:, 0] == 5).all()
    assert (drawn.sum(axis=1) == 45).all()
    part = np.array([300 + PRIOR / 3, 100 + PRIOR / 3])
    part /= part.sum()
    # Dirichlet-multinomial: more spread than the multinomial by (n + c) / (1 + c).
    spread = 40 * part[0] * part[1] * (40 + CONCENTRATION) / (1 + CONCENTRATION)
    error = np.sqrt(spread / 3000)
    assert drawn[:, 1].mean() == pytest.approx(40 * part[0], abs=4 * error)
    assert drawn[:, 1].var() == pytest.approx(spread, rel=0.15)


def test_draws_resample_the_itemised_bulletins():
    # Two nights that say opposite things are weak evidence however many drones they count.
    others = [whole({"kursk": 5000}, 11, "a"), whole({"tula": 5000}, 11, "b")]
    account = account_claims(ledger(*others, asked({}, 1000)), Scope())
    rng = np.random.default_rng(8)
    share = np.array([draw_counts(account.tally, account.moments, rng)[2, 0] for _ in range(800)])
    # A uniform share p, and a Dirichlet one around it: 1 / 12 + E p (1 - p) / (1 + c).
    assert (share / 1000).var() == pytest.approx(1 / 12 + 1 / 6 / (1 + CONCENTRATION), rel=0.15)


def test_draws_hold_back_an_excess_of_the_parts():
    claims = ledger(asked({"kursk": 6, "tula": 6}, 9))
    drawn = build_panel(claims, allocate="draws", draws=40)
    kursk = drawn[(drawn["region"] == "kursk") & (drawn["night"] == "2024-03-11")]["expected"]
    assert set(kursk) == {3, 4, 5, 6}
    assert kursk.mean() == pytest.approx(4.5, abs=0.6)


def test_what_may_be_included_is_drawn_as_a_whole_and_what_is_split_drone_by_drone():
    night = bulletin(
        "n", "2024-03-10 20:00", "2024-03-11 07:00", {"kursk": 50}, window_precision="assumed"
    )
    evening = bulletin("e", "2024-03-10 20:30", "2024-03-10 23:00", {"kursk": 40})
    drawn = build_panel(ledger(night, evening), allocate="draws", draws=400)
    totals = drawn[(drawn["region"] == "all") & (drawn["night"] == "2024-03-11")]["expected"]
    assert set(totals) == {50, 90}
    assert (totals == 90).mean() == pytest.approx(0.25, abs=0.07)
    late = bulletin("n", "2024-03-10 22:00", "2024-03-11 06:00", {"kursk": 400})
    drawn = build_panel(ledger(late, evening), allocate="draws", draws=100)
    totals = drawn[(drawn["region"] == "all") & (drawn["night"] == "2024-03-11")]["expected"]
    assert totals.between(400, 440).all()
    assert totals.nunique() > 5
    assert totals.mean() == pytest.approx(424, abs=1.5)
    split = bulletin("s", "2024-03-10 16:00", "2024-03-11 00:00", {"kursk": 40})
    drawn = build_panel(ledger(split), allocate="draws", draws=400)
    totals = drawn[(drawn["region"] == "all") & (drawn["night"] == "2024-03-11")]["expected"]
    assert totals.mean() == pytest.approx(20, abs=4 * np.sqrt(10 / 400))
    assert totals.var() == pytest.approx(10, rel=0.25)


def test_what_a_figure_settles_is_settled_in_every_draw():
    told = figure("2024-03-10 20:00", "2024-03-11 08:00", 14)
    night = bulletin("n", "2024-03-10 23:00", "2024-03-11 07:00", {"kursk": 9}, also=told)
    split = bulletin("s", "2024-03-10 17:00", "2024-03-10 23:00", {"kursk": 4, "tula": 4})
    claims = ledger(night, split)
    account = account_claims(claims, Scope())
    for seed in range(20):
        rng = np.random.default_rng(seed)
        drawn = draw_entries(account, draw_counts(account.tally, account.moments, rng), rng)
        both = drawn[account.entries.bulletin == 1]
        assert sorted(both.sum(axis=1).tolist()) == [3, 5]
        assert both.sum(axis=0).tolist() == [4, 4]
    for hours, total in ((("20:00", "08:00"), 14), (("08:00", "20:00"), 3)):
        drawn = build_panel(claims, allocate="draws", draws=5, night=hours)
        totals = drawn[(drawn["region"] == "all") & drawn["expected"].notna()]["expected"]
        assert set(totals) == {total}


def test_draws_repeat_and_differ_by_seed():
    claims = ledger(asked({}, 30), whole({"kursk": 3, "tula": 3}, 9, "a"))
    one, again, other = (build_panel(claims, allocate="draws", draws=2, rng=s) for s in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)
