"""Laws of estimates over errors: read off draws, simulated for a design, widened, inverted."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm, t

from analysis.errors import FitError
from analysis.inference import simulated_law
from analysis.inference.fixed_b import fixed_b_law, linear_trend_laws
from analysis.inference.hac import (
    bartlett_covariance,
    innovation_weights,
    innovations,
    residual_autocorrelation,
)
from analysis.inference.nb2 import fit_nb2
from analysis.inference.nb2_many import fit_means
from analysis.inference.simulated_law import (
    autocorrelations,
    bartlett_variances,
    simulated_laws,
)
from analysis.inference.symmetric_law import SymmetricLaw

RNG = np.random.default_rng(5)


def test_a_law_of_many_draws_is_that_of_the_draws():
    law = SymmetricLaw.of_draws(np.random.default_rng(1).standard_t(5, 400_000))
    for probability in (0.6, 0.9, 0.975, 0.999):
        assert law.quantile(probability) == pytest.approx(t.ppf(probability, 5), rel=0.03)
    assert law.quantile(0.5) == 0.0
    assert law.equivalent_df == pytest.approx(5, rel=0.1)
    assert law.probability(-2.0) == pytest.approx(t.cdf(-2.0, 5), abs=0.002)


@pytest.mark.parametrize(("draws", "surest"), [(199, 0.975), (999, 0.995), (100_000, 0.9999)])
def test_a_law_ends_where_few_draws_lie_beyond(draws, surest):
    law = SymmetricLaw.of_draws(RNG.standard_normal(draws))
    assert law.surest == surest
    assert law.probability(99.0) == surest
    assert law.probability(-99.0) == pytest.approx(1 - surest)
    with pytest.raises(FitError, match=f"between 0.5 and {surest:g}"):
        law.quantile(0.99995)


def test_more_degrees_of_freedom_than_there_are_change_nothing():
    law = fixed_b_law(0.15, "growth")
    assert law.widened(law.equivalent_df) is law
    assert law.widened(1e6) is law
    assert law.widened(2.0).quantile(0.975) > law.quantile(0.975)


def test_the_normal_law_has_infinitely_many_degrees_of_freedom():
    law = fixed_b_law(0.0, "mean")
    assert law.equivalent_df == np.inf
    assert law.quantile(0.975) == pytest.approx(norm.ppf(0.975), abs=1e-6)


def test_laws_of_a_trend_are_wider_by_what_two_coefficients_take():
    for law, name in zip(linear_trend_laws(0.15, 50), ("intercept", "growth"), strict=True):
        table = fixed_b_law(0.15, name)
        assert_allclose(law.quantiles, table.quantiles * np.sqrt(50 / 48))
        assert law.probability(np.sqrt(50 / 48)) == pytest.approx(table.probability(1.0))


def test_a_scaled_law_keeps_the_degrees_of_freedom_that_remain():
    law = fixed_b_law(0.15, "growth").widened(2.0)
    assert law.scaled(3.0).remaining_df == 2.0
    assert law.scaled(1.0).quantile(0.9) == law.quantile(0.9)


def test_variances_side_by_side_are_those_one_by_one():
    series = RNG.standard_normal((4, 60))
    seen = RNG.random(60) > 0.2
    residuals = series * seen
    rho = autocorrelations(residuals, seen)[:, 0]
    assert_allclose(rho, [residual_autocorrelation(row, seen) for row in residuals])
    expected = [bartlett_covariance(row[:, np.newaxis], 9)[0, 0] for row in series]
    assert_allclose(bartlett_variances(series, 9), expected)


@pytest.mark.parametrize("prewhiten", [True, False])
@pytest.mark.parametrize("memory", [0.0, 0.7])
def test_a_simulated_law_is_the_statistic_of_noise_with_its_memory(monkeypatch, memory, prewhiten):
    """One chunk against plain regressions of the same errors."""
    monkeypatch.setattr(simulated_law, "DRAWS", 50)
    design = np.column_stack([np.ones(80), np.arange(80) >= 30, np.cos(np.arange(80))])
    seen = np.arange(80) % 9 != 4
    laws = simulated_laws(design, seen, 12, np.random.default_rng(7), memory, prewhiten)
    errors = np.random.default_rng(7).standard_normal((50, 80))
    errors[:, 0] /= np.sqrt(1 - memory**2)
    for night in range(1, 80):
        errors[:, night] += memory * errors[:, night - 1]
    used = design * seen[:, np.newaxis]
    inverse = np.linalg.inv(used.T @ used)
    found = []
    for noise in errors:
        coef = inverse @ used.T @ noise
        residuals = (noise - design @ coef) * seen
        rho = residual_autocorrelation(residuals, seen) if prewhiten else 0.0
        moved = innovation_weights((used @ inverse).T, rho)
        cov = bartlett_covariance((innovations(residuals, rho, seen) * moved).T, 12)
        found.append(coef / np.sqrt(np.diag(cov)))
    for law, column in zip(laws, np.array(found).T, strict=True):
        assert_allclose(law.quantiles[1:], SymmetricLaw.of_draws(column).quantiles[1:], rtol=1e-9)


@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_many_fits_are_those_one_by_one(alpha):
    design = np.column_stack([np.ones(50), np.arange(50) / 30])
    offset = np.log(1 + np.arange(50) % 2)
    counts = RNG.poisson(6.0, (5, 50)) * 1.0
    many = fit_means(counts, design, offset, alpha, np.array([1.0, 0.0]))
    for row, coef in zip(counts, many, strict=True):
        assert_allclose(coef, fit_nb2(row, design, offset, dispersion=alpha).coef, atol=1e-9)


def test_each_of_many_fits_has_its_own_dispersion_and_may_lie_far_off():
    design = np.column_stack([np.ones(40), np.arange(40) / 30])
    counts = np.full((3, 40), 3.0)
    counts[0, 0], counts[1, 20] = 1000.0, 40.0
    alphas = np.array([[3.0], [0.0], [0.5]])
    many = fit_means(counts, design, 0.0, alphas, np.array([1.0, 0.0]))
    for row, coef, alpha in zip(counts, many, alphas[:, 0], strict=True):
        assert_allclose(coef, fit_nb2(row, design, dispersion=alpha).coef, atol=1e-9)


def test_a_series_of_zeros_has_no_fit_and_does_not_stop_the_others():
    counts = np.vstack([np.zeros(40), np.full(40, 3.0)])
    found = fit_means(counts, np.ones((40, 1)), 0.0, 0.1, np.zeros(1))
    assert np.isnan(found[0, 0])
    assert found[1, 0] == pytest.approx(np.log(3))
