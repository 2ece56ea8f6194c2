"""The block jackknife against textbook formulas; bias taken away."""

import numpy as np
import pytest

from analysis.inference.jackknife import block_jackknife
from tests.inference.series import ar1


def test_jackknife_of_a_mean_is_the_textbook_one():
    """Equal blocks: the variance of the mean is that of the block means."""
    nights = ar1(60, 0.3, seed=2)
    found = block_jackknife(nights, lambda sums: sums / 60, blocks=6)
    means = nights.reshape(6, 10).mean(axis=1)
    assert found.estimate[0] == pytest.approx(nights.mean())
    assert found.variance[0] == pytest.approx(means.var(ddof=1) / 6)
    assert found.df == 5


def test_jackknife_with_unequal_blocks_is_that_of_the_paper():
    """Busing et al. (1999), equations 5 and 10, written out for a squared mean."""
    nights = ar1(23, 0.0, seed=4) + 2
    found = block_jackknife(nights, lambda sums: (sums / 23) ** 2, blocks=5)
    parts = np.array_split(nights[:, 0], 5)
    whole = nights.mean() ** 2
    size = [23 / len(part) for part in parts]
    without = [
        np.concatenate([p for j, p in enumerate(parts) if j != i]).mean() ** 2 for i in range(5)
    ]
    estimate = 5 * whole - sum((1 - 1 / h) * w for h, w in zip(size, without, strict=True))
    pseudo = [h * whole - (h - 1) * w for h, w in zip(size, without, strict=True)]
    variance = sum((p - estimate) ** 2 / (h - 1) for h, p in zip(size, pseudo, strict=True)) / 5
    assert found.observed[0] == pytest.approx(whole)
    assert found.estimate[0] == pytest.approx(estimate)
    assert found.variance[0] == pytest.approx(variance)


def test_jackknife_takes_the_bias_of_a_square_away():
    rng = np.random.default_rng(8)
    found = [
        block_jackknife(rng.standard_normal((50, 1)) + 0.5, lambda sums: (sums / 50) ** 2)
        for _ in range(800)
    ]
    observed, estimate = (
        np.array([getattr(f, name)[0] for f in found]) for name in ("observed", "estimate")
    )
    error = estimate.std() / np.sqrt(800)
    assert abs(estimate.mean() - 0.25) < 4 * error
    assert observed.mean() - 0.25 > 4 * error


@pytest.mark.parametrize(("nights", "blocks"), [(15, 5), (83, 5), (84, 6), (140, 10), (900, 10)])
def test_blocks_are_two_weeks_and_at_most_ten(nights, blocks):
    assert block_jackknife(np.ones((nights, 1)), lambda sums: sums).df == blocks - 1
