"""Exact conditional intervals against scipy, statsmodels and R."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import binomtest

from analysis.comparison import compare_regions
from analysis.comparison.conditional import ratio_interval, ratio_tails
from analysis.comparison.ratios import Series, fit_ratios
from tests.comparison.panels import panel_of

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


def even(total, nights=60):
    """So many claims, as even over nights as whole numbers can be."""
    return np.diff(np.arange(nights + 1) * total // nights)


@pytest.mark.parametrize(("tula", "kursk"), [(632, 272), (310, 562), (40, 41), (900, 3)])
def test_tiny_p_values_are_those_of_the_binomial_whichever_region_is_the_reference(tula, kursk):
    """scipy.stats.binomtest(kursk, tula + kursk); of 272 in 904 it is 9.864e-34."""
    panel = panel_of(np.column_stack([even(tula), even(kursk)]), ("tula", "kursk"))
    exact = binomtest(kursk, tula + kursk).pvalue
    [down], [up] = (
        compare_regions(panel, reference, law="poisson").to_dict("records")
        for reference in ("tula", "kursk")
    )
    assert down["p_value"] == pytest.approx(exact, rel=1e-9, abs=0)
    assert up["p_value"] == pytest.approx(exact, rel=1e-9, abs=0)
    assert (up["lower"], up["upper"]) == pytest.approx(
        (1 / down["upper"], 1 / down["lower"]), rel=1e-12
    )


@given(st.floats(0, 1e3), st.floats(0, 1e3), st.floats(1e-3, 1e3))
def test_the_tails_of_a_ratio_are_those_of_its_inverse(x, y, ratio):
    one, other = (
        ratio_tails(np.array([a]), np.array([b]), np.array([r]))
        for a, b, r in ((x, y, ratio), (y, x, 1 / ratio))
    )
    assert_allclose(one, other[::-1], rtol=1e-8)
    # With whole counts both tails hold the outcome itself; with others no less than all.
    assert one[0][0] + one[1][0] >= 1 - 1e-12


def test_zero_events_bound_the_ratio_on_one_side():
    lower, upper = ratio_interval(np.array([0.0, 4.0, np.nan]), np.array([5.0, 0.0, 1.0]), 0.95)
    assert lower[0] == 0
    assert upper[1] == np.inf
    assert np.isnan([lower[2], upper[2]]).all()
