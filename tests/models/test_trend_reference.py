"""The trend and its ranks against R: MASS::glm.nb 7.3-58.2, stats::glm, sandwich 3.0-2, trend 1.1.6.

Data sets of R and of its packages stay in the shared folder, and those tests skip elsewhere; what
R says of the Nile, which statsmodels ships, and of the discoveries stands in tests/reference.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm, theilslopes

from analysis.inference.nb2 import dispersion_score, nb2_loglik
from analysis.inference.rank_trend import mann_kendall, theil_sen
from analysis.models import Trend
from analysis.models.rank_trend import rank_trend
from analysis.models.trend.log_linear import fit_log_linear

SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference" / "reference.json"
#: A maximum is known to the root of rounding.
OPTIMUM = 1e-6


@pytest.fixture(scope="module")
def shared():
    if not SHARED.is_file():
        pytest.skip("R's results on data of its packages lie beside the checkout, not in it")
    return json.loads(SHARED.read_text("utf-8"))


def monthly(values, **terms):
    """A trend of values one night apart; time in R's column t is (position) / per."""
    nights = pd.date_range("2024-01-01", periods=len(values), name="night")
    return Trend(pd.Series(values, nights, dtype=float), start=nights[0], **terms)


@pytest.fixture(scope="module")
def discoveries(shared):
    return shared["misc"]["glm_nb"]["discoveries"]


def test_discoveries_by_glm_nb(discoveries):
    """R: glm.nb(y ~ t, control = glm.control(epsilon = 1e-13)), t = position / 100."""
    fit, nb = monthly(discoveries["y"]).fit(), discoveries["nb"]
    slope = 100 / 30  # per 30 nights into per 100
    ours = fit.params.to_numpy() * [1, slope]
    assert_allclose(ours, list(nb["coef"].values()), rtol=OPTIMUM)
    assert_allclose(1 / fit.dispersion, nb["theta"], rtol=OPTIMUM)
    assert_allclose(2 * fit.llf, nb["twologlik"], rtol=1e-10)
    assert fit.llf >= nb["twologlik"] / 2 - 1e-9
    assert_allclose(fit.aic, nb["AIC"], rtol=1e-10)
    assert_allclose(fit.bic, nb["BIC"], rtol=1e-10)
    assert_allclose(fit.fittedvalues.iloc[:5], nb["fitted_head"], rtol=OPTIMUM)
    assert_allclose(fit.fittedvalues.iloc[-5:], nb["fitted_tail"], rtol=OPTIMUM)
    pearson = (fit.residuals("pearson") ** 2).sum()
    assert_allclose(pearson, nb["pearson_chi2"], rtol=OPTIMUM)
    assert fit.criterion < 1e-6


@pytest.mark.parametrize(
    ("name", "bandwidth"),
    [("HC0", 1), ("NW_lag4_noprewhite", 5), ("NW_lag7_noprewhite", 8)],
)
@pytest.mark.parametrize("family", ["nb", "poisson"])
def test_errors_by_sandwich(discoveries, family, name, bandwidth):
    """R: sqrt(diag(sandwich(fit))), sqrt(diag(NeweyWest(fit, lag, prewhite = FALSE)))."""
    held = None if family == "nb" else 0.0
    fit = fit_log_linear(np.array(discoveries["y"], dtype=float), dispersion=held)
    errors = np.sqrt(np.diag(fit.covariance(bandwidth, prewhiten=False))) * [1, 100 / 30]
    assert_allclose(errors, discoveries[family]["sandwich_se"][name], rtol=OPTIMUM)


def test_model_errors_and_that_of_theta(discoveries):
    """R: summary(fit)$coefficients takes theta as known, fit$SE.theta the coefficients."""
    fit, nb = fit_log_linear(np.array(discoveries["y"], dtype=float)), discoveries["nb"]
    errors = np.sqrt(np.diag(np.linalg.inv(fit.root.T @ fit.root))) * [1, 100 / 30]
    assert_allclose(errors, nb["se"], rtol=OPTIMUM)
    counts, alpha = np.array(discoveries["y"], dtype=float), fit.dispersion
    step = 1e-4 * alpha
    sides = [dispersion_score(counts, fit.mean, alpha + side) for side in (step, -step)]
    error = 1 / np.sqrt((sides[1] - sides[0]) / (2 * step))
    assert_allclose(error / alpha**2, nb["SE_theta"], rtol=1e-5)


def test_no_setting_of_glm_nb_is_nearer_to_the_maximum(discoveries):
    """R: glm.nb(y ~ t), epsilon 1e-13 and 1e-8.

    It stops when theta has settled, with the coefficients a step behind: with the tight setting,
    too, as its own score of 1.2e-7 in them says.
    """
    fit, nb = monthly(discoveries["y"]).fit(), discoveries["nb"]
    early = nb["default_tolerance"]
    for coef, theta in (
        (list(nb["coef"].values()), nb["theta"]),
        (early["coef"], early["theta"]),
    ):
        given = monthly(discoveries["y"]).fix(np.array(coef) * [1, 0.3], 1 / theta)
        assert given.llf <= fit.llf + 1e-12
        assert given.score.abs().max() > 5 * fit.score.abs().max()
    tight = monthly(discoveries["y"]).fix(
        np.array(list(nb["coef"].values())) * [1, 0.3], 1 / nb["theta"]
    )
    assert 0.3 * abs(tight.score["growth"]) == pytest.approx(nb["max_abs_score_beta"], rel=1e-3)


def test_van_drivers_are_poisson_where_glm_nb_runs_away(shared):
    """R: glm(y ~ t + sin + cos + law, poisson); glm.nb ends at theta = 1e5 with a warning.

    R's theta is no maximum: the likelihood rises on to the Poisson limit, where its slope in
    1 / theta is negative.
    """
    block = shared["misc"]["glm_nb"]["Seatbelts_VanKilled"]
    law = np.array(block["X"])[:, 3]
    terms = {"harmonics": (12, 1), "exog": pd.Series(law).to_numpy()}
    model = monthly(block["y"], **terms)
    for family in ("negbin", "poisson"):
        fit = monthly(block["y"], **terms, family=family).fit()
        ours = fit.params.to_numpy() * [1, 12 / 30, 1, 1, 1]
        assert_allclose(ours, block["poisson"]["coef"], rtol=OPTIMUM)
        assert_allclose(fit.llf, block["poisson"]["logLik"], rtol=1e-10)
        assert fit.dispersion == 0.0
        assert fit.dispersion_score < 0
        model_errors = np.sqrt(np.diag(np.linalg.inv(_information(fit)))) * [1, 12 / 30, 1, 1, 1]
        assert_allclose(model_errors, block["poisson"]["se"], rtol=1e-4)
    runaway = block["glm_nb_default"]
    counts = np.array(block["y"], dtype=float)
    theirs = model.fix(np.array(runaway["coef"]) / [1, 12 / 30, 1, 1, 1], 1 / runaway["theta"])
    assert theirs.llf < fit.llf
    at = [nb2_loglik(counts, fit.fittedvalues.to_numpy(), a) for a in (0.0, 1e-5, 1e-3, 1e-2)]
    assert (np.diff(at) < 0).all()


def _information(fit):
    """Expected Poisson information."""
    design = fit.model.regression.design
    return design.T @ (design * fit.fittedvalues.to_numpy()[:, np.newaxis])


# Ranks ----------------------------------------------------------------------------------------


def nile():
    import statsmodels.api as sm

    return sm.datasets.nile.load_pandas().data["volume"].to_numpy(dtype=float)


#: R: trend::mk.test(Nile), trend::sens.slope(Nile).
NILE = {
    "S": -1387,
    "varS": 112728.333333333,
    "tau": -0.280741334724613,
    "z": -4.1280665228441,
    "p": 3.65826292166433e-05,
    "slope": -2.6,
    "ci95": [-3.62790697674419, -1.42857142857143],
}


def assert_ranks(counts, expected):
    found = mann_kendall(counts)
    assert found.s == expected["S"]
    assert_allclose(
        [found.variance, found.tau, found.z(), 2 * norm.sf(abs(found.z()))],
        [expected[name] for name in ("varS", "tau", "z", "p")],
        rtol=1e-10,
    )
    slopes = theil_sen(np.arange(len(counts)) * 1.0, counts, 0.95)
    assert_allclose(slopes, [expected["slope"], *expected["ci95"]], rtol=1e-10)


def test_ranks_of_the_nile():
    assert_ranks(nile(), NILE)


@pytest.mark.parametrize("name", ["Nile", "campy"])
def test_ranks_by_the_package_trend(shared, name):
    """R: mk.test(x), sens.slope(x)."""
    counts = nile() if name == "Nile" else np.array(shared["tscount"]["campy"]["y"], dtype=float)
    block = shared["misc"]["trend"][name]
    assert_ranks(counts, block["mk"] | block["sens"])


def test_ranks_without_the_correction_are_those_of_r_per_30_nights():
    nights = pd.date_range("1871-01-01", periods=100)
    found = rank_trend(pd.Series(nile(), nights), correction=None)
    assert found.inflation == 1.0
    assert_allclose([found.z, found.p_value], [NILE["z"], NILE["p"]], rtol=1e-10)
    assert_allclose(
        [found.slope, found.lower, found.upper], 30 * np.array([-2.6, *NILE["ci95"]]), rtol=1e-10
    )


def test_slopes_over_gaps_are_those_of_scipy():
    counts, place = nile(), np.arange(100.0)
    kept = np.delete(np.arange(100), [3, 4, 5, 40, 77])
    theirs = theilslopes(counts[kept], place[kept], alpha=0.95)
    ours = theil_sen(place[kept], counts[kept], 0.95)
    assert ours[0] == theirs.slope
    # scipy rounds the ranks of the limits from another side.
    assert_allclose(ours[1:], [theirs.low_slope, theirs.high_slope], rtol=0.01)


def test_counts_of_fewer_values_than_nights_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mann_kendall(np.ones(20)).z() == 0.0
        assert np.isnan(mann_kendall(np.ones(20)).tau)
        assert theil_sen(np.arange(20.0), np.ones(20), 0.95) == (0.0, 0.0, 0.0)
