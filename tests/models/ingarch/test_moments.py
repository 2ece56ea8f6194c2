"""Mean and autocovariance of the long run, against published formulas and a long simulation."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from analysis.errors import FitError
from analysis.models.ingarch import INGARCH
from analysis.models.ingarch.moments import autocovariances, stationary_mean

COUNTS = np.random.default_rng(2).poisson(10.0, 60).astype(float)


def model(**given):
    return INGARCH(COUNTS, **{"link": "identity", **given})


def test_poisson_ingarch_1_1_has_the_variance_of_ferland_latour_and_oraichi():
    """Var = mu (1 - (a + b)^2 + b^2) / (1 - (a + b)^2); corr(k) falls by the factor a + b."""
    b0, b, a = 3.0, 0.3, 0.4
    law = model(distribution="poisson").fix([b0, b, a], 0.0)
    assert law.stationary_mean == pytest.approx(10.0)
    table = law.autocovariance(5)
    assert table["lag"].tolist() == [0, 1, 2, 3, 4, 5]
    variance = 10 * (1 - (a + b) ** 2 + b**2) / (1 - (a + b) ** 2)
    first = b * (1 - a * (a + b)) / (1 - (a + b) ** 2 + b**2)
    assert table["autocovariance"][0] == pytest.approx(variance)
    expected = [1.0, *(first * (a + b) ** np.arange(5))]
    assert_allclose(table["autocorrelation"], expected, rtol=1e-12)


def test_inarch_1_of_nb2_counts():
    """Var = (mu + alpha mu^2) / (1 - (1 + alpha) b^2), by the law of total variance."""
    b, dispersion = 0.5, 0.4
    found = autocovariances(6.0, ((1,), np.array([b])), ((), np.empty(0)), dispersion, 3)
    assert found[0] == pytest.approx((6 + dispersion * 36) / (1 - (1 + dispersion) * b**2))
    assert_allclose(found / found[0], b ** np.arange(4), rtol=1e-12)


def test_a_long_simulation_has_these_moments():
    law = model(past_obs=(1, 3), past_mean=(2,)).fix([2.0, 0.3, 0.2, 0.2], 0.15)
    counts = law.simulate(n=4_000, paths=40, rng=3).to_numpy()[500:]
    table = law.autocovariance(4)
    centred = counts - law.stationary_mean
    assert abs(centred.mean()) < 0.1
    for lag, wanted in enumerate(table["autocovariance"]):
        product = (centred[lag:] * centred[: len(centred) - lag]).mean()
        assert product == pytest.approx(wanted, rel=0.05)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: INGARCH(COUNTS).fix([0.1, 0.2, 0.2], 0.1).stationary_mean, "identity link"),
        (lambda: model().fix([1.0, 0.4, 0.4], 0.1).autocovariance(-1), "lags is -1"),
        (lambda: stationary_mean(1.0, np.array([0.6]), np.array([0.4])), "sum to 1: such counts"),
        (lambda: model().fix([1.0, 0.7, 0.2], 1.5).autocovariance(), "no finite variance"),
    ],
)
def test_errors_say_why_there_is_no_long_run(ask, words):
    with pytest.raises(FitError, match=words):
        ask()
