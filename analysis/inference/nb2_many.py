"""The coefficients of many negative binomial regressions on one design, fitted side by side."""

import numpy as np

from analysis.inference.nb2 import NEAR, SETTLED, STEPS, Floats


def fit_means(
    counts: Floats,
    design: Floats,
    offset: Floats | float,
    dispersion: Floats | float,
    start: Floats,
) -> Floats:
    """Solve the score equations of m series for their coefficients, the dispersion held.

    Parameters
    ----------
    counts : Floats
        Shape (m, n).
    design : Floats
        Shape (n, k).
    offset : Floats or float
        Shape (n,).
    dispersion : Floats or float
        alpha of each series, shape (m, 1), or of all.
    start : Floats
        Shape (k,): where each begins, such as the fit that the series were drawn from.

    Returns
    -------
    Floats
        Shape (m, k); NaN for series without a maximum, such as zeros only.

    Examples
    --------
    >>> counts = np.array([[1.0, 3.0], [4.0, 4.0]])
    >>> fit_means(counts, np.ones((2, 1)), 0.0, 0.5, np.zeros(1)).round(4)
    array([[0.6931],
           [1.3863]])
    """
    m, k = len(counts), design.shape[1]
    products = (design[:, :, np.newaxis] * design[:, np.newaxis, :]).reshape(-1, k * k)
    coefs = np.tile(start, (m, 1)).astype(float)
    open_, change = np.arange(m), np.full(m, np.inf)
    alphas = np.broadcast_to(dispersion, (m, 1))
    for _ in range(STEPS):
        mean = np.exp(np.clip(coefs[open_] @ design.T + offset, -700.0, 700.0))
        spread = 1 + alphas[open_] * mean
        observed = (1 + alphas[open_] * counts[open_]) / spread
        curvature = np.where(change[:, np.newaxis] < NEAR, observed, 1.0) * mean / spread
        information = (curvature @ products).reshape(-1, k, k)
        gradient = ((counts[open_] - mean) / spread) @ design
        # A series whose mean runs to zero has no information left; it never settles.
        information += 1e-12 * np.eye(k)
        step = np.linalg.solve(information, gradient[..., np.newaxis])[..., 0]
        change = np.abs(step @ design.T).max(axis=1)
        coefs[open_] += step * np.minimum(1.0, 2.0 / np.maximum(change, 1e-300))[:, np.newaxis]
        open_, change = open_[change >= SETTLED], change[change >= SETTLED]
        if not open_.size:
            return coefs
    coefs[open_] = np.nan
    return coefs
