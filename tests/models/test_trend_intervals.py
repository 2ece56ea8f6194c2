"""Laws of the trend's estimates: the bootstrap against refits one by one, the law of a design."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import nbinom, poisson

from analysis.errors import FitError
from analysis.inference import simulated_law
from analysis.inference.simulated_law import simulated_laws
from analysis.models import Trend, fit_trend
from analysis.models.trend.log_linear import evaluate_log_linear, fit_log_linear
from analysis.models.trend.regression import Regression, Terms, linear_time
from analysis.models.trend.resampling import counts_at, resample_counts, resampled_statistics
from analysis.models.trend.results import TrendResults
from tests.studies import trend_bootstrap, trend_forecast_coverage, trend_terms

N = 90
REGRESSION = linear_time(N)


@pytest.fixture
def counts():
    mean = np.exp(2 + 0.2 * np.arange(N) / 30)
    values = np.random.default_rng(1).negative_binomial(4, 4 / (4 + mean)) * 1.0
    values[[7, 8, 50]] = np.nan
    return values


@pytest.mark.parametrize("prewhiten", [True, False])
def test_statistics_of_the_bootstrap_are_those_of_refits_one_by_one(counts, prewhiten):
    fit = fit_log_linear(counts)
    seen = ~np.isnan(counts)
    rng = np.random.default_rng(3)
    found = resampled_statistics(counts, fit, REGRESSION, (14, prewhiten, 40), rng)
    drawn = resample_counts(
        counts[seen], fit.mean[seen], fit.dispersion, 40, np.random.default_rng(3)
    )
    coefs, errors = [], []
    for row in drawn:
        again = np.full(N, np.nan)
        again[seen] = row
        refit = fit_log_linear(again, dispersion=fit.dispersion)
        coefs.append(refit.coef)
        errors.append(np.sqrt(np.diag(refit.covariance(14, prewhiten))))
    deviations = np.array(coefs) - np.mean(coefs, axis=0)
    assert_allclose(found, deviations / np.array(errors), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("m", [3, 400], ids=["one by one", "by table"])
@pytest.mark.parametrize("alpha", [0.0, 1e-3, 0.3, 8.0])
def test_counts_are_read_off_as_scipy_does(alpha, m):
    mean = np.exp(np.linspace(-6, 7, 40))
    places = np.random.default_rng(6).random((m, 40))
    law = nbinom(1 / alpha, 1 / (1 + alpha * mean)) if alpha else poisson(mean)
    assert (counts_at(places, mean, alpha) == law.ppf(places)).all()


def test_errors_of_every_term_are_those_written_out(counts):
    """The score's nights one by one: innovations of residuals, times all they move."""
    nights = pd.date_range("2024-01-01", periods=N)
    columns = Terms(nights[0], weekday=True, knots=(nights[40],)).columns(nights)
    design = np.column_stack(list(columns.values()))
    fit = fit_log_linear(counts, Regression(tuple(columns), design, np.zeros(N)))
    variance = fit.mean + fit.dispersion * fit.mean**2
    pearson = (counts - fit.mean) / np.sqrt(variance)
    root = design * (fit.mean / np.sqrt(variance))[:, np.newaxis]
    seen = [night for night in range(N) if not np.isnan(counts[night])]
    bread = np.linalg.inv(root[seen].T @ root[seen])
    rho = fit.autocorrelation
    assert abs(rho) > 0.02
    influence = np.zeros((N, len(columns)))
    for place, night in enumerate(seen):
        before = seen[place - 1] if place else None
        known = 0.0 if before is None else rho ** (night - before) * pearson[before]
        moved = sum(rho ** (later - night) * bread @ root[later] for later in seen[place:])
        influence[night] = (pearson[night] - known) * moved
    expected = np.zeros((len(columns), len(columns)))
    for lag in range(-13, 14):
        early, late = influence[: N - abs(lag)], influence[abs(lag) :]
        expected += (1 - abs(lag) / 14) * (late.T @ early if lag >= 0 else early.T @ late)
    assert_allclose(fit.covariance(14), expected, rtol=1e-9, atol=1e-14)
    assert_allclose(np.where(np.isnan(counts), 0, pearson), fit.residuals, atol=1e-12)
    assert_allclose(fit.weights.T @ fit.residuals, 0.0, atol=1e-8)


def test_resamples_are_whole_and_like_the_record(counts):
    fit = fit_log_linear(counts)
    seen = ~np.isnan(counts)
    drawn = resample_counts(
        counts[seen], fit.mean[seen], fit.dispersion, 2000, np.random.default_rng(2)
    )
    assert drawn.shape == (2000, seen.sum())
    assert (drawn == np.floor(drawn)).all()
    assert (drawn >= 0).all()
    ratio = drawn.mean(axis=0) / fit.mean[seen]
    assert ratio.mean() == pytest.approx(1, abs=0.15)
    # Growth stays in them: late nights are as near to their mean as early ones.
    assert ratio[:30].mean() == pytest.approx(ratio[-30:].mean(), rel=0.08)


def test_resamples_keep_the_autocorrelation_within_blocks():
    rng = np.random.default_rng(5)
    slow = np.repeat(rng.normal(size=60), 10)
    values = rng.poisson(np.exp(2 + 0.6 * slow)) * 1.0
    fit = fit_log_linear(values)
    drawn = resample_counts(values, fit.mean, fit.dispersion, 200, rng)
    kept = np.mean([np.corrcoef(row[1:], row[:-1])[0, 1] for row in drawn])
    assert kept > 0.7 * np.corrcoef(values[1:], values[:-1])[0, 1] > 0.3


def test_resamples_without_a_fit_are_refused():
    rare = np.where(np.arange(N) == 40, 1.0, 0.0)
    fit = fit_log_linear(rare)
    with pytest.raises(FitError, match="resamples have no fit"):
        resampled_statistics(rare, fit, REGRESSION, (14, True, 199), np.random.default_rng(0))


def test_the_law_of_other_terms_heeds_the_weights_of_the_nights(monkeypatch):
    monkeypatch.setattr(simulated_law, "DRAWS", 500)
    nights = pd.date_range("2024-01-01", periods=200, name="night")
    # Early nights near 0 weigh little, so the weighted design is another.
    steep = pd.Series(np.random.default_rng(2).poisson(np.exp(np.linspace(-2, 4, 200))), nights)
    model = Trend(steep * 1.0, start=nights[0], shifts=nights[100])
    fit = model.fit(rng=9)
    held = evaluate_log_linear(
        steep.to_numpy(float), model.regression, fit.params.to_numpy(), fit.dispersion
    )
    seen = np.ones(200, bool)
    rho = held.autocorrelation
    expected = simulated_laws(held.root, seen, 30, np.random.default_rng(9), rho)
    plain = simulated_laws(model.regression.design, seen, 30, np.random.default_rng(9), rho)
    for law, same, other in zip(fit.laws, expected, plain, strict=True):
        assert_allclose(law.quantiles, same.quantiles, rtol=1e-9)
        assert np.abs(law.quantiles - other.quantiles).max() > 0.05


def test_the_criterion_heeds_the_dispersion(counts):
    fit = fit_log_linear(counts)
    off = 1.5 * fit.dispersion
    coef = fit_log_linear(counts, dispersion=off).coef
    held = evaluate_log_linear(counts, REGRESSION, coef, off)
    estimated = evaluate_log_linear(counts, REGRESSION, coef, off, estimated=True)
    assert held.criterion < 1e-6
    assert estimated.criterion > 0.1
    even = np.tile([4.0, 5.0, 6.0], 30)
    limit = fit_log_linear(even)
    assert limit.dispersion_score < 0
    assert limit.criterion < 1e-6


# Measured coverage ----------------------------------------------------------------------------

STUDIES = Path(__file__).parents[1] / "studies"


def read_study(name):
    with (STUDIES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        table = pd.DataFrame(csv.DictReader(file))
    words = [name for name in ("law", "parameter") if name in table]
    return table.astype({name: float for name in table if name not in words})


@pytest.fixture(scope="module")
def bootstrap():
    return read_study("trend_bootstrap")


@pytest.fixture(scope="module")
def terms():
    return read_study("trend_terms")


@pytest.fixture(scope="module")
def forecasts():
    return read_study("trend_forecast_coverage")


def reach(rows):
    """Least and largest coverage as the documentation writes them."""
    low, high = 100 * rows["coverage"].agg(["min", "max"])
    return f"{low:.1f} to {high:.1f}"


def told(words, start):
    """The first two ranges that the documentation gives after these words."""
    return re.findall(r"\d+\.\d to \d+\.\d", words[words.index(start) :])[:2]


@pytest.mark.parametrize("documented", [Trend.fit, fit_trend])
def test_what_is_said_about_terms_is_what_was_measured(terms, documented):
    words = re.sub(r"\s+", " ", documented.__doc__)
    for start, pattern in (
        ("growth of both segments", "growth_"),
        ("the shift", "shift_"),
        ("the intercept", "intercept"),
        ("the weekdays", ".*day$"),
    ):
        rows = terms[terms["parameter"].str.match(pattern)]
        found = [reach(rows[rows["phi"] <= 0.6]), reach(rows[rows["phi"] == 0.8])]
        assert told(words, start) == found


def test_what_is_said_about_the_bootstrap_is_what_was_measured(bootstrap):
    words = re.sub(r"\s+", " ", Trend.fit.__doc__)
    for start, parameter in (("Bootstrap, growth", "growth"), ("and intercept", "intercept")):
        rows = bootstrap[bootstrap["parameter"] == parameter]
        found = [reach(rows[rows["phi"] <= 0.6]), reach(rows[rows["phi"] == 0.8])]
        assert told(words, start) == found


def test_every_interval_is_within_the_bar(bootstrap, terms):
    """But for chance: 272 shares of 600 to 2,000 runs each, one of which is 92.3 %."""
    assert (bootstrap["runs"] >= 600).all()
    assert (terms["runs"] >= 1000).all()
    assert len(bootstrap) == 16 * 2
    assert len(terms) == 2 * 16 * 10
    for table in (bootstrap, terms):
        moderate = table[table["phi"] <= 0.6]
        assert (~moderate["coverage"].between(0.925, 0.975)).sum() <= 1
        assert moderate["coverage"].between(0.92, 0.975).all()
        usual = moderate.groupby(["parameter", "nights", "phi"])["coverage"].mean()
        assert usual.between(0.925, 0.975).all()


def test_what_is_said_about_forecasts_is_what_was_measured(forecasts):
    words = re.sub(r"\s+", " ", TrendResults.get_forecast.__doc__)
    assert len(forecasts) == 4 * 9
    for level in (0.5, 0.8, 0.95):
        rows = forecasts[forecasts["level"] == level]
        found = [reach(rows[rows["phi"] == phi]) for phi in (0.0, 0.6)]
        assert told(words, f"{100 * level:g} % interval") == found


def test_coverage_in_a_small_repetition_of_the_studies(monkeypatch):
    monkeypatch.setattr(simulated_law, "DRAWS", 1000)
    covered, _ = trend_bootstrap.measure(0.3, 0.3, 100, 20, np.random.default_rng(4))
    assert covered[1] >= 0.8  # less has a chance of 0.3 % at 95 %
    covered, _ = trend_terms.measure("copula", 0.8, 0.3, 200, 100, np.random.default_rng(4))
    # Prewhitened as a level is, weekdays would be covered always, the intercept in 89 %.
    assert covered[0] >= 0.9
    assert covered[-6:].mean() <= 0.985
    assert covered.min() >= 0.88


def test_forecasts_hold_the_nights_to_come_in_a_small_repetition_of_the_study():
    held = trend_forecast_coverage.measure(0.0, 0.3, 100, 60, np.random.default_rng(3))
    assert_allclose(held.mean(axis=0), trend_forecast_coverage.LEVELS, atol=0.1)
