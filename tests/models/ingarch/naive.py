"""INGARCH by plain loops and complex numbers: slow, and independent of the package.

A derivative is the imaginary part at a complex step of 1e-30, exact to the last digit.
"""

import numpy as np
from scipy.special import loggamma

STEP = 1e-30


def split(params, spec):
    p, q = len(spec["past_obs"]), len(spec["past_mean"])
    return params[0], params[1 : 1 + p], params[1 + p : 1 + p + q], params[1 + p + q :]


def presample(params, y, spec):
    b0, beta, alpha, _ = split(params, spec)
    first = y[~np.isnan(y)][0]
    return {
        "marginal": b0 / (1 - sum(beta) - sum(alpha)),
        "iid": b0,
        "firstobs": np.log(first + 1) if spec["link"] == "log" else first,
        "zero": 0.0,
    }[spec["init"]]


def linear_predictor(params, y, x, spec, z_before=None):
    """nu, shape (n,). ``z_before`` fixes z before the first night, as R's gradient takes it."""
    b0, beta, alpha, eta = split(params, spec)
    nu_before = presample(params, y, spec)
    z_before = nu_before if z_before is None else z_before
    is_log = spec["link"] == "log"
    acting = np.asarray(x) * np.asarray(spec["external"], dtype=float)
    nu = np.zeros(len(y), dtype=complex)
    z = np.zeros(len(y), dtype=complex)
    for t in range(len(y)):
        nu[t] = b0 + x[t] @ eta
        for lag, coefficient in zip(spec["past_obs"], beta):
            nu[t] += coefficient * (z[t - lag] if t >= lag else z_before)
        for lag, coefficient in zip(spec["past_mean"], alpha):
            past = nu[t - lag] - acting[t - lag] @ eta if t >= lag else nu_before
            nu[t] += coefficient * past
        if np.isnan(y[t]):
            z[t] = np.log(1 + np.exp(nu[t])) if is_log else nu[t]
        else:
            z[t] = np.log(y[t] + 1) if is_log else y[t]
    return nu


def mean_of(nu, spec):
    return np.exp(nu) if spec["link"] == "log" else nu


def loglik(params, dispersion, y, x, spec, skipped=0):
    """NB2 log-likelihood with all constants; Poisson at dispersion 0."""
    mean = mean_of(linear_predictor(params, y, x, spec), spec)
    kept = ~np.isnan(y) & (np.arange(len(y)) >= skipped)
    y, mean = y[kept], mean[kept]
    if dispersion == 0:
        return (y * np.log(mean) - mean - loggamma(y + 1)).sum()
    size = 1 / dispersion
    terms = loggamma(y + size) - loggamma(size) - loggamma(y + 1)
    return (
        terms + size * np.log(size / (size + mean)) + y * np.log(mean / (size + mean))
    ).sum()


def gradient(function, at):
    """Exact derivatives of a function of an array, by complex steps."""
    at = np.asarray(at, dtype=complex)
    steps = 1j * STEP * np.eye(len(at))
    return np.array([np.imag(function(at + step)) / STEP for step in steps])


def hessian(function, at, width=1e-5):
    """Central differences of sixth order of exact gradients."""
    at = np.asarray(at, dtype=float)
    columns = []
    for direction in np.eye(len(at)):
        h = width * max(1.0, abs(at @ direction)) * direction
        shifted = [gradient(function, at + k * h) - gradient(function, at - k * h) for k in (1, 2, 3)]
        slope = (45 * shifted[0] - 9 * shifted[1] + shifted[2]) / 60
        columns.append(slope / np.abs(h).max())
    return np.array(columns)


def mean_slopes(params, y, x, spec, forgetful=False):
    """Derivatives of the means, (n, k); ``forgetful`` as R: z before the first night is a constant."""
    fixed = presample(params, y, spec) if forgetful else None

    def means(at):
        return mean_of(linear_predictor(at, y, x, spec, fixed), spec)

    at = np.asarray(params, dtype=complex)
    return np.array([np.imag(means(at + step)) / STEP for step in 1j * STEP * np.eye(len(at))]).T
