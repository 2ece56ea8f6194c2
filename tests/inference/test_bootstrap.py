"""The stationary bootstrap against the package arch and the formula of its variance."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import ks_2samp

from analysis.errors import FitError
from analysis.inference.bootstrap import optimal_block, resample_weights, stationary_indices
from tests.inference.series import ar1


def test_blocks_have_geometric_lengths_of_the_mean_asked_and_so_do_those_of_arch():
    from arch.bootstrap import StationaryBootstrap

    n, block = 400, 8
    ours = stationary_indices(n, block, 150, np.random.default_rng(1))
    theirs = np.array(
        [
            data[0][0].astype(int)
            for data in StationaryBootstrap(
                block, np.arange(n), seed=np.random.default_rng(2)
            ).bootstrap(150)
        ]
    )
    lengths = [block_lengths(rows, n) for rows in (ours, theirs)]
    for found in lengths:
        # A block that by chance goes on where the last one ended joins it: 1 in n.
        assert found.mean() == pytest.approx(block, rel=0.04)
        assert (found == 1).mean() == pytest.approx(1 / block, rel=0.1)
        assert found.var() == pytest.approx(block**2 - block, rel=0.15)
    assert ks_2samp(*lengths).pvalue > 0.01


def block_lengths(indices, n):
    """Lengths of runs of successive nights, without the last of each resample, which is cut."""
    found = []
    for row in indices:
        ends = np.flatnonzero(np.diff(row) % n != 1)
        found.append(np.diff(np.concatenate([[-1], ends])))
    return np.concatenate(found)


@pytest.mark.parametrize("block", [1, 4, 15.5])
def test_resampled_means_have_the_law_of_arch(block):
    """Means and variances of 4,000 resampled means agree within four Monte Carlo errors."""
    from arch.bootstrap import StationaryBootstrap

    series, runs = ar1(250, 0.5, seed=3)[:, 0], 4_000
    ours = resample_weights(250, block, runs, np.random.default_rng(4)) @ series / 250
    boot = StationaryBootstrap(block, series, seed=np.random.default_rng(5))
    theirs = boot.apply(np.mean, runs)[:, 0]
    error = np.sqrt((ours.var() + theirs.var()) / runs)
    assert abs(ours.mean() - theirs.mean()) < 4 * error
    assert ours.var() == pytest.approx(theirs.var(), rel=4 * np.sqrt(2 * 2 / runs))
    assert ks_2samp(ours, theirs).pvalue > 0.001


def test_resampled_variance_is_that_of_the_formula():
    """Politis & Romano (1994), lemma 1: circular autocovariances under weights of their own."""
    series, block, n = ar1(120, 0.6, seed=6)[:, 0], 6.0, 120
    deviation = series - series.mean()
    circular = [deviation @ np.roll(deviation, -lag) / n for lag in range(n)]
    keep = 1 - 1 / block
    weights = [(1 - lag / n) * keep**lag + lag / n * keep ** (n - lag) for lag in range(1, n)]
    variance = (circular[0] + np.dot(weights, circular[1:])) / n
    means = resample_weights(n, block, 20_000, np.random.default_rng(7)) @ series / n
    assert means.var() == pytest.approx(variance, rel=0.04)


def test_every_resample_holds_as_many_nights():
    weights = resample_weights(37, 5.0, 50, np.random.default_rng(0))
    assert (weights.sum(axis=1) == 37).all()
    once = stationary_indices(37, 5.0, 50, np.random.default_rng(0))
    assert_allclose(weights[3], np.bincount(once[3], minlength=37))


@pytest.mark.parametrize(("n", "phi"), [(80, 0.0), (200, 0.3), (300, 0.7), (500, -0.4)])
def test_block_length_is_the_one_arch_chooses(n, phi):
    from arch.bootstrap import optimal_block_length

    series = ar1(n, phi, seed=n)[:, 0]
    theirs = optimal_block_length(series)["stationary"].iloc[0]
    assert optimal_block(series) == pytest.approx(max(theirs, 1.0), rel=1e-10)


def test_block_length_of_odd_series():
    assert optimal_block(np.full(50, 3.0)) == 1.0
    swing = np.sin(np.arange(200) / 5)  # a slow cycle: as long as the rule allows
    assert optimal_block(swing) == np.ceil(3 * np.sqrt(200))
    gaps = ar1(200, 0.6, seed=1)[:, 0]
    gaps[::7] = np.nan
    assert 1 < optimal_block(gaps) < 30


@pytest.mark.parametrize("block", [0.5, 0, np.inf, np.nan])
def test_blocks_of_no_night_are_refused(block):
    with pytest.raises(
        FitError, match=r"mean block length is .* nights\. Give a number of at least 1"
    ):
        stationary_indices(10, block, 5, np.random.default_rng(0))
