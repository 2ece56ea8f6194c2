"""Laws of the trend's estimates: the bootstrap against refits one by one, the law of a design."""

import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.inference import simulated_law
from analysis.inference.simulated_law import simulated_laws
from analysis.models import Trend
from analysis.models.trend.log_linear import evaluate_log_linear, fit_log_linear
from analysis.models.trend.regression import linear_time
from analysis.models.trend.resampling import resample_counts, resampled_statistics
from tests.studies.trend_intervals import all_terms, measure_bootstrap, measure_terms

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
    expected = simulated_laws(held.root, seen, 30, np.random.default_rng(9))
    plain = simulated_laws(model.regression.design, seen, 30, np.random.default_rng(9))
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

STUDY = Path(__file__).parents[1] / "studies" / "trend_intervals.csv"


@pytest.fixture(scope="module")
def study():
    with STUDY.open(encoding="utf-8", newline="") as file:
        table = pd.DataFrame(csv.DictReader(file))
    numbers = ["phi", "alpha", "nights", "runs", "coverage", "width"]
    return table.astype(dict.fromkeys(numbers, float))


def reach(rows):
    """Least and largest coverage as the documentation writes them."""
    low, high = 100 * rows["coverage"].agg(["min", "max"])
    return f"{low:.1f} to {high:.1f} %"


def test_what_is_said_about_coverage_is_what_was_measured(study):
    words = re.sub(r"\s+", " ", Trend.fit.__doc__)
    moderate, strong = study[study["phi"] <= 0.6], study[study["phi"] == 0.8]
    said = []
    for nights in (200, 600):
        for rows in (moderate, strong):
            said.append(rows[(rows["kind"] == "bootstrap") & (rows["nights"] == nights)])
    said = [reach(rows[rows["parameter"] == "growth"]) for rows in said]
    assert f"(400 runs a case): {said[0]} for phi <= 0.6 and {said[1]} for phi = 0.8" in words
    assert f"2 points): {said[2]}, on average 94.8 %, and {said[3]}." in words
    long = moderate[(moderate["nights"] == 600) & (moderate["kind"] == "bootstrap")]
    assert f"{100 * long[long['parameter'] == 'growth']['coverage'].mean():.1f}" == "94.8"
    for start, pattern in (
        ("growth of both segments", "growth_"),
        ("the shift", "shift_"),
        ("the intercept", "intercept"),
        ("on one another (", ".*day$"),
    ):
        found = [
            reach(rows[(rows["kind"] == "terms") & rows["parameter"].str.match(pattern)])
            for rows in (moderate, strong)
        ]
        told = words[words.index(start) :]
        assert re.findall(r"[\d.]+ to [\d.]+ %", told)[:2] == found


def test_growth_is_covered_by_the_bar_with_other_terms_and_by_the_bootstrap(study):
    growth = study[study["parameter"].str.startswith("growth") & (study["phi"] <= 0.6)]
    certain = growth[growth["runs"] >= 400]
    assert len(certain) == 6 + 24
    assert certain["coverage"].between(0.925, 0.975).all()


def test_coverage_in_a_small_repetition_of_the_study(monkeypatch):
    monkeypatch.setattr(simulated_law, "DRAWS", 1000)
    monkeypatch.setattr("tests.studies.trend_intervals.RESAMPLES", 199)
    covered, _ = measure_bootstrap(0.3, 0.3, 100, 20, np.random.default_rng(4))
    assert covered[1] >= 0.8  # less has a chance of 0.3 % at 95 %
    covered, _ = measure_terms(0.3, 0.3, 200, 60, np.random.default_rng(4))
    names = all_terms(200)[0].names
    assert covered[names.index("growth_2")] >= 0.85
