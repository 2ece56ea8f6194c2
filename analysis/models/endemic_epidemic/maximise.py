"""The maximum of the (penalised) likelihood, or given coefficients taken for it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic.climb import Climb, factorise
from analysis.models.endemic_epidemic.likelihood import Likelihood
from analysis.models.endemic_epidemic.vanishing import Pins

STEPS: Final = 300


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the likelihood is highest.

    Attributes
    ----------
    theta : Floats
        Shape (k,); -inf for parts and dispersions at 0.
    free : NDArray[np.bool_]
        Shape (k,): coefficients not pinned.
    loglik : float
        Without penalty.
    score : Floats
        Shape (k,), of the penalised likelihood; 0 at pinned coefficients.
    information : Floats
        Observed information without penalty, shape (k, k).
    covariance : Floats
        Inverse of the penalised information of the free coefficients, shape (k, k); NaN at pins.
    criterion : float
        max |score_i| se_i over the free coefficients.
    """

    theta: Floats
    free: NDArray[np.bool_]
    loglik: float
    score: Floats
    information: Floats
    covariance: Floats
    criterion: float


def maximise(
    likelihood: Likelihood,
    start: Floats,
    precision: Floats | None = None,
    near_enough: float = 0.0,
) -> Maximum:
    """Climb to the maximum of the (penalised) likelihood.

    Parameters
    ----------
    likelihood : Likelihood
    start : Floats
        Shape (k,), a point where the likelihood is finite; -inf for what starts pinned.
    precision : Floats, optional
        Shape (k,): penalty ``-precision theta**2 / 2``; 0 for fixed effects.
    near_enough : float
        See `Climb`; above 0 the criterion of `Maximum` may not be met.

    Returns
    -------
    Maximum

    Raises
    ------
    FitError
        If the climb does not settle, or a direction is flat.
    """
    climb = Climb(likelihood, start, precision, near_enough)
    pins = Pins(climb)
    pins.adopt()
    for _ in range(STEPS):
        pins.pin()
        if climb.step() and not pins.release():
            return _sum_up(climb)
    raise FitError(
        f"The endemic-epidemic fit did not settle in {STEPS} steps.",
        "Take fewer terms, or a longer period.",
    )


def evaluate_at(likelihood: Likelihood, theta: Floats, precision: Floats | None = None) -> Maximum:
    """Take given coefficients for the maximum; -inf marks parts at 0."""
    climb = Climb(likelihood, theta, precision)
    Pins(climb).adopt()
    return _sum_up(climb)


def _sum_up(climb: Climb) -> Maximum:
    """Say where a climb stands."""
    free = np.flatnonzero(climb.free)
    covariance = np.full((len(climb.theta), len(climb.theta)), np.nan)
    information = climb.at.information[np.ix_(free, free)] + np.diag(climb.precision[free])
    factor = factorise(information, 0.0)
    if factor is not None:
        covariance[np.ix_(free, free)] = cho_solve(factor, np.eye(len(free)))
    errors = np.sqrt(np.diag(covariance))
    terms = np.abs(climb.score[free]) * errors[free]
    return Maximum(
        theta=climb.theta,
        free=climb.free,
        loglik=climb.at.loglik,
        score=climb.score,
        information=climb.at.information,
        covariance=covariance,
        criterion=float(terms.max(initial=0.0)),
    )
