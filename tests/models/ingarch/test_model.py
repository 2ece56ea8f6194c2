"""INGARCH as its users meet it: input, bounds, the Poisson limit, odd series, tables."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

import analysis
from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.newton import maximise
from analysis.models.ingarch.objective import evaluate, log_likelihood_at

NIGHTS = pd.date_range("2024-02-01", periods=300, name="night")
ROOT = Path(__file__).resolve().parents[3]


def simulated(params=(0.6, 0.3, 0.4), dispersion=0.2, seed=1, nights=NIGHTS, **model):
    base = pd.Series(np.arange(len(nights)) % 5 + 1.0, nights)
    given = INGARCH(base, **model).fix(list(params), dispersion)
    return given.simulate(rng=seed)[0].astype(float).rename("observed")


COUNTS = simulated()


def criterion(results):
    """Largest standardised score over parameters that no bound holds."""
    free = ~results.params.index.isin(results.at_bound)
    return (results.score.abs() * results.bse)[free].max()


def test_results_answer_what_all_count_models_answer():
    results = INGARCH(COUNTS).fit()
    assert results.params.index.tolist() == ["intercept", "past_obs_1", "past_mean_1"]
    assert (results.nobs, results.n_estimated) == (300, 4)
    assert results.aic == pytest.approx(8 - 2 * results.llf)
    assert results.predicted.logprob(COUNTS).sum() == pytest.approx(results.llf, rel=1e-10)
    table = results.conf_int(0.9)
    half = norm.ppf(0.95) * results.bse
    assert_allclose(table["upper"] - table["estimate"], half)
    glance = results.glance().iloc[0]
    assert glance["persistence"] == pytest.approx(results.params.iloc[1:].sum())
    assert (glance["method"], glance["cov_type"]) == ("joint", "hessian")
    assert glance["qic"] == pytest.approx(results.qic)
    pearson = results.residuals("pearson")
    spread = np.sqrt(results.fittedvalues + results.dispersion * results.fittedvalues**2)
    assert_allclose(pearson, (COUNTS - results.fittedvalues) / spread)
    assert results.tidy()["term"].tolist() == results.params.index.tolist()
    assert len(results.plot().lines) == 2


def test_estimates_are_near_the_truth():
    for link, params in (("log", (0.6, 0.3, 0.4)), ("identity", (2.0, 0.3, 0.4))):
        counts = simulated(params, seed=4, link=link, nights=pd.RangeIndex(1500))
        results = INGARCH(counts, link=link).fit()
        assert (np.abs(results.params - np.array(params)) < 3.5 * results.bse).all()
        assert abs(results.dispersion - 0.2) < 3.5 * results.dispersion_bse
        assert criterion(results) < 1e-6


@pytest.mark.parametrize("method", ["joint", "two_step"])
@pytest.mark.parametrize("distribution", ["negbin", "poisson"])
@pytest.mark.parametrize("link", ["log", "identity"])
def test_the_score_vanishes_at_every_fit(link, distribution, method):
    x = np.column_stack([np.linspace(0, 1, 300), np.arange(300) >= 150]).astype(float)
    for init in ("marginal", "iid", "firstobs", "zero"):
        for lags in (((1,), (1,)), ((1, 7), ()), ((), (1,)), ((2,), (1, 2)), ((), ())):
            model = INGARCH(COUNTS, x, *lags, link=link, distribution=distribution, init=init)
            results = model.fit(method)
            assert criterion(results) < 1e-6
            assert (results.multipliers >= 0).all()
            assert np.isfinite(results.bse[~results.params.index.isin(results.at_bound)]).all()
            if distribution == "poisson":
                assert results.dispersion == 0.0
                assert results.n_estimated == len(results.params)


def test_a_maximum_at_persistence_1_is_not_overlooked():
    """A series of 60 nights with a second, lower maximum inside, where past terms sum to 0.88."""
    first = [
        4,
        2,
        4,
        1,
        3,
        1,
        3,
        2,
        3,
        4,
        3,
        10,
        2,
        6,
        11,
        4,
        4,
        12,
        17,
        1,
        0,
        10,
        11,
        4,
        1,
        9,
        3,
        6,
    ]
    then = [16, 12, 15, 8, 7, 10, 10, 10, 7, 9, 2, 3, 7, 8, 7, 9, 23, 13, 13, 34, 16, 10, 17, 7, 7]
    model = INGARCH([*first, *then, 14, 15, 23, 26, 26, 11, 14], link="identity")
    found, inside = model.fit(), model.fit(start=model.fix([0.94, 0.35, 0.53], 0.2))
    assert found.params["past_obs_1"] + found.params["past_mean_1"] == pytest.approx(1.0)
    assert inside.persistence < 0.9
    assert found.llf > inside.llf + 0.3
    assert found.llf == pytest.approx(-179.4358, abs=1e-3)


def test_methods_agree_for_poisson_and_joint_is_higher_otherwise():
    poisson = INGARCH(COUNTS, distribution="poisson")
    assert_allclose(poisson.fit("joint").params, poisson.fit("two_step").params, rtol=1e-7)
    model = INGARCH(COUNTS)
    joint, two_step = model.fit("joint"), model.fit("two_step")
    assert joint.llf > two_step.llf
    assert two_step.cov_type == "sandwich"
    assert np.isnan(two_step.dispersion_bse)
    # Pearson's statistic equals its degrees of freedom after two steps.
    assert (two_step.residuals("pearson") ** 2).sum() == pytest.approx(300 - 3)


def test_covariances_agree_on_a_long_series_of_the_model_itself():
    counts = simulated(nights=pd.RangeIndex(4000))
    hessian, sandwich = (INGARCH(counts).fit(cov_type=kind) for kind in ("hessian", "sandwich"))
    assert_allclose(sandwich.bse, hessian.bse, rtol=0.1)
    assert_allclose(sandwich.dispersion_bse, hessian.dispersion_bse, rtol=0.15)
    assert_allclose(sandwich.params, hessian.params)


def test_bootstrap_covariance_is_like_that_of_the_observed_information():
    results = INGARCH(COUNTS, link="identity").fit()
    again = results.bootstrap(150, rng=2)
    assert_allclose(again.bse, results.bse, rtol=0.35)
    assert_allclose(again.dispersion_bse, results.dispersion_bse, rtol=0.35)
    assert again.cov_type == "bootstrap"
    same = INGARCH(COUNTS, link="identity").fit(cov_type="bootstrap", draws=150, rng=2)
    assert same.cov.equals(again.cov)


def test_the_highest_of_several_maxima_is_found():
    """Series in which little follows from the past have several; a fine search finds none higher."""
    for seed, (beta, alpha) in enumerate([(0.06, 0.6), (0.02, 0.9), (0.15, 0.06), (0.48, 0.1)] * 3):
        for link in ("log", "identity"):
            level = 1.5 if link == "log" else 5.0
            params = (level * (1 - alpha - beta), beta, alpha)
            counts = simulated(params, 0.3, seed, pd.RangeIndex(150), link=link)
            model = INGARCH(counts, link=link)
            results = model.fit()
            obj, highest = model.objective("joint"), -np.inf
            for of_counts in (0.1, 0.5, 0.9):
                for total in (0.1, 0.5, 0.9, 0.97):
                    start = np.array(
                        [np.log(counts.mean()), total * of_counts, total * (1 - of_counts), 0.3]
                    )
                    start[0] = np.exp(start[0]) if link == "identity" else start[0]
                    top = maximise(partial(evaluate, obj), start, results.fit.bounds)
                    highest = max(highest, top.found.value)
            assert results.llf > highest - 1e-6


def test_missing_nights_enter_no_likelihood_and_change_little():
    gappy = COUNTS.copy()
    gappy.iloc[[40, 41, 42, 170]] = np.nan
    results, whole = INGARCH(gappy).fit(), INGARCH(COUNTS).fit()
    assert results.nobs == 296
    assert results.fittedvalues.notna().all()
    assert results.residuals().isna().sum() == 4
    assert (np.abs(results.params - whole.params) < whole.bse).all()
    assert criterion(results) < 1e-6
    shorter = gappy.dropna()  # dates that the index skips are missing nights too
    assert INGARCH(shorter).fit().llf == results.llf


def test_gaps_before_the_first_and_after_the_last_count():
    padded = COUNTS.copy()
    padded.iloc[:5] = np.nan
    padded.iloc[-3:] = np.nan
    results = INGARCH(padded, init="firstobs").fit()
    assert results.nobs == 292
    assert criterion(results) < 1e-6
    intercept, beta, alpha = results.params
    first = np.exp(intercept + (beta + alpha) * np.log1p(padded.iloc[5]))
    assert results.fittedvalues.iloc[0] == pytest.approx(first)


def test_given_parameters_are_evaluated_like_fitted_ones():
    model = INGARCH(COUNTS)
    fitted = model.fit()
    given = model.fix(fitted.params, fitted.dispersion)
    assert given.llf == pytest.approx(fitted.llf, rel=1e-13)
    assert_allclose(given.fittedvalues, fitted.fittedvalues)
    assert given.given
    assert given.n_estimated == 0
    assert given.bse.isna().all()
    assert_allclose(given.score * fitted.bse, 0, atol=1e-6)
    backwards = dict(reversed(list(fitted.params.items())))
    assert model.fix(backwards, fitted.dispersion).llf == given.llf


def test_identity_fits_end_at_persistence_one_on_the_real_record():
    panel = pd.read_csv(
        ROOT / "data" / "panel.csv", keep_default_na=False, na_values={"expected": [""]}
    )
    totals = panel[panel["region"] == "all"].assign(night=lambda t: pd.to_datetime(t["night"]))
    counts = pd.to_numeric(totals.set_index("night")["expected"]).loc["2024-06-20":]
    results = INGARCH(counts, link="identity").fit()
    assert results.at_bound == ("intercept", "past_obs_1", "past_mean_1")
    assert results.multipliers.index.tolist() == ["past_obs_1 + past_mean_1 = 1"]
    assert results.multipliers.iloc[0] > 0
    assert results.params["intercept"] == 0.0
    assert results.persistence == pytest.approx(1.0, abs=1e-15)
    assert_allclose(results.score[["past_obs_1", "past_mean_1"]], results.multipliers.iloc[0])
    assert results.bse.isna().all()
    assert results.dispersion_bse > 0
    inside = INGARCH(counts).fit()
    assert inside.at_bound == ()
    assert criterion(inside) < 1e-6
    assert 0.9 < inside.persistence < 1


def test_a_negative_effect_with_the_identity_link_ends_at_zero():
    falling = COUNTS * np.where(np.arange(300) < 150, 2.0, 1.0)
    after = pd.Series((np.arange(300) >= 150) * 1.0, NIGHTS, name="after")
    results = INGARCH(falling, after, link="identity").fit()
    assert results.at_bound == ("exog_after",)
    assert results.params["exog_after"] == 0.0
    assert results.score["exog_after"] < 0
    assert results.multipliers["exog_after = 0"] == pytest.approx(-results.score["exog_after"])
    assert np.isnan(results.bse["exog_after"])
    assert criterion(results) < 1e-6
    # The complement says the same with a positive effect.
    assert INGARCH(falling, 1 - after, link="identity").fit().llf > results.llf


def test_underdispersed_counts_are_poisson():
    even = pd.Series(np.tile([4.0, 5, 6, 5], 60))
    joint, two_step = (INGARCH(even, past_mean=()).fit(method) for method in ("joint", "two_step"))
    assert joint.dispersion == two_step.dispersion == 0.0
    assert joint.at_bound == ("dispersion",)
    assert joint.dispersion_score < 0
    assert np.isnan(joint.dispersion_bse)
    poisson = INGARCH(even, past_mean=(), distribution="poisson").fit()
    assert_allclose(joint.params, poisson.params, rtol=1e-8)
    assert joint.llf == pytest.approx(poisson.llf, rel=1e-12)


def test_counts_without_memory_put_the_coefficients_at_zero():
    rng = np.random.default_rng(3)
    for seed in range(20):
        counts = np.random.default_rng(seed).poisson(5.0, 100)
        results = INGARCH(counts, link="identity", distribution="poisson").fit()
        if results.params["past_obs_1"] == 0.0:
            break
    assert results.params["past_mean_1"] == 0.0
    assert set(results.at_bound) >= {"past_obs_1", "past_mean_1"}
    assert results.params["intercept"] == pytest.approx(counts.mean())
    assert results.bse["intercept"] == pytest.approx(np.sqrt(counts.mean() / 100))
    assert results.get_forecast(3, rng=rng).mean == pytest.approx([counts.mean()] * 3, rel=0.05)


def test_a_run_of_zeros_at_the_start_does_not_pull_the_stationary_mean_away():
    """As it falls and the persistence nears 1, the likelihood of such a series climbs for ever."""
    counts = np.concatenate([np.zeros(12), simulated((0.12, 0.47, 0.35), 1.0, 2)])
    results = INGARCH(counts).fit()
    assert results.at_bound == ("intercept",)
    assert results.multipliers.index[0] == "stationary mean too low by a factor of 403"
    assert results.fit.theta[0] == pytest.approx(np.log(counts.mean() / np.exp(6)))
    assert criterion(results) < 1e-6
    assert INGARCH(counts, init="zero").fit().at_bound == ()


def test_counts_of_a_million():
    rng = np.random.default_rng(5)
    counts = rng.negative_binomial(20, 20 / (20 + 1e6), 200)
    for link in ("log", "identity"):
        results = INGARCH(counts, link=link).fit()
        assert results.dispersion == pytest.approx(0.05, rel=0.4)
        assert criterion(results) < 1e-6
        assert results.fittedvalues.mean() == pytest.approx(counts.mean(), rel=0.02)


def test_fractions_of_bounded_nights_are_taken_as_they_are():
    fractions = COUNTS + np.where(np.arange(300) % 3 == 0, 1 / 3, 0)
    results = INGARCH(fractions).fit()
    assert np.isfinite(results.llf)
    assert criterion(results) < 1e-6
    near = INGARCH(fractions.round()).fit()
    assert (np.abs(results.params - near.params) < near.bse).all()


def test_a_covariate_may_act_on_its_night_only():
    pulse = pd.DataFrame(
        {"raid": (np.arange(300) % 25 == 0) * 1.0, "moon": np.sin(np.arange(300))}, NIGHTS
    )
    model = INGARCH(COUNTS, pulse, external=["raid"])
    assert model.covariates.external.tolist() == [True, False]
    given = model.fix([0.6, 0.0, 0.5, 0.7, 0.0]).fittedvalues
    without = model.fix([0.6, 0.0, 0.5, 0.0, 0.0]).fittedvalues
    raised = np.flatnonzero(~np.isclose(given, without))
    assert raised.tolist() == np.flatnonzero(pulse["raid"]).tolist()
    fed_back = INGARCH(COUNTS, pulse).fix([0.6, 0.0, 0.5, 0.7, 0.0]).fittedvalues
    assert not np.isclose(fed_back, without)[:8].any()


@pytest.mark.parametrize(
    "counts",
    [
        np.round(2.0 ** (np.arange(60) / 4)),
        (1e6 + 1e5 * np.random.default_rng(1).normal(size=100)).round(),
    ],
    ids=["doubling", "millions"],
)
def test_bounds_that_hold_together_are_met_exactly(counts):
    """One coefficient at 0 and the sum at 1: the intercept is 0 then, too, and has no error."""
    results = INGARCH(counts, link="identity", distribution="poisson").fit()
    assert {"intercept", "past_obs_1", "past_mean_1"} == set(results.at_bound)
    assert results.params["intercept"] == 0.0
    assert sorted(results.params.drop("intercept")) == [0.0, pytest.approx(1, abs=1e-15)]
    assert results.bse.isna().all()


ZEROS = np.zeros(60)
ONE_NIGHT = np.full(60, np.nan)
ONE_NIGHT[20] = 4
RISING = np.arange(60) % 7 + 1.0
SPIKE = np.zeros((60, 1))
SPIKE[30] = 1
EMPTY_AFTER = np.where(np.arange(60) < 40, RISING, 0.0)


@pytest.mark.parametrize(
    ("words", "build"),
    [
        ("All 60 nights with numbers are zero", lambda: INGARCH(ZEROS).fit()),
        ("1 nights with numbers cannot determine 4", lambda: INGARCH(ONE_NIGHT).fit()),
        ("past_obs is .1,., the series has 1 nights", lambda: INGARCH([3]).fit()),
        ("have the count 5: nothing can follow", lambda: INGARCH(np.full(60, 5)).fit()),
        ("None of the 60 nights has a number", lambda: INGARCH(np.full(60, np.nan))),
        ("None of the 0 nights", lambda: INGARCH([])),
        ("1 counts are negative or infinite .-3", lambda: INGARCH([1, -3, 2])),
        ("1 counts are negative or infinite .inf", lambda: INGARCH([1, np.inf, 2])),
        ("not numbers", lambda: INGARCH(["four", "five"])),
        ("2 dimensions", lambda: INGARCH(np.ones((4, 2)))),
        ("2 nights occur more than once: 2024-02-01", lambda: INGARCH(pd.Series(1, NIGHTS[[0, 0, 1, 1]]))),
        ("past_obs is 0", lambda: INGARCH(RISING, past_obs=0)),
        ("a lag is repeated", lambda: INGARCH(RISING, past_mean=(1, 1))),
        ("link is 'sqrt'", lambda: INGARCH(RISING, link="sqrt")),
        ("init is 'warm'", lambda: INGARCH(RISING, init="warm")),
        ("distribution is 'normal'", lambda: INGARCH(RISING, distribution="normal")),
        ("method is 'magic'", lambda: INGARCH(RISING).fit("magic")),
        ("cov_type is 'hac'", lambda: INGARCH(RISING).fit(cov_type="hac")),
        ("shape .59, 1., the counts have 60", lambda: INGARCH(RISING, np.ones(59))),
        ("on 60 of the 60 nights, first on 0 .columns: 1", lambda: INGARCH(RISING, pd.Series(1.0, NIGHTS))),
        ("on 60 of the 60 nights, first on 0 .columns: 1", lambda: INGARCH(RISING, np.full(60, np.nan))),
        ("external names storm, the covariates are 1", lambda: INGARCH(RISING, SPIKE, external=["storm"])),
        ("covariate is negative", lambda: INGARCH(RISING, -SPIKE, link="identity")),
        ("follow from the others.*: exog_1", lambda: INGARCH(RISING, np.ones(60)).fit()),
        ("follow from the others.*: exog_2", lambda: INGARCH(RISING, np.hstack([SPIKE, 2 * SPIKE])).fit()),
        ("follow from the others.*: exog_1", lambda: INGARCH(np.where(SPIKE[:, 0], np.nan, RISING), SPIKE).fit()),
        ("no maximum", lambda: INGARCH(EMPTY_AFTER, (EMPTY_AFTER == 0) * 1.0, past_mean=()).fit()),
        ("no positive and finite mean", lambda: INGARCH(RISING, link="identity").fix([-5, 0.2, 0.2])),
        ("no positive and finite mean", lambda: INGARCH(RISING).fix([1, 0.5, 0.5])),
        ("missing .past_mean_1. or unknown .slope.", lambda: INGARCH(RISING).fix({"intercept": 1, "past_obs_1": 0, "slope": 0})),
        ("has 3 parameters", lambda: INGARCH(RISING).fix([1, 2])),
        ("dispersion is -1", lambda: INGARCH(RISING).fix([1, 0, 0], -1)),
        ("that of a Poisson model is 0", lambda: INGARCH(RISING, distribution="poisson").fix([1, 0, 0], 1)),
        ("comes from another model", lambda: INGARCH(RISING).fit(start=INGARCH(COUNTS, past_mean=()).fit())),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(words, build):
    with pytest.raises(FitError, match=words):
        build()


def odd_series(rng, n):
    """Counts such as no model would make: sparse, exploding, alternating, of any size, with gaps."""
    scale = 10 ** rng.uniform(-1.5, 4)
    t = np.arange(n)
    made = [
        lambda: rng.poisson(scale, n),
        lambda: rng.negative_binomial(0.3, 0.3 / (0.3 + scale), n),
        lambda: rng.poisson(scale) + (t == n // 2),
        lambda: np.round(scale * np.exp(t / 10)),
        lambda: (rng.random(n) < 0.1) * rng.poisson(scale, n),
        lambda: t % 2 * scale // 1,
    ]
    counts = made[rng.integers(6)]().astype(float)
    counts[rng.random(n) < rng.choice([0, 0.3])] = np.nan
    return counts


@pytest.mark.parametrize("seed", range(3))
def test_odd_series_are_fitted_or_refused_but_never_nan(seed):
    rng = np.random.default_rng(seed)
    fitted = 0
    for _ in range(30):
        n = int(rng.integers(3, 60))
        t = np.arange(n)
        covariates = np.column_stack([rng.random(n), t >= n // 2, t == n // 3])[
            :, : rng.integers(4)
        ]
        try:
            results = INGARCH(
                odd_series(rng, n),
                covariates if covariates.size else None,
                past_obs=[(1,), (1, 7), ()][rng.integers(3)],
                past_mean=[(1,), (2,), (1, 2), ()][rng.integers(4)],
                link=["log", "identity"][rng.integers(2)],
                distribution=["negbin", "poisson"][rng.integers(2)],
                init=["marginal", "iid", "firstobs", "zero"][rng.integers(4)],
            ).fit(["joint", "two_step"][rng.integers(2)])
        except FitError:
            continue
        fitted += 1
        free = ~results.params.index.isin(results.at_bound)
        assert not (criterion(results) > 1e-6)
        assert np.isfinite(results.params).all()
        assert np.isfinite(results.bse[free]).all()
        assert np.isfinite([results.llf, results.dispersion]).all()
        assert np.isfinite(results.fittedvalues).all()
        assert results.bse[~free].isna().all()
    assert fitted >= 12


def test_constant_counts_without_lags_are_a_mean():
    results = INGARCH(np.full(60, 5), past_obs=(), past_mean=()).fit()
    assert results.params["intercept"] == pytest.approx(np.log(5))
    assert results.at_bound == ("dispersion",)


def test_a_start_near_the_maximum_leads_to_it():
    fitted = INGARCH(COUNTS).fit()
    again = INGARCH(COUNTS.iloc[:-1]).fit(start=fitted)
    assert_allclose(again.params, INGARCH(COUNTS.iloc[:-1]).fit().params, rtol=1e-6)


def test_the_model_keeps_its_input_and_stands_in_the_public_api():
    kept = COUNTS.copy()
    analysis.INGARCH(kept, link="identity").fit()
    assert kept.equals(COUNTS)
    assert analysis.INGARCH is INGARCH


def test_likelihood_alone_is_that_of_the_evaluation():
    obj = INGARCH(COUNTS).objective("joint")
    x = np.array([1.4, 0.2, 0.5, 0.3])
    assert log_likelihood_at(obj, x) == pytest.approx(evaluate(obj, x).value, rel=1e-14)
    assert log_likelihood_at(obj, np.array([1e6, 0.2, 0.5, 0.3])) == -np.inf
