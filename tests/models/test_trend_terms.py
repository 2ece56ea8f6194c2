"""Terms of the trend, families, given parameters, forecasts, bootstrap; and what is refused."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.inference import simulated_law
from analysis.inference.fixed_b import fixed_b_law
from analysis.models import Trend, fit_trend

NIGHTS = pd.date_range("2024-01-01", periods=300, name="night")
STEP = np.arange(300)


def counts_around(log_mean, alpha=0.1, seed=1):
    mean = np.exp(log_mean)
    rng = np.random.default_rng(seed)
    size = 1 / alpha
    return pd.Series(rng.negative_binomial(size, size / (size + mean)) * 1.0, NIGHTS)


def straight(**kwargs):
    return counts_around(3 + 0.1 * STEP / 30, **kwargs)


ALL_TERMS = {
    "weekday": True,
    "harmonics": [(90, 2)],
    "shifts": "2024-04-01",
    "knots": ["2024-06-01", "2024-08-01"],
}


@pytest.fixture(autouse=True)
def _few_draws(request, monkeypatch):
    """Laws of fewer draws, for speed, where their quantiles do not matter."""
    if "law" not in request.node.name:
        monkeypatch.setattr(simulated_law, "DRAWS", 1000)


# Design ---------------------------------------------------------------------------------------


def test_each_segment_has_its_own_slope_and_the_line_does_not_break():
    knots = [NIGHTS[100], NIGHTS[200]]
    truth = 3 + 0.3 * np.minimum(STEP, 100) / 30 - 0.2 * np.clip(STEP - 100, 0, 100) / 30
    exact = pd.Series(np.exp(truth), NIGHTS)
    fit = fit_trend(exact, knots=knots)
    assert_allclose(fit.params, [3, 0.3, -0.2, 0.0], atol=1e-7)
    table = fit.segments()
    assert table["start"].tolist() == [NIGHTS[0], *knots]
    assert table["end"].tolist() == [NIGHTS[99], NIGHTS[199], NIGHTS[299]]
    assert_allclose(table["growth"], np.expm1([0.3, -0.2, 0.0]), atol=1e-7)
    assert_allclose(table["doubling_nights"][:2], 30 * np.log(2) / np.array([0.3, -0.2]))
    assert fit.growth == pytest.approx(0.0, abs=1e-7)
    assert fit.words().count("From 2024-") == 3


def test_shift_weekday_and_harmonics_are_found_where_they_are():
    weekend = np.asarray(NIGHTS.day_of_week >= 5)
    truth = 2 + 0.6 * (STEP >= 150) + 0.4 * weekend + 0.3 * np.sin(2 * np.pi * STEP / 50)
    fit = fit_trend(
        pd.Series(np.exp(truth), NIGHTS), shifts=NIGHTS[150], weekday=True, harmonics=(50, 1)
    )
    found = fit.params
    assert_allclose(found[f"shift_{NIGHTS[150]:%Y-%m-%d}"], 0.6, atol=1e-7)
    assert_allclose(found[["saturday", "sunday"]], 0.4, atol=1e-7)
    assert_allclose(found[["tuesday", "friday", "growth", "cos_1_of_50"]], 0.0, atol=1e-7)
    assert_allclose(found["sin_1_of_50"], 0.3, atol=1e-7)
    ratios = fit.summary()["estimate"]
    assert ratios[f"ratio_shift_{NIGHTS[150]:%Y-%m-%d}"] == pytest.approx(np.exp(0.6))
    assert ratios["ratio_sunday"] == pytest.approx(np.exp(0.4))
    assert "ratio_sin_1_of_50" not in ratios


def test_an_offset_is_part_of_the_mean_and_no_parameter():
    exposure = 1 + (STEP % 3)
    series = counts_around(2 + np.log(exposure))
    fit = fit_trend(series, offset=np.log(exposure))
    assert fit.params["intercept"] == pytest.approx(2, abs=0.15)
    assert_allclose(
        fit.fittedvalues,
        np.exp(fit.params["intercept"] + fit.params["growth"] * STEP / 30) * exposure,
    )
    same = fit_trend(series, offset=pd.Series(np.log(exposure), NIGHTS)[::-1])
    assert_allclose(same.params, fit.params)
    doubled = fit_trend(series, offset=np.log(2.0))
    assert_allclose(doubled.params["intercept"], fit_trend(series).params["intercept"] - np.log(2))


@pytest.mark.parametrize("family", ["negbin", "poisson"])
def test_agrees_with_glm_of_statsmodels_with_all_terms(family):
    import statsmodels.api as sm

    wind = np.sin(STEP**1.3)
    series = counts_around(2 + 0.2 * wind, alpha=0.3)
    exog = pd.DataFrame({"wind": wind}, NIGHTS)
    fit = fit_trend(series, family=family, exog=exog, **ALL_TERMS)
    assert fit.params.index[-1] == "exog_wind"
    law = (
        sm.families.NegativeBinomial(alpha=fit.dispersion)
        if family == "negbin"
        else sm.families.Poisson()
    )
    theirs = sm.GLM(series.to_numpy(), fit.model.regression.design, family=law).fit(tol=1e-12)
    assert_allclose(fit.params, theirs.params, rtol=1e-6, atol=1e-9)
    assert_allclose(fit.llf, theirs.llf, rtol=1e-10)
    assert (fit.dispersion == 0.0) == (family == "poisson")
    assert fit.n_estimated == len(fit.params) + (family == "negbin")


@pytest.mark.parametrize("alpha", [1e-9, 0.05, 1.0])
@pytest.mark.parametrize("terms", [{}, ALL_TERMS], ids=["plain", "all"])
def test_every_fit_ends_at_its_maximum(alpha, terms):
    fit = fit_trend(counts_around(1 + 0.05 * STEP / 30, alpha=alpha, seed=3), **terms)
    assert fit.criterion < 1e-6
    assert (fit.score.abs() * fit.bse < 1e-5).all()
    if fit.dispersion == 0.0:
        assert fit.at_bound == ("dispersion",)
        assert fit.dispersion_score <= 0
    else:
        assert fit.at_bound == ()


def test_score_is_the_slope_of_the_likelihood_away_from_the_maximum():
    model = Trend(straight(), weekday=True)
    start = np.linspace(2.5, 0.1, 8)
    given = model.fix(start, 0.2)
    for i in range(8):
        side = np.zeros(8)
        side[i] = 1e-5
        slope = (model.fix(start + side, 0.2).llf - model.fix(start - side, 0.2).llf) / 2e-5
        assert given.score.iloc[i] == pytest.approx(slope, rel=1e-5, abs=1e-4)
    slope = (model.fix(start, 0.2 + 1e-6).llf - model.fix(start, 0.2 - 1e-6).llf) / 2e-6
    assert given.dispersion_score == pytest.approx(slope, rel=1e-5)
    assert given.criterion > 1


# Given parameters, forecasts, paths ----------------------------------------------------------------


def test_given_parameters_are_evaluated_without_errors():
    series = straight()
    fit = fit_trend(series)
    given = Trend(series).fix(fit.params, fit.dispersion)
    assert given.llf == fit.llf
    assert given.given
    assert given.n_estimated == 0
    assert given.bse.isna().all()
    assert given.conf_int()[["lower", "upper"]].isna().all(axis=None)
    assert np.isnan(given.p_growth)
    assert "interval" not in given.words()
    assert "nan" not in given.words()
    assert_allclose(Trend(series).fix({"growth": 0.1, "intercept": 3.0}).params, [3.0, 0.1])


@pytest.mark.parametrize(
    ("params", "dispersion", "says"),
    [
        (
            {"intercept": 3.0},
            0.0,
            r"missing \(growth\) or unknown \(none\). Give .* of intercept, g",
        ),
        ([1.0, 2.0, 3.0], 0.0, r"model has 2 parameters, the shape of those given is \(3,\)"),
        (3.0, 0.0, r"model has 2 parameters, the shape of those given is \(\)"),
        (["one", "two"], 0.0, "parameters is no array of numbers"),
        ([1.0, np.nan], 0.0, "no number: growth"),
        ([1.0, 800.0], 0.0, "a mean that is 0 or infinite on some night"),
        ([-800.0, 0.0], 0.0, "a mean that is 0 or infinite on some night"),
        ([1.0, 0.1], -1.0, "dispersion is -1.0"),
        ([1.0, 0.1], 1e300, "dispersion is 1e.300"),
        ([1.0, 0.1], 1e-300, "dispersion is 1e-300"),
        ([1.0, 0.1], "large", "dispersion is 'large'"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(params, dispersion, says):
    with pytest.raises(FitError, match=says):
        Trend(straight()).fix(params, dispersion)


def test_forecasts_continue_the_line_and_hold_the_uncertainty_of_parameters():
    fit = fit_trend(straight(), shifts=NIGHTS[120], weekday=True)
    plain, whole = fit.get_forecast(400, draws=0), fit.get_forecast(400, rng=3)
    later = pd.date_range("2024-10-27", periods=400)
    assert (plain.nights == later).all()
    assert (whole.nights == later).all()
    design = fit.model.regressors(pd.DatetimeIndex(later)).design
    assert_allclose(plain.mean, np.exp(design @ fit.params))
    assert_allclose(plain.variance, plain.mean + fit.dispersion * plain.mean**2)
    assert (whole.variance > plain.variance).all()
    # The spread of the drawn log means is that of the fit.
    spread = np.log(whole.components.mean[:, 0]).std()
    assert spread == pytest.approx(np.sqrt(design[0] @ fit.cov @ design[0]), rel=0.4)
    with pytest.raises(FitError, match="horizon is 0"):
        fit.get_forecast(0)


def test_forecasts_need_the_covariates_and_offset_of_their_nights():
    wind = pd.Series(np.cos(STEP), NIGHTS, name="wind")
    fit = fit_trend(straight(), exog=wind, offset=np.zeros(300))
    with pytest.raises(FitError, match="The trend has an exog"):
        fit.get_forecast(3)
    with pytest.raises(FitError, match="The trend has an offset"):
        fit.get_forecast(3, exog=[0.0, 0.0, 0.0])
    ahead = pd.date_range(NIGHTS[-1] + pd.Timedelta(days=1), periods=2)
    wind_ahead = pd.Series([0.0, 1.0], ahead, name="wind")
    forecast = fit.get_forecast(2, exog=[[0.0], [1.0]], offset=[0.0, 1.0], draws=0)
    wide = fit.params["exog_1" if "exog_1" in fit.params else "exog_wind"]
    ratio = np.exp(wide + 1.0 + fit.params["growth"] / 30)
    assert forecast.mean[1] / forecast.mean[0] == pytest.approx(ratio)
    with pytest.raises(FitError, match=r"exog holds snow, that of the trend wind. Give the same"):
        fit.get_forecast(2, exog=pd.DataFrame({"snow": [0.0, 1.0]}, ahead), offset=[0.0, 1.0])
    named = fit.get_forecast(2, exog=wind_ahead, offset=[0.0, 1.0], draws=0)
    assert named.mean.tolist() == forecast.mean.tolist()
    with pytest.raises(FitError, match="The trend has no exog"):
        fit_trend(straight()).get_forecast(2, exog=[1.0, 2.0])


def test_paths_have_the_mean_and_dispersion_of_the_fit():
    fit = fit_trend(straight(alpha=0.2))
    paths = fit.simulate(4000, rng=5)
    assert paths.shape == (300, 4000)
    assert (paths.index == NIGHTS).all()
    assert_allclose(paths.mean(axis=1), fit.fittedvalues, rtol=0.05)
    spread = paths.var(axis=1) / (fit.fittedvalues + fit.dispersion * fit.fittedvalues**2)
    assert spread.mean() == pytest.approx(1, abs=0.02)
    assert paths.equals(fit.simulate(4000, rng=5))
    assert not paths.equals(fit.simulate(4000, rng=6))


def test_residuals_of_the_common_kinds():
    series = straight()
    series.iloc[4] = np.nan
    fit = fit_trend(series, start=NIGHTS[0])
    for kind in ("response", "pearson", "quantile"):
        residuals = fit.residuals(kind)
        assert np.isnan(residuals.iloc[4])
        assert residuals.notna().sum() == 299
    assert fit.residuals("pearson").std() == pytest.approx(1, abs=0.15)
    assert fit.residuals("quantile").std() == pytest.approx(1, abs=0.15)


def test_an_expected_count_with_a_fraction_has_the_residual_of_the_whole_number_below():
    series = straight()
    whole = fit_trend(series).residuals("quantile", rng=1)
    series.iloc[9] += 0.5
    halved = fit_trend(series).residuals("quantile", rng=1)
    assert halved.iloc[9] == pytest.approx(whole.iloc[9], abs=0.02)


# Intervals ----------------------------------------------------------------------------------------


def test_drawn_parameters_follow_the_law_of_each():
    fit = fit_trend(straight(alpha=0.3))
    means = fit.get_forecast(1, draws=40_000, rng=5).components.mean[:, 0]
    ahead = Trend(straight(alpha=0.3)).regressors(fit.get_forecast(1, draws=0).nights).design[0]
    size = np.quantile(np.abs(np.log(means) - ahead @ fit.params), 0.95)
    error = np.sqrt(ahead @ fit.cov.to_numpy() @ ahead)
    # The law of growth has the quantile 2.9 at 97.5 %, that of the level 2.7, normal draws 1.96.
    assert 2.6 < size / error < 3.1


def test_a_tabulated_law_and_a_simulated_one_agree():
    """A covariate of noise leaves the law of the trend as the table has it, but for 10,000 draws."""
    noise = np.random.default_rng(2).standard_normal(300)
    fit = fit_trend(straight(alpha=1e-9), exog=noise)
    for name, law in zip(("intercept", "growth", "mean"), fit.laws, strict=True):
        for probability in (0.7, 0.9, 0.975):
            expected = fixed_b_law(45 / 300, name).quantile(probability)
            assert law.quantile(probability) == pytest.approx(expected, rel=0.07)


def test_bootstrap_intervals_are_reproducible_and_near_the_fixed_b_ones():
    series = straight(alpha=0.3)
    boot = fit_trend(series, intervals="bootstrap", resamples=199, rng=4)
    again = fit_trend(series, intervals="bootstrap", resamples=199, rng=4)
    other = fit_trend(series, intervals="bootstrap", resamples=199, rng=5)
    pd.testing.assert_frame_equal(boot.conf_int(), again.conf_int())
    assert not boot.conf_int().equals(other.conf_int())
    fixed = fit_trend(series)
    assert_allclose(boot.params, fixed.params)
    assert_allclose(boot.cov, fixed.cov)
    width = [(fit.conf_int()["upper"] - fit.conf_int()["lower"]) for fit in (boot, fixed)]
    assert_allclose(width[0], width[1], rtol=0.25)
    assert boot.glance()["intervals"].tolist() == ["bootstrap"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"intervals": "exact"}, "intervals are 'exact'"),
        ({"intervals": "bootstrap", "resamples": 20}, "20 resamples are too few"),
        ({"family": "normal"}, "family is 'normal'"),
        ({"knots": "2030-01-01"}, "knot 2030-01-01 does not lie within the period, 2024-01-01 to"),
        ({"knots": NIGHTS[0]}, "knot 2024-01-01 does not lie within"),
        ({"shifts": ["2024-03-01", "2024-03-01"]}, "level shift 2024-03-01 is given twice"),
        ({"shifts": "soon"}, "the level shift is 'soon'"),
        ({"knots": "2024-10-26"}, "growth_2 is 0 on every night|follows from"),
        ({"harmonics": (7, 4)}, r"harmonics are \(7, 4\)"),
        ({"harmonics": (7, 1.5)}, "harmonics are"),
        ({"weekday": True, "harmonics": (7, 1)}, "follows from .*day"),
        ({"exog": np.ones(300)}, "follows from|is 0"),
        ({"exog": np.column_stack([STEP, STEP])}, "exog_[12] follows from|growth follows"),
        ({"exog": np.zeros(300)}, "exog_1 is 0 on every night"),
        ({"exog": np.ones(5)}, r"exog has the shape \(5, 1\), the counts have 300 nights"),
        (
            {"exog": pd.Series(1.0, NIGHTS[:250])},
            "exog has no finite number .* on 50 of the 300 nights, first on 2024-09-07",
        ),
        ({"exog": pd.Series(1.0, NIGHTS.append(NIGHTS[:1]))}, "exog repeats a night"),
        (
            {"offset": np.full(300, np.inf)},
            "offset has no finite number .* on 300 of the 300 nights",
        ),
        ({"offset": np.ones((300, 2))}, "offset has 2 columns"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(options, says):
    with pytest.raises(FitError, match=says):
        fit_trend(straight(), **options)


def test_a_level_without_claims_has_no_maximum():
    series = straight()
    series.iloc[200:] = 0
    with pytest.raises(FitError, match="did not settle"):
        fit_trend(series, shifts=NIGHTS[200])
    with pytest.raises(FitError, match="did not settle"):
        fit_trend(series.where(NIGHTS.day_of_week != 2, 0), weekday=True)


# Odd counts ----------------------------------------------------------------------------------------


def test_counts_of_a_million_are_fitted():
    fit = fit_trend(counts_around(14 + 0.02 * STEP / 30, alpha=0.1, seed=4))
    assert fit.criterion < 1e-6
    assert fit.dispersion == pytest.approx(0.1, rel=0.3)
    fit = fit_trend(pd.Series(np.random.default_rng(1).poisson(1e6, 300) * 1.0, NIGHTS))
    assert fit.criterion < 1e-6
    assert fit.dispersion < 1e-5


@pytest.mark.parametrize("share", [0.05, 0.1])
def test_rare_claims_give_wide_intervals_but_never_nan(share):
    rng = np.random.default_rng(7)
    series = pd.Series((rng.random(300) < share) * rng.integers(1, 30, 300) * 1.0, NIGHTS)
    fit = fit_trend(series, start=NIGHTS[0])
    assert np.isfinite(fit.conf_int()).all(axis=None)
    assert np.isfinite(fit.llf)
    assert fit.criterion < 1e-6


def test_a_handful_of_claims_is_no_trend():
    series = pd.Series(0.0, NIGHTS)
    series.iloc[::40] = 20
    with pytest.raises(
        FitError, match=r"Only 8 of the 300 nights .* have claims, a trend needs 10"
    ):
        fit_trend(series)


def test_one_night_and_no_night_are_refused():
    with pytest.raises(FitError, match="needs 30 nights"):
        fit_trend(straight()[:1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FitError, match="None of the 300 nights"):
            fit_trend(straight() * np.nan, weekday=True)
