"""Fits to several draws as one."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm, t

from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.pooled_results import pool_results

BASE = INGARCH(np.arange(200) % 5 + 1.0).fix([0.6, 0.3, 0.4], 0.2).simulate(rng=1)[0]


def drawn(n):
    rng = np.random.default_rng(3)
    return [INGARCH(BASE + rng.binomial(1, 0.3, 200)).fit() for _ in range(n)]


def test_variance_is_within_draws_and_between_them():
    fits = drawn(6)
    pooled = pool_results(fits, 0.9)
    params = pd.DataFrame([fit.params for fit in fits])
    within = pd.DataFrame([fit.bse**2 for fit in fits]).mean()
    total = within + (1 + 1 / 6) * params.var()
    assert_allclose(pooled["estimate"], params.mean())
    assert_allclose(pooled["std_error"], np.sqrt(total))
    assert_allclose(pooled["allocation_share"], 1 - within / total)
    assert_allclose(pooled["df"], 5 / pooled["allocation_share"] ** 2, rtol=0.5)
    half = t.ppf(0.95, pooled["df"]) * pooled["std_error"]
    assert_allclose(pooled["upper"] - pooled["estimate"], half)
    assert (pooled["at_bound"] == 0).all()


def test_one_draw_and_equal_draws_are_the_fit_itself():
    fit = INGARCH(BASE).fit()
    for fits in ([fit], [fit, fit, fit]):
        pooled = pool_results(fits)
        assert_allclose(pooled[["lower", "upper"]], fit.conf_int()[["lower", "upper"]])
        assert np.isinf(pooled["df"]).all()
    assert norm.ppf(0.975) * fit.bse.iloc[0] == pytest.approx(
        pooled["upper"].iloc[0] - fit.params.iloc[0]
    )


def test_no_interval_belongs_to_a_bound_that_any_draw_meets():
    """Two of three series are fitted inside; one ends at a coefficient of 0."""
    even = INGARCH(np.tile([4, 5, 6, 5], 50), past_mean=(), link="identity").fit()
    jumping = INGARCH(np.tile([2, 9, 1, 9], 50), past_mean=(), link="identity").fit()
    assert "past_obs_1" in jumping.at_bound
    fits = [one for one in (even, jumping) if one.params.index.equals(even.params.index)]
    pooled = pool_results(fits)
    assert pooled.loc["past_obs_1", "at_bound"] >= 0.5
    assert np.isnan(pooled.loc["past_obs_1", ["std_error", "lower", "upper"]].astype(float)).all()
    assert np.isfinite(pooled.loc["intercept", "std_error"])


def test_fits_of_different_models_are_refused():
    with pytest.raises(FitError, match="these 2 have 2 sets"):
        pool_results([INGARCH(BASE).fit(), INGARCH(BASE, past_mean=()).fit()])
    with pytest.raises(FitError, match="these 0 have 0 sets"):
        pool_results([])
