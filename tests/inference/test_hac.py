"""Long-run variances against sums written out."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.inference.hac import (
    LongRun,
    bartlett_covariance,
    default_bandwidth,
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
