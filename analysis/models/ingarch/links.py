"""The two links: how a mean becomes a linear predictor, and a count a regressor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from analysis.inference.nb2 import Floats


@dataclass(frozen=True, slots=True)
class Link:
    """A link and what the recursion needs of it; every function works elementwise.

    Attributes
    ----------
    name : str
        "identity" or "log".
    regressor : Callable
        Of a past count y: y itself, or log(y + 1).
    mean, slope, curvature : Callable
        Of a linear predictor nu: the mean, and its first two derivatives.
    stand_in, stand_in_slope, stand_in_curvature : Callable
        What takes the place of the regressor after a night without a number, as a function
        of that night's nu: the regressor of its conditional mean; and its derivatives.
    """

    name: str
    regressor: Callable[[Floats], Floats]
    mean: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    curvature: Callable[[Floats], Floats]
    stand_in: Callable[[Floats], Floats]
    stand_in_slope: Callable[[Floats], Floats]
    stand_in_curvature: Callable[[Floats], Floats]


def _itself(values: Floats) -> Floats:
    return values


def _logistic_curvature(nu: Floats) -> Floats:
    share: Floats = expit(nu)
    return share * (1 - share)


def _softplus(nu: Floats) -> Floats:
    return np.logaddexp(0.0, nu)


IDENTITY: Final = Link(
    "identity", _itself, _itself, np.ones_like, np.zeros_like, _itself, np.ones_like, np.zeros_like
)
LOG: Final = Link("log", np.log1p, np.exp, np.exp, np.exp, _softplus, expit, _logistic_curvature)
LINKS: Final = {link.name: link for link in (IDENTITY, LOG)}
