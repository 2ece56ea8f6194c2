"""Endemic-epidemic models against surveillance::hhh4, at R's coefficients and at the optimum.

The simulated counts and their R results are committed (tests/reference/hhh4_simulated.R); those of the
measles counts that R ships lie beside the checkout. Coefficients are compared to 1e-5 where R's
optimiser stopped short: its own score is then as large.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from analysis.models.endemic_epidemic import EndemicEpidemic, Neighbours, Predictor
from analysis.models.endemic_epidemic.eigenvalue import dominant_eigenvalues

SIMULATED = json.loads(
    (Path(__file__).parents[2] / "reference" / "hhh4_simulated.json").read_text("utf-8")
)
UNITS = list("abcdefghij")
MEASLES = (
    "M1_brief_no_offset",
    "M1_poisson",
    "M2_population_offset",
    "M3_row_normalised_weights",
    "M4_powerlaw_maxlag5",
    "M5_no_ne",
    "M6_random_intercept_end",
)
COEF_TOL = 1e-5


def simulated_model(name):
    """The model that R calls hhh4(make(y), control(...)) in the script under that name."""
    counts = pd.DataFrame(SIMULATED["counts"], columns=UNITS, dtype=float)
    if name.startswith("gaps"):
        counts.iloc[[row - 1 for row in SIMULATED["gap_rows"]]] = np.nan
    adjacency = pd.DataFrame(np.array(SIMULATED["order"]) == 1, UNITS, UNITS).astype(float)
    neighbours = {
        "raw_weights": Neighbours(adjacency, normalised=False),
        "power_law": Neighbours(adjacency, "power-law", True, 4),
        "power_law_raw": Neighbours(adjacency, "power-law", False, 3),
    }.get(name, Neighbours(adjacency))
    intercept = {"unit_intercepts": "per-unit", "random_end": "random"}.get(name, "shared")
    end = Predictor(
        intercept=intercept,
        trend=True,
        harmonics=1,
        period=40,
        offset=pd.Series(SIMULATED["fraction"], UNITS) if intercept == "shared" else None,
    )
    family = "negbinM" if name.endswith("negbinM") else "negbin1"
    return EndemicEpidemic(
        counts, neighbours, end=end, family="poisson" if name == "poisson" else family
    )


def ours(name):
    """Our name of one of R's coefficients, and the factor that turns R's into it."""
    units = {
        "ar.1": ("ar.intercept", 1),
        "ne.1": ("ne.intercept", 1),
        "end.1": ("end.intercept", 1),
        "end.ri(iid)": ("end.intercept", 1),
        "end.t": ("end.trend", 30),
        "neweights.d": ("decay", 1),
        "-log(overdisp)": ("log_dispersion", -1),
    }
    if name in units:
        return units[name]
    if "sin(" in name or "cos(" in name:
        return f"end.{'sin' if 'sin(' in name else 'cos'}_1", 1
    start, unit = name.rsplit(".", 1)
    return f"{'end.intercept' if start == 'end.1' else 'log_dispersion'}[{unit}]", 1


def parameters_of_r(fit, ranef=None):
    """R's estimates and errors under our names; dispersions as logarithms."""
    values, errors = {}, {}
    for name, value in fit["coefficients"].items():
        if name.startswith("overdisp"):
            label = "log_dispersion" if name == "overdisp" else ours(name)[0]
            values[label], errors[label] = np.log(value), fit["se"][name] / value
            continue
        label, factor = ours(name)
        values[label] = factor * value
        errors[label] = abs(factor) * fit["se"][name]
    for name, value in (ranef or {}).items():
        values[f"end.intercept[{name.rsplit('.', 1)[1]}]"] = value
    return pd.Series(values), pd.Series(errors)


SMOOTH_FITS = [name for name in SIMULATED["fits"] if name != "random_end"]


@pytest.mark.parametrize("name", SMOOTH_FITS)
def test_simulated_counts_at_the_coefficients_of_r(name):
    fit = SIMULATED["fits"][name]
    params, _ = parameters_of_r(fit)
    fixed = simulated_model(name).fix(params)
    assert_allclose(fixed.llf, fit["loglik"], atol=1e-8)
    assert_allclose(fixed.fittedvalues.sum(), fit["fitted_colsums"], rtol=1e-8)
    assert_allclose(dominant_eigenvalues(fixed.rates), fit["max_ev"], rtol=1e-8)
    assert fixed.nobs == fit["nobs"]
    assert fixed.given
    assert fixed.bse.isna().all()


@pytest.mark.parametrize("name", SMOOTH_FITS)
def test_simulated_counts_at_the_optimum(name):
    fit = SIMULATED["fits"][name]
    params, errors = parameters_of_r(fit)
    found = simulated_model(name).fit()
    assert found.criterion < 1e-6
    assert found.llf >= fit["loglik"] - 1e-9
    assert_allclose(found.params[params.index], params, rtol=COEF_TOL, atol=COEF_TOL)
    assert_allclose(found.bse[errors.index], errors, rtol=COEF_TOL, atol=COEF_TOL)


def test_simulated_counts_with_random_intercepts():
    """hhh4(..., end = ~ -1 + ri(type = "iid") + t + sin + cos)."""
    fit = SIMULATED["fits"]["random_end"]
    params, errors = parameters_of_r(fit)
    found = simulated_model("random_end").fit()
    assert_allclose(found.params[params.index], params, atol=1e-5)
    assert_allclose(found.bse[errors.index], errors, atol=1e-5)
    assert_allclose(found.params["end.log_sd"], fit["sd_log"]["sd.end.ri(iid)"], atol=1e-5)
    assert_allclose(found.random_intercepts["end"], list(fit["ranef"].values()), atol=1e-5)
    assert_allclose(found.penalised_llf, fit["loglik"], atol=1e-5)
    assert found.criterion < 1e-6


def test_rolling_forecasts_of_simulated_counts():
    """oneStepAhead(fits$negbinM, tp = c(150, 159), type = "rolling")."""
    rolling = SIMULATED["rolling"]
    ahead = simulated_model("negbinM").fit().one_step_ahead(rolling["first_row"] - 1)
    assert_allclose(ahead.mean, rolling["pred"], rtol=1e-6)
    assert_allclose(-np.log(ahead.alpha), rolling["minus_log_overdisp"], atol=1e-6)


@pytest.fixture(scope="module")
def measles(shared):
    path = shared / "reference" / "reference.json"
    return json.loads(path.read_text("utf-8"))["surveillance"]["measlesWeserEms"]


def measles_model(record, name):
    """hhh4(measlesWeserEms, ...) as the block of that name describes it."""
    units = record["units"]
    counts = pd.DataFrame(record["counts"], columns=units, dtype=float)
    adjacency = pd.DataFrame(np.array(record["neighbourhood_order"]) == 1, units, units)
    neighbours = Neighbours(
        adjacency.astype(float),
        "power-law" if name.startswith("M4") else "first-order",
        normalised=name[:2] in ("M3", "M4"),
        max_order=5,
    )
    end = Predictor(
        intercept="random" if name.startswith("M6") else "shared",
        trend=True,
        harmonics=1,
        period=52,
        offset=None if name.startswith("M1") else pd.Series(record["population_fraction"], units),
    )
    family = "poisson" if name == "M1_poisson" else "negbin1"
    return EndemicEpidemic(
        counts, None if name.startswith("M5") else neighbours, end=end, family=family
    )


@pytest.mark.parametrize("name", MEASLES[:-1])
def test_measles_at_the_coefficients_of_r(measles, name):
    block = measles["models"][name]
    params, _ = parameters_of_r(block)
    fixed = measles_model(measles, name).fix(params)
    assert_allclose(fixed.llf, block["logLik"], atol=1e-8)
    assert_allclose(fixed.fittedvalues.iloc[1], block["fitted_first_row"], rtol=1e-8)
    assert_allclose(fixed.fittedvalues.iloc[-1], block["fitted_last_row"], rtol=1e-8)
    assert_allclose(fixed.fittedvalues.sum(), block["fitted_colsums"], rtol=1e-8)
    if "in_sample_scores" in block:
        logs = -fixed.predicted.logprob(fixed.endog.to_numpy()[fixed.cells])
        assert_allclose(logs.mean(), block["in_sample_scores"]["logs"], atol=1e-8)


@pytest.mark.parametrize("name", MEASLES[:-1])
def test_measles_at_the_optimum(measles, name):
    block = measles["models"][name]
    params, errors = parameters_of_r(block)
    found = measles_model(measles, name).fit()
    assert found.criterion < 1e-6
    assert found.llf >= block["logLik"] - 1e-9
    assert_allclose(found.params[params.index], params, atol=COEF_TOL)
    assert_allclose(found.bse[errors.index], errors, atol=COEF_TOL)
    assert_allclose([found.aic, found.bic], [block["AIC"], block["BIC"]], rtol=1e-9)
    assert found.nobs == block["nObs"]
    cov = np.array(block["cov"], dtype=float)
    factors = np.array([ours(label)[1] for label in block["coefficients"]])
    order = [ours(label)[0] for label in block["coefficients"]]
    scaled = cov * np.outer(factors, factors)
    assert_allclose(found.cov.loc[order, order], scaled, atol=COEF_TOL * np.abs(scaled).max())


@pytest.mark.parametrize("kind", ["rolling", "final"])
def test_measles_one_step_ahead(measles, kind):
    """oneStepAhead(fit, tp = c(83, 103), type = kind), with R's mean log score."""
    block = measles["models"]["M1_brief_no_offset"][kind]
    found = measles_model(measles, "M1_brief_no_offset").fit()
    first = block["predicted_times"][0] - 1
    ahead = found.one_step_ahead(first, kind)
    assert_allclose(ahead.mean, block["pred"], atol=1e-6)
    raw = np.array(block["minus_log_overdisp"])
    assert_allclose(-np.log(ahead.alpha), np.broadcast_to(raw, ahead.shape), atol=1e-6)
    logs = -ahead.logprob(found.endog.to_numpy()[first:]).mean()
    assert_allclose(logs, block["mean_scores"]["logs"], atol=1e-6)


def test_measles_eigenvalue(measles):
    """surveillance:::getMaxEV(fit)."""
    block = measles["models"]["M1_brief_no_offset"]
    found = measles_model(measles, "M1_brief_no_offset").fit()
    assert_allclose(dominant_eigenvalues(found.rates), block["maxEV"], rtol=1e-7)


def test_measles_with_random_intercepts(measles):
    """hhh4 with end = ~ -1 + ri(type = "iid") + t + sin + cos; R stops at about 1e-3."""
    block = measles["models"]["M6_random_intercept_end"]
    fit = {"coefficients": block["fixef"], "se": block["fixef_se"]}
    params, errors = parameters_of_r(fit, block["ranef"])
    found = measles_model(measles, "M6_random_intercept_end").fit()
    fixed_effects = errors.index
    assert_allclose(found.params[fixed_effects], params[fixed_effects], atol=1e-3)
    assert_allclose(found.bse[fixed_effects], errors, atol=1e-3)
    assert_allclose(found.random_intercepts["end"], list(block["ranef"].values()), atol=1e-3)
    assert_allclose(np.exp(2 * found.params["end.log_sd"]), block["Sigma"], atol=1e-3)
    assert_allclose(found.penalised_llf, block["penalised_loglik"], atol=1e-3)
    assert found.criterion < 1e-6
    # At R's effects, deviations and variance the penalised likelihood is R's own.
    params["end.log_sd"] = block["sd_log"]["sd.end.ri(iid)"]
    fixed = measles_model(measles, "M6_random_intercept_end").fix(params)
    assert_allclose(fixed.penalised_llf, block["penalised_loglik"], atol=1e-8)
