"""Rubin's rules against mice."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import t

from analysis.inference.imputations import pool_imputations

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "comparison.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", REFERENCE["pooled"], ids=["moderate", "far apart", "large sample"])
def test_pooling_is_that_of_mice(case):
    pooled = pool_imputations(np.array(case["q"]), np.array(case["u"]), case["df"])
    assert pooled.estimate == pytest.approx(case["estimate"], abs=1e-12)
    assert pooled.variance == pytest.approx(case["variance"], rel=1e-12)
    assert pooled.df == pytest.approx(case["pooled_df"], rel=1e-8)


def test_identical_imputations_are_one():
    pooled = pool_imputations(np.full((7, 2), 0.3), np.full((7, 2), [0.2, 0.1]), 6.7)
    assert_allclose(pooled.variance, [0.2, 0.1])
    assert_allclose(pooled.df, 6.7)
    assert_allclose(pooled.allocation_share, 0.0)
    alone = pool_imputations(np.array([0.3]), np.array([0.2]), np.inf)
    assert (float(alone.variance), float(alone.df)) == (0.2, np.inf)


def test_share_of_the_variance_between_imputations():
    pooled = pool_imputations(np.array([0.0, 2.0]), np.array([3.0, 3.0]), np.inf)
    assert pooled.allocation_share == pytest.approx(1.5 * 2 / (3 + 1.5 * 2))
    sure = pool_imputations(np.array([0.0, 2.0]), np.array([0.0, 0.0]), 5.0)
    assert sure.allocation_share == 1.0
    assert np.isfinite(t.ppf(0.975, sure.df))
