"""How counts given for several regions at once are shared out, expected and drawn."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from analysis.accounting import Scope, account_claims
from analysis.allocation import draw_counts, learn_allocation, near_shares, share_out, sharing
from analysis.allocation.evidence import PRIOR_LISTS
from analysis.allocation.sharing import EXCEEDANCE
from analysis.regions import regions
from analysis.vocabulary import JOIN, MOSCOW
from tests.made_claims import bulletin, ledger

some = settings(max_examples=40)


def whole(parts, day, name):
    """A fully itemised bulletin in the afternoon of a day in March 2024."""
    return bulletin(name, f"2024-03-{day:02d} 12:00", f"2024-03-{day:02d} 14:00", parts)


def asked(parts=None, total=None, listing=None, day=11, name="q", **more):
    """A bulletin of the night before a day in March 2024."""
    hours = f"2024-03-{day - 1:02d} 22:00", f"2024-03-{day:02d} 02:00"
    return bulletin(name, *hours, parts, total=total, listing=listing, **more)


def learnt(*bulletins):
    account = account_claims(ledger(*bulletins), Scope())
    return account.tally, learn_allocation(account.tally, account.moments)


def of_q(tally, table):
    """Row of the bulletin q by region."""
    return dict(zip(tally.regions, table[list(tally.ids).index("q")].tolist(), strict=True))


def shared(*bulletins):
    tally, allocation = learnt(*bulletins)
    return of_q(tally, share_out(tally, allocation))


def bounds(*bulletins):
    tally, _ = learnt(*bulletins)
    lower, upper = (of_q(tally, bound) for bound in tally.region_bounds())
    return {region: (lower[region], upper[region]) for region in lower}


#: A balanced itemised list long ago: three regions with equal shares.
LONG_AGO = bulletin(
    "o", "2021-01-11 12:00", "2021-01-11 13:00", {"kursk": 1, "oryol": 1, "tula": 1}
)


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
        (
            asked({"kursk": 4, "oryol|tula": 4}, 4),
            {"kursk": 2, "oryol": 1, "tula": 1},
            {"kursk": (0, 4), "oryol": (0, 3), "tula": (0, 3)},
        ),
    ],
    ids=[
        "joint",
        "one each",
        "fewer than regions",
        "single and joint",
        "cut",
        "cut with all named",
        "falls short",
        "withheld",
        "parts exceed the total",
        "parts with a joint one exceed the total",
    ],
)
def test_each_way_of_giving_regions_with_no_list_near(made, expected, limits):
    assert shared(LONG_AGO, made) == pytest.approx(expected, abs=1e-12)
    assert bounds(LONG_AGO, made) == limits


def test_behind_names_that_are_cut_any_region_may_follow():
    found = shared(LONG_AGO, asked({"kursk|tula": 8}, 8, "cut"))
    assert found["kursk"] == pytest.approx(found["tula"])
    assert found["kursk"] > found["oryol"] > 0
    assert sum(found.values()) == pytest.approx(8, abs=1e-12)
    assert bounds(LONG_AGO, asked({"kursk|tula": 8}, 8, "cut")) == {
        "kursk": (1, 7),
        "oryol": (0, 6),
        "tula": (1, 7),
    }


EVIDENCE = [
    whole({"kursk": 9, "tula": 1, "black_sea": 3}, 5, "a"),
    whole({"kursk": 30, "oryol": 2, "tula": 4}, 8, "b"),
    whole({"oryol": 1, "tula": 6, "black_sea": 12}, 9, "c"),
    whole({"kursk": 2}, 13, "d"),
]


def every_way(hidden, near, h, limited):
    """Mean of each region over every way of sharing out a hidden count."""
    members = np.flatnonzero(hidden.members[h])
    count, limit = int(hidden.count[h]), int(hidden.limit[h])
    low = hidden.least[h, members].tolist()
    capped = [bool(limited and limit and hidden.land[r]) for r in members]
    # What is proven goes before what is rare.
    top = [max(limit, least) if cap else count for least, cap in zip(low, capped, strict=True)]
    spans = [range(least, most + 1) for least, most in zip(low, top, strict=True)]
    ways = np.array([way for way in product(*spans) if sum(way) == count])
    if not ways.size:
        return None
    a = near[h, members]
    logs = (gammaln(ways + a) - gammaln(a) - gammaln(ways + 1)).sum(axis=1)
    odds = np.exp(logs - logs.max())
    means = np.zeros(hidden.members.shape[1])
    means[members] = odds @ ways / odds.sum()
    return means


def inside(parts, start, end, name="inside"):
    """A bulletin whose hours lie in those of q."""
    return bulletin(name, f"2024-03-10 {start}", f"2024-03-10 {end}", parts)


LARGE = inside({"tula": 5}, "22:00", "22:30")


@pytest.mark.parametrize(
    "made",
    [
        [asked({"kursk|oryol|tula": 9})],
        [asked({"black_sea|tula": 5})],
        [asked({"kursk": 3}, 11, "cut")],
        [asked({"kursk": 3, "black_sea": 2}, 9, "cut")],
        [asked({"kursk|tula": 7}, 7, "cut")],
        [asked({"kursk": 3}, 8)],
        [asked({}, 6)],
        [asked({"kursk|oryol|tula": 9}), LARGE],
        [asked({"kursk": 3}, 11, "cut"), LARGE],
        [asked({"kursk": 3}, 12, "cut"), LARGE, inside({"oryol": 3}, "22:30", "23:00", "more")],
        [asked({"kursk|tula": 7}, 7, "cut"), LARGE],
        [asked({"kursk": 3}, 10), LARGE, inside({"kursk": 4}, "22:30", "23:00", "more")],
        [asked({}, 6), LARGE],
    ],
    ids=[
        *("named", "two names", "tail", "short tail", "names cut", "falls short", "withheld"),
        *("named, least", "tail, least", "tail, two least", "names cut, least"),
        *("falls short, least", "withheld, least"),
    ],
)
def test_what_is_expected_is_the_mean_over_every_way(made):
    tally, allocation = learnt(*EVIDENCE, *made)
    hidden = allocation.hidden
    near = near_shares(hidden, allocation.evidence, allocation.settings)
    assert hidden.count.size == 1
    assert (hidden.least.max() > 1) == (len(made) > 1)
    expected = every_way(hidden, near, 0, limited=False)
    if hidden.limit[0]:
        held = every_way(hidden, near, 0, limited=True)
        if held is not None:
            expected = EXCEEDANCE * expected + (1 - EXCEEDANCE) * held
    q = list(tally.ids).index("q")
    assert share_out(tally, allocation)[q] - tally.known[q] == pytest.approx(expected, abs=1e-10)


def test_a_region_that_is_large_where_it_is_named_gets_more():
    found = shared(*EVIDENCE, asked({"kursk|tula": 20}))
    assert found["kursk"] > 1.5 * found["tula"]


def test_near_lists_count_more_than_far_ones():
    far = [
        bulletin(f"f{i}", f"2022-0{i}-05 12:00", f"2022-0{i}-05 13:00", {"kursk": 1, "tula": 30})
        for i in range(1, 7)
    ]
    near = [whole({"kursk": 30, "tula": 1}, day, f"n{day}") for day in (5, 6, 8)]
    found = shared(*far, *near, asked({"kursk|tula": 20}))
    assert found["kursk"] > 14


def test_lists_of_the_same_regions_count_more_than_others():
    # Beside Oryol alone Kursk is small; in lists of all three it is large.
    lists = [whole({"kursk": 1, "oryol": 20}, day, f"a{day}") for day in (3, 4, 5, 6)]
    lists += [whole({"kursk": 40, "oryol": 20, "tula": 20}, day, f"b{day}") for day in (7, 8, 9)]
    two = shared(*lists, asked({"kursk|oryol": 30}))
    three = shared(*lists, asked({"kursk|oryol|tula": 45}))
    assert two["kursk"] < 0.4 * two["oryol"]
    assert three["kursk"] > 0.5 * three["oryol"]


def test_the_list_itself_is_no_evidence_and_a_cut_list_is_evidence_for_others():
    made = asked({"kursk": 3, "oryol": 20}, 40, "cut")
    alone = shared(made, LONG_AGO)
    assert alone["tula"] == pytest.approx(17)
    tally, allocation = learnt(*EVIDENCE, made, asked({}, 30, name="r", day=12))
    row = allocation.evidence.bulletin.tolist().index(list(tally.ids).index("q"))
    counts = dict(zip(tally.regions, allocation.evidence.counts[row], strict=True))
    assert (counts["kursk"], counts["oryol"]) == (3, 20)
    assert counts["tula"] + counts["black_sea"] == pytest.approx(17)
    assert not allocation.evidence.whole[row]
    without = shared(*EVIDENCE, asked({}, 30, day=12))
    withheld = share_out(tally, allocation)[list(tally.ids).index("r")]
    # Oryol has most of it, and so more of what is withheld the night after.
    assert withheld[tally.regions.index("oryol")] > 1.3 * without["oryol"]


def test_land_behind_a_cut_rarely_exceeds_the_last_count_shown_and_seas_may():
    lists = [whole({"kursk": 9, "tula": 8, "black_sea": 9}, day, f"n{day}") for day in (5, 6, 8)]
    tally, allocation = learnt(*lists, asked({"kursk": 3}, 33, "cut"))
    q, (sea, tula) = list(tally.ids).index("q"), (0, 2)
    rng = np.random.default_rng(6)
    drawn = np.array([draw_counts(tally, allocation, rng)[q] for _ in range(1500)])
    assert tally.regions[sea] == "black_sea"
    assert (drawn[:, sea] > 3).mean() > 0.9
    over = (drawn[:, tula] > 3).mean()
    assert 0 < over < 2.5 * EXCEEDANCE
    # A limit that leaves too little room does not hold.
    inland = [whole({"kursk": 9, "tula": 8}, day, f"n{day}") for day in (5, 6, 8)]
    assert shared(*inland, asked({"kursk": 3}, 33, "cut"))["tula"] == pytest.approx(30)
    tally, allocation = learnt(*inland, asked({"kursk": 3}, 33, "cut"))
    assert draw_counts(tally, allocation, rng)[list(tally.ids).index("q")].tolist() == [3, 30]


def test_draws_agree_with_their_expectation_in_the_long_run():
    # So many lists that the resampling of nights moves little.
    lists = [
        bulletin(
            f"w{i:03d}",
            f"2024-0{1 + i % 5}-{1 + i % 27:02d} {i % 20:02d}:00",
            f"2024-0{1 + i % 5}-{1 + i % 27:02d} {1 + i % 20:02d}:00",
            {"kursk": 6, "oryol": 3, "tula": 1},
        )
        for i in range(300)
    ]
    tally, allocation = learnt(*lists, asked({"kursk|oryol|tula": 40}))
    q = list(tally.ids).index("q")
    expected = share_out(tally, allocation)[q]
    rng = np.random.default_rng(5)
    drawn = np.array([draw_counts(tally, allocation, rng)[q] for _ in range(1500)])
    assert (drawn.sum(axis=1) == 40).all()
    assert (drawn >= 1).all()
    error = drawn.std(axis=0) / np.sqrt(1500)
    assert (np.abs(drawn.mean(axis=0) - expected) < 4 * error + 0.2).all()


def test_draws_resample_the_nights_of_the_evidence():
    # Two nights that say opposite things are weak evidence however many drones they count.
    others = [whole({"kursk": 5000}, 10, "a"), whole({"tula": 5000}, 12, "b")]
    tally, allocation = learnt(*others, asked({}, 10_000))
    tight = {"whole": sharing.Setting(60.0, 1e4)}
    allocation = sharing.Allocation(
        allocation.hidden, allocation.evidence, allocation.settings | tight, allocation.support
    )
    q = list(tally.ids).index("q")
    rng = np.random.default_rng(8)
    share = np.array([draw_counts(tally, allocation, rng)[q, 0] for _ in range(800)]) / 10_000
    # Two exponential weights make a uniform share.
    assert share.mean() == pytest.approx(0.5, abs=0.05)
    assert share.var() == pytest.approx(1 / 12, rel=0.15)


def test_lists_of_one_night_are_resampled_together():
    # All evidence is of one night, before and after midnight on any clock: its weight cancels.
    hours = ["12 21:00", "12 23:00", "13 02:00", "13 05:00"]
    others = [
        bulletin(f"n{slug}", f"2024-03-{hour}", f"2024-03-{hour[:-2]}30", {slug[:-1]: 5000})
        for slug, hour in zip(["kursk1", "tula1", "kursk2", "tula2"], hours, strict=True)
    ]
    tally, allocation = learnt(*others, asked({}, 10_000))
    tight = {"whole": sharing.Setting(60.0, 1e5)}
    allocation = sharing.Allocation(
        allocation.hidden, allocation.evidence, allocation.settings | tight, allocation.support
    )
    q = list(tally.ids).index("q")
    rng = np.random.default_rng(8)
    share = np.array([draw_counts(tally, allocation, rng)[q, 0] for _ in range(60)]) / 10_000
    assert share.std() < 0.02


@pytest.mark.parametrize(
    ("made", "alone"),
    [
        ([asked({"kursk|tula": 9})], True),
        ([asked({"kursk|tula": 9}), whole({"kursk": 3, "tula": 4}, 12, "a")], False),
        ([asked({"kursk|tula": 9}), whole({"oryol": 3, "perm": 4}, 12, "a")], True),
        ([asked({"kursk|tula": 9}), LONG_AGO], True),
        ([asked({"kursk|tula": 2})], False),
        ([asked({"kursk": 2}, 5, "cut"), whole({"tula": 1}, 28, "a")], False),
        ([asked({}, 5), asked({"tula": 1, "oryol": 4}, day=12, name="a")], False),
        ([asked({}, 5), whole({"tula": 1, "oryol": 4}, 12, "a")], True),
    ],
    ids=[
        "no list",
        "one list",
        "of others",
        "long ago",
        "one each",
        "one way",
        "withheld",
        "withheld, by day",
    ],
)
def test_counts_without_a_list_like_them_nearby_are_known(made, alone):
    tally, allocation = learnt(*made)
    hidden = allocation.hidden.bulletin == list(tally.ids).index("q")
    assert allocation.alone[hidden].tolist() == [alone]
    assert (allocation.support >= 0).all()
    if alone:
        assert allocation.support[hidden][0] < PRIOR_LISTS


@st.composite
def hidden_ledgers(draw):
    """Itemised lists, and lists that hide something in every way, of land and seas."""
    slugs = ["azov_sea", "belgorod", "black_sea", "kursk", "oryol", "tula"]
    rows = []
    for i in range(draw(st.integers(1, 5))):
        held = draw(st.lists(st.sampled_from(slugs), unique=True, max_size=5))
        counts = [draw(st.sampled_from([0, 1, 2, 7, 60])) for _ in held]
        parts = dict(zip(held, counts, strict=True))
        together = draw(st.integers(0, len(held)))
        if together > 1:
            joint = JOIN.join(sorted(held[:together]))
            parts = {joint: sum(counts[:together]), **dict(list(parts.items())[together:])}
        more = draw(st.sampled_from([0, 0, 0, 1, 5, 90, -2])) if parts else 8
        listing = draw(st.sampled_from([None, "cut"])) if parts else None
        total = max(sum(parts.values()) + more, 0)
        rows.append(asked(parts, total, listing, day=draw(st.integers(2, 29)), name=f"b{i}"))
    return rows


@some
@given(hidden_ledgers(), st.integers(0, 99))
def test_sums_and_bounds_hold_whatever_is_hidden(made, seed):
    check_sums_and_bounds(ledger(*made), seed)


@some
@given(hidden_ledgers(), st.data(), st.integers(0, 99))
def test_sums_and_bounds_hold_whatever_is_proven(made, data, seed):
    slugs = ["azov_sea", "black_sea", "kursk", "oryol", "tula"]
    for rows in list(made):
        name, start = rows[0]["bulletin_id"], rows[0]["window_start"].tz_convert(MOSCOW)
        for i in range(data.draw(st.integers(0, 3))):
            at = [str(start.tz_localize(None) + pd.Timedelta(minutes=40 * i + m)) for m in (0, 60)]
            slug, count = data.draw(st.sampled_from(slugs)), data.draw(st.integers(0, 9))
            made.append(bulletin(f"{name}.{i}", *at, {slug: count}))
    check_sums_and_bounds(ledger(*made), seed)


def check_sums_and_bounds(claims, seed):
    assume(claims["regions"].ne("").any())
    account = account_claims(claims, Scope())
    tally = account.tally
    allocation = learn_allocation(tally, account.moments)
    lower, upper = tally.region_bounds()
    expected = share_out(tally, allocation)
    assert expected.sum(axis=1) == pytest.approx(tally.total, abs=1e-9)
    assert (lower <= expected + 1e-9).all()
    assert (expected <= upper + 1e-9).all()
    rng = np.random.default_rng(seed)
    for _ in range(3):
        drawn = draw_counts(tally, allocation, rng)
        assert drawn.dtype == np.int64
        assert drawn.sum(axis=1).tolist() == tally.total.tolist()
        assert (lower <= drawn).all()
        assert (drawn <= upper).all()


def night_of(parts=None, total=None, **more):
    return bulletin("q", "2024-03-10 20:00", "2024-03-11 08:00", parts, total=total, **more)


@pytest.mark.parametrize(
    ("made", "limits"),
    [
        (
            [night_of({"kursk|oryol|tula": 30}), inside({"oryol": 12}, "21:00", "22:00")],
            {"kursk": (1, 17), "oryol": (12, 28), "tula": (1, 17)},
        ),
        (
            # Told of hours apart they add up; of the same hours the larger is in the other.
            [
                night_of({"oryol|tula": 30}),
                inside({"oryol": 6}, "21:00", "22:00", "i"),
                inside({"oryol": 5}, "22:00", "23:00", "j"),
                inside({"oryol": 4}, "21:30", "22:30", "k"),
            ],
            {"oryol": (11, 29), "tula": (1, 19)},
        ),
        (
            # A joint count proves but 1 of each.
            [night_of({"oryol|tula": 30}), inside({"oryol|tula": 20}, "21:00", "22:00")],
            {"oryol": (1, 29), "tula": (1, 29)},
        ),
        (
            # What has a number of its own goes there first.
            [night_of({"oryol": 4}, 20), inside({"oryol": 9, "tula": 2}, "21:00", "22:00")],
            {"oryol": (9, 18), "tula": (2, 11)},
        ),
        (
            # Of two hidden counts that could hold it, either may: 9 - 7 and 9 - 6.
            [
                night_of({"oryol|tula": 6}, 13),
                inside({"oryol": 9}, "21:00", "22:00"),
            ],
            {"oryol": (5, 12), "tula": (1, 8)},
        ),
        (
            # Together too many, of the same hours: nothing is proven.
            [
                night_of({"oryol|tula": 10}),
                inside({"oryol": 7}, "21:00", "22:00", "i"),
                inside({"tula": 7}, "21:30", "22:30", "j"),
            ],
            {"oryol": (1, 9), "tula": (1, 9)},
        ),
        (
            [
                night_of(total=10),
                inside({"oryol": 7}, "21:00", "22:00", "i"),
                inside({"tula": 7}, "21:30", "22:30", "j"),
            ],
            {"oryol": (0, 10), "tula": (0, 10)},
        ),
        (
            # At most 3 of each would be too few, but what is proven holds.
            [
                night_of({"kursk": 3}, 12, listing="cut"),
                inside({"tula": 5}, "21:00", "22:00", "i"),
                inside({"oryol": 3}, "22:00", "23:00", "j"),
            ],
            {"oryol": (3, 4), "tula": (5, 6)},
        ),
    ],
    ids=[
        *("joint", "several", "joint inside", "known", "two hidden"),
        *("contradicts", "contradicts a rest", "more than behind a cut"),
    ],
)
def test_what_is_included_is_a_floor_of_what_includes_it(made, limits):
    found = bounds(*made)
    assert {region: found[region] for region in limits} == limits
    tally, allocation = learnt(*made)
    drawn = [
        of_q(tally, draw_counts(tally, allocation, np.random.default_rng(s))) for s in range(9)
    ]
    for region, (least, most) in limits.items():
        assert all(least <= one[region] <= most for one in drawn)


def test_sixty_regions_and_large_counts():
    slugs = sorted(regions())[:60]
    lists = [whole({s: 1 + i % 7 for i, s in enumerate(slugs)}, day, f"n{day}") for day in (5, 8)]
    made = [
        asked({JOIN.join(slugs): 3000}, name="q"),
        asked({slugs[0]: 40}, 3000, "cut", name="r"),
        asked({JOIN.join(slugs[:30]): 3000}, 3000, "cut", name="s"),
    ]
    tally, allocation = learnt(*lists, *made)
    assert share_out(tally, allocation).sum(axis=1) == pytest.approx(tally.total, abs=1e-9)
    drawn = draw_counts(tally, allocation, np.random.default_rng(0))
    assert drawn.sum(axis=1).tolist() == tally.total.tolist()


def test_what_is_hidden_in_chunks_is_shared_out_as_at_once(monkeypatch):
    made = [*EVIDENCE, asked({"kursk|tula": 9}, name="q"), asked({"kursk": 3}, 9, "cut", name="r")]
    made += [asked({"oryol|tula": 7}, name="s", day=20), asked({}, 7, name="t", day=21)]
    tally, allocation = learnt(*made)
    at_once = share_out(tally, allocation)
    monkeypatch.setattr(sharing, "CHUNK", 1)
    tally, allocation = learnt(*made)
    assert share_out(tally, allocation) == pytest.approx(at_once, abs=1e-12)
