"""Long-run variances against sums written out."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.inference.hac import (
    LongRun,
    bartlett_covariance,
    default_bandwidth,
    innovation_weights,
    innovations,
    residual_autocorrelation,
    whitened_covariance,
)
from tests.inference.series import ar1


def test_prewhitened_variance_is_that_of_a_sum_written_out():
    rng = np.random.default_rng(5)
    influence, rho, width = rng.standard_normal((40, 2)), 0.4, 6
    filtered = np.array(
        [influence[t] - (rho * influence[t - 1] if t else 0) for t in range(len(influence))]
    )
    written_out = np.zeros((2, 2))
    for lag in range(width):
        gamma = sum(np.outer(filtered[t], filtered[t - lag]) for t in range(lag, 40))
        weight = 1 - lag / width
        written_out += gamma if lag == 0 else weight * (gamma + gamma.T)
    assert_allclose(whitened_covariance(influence, rho, width), written_out / (1 - rho) ** 2)
    assert_allclose(whitened_covariance(influence, 0.0, 1), influence.T @ influence)
    assert_allclose(bartlett_covariance(filtered, width), written_out)


GAPS = np.arange(24) % 7 != 3
GAPS[[0, 9, 10, 11, 23]] = False


@pytest.mark.parametrize("rho", [0.0, 0.6, -0.4, 0.97])
def test_innovations_of_ar1_residuals_are_independent_across_gaps(rho):
    """The filter as a matrix makes the covariance of an AR(1) diagonal, whatever nights are seen."""
    filtered = innovations(np.eye(24), rho, GAPS)  # a night's residual by row
    assert (filtered[:, ~GAPS] == 0).all()
    lags = np.abs(np.subtract.outer(np.arange(24), np.arange(24)))
    covariance = filtered.T @ (rho**lags) @ filtered
    places = np.flatnonzero(GAPS)
    expected = np.zeros(24)
    expected[places] = 1 - np.append(0.0, np.float64(rho) ** (2 * np.diff(places)))
    assert_allclose(covariance, np.diag(expected), atol=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.6, -0.4, 0.97])
def test_weighted_innovations_sum_to_the_weighted_residuals(rho):
    rng = np.random.default_rng(3)
    residuals, weights = rng.standard_normal(24), rng.standard_normal((3, 24)) * GAPS
    parts = innovations(residuals, rho, GAPS) * innovation_weights(weights, rho)
    assert_allclose(parts.sum(axis=1), weights @ residuals, atol=1e-12)
    written_out = [sum(rho**j * weights[0, 4 + j] for j in range(20)), weights[0, 22]]
    assert_allclose(innovation_weights(weights, rho)[0, [4, 22]], written_out, atol=1e-12)


def test_each_series_has_its_own_autocorrelation():
    residuals = np.random.default_rng(4).standard_normal((3, 24))
    rho = np.array([[0.0], [0.5], [-0.9]])
    found = innovations(residuals, rho, GAPS)
    for row, series, memory in zip(found, residuals, rho[:, 0], strict=True):
        assert_allclose(row, innovations(series, memory, GAPS))
    assert_allclose(found[0], residuals[0] * GAPS)


def test_weights_that_stay_the_same_are_prewhitened_as_ever():
    """But for the last nights, whose innovations move fewer nights to come."""
    residuals, everything = ar1(400, 0.6, seed=2, k=1), np.ones(400, dtype=bool)
    fresh = innovations(residuals[:, 0], 0.6, everything)
    ours = bartlett_covariance((fresh * innovation_weights(np.ones(400), 0.6))[:, np.newaxis], 60)
    assert_allclose(ours, whitened_covariance(residuals, 0.6, 60), rtol=0.02)


def test_autocorrelation_uses_pairs_of_seen_nights_only():
    residuals = np.array([1.0, 0.5, 9.0, 1.0, -1.0])
    seen = np.array([True, True, False, True, True])
    assert residual_autocorrelation(residuals, seen) == pytest.approx((0.5 - 1) / 2)
    assert residual_autocorrelation(np.zeros(5), seen) == 0.0


def test_contrasts_have_the_whitened_variance_of_their_own_series():
    influence = ar1(90, 0.4, seed=1, k=4)
    seen = np.ones(90, dtype=bool)
    seen[[0, 17, 18, 60, 89]] = False
    influence[~seen] = 0.0
    contrasts = np.array([[1, -1, 0, 0], [0, 0, 1, 0], [0.5, 0.5, -1, 2.0]])
    run = LongRun.of(influence, seen, 14)
    for contrast, plain, white in zip(
        contrasts, run.variances(contrasts, prewhiten=False), run.variances(contrasts), strict=True
    ):
        series = influence @ contrast
        assert plain == pytest.approx(bartlett_covariance(series[:, np.newaxis], 14)[0, 0])
        memory = residual_autocorrelation(series, seen)
        assert abs(memory) > 0.05
        assert white == pytest.approx(
            whitened_covariance(series[:, np.newaxis], memory, 14)[0, 0], rel=1e-10
        )


def test_contrast_without_noise_has_variance_zero():
    run = LongRun.of(np.zeros((30, 2)), np.ones(30, dtype=bool), 5)
    assert run.variances(np.eye(2)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("nights", "lags"), [(1, 1), (20, 3), (200, 30), (201, 31)])
def test_bandwidth_is_fifteen_percent_rounded_up(nights, lags):
    assert default_bandwidth(nights) == lags
