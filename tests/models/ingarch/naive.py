"""INGARCH by a plain loop over nights and complex numbers: slow, and independent of the package.

A derivative is the imaginary part at a complex step of 1e-30, exact to the last digit. Parameters
may be a matrix (k, s): then everything is done for s sets of parameters side by side.
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
    """nu, shape (n, s). ``z_before`` fixes z before the first night, as R's gradient takes it."""
    params = np.asarray(params, dtype=complex)
    b0, beta, alpha, eta = split(params, spec)
    nu_before = presample(params, y, spec)
    z_before = nu_before if z_before is None else z_before
    is_log = spec["link"] == "log"
    acting = x * np.asarray(spec["external"], dtype=float)
    nu, z = [], []
    for t, count in enumerate(y):
        now = b0 + x[t] @ eta
        for lag, coefficient in zip(spec["past_obs"], beta, strict=True):
            now = now + coefficient * (z[t - lag] if t >= lag else z_before)
        for lag, coefficient in zip(spec["past_mean"], alpha, strict=True):
            past = nu[t - lag] - acting[t - lag] @ eta if t >= lag else nu_before
            now = now + coefficient * past
        nu.append(now)
        if np.isnan(count):
            z.append(np.log(1 + np.exp(now)) if is_log else now)
        else:
            z.append(np.log(count + 1) if is_log else count)
    return np.array(nu)


def mean_of(nu, spec):
    return np.exp(nu) if spec["link"] == "log" else nu


def loglik(params, dispersion, y, x, spec, skipped=0):
    """NB2 log-likelihood with all constants, shape (s,); Poisson at dispersion 0."""
    mean = mean_of(linear_predictor(params, y, x, spec), spec)
    kept = ~np.isnan(y) & (np.arange(len(y)) >= skipped)
    mean = mean[kept]
    y = y[kept].reshape(-1, *(1,) * (mean.ndim - 1))
    if np.all(dispersion == 0):
        return (y * np.log(mean) - mean - loggamma(y + 1)).sum(axis=0)
    size = 1 / dispersion
    terms = loggamma(y + size) - loggamma(size) - loggamma(y + 1)
    tail = size * np.log(size / (size + mean)) + y * np.log(mean / (size + mean))
    return (terms + tail).sum(axis=0)


def slopes(function, at):
    """Exact derivatives at one point (k,), on a new last axis, by complex steps."""
    at = np.asarray(at, dtype=complex)
    return np.imag(function(at[:, np.newaxis] + 1j * STEP * np.eye(len(at)))) / STEP


def hessian(function, at, width=1e-4):
    """Central differences of sixth order of exact gradients, shape (k, k)."""
    at = np.asarray(at, dtype=float)
    rows = []
    for step in np.diag(width * np.maximum(1e-1, np.abs(at))):
        near = [
            slopes(function, at + m * step) - slopes(function, at - m * step) for m in (1, 2, 3)
        ]
        rows.append((45 * near[0] - 9 * near[1] + near[2]) / (60 * step.sum()))
    return np.array(rows)


def mean_slopes(params, y, x, spec, forgetful=False):
    """Derivatives of the means, (n, k); ``forgetful`` as R: z before the first night is a constant."""
    fixed = presample(params, y, spec) if forgetful else None
    return slopes(lambda at: mean_of(linear_predictor(at, y, x, spec, fixed), spec), params)
