"""Counts given their sum: against every way in which they can come about."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import dirichlet_multinomial

from analysis.allocation.urns import (
    count_weights,
    draw_free,
    draw_given_sum,
    log_chances,
    mean_counts,
    sum_chances,
)

few = settings(max_examples=60)


def all_ways(least, most, count):
    """Every vector of counts within bounds that makes the sum, (ways, k)."""
    spans = [range(low, min(high, count) + 1) for low, high in zip(least, most, strict=True)]
    return np.array([way for way in product(*spans) if sum(way) == count]).reshape(-1, len(least))


def chances(concentration, ways):
    """Dirichlet-multinomial chances of those ways alone; they sum to 1."""
    logs = (gammaln(ways + concentration) - gammaln(concentration) - gammaln(ways + 1)).sum(axis=1)
    odds = np.exp(logs - logs.max())
    return odds / odds.sum()


@st.composite
def urns(draw):
    """Concentrations, bounds and a sum small enough to write every way down."""
    size = draw(st.integers(1, 4))
    count = draw(st.integers(1, 7))
    concentration = [draw(st.sampled_from([1e-3, 0.2, 1.0, 3.5, 40.0])) for _ in range(size)]
    least = [draw(st.integers(0, 1)) for _ in range(size)]
    most = [draw(st.integers(1, 8)) for _ in range(size)]
    return np.array(concentration), np.array(least), np.array(most), count


@few
@given(urns())
def test_means_are_those_of_every_way(case):
    concentration, least, most, count = case
    ways = all_ways(least, most, count)
    means = mean_counts(count_weights(concentration, least, most, count))
    if len(ways) == 0:
        assert means is None
        return
    expected = chances(concentration, ways) @ ways
    assert means == pytest.approx(expected, abs=1e-10)
    assert means.sum() == pytest.approx(count, abs=1e-12)


@few
@given(urns(), st.integers(0, 99))
def test_draws_keep_to_bounds_and_sum(case, seed):
    concentration, least, most, count = case
    weights = count_weights(concentration, least, most, count)
    drawn = draw_given_sum(weights, np.random.default_rng(seed))
    if len(all_ways(least, most, count)) == 0:
        assert drawn is None
        return
    assert drawn.sum() == count
    assert (least <= drawn).all()
    assert (drawn <= most).all()


def test_draws_come_as_often_as_they_should():
    concentration, least, most = np.array([0.3, 2.0, 0.9]), np.array([1, 0, 0]), np.array([6, 2, 6])
    ways = all_ways(least, most, 6)
    expected = chances(concentration, ways)
    weights = count_weights(concentration, least, most, 6)
    rng = np.random.default_rng(4)
    drawn = [tuple(draw_given_sum(weights, rng).tolist()) for _ in range(6000)]
    seen = np.array([drawn.count(tuple(way)) for way in ways.tolist()])
    assert seen.sum() == 6000
    error = np.sqrt(6000 * expected * (1 - expected))
    assert (np.abs(seen - 6000 * expected) <= 4 * error + 1).all()


def test_rounding_leads_past_no_bound():
    # A chance of all but 1 must still find a count that is possible.
    class Last:
        def random(self, size):
            return np.full(size, np.nextafter(1.0, 0.0))

    weights = count_weights(np.full(3, 0.7), np.zeros(3, int), np.array([9, 2, 3]), 9)
    drawn = draw_given_sum(weights, Last())
    assert drawn.tolist() == [4, 2, 3]


@pytest.mark.parametrize(
    ("concentration", "count"),
    [(np.array([1e-6, 1e-6]), 4000), (np.array([900.0, 100.0]), 4000), (np.full(60, 0.1), 900)],
    ids=["tiny", "large", "many regions"],
)
def test_large_counts_neither_overflow_nor_vanish(concentration, count):
    size = concentration.size
    free = count_weights(concentration, np.zeros(size, int), np.full(size, count), count)
    assert sum_chances(free)[-1][count] > 1e-30
    means = mean_counts(free)
    # Nothing known: the Dirichlet-multinomial's own mean.
    assert means == pytest.approx(count * concentration / concentration.sum(), rel=1e-9)


@pytest.mark.parametrize("concentration", [1e-3, 1.0, 900.0])
def test_counts_known_almost_wholly_do_not_vanish(concentration):
    least = np.array([3900, 0, 0])
    weights = count_weights(np.full(3, concentration), least, np.full(3, 4000), 4000)
    assert sum_chances(weights)[-1][4000] > 1e-30
    means = mean_counts(weights)
    assert means.sum() == pytest.approx(4000, rel=1e-12)
    assert means[1] == pytest.approx(means[2], rel=1e-9)
    # Beyond the least: weights of the sum of the two others, as the first grows.
    rest = np.arange(101)
    logs = gammaln(4000 - rest + concentration) - gammaln(4001 - rest)
    logs += gammaln(rest + 2 * concentration) - gammaln(rest + 1)
    chance = np.exp(logs - logs.max())
    assert means[1] == pytest.approx(chance @ rest / chance.sum() / 2, rel=1e-9)


def test_log_chances_are_those_of_scipy_given_that_all_are_at_least_1():
    concentration, count = np.array([0.4, 1.3, 2.2]), 7
    ways = all_ways([1, 1, 1], [7, 7, 7], count)
    logs = np.array([dirichlet_multinomial.logpmf(way, concentration, count) for way in ways])
    expected = logs - np.log(np.exp(logs).sum())
    found = log_chances([concentration] * len(ways), list(ways))
    assert found == pytest.approx(expected, abs=1e-12)
    assert np.exp(found).sum() == pytest.approx(1.0)


def test_free_draws_follow_the_dirichlet_multinomial():
    rng = np.random.default_rng(11)
    concentration = np.tile([0.5, 1.5, 7.0], (20_000, 1))
    members = np.tile([True, True, False], (20_000, 1))
    drawn = draw_free(np.full(20_000, 9), concentration, members, rng)
    assert (drawn.sum(axis=1) == 9).all()
    assert (drawn[:, 2] == 0).all()
    expected = dirichlet_multinomial.pmf(
        np.column_stack([np.arange(10), 9 - np.arange(10)]), [0.5, 1.5], 9
    )
    seen = np.bincount(drawn[:, 0], minlength=10) / 20_000
    assert seen == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 20_000))


def test_free_draws_of_tiny_concentrations_fall_into_one_region_each_in_turn():
    rng = np.random.default_rng(3)
    concentration = np.tile([3e-5, 1e-5], (4000, 1))
    drawn = draw_free(np.full(4000, 50), concentration, np.ones((4000, 2), bool), rng)
    assert (drawn.max(axis=1) == 50).mean() > 0.99
    assert (drawn[:, 0] == 50).mean() == pytest.approx(0.75, abs=0.03)


def test_free_draws_without_a_region_are_nothing():
    rng = np.random.default_rng(0)
    nobody = np.array([[False, False], [True, False]])
    assert draw_free(np.array([0, 4]), np.ones((2, 2)), nobody, rng).tolist() == [[0, 0], [4, 0]]
    assert draw_free(np.array([5]), np.ones((1, 0)), np.ones((1, 0), bool), rng).shape == (1, 0)
    assert draw_free(np.zeros(0, int), np.ones((0, 3)), np.ones((0, 3), bool), rng).shape == (0, 3)
