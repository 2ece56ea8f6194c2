"""The heaviest set without rivals, against trying all sets."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from analysis.accounting.compatible import find_heaviest


@st.composite
def rivalries(draw):
    """Weights of up to seven items and who excludes whom; not only as intervals do."""
    size = draw(st.integers(0, 7))
    weights = [(draw(st.integers(0, 5)), draw(st.integers(0, 2))) for _ in range(size)]
    pairs = [pair for pair in combinations(range(size), 2) if draw(st.booleans())]
    rivals = [{a + b - i for a, b in pairs if i in (a, b)} for i in range(size)]
    return weights, rivals


def total(weights, items):
    return tuple(sum(weights[i][part] for i in items) for part in (0, 1))


@given(rivalries())
def test_no_set_without_rivals_is_heavier(made):
    weights, rivals = made
    chosen = find_heaviest(weights, rivals)
    assert chosen == sorted(set(chosen))
    assert not any(rivals[i] & set(chosen) for i in chosen)
    sets = (s for n in range(len(weights) + 1) for s in combinations(range(len(weights)), n))
    allowed = [s for s in sets if not any(rivals[i] & set(s) for i in s)]
    assert total(weights, chosen) == max(total(weights, items) for items in allowed)


def test_the_second_number_decides_between_equals_and_then_the_first_item():
    assert find_heaviest([(4, 1), (4, 2)], [{1}, {0}]) == [1]
    assert find_heaviest([(4, 2), (4, 2)], [{1}, {0}]) == [0]
    assert find_heaviest([], []) == []


def test_a_long_chain_takes_every_other_item():
    size = 1001
    rivals = [{i for i in (n - 1, n + 1) if 0 <= i < size} for n in range(size)]
    assert find_heaviest([(1, 0)] * size, rivals) == list(range(0, size, 2))
