"""INGARCH against R: tscount 1.4.3, function by function, and against the true maxima.

The R call behind every block is ``tsglm(y, model = list(past_obs, past_mean, external), xreg, link,
distr, init.method, init.drop)`` with the settings the block names. Functions are compared at R's
coefficients; maxima with the blocks ``exact`` (quasi-likelihood) and ``joint_nb_ml``, since R's own
coefficients are not at the maximum of what it maximises. Where R is wrong the test shows by plain
loops (``naive``) what R computes and what is right.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import gammaln

from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.covariance import mean_information
from analysis.models.ingarch.fitting import pearson_dispersion
from analysis.models.ingarch.objective import (
    evaluate,
    from_params,
    jacobian,
    night_terms,
    params_derivatives,
)
from tests.models.ingarch import naive

#: Functions at given coefficients agree to this.
EXACT = 1e-8
#: Maxima agree to this.
OPTIMUM = 1e-6

SIMULATED = json.loads(
    (Path(__file__).parents[2] / "reference" / "ingarch_simulated.json").read_text("utf-8")
)
CAMPY = [
    "jss_poisson_identity",
    "jss_nbinom_identity",
    "jss_nbinom_log",
    "jss_nbinom_log_external",
    "p1q1_poisson_identity",
    "p1q1_nbinom_identity",
    "p1q1_poisson_log",
    "p1q1_nbinom_log",
    "p1q1_nbinom_identity_init_iid",
    "p1q1_nbinom_log_init_iid",
    "p1q1_nbinom_identity_init_firstobs",
    "p1q1_nbinom_log_init_firstobs",
    "p1q1_nbinom_identity_init_zero",
    "p1q1_nbinom_identity_init_drop",
    "ar_1_13_nbinom_log",
]
BLOCKS = [("campy", name) for name in CAMPY]
BLOCKS += [("simulated", name) for name in SIMULATED["fits"]]


class Block:
    """One fit of R: series, covariates, settings and what R found."""

    def __init__(self, data, name):
        self.fit = data["fits"][name]
        self.y = np.array(data["y"], dtype=float)
        lags = len(self.fit["past_obs"]) + len(self.fit["past_mean"])
        self.r = len(self.fit["coefficients"]) - 1 - lags
        covariates = np.array(data["interv_covariates"], dtype=float) if self.r else None
        self.x = covariates if self.r else np.empty((len(self.y), 0))
        self.model = INGARCH(
            self.y,
            covariates,
            past_obs=self.fit["past_obs"],
            past_mean=self.fit["past_mean"],
            link=self.fit["link"],
            distribution="negbin" if self.fit["distr_used"] == "nbinom" else "poisson",
            init=self.fit["init_method"],
            external=bool(self.fit["external"]),
            drop_initial=self.fit["init_drop"],
        )
        self.coefficients = np.array(list(self.fit["coefficients"].values()))
        self.size = self.fit["size"]
        self.objective = self.model.objective("two_step")
        self.kept = self.objective.scored
        self.spec = {
            "past_obs": self.fit["past_obs"],
            "past_mean": self.fit["past_mean"],
            "link": self.fit["link"],
            "init": self.fit["init_method"],
            "external": np.full(self.r, bool(self.fit["external"])),
        }

    def given(self):
        return self.model.fix(self.coefficients, 1 / self.size if self.size else 0.0)

    def future(self, horizon):
        return np.tile([1.0, 0.0], (horizon, 1)) if self.r else None


@pytest.fixture(scope="session")
def campy(shared):
    reference = json.loads((shared / "reference" / "reference.json").read_text("utf-8"))
    return reference["tscount"]["campy"]


@pytest.fixture(params=BLOCKS, ids=[f"{data}-{name}" for data, name in BLOCKS])
def block(request):
    source, name = request.param
    data = SIMULATED if source == "simulated" else request.getfixturevalue("campy")
    return Block(data, name)


def test_functions_at_the_coefficients_of_r(block):
    """fitted(), the linear predictor, logLik(), AIC(), BIC(), residuals(type = "pearson")."""
    fit, given = block.fit, block.given()
    fitted = given.fittedvalues.to_numpy()[block.kept]
    if not fit["init_drop"]:
        assert_allclose(fitted[:5], fit["fitted_head"], rtol=EXACT)
        assert_allclose(fitted[-5:], fit["fitted_tail"], rtol=EXACT)
        assert_allclose(fitted.sum(), fit["fitted_sum"], rtol=EXACT)
        pearson = given.residuals("pearson").to_numpy()
        assert_allclose(pearson[:5], fit["pearson_head"], rtol=EXACT)
        assert_allclose(pearson[-5:], fit["pearson_tail"], rtol=EXACT)
    assert_allclose(given.llf, fit["logLik_aligned"], rtol=EXACT)
    if fit["init_drop"]:  # R pairs each count with the mean of the next one
        assert abs(fit["logLik"] - given.llf) > 40
    else:
        assert_allclose(given.llf, fit["logLik"], rtol=EXACT)
        estimated = fit["df"]
        assert_allclose(2 * estimated - 2 * given.llf, fit["AIC"], rtol=EXACT)
        bic = estimated * np.log(given.nobs) - 2 * given.llf
        assert_allclose(bic, fit["BIC"], rtol=EXACT)


def test_likelihood_score_and_dispersion_at_the_coefficients_of_r(block):
    """The quasi-likelihood, its exact score, and the root of the Pearson equation."""
    theta = from_params(block.model.recursion, block.coefficients)
    found = evaluate(block.objective, theta)
    constant = gammaln(block.y[block.kept] + 1).sum()
    assert_allclose(found.value + constant, block.fit["quasi_loglik_no_constant"], rtol=EXACT)
    exact = params_derivatives(block.model.recursion, theta, found)
    assert_allclose(exact.gradient, block.fit["score_exact"], rtol=EXACT, atol=EXACT)
    if block.size:
        mean = block.given().fittedvalues.to_numpy()[block.kept]
        dispersion = pearson_dispersion(block.y[block.kept], mean, len(block.coefficients))
        assert_allclose(1 / dispersion, block.fit["size_exact_root_at_coefficients"], rtol=EXACT)


def information(slopes, mean, weights):
    return slopes.T @ (slopes * (weights / mean**2)[:, np.newaxis])


def test_information_of_r_forgets_the_nights_before_the_first(block):
    """vcov(): R holds z before the first night constant, though it depends on the parameters.

    With slopes that forget this too, plain loops give R's matrices; with exact ones, ours. Where
    nothing moves (init.method "firstobs", "zero") all agree. External covariates: the next
    test.
    """
    if block.fit["external"]:
        pytest.skip("R's slopes of external covariates are wrong in themselves")
    rec, kept = block.model.recursion, block.kept
    mean = block.given().fittedvalues.to_numpy()[kept]
    extra = 1 / block.size if block.size else 0.0
    weights = {"info_matrix": mean, "info_matrix_corrected": mean + extra * mean**2}
    forgetful, exact = (
        naive.mean_slopes(block.coefficients, block.y, block.x, block.spec, forget)[kept]
        for forget in (True, False)
    )
    theta = from_params(rec, block.coefficients)
    night = night_terms(block.objective, theta)
    back = np.linalg.inv(jacobian(rec, theta))
    ours = {
        name: back.T @ mean_information(block.objective, night, weight / mean**2) @ back
        for name, weight in weights.items()
    }
    score_of_r = (block.y[kept] / mean - 1) @ forgetful
    assert_allclose(score_of_r, block.fit["score_tscount"], rtol=EXACT, atol=EXACT)
    for name, weight in weights.items():
        assert_allclose(information(forgetful, mean, weight), block.fit[name], rtol=EXACT)
        assert_allclose(ours[name], information(exact, mean, weight), rtol=EXACT)
    inverse = np.linalg.inv(ours["info_matrix"])
    covariance = inverse @ ours["info_matrix_corrected"] @ inverse
    if block.spec["init"] in ("firstobs", "zero"):
        assert_allclose(covariance, block.fit["vcov"], rtol=EXACT)
    else:
        assert np.abs(covariance / np.array(block.fit["vcov"]) - 1).max() > 1e-4


def test_slopes_of_external_covariates_in_r_have_a_factor_too_many(campy):
    """tsglm(..., model = list(past_obs = 1, past_mean = 13, external = TRUE)).

    The covariate's part of the derivative in alpha is multiplied by alpha once more: with that the
    loop gives R's information, without it ours.
    """
    block = Block(campy, "jss_nbinom_log_external")
    b0, beta, alpha, *eta = block.coefficients
    total = b0 / (1 - alpha - beta)
    first = np.array([1, total, total, 0, 0]) / (1 - alpha - beta)
    mean = block.given().fittedvalues.to_numpy()
    nu, z, added = np.log(mean), np.log(block.y + 1), block.x @ eta

    def slopes(factor, z_moves):
        rows = []
        for t in range(140):
            earlier = rows[t - 13] if t >= 13 else first
            x = block.x[t - 13] if t >= 13 else np.zeros(2)
            past = (nu[t - 13] if t >= 13 else total) - factor * (added[t - 13] if t >= 13 else 0)
            now = np.array([1, z[t - 1] if t else total, past, *(block.x[t] - alpha * x)])
            rows.append(now + alpha * earlier + (beta * first if t == 0 and z_moves else 0))
        return np.array(rows) * mean[:, np.newaxis]

    of_r = information(slopes(alpha, z_moves=False), mean, mean)
    assert_allclose(of_r, block.fit["info_matrix"], rtol=EXACT)
    exact = naive.mean_slopes(block.coefficients, block.y, block.x, block.spec)
    assert_allclose(slopes(1.0, z_moves=True), exact, rtol=EXACT)
    night = night_terms(block.objective, from_params(block.model.recursion, block.coefficients))
    back = np.linalg.inv(
        jacobian(block.model.recursion, from_params(block.model.recursion, block.coefficients))
    )
    ours = back.T @ mean_information(block.objective, night, 1 / mean) @ back
    assert_allclose(ours, information(exact, mean, mean), rtol=EXACT)


def test_maximum_of_the_quasi_likelihood(block):
    """Two steps reach the block ``exact``: coefficients, errors, size, logLik, QIC; never below R."""
    results = block.model.fit("two_step")
    constant = gammaln(block.y[block.kept] + 1).sum()
    value = results.fit.maximum.found.value + constant
    assert value >= block.fit["quasi_loglik_no_constant"]
    exact = block.fit["exact"]
    if "coefficients" not in exact:  # R's search stops inside a bound at 0
        assert results.at_bound == ("past_obs_2",)
        assert results.params["past_obs_2"] == 0.0
        assert results.multipliers["past_obs_2 = 0"] > 0
        return
    assert_allclose(results.params, list(exact["coefficients"].values()), rtol=OPTIMUM)
    assert_allclose(value, exact["quasi_loglik_no_constant"], rtol=1e-12)
    assert_allclose(results.bse, list(exact["se"].values()), rtol=OPTIMUM)
    assert_allclose(results.llf, exact["logLik"], rtol=OPTIMUM)
    assert_allclose([results.aic, results.bic], [exact["AIC"], exact["BIC"]], rtol=OPTIMUM)
    assert_allclose(results.qic, exact["QIC_with_true_hessian"], rtol=OPTIMUM)
    curvature = params_derivatives(
        block.model.recursion, results.fit.theta, results.fit.maximum.found
    ).hessian
    assert_allclose(-curvature, exact["hessian"], rtol=OPTIMUM)
    if block.size:
        assert_allclose(1 / results.dispersion, exact["size"], rtol=OPTIMUM)
    assert results.at_bound == ()


def test_joint_maximum_likelihood_is_above_two_steps(block):
    if not block.size:
        pytest.skip("a Poisson model has nothing to join")
    joint, two_step = block.model.fit("joint"), block.model.fit("two_step")
    assert joint.llf >= two_step.llf
    assert joint.llf >= block.fit["logLik_aligned"]
    free = ~joint.params.index.isin(joint.at_bound)
    assert (joint.score.abs() * joint.bse)[free].max() < 1e-6
    assert abs(joint.dispersion_score * joint.dispersion_bse) < 1e-6


@pytest.mark.parametrize("source", ["campy", "simulated"])
def test_joint_maximum_is_that_of_the_reference(source, request):
    """Block ``joint_nb_ml``: all parameters at once, errors from the observed information."""
    if source == "campy":
        data = request.getfixturevalue("campy")
        block, wanted = Block(data, "jss_nbinom_identity"), data["jss_joint_nb_ml"]
    else:
        block, wanted = Block(SIMULATED, "nbinom_identity"), SIMULATED["joint_nb_ml"]
    results = block.model.fit()
    assert_allclose(results.params, list(wanted["coefficients"].values()), rtol=OPTIMUM)
    assert_allclose(1 / results.dispersion, wanted["size"], rtol=OPTIMUM)
    assert_allclose(results.llf, wanted["logLik"], rtol=1e-11)
    assert_allclose(results.bse, list(wanted["se_observed_information"].values()), rtol=OPTIMUM)
    # The error of log(size) is that of the dispersion, relative.
    relative = results.dispersion_bse / results.dispersion
    assert_allclose(relative, wanted["se_log_size"], rtol=OPTIMUM)


def test_criterion_of_r_uses_half_a_hessian(block):
    """QIC(): R leaves second derivatives in alpha out; ours has the exact Hessian of plain loops."""
    if block.fit["QIC"] is None or "coefficients" not in block.fit["exact"]:
        pytest.skip("R gives no QIC here, or none at a maximum")
    results = block.model.fit("two_step")

    def quasi(params):
        return naive.loglik(params, 0, block.y, block.x, block.spec)

    at = results.params.to_numpy()
    curvature = naive.hessian(quasi, at)
    expected = -2 * np.real(quasi(at)) - 2 * np.trace(curvature @ results.cov.to_numpy())
    assert_allclose(results.qic, expected, rtol=1e-8)
    assert abs(block.fit["QIC"] - expected) > 1e-3


def test_one_step_forecast(block):
    """predict(n.ahead = 1, method = "conddistr"): mean, median, limits and shortest interval."""
    wanted = block.fit["predict1"]
    forecast = block.given().get_forecast(1, block.future(1), parameter_uncertainty=False)
    assert_allclose(forecast.mean, [wanted["pred"]], rtol=EXACT)
    assert forecast.quantile(0.5).tolist() == [wanted["median"]]
    assert forecast.quantile([0.025, 0.975])[:, 0].tolist() == wanted["interval95_quantiles"]
    low, high = wanted["interval95_shortest"]
    cdf = forecast.cdf(np.arange(-1, 300)[:, np.newaxis])[:, 0]
    inside = cdf[high + 1] - cdf[low]
    assert inside >= 0.95
    shorter = cdf[high - low :] - cdf[: len(cdf) - (high - low)]
    assert shorter.max() < 0.95


def test_several_steps_ahead_by_simulation(block):
    """Block ``predict5``: 200,000 paths of R; its plug-in forecast is biased with the log link."""
    wanted = block.fit["predict5"]["simulated"]
    draws = 4_000
    forecast = block.given().get_forecast(5, block.future(5), draws=draws, rng=7)
    error = np.hypot(wanted["mc_se"], np.array(wanted["sd"]) / np.sqrt(draws))
    assert (np.abs(forecast.mean - wanted["mean"]) < 4 * error).all()
    assert_allclose(np.sqrt(forecast.variance), wanted["sd"], rtol=0.05)
    for q, name in ((0.05, "q05"), (0.5, "q50"), (0.95, "q95")):
        assert (forecast.cdf(np.array(wanted[name]) - 2) < q).all()
        assert (forecast.cdf(np.array(wanted[name]) + 1) >= q).all()
    if block.fit["link"] == "log" and "pred_plugin" in block.fit["predict5"]:
        bias = np.abs(np.array(block.fit["predict5"]["pred_plugin"]) - wanted["mean"])[-1]
        assert bias > 4 * wanted["mc_se"][-1]


def test_scores_and_pit_of_the_one_step_distributions(block):
    """scoring(), pit(bins = 10), marcal(): means over nights of the in-sample distributions."""
    if block.fit["init_drop"]:
        pytest.skip("R pairs each count with the mean of the next one")
    given = block.given()
    predicted, y, wanted = given.predicted, block.y, block.fit["scoring"]
    k = np.arange(250)[:, np.newaxis]  # beyond, nothing is left
    prob = predicted.prob(k)
    cdf = prob.cumsum(axis=0)
    at, below = predicted.cdf(y), predicted.cdf(y - 1)
    own, square = predicted.prob(y), (prob**2).sum(axis=0)
    mean, variance = predicted.mean, predicted.variance
    scores = {
        "logarithmic": -np.log(own),
        "quadratic": -2 * own + square,
        "spherical": -own / np.sqrt(square),
        "rankprob": ((cdf - (y <= k)) ** 2).sum(axis=0),
        "dawseb": (y - mean) ** 2 / variance + np.log(variance),
        "normsq": (y - mean) ** 2 / variance,
        "sqerror": (y - mean) ** 2,
    }
    for name, score in scores.items():
        assert_allclose(score.mean(), wanted[name], rtol=EXACT, err_msg=name)
    edges = np.linspace(0, 1, 11)[:, np.newaxis]
    filled = np.clip((edges - below) / (at - below), 0, 1).mean(axis=1)
    assert_allclose(10 * np.diff(filled), block.fit["pit10_density"], rtol=EXACT)
    marcal = block.fit["marcal"]
    x = np.arange(marcal["x_min"], marcal["x_max"] + 1)[:, np.newaxis]
    gap = predicted.cdf(x).mean(axis=1) - (y <= x).mean(axis=1)
    assert_allclose(gap[:5], marcal["y_head"], atol=EXACT)
    assert_allclose(np.abs(gap).max(), marcal["y_maxabs"], rtol=EXACT)
