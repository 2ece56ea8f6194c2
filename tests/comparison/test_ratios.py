"""Rate ratios against NB2 GLM with HAC of statsmodels, and what an interval never is."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.comparison.ratios import Series, fit_ratios
from tests.comparison.panels import swarms


@pytest.mark.parametrize("alpha", [0.5, 4.0])
def test_ratios_and_variances_are_those_of_glm_and_hac_of_statsmodels(alpha):
    """NB2 GLM of both series with region effects, scores summed by night, Bartlett (groupsum)."""
    import statsmodels.api as sm

    counts = swarms(150, 2)
    stacked = counts.T.ravel()
    design = np.column_stack([np.ones(300), np.repeat([0.0, 1.0], 150)])
    offset = np.repeat(np.log([1.0, 2.5]), 150)
    theirs = sm.GLM(
        stacked, design, family=sm.families.NegativeBinomial(alpha=alpha), offset=offset
    ).fit(
        tol=1e-13,
        cov_type="nw-groupsum",
        cov_kwds={"time": np.tile(np.arange(150), 2), "maxlags": 22, "use_correction": False},
    )
    series = Series(counts[np.newaxis], np.array([1.0, 2.5]))
    fit = fit_ratios(series, np.array([1]), np.array([0]))
    assert np.log(fit.ratio[0]) == pytest.approx(theirs.params[1], abs=1e-8)
    from analysis.inference.hac import LongRun

    influence = (counts - counts.mean(axis=0)) / counts.sum(axis=0)
    plain = LongRun.of(influence, np.ones(150, bool), 23).variances(np.array([[-1.0, 1]]), False)
    assert np.sqrt(plain[0]) == pytest.approx(theirs.bse[1], rel=1e-6)
    white = LongRun.of(influence, np.ones(150, bool), 23).variances(np.array([[-1.0, 1]]))
    assert fit.std_error[0] == pytest.approx(np.sqrt(white[0]), rel=1e-12)


def test_periods_are_one_glm_with_a_step():
    import statsmodels.api as sm

    counts = swarms(200, 1)
    step = (np.arange(200) >= 120) * 1.0
    theirs = sm.GLM(
        counts[:, 0], sm.add_constant(step), family=sm.families.NegativeBinomial(alpha=2.0)
    ).fit(tol=1e-13, cov_type="HAC", cov_kwds={"maxlags": 11, "use_correction": False})
    parts = np.full((200, 2), np.nan)
    parts[:120, 0], parts[120:, 1] = counts[:120, 0], counts[120:, 0]
    fit = fit_ratios(Series(parts[np.newaxis], np.ones(2)), np.array([1]), np.array([0]))
    assert np.log(fit.ratio[0]) == pytest.approx(theirs.params[1], abs=1e-8)
    from analysis.inference.hac import LongRun

    seen = ~np.isnan(parts)
    influence = np.where(seen, parts - np.nanmean(parts, axis=0), 0) / np.nansum(parts, axis=0)
    plain = LongRun.of(influence, seen.any(axis=1), 12).variances(np.array([[-1.0, 1]]), False)
    assert np.sqrt(plain[0]) == pytest.approx(theirs.bse[1], rel=1e-6)


def test_sparse_poisson_counts_come_near_the_exact_interval():
    """The unified interval is the conditional one where nights are independent events."""
    counts = np.random.default_rng(3).poisson([5.0, 0.1], (400, 2)).astype(float)
    wide, exact = (
        fit_ratios(
            Series(counts[np.newaxis], np.ones(2)), np.array([1]), np.array([0]), poisson=poisson
        )
        for poisson in (False, True)
    )
    low, high = (np.log(np.ravel(fit.intervals(0.95))) for fit in (wide, exact))
    assert wide.ratio == exact.ratio
    assert 0.95 * np.ptp(high) <= np.ptp(low) <= 1.5 * np.ptp(high)


def test_an_interval_is_never_narrower_than_that_of_independent_events():
    steady = np.tile([[3.0, 2.0], [2.0, 3.0]], (60, 1))
    series = Series(steady[np.newaxis], np.ones(2))
    tight = fit_ratios(series, np.array([0]), np.array([1]))
    exact = fit_ratios(series, np.array([0]), np.array([1]), poisson=True)
    assert tight.std_error[0] < 0.3 * exact.std_error[0]
    assert_allclose(np.ravel(tight.intervals(0.95)), np.ravel(exact.intervals(0.95)))


def test_a_p_value_is_the_level_at_which_an_interval_begins_to_exclude_1():
    counts = swarms(200, 4)
    series = Series(counts[np.newaxis], np.ones(4))
    fit = fit_ratios(series, np.array([1, 2, 3]), np.array([0, 0, 0]))
    for row, p in enumerate(fit.p_values()):
        inside, outside = (fit.intervals(1 - p * factor) for factor in (0.999, 1.001))
        assert inside[0][row] < 1 < inside[1][row]
        assert not outside[0][row] < 1 < outside[1][row]


def test_a_region_without_a_claim_is_bounded_by_swarms_of_the_usual_size():
    counts = np.column_stack([swarms(200, 3), np.zeros(200)])
    series = Series(counts[np.newaxis], np.ones(4))
    fit = fit_ratios(series, np.array([3, 0, 3]), np.array([0, 3, 3]))
    lower, upper = fit.intervals(0.95)
    exact = fit_ratios(series, np.array([3]), np.array([0]), poisson=True).intervals(0.95)[1]
    assert (lower[0], fit.ratio[0]) == (0, 0)
    assert upper[0] > 2 * exact[0]
    assert upper[1] == fit.ratio[1] == np.inf
    assert lower[1] == pytest.approx(1 / upper[0])
    assert np.isnan([fit.ratio[2], lower[2], upper[2], fit.p_values()[2]]).all()
