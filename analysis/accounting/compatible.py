"""The heaviest set of bulletins of which no two can tell the same claims."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

#: Weights are compared word by word: what comes later decides between equals.
Weight: TypeAlias = tuple[int, ...]


def find_heaviest(weights: Sequence[Weight], rivals: Sequence[Collection[int]]) -> list[int]:
    """Choose items of which no two are rivals, so that their weights sum to the most.

    A maximum-weight independent set by dynamic programming over the items in the order given, with
    the chosen items that still have rivals to come as the state: for windows sorted by their start
    those are the ones open at that moment, so that the work grows with the number of items and only
    with the depth of their overlaps. Of several heaviest sets the first found is returned: it has
    the earlier items.

    Parameters
    ----------
    weights : sequence of tuples
        One per item, of equal length, none negative; compared by their first number, then by the
        next.
    rivals : sequence of collections
        For each item the positions of those that cannot be chosen with it; symmetric.

    Returns
    -------
    list of int
        Positions, increasing.

    References
    ----------
    Hsiao, Tang & Chang (1992), An efficient algorithm for finding a maximum weight 2-independent
    set on interval graphs, doi:10.1016/0020-0190(92)90216-I (the case of plain intervals).

    Examples
    --------
    >>> find_heaviest([(8,), (10,), (8,)], [{1}, {0, 2}, {1}])
    [0, 2]
    """
    last = [max(others, default=-1) for others in rivals]
    width = len(weights[0]) if weights else 0
    # Chosen items with rivals to come -> their best sum, and all items chosen for it.
    best: dict[frozenset[int], tuple[Weight, tuple[int, ...]]] = {frozenset(): ((0,) * width, ())}
    for item, weight in enumerate(weights):
        reached: dict[frozenset[int], tuple[Weight, tuple[int, ...]]] = {}
        for open_items, (total, chosen) in best.items():
            ways = [(open_items, total, chosen)]
            if open_items.isdisjoint(rivals[item]):
                more = tuple(a + b for a, b in zip(total, weight, strict=True))
                ways.insert(0, (open_items | {item}, more, (*chosen, item)))
            for state, value, items in ways:
                still = frozenset(i for i in state if last[i] > item)
                if still not in reached or value > reached[still][0]:
                    reached[still] = (value, items)
        best = reached
    return list(max(best.values(), key=lambda found: found[0])[1])
