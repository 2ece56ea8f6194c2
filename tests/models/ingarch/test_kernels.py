"""The kernels of INGARCH against plain loops, away from the optimum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.signal import lfilter
from scipy.special import loggamma
from scipy.stats import nbinom, poisson

from analysis.errors import FitError
from analysis.models.ingarch.layout import lay_out
from analysis.models.ingarch.likelihood import count_values, likelihood_terms
from analysis.models.ingarch.links import LINKS
from analysis.models.ingarch.newton import Bounds, maximise
from analysis.models.ingarch.objective import (
    Evaluation,
    evaluate,
    from_params,
    objective_of,
    params_derivatives,
    to_params,
)
from analysis.models.ingarch.recursion import linear_predictor
from tests.models.ingarch import naive


@st.composite
def models(draw):
    """A model, its counts with gaps, covariates, and parameters that are no optimum of anything."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    link = draw(st.sampled_from(["identity", "log"]))
    past_obs = draw(st.sampled_from([(), (1,), (1, 3), (2,)]))
    past_mean = draw(st.sampled_from([(), (1,), (1, 2), (4,)]))
    r = draw(st.integers(0, 2))
    n = 30
    y = rng.poisson(4, n).astype(float)
    y[rng.random(n) < draw(st.sampled_from([0.0, 0.2]))] = np.nan
    y[4] = 2.0
    spec = {
        "past_obs": past_obs,
        "past_mean": past_mean,
        "link": link,
        "init": draw(st.sampled_from(["marginal", "iid", "firstobs", "zero"])),
        "external": rng.random(r) < 0.5,
    }
    x = rng.random((n, r))
    size = len(past_obs) + len(past_mean)
    shares = rng.dirichlet(np.ones(size + 1))[:size] * 0.9
    if link == "log":
        shares *= rng.choice([-1, 1], size, p=[0.2, 0.8])
    effects = rng.uniform(0.05, 0.3, r)
    return spec, y, x, np.concatenate([[0.7], shares, effects]), draw(st.sampled_from([0.0, 0.4]))


def objective(spec, y, x, *, has_dispersion, skipped=0):
    lags = spec["past_obs"], spec["past_mean"]
    rec = lay_out(y, x, spec["external"], lags, LINKS[spec["link"]], spec["init"])
    return objective_of(rec, skipped=skipped, has_dispersion=has_dispersion)


@given(models())
@settings(max_examples=60)
def test_likelihood_gradient_and_hessian_are_those_of_plain_loops(model):
    spec, y, x, params, dispersion = model
    joint = dispersion > 0
    obj = objective(spec, y, x, has_dispersion=joint)
    theta = from_params(obj.rec, params)
    assert_allclose(to_params(obj.rec, theta), params, rtol=1e-12)
    found = evaluate(obj, np.append(theta, dispersion) if joint else theta)
    ours = params_derivatives(obj.rec, theta, found)

    def function(at):
        return naive.loglik(at[:-1] if joint else at, at[-1] if joint else 0.0, y, x, spec)

    at = np.append(params, dispersion) if joint else params
    assert_allclose(ours.value, np.real(function(at)), rtol=1e-10)
    gradient = naive.slopes(function, at)
    assert_allclose(ours.gradient, gradient, rtol=1e-9, atol=1e-9 * np.abs(gradient).max())
    curvature = naive.hessian(function, at)
    assert_allclose(ours.hessian, curvature, rtol=1e-6, atol=1e-7 * np.abs(curvature).max())


@pytest.mark.parametrize("init", ["marginal", "iid", "firstobs", "zero"])
def test_without_gaps_the_recursion_is_a_filter(init):
    y = np.random.default_rng(2).poisson(6, 80).astype(float)
    empty = np.empty((80, 0)), np.empty(0, dtype=bool)
    rec = lay_out(y, *empty, ((1,), (1, 2)), LINKS["identity"], init)
    level, beta, alpha, gamma = 5.0, 0.3, 0.2, 0.1
    before = {"marginal": level, "iid": level, "firstobs": y[0], "zero": 0.0}[init]
    constant = level * (1 - beta - alpha - gamma) if init == "marginal" else level
    driven = constant + beta * np.concatenate([[before], y[:-1]])
    state = [alpha * before + gamma * before, gamma * before]
    expected, _ = lfilter([1.0], [1.0, -alpha, -gamma], driven, zi=state)
    nu = linear_predictor(rec, np.array([level, beta, alpha, gamma])).nu
    assert_allclose(nu, expected, rtol=1e-13)


def test_a_missing_count_stands_in_with_its_mean():
    y = np.array([4.0, 7, np.nan, np.nan, 3, 5])
    empty = np.empty((6, 0)), np.empty(0, dtype=bool)
    for link, regressor in (("identity", lambda m: m), ("log", np.log1p)):
        rec = lay_out(y, *empty, ((1, 2), (1,)), LINKS[link], "iid")
        theta = np.array([0.8, 0.3, 0.1, 0.4])
        nu = linear_predictor(rec, theta).nu
        filled = y.copy()
        for night in (2, 3):  # one after the other, as the mean of the second needs the first
            whole = lay_out(
                np.where(np.isnan(filled), 0, filled), *empty, ((1, 2), (1,)), LINKS[link], "iid"
            )
            filled[night] = LINKS[link].mean(linear_predictor(whole, theta).nu)[night]
        whole = lay_out(filled, *empty, ((1, 2), (1,)), LINKS[link], "iid")
        assert_allclose(nu, linear_predictor(whole, theta).nu, rtol=1e-12)
        assert_allclose(whole.lagged[3, 0], regressor(filled[2]))


@pytest.mark.parametrize("a", [1e-9, 1e-6, 1e-4, 0.0021, 0.019, 0.021, 0.3, 4.0])
def test_likelihood_and_derivatives_at_every_dispersion(a):
    rng = np.random.default_rng(4)
    y = np.concatenate([rng.negative_binomial(2, 0.1, 60), [0, 0, 1, 2, 4000]]).astype(float)
    mean = rng.gamma(3, 6, y.size)
    terms = likelihood_terms(count_values(y), mean, a)
    step = 1e-30j

    def value(mu, alpha):
        # The product form of the NB2 probability, which loses no digits for small alpha.
        rise = np.array([np.log(1 + alpha * np.arange(int(k))).sum() for k in y])
        tail = (y + 1 / alpha) * np.log(1 + alpha * mu)
        return rise - loggamma(y + 1) + y * np.log(mu) - tail

    if a > 1e-3:
        assert_allclose(terms.value, nbinom.logpmf(y, 1 / a, 1 / (1 + a * mean)), rtol=1e-9)
    assert_allclose(terms.value, np.real(value(mean, a)), rtol=1e-6 if a < 1e-6 else 1e-9)
    assert_allclose(terms.m, np.imag(value(mean + step, a)) / 1e-30, rtol=1e-8, atol=1e-8)
    j = [np.arange(k) for k in y]
    x = a * mean
    excess = np.array([(i / (1 + a * i)).sum() for i in j])
    series = sum((-1) ** k * (k - 1) / k * x ** (k - 2) for k in range(2, 40))
    fall = np.where(x < 0.2, series, (np.log1p(x) - x / (1 + x)) / x**2)
    slope = excess + mean**2 * fall - y * mean / (1 + x)
    assert_allclose(terms.a, slope, rtol=1e-8, atol=1e-8 * np.abs(slope).max())
    h = 1e-4 * a
    beside = [likelihood_terms(count_values(y), mean, a + k * h) for k in (-2, -1, 1, 2)]
    central = (beside[0].a - 8 * beside[1].a + 8 * beside[2].a - beside[3].a) / (12 * h)
    noise = 1e-14 * np.abs(slope).max() / h
    assert_allclose(terms.aa, central, rtol=1e-5, atol=noise + 1e-6 * np.abs(central).max())
    assert_allclose(terms.mm, -y / mean**2 + a * (1 + a * y) / (1 + x) ** 2, rtol=1e-12)
    assert_allclose(terms.ma, -(y - mean) / (1 + x) ** 2, rtol=1e-12)


def test_the_poisson_limit_is_continuous():
    y = np.array([0.0, 1, 2.5, 9, 40])
    mean = np.array([0.5, 2, 3, 7, 44])
    limit, near = (likelihood_terms(count_values(y), mean, a) for a in (0.0, 1e-8))
    assert_allclose(limit.value[[0, 1, 3, 4]], poisson.logpmf(y, mean)[[0, 1, 3, 4]], rtol=1e-13)
    for name in ("value", "m", "mm", "a", "aa", "ma"):
        assert_allclose(getattr(near, name), getattr(limit, name), rtol=1e-5, atol=1e-6)
    assert_allclose(limit.a, ((y - mean) ** 2 - y) / 2)


def quadratic(centre, curvature):
    def value(x):
        away = x - centre
        return Evaluation(-0.5 * away @ curvature @ away, -curvature @ away, -curvature)

    return value


def test_newton_finds_maxima_inside_on_one_and_on_two_bounds():
    curvature = np.array([[2.0, 0.5], [0.5, 1.0]])
    bounds = Bounds(np.array([[1.0, 0], [0, 1], [-1, -1]]), np.array([0.0, 0, -1]), ("a", "b", "c"))
    start = np.array([0.2, 0.2])
    inside = maximise(quadratic(np.array([0.3, 0.4]), curvature), start, bounds)
    assert_allclose(inside.x, [0.3, 0.4], rtol=1e-12)
    assert inside.active == ()
    on_one = maximise(quadratic(np.array([1.0, 1.0]), curvature), start, bounds)
    assert on_one.active == (2,)
    assert_allclose(on_one.x, [0.75, 0.25], rtol=1e-12)
    # Lagrange: gradient + multiplier * normal = 0.
    assert_allclose(on_one.found.gradient, on_one.multipliers[0] * np.ones(2), rtol=1e-10)
    assert on_one.multipliers[0] > 0
    corner = maximise(quadratic(np.array([-1.0, -2.0]), curvature), start, bounds)
    assert set(corner.active) == {0, 1}
    assert corner.x.tolist() == [0.0, 0.0]
    assert (corner.multipliers > 0).all()


def test_newton_leaves_a_bound_that_pulls():
    """From a start on a bound whose other side is not better."""
    bounds = Bounds(np.eye(2), np.zeros(2), ("a", "b"))
    curvature = np.array([[1.0, -0.9], [-0.9, 1.0]])
    found = maximise(quadratic(np.array([2.0, 3.0]), curvature), np.array([0.0, 5.0]), bounds)
    assert_allclose(found.x, [2.0, 3.0], rtol=1e-10)
    assert found.active == ()


def test_newton_says_when_there_is_no_maximum():
    def climbing(x):
        return Evaluation(float(-np.exp(-x[0])), np.exp(-x), -np.exp(-x)[:, np.newaxis])

    free = Bounds(np.empty((0, 1)), np.empty(0), ())
    with pytest.raises(FitError, match="no maximum"):
        maximise(climbing, np.zeros(1), free)
    with pytest.raises(FitError, match="where the search for a fit begins"):
        maximise(lambda _: None, np.zeros(1), free)
