"""Parameters that people give instead of a fit, checked once for all models."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import as_floats

#: Dispersions between 0 and this are Poisson to the last digit, those above its inverse no law.
LEAST_DISPERSION: Final = 1e-12


def read_params(given: Any, names: Sequence[str]) -> Floats:  # noqa: ANN401 - whatever people give
    """Parameters in the order of ``names``: given by these, or in their order.

    Returns
    -------
    Floats
        Not NaN, though perhaps infinite.

    Raises
    ------
    FitError
        If a parameter is missing, unknown or no number.

    Examples
    --------
    >>> read_params({"growth": 0.1, "intercept": 2.0}, ["intercept", "growth"]).tolist()
    [2.0, 0.1]
    """
    if isinstance(given, Mapping | pd.Series):
        named = {str(name): value for name, value in dict(given).items()}
        lost, strange = sorted(set(names) - set(named)), sorted(set(named) - set(names))
        if lost or strange:
            raise FitError(
                f"Parameters are missing ({', '.join(lost[:5]) or 'none'}) or unknown "
                f"({', '.join(strange[:5]) or 'none'}).",
                f"Give a number for each of {_told(names)}.",
            )
        given = [named[name] for name in names]
    values = as_floats("The parameters", given)
    if values.shape != (len(names),):
        raise FitError(
            f"The model has {len(names)} parameters, the shape of those given is {values.shape}.",
            f"Give a number for each of {_told(names)}.",
        )
    if np.isnan(values).any():
        lost = [name for name, value in zip(names, values, strict=True) if np.isnan(value)]
        raise FitError(
            f"A parameter is no number: {', '.join(lost[:5])}.", "Give a number for each."
        )
    return values


def read_dispersion(given: object) -> float:
    """Return a dispersion: NB2 alpha, 0.0 for Poisson.

    Raises
    ------
    FitError
        If it is neither 0 nor a number from 1e-12 to 1e12.

    Examples
    --------
    >>> read_dispersion(-1)
    Traceback (most recent call last):
    analysis.errors.FitError: The dispersion is -1. Give 0 (Poisson), or a number from 1e-12 to \
1e+12.
    """
    if isinstance(given, float | int | np.number) and not isinstance(given, bool):
        found = float(given)
        if found == 0 or LEAST_DISPERSION <= found <= 1 / LEAST_DISPERSION:
            return found
    raise FitError(
        f"The dispersion is {given!r}.",
        f"Give 0 (Poisson), or a number from {LEAST_DISPERSION:g} to {1 / LEAST_DISPERSION:g}.",
    )


def _told(names: Sequence[str]) -> str:
    """At most five names."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
