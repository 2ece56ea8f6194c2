"""Bandwidth and concentration: found again in lists made with known ones."""

import numpy as np
import pytest
from scipy.stats import dirichlet_multinomial

from analysis.allocation import fitting as module
from analysis.allocation.evidence import Evidence
from analysis.allocation.fitting import (
    BANDWIDTHS,
    EXPECTED,
    choose_settings,
    free_likelihood,
    mask_lists,
)
from analysis.allocation.hidden import KINDS, Hidden, Lists
from analysis.allocation.urns import count_weights, draw_given_sum

#: So many lists a day that shares are known but for their concentration.
DENSE = np.arange(1500) / 10


def made(counts, day=None):
    """Whole lists with given counts, one a day."""
    counts = np.array(counts, dtype=float)
    day = np.arange(len(counts), dtype=float) if day is None else day
    names = (counts > 0).astype(float)
    total = counts.sum(axis=1).astype(int)
    return Evidence(
        bulletin=np.arange(len(counts)),
        lists=Lists(day, names, total, np.zeros(len(counts), int)),
        counts=counts,
        whole=np.ones(len(counts), bool),
        weight=np.ones(len(counts)),
    )


def hides(kind, regions):
    """One hidden count of a kind."""
    shown = Lists(np.zeros(1), np.ones((1, regions)), np.array([9]), np.array([0]))
    every = np.ones((1, regions), bool)
    return Hidden(
        kind=np.array([KINDS.index(kind)]),
        bulletin=np.array([0]),
        asked=shown,
        count=np.array([9]),
        members=every,
        named=every,
        least=np.zeros((1, regions), int),
        land=every[0],
    )


def drawn_whole(shares, concentration, size, rng, total=30):
    return np.array(
        [
            rng.multinomial(total, rng.dirichlet(concentration * np.array(shares)))
            for _ in range(size)
        ]
    )


def test_lists_are_hidden_as_each_kind_is():
    evidence = made([[9, 5, 5, 1], [3, 0, 0, 0], [0, 1, 1, 1], [2, 0, 4, 0]])
    named = mask_lists(evidence, "named", 2)
    assert named.counts.tolist() == [[9, 5, 5, 1], [2, 0, 4, 0]]
    assert named.shown.names.tolist() == [[1, 1, 1, 1], [1, 0, 1, 0]]
    assert named.members.tolist() == (named.counts > 0).tolist()
    assert named.shown.limit.tolist() == [0, 0]
    tail = mask_lists(evidence, "tail", 2)
    assert tail.shown.names.tolist() == [[1, 1, 0, 0], [0, 1, 1, 0]]
    assert tail.counts.tolist() == [[0, 0, 5, 1], [0, 0, 0, 1]]
    assert tail.shown.limit.tolist() == [5, 1]
    assert tail.members.tolist() == [[False, False, True, True], [True, False, False, True]]
    whole = mask_lists(evidence, "whole", 2)
    assert not whole.shown.names.any()
    assert whole.members.all()
    assert whole.shown.total.tolist() == [20, 3, 3, 6]


def test_only_whole_lists_are_hidden_and_no_more_than_asked_for():
    evidence = made(np.tile([3, 2], (50, 1)))
    evidence.whole[::2] = False
    assert mask_lists(evidence, "named", 1).shown.day.tolist() == list(range(1, 50, 2))
    assert mask_lists(evidence, "named", 1, most=3).shown.day.tolist() == [1, 25, 49]
    large = made([[module.MOST_DRONES, 1], [module.MOST_DRONES - 1, 1]])
    assert large.counts[mask_lists(large, "named", 1).shown.day.astype(int), 0].tolist() == [
        module.MOST_DRONES - 1
    ]


def test_the_likelihood_is_scipys_but_for_a_constant():
    counts = np.array([[4, 0, 3], [0, 2, 9]])
    members = np.ones((2, 3), bool)
    found, known = [], []
    for concentration in (np.array([0.4, 1.0, 2.0]), np.array([3.0, 0.2, 0.5])):
        tiled = np.tile(concentration, (2, 1))
        found.append(free_likelihood(tiled, counts, members))
        known.append(
            sum(dirichlet_multinomial.logpmf(row, concentration, row.sum()) for row in counts)
        )
    assert found[0] - found[1] == pytest.approx(known[0] - known[1], abs=1e-10)


@pytest.mark.parametrize("concentration", [1.0, 12.0])
def test_the_concentration_of_whole_lists_is_found_again(concentration):
    rng = np.random.default_rng(7)
    counts = drawn_whole([0.5, 0.3, 0.15, 0.05], concentration, 1500, rng)
    found = choose_settings(hides("whole", 4), made(counts, DENSE), 1)["whole"]
    # 200 lists are hidden: a standard error of some 8 %.
    assert np.log(found.concentration / concentration) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("concentration", [0.4, 1.6])
def test_the_concentration_of_named_regions_is_found_again(concentration):
    rng = np.random.default_rng(2)
    one = np.ones(4, dtype=int)
    weights = count_weights(concentration * np.ones(4), one, 40 * one, 40)
    counts = np.array([draw_given_sum(weights, rng) for _ in range(1500)])
    found = choose_settings(hides("named", 4), made(counts, DENSE), 1)["named"]
    # What varies in the sizes, cubed, is made up for by a smaller concentration.
    assert np.log(found.concentration / concentration) == pytest.approx(-0.1, abs=0.2)


def test_what_changes_fast_is_remembered_briefly():
    rng = np.random.default_rng(5)
    steady = drawn_whole([0.7, 0.2, 0.1], 30.0, 200, rng)
    # Every ten days another region bears the brunt.
    moving = np.vstack([drawn_whole(np.roll([0.7, 0.2, 0.1], k), 30.0, 10, rng) for k in range(20)])
    settings = [choose_settings(hides("whole", 3), made(c), 1)["whole"] for c in (steady, moving)]
    assert settings[1].bandwidth == min(BANDWIDTHS) < settings[0].bandwidth


def test_lists_of_the_same_night_do_not_vouch_for_each_other():
    rng = np.random.default_rng(5)
    one = drawn_whole([0.4, 0.3, 0.3], 1.0, 60, rng, total=20)
    twice = np.repeat(one, 2, axis=0)
    day = np.repeat(np.arange(60.0), 2) + np.tile([0.0, 0.2], 60)
    apart = choose_settings(hides("whole", 3), made(one, np.arange(60.0)), 1)["whole"]
    same = choose_settings(hides("whole", 3), made(twice, day), 1)["whole"]
    assert same.concentration < 1.5 * apart.concentration


def test_without_lists_the_settings_are_those_expected_and_few_lists_change_little():
    none = made(np.zeros((0, 3)))
    for kind in KINDS:
        assert choose_settings(hides(kind, 3), none, 1) == EXPECTED
    few = choose_settings(hides("named", 3), made([[5, 4, 0], [2, 0, 9]]), 1)
    assert few["tail"] == EXPECTED["tail"]
    assert np.log(few["named"].concentration / EXPECTED["named"].concentration) < 0.5


def test_nothing_is_chosen_for_kinds_that_are_not_hidden():
    evidence = made(np.tile([9, 1, 2], (30, 1)))
    found = choose_settings(hides("named", 3), evidence, 1)
    assert found["whole"] == EXPECTED["whole"]
    assert found["named"] != EXPECTED["named"]


@pytest.mark.parametrize("peak", [-3.0, -0.4, 0.0, 0.1, 1.3])
def test_a_peak_is_found_within_the_steps(peak):
    found = module._climb(lambda x: -((x - peak) ** 2))
    assert found == pytest.approx(max(peak, -module.MOST_STEPS * module.STEP), abs=1e-9)


def test_the_climb_ends():
    assert module._climb(lambda x: x) == module.MOST_STEPS * module.STEP
    assert module._climb(lambda x: -x) == -module.MOST_STEPS * module.STEP
    assert module._climb(lambda x: 0.0 * x) == pytest.approx(0.0, abs=module.STEP)
