"""Exact conditional intervals against scipy, statsmodels and R."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import binomtest

from analysis.comparison.conditional import ratio_interval, ratio_tails
from analysis.comparison.ratios import Series, fit_ratios

HERE = Path(__file__).parents[1]
REFERENCE = json.loads((HERE / "reference" / "comparison.json").read_text("utf-8"))


@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.floats(0.05, 20),
    st.sampled_from([0.8, 0.95, 0.999]),
)
def test_exact_intervals_are_clopper_and_pearsons_of_scipy(x, y, exposure, level):
    """scipy.stats.binomtest(x, x + y).proportion_ci(level, method="exact"), turned into a ratio."""
    if x + y == 0:
        return
    share = binomtest(x, x + y).proportion_ci(level, method="exact")
    with np.errstate(divide="ignore"):
        theirs = np.array([share.low, share.high]) / (1 - np.array([share.low, share.high]))
    lower, upper = ratio_interval(np.array([float(x)]), np.array([float(y)]), level)
    assert_allclose([lower[0], upper[0]], theirs, rtol=1e-8)
    counts = np.array([[[x, y]]], dtype=float)
    fit = fit_ratios(
        Series(counts, np.array([exposure, 1.0])), np.array([0]), np.array([1]), poisson=True
    )
    assert_allclose(np.ravel(fit.intervals(level)), theirs / exposure, rtol=1e-8)


@pytest.mark.parametrize("case", REFERENCE["ratio"], ids=["few", "none", "many"])
def test_exact_intervals_are_those_of_poisson_test_in_r(case):
    counts = np.array([[[case["x"], case["y"]]]], dtype=float)
    exposure = np.array([case["time_x"], case["time_y"]], dtype=float)
    fit = fit_ratios(Series(counts, exposure), np.array([0]), np.array([1]), poisson=True)
    assert_allclose(np.ravel(fit.intervals(0.95)), case["interval"], rtol=1e-8)


@pytest.mark.parametrize(("x", "y"), [(11, 3), (0, 7), (40, 41), (250, 310)])
@pytest.mark.parametrize("exposure", [1.0, 0.4])
def test_exact_p_values_are_those_of_statsmodels(x, y, exposure):
    """Twice the smaller tail of statsmodels.stats.rates.test_poisson_2indep(method="exact-cond")."""
    from statsmodels.stats.rates import test_poisson_2indep as conditional

    tails = [
        conditional(x, exposure, y, 1.0, method="exact-cond", alternative=side).pvalue
        for side in ("larger", "smaller")
    ]
    counts = np.array([[[x, y]]], dtype=float)
    fit = fit_ratios(
        Series(counts, np.array([exposure, 1.0])), np.array([0]), np.array([1]), poisson=True
    )
    assert fit.p_values()[0] == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-8)
    least, most = ratio_tails(np.array([float(x)]), np.array([float(y)]), np.array([exposure]))
    assert_allclose([least[0], most[0]], tails, rtol=1e-8)


def test_zero_events_bound_the_ratio_on_one_side():
    lower, upper = ratio_interval(np.array([0.0, 4.0, np.nan]), np.array([5.0, 0.0, 1.0]), 0.95)
    assert lower[0] == 0
    assert upper[1] == np.inf
    assert np.isnan([lower[2], upper[2]]).all()
