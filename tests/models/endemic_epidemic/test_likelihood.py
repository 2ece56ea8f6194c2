"""The kernel: score and information against complex steps and differences, limits, gaps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import gammaln, loggamma
from scipy.stats import nbinom, poisson

from analysis.models.endemic_epidemic.components import Component, Problem
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.negbin_terms import gamma_total, mean_total, tabulate
from analysis.models.endemic_epidemic.neighbours import PowerLaw, neighbour_orders, power_weights

LINE = np.diag(np.ones(3), 1) + np.diag(np.ones(3), -1)


def make_problem(family="negbin1", *, power=False, random=False, seed=5):
    """Four units on a line, 40 nights, every kind of column, a few cells not seen."""
    rng = np.random.default_rng(seed)
    counts = rng.negative_binomial(3, 0.3, (41, 4)).astype(float)
    past, counts = counts[:-1], counts[1:]
    seen = rng.random(counts.shape) > 0.1
    seen[:, 3] &= np.arange(40) > 3
    counts = np.where(seen, counts, 0.0)
    time = np.column_stack([np.ones(40), np.sin(np.arange(40))])
    cells = rng.normal(size=(40, 4, 2))
    none = np.zeros((40, 4, 0))
    offset = np.where(seen, rng.uniform(0.5, 2.0, (40, 4)), 0.0)
    weights = LINE / LINE.sum(axis=1, keepdims=True)
    components = (
        Component("ar", time[:, :0], cells[:, :, :1], True, past * seen, intercept=False),
        Component("ne", time, none, False, (past @ weights) * seen),
        Component("end", time, cells, random, offset),
    )
    groups = {"poisson": None, "negbin1": np.zeros(4, int), "negbinM": np.arange(4)}[family]
    law = PowerLaw(neighbour_orders(LINE), past, True, seen * 1.0) if power else None
    return Problem(
        counts, seen, components, groups, law, 1 if power else -1, (2,) if random else ()
    )


CASES = {
    "poisson": {"family": "poisson"},
    "negbin1": {},
    "negbinM": {"family": "negbinM"},
    "power-law": {"power": True},
    "power-law-negbinM": {"family": "negbinM", "power": True},
    "random": {"random": True, "family": "negbinM"},
}


@pytest.fixture(params=CASES.values(), ids=CASES)
def likelihood(request):
    return Likelihood(make_problem(**request.param))


def away_from_the_optimum(likelihood, seed=2):
    return np.random.default_rng(seed).normal(-0.7, 0.4, likelihood.layout.size)


def complex_loglik(likelihood, theta):
    """The log-likelihood written down a second time, for complex coefficients."""
    problem, layout = likelihood.problem, likelihood.layout
    mean = 0
    for number, (part, index) in enumerate(zip(problem.components, layout.components, strict=True)):
        p, q = part.time.shape[1], part.cells.shape[2]
        coef = theta[index]
        predictor = (part.time @ coef[:p])[:, None] + part.cells @ coef[p : p + q]
        if part.per_unit:
            predictor = predictor + coef[p + q :]
        base = part.base
        if problem.power is not None and number == problem.power_at:
            orders = problem.power.orders
            raw = (
                np.where(orders > 0, 1.0 * np.where(orders > 0, orders, 1.0), 1.0)
                ** -theta[layout.decay]
            )
            raw = np.where(orders > 0, raw, 0)
            base = problem.power.past @ (raw / raw.sum(axis=1)[:, None]) * problem.power.offset
        mean = mean + np.exp(predictor) * base
    y = problem.counts
    mean = np.where(problem.seen, mean, 1.0)
    if problem.groups is None:
        terms = y * np.log(mean) - mean - gammaln(y + 1)
    else:
        size = np.exp(-theta[layout.dispersion])[problem.groups]
        terms = (
            loggamma(y + size)
            - loggamma(size + 0j)
            - gammaln(y + 1)
            + y * np.log(mean / (size + mean))
            + size * np.log(size / (size + mean))
        )
    return terms[problem.seen].sum()


def test_loglik_is_the_one_written_down_again(likelihood):
    theta = away_from_the_optimum(likelihood)
    assert_allclose(likelihood.loglik(theta), complex_loglik(likelihood, theta).real, rtol=1e-12)
    assert_allclose(likelihood.evaluate(theta).loglik, likelihood.loglik(theta), rtol=1e-13)


def test_score_is_the_complex_step(likelihood):
    theta = away_from_the_optimum(likelihood)
    steps = np.array(
        [
            complex_loglik(likelihood, theta + 1e-30j * unit).imag / 1e-30
            for unit in np.eye(len(theta))
        ]
    )
    assert_allclose(likelihood.evaluate(theta).score, steps, rtol=1e-9, atol=1e-9)


def test_information_is_the_difference_of_scores(likelihood):
    theta = away_from_the_optimum(likelihood)
    step = 1e-3
    slopes = []
    for unit in np.eye(len(theta)):
        near, far = (
            likelihood.evaluate(theta + k * step * unit).score
            - likelihood.evaluate(theta - k * step * unit).score
            for k in (1, 2)
        )
        slopes.append((8 * near - far) / (12 * step))
    information = likelihood.evaluate(theta).information
    assert_allclose(information, information.T, atol=1e-9)
    assert_allclose(-np.array(slopes), information, rtol=1e-7, atol=1e-6)


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=8),
    st.floats(0.05, 200),
    st.floats(1e-7, 30),
)
def test_terms_add_up_to_the_law_of_scipy(counts, mean, alpha):
    y = np.array(counts, dtype=float)[:, np.newaxis]
    seen, groups = np.ones(y.shape, dtype=bool), np.zeros(1, dtype=int)
    table = tabulate(y, seen, groups)
    means = np.full(y.shape, mean)

    def total(alpha):
        one = np.array([alpha])
        return mean_total(y, seen, means, one) + gamma_total(table, one) + table.constant

    size = 1 / alpha
    law = nbinom.logpmf(y, size, size / (size + mean)).sum()
    assert_allclose(total(alpha), law, rtol=1e-6, atol=1e-6)
    assert_allclose(total(0.0), poisson.logpmf(y, mean).sum(), rtol=1e-9, atol=1e-9)
    assert gamma_total(table, np.zeros(1)) == 0.0


def test_a_count_where_the_mean_is_zero_is_impossible():
    likelihood = Likelihood(make_problem())
    theta = away_from_the_optimum(likelihood)
    for index in likelihood.layout.components[1:]:
        theta[index[0]] = -np.inf
    theta[likelihood.layout.components[0][1:]] = -np.inf
    assert likelihood.loglik(theta) == -np.inf
    assert likelihood.evaluate(theta).loglik == -np.inf


def test_cells_not_seen_do_not_matter():
    problem = make_problem("negbinM")
    theta = away_from_the_optimum(Likelihood(problem))
    before = Likelihood(problem).evaluate(theta)
    for component in problem.components:
        component.cells[~problem.seen] = 123.0
    after = Likelihood(problem).evaluate(theta)
    assert_allclose(after.loglik, before.loglik, rtol=1e-13)
    assert_allclose(after.score, before.score, atol=1e-9)


def test_power_weights_have_their_derivatives():
    orders = neighbour_orders(LINE)
    for normalised in (True, False):
        weights, slope, bend = power_weights(orders, 1.3, normalised)
        step = 1e-4
        up, down = (power_weights(orders, 1.3 + s, normalised)[0] for s in (step, -step))
        assert_allclose(slope, (up - down) / (2 * step), atol=1e-7)
        assert_allclose(bend, (up - 2 * weights + down) / step**2, atol=1e-6)
    assert_allclose(power_weights(orders, 1.3)[0].sum(axis=1), 1.0)


def test_orders_are_those_of_any_memory_layout():
    """scipy's dense search ignores its own error on arrays that are not contiguous."""
    big = np.zeros((4, 8))
    big[:, ::2] = LINE
    assert_allclose(neighbour_orders(big[:, ::2].T), neighbour_orders(LINE))
    assert neighbour_orders(LINE)[0, 3] == 3
    islands = np.zeros((2, 2))
    assert neighbour_orders(islands)[0, 1] == np.inf
    assert_allclose(power_weights(neighbour_orders(islands), 1.0)[0], 0.0)
