"""What other lists say: which of them count, how like they are, what they give a region."""

import numpy as np
import pytest

from analysis.accounting import Scope, account_claims
from analysis.accounting.nights import DAY
from analysis.allocation import evidence as module
from analysis.allocation.evidence import (
    PRIOR_DRONES,
    PRIOR_LISTS,
    Evidence,
    gather_evidence,
    likeness,
    relative_sizes,
    share_of_counts,
    sum_over_lists,
)
from analysis.allocation.hidden import Lists
from tests.made_claims import bulletin, ledger


def lists(names, total=None, day=None, limit=None):
    names = np.array(names, dtype=float)
    size = len(names)
    return Lists(
        day=np.zeros(size) if day is None else np.array(day, dtype=float),
        names=names,
        total=np.full(size, 9) if total is None else np.array(total),
        limit=np.zeros(size, dtype=int) if limit is None else np.array(limit),
    )


def told(counts, whole=None):
    counts = np.array(counts, dtype=float)
    size = len(counts)
    return Evidence(
        bulletin=np.arange(size),
        lists=lists(counts > 0, counts.sum(axis=1)),
        counts=counts,
        whole=np.ones(size, bool) if whole is None else np.array(whole),
        weight=np.ones(size),
    )


def gathered(*bulletins):
    account = account_claims(ledger(*bulletins), Scope())
    return account, gather_evidence(account.tally, account.moments)


def given(name, parts, day=11, **more):
    return bulletin(name, f"2024-03-{day} 10:00", f"2024-03-{day} 11:00", parts, **more)


@pytest.mark.parametrize(
    ("made", "counts", "whole"),
    [
        (given("q", {"kursk": 5, "tula": 2}), [5, 0, 2], True),
        (given("q", {"kursk|tula": 2}), [1, 0, 1], True),
        (given("q", {"kursk|tula": 3}), [1, 0, 1], False),
        (given("q", {"kursk": 5}, total=9, listing="cut"), [5, 0, 0], False),
        (given("q", {"kursk": 5}, total=5, listing="cut"), [5, 0, 0], False),
        (given("q", {"kursk": 5}, total=9), [5, 0, 0], False),
        (given("q", {"kursk": 4, "oryol|tula": 4}), [4, 1, 1], False),
    ],
    ids=["itemised", "one each", "joint", "cut", "cut at its end", "falls short", "partly joint"],
)
def test_a_list_tells_what_is_certain_and_is_whole_if_nothing_is_left(made, counts, whole):
    account, evidence = gathered(made, given("z", {"oryol": 1, "tula": 1}, day=20))
    assert account.tally.regions == ("kursk", "oryol", "tula")
    row = evidence.bulletin.tolist().index(0)
    assert evidence.counts[row].tolist() == counts
    assert evidence.whole[row] == whole


def test_lists_without_a_name_or_that_exceed_their_total_tell_nothing():
    account, evidence = gathered(
        given("a", {}, total=7),
        given("b", {"kursk": 5, "tula": 5}, total=7),
        given("c", {"kursk": 0}),
        given("d", {"tula": 1}),
    )
    assert account.tally.ids[evidence.bulletin].tolist() == ["d"]


def test_lists_stand_in_the_order_of_time_and_too_many_are_thinned(monkeypatch):
    days = {"a": 14, "b": 12, "c": 17, "d": 11}
    made = [given(name, {"tula": 1}, day=day) for name, day in days.items()]
    account, evidence = gathered(*made)
    assert account.tally.ids[evidence.bulletin].tolist() == ["d", "b", "a", "c"]
    assert np.diff(evidence.lists.day) == pytest.approx([1, 2, 3])
    monkeypatch.setattr(module, "MOST_LISTS", 2)
    thinned = gather_evidence(account.tally, account.moments)
    assert account.tally.ids[thinned.bulletin].tolist() == ["d", "c"]


def test_sums_over_lists_are_a_matrix_product():
    rng = np.random.default_rng(1)
    values = rng.random((30, 5)) * (rng.random((30, 5)) < 0.3)
    values[:, 2] = 0
    weights = rng.random((30, 4))
    assert sum_over_lists(values, weights) == pytest.approx(values.T @ weights, abs=1e-12)


def test_likeness_is_the_cube_of_the_cosine_of_the_names():
    evidence = told([[3, 2, 0, 0], [0, 0, 5, 0], [1, 1, 1, 1]])
    like = likeness(lists([[1, 1, 1, 0], [0, 0, 1, 0]]), evidence)
    expected = [[2 / 6**0.5, 0], [1 / 3**0.5, 1], [3 / 12**0.5, 1 / 2]]
    assert like == pytest.approx(np.array(expected) ** 3)


def test_without_names_lists_of_other_hours_of_the_day_count_less():
    evidence = Evidence(
        bulletin=np.arange(3),
        lists=lists([[1, 0]] * 3, day=[4.0, 9.25, 7.9]),
        counts=np.full((3, 2), 4.5),
        whole=np.ones(3, bool),
        weight=np.ones(3),
    )
    like = likeness(lists([[0, 0], [1, 0]], day=[20.0, 20.0]), evidence)
    # 6 hours apart, and 2.4 across midnight.
    assert like[:, 0] == pytest.approx([1.0, np.exp(-2), np.exp(-0.8)])
    assert like[:, 1] == pytest.approx([1.0, 1.0, 1.0])


def test_a_night_and_the_day_after_it_begin_in_the_evening():
    # 20:00 in Moscow is 17:00 UTC.
    day = np.array([16.9, 17.1, 24.0, 40.9, 41.1]) / 24
    assert lists([[1]] * 5, day=day).night.tolist() == [-1, 0, 0, 0, 1]


def test_without_names_likeness_is_that_of_the_totals():
    evidence = told([[3, 2, 0], [0, 50, 0]])
    like = likeness(lists([[0, 0, 0], [1, 0, 0]], total=[5, 5]), evidence)
    assert like[:, 0] == pytest.approx([1.0, np.exp(-0.5 * np.log(10) ** 2)])
    assert like[:, 1] == pytest.approx([0.5**1.5, 0])


def test_a_region_is_as_large_as_its_part_where_it_is_named():
    evidence = told([[6, 2, 0], [1, 0, 1]])
    sizes = relative_sizes(np.array([[1.0], [0.5]]), evidence)
    # 6 of 8 is 3/2 of an equal part, 1 of 2 an equal one.
    first = (1.5 + 0.5 + PRIOR_LISTS) / (1 + 0.5 + PRIOR_LISTS)
    second = (0.5 + PRIOR_LISTS) / (1 + PRIOR_LISTS)
    assert sizes == pytest.approx(np.array([[first, second, 1.0]]))


def test_sizes_come_from_whole_lists_of_several_regions_alone():
    evidence = told([[6, 2, 0], [9, 0, 0], [5, 1, 1]], whole=[True, True, False])
    assert evidence.several_regions().counts.tolist() == [[6, 2, 0]]


def test_shares_are_those_of_the_counts_among_the_members():
    evidence = told([[6, 2, 1], [0, 4, 0]])
    members = np.array([[True, True, False]])
    shares = share_of_counts(np.array([[1.0], [0.25]]), evidence, np.array([0]), members)
    prior = PRIOR_DRONES / 3
    expected = np.array([6 + prior, 2 + 1 + prior, 0])
    assert shares[0] == pytest.approx(expected / expected.sum())


@pytest.mark.parametrize(("limit", "most"), [(1, 1), (4, 2), (7, 4), (30, 16)])
def test_behind_a_cut_large_counts_count_as_half_of_the_limit(limit, most):
    evidence = told([[40, 3, 0]])
    members = np.ones((1, 3), dtype=bool)
    shares = share_of_counts(np.ones((1, 1)), evidence, np.array([limit]), members)[0]
    prior = PRIOR_DRONES / 3
    expected = np.array([min(40, most), min(3, most), 0]) + prior
    assert shares == pytest.approx(expected / expected.sum())


def test_moments_are_in_days():
    account, evidence = gathered(given("a", {"tula": 1}))
    assert evidence.lists.day.tolist() == (account.moments / DAY).tolist()
