"""The climb: pins taken over and taken out, variances of random intercepts, drawn parameters."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor
from analysis.models.endemic_epidemic.assembly import assemble
from analysis.models.endemic_epidemic.eigenvalue import bootstrap_logs
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.maximise import maximise
from analysis.models.endemic_epidemic.parameter_draws import draw_theta
from analysis.models.endemic_epidemic.random_intercepts import evaluate_random
from analysis.models.endemic_epidemic.simulation import starting_counts
from tests.models.endemic_epidemic.made_counts import LINE, UNITS, make_counts, nights


def likelihood_of(model):
    return Likelihood(assemble(model.counts, model.options).problem())


@pytest.mark.parametrize("at", [0, 1, 4], ids=["ar", "ne", "dispersion"])
def test_a_pin_that_the_counts_do_not_want_is_taken_out(at):
    model = EndemicEpidemic(make_counts(), LINE, end=Predictor(trend=True))
    found = model.fit()
    start = found.theta.copy()
    start[at] = -np.inf
    again = maximise(likelihood_of(model), start)
    assert again.free.all()
    assert_allclose(again.theta, found.theta, atol=1e-6)


def test_a_pin_that_they_want_is_taken_over_with_all_that_hangs_on_it():
    rng = np.random.default_rng(4)
    level = 3.0 + 6.0 * (np.arange(100) % 2)[:, np.newaxis]  # a high night after every low one
    counts = pd.DataFrame(rng.poisson(level, (100, 5)), nights(100), UNITS)
    model = EndemicEpidemic(counts, ar=Predictor(trend=True), family="poisson")
    found = model.fit()
    assert {"ar.intercept", "ar.trend"} <= set(found.at_bound)
    again = maximise(likelihood_of(model), found.theta)
    assert_allclose(again.theta[again.free], found.theta[again.free], atol=1e-8)
    assert not again.free[:2].any()


def test_laplace_tends_to_the_likelihood_without_deviations():
    """With a standard deviation near 0 nothing is integrated out."""
    counts = make_counts(100)
    shared = EndemicEpidemic(counts, LINE).fit()
    model = EndemicEpidemic(counts, LINE, end=Predictor(intercept="random"))
    params = pd.concat(
        [shared.params, pd.Series(0.0, [f"end.intercept[{unit}]" for unit in UNITS])]
    )
    params["end.log_sd"] = np.log(2e-3)
    assert_allclose(model.fix(params).llf, shared.llf, atol=0.02)


def test_laplace_is_near_the_integral():
    """One unit of two, a few nights: the integral over its deviation by the trapezoidal rule."""
    counts = pd.DataFrame({"a": [3.0, 9.0, 7.0, 8.0], "b": [2.0, 1.0, 3.0, 2.0]})
    model = EndemicEpidemic(counts, end=Predictor(intercept="random"), family="poisson")
    values = {"ar.intercept": -np.inf, "end.intercept": 1.2, "end.log_sd": np.log(0.5)}
    grid = np.linspace(-3, 3, 4001)
    total, modes = 0.0, {}
    for unit in counts:
        y = counts[unit].to_numpy()[1:, np.newaxis]
        mean = np.exp(1.2 + grid)
        from scipy.stats import norm, poisson

        joint = poisson.logpmf(y, mean).sum(axis=0) + norm.logpdf(grid, scale=0.5)
        total += np.log(np.trapezoid(np.exp(joint), grid))
        modes[f"end.intercept[{unit}]"] = grid[joint.argmax()]
    assert_allclose(model.fix(values | modes).llf, total, atol=0.01)


def test_the_error_of_a_log_standard_deviation_is_the_slope_of_its_score():
    counts = make_counts(150)
    random = Predictor(intercept="random")
    model = EndemicEpidemic(counts, LINE, ar=random, end=random)
    likelihood = likelihood_of(model)
    theta, log_sd, step = model.fit().theta, np.array([-1.0, -0.7]), 1e-5
    slopes = np.array(
        [
            (
                evaluate_random(likelihood, theta, log_sd + step * unit).score
                - evaluate_random(likelihood, theta, log_sd - step * unit).score
            )
            / (2 * step)
            for unit in np.eye(2)
        ]
    )
    found = evaluate_random(likelihood, theta, log_sd)
    assert_allclose(np.linalg.inv(found.covariance), -slopes, rtol=1e-5, atol=1e-6)


def test_equal_units_have_no_random_variance():
    rng = np.random.default_rng(8)
    counts = pd.DataFrame(np.repeat(rng.poisson(6.0, (80, 1)), 5, axis=1), nights(80), UNITS)
    found = EndemicEpidemic(counts, end=Predictor(intercept="random")).fit()
    assert "end.log_sd" in found.at_bound
    assert found.params["end.log_sd"] == -np.inf
    assert_allclose(found.random_intercepts["end"], 0.0, atol=1e-6)
    shared = EndemicEpidemic(counts).fit()
    assert_allclose(found.llf, shared.llf, atol=0.02)


def test_drawn_intercepts_stay_near_a_small_part():
    found = EndemicEpidemic(make_counts(100), LINE).fit()
    cov = found.theta_cov.copy()
    cov[0, 0] = 30.0**2
    vague = dataclasses.replace(found, theta_cov=cov)
    drawn = np.array(draw_theta(vague, 200, np.random.default_rng(1)))
    ratio = np.exp(drawn[:, 0] - found.theta[0])
    assert ratio.max() < 150  # 1 + 30 z, not exp(30 z)
    assert (ratio > 0).all()
    narrow = np.array(draw_theta(found, 2000, np.random.default_rng(1)))
    assert_allclose(narrow.std(axis=0), np.sqrt(np.diag(found.theta_cov)), rtol=0.12)
    assert_allclose(narrow.mean(axis=0), found.theta, atol=0.03)


def test_gaps_of_the_record_widen_the_bootstrap():
    counts = make_counts(150)
    gaps = counts.copy()
    gaps.iloc[20:130] = np.nan
    params = EndemicEpidemic(counts, LINE).fit().params
    wide, narrow = (
        bootstrap_logs(EndemicEpidemic(frame, LINE).fix(params), 40, np.random.default_rng(1)).std()
        for frame in (gaps, counts)
    )
    assert wide > 1.4 * narrow


def test_a_start_with_gaps_takes_the_usual_count():
    values = np.array([[np.nan, 2.0], [4.0, np.nan], [8.0, 4.0]])
    assert_allclose(starting_counts(values, 2), [[6.0, 2.0], [4.0, 3.0]])
    assert_allclose(starting_counts(np.full((3, 1), np.nan), 1), [[0.0]])


def test_shares_by_unit_belong_to_their_units():
    found = EndemicEpidemic(make_counts(120), LINE).fit()
    table = found.decomposition("unit", draws=0).set_index(["unit", "component"])["share"]
    end = np.exp(found.params["end.intercept"])
    for unit in UNITS:
        expected = end * 119 / found.fittedvalues[unit].iloc[1:].sum()
        assert table[(unit, "end")] == pytest.approx(expected)
