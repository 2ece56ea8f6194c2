"""Shrunken rates against published lip cancer risks, MASS, and identities."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import gamma, nbinom, t

from analysis.comparison import (
    shrink_rates,
)
from analysis.comparison.gamma_poisson import Prior, fit_prior, mixed, posteriors
from analysis.comparison.shrinkage import long_run_variances, shrink_counts
from analysis.inference.fixed_b import equivalent_df
from analysis.inference.hac import residual_autocorrelation, whitened_covariance
from tests.comparison.panels import REGIONS, panel_of, swarms

HERE = Path(__file__).parents[1]
REFERENCE = json.loads((HERE / "reference" / "comparison.json").read_text("utf-8"))

LIP = {
    name: np.array(REFERENCE["lip_cancer"][name])
    for name in ("observed", "expected", "relative_risk")
}


def test_lip_cancer_data_are_those_of_the_paper():
    """Clayton & Kaldor (1987): 56 counties, 536 cases, relative risks from 0 to 652 %."""
    assert len(LIP["observed"]) == 56
    assert LIP["observed"].sum() == 536
    assert round(100 * (LIP["observed"] / LIP["expected"]).max()) == 652


def test_shrunken_lip_cancer_risks_are_those_of_glm_nb():
    prior = fit_prior(LIP["observed"].astype(float), LIP["expected"])
    assert prior.shape == pytest.approx(REFERENCE["lip_cancer"]["shape"], rel=1e-6)
    assert prior.mean == pytest.approx(REFERENCE["lip_cancer"]["mean"], rel=1e-6)
    shrunken = prior.shrink(LIP["observed"].astype(float), LIP["expected"])
    assert_allclose(shrunken, LIP["relative_risk"], rtol=1e-6)
    raw = LIP["observed"] / LIP["expected"]
    between = (shrunken - prior.mean) * (raw - shrunken)
    assert (between >= -1e-12).all()  # never past the raw risk, never away from the mean


def test_published_lip_cancer_risks_come_out_of_clayton_and_kaldors_own_equations():
    """They give 31 to 422 % for the counties, whose raw risks are 0 to 652 %.

    As quoted by Rao (2003), Small Area Estimation, doi:10.1002/0471722189, in its example on lip
    cancer. Their law of rates solves two moment equations; ours maximises the likelihood, which
    moves the highest risk by 3 % and the lowest by 8 %.
    """
    observed, expected = LIP["observed"].astype(float), LIP["expected"]
    prior = Prior(1.0, 1.0)
    for _ in range(500):
        risks = prior.shrink(observed, expected)
        rate = prior.shape / prior.mean
        mean = risks.mean()
        variance = ((1 + rate / expected) * (risks - mean) ** 2).sum() / (len(risks) - 1)
        prior = Prior(mean**2 / variance, mean)
    risks = prior.shrink(observed, expected)
    assert (round(100 * risks.min()), round(100 * risks.max())) == (31, 422)
    assert risks.argmax() == (observed / expected).argmax()
    assert_allclose(
        [LIP["relative_risk"].min(), LIP["relative_risk"].max()], [0.31, 4.22], rtol=0.09
    )


def test_doubt_about_the_law_widens_intervals_the_more_the_fewer_the_regions():
    ratios = []
    for step in (1, 8):
        observed, expected = LIP["observed"][::step].astype(float), LIP["expected"][::step]
        prior = fit_prior(observed, expected)
        law = gamma(observed + prior.shape, scale=1 / (expected + prior.shape / prior.mean))
        mixture = posteriors(observed, expected)
        assert mixture.weights.sum() == pytest.approx(1)
        ours = mixture.quantile(0.975) - mixture.quantile(0.025)
        ratios.append((ours / (law.ppf(0.975) - law.ppf(0.025))).mean())
    assert 1 < ratios[0] < 1.015 < ratios[1] < 1.1


def test_variances_that_rates_are_shrunk_by_are_widened_for_their_own_noise():
    counts = swarms(200, 2)
    plain = [
        whitened_covariance(part, residual_autocorrelation(part[:, 0], np.ones(200, bool)), 30)
        for part in np.hsplit(counts - counts.mean(axis=0), 2)
    ]
    wider = (t.ppf(0.975, equivalent_df(0.15)) / 1.959964) ** 2
    assert wider > 1.4
    found = long_run_variances(counts, counts.sum(axis=0))
    assert_allclose(found, wider * np.ravel(plain), rtol=1e-5)
    assert_allclose(long_run_variances(np.full((200, 1), 2.0), np.array([400.0])), 400 * wider)


def test_quantiles_of_a_mixture_are_those_of_its_distribution():
    mixture = posteriors(LIP["observed"].astype(float), LIP["expected"])
    at = mixture.quantile(0.3)
    below = mixture.weights @ gamma.cdf(at, mixture.shape, scale=1 / mixture.rate)
    assert_allclose(below, 0.3, rtol=1e-7)
    twice = mixed([mixture, mixture])
    assert_allclose(twice.quantile(0.3), at)


def test_equal_poisson_rates_are_shrunk_to_one():
    counts = np.full((50, 6), 2.0)
    fit = shrink_counts(counts, np.full(6, 50.0), "poisson")
    assert_allclose(fit.posterior.mean, 2.0, rtol=0.01)
    assert_allclose(fit.common, 2.0, rtol=0.01)
    assert (fit.own_weight < 0.5).all()
    assert (fit.posterior.quantile(0.025) < 2).all()


def whole_posterior(observed, expected):
    """Weights (Z, M), shapes and rates (Z, M, R) over a fine grid of log odds and log means."""
    odds = np.arange(np.log(1e-3 / observed.mean()), 9, 0.05)[:, np.newaxis]
    mean = np.exp(np.linspace(-5, 5, 401))[:, np.newaxis] * observed.sum() / expected.sum()
    shape = observed.mean() * np.exp(odds)[:, :, np.newaxis]
    loglik = nbinom.logpmf(observed, shape, 1 / (1 + expected * mean / shape)).sum(axis=-1)
    logs = loglik - np.logaddexp(0, odds) - np.logaddexp(0, -odds)  # shrinkage s: ds = s (1 - s) dz
    weights = np.exp(logs - logs.max())
    rate = expected + shape / mean
    return weights / weights.sum(), np.broadcast_to(shape + observed, rate.shape), rate


@pytest.mark.parametrize(
    ("observed", "nights"),
    [
        pytest.param([606, 559, 291, 192, 65, 0], 60, id="many claims, unequal rates"),
        pytest.param([4, 12, 8, 30, 16, 2], 40, id="few claims"),
    ],
)
def test_estimates_and_intervals_are_those_of_the_posterior_integrated_finely(observed, nights):
    observed, expected = np.array(observed, dtype=float), np.full(6, float(nights))
    weights, shape, rate = whole_posterior(observed, expected)
    mixture = posteriors(observed, expected)
    means = (weights[:, :, np.newaxis] * shape / rate).sum(axis=(0, 1))
    assert_allclose(mixture.mean, means, rtol=0.01)
    for probability in (0.025, 0.975):
        below = gamma.cdf(mixture.quantile(probability), shape, scale=1 / rate)
        reached = (weights[:, :, np.newaxis] * below).sum(axis=(0, 1))
        assert_allclose(reached, probability, atol=0.003)


@pytest.mark.parametrize("law", ["nb2", "poisson"])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("means", [(10, 5, 1, 9, 3, 0), (100, 0, 0, 0, 0, 0), (0.2, 0.1, 0.1, 0, 0, 0)])  # fmt: skip
def test_a_shrunken_rate_lies_in_its_interval(means, seed, law):
    counts = np.random.default_rng(seed).poisson(means, (60, 6)).astype(float)
    table = shrink_rates(panel_of(counts), law=law)
    assert (table["lower"] <= table["shrunken"]).all()
    assert (table["shrunken"] <= table["upper"]).all()


def test_a_region_without_a_claim_among_busy_ones_keeps_a_low_interval():
    """With a posterior cut off at strong shrinkage it was 0.07 to 0.48 a night."""
    counts = np.random.default_rng(1).poisson([10, 5, 1, 9, 3, 0], (60, 6)).astype(float)
    [row] = shrink_rates(panel_of(counts)).query("region == 'tver'").to_dict("records")
    assert row["lower"] < 1e-3 < row["shrunken"] < 0.03
    assert row["upper"] < 0.1


def test_poisson_shrinkage_of_a_panel_comes_near_clayton_and_kaldors():
    counts = (
        np.random.default_rng(6).poisson([0.1, 0.3, 0.2, 0.8, 0.4, 0.05], (40, 6)).astype(float)
    )
    table = shrink_rates(panel_of(counts), law="poisson").set_index("region")
    observed = counts.sum(axis=0)
    prior = fit_prior(observed, np.full(6, 40.0))
    # Theirs takes the law of rates for known.
    theirs = prior.shrink(observed, np.full(6, 40.0))
    assert_allclose(table.loc[list(REGIONS), "shrunken"], theirs, rtol=0.1)
    whole = posteriors(observed, np.full(6, 40.0))
    assert_allclose(table.loc[list(REGIONS), "shrunken"], whole.mean)
    assert (table["design_effect"] == 1).all()
    mixture = table["own_weight"] * table["rate"] + (1 - table["own_weight"]) * table["common"]
    assert_allclose(table["shrunken"], mixture)


def test_swarms_are_shrunk_further_than_independent_drones():
    panel = panel_of(swarms(60, 6))
    swarm, single = (shrink_rates(panel, law=law).set_index("region") for law in ("nb2", "poisson"))
    assert swarm["design_effect"].is_monotonic_decreasing  # with the rate: Taylor's law
    assert swarm["design_effect"].iloc[0] > 10
    assert swarm["design_effect"].iloc[-1] >= 1
    common = list(REGIONS[:4])
    assert (swarm["own_weight"] < single["own_weight"])[common].all()
    width = [(t["upper"] - t["lower"])[common] for t in (swarm, single)]
    assert (width[0] > 1.5 * width[1]).all()
    assert (swarm["lower"] < swarm["shrunken"]).all()
    assert (swarm["shrunken"] < swarm["upper"]).all()
    assert_allclose(
        swarm["own_weight"] * swarm["rate"] + (1 - swarm["own_weight"]) * swarm["common"],
        swarm["shrunken"],
    )


def test_shrunken_rates_per_capita_leave_the_sea_out():
    regions = ("belgorod", "black_sea", "bryansk", "kursk", "oryol", "tula")
    table = shrink_rates(panel_of(swarms(60, 6), regions), per="capita").set_index("region")
    assert table.loc["black_sea", ["rate", "shrunken", "lower", "own_weight"]].isna().all()
    assert table.drop(index="black_sea")["shrunken"].notna().all()
