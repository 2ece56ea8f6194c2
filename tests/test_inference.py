"""Inference: variances against sums written out and statsmodels, resampling against arch, Rubin's
rules against mice, adjusted p-values against statsmodels, words of errors."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import ks_2samp, norm, t

from analysis.errors import FitError
from analysis.inference.bootstrap import optimal_block, resample_weights, stationary_indices
from analysis.inference.fixed_b import equivalent_df, fixed_b_probability, fixed_b_quantile
from analysis.inference.hac import (
    LongRun,
    bartlett_covariance,
    default_bandwidth,
    residual_autocorrelation,
    whitened_covariance,
)
from analysis.inference.imputations import pool_imputations
from analysis.inference.jackknife import block_jackknife
from analysis.inference.multiplicity import benjamini_hochberg, holm
from tests.studies.fixed_b_quantiles import PROBABILITIES, quantiles, trend_design

REFERENCE = json.loads((Path(__file__).parent / "reference" / "comparison.json").read_text("utf-8"))


def ar1(n, phi, seed, k=1):
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((n, k))
    for night in range(1, n):
        noise[night] += phi * noise[night - 1]
    return noise


# Long-run variances -----------------------------------------------------------------------------


def test_prewhitened_variance_is_that_of_a_sum_written_out():
    rng = np.random.default_rng(5)
    influence, rho, width = rng.standard_normal((40, 2)), 0.4, 6
    filtered = np.array(
        [influence[t] - (rho * influence[t - 1] if t else 0) for t in range(len(influence))]
    )
    written_out = np.zeros((2, 2))
    for lag in range(width):
        gamma = sum(np.outer(filtered[t], filtered[t - lag]) for t in range(lag, 40))
        weight = 1 - lag / width
        written_out += gamma if lag == 0 else weight * (gamma + gamma.T)
    assert_allclose(whitened_covariance(influence, rho, width), written_out / (1 - rho) ** 2)
    assert_allclose(whitened_covariance(influence, 0.0, 1), influence.T @ influence)
    assert_allclose(bartlett_covariance(filtered, width), written_out)


def test_autocorrelation_uses_pairs_of_seen_nights_only():
    residuals = np.array([1.0, 0.5, 9.0, 1.0, -1.0])
    seen = np.array([True, True, False, True, True])
    assert residual_autocorrelation(residuals, seen) == pytest.approx((0.5 - 1) / 2)
    assert residual_autocorrelation(np.zeros(5), seen) == 0.0


def test_contrasts_have_the_whitened_variance_of_their_own_series():
    influence = ar1(90, 0.4, seed=1, k=4)
    seen = np.ones(90, dtype=bool)
    seen[[0, 17, 18, 60, 89]] = False
    influence[~seen] = 0.0
    contrasts = np.array([[1, -1, 0, 0], [0, 0, 1, 0], [0.5, 0.5, -1, 2.0]])
    run = LongRun.of(influence, seen, 14)
    for contrast, plain, white in zip(
        contrasts, run.variances(contrasts, prewhiten=False), run.variances(contrasts), strict=True
    ):
        series = influence @ contrast
        assert plain == pytest.approx(bartlett_covariance(series[:, np.newaxis], 14)[0, 0])
        memory = residual_autocorrelation(series, seen)
        assert abs(memory) > 0.05
        assert white == pytest.approx(
            whitened_covariance(series[:, np.newaxis], memory, 14)[0, 0], rel=1e-10
        )


def test_contrast_without_noise_has_variance_zero():
    run = LongRun.of(np.zeros((30, 2)), np.ones(30, dtype=bool), 5)
    assert run.variances(np.eye(2)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("nights", "lags"), [(1, 1), (20, 3), (200, 30), (201, 31)])
def test_bandwidth_is_fifteen_percent_rounded_up(nights, lags):
    assert default_bandwidth(nights) == lags


# Fixed-b quantiles ----------------------------------------------------------------------------


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


# Stationary bootstrap ---------------------------------------------------------------------------


def test_blocks_have_geometric_lengths_of_the_mean_asked_and_so_do_those_of_arch():
    from arch.bootstrap import StationaryBootstrap

    n, block = 400, 8
    ours = stationary_indices(n, block, 150, np.random.default_rng(1))
    theirs = np.array(
        [
            data[0][0].astype(int)
            for data in StationaryBootstrap(
                block, np.arange(n), seed=np.random.default_rng(2)
            ).bootstrap(150)
        ]
    )
    lengths = [block_lengths(rows, n) for rows in (ours, theirs)]
    for found in lengths:
        # A block that by chance goes on where the last one ended joins it: 1 in n.
        assert found.mean() == pytest.approx(block, rel=0.04)
        assert (found == 1).mean() == pytest.approx(1 / block, rel=0.1)
        assert found.var() == pytest.approx(block**2 - block, rel=0.15)
    assert ks_2samp(*lengths).pvalue > 0.01


def block_lengths(indices, n):
    """Lengths of runs of successive nights, without the last of each resample, which is cut."""
    found = []
    for row in indices:
        ends = np.flatnonzero(np.diff(row) % n != 1)
        found.append(np.diff(np.concatenate([[-1], ends])))
    return np.concatenate(found)


@pytest.mark.parametrize("block", [1, 4, 15.5])
def test_resampled_means_have_the_law_of_arch(block):
    """Means and variances of 4,000 resampled means agree within four Monte Carlo errors."""
    from arch.bootstrap import StationaryBootstrap

    series, runs = ar1(250, 0.5, seed=3)[:, 0], 4_000
    ours = resample_weights(250, block, runs, np.random.default_rng(4)) @ series / 250
    boot = StationaryBootstrap(block, series, seed=np.random.default_rng(5))
    theirs = boot.apply(np.mean, runs)[:, 0]
    error = np.sqrt((ours.var() + theirs.var()) / runs)
    assert abs(ours.mean() - theirs.mean()) < 4 * error
    assert ours.var() == pytest.approx(theirs.var(), rel=4 * np.sqrt(2 * 2 / runs))
    assert ks_2samp(ours, theirs).pvalue > 0.001


def test_resampled_variance_is_that_of_the_formula():
    """Politis & Romano (1994), lemma 1: circular autocovariances under weights of their own."""
    series, block, n = ar1(120, 0.6, seed=6)[:, 0], 6.0, 120
    deviation = series - series.mean()
    circular = [deviation @ np.roll(deviation, -lag) / n for lag in range(n)]
    keep = 1 - 1 / block
    weights = [(1 - lag / n) * keep**lag + lag / n * keep ** (n - lag) for lag in range(1, n)]
    variance = (circular[0] + np.dot(weights, circular[1:])) / n
    means = resample_weights(n, block, 20_000, np.random.default_rng(7)) @ series / n
    assert means.var() == pytest.approx(variance, rel=0.04)


def test_every_resample_holds_as_many_nights():
    weights = resample_weights(37, 5.0, 50, np.random.default_rng(0))
    assert (weights.sum(axis=1) == 37).all()
    once = stationary_indices(37, 5.0, 50, np.random.default_rng(0))
    assert_allclose(weights[3], np.bincount(once[3], minlength=37))


@pytest.mark.parametrize(("n", "phi"), [(80, 0.0), (200, 0.3), (300, 0.7), (500, -0.4)])
def test_block_length_is_the_one_arch_chooses(n, phi):
    from arch.bootstrap import optimal_block_length

    series = ar1(n, phi, seed=n)[:, 0]
    theirs = optimal_block_length(series)["stationary"].iloc[0]
    assert optimal_block(series) == pytest.approx(max(theirs, 1.0), rel=1e-10)


def test_block_length_of_odd_series():
    assert optimal_block(np.full(50, 3.0)) == 1.0
    swing = np.sin(np.arange(200) / 5)  # a slow cycle: as long as the rule allows
    assert optimal_block(swing) == np.ceil(3 * np.sqrt(200))
    gaps = ar1(200, 0.6, seed=1)[:, 0]
    gaps[::7] = np.nan
    assert 1 < optimal_block(gaps) < 30


@pytest.mark.parametrize("block", [0.5, 0, np.inf, np.nan])
def test_blocks_of_no_night_are_refused(block):
    with pytest.raises(
        FitError, match=r"mean block length is .* nights\. Give a number of at least 1"
    ):
        stationary_indices(10, block, 5, np.random.default_rng(0))


# Block jackknife --------------------------------------------------------------------------------


def test_jackknife_of_a_mean_is_the_textbook_one():
    """Equal blocks: the variance of the mean is that of the block means."""
    nights = ar1(60, 0.3, seed=2)
    found = block_jackknife(nights, lambda sums: sums / 60, blocks=6)
    means = nights.reshape(6, 10).mean(axis=1)
    assert found.estimate[0] == pytest.approx(nights.mean())
    assert found.variance[0] == pytest.approx(means.var(ddof=1) / 6)
    assert found.df == 5


def test_jackknife_with_unequal_blocks_is_that_of_the_paper():
    """Busing et al. (1999), equations 5 and 10, written out for a squared mean."""
    nights = ar1(23, 0.0, seed=4) + 2
    found = block_jackknife(nights, lambda sums: (sums / 23) ** 2, blocks=5)
    parts = np.array_split(nights[:, 0], 5)
    whole = nights.mean() ** 2
    size = [23 / len(part) for part in parts]
    without = [
        np.concatenate([p for j, p in enumerate(parts) if j != i]).mean() ** 2 for i in range(5)
    ]
    estimate = 5 * whole - sum((1 - 1 / h) * w for h, w in zip(size, without, strict=True))
    pseudo = [h * whole - (h - 1) * w for h, w in zip(size, without, strict=True)]
    variance = sum((p - estimate) ** 2 / (h - 1) for h, p in zip(size, pseudo, strict=True)) / 5
    assert found.observed[0] == pytest.approx(whole)
    assert found.estimate[0] == pytest.approx(estimate)
    assert found.variance[0] == pytest.approx(variance)


def test_jackknife_takes_the_bias_of_a_square_away():
    rng = np.random.default_rng(8)
    found = [
        block_jackknife(rng.standard_normal((50, 1)) + 0.5, lambda sums: (sums / 50) ** 2)
        for _ in range(800)
    ]
    observed, estimate = (
        np.array([getattr(f, name)[0] for f in found]) for name in ("observed", "estimate")
    )
    error = estimate.std() / np.sqrt(800)
    assert abs(estimate.mean() - 0.25) < 4 * error
    assert observed.mean() - 0.25 > 4 * error


@pytest.mark.parametrize(("nights", "blocks"), [(15, 5), (83, 5), (84, 6), (140, 10), (900, 10)])
def test_blocks_are_two_weeks_and_at_most_ten(nights, blocks):
    assert block_jackknife(np.ones((nights, 1)), lambda sums: sums).df == blocks - 1


# Many tests -------------------------------------------------------------------------------------


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


# Imputations ------------------------------------------------------------------------------------


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
