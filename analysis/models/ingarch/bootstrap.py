"""Parametric bootstrap: refits to series simulated from a fit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.ingarch.forecasting import simulate_anew
from analysis.models.ingarch.objective import to_params

if TYPE_CHECKING:
    from analysis.models.ingarch.results import INGARCHResults

#: Refits below which there is no covariance.
FEWEST: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Refits:
    """Estimates of the refits that succeeded, one row each.

    Attributes
    ----------
    params : Floats
        (b0, beta, alpha, eta).
    internal : Floats
        The same in internal parameters, with the dispersion last where the fit maximises over it.
    dispersions : Floats
    failed : int
        Refits without a maximum.
    """

    params: Floats
    internal: Floats
    dispersions: Floats
    failed: int


def bootstrap_fits(results: "INGARCHResults", draws: int, rng: np.random.Generator | int) -> Refits:
    """Simulate ``draws`` series from a fit, with its gaps and covariates, and fit each again."""
    fits, failed = [], 0
    model, method = results.model, results.method
    for counts in simulated_counts(results, draws, np.random.default_rng(rng)):
        obj = model.objective(method, counts)
        try:
            fits.append(model.estimate(method, obj, results.start_for(obj)))
        except FitError:
            failed += 1
    if len(fits) < FEWEST:
        raise FitError(
            f"Only {len(fits)} of {draws} refits to simulated series succeeded.",
            "Ask for more draws, or for cov_type='sandwich'.",
        )
    return Refits(
        params=np.array([to_params(fit.at.rec, fit.theta) for fit in fits]),
        internal=np.array([fit.maximum.x for fit in fits]),
        dispersions=np.array([fit.dispersion for fit in fits]),
        failed=failed,
    )


def simulated_counts(results: "INGARCHResults", draws: int, rng: np.random.Generator) -> Floats:
    """Series simulated from the fit, NaN where the counts have gaps, shape (draws, n)."""
    counts = simulate_anew(results, None, draws, None, rng).astype(float)
    counts[:, results.model.recursion.gaps] = np.nan
    return counts
