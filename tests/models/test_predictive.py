"""Forecasts of counts: against scipy where it is exact, brute-force sums, limits and draws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import gammaln
from scipy.stats import nbinom, poisson

from analysis.errors import FitError
from analysis.models.predictive import (
    MixtureForecast,
    NegBinForecast,
    PointForecast,
    pool_forecasts,
    sampled_forecast,
)

MEANS = np.array([0.0, 0.4, 7.0, 123.0, 2500.0])
COUNTS = np.arange(6000.0)[:, np.newaxis]

means = st.floats(0.001, 300.0)
dispersions = st.one_of(st.just(0.0), st.floats(1e-6, 3.0))


@pytest.mark.parametrize("alpha", [1e-3, 0.05, 0.7, 4.0])
def test_negative_binomial_agrees_with_scipy_where_scipy_keeps_its_digits(alpha):
    forecast = NegBinForecast(MEANS, alpha)
    law = nbinom(1 / alpha, 1 / (1 + alpha * MEANS))
    assert np.allclose(forecast.logprob(COUNTS), law.logpmf(COUNTS), rtol=1e-9, atol=1e-8)
    assert np.allclose(forecast.cdf(COUNTS), law.cdf(COUNTS), rtol=1e-9, atol=1e-12)
    assert np.allclose(forecast.variance, law.var(), rtol=1e-12)


def test_no_dispersion_is_poisson():
    forecast, law = NegBinForecast(MEANS), poisson(MEANS)
    assert np.allclose(forecast.logprob(COUNTS), law.logpmf(COUNTS), rtol=1e-12, atol=1e-10)
    assert np.allclose(forecast.cdf(COUNTS), law.cdf(COUNTS), rtol=1e-12)


@pytest.mark.parametrize("alpha", [1e-17, 1e-12, 1e-9, 1e-6])
def test_near_poisson_keeps_its_digits(alpha):
    """Expanding around Poisson: E f(rate) = f(m) + alpha m**2 / 2 * d2f/dm2 + O(alpha**2)."""
    k, m = np.arange(40.0), 12.0
    law = poisson(m)
    first = law.pmf(k) * (m - k)
    second = law.pmf(k) * ((k - m) ** 2 - k)
    forecast = NegBinForecast(m, alpha)
    assert np.allclose(forecast.cdf(k), law.cdf(k) + alpha * m / 2 * first, rtol=1e-9)
    assert np.allclose(forecast.prob(k), law.pmf(k) + alpha / 2 * second, rtol=1e-8)


def test_large_sizes_meet_the_series():
    """On both sides of the size from which Stirling's series is used, against a product."""
    y = 40
    for size in (990.0, 1010.0):
        rising = np.log(size + np.arange(y)).sum()
        p = 30.0 / (size + 30.0)
        exact = rising - gammaln(y + 1) + y * np.log(p) + size * np.log1p(-p)
        assert NegBinForecast(30.0, 1 / size).logprob(y) == pytest.approx(exact, rel=1e-12)


@given(mean=means, alpha=dispersions, q=st.floats(1e-6, 1 - 1e-6))
def test_quantile_is_the_first_count_that_reaches_q(mean, alpha, q):
    forecast = NegBinForecast([mean], alpha)
    k = forecast.quantile(q)
    assert forecast.cdf(k)[0] >= q
    assert forecast.cdf(k - 1)[0] < q
    assert k.dtype == np.int64


@given(mean=means, alpha=dispersions)
def test_probabilities_sum_to_the_distribution_function_mean_and_variance(mean, alpha):
    forecast = NegBinForecast(mean, alpha)
    end = int(forecast.quantile(1 - 1e-12))
    k = np.arange(end + 1)
    prob = forecast.prob(k)
    assert np.allclose(np.cumsum(prob), forecast.cdf(k), atol=1e-9)
    assert (k * prob).sum() == pytest.approx(mean, rel=1e-6)
    assert ((k - mean) ** 2 * prob).sum() == pytest.approx(float(forecast.variance), rel=1e-5)


def test_what_is_no_count_is_impossible():
    forecast = NegBinForecast([3.0], 0.2)
    assert np.isneginf(forecast.logprob([-1, 2.5, np.inf])).all()
    assert forecast.cdf([-1])[0] == 0
    assert forecast.cdf([2.5])[0] == forecast.cdf([2])[0]
    assert PointForecast(4).cdf([3.9, 4]).tolist() == [0, 1]


def test_shapes_broadcast_against_the_horizon_and_the_regions():
    closed = NegBinForecast(np.full((7, 3), 5.0), 0.1)
    mixed = MixtureForecast(NegBinForecast(np.full((4, 7, 3), 5.0), 0.1))
    for forecast in (closed, mixed):
        assert forecast.shape == forecast.mean.shape == forecast.variance.shape == (7, 3)
        assert forecast.prob(2).shape == (7, 3)
        assert forecast.prob(np.zeros(3)).shape == (7, 3)
        assert forecast.cdf(np.arange(5)[:, None, None]).shape == (5, 7, 3)
        assert forecast.quantile([0.1, 0.9]).shape == (2, 7, 3)
        assert forecast.sample(11, 0).shape == (11, 7, 3)
        assert forecast[2].shape == (3,)
        assert forecast[:, 1].shape == (7,)
    # As many components as counts asked for: the axes must not be mixed up.
    k = np.arange(4)[:, np.newaxis, np.newaxis]
    assert np.allclose(mixed.prob(k), closed.prob(k))
    assert np.allclose(mixed.cdf(k), closed.cdf(k))


def test_mixture_is_the_weighted_sum_of_its_parts():
    parts, weights = NegBinForecast([[2.0, 9.0], [30.0, 1.0], [4.0, 4.0]], 0.3), [1.0, 2.0, 0.0]
    forecast = MixtureForecast(parts, weights)
    k = np.arange(400)[:, np.newaxis]
    prob = (parts[0].prob(k) + 2 * parts[1].prob(k)) / 3
    assert np.allclose(forecast.prob(k), prob, rtol=1e-12)
    assert np.allclose(forecast.cdf(k), np.cumsum(prob, axis=0), atol=1e-12)
    assert np.allclose(forecast.mean, (k * prob).sum(axis=0))
    assert np.allclose(forecast.variance, ((k - forecast.mean) ** 2 * prob).sum(axis=0))


def test_paths_are_their_own_distribution():
    paths = np.random.default_rng(5).poisson([3.0, 50.0], size=(200, 2))
    forecast = sampled_forecast(paths)
    assert np.allclose(forecast.mean, paths.mean(axis=0))
    assert np.allclose(forecast.variance, paths.var(axis=0))
    assert forecast.prob(3)[0] == pytest.approx((paths[:, 0] == 3).mean())
    expected = np.quantile(paths, [0.1, 0.5, 0.975], axis=0, method="inverted_cdf")
    assert (forecast.quantile([0.1, 0.5, 0.975]) == expected).all()
    drawn = forecast.sample(50, 1)
    assert all((row == paths).all(axis=1).any() for row in drawn)  # whole paths


@pytest.mark.parametrize(
    "forecast",
    [
        NegBinForecast([4.0, 60.0], 0.3),
        NegBinForecast([4.0, 60.0]),
        MixtureForecast(NegBinForecast([[4.0, 60.0], [9.0, 10.0]], [[0.1], [0.0]]), [1, 4]),
    ],
    ids=["negbin", "poisson", "mixture"],
)
def test_draws_follow_the_distribution(forecast):
    n = 20_000
    drawn = forecast.sample(n, np.random.default_rng(3))
    assert drawn.dtype == np.int64
    error = np.sqrt(forecast.variance / n)
    assert (np.abs(drawn.mean(axis=0) - forecast.mean) < 4 * error).all()
    for q in (0.1, 0.5, 0.9):
        k = forecast.quantile(q)
        share = (drawn <= k).mean(axis=0)
        assert (np.abs(share - forecast.cdf(k)) < 4 * np.sqrt(0.25 / n)).all()


def test_a_mixture_keeps_its_component_over_the_horizon():
    forecast = MixtureForecast(NegBinForecast([[1.0, 1.0], [1000.0, 1000.0]]))
    drawn = forecast.sample(200, 0)
    assert ((drawn[:, 0] > 500) == (drawn[:, 1] > 500)).all()
    assert 0.3 < (drawn[:, 0] > 500).mean() < 0.7


def test_seed_and_generator_draw_the_same():
    forecast = NegBinForecast([5.0, 8.0], 0.2)
    assert (forecast.sample(9, 42) == forecast.sample(9, np.random.default_rng(42))).all()


def test_pooling_weighs_forecasts_not_paths():
    few, many = sampled_forecast([[2]]), sampled_forecast(np.full((99, 1), 8))
    pooled = pool_forecasts([few, many])
    assert pooled.prob(2)[0] == pytest.approx(0.5)
    assert pool_forecasts([few, many], [1, 3]).prob(8)[0] == pytest.approx(0.75)
    nights = pd.date_range("2025-02-01", periods=1)
    closed = [NegBinForecast([2.0], 0.5, nights=nights), NegBinForecast([6.0], 0.1)]
    assert pool_forecasts(closed).nights is nights
    assert pool_forecasts(closed).prob(3) == pytest.approx(
        (closed[0].prob(3) + closed[1].prob(3)) / 2
    )


def test_table_shows_every_night_region_and_level():
    nights = pd.date_range("2025-02-01", periods=2, name="night")
    forecast = NegBinForecast([[2.0, 5.0], [3.0, 7.0]], 0.1).labelled(
        nights, pd.Index(["tula", "penza"])
    )
    table = forecast.table((0.5, 0.9))
    assert table.columns.tolist() == [
        "night",
        "region",
        "mean",
        "median",
        "lower",
        "upper",
        "level",
    ]
    assert table["region"].tolist() == ["tula", "tula", "penza", "penza"] * 2
    assert table["level"].tolist() == [0.5, 0.9] * 4
    last = table.iloc[-1]
    assert last["night"] == nights[1]
    assert (last["mean"], last["lower"], last["upper"]) == (
        7.0,
        *forecast[1, 1].quantile([0.05, 0.95]),
    )
    assert NegBinForecast([1.0, 2.0]).table((0.8,))["step"].tolist() == [1, 2]
    assert len(NegBinForecast(3.0).table()) == 3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: NegBinForecast([1.0, np.nan]), "has the mean nan"),
        (lambda: NegBinForecast([-1.0]), "has the mean -1"),
        (lambda: NegBinForecast([1.0], -0.5), "has the dispersion -0.5"),
        (lambda: PointForecast([1.5]), "foretells 1.5"),
        (lambda: NegBinForecast([1.0]).quantile(1.0), r"q is 1\.0\. Give probabilities"),
        (lambda: NegBinForecast([1.0]).quantile([0.5, np.nan]), "Give probabilities"),
        (lambda: NegBinForecast([1e15], 5.0).quantile(0.9999), r"beyond 2\*\*53"),
        (lambda: MixtureForecast(NegBinForecast([1.0, 2.0]), [1.0]), "2 components .* 2 weights"),
        (lambda: MixtureForecast(NegBinForecast([1.0, 2.0]), [1.0, -1.0]), "weights >= 0"),
        (lambda: MixtureForecast(NegBinForecast([1.0, 2.0]), [0.0, 0.0]), "not all 0"),
        (lambda: MixtureForecast(NegBinForecast(1.0)), "no components"),
        (lambda: pool_forecasts([]), "these are: none"),
        (
            lambda: pool_forecasts([NegBinForecast([1.0]), NegBinForecast([1.0, 2.0])]),
            r"NegBinForecast \(1,\), NegBinForecast \(2,\)",
        ),
        (
            lambda: pool_forecasts([NegBinForecast([1.0]), sampled_forecast([[1]])]),
            "NegBinForecast .*, PointForecast",
        ),
    ],
)
def test_errors_say_what_is_wrong(make, words):
    with pytest.raises(FitError, match=words):
        make()


def test_the_likelihood_goes_on_between_whole_numbers():
    forecast = NegBinForecast([3.0, 8.0], [0.5, 0.0])
    whole = np.arange(6.0)[:, np.newaxis]
    assert_allclose(forecast.continuation(whole), forecast.logprob(whole))
    between = forecast.continuation(np.array([[1.0], [1.5], [2.0]]))
    assert (between[1] > between[[0, 2]].min(axis=0)).all()
    assert np.isneginf(forecast.logprob(1.5)).all()


@given(
    st.lists(st.floats(0.0, 2000.0), min_size=1, max_size=5),
    st.sampled_from([0.0, 1e-9, 0.05, 1.0, 20.0]),
    st.floats(0.001, 0.999),
)
def test_quantiles_of_mixtures_are_the_smallest_counts(means, alpha, q):
    """Small ones come from a table of probabilities, large ones from a search."""
    laws = np.array([means, [m / 50 for m in means]]).T
    forecast = MixtureForecast(NegBinForecast(laws, alpha), np.arange(1, len(means) + 1))
    k = forecast.quantile(q)
    assert (forecast.cdf(k) >= q - 1e-11).all()
    assert (forecast.cdf(k - 1) < q + 1e-11).all()


def test_quantiles_of_many_and_of_one():
    laws = NegBinForecast(np.geomspace(0.01, 5000, 24).reshape(4, 3, 2), 0.3)
    forecast = MixtureForecast(laws)
    q = np.array([[0.1, 0.5], [0.9, 0.99]])
    found = forecast.quantile(q)
    assert found.shape == (2, 2, 3, 2)
    for i, j in np.ndindex(2, 2):
        for night, region in np.ndindex(3, 2):
            assert forecast[night, region].quantile(q[i, j]) == found[i, j, night, region]
            assert forecast[night].quantile(q[i, j])[region] == found[i, j, night, region]
    assert forecast[0, 0].quantile(q).shape == (2, 2)


def test_tables_of_quantiles_meet_the_search():
    """Around the count at which the table ends."""
    q = np.linspace(0.2, 0.8, 121)
    forecast = MixtureForecast(NegBinForecast([[512.0], [512.0]]))
    assert (forecast.quantile(q)[:, 0] == poisson.ppf(q, 512.0)).all()
