"""Forecasts and simulated series of INGARCH models."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.forecasting import draw_parameters
from analysis.models.predictive import MixtureForecast, NegBinForecast
from tests.models.ingarch import naive

NIGHTS = pd.date_range("2024-02-01", periods=300, name="night")
BASE = pd.Series(np.arange(300) % 5 + 1.0, NIGHTS)
COUNTS = INGARCH(BASE).fix([0.6, 0.3, 0.4], 0.2).simulate(rng=1)[0].astype(float)


def loops(results, counts, x, **spec):
    """The next mean by plain loops: a further night without a number."""
    model = results.model
    spec = {"past_obs": model.past_obs, "past_mean": model.past_mean, "link": model.link, **spec}
    spec = {"init": model.init, "external": model.covariates.external, **spec}
    longer = np.append(counts, np.nan)
    nu = naive.linear_predictor(results.params.to_numpy(), longer, x, spec)
    return np.real(naive.mean_of(nu, spec))[-1]


def test_the_next_night_is_in_closed_form_without_parameter_uncertainty():
    results = INGARCH(COUNTS, past_obs=(1, 7), past_mean=(2,)).fit()
    forecast = results.get_forecast(1, parameter_uncertainty=False)
    assert isinstance(forecast, NegBinForecast)
    expected = loops(results, COUNTS.to_numpy(), np.empty((301, 0)))
    assert_allclose(forecast.mean, [expected], rtol=1e-12)
    assert forecast.alpha.tolist() == [results.dispersion]
    assert forecast.nights.tolist() == [pd.Timestamp("2024-11-27")]


@pytest.mark.parametrize(
    "external", [False, True, ["b"]], ids=["fed back", "external", "one of two"]
)
@pytest.mark.parametrize("link", ["log", "identity"])
def test_covariates_of_nights_to_come_act_as_those_before(link, external):
    rng = np.random.default_rng(6)
    exog = pd.DataFrame({"a": rng.random(300), "b": rng.random(300)}, NIGHTS)
    model = INGARCH(COUNTS, exog, past_mean=(1, 3), link=link, external=external)
    params = [1.0, 0.2, 0.2, 0.1, 0.5, 0.4]
    results = model.fix(params, 0.1)
    ahead = [[0.3, 0.9]]
    expected = loops(results, COUNTS.to_numpy(), np.vstack([exog.to_numpy(), ahead]))
    assert_allclose(results.get_forecast(1, ahead).mean, [expected], rtol=1e-12)
    # Two nights ahead, of which the first is drawn: within four standard errors of a long run.
    two = results.get_forecast(2, ahead * 2, draws=4000, rng=3)
    y = results.get_forecast(1, ahead).sample(4000, 5)[:, 0]
    longer = [np.append(COUNTS.to_numpy(), count) for count in np.unique(y)]
    x = np.vstack([exog.to_numpy(), ahead, ahead])
    means = {
        count: loops(results, series, x) for count, series in zip(np.unique(y), longer, strict=True)
    }
    drawn = np.array([means[count] for count in y])
    error = drawn.std() / np.sqrt(4000) * np.sqrt(2)
    assert abs(two.mean[1] - drawn.mean()) < 4 * error


def test_nights_without_a_number_at_the_end_are_simulated_too():
    ended = COUNTS.copy()
    ended.iloc[-2:] = np.nan
    results = INGARCH(ended, link="identity").fix([2.0, 0.3, 0.4], 0.2)
    late = results.get_forecast(2, draws=4000, rng=2)
    early = INGARCH(COUNTS.iloc[:-2], link="identity").fix([2.0, 0.3, 0.4], 0.2)
    direct = early.get_forecast(4, draws=4000, rng=2)
    assert_allclose(late.mean, direct.mean[2:])
    assert_allclose(late.variance, direct.variance[2:])
    assert late.nights.tolist() == direct.nights[2:].tolist()
    assert late.nights[0] == NIGHTS[-1] + pd.Timedelta(days=1)
    # With the identity link the mean ahead is that of the recursion with means for counts.
    assert_allclose(late.mean[0], loops(results, ended.to_numpy(), np.empty((301, 0))), rtol=0.02)


def test_parameter_uncertainty_widens_and_stays_within_bounds():
    short = INGARCH(COUNTS.iloc[:80]).fit()
    plain, uncertain = (
        short.get_forecast(14, parameter_uncertainty=flag, draws=3000, rng=4)
        for flag in (False, True)
    )
    assert isinstance(uncertain, MixtureForecast)
    assert (uncertain.variance[3:] > plain.variance[3:]).all()
    draws = draw_parameters(short, 3000, np.random.default_rng(1))
    assert_allclose(draws.mean(axis=0), short.fit.maximum.x, atol=0.2)
    assert (draws @ short.fit.bounds.normals.T >= short.fit.bounds.limits - 1e-9).all()
    assert_allclose(np.cov(draws, rowvar=False)[1, 1], short.internal_cov[1, 1], rtol=0.2)


def test_what_a_bound_holds_is_not_drawn():
    counts = COUNTS * np.where(np.arange(300) < 150, 2.0, 1.0)
    after = pd.Series((np.arange(300) >= 150) * 1.0, NIGHTS, name="after")
    results = INGARCH(counts, after, link="identity").fit()
    draws = draw_parameters(results, 50, np.random.default_rng(1))
    assert_allclose(draws[:, 3], 0.0, atol=1e-12)
    assert draws[:, 1].std() > 0


def test_forecasts_repeat_with_their_seed():
    results = INGARCH(COUNTS).fit()
    first, again, other = (results.get_forecast(5, draws=100, rng=rng) for rng in (1, 1, 2))
    assert first.mean.tolist() == again.mean.tolist()
    assert first.mean.tolist() != other.mean.tolist()
    assert first.shape == (5,)
    assert first.nights[-1] == NIGHTS[-1] + pd.Timedelta(days=5)


def test_simulated_moments_are_those_of_the_process():
    """Ferland et al. (2006): mean b0 / (1 - a - b); variance of the Poisson (1, 1) process."""
    beta, alpha = 0.4, 0.3
    model = INGARCH(np.arange(9000) % 3 + 1.0, link="identity", distribution="poisson")
    counts = model.fix([3.0, beta, alpha]).simulate(paths=4, rng=2).to_numpy(float)[100:]
    total = beta + alpha
    mean = 3.0 / (1 - total)
    variance = mean * (1 - total**2 + beta**2) / (1 - total**2)
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert counts.var() == pytest.approx(variance, rel=0.05)
    lagged = np.mean([np.corrcoef(path[:-1], path[1:])[0, 1] for path in counts.T])
    first = beta * (1 - alpha * total) / (1 - total**2 + beta**2)
    assert lagged == pytest.approx(first, abs=0.03)


def test_simulated_series_have_the_nights_asked_for():
    results = INGARCH(COUNTS, BASE.rename("x")).fix([0.4, 0.3, 0.4, 0.01], 0.2)
    same = results.simulate(paths=3, rng=1)
    assert same.shape == (300, 3)
    assert same.index.equals(COUNTS.index)
    assert (same.dtypes == np.int64).all()
    other = results.simulate(20, exog=np.zeros(20), rng=1)
    assert other.shape == (20, 1)
    calm, raised = (
        INGARCH(COUNTS).fix([np.log(4), 0, 0], dispersion).simulate(4000, rng=1)[0]
        for dispersion in (0.0, 0.5)
    )
    assert calm.var() == pytest.approx(4, rel=0.15)
    assert raised.var() == pytest.approx(4 + 0.5 * 16, rel=0.2)


@pytest.mark.parametrize(
    ("words", "ask"),
    [
        ("horizon is 0", lambda r: r.get_forecast(0)),
        ("draws is 0", lambda r: r.get_forecast(3, np.zeros((3, 1)), draws=0)),
        ("model has 1 covariates, and no exog", lambda r: r.get_forecast(3)),
        ("exog has the shape .2, 1.", lambda r: r.get_forecast(3, np.zeros((2, 1)))),
        ("or holds no numbers", lambda r: r.get_forecast(1, [[np.nan]])),
        ("paths is 0", lambda r: r.simulate(paths=0)),
        (
            "reaches a mean of",
            lambda r: r.model.fix([1, 0.9, 0.05, 40], 0.1).get_forecast(9, [[9]] * 9),
        ),
    ],
)
def test_what_is_refused(words, ask):
    results = INGARCH(COUNTS, BASE.rename("x")).fit()
    with pytest.raises(FitError, match=words):
        ask(results)
