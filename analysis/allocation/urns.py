"""Counts drawn from an urn, given their sum and what is known of each. Arrays only.

Under a Dirichlet-multinomial with concentrations a_1 ... a_k (Mosimann 1962) the counts are
independent given their sum, each with weight w(x) = Gamma(x + a) / (Gamma(a) x!). What is known of
a count, that it is at least 1 or at most so many, sets the other weights to 0; the sum of the
counts then follows by convolution. Means and draws here are exact.

References
----------
Mosimann, J. E. (1962). On the compound multinomial distribution, the multivariate beta
distribution, and correlations among proportions. Biometrika 49(1-2), 65-82.
doi:10.1093/biomet/49.1-2.65
"""

import numpy as np

from analysis.accounting.nights import Bools, Floats, Ints


def count_weights(concentration: Floats, least: Ints, most: Ints, count: int) -> Floats:
    """Weights of 0, 1 ... ``count`` in each of k urns, shape (k, count + 1); rows sum to 1.

    Every row is tilted by the same power, which changes nothing given the sum, so that sums near
    ``count`` are likely and nothing underflows.

    Parameters
    ----------
    concentration : Floats
        Shape (k,), > 0.
    least, most : Ints
        What each count can be, shape (k,); least <= most and least <= count.
    count : int
        The sum, >= 1.
    """
    x = np.arange(1, count + 1)
    # Beyond its least a count grows as one with this concentration would from 0.
    beyond = (least + concentration) / (least + 1.0)
    spare = max(count - int(least.sum()), 1)
    tilt = spare / (spare + beyond.sum())
    steps = np.log((x - 1 + concentration[:, np.newaxis]) * (tilt / x))
    logs = np.concatenate([np.zeros((concentration.size, 1)), np.cumsum(steps, axis=1)], axis=1)
    every = np.arange(count + 1)
    allowed = (least[:, np.newaxis] <= every) & (every <= most[:, np.newaxis])
    logs = np.where(allowed, logs, -np.inf)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    rows: Floats = weights / weights.sum(axis=1, keepdims=True)
    return rows


def sum_chances(weights: Floats) -> list[Floats]:
    """Chances of the sums of the first 0, 1 ... k urns, each of shape (count + 1,)."""
    size = weights.shape[1]
    sums = [np.concatenate([np.ones(1), np.zeros(size - 1)])]
    for row in weights:
        sums.append(np.convolve(sums[-1], row)[:size])
    return sums


def mean_counts(weights: Floats) -> Floats | None:
    """Mean of each count given that they sum to the last column, shape (k,); None if they cannot.

    Examples
    --------
    >>> one = np.ones(2, dtype=np.int64)
    >>> mean_counts(count_weights(np.array([1.0, 2.0]), one, 9 * one, 3)).round(3).tolist()
    [1.4, 1.6]
    """
    before = sum_chances(weights)
    count = weights.shape[1] - 1
    whole = before[-1][count]
    if whole <= 0:
        return None
    after = np.concatenate([np.ones(1), np.zeros(count)])
    means = np.zeros(len(weights))
    times = np.arange(count + 1)
    for i in range(len(weights) - 1, -1, -1):
        means[i] = np.convolve(before[i], weights[i] * times)[: count + 1] @ after[::-1]
        after = np.convolve(after, weights[i])[: count + 1]
    # Rounding of the convolutions: a part in 10^13.
    scaled: Floats = means * (count / means.sum())
    return scaled


def draw_given_sum(weights: Floats, rng: np.random.Generator) -> Ints | None:
    """Draw counts that sum to the last column, shape (k,); None if they cannot.

    Examples
    --------
    >>> one = np.ones(2, dtype=np.int64)
    >>> weights = count_weights(np.array([1.0, 2.0]), one, 9 * one, 3)
    >>> int(draw_given_sum(weights, np.random.default_rng(0)).sum())
    3
    """
    before = sum_chances(weights)
    left = weights.shape[1] - 1
    if before[-1][left] <= 0:
        return None
    drawn = np.zeros(len(weights), dtype=np.int64)
    chance = rng.random(len(weights))
    for i in range(len(weights) - 1, -1, -1):
        if left == 0:
            break
        reach = np.cumsum(weights[i, : left + 1] * before[i][left::-1])
        # Rounding must not lead past the last count that is possible.
        last = int(np.searchsorted(reach, reach[-1]))
        drawn[i] = min(int(np.searchsorted(reach, chance[i] * reach[-1], side="right")), last)
        left -= int(drawn[i])
    return drawn


def draw_free(
    counts: Ints, concentration: Floats, members: Bools, rng: np.random.Generator
) -> Ints:
    """Dirichlet-multinomial draws among some of R regions, shape (H, R); rows sum to ``counts``.

    Parameters
    ----------
    counts : Ints
        Shape (H,).
    concentration : Floats
        Shape (H, R), > 0 among the members.
    members : Bools
        Shape (H, R).
    """
    if 0 in members.shape:
        return np.zeros(members.shape, dtype=np.int64)
    # In logs, as small concentrations make draws that are no longer numbers:
    # Gamma(a) is Gamma(a + 1) times a uniform to the power of 1 / a.
    safe = np.where(members, concentration, 1.0)
    logs = np.log(rng.standard_gamma(safe + 1.0)) + np.log(1.0 - rng.random(safe.shape)) / safe
    logs = np.where(members, logs, -np.inf)
    top = logs.max(axis=1, keepdims=True)
    chances = np.where(members, np.exp(logs - np.where(np.isfinite(top), top, 0.0)), 0.0)
    inside = members.any(axis=1)
    chances[~inside, 0] = 1.0
    chances /= chances.sum(axis=1, keepdims=True)
    return rng.multinomial(np.where(inside, counts, 0), chances)


def log_chances(concentration: list[Floats], counts: list[Ints]) -> Floats:
    """Log-probability of counts that are all at least 1, given their sums, shape (T,).

    Parameters
    ----------
    concentration, counts : list of arrays
        One array of shape (k,) for each of T lists.
    """
    logs = np.zeros(len(counts))
    for t, (a, x) in enumerate(zip(concentration, counts, strict=True)):
        total = int(x.sum())
        weights = count_weights(a, np.ones_like(x), np.full_like(x, total), total)
        seen = weights[np.arange(x.size), x]
        logs[t] = np.log(seen).sum() - np.log(sum_chances(weights)[-1][total])
    return logs
