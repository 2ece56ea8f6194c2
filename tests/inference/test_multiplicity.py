"""Adjusted p-values against statsmodels."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from analysis.inference.multiplicity import benjamini_hochberg, holm


@settings(max_examples=20)  # statsmodels collects garbage at every call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_p_values_are_those_of_statsmodels(p_values):
    from statsmodels.stats.multitest import multipletests

    p = np.array(p_values)
    assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12, atol=1e-300)
    assert_allclose(
        benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1], rtol=1e-12, atol=1e-300
    )


def test_tests_that_were_not_made_are_not_counted():
    p = np.array([0.01, np.nan, 0.03])
    assert_allclose(holm(p), [0.02, np.nan, 0.03])
    assert_allclose(benjamini_hochberg(p), [0.02, np.nan, 0.03])
    assert np.isnan(holm(np.array([np.nan]))).all()
