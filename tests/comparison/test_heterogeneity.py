"""The test of equal rates: Pearson's limit, swarms, memory, allocation."""

import numpy as np
import pytest
from scipy.stats import chi2

from analysis.comparison import (
    heterogeneity,
)
from analysis.comparison.heterogeneity import equal_rates_test
from tests.comparison.panels import REGIONS, draws_of, panel_of, swarms


def test_poisson_counts_give_pearsons_chi_square():
    counts = np.random.default_rng(5).poisson([4.0, 4, 4, 4], (2000, 4)).astype(float)
    test = equal_rates_test(counts[np.newaxis], np.ones(4))
    sums = counts.sum(axis=0)
    assert test.statistic == pytest.approx(((sums - sums.mean()) ** 2 / sums.mean()).sum())
    assert test.design_effect == pytest.approx(1, abs=0.2)
    assert test.df == pytest.approx(3, abs=0.4)
    assert test.p_value == pytest.approx(chi2.sf(test.statistic, 3), abs=0.1)


def test_counts_steadier_than_independent_drones_are_taken_for_those():
    even = np.tile([[3.0, 3.0, 3.0]], (60, 1))
    test = equal_rates_test(even[np.newaxis], np.ones(3))
    assert (test.statistic, test.p_value, test.design_effect) == (0.0, 1.0, pytest.approx(1.0))
    uneven = equal_rates_test(np.tile([[4.0, 3.0, 3.0]], (60, 1))[np.newaxis], np.ones(3))
    assert (uneven.df, uneven.df_error) == (2, np.inf)
    assert uneven.statistic == pytest.approx(12.0)  # (240 - 200)^2 / 200 and twice 20^2 / 200
    assert uneven.p_value == pytest.approx(chi2.sf(12.0, 2), rel=1e-12)


def test_memory_of_one_region_does_not_reach_into_the_next():
    counts = np.zeros((60, 2))
    counts[-1, 0] = counts[0, 1] = 30.0
    test = equal_rates_test(counts[np.newaxis], np.ones(2))
    excess = np.array([[15.0, -15], *[[0, 0]] * 58, [-15, 15]]) / np.sqrt(30)
    from analysis.inference.hac import bartlett_covariance

    assert test.design_effect == pytest.approx(np.trace(bartlett_covariance(excess, 3)), rel=0.01)


def test_swarms_are_no_evidence_of_unequal_rates_and_unequal_rates_are():
    table = heterogeneity(
        panel_of(swarms(300, 4)), per=dict(zip(REGIONS, (9, 6, 3, 1), strict=False))
    ).iloc[0]
    assert table["design_effect"] > 5
    assert chi2.sf(table["statistic"], 3) < 0.01 < table["p_value"]
    assert heterogeneity(panel_of(swarms(300, 4))).iloc[0]["p_value"] < 1e-4
    assert table[["regions", "nights", "share_exact"]].to_list() == [4, 300, 1.0]


def test_allocation_adds_to_what_equal_rates_may_differ_by():
    counts = swarms(200, 4)
    moved = counts.copy()
    moved[:, [0, 3]] = moved[:, [3, 0]]
    single, both = (
        heterogeneity(p).iloc[0]
        for p in (panel_of(counts), draws_of(panel_of(counts), panel_of(moved)))
    )
    assert both["design_effect"] > 2 * single["design_effect"]
