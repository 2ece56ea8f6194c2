"""What an INGARCH model is built from besides counts: covariates and lags, checked once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_covariates import by_night

#: What of a covariate (of mean square 1) the others leave unexplained, when it is dependent.
DEPENDENT: Final = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Covariates:
    """Covariates of successive nights.

    Attributes
    ----------
    rows : Floats
        Shape (n, r).
    names : tuple of str
    external : NDArray[np.bool_]
        Shape (r,): those that act on the current night only.
    """

    rows: Floats
    names: tuple[str, ...]
    external: NDArray[np.bool_]


def read_lags(lags: Sequence[int] | int, name: str, nights: int) -> tuple[int, ...]:
    """Lags as a sorted tuple of distinct whole numbers >= 1."""
    given = list(lags) if isinstance(lags, Iterable) else [lags]
    whole = all(isinstance(lag, int | np.integer) and not isinstance(lag, bool) for lag in given)
    if not whole or any(not 1 <= lag < nights for lag in given):
        raise FitError(
            f"{name} is {lags!r}, the series has {nights} nights.",
            "Give lags in nights, shorter than the series, as (1, 7).",
        )
    if len(set(given)) < len(given):
        raise FitError(f"{name} is {lags!r}: a lag is repeated.", "Give each lag once.")
    return tuple(sorted(int(lag) for lag in given))


def read_covariates(
    exog: pd.Series | pd.DataFrame | ArrayLike | None,
    external: bool | Sequence[str],
    index: pd.Index,
) -> Covariates:
    """Covariates for the nights of ``index``, and which of them act on the current night only.

    Raises
    ------
    FitError
        If they do not fit the nights, hold no numbers, or ``external`` names others.
    """
    frame = pd.DataFrame(index=index) if exog is None else by_night("exog", exog, index)
    names = tuple(f"exog_{column}" for column in frame.columns)
    values = frame.to_numpy(dtype=float)
    if isinstance(external, bool):
        return Covariates(values, names, np.full(len(names), external))
    if not isinstance(external, Iterable):
        raise FitError(f"external is {external!r}.", "Give True, False or names of covariates.")
    external = [external] if isinstance(external, str) else list(external)
    unknown = sorted({str(name) for name in external} - {str(c) for c in frame.columns})
    if unknown:
        raise FitError(
            f"external names {', '.join(unknown[:5])}, the covariates are "
            f"{', '.join(str(c) for c in frame.columns) or 'none'}.",
            "Name columns of exog.",
        )
    chosen = [str(column) in {str(name) for name in external} for column in frame.columns]
    return Covariates(values, names, np.array(chosen, dtype=bool))


def require_estimable(
    counts: Floats, covariates: Covariates, n_params: int, has_lags: bool
) -> None:
    """Refuse counts and covariates that cannot determine the parameters.

    ``counts`` are those that enter the likelihood, the covariates those of the same nights.
    """
    if len(counts) <= n_params:
        raise FitError(
            f"{len(counts)} nights with numbers cannot determine {n_params} parameters.",
            "Give a longer series, or fewer lags and covariates.",
        )
    if not counts.any():
        raise FitError(
            f"All {len(counts)} nights with numbers are zero.", "Choose a series with claims."
        )
    if has_lags and np.ptp(counts) == 0:
        raise FitError(
            f"All {len(counts)} nights with numbers have the count {counts[0]:g}: nothing can "
            "follow from the nights before.",
            "Leave out past_obs and past_mean, or choose a series that varies.",
        )
    require_independent(covariates)


def require_independent(covariates: Covariates) -> None:
    """Refuse covariates that are zero or follow from those before them and a constant."""
    n = len(covariates.rows)
    design = np.column_stack([np.ones(n), covariates.rows])
    length = np.sqrt((design**2).mean(axis=0))
    unit = design / np.where(length > 0, length, 1.0)
    own = np.abs(np.diag(np.linalg.qr(unit, mode="r"))) / np.sqrt(n)
    own = np.append(own, np.zeros(design.shape[1] - len(own)))
    dependent = [
        name for name, part in zip(covariates.names, own[1:], strict=True) if part < DEPENDENT
    ]
    if dependent:
        raise FitError(
            f"Covariates that are zero or follow from the others and the intercept on the nights "
            f"with numbers: {', '.join(dependent[:5])}.",
            "Leave them out.",
        )
