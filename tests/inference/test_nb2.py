"""The NB2 kernel: against R, against statsmodels, at the Poisson limit, away from the optimum."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import nbinom, poisson

from analysis.errors import FitError
from analysis.inference.hac import bartlett_covariance
from analysis.inference.nb2 import dispersion_score, fit_dispersion, fit_nb2, nb2_loglik

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "nb2_discoveries.json").read_text("utf-8")
)
# A likelihood maximised to rounding error fixes its argument only to the root of that.
RTOL = 1e-6


@pytest.fixture
def discoveries():
    time = np.array(REFERENCE["time"])
    return np.array(REFERENCE["counts"], dtype=float), np.column_stack([np.ones_like(time), time])


def test_agrees_with_glm_nb(discoveries):
    fit = fit_nb2(*discoveries)
    assert_allclose(fit.coef, REFERENCE["coef"], rtol=RTOL)
    assert_allclose(1 / fit.dispersion, REFERENCE["theta"], rtol=RTOL)
    assert_allclose(fit.loglik, REFERENCE["loglik"], rtol=1e-10)
    errors = np.sqrt(np.diag(np.linalg.inv(fit.information)))
    assert_allclose(errors, REFERENCE["se_fixed_theta"], rtol=RTOL)


@pytest.mark.parametrize("lag", [4, 7])
def test_bartlett_variance_agrees_with_newey_west_in_r(discoveries, lag):
    counts, design = discoveries
    fit = fit_nb2(counts, design)
    scores = design * ((counts - fit.mean) / (1 + fit.dispersion * fit.mean))[:, np.newaxis]
    cov = bartlett_covariance(scores @ np.linalg.inv(fit.information), lag + 1)
    assert_allclose(np.sqrt(np.diag(cov)), REFERENCE[f"newey_west_lag{lag}"], rtol=RTOL)


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=20),
    st.floats(0.1, 300),
    st.floats(1e-6, 50),
)
def test_loglik_is_that_of_scipy(counts, mean, dispersion):
    y = np.array(counts, dtype=float)
    size = 1 / dispersion
    law = nbinom.logpmf(y, size, size / (size + mean)).sum()
    # scipy's own terms cancel for sizes near 1e6; ours do not.
    assert_allclose(nb2_loglik(y, np.full(len(y), mean), dispersion), law, rtol=1e-6, atol=1e-6)
    at_zero = nb2_loglik(y, np.full(len(y), mean), 0.0)
    assert_allclose(at_zero, poisson.logpmf(y, mean).sum(), rtol=1e-9, atol=1e-9)


def test_loglik_reaches_poisson_smoothly():
    y, mean = np.array([3.0, 0.0, 12.5]), np.array([4.0, 0.2, 9.0])
    assert_allclose(nb2_loglik(y, mean, 1e-9), nb2_loglik(y, mean, 0.0), rtol=1e-8)


@pytest.mark.parametrize("alpha", [0.02, 0.3, 2.0])
def test_dispersion_score_is_the_slope_of_the_loglik_away_from_the_optimum(alpha):
    y, mean = np.array([0.0, 3.0, 11.0, 40.5]), np.array([1.0, 5.0, 9.0, 30.0])
    step = alpha * 1e-5
    slope = (nb2_loglik(y, mean, alpha + step) - nb2_loglik(y, mean, alpha - step)) / (2 * step)
    score = dispersion_score(y, mean, alpha)
    assert_allclose(score, slope, rtol=1e-5)


def test_dispersion_is_the_maximum_over_a_grid():
    rng = np.random.default_rng(3)
    mean = np.full(400, 20.0)
    y = rng.negative_binomial(2, 2 / (2 + mean)).astype(float)
    alpha = fit_dispersion(y, mean)
    grid = np.exp(np.linspace(-4, 3, 400))
    best = grid[np.argmax([nb2_loglik(y, mean, a) for a in grid])]
    assert alpha == pytest.approx(best, rel=0.02)
    assert alpha == pytest.approx(0.5, rel=0.25)  # 4 standard errors of ML at n = 400


def test_equal_and_underdispersed_counts_are_poisson():
    fit = fit_nb2(np.full(30, 5.0), np.ones((30, 1)))
    assert fit.dispersion == 0.0
    assert_allclose(np.exp(fit.coef), [5.0], rtol=1e-9)
    assert_allclose(fit.information, [[150.0]], rtol=1e-9)
    assert fit_nb2(np.tile([4.0, 5.0, 6.0], 20), np.ones((60, 1))).dispersion == 0.0


def test_near_poisson_series_all_settle():
    """Restarted Newton steps of another library ended in NaN on most of such series."""
    rng = np.random.default_rng(11)
    time = np.arange(120) / 30
    design = np.column_stack([np.ones_like(time), time])
    fits = [fit_nb2(rng.poisson(2 * np.exp(0.05 * time)) * 1.0, design) for _ in range(200)]
    at_limit = sum(fit.dispersion == 0.0 for fit in fits)
    assert 60 <= at_limit <= 140  # about half
    assert all(np.isfinite(fit.coef).all() and np.isfinite(fit.loglik) for fit in fits)


@pytest.mark.parametrize("alpha", [1.0, 3.0])
def test_one_night_far_above_the_others_settles(alpha):
    """Steps by the expected information alone leave 1e-8 to 1e-5 after a hundred."""
    counts = np.where(np.arange(40) == 0, 1000.0, 3.0)
    design = np.column_stack([np.ones(40), np.arange(40) / 30])
    fit = fit_nb2(counts, design, dispersion=alpha)
    score = design.T @ ((counts - fit.mean) / (1 + alpha * fit.mean))
    assert_allclose(score, 0.0, atol=1e-8)


def test_a_mean_that_cannot_settle_is_refused():
    zeros_then_one = np.zeros(60)
    with pytest.raises(FitError, match="did not settle"):
        fit_nb2(zeros_then_one, np.ones((60, 1)))
