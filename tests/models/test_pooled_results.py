"""Fits to several draws as one."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm, t

from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.local_level import LocalLevelCounts
from analysis.models.pooled_results import PooledResults, pool_results
from analysis.models.predictive import pool_forecasts
from analysis.models.trend import Trend

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


def test_one_draw_at_a_bound_is_enough():
    inside, other, held = drawn(3)
    held = dataclasses.replace(held, at_bound=("past_mean_1",))
    pooled = pool_results([inside, other, held])
    assert pooled["at_bound"].tolist() == [0, 0, pytest.approx(1 / 3)]
    untold = ["std_error", "lower", "upper", "allocation_share"]
    assert pooled.loc["past_mean_1", untold].isna().all()
    assert pooled.loc[["intercept", "past_obs_1"], untold].notna().all(axis=None)


def test_fits_of_different_models_are_refused():
    with pytest.raises(FitError, match="these 2 have 2 sets"):
        pool_results([INGARCH(BASE).fit(), INGARCH(BASE, past_mean=()).fit()])
    with pytest.raises(FitError, match="these 0 have 0 sets"):
        pool_results([])


def test_a_part_that_is_nothing_in_some_draws_is_the_mean_part():
    """Its logarithm is minus infinity there; what is told is the log of the mean over draws."""
    fit = INGARCH(BASE).fit()
    rates = [0.2, 0.0, 0.1]
    fits = []
    for rate in rates:
        with np.errstate(divide="ignore"):
            params = fit.params.where(fit.params.index != "past_obs_1", np.log(rate))
        cov = fit.cov.copy()
        if not rate:
            cov.loc["past_obs_1"] = cov["past_obs_1"] = np.nan
        bound = () if rate else ("past_obs_1",)
        fits.append(dataclasses.replace(fit, params=params, cov=cov, at_bound=bound))
    pooled = pool_results(fits)
    row = pooled.loc["past_obs_1"]
    assert row["estimate"] == pytest.approx(np.log(0.1))
    assert row["at_bound"] == pytest.approx(1 / 3)
    assert row[["std_error", "lower", "upper", "df", "allocation_share"]].isna().all()
    assert pool_results(fits[1:2]).loc["past_obs_1", "estimate"] == -np.inf
    assert pooled.loc["intercept"].notna().all()


def test_fits_together_answer_as_one():
    fits = drawn(3)
    pooled = PooledResults(tuple(fits))
    assert_allclose(pooled.endog, np.mean([fit.endog for fit in fits], axis=0))
    assert_allclose(pooled.fittedvalues, np.mean([fit.fittedvalues for fit in fits], axis=0))
    assert_allclose(pooled.params, pool_results(fits)["estimate"])
    assert pooled.tidy(0.8)["level"].eq(0.8).all()
    assert pooled.tidy()["term"].tolist() == list(fits[0].params.index)
    row = pooled.glance().iloc[0]
    assert (row["n_draws"], row["nobs"]) == (3, fits[0].nobs)
    assert row["dispersion"] == pytest.approx(np.mean([fit.dispersion for fit in fits]))
    forecast = pooled.get_forecast(2, draws=300, rng=5)
    source = np.random.default_rng(5)
    mixed = pool_forecasts([fit.get_forecast(2, draws=100, rng=source) for fit in fits])
    assert_allclose(forecast.mean, mixed.mean)
    assert forecast.components.shape == (300, 2)
    sure = pooled.get_forecast(1, parameter_uncertainty=False)
    assert_allclose(sure.mean, np.mean([f.get_forecast(1).mean for f in fits], axis=0), rtol=0.05)


def test_closed_forms_are_mixed_as_such():
    levels = [LocalLevelCounts(BASE + shift).fit() for shift in (0, 4)]
    forecast = PooledResults(tuple(levels)).get_forecast(3, draws=0)
    assert forecast.components.shape == (2, 3)
    assert forecast.mean[0] == pytest.approx(np.mean([one.level.iloc[-1] for one in levels]))


def test_the_law_of_a_model_is_kept():
    """A trend judges its estimates by few degrees of freedom, not by the normal law."""
    nights = pd.date_range("2025-01-01", periods=200)
    fits = [Trend(pd.Series(BASE.to_numpy() + k, nights)).fit() for k in (0, 0)]
    pooled = pool_results(fits)
    assert_allclose(pooled["df"], fits[0].df)
    assert_allclose(pooled["std_error"], fits[0].bse)
    half = t.ppf(0.975, fits[0].df) * fits[0].bse
    assert_allclose(pooled["upper"] - pooled["estimate"], half)


def test_draws_with_numbers_on_other_nights_are_refused():
    gap = BASE.astype(float).copy()
    gap.iloc[50] = np.nan
    with pytest.raises(FitError, match="numbers on the same nights"):
        PooledResults((INGARCH(BASE).fit(), INGARCH(gap).fit()))
    with pytest.raises(FitError, match="these 0 have 0 sets"):
        PooledResults(())
