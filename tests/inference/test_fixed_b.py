"""Quantiles against Kiefer and Vogelsang's, and against the script that simulates them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm, t

from analysis.inference.fixed_b import equivalent_df, fixed_b_probability, fixed_b_quantile
from tests.studies.fixed_b_quantiles import PROBABILITIES, quantiles, trend_design


def test_simulated_quantiles_are_those_of_kiefer_and_vogelsang_for_a_mean():
    """Table 1 of the 2005 paper, Bartlett: 1.9600 + 2.9694 b + 0.4160 b2 - 0.5324 b3 at 97.5 %."""
    rng = np.random.default_rng(1)
    table = quantiles(np.ones((400, 1)), (0.1, 0.5), 40_000, rng)
    found = table[:, PROBABILITIES.index(0.975), 0]
    published = [1.96 + 2.9694 * b + 0.4160 * b**2 - 0.5324 * b**3 for b in (0.1, 0.5)]
    assert_allclose(found, published, rtol=0.025)  # 40,000 draws and a fitted polynomial


def test_shipped_quantiles_are_those_of_the_script():
    rng = np.random.default_rng(2)
    table = quantiles(trend_design(300), (0.15,), 40_000, rng)
    mean = quantiles(np.ones((300, 1)), (0.15,), 40_000, rng)
    table = np.concatenate([table, mean], axis=2)
    for k, parameter in enumerate(("intercept", "growth", "mean")):
        shipped = [fixed_b_quantile(p, 0.15, parameter) for p in (0.9, 0.975)]
        mine = [table[0, PROBABILITIES.index(p), k] for p in (0.9, 0.975)]
        assert_allclose(mine, shipped, rtol=0.03)


def test_quantiles_grow_with_b_and_start_at_the_normal():
    at = [fixed_b_quantile(0.975, b, "growth") for b in (0.0, 0.01, 0.15, 0.5, 1.0)]
    assert at[0] == pytest.approx(norm.ppf(0.975))
    assert at == sorted(at)
    assert at[2] == pytest.approx(2.79, abs=0.01)


@pytest.mark.parametrize("p", [0.5, 0.61, 0.9, 0.975, 0.999])
def test_probability_inverts_the_quantile(p):
    t = fixed_b_quantile(p, 0.15, "growth")
    assert fixed_b_probability(t, 0.15, "growth") == pytest.approx(p, abs=1e-9)
    assert fixed_b_probability(-t, 0.15, "growth") == pytest.approx(1 - p, abs=1e-9)


def test_probability_stays_within_what_was_simulated():
    assert fixed_b_probability(1e9, 0.15, "growth") == pytest.approx(0.9999)
    assert fixed_b_probability(-1e9, 0.15, "growth") == pytest.approx(0.0001)


@pytest.mark.parametrize("b", [0.02, 0.15, 0.5])
def test_equivalent_student_law_has_the_same_97_5_percent_point(b):
    df = equivalent_df(b)
    assert t.ppf(0.975, df) == pytest.approx(fixed_b_quantile(0.975, b, "mean"), rel=1e-9)
    assert df < equivalent_df(b / 2)


def test_student_law_stays_near_the_fixed_b_one_as_its_docstring_says():
    df = equivalent_df(0.15)
    low, high = (t.ppf(p, df) / fixed_b_quantile(p, 0.15, "mean") - 1 for p in (0.95, 0.99))
    assert round(100 * low) == -2
    assert round(100 * high) == 3
    assert equivalent_df(0.0) == np.inf
