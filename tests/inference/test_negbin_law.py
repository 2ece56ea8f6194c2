"""The NB2 law against its product form, whose sums lose no digits, at every dispersion and at 0."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.inference.negbin_law import (
    STIRLING,
    dispersion_slope,
    log_prob,
    log_rise,
    mean_part,
    mean_terms,
    rise_bend,
    rise_slope,
)

COUNTS = [0, 1, 2, 3, 17, 80, 900]
#: Both sides of each place where a series takes over, and what lies at the ends.
DISPERSIONS = [0.0, 1e-18, 1e-9, 1e-4, 0.0199, STIRLING, 0.0201, 0.3, 4.0, 900.0]
#: Of sums of a hundred terms of one sign.
DIGITS = 1e-12


def summed(term, y):
    return math.fsum(term(j) for j in range(y))


@pytest.mark.parametrize("a", DISPERSIONS)
def test_the_rise_and_its_derivatives_are_sums_over_the_counts_below(a):
    y = np.array(COUNTS, dtype=float)
    rise = [summed(lambda j: math.log1p(a * j), k) for k in COUNTS]
    slope = [summed(lambda j: j / (1 + a * j), k) for k in COUNTS]
    bend = [-summed(lambda j: (j / (1 + a * j)) ** 2, k) for k in COUNTS]
    # Gamma functions at 1 / a of some tens leave fewer digits than Stirling's series.
    least = (1e-13, 1e-13, 1e-12) if a <= STIRLING else (1e-12, 1e-11, 1e-8)
    assert_allclose(log_rise(y, a), rise, rtol=DIGITS, atol=least[0])
    assert_allclose(rise_slope(y, a), slope, rtol=DIGITS, atol=least[1])
    assert_allclose(rise_bend(y, a), bend, rtol=DIGITS if a <= STIRLING else 1e-9, atol=least[2])


@given(st.floats(0, 500), st.one_of(st.just(0.0), st.floats(1e-12, 50)))
def test_between_whole_counts_the_recursion_of_gamma_holds(y, a):
    pair = np.array([y, y + 1])
    assert_allclose(np.diff(log_rise(pair, a)), np.log1p(a * y), rtol=1e-9, atol=1e-11)
    slope, bend = y / (1 + a * y), -((y / (1 + a * y)) ** 2)
    assert_allclose(np.diff(rise_slope(pair, a)), slope, rtol=1e-8, atol=1e-8)
    size = np.abs(rise_bend(pair, a)).max()
    assert_allclose(np.diff(rise_bend(pair, a)), bend, rtol=1e-7, atol=1e-8 + 1e-8 * size)


def test_every_count_takes_the_series_of_its_own_dispersion():
    y, a = np.full(len(DISPERSIONS), 17.0), np.array(DISPERSIONS)
    for part in (log_rise, rise_slope, rise_bend):
        alone = [part(y[:1], one)[0] for one in DISPERSIONS]
        assert_allclose(part(y, a), alone, rtol=1e-15)
    means = np.linspace(0.1, 30, len(DISPERSIONS))
    alone = [log_prob(y[:1], means[k : k + 1], one)[0] for k, one in enumerate(DISPERSIONS)]
    assert_allclose(log_prob(y, means, a), alone, rtol=1e-14)
    # A region that has all but forgotten its level beside one that has not.
    far = log_rise(np.full(2, 3.0), np.array([0.01, 1e250]))
    assert_allclose(far, [np.log(1.01 * 1.02), np.log(2) + 500 * np.log(10)], rtol=1e-13)


@pytest.mark.parametrize("a", [1e-9, 1e-3, 0.019, 0.021, 0.3, 4.0])
def test_derivatives_of_the_mean_part_are_those_of_its_values(a):
    y = np.array([0.0, 0.5, 3.0, 3.0, 80.0])
    mean = np.array([0.2, 0.9, 1.1, 40.0, 60.0])
    terms = mean_terms(y, mean, a)
    assert_allclose(terms.value, mean_part(y, mean, a), rtol=1e-14)
    assert_allclose(terms.m, mean_part(y, mean + 1e-30j, a).imag / 1e-30, rtol=1e-10, atol=1e-12)

    def differences(values, step):
        near, far = (values(k * step) - values(-k * step) for k in (1, 2))
        return (8 * near - far) / (12 * step)

    in_mean = differences(lambda h: mean_terms(y, mean + h, a).m, 1e-3 * mean)
    assert_allclose(terms.mm, in_mean, rtol=1e-8, atol=1e-11)
    assert_allclose(
        terms.ma, differences(lambda h: mean_terms(y, mean + h, a).a, 1e-3 * mean), rtol=1e-8
    )
    # From the product form: 1/a**2 log(1 + a mu) by its series where the difference has no digits.
    x = a * mean
    series = sum((-1) ** k * (k - 1) / k * x ** (k - 2) for k in range(2, 30))
    fall = np.where(x < 0.1, series, (np.log1p(x) - x / (1 + x)) / x**2)
    assert_allclose(terms.a, mean**2 * fall - y * mean / (1 + x), rtol=1e-12)
    slope = sum((-1) ** k * (k - 1) * (k - 2) / k * x ** (k - 3) for k in range(3, 30))
    slope = np.where(x < 0.1, slope, 1 / (x * (1 + x) ** 2) - 2 * fall / x)
    assert_allclose(terms.aa, mean**3 * slope + y * (mean / (1 + x)) ** 2, rtol=1e-10)
    assert_allclose(dispersion_slope(y, mean, a), terms.a + rise_slope(y, a), rtol=1e-12)


def test_at_no_dispersion_it_is_poisson_with_derivatives_from_the_right():
    y, mean = np.array([0.0, 2.0, 9.0]), np.array([0.5, 3.0, 8.0])
    terms = mean_terms(y, mean, 0.0)
    assert_allclose(terms.value, y * np.log(mean) - mean, rtol=1e-15)
    assert_allclose(terms.m, y / mean - 1, rtol=1e-13)
    assert_allclose(terms.mm, -y / mean**2, rtol=1e-13)
    assert_allclose(dispersion_slope(y, mean, 0.0), ((y - mean) ** 2 - y) / 2, rtol=1e-13)
    # The next term of the expansion in a: of log(1 + a j) and of the mean's part.
    bend = terms.aa + rise_bend(y, 0.0)
    expected = -y * (y - 1) * (2 * y - 1) / 6 - 2 * mean**3 / 3 + y * mean**2
    assert_allclose(bend, expected, rtol=1e-13)


def test_a_mean_of_zero_allows_no_count_and_has_slopes_without_one():
    nothing, something = np.zeros(1), np.ones(1)
    for a in (0.0, 0.7):
        assert log_prob(nothing, nothing, a)[0] == 0.0
        assert log_prob(something, nothing, a)[0] == -np.inf
        terms = mean_terms(nothing, nothing, a)
        assert [terms.m[0], terms.mm[0], terms.a[0], terms.aa[0]] == [-1.0, a, 0.0, 0.0]


def test_complex_steps_through_mean_and_dispersion_give_the_slopes():
    y, mean, h = np.array([0.0, 3.0, 40.0]), np.array([2.0, 2.0, 30.0]), 1e-30
    for a in (0.01, 0.5):
        slope = log_prob(y, mean, a + h * 1j).imag / h
        assert_allclose(slope, dispersion_slope(y, mean, a), rtol=1e-9)
        slope = log_prob(y, mean + h * 1j, a).imag / h
        assert_allclose(slope, mean_terms(y, mean, a).m, rtol=1e-12)


def test_means_beyond_all_squares_do_not_overflow():
    terms = mean_terms(np.array([3.0]), np.array([1e200]), 0.5)
    assert all(np.isfinite(getattr(terms, name)).all() for name in ("value", "m", "mm", "a", "aa"))
