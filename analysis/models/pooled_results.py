"""One model fitted to several draws of open counts, combined by Rubin's rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.imputations import pool_imputations
from analysis.models.predictive import MixtureForecast, pool_forecasts
from analysis.models.results import CountResults, like, normal_quantile
from analysis.random_source import random_source


@dataclass(frozen=True, slots=True, eq=False)
class PooledResults:
    """Fits of one model to the draws of one panel, which answer as one.

    Parameters are combined by Rubin's rules, forecasts mixed. Likelihoods and criteria of different
    data do not combine. What only one model knows is asked of the fits:
    `analysis.models.endemic_epidemic` has `decompose` and `eigenvalue_table`.

    Attributes
    ----------
    fits : tuple of CountResults
        One a draw, of the same nights and regions.

    Raises
    ------
    FitError
        If there are no fits, or they are not of one model and the same nights.

    Examples
    --------
    >>> from analysis.models.ingarch import INGARCH
    >>> fits = [INGARCH([3, 5, 2, 6, 4, 7, 3, 5, c] * 9, past_mean=()).fit() for c in (4, 6)]
    >>> pooled = PooledResults(tuple(fits))
    >>> pooled.params.index.tolist(), pooled.get_forecast(2).shape
    (['intercept', 'past_obs_1'], (2,))
    """

    fits: tuple[CountResults, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "fits", _fits_of_one_model(self.fits))
        seen = [np.isnan(np.asarray(one.endog, dtype=float)) for one in self.fits]
        if any(one.shape != seen[0].shape or (one != seen[0]).any() for one in seen):
            raise FitError(
                "The draws do not have their numbers on the same nights.",
                "Give all draws of one panel.",
            )

    @property
    def endog(self) -> pd.Series | pd.DataFrame:
        """The counts, averaged over draws."""
        return _mean([one.endog for one in self.fits], "observed")

    @property
    def fittedvalues(self) -> pd.Series | pd.DataFrame:
        """What each night was expected to bring, averaged over draws."""
        return _mean([one.fittedvalues for one in self.fits], "fitted")

    @property
    def params(self) -> pd.Series:
        """Estimates over all draws, by name."""
        return self.summary()["estimate"].rename("params")

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Estimates with errors and intervals, as `pool_results` gives them."""
        return pool_results(self.fits, level)

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """`summary` as a long table with the name of the parameter in the column ``term``."""
        return self.summary(level).rename_axis("term").reset_index()

    def glance(self) -> pd.DataFrame:
        """One row about the fits: draws, counts used and missing, mean dispersion, bounds."""
        first = self.fits[0].glance()
        row = {
            "n_draws": len(self.fits),
            **{name: first[name].item() for name in ("nobs", "n_missing", "n_estimated")},
            "dispersion": float(np.mean([one.dispersion for one in self.fits])),
            "at_bound": " ".join(sorted({name for one in self.fits for name in one.at_bound})),
        }
        return pd.DataFrame([row])

    def get_forecast(
        self,
        horizon: int,
        *known: Any,  # noqa: ANN401 - what the model takes, such as covariates
        draws: int = 1000,
        rng: np.random.Generator | int = 0,
        **options: Any,  # noqa: ANN401
    ) -> MixtureForecast:
        """Mix the forecasts of all fits, each with an equal weight.

        Parameters
        ----------
        horizon : int
            Nights ahead.
        *known, **options
            As the model's own ``get_forecast`` takes them.
        draws : int
            Paths or drawn parameters, shared out over the fits; 0 for a closed form where the model
            has one.
        rng : Generator or int
        """
        source = random_source(rng, FitError)
        each = -(-draws // len(self.fits))
        ask: list[Any] = list(self.fits)
        return pool_forecasts(
            [one.get_forecast(horizon, *known, draws=each, rng=source, **options) for one in ask]
        )


def pool_results(results: Sequence[CountResults], level: float = 0.95) -> pd.DataFrame:
    """Combine the parameters of fits of one model to draws of the same panel.

    Estimates are averaged; their variance is that within draws and between them.

    Parameters
    ----------
    results : sequence of CountResults
        One fit a draw, of one model: for instance of each ``draw`` of `nightly_totals`.
    level : float
        Of the intervals.

    Returns
    -------
    pd.DataFrame
        One row per parameter: ``estimate``, ``std_error``, ``lower``, ``upper``, ``level``, ``df``
        (Barnard and Rubin's degrees of freedom; with one draw or equal ones those of the model),
        ``allocation_share`` (share of the variance that lies between draws), ``at_bound`` (share
        of draws whose fit ends at a bound of that parameter). Errors, limits and shares are NaN
        where any does: no interval belongs to a bound. Where some draws end at minus infinity (the
        logarithm of a part that is 0), the estimate is the logarithm of the mean part.

    Raises
    ------
    FitError
        If there are no fits, or they are not of one model.

    Examples
    --------
    >>> from analysis.models.ingarch import INGARCH
    >>> fits = [INGARCH([3, 5, 2, 6, 4, 7, 3, 5, c] * 9, past_mean=()).fit() for c in (4, 6)]
    >>> pool_results(fits).index.tolist()
    ['intercept', 'past_obs_1']
    """
    normal_quantile(level)
    results = _fits_of_one_model(results)
    index = results[0].params.index
    estimates = np.array([one.params.to_numpy() for one in results])
    variances = np.array([np.diag(one.cov) for one in results])
    empty = np.isneginf(estimates).any(axis=0)
    held = np.mean([index.isin(one.at_bound) for one in results], axis=0)
    inside = np.where(empty, 0.0, estimates)
    df = np.mean([one.complete_df.to_numpy() for one in results], axis=0)
    pooled = pool_imputations(inside, variances, df)
    with np.errstate(divide="ignore"):  # the logarithm of a part that is 0 in every draw
        parts = np.log(np.exp(np.where(empty, estimates, 0.0)).mean(axis=0))
    estimate = np.where(empty, parts, pooled.estimate)
    free = held == 0
    half = np.where(free, pooled.half_width(level), np.nan)
    return pd.DataFrame(
        {
            "estimate": estimate,
            "std_error": np.where(free, np.sqrt(pooled.variance), np.nan),
            "lower": estimate - half,
            "upper": estimate + half,
            "level": level,
            "df": np.where(free, pooled.df, np.nan),
            "allocation_share": np.where(free, pooled.allocation_share, np.nan),
            "at_bound": held,
        },
        index=index,
    )


def _fits_of_one_model(results: Sequence[CountResults]) -> tuple[CountResults, ...]:
    """The fits, unless they are none, of several models, or without errors."""
    fits = tuple(results) if isinstance(results, Iterable) else (results,)
    strange = [one for one in fits if not isinstance(one, CountResults)]
    if strange:
        raise FitError(
            f"A {type(strange[0]).__name__} is no fit.",
            "Give a list of results, one for each draw.",
        )
    if any(one.given for one in fits):
        raise FitError("Given parameters have no errors to combine.", "Fit the model to each draw.")
    names = {tuple(one.params.index) for one in fits}
    if len(names) != 1:
        raise FitError(
            f"Fits to combine must be of one model; these {len(fits)} have {len(names)} sets of "
            "parameters.",
            "Fit the same model to each draw.",
        )
    return fits


def _mean(tables: Sequence[pd.Series | pd.DataFrame], name: str) -> pd.Series | pd.DataFrame:
    """The mean of tables of one shape."""
    values = np.mean([np.asarray(one, dtype=float) for one in tables], axis=0)
    return like(tables[0], values, name)
