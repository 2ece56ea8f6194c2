"""One model fitted to several draws of open counts, combined by Rubin's rules."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from analysis.errors import FitError
from analysis.inference.imputations import pool_imputations
from analysis.models.results import CountResults, normal_quantile


def pool_results(results: Sequence[CountResults], level: float = 0.95) -> pd.DataFrame:
    """Combine fits of one model to draws of the same panel.

    Estimates are averaged; their variance is that within draws and between them. Forecasts are
    mixed instead (`analysis.models.predictive.pool_forecasts`); likelihoods and criteria of
    different data do not combine.

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
        (Barnard and Rubin's degrees of freedom, infinite with one draw or equal ones),
        ``allocation_share`` (share of the variance that lies between draws), ``at_bound`` (share
        of draws whose fit ends at a bound of that parameter). NaN where any does: no interval
        belongs to a bound.

    Raises
    ------
    FitError
        If there are no fits, parameters were given, or the fits are not of one model.

    Examples
    --------
    >>> from analysis.models.ingarch import INGARCH
    >>> fits = [INGARCH([3, 5, 2, 6, 4, 7, 3, 5, c] * 9, past_mean=()).fit() for c in (4, 6)]
    >>> pool_results(fits).index.tolist()
    ['intercept', 'past_obs_1']
    """
    normal_quantile(level)
    results = list(results) if isinstance(results, Iterable) else [results]
    strange = [one for one in results if not isinstance(one, CountResults)]
    if strange:
        raise FitError(
            f"A {type(strange[0]).__name__} is no fit.",
            "Give a list of results, one for each draw.",
        )
    if any(one.given for one in results):
        raise FitError("Given parameters have no errors to combine.", "Fit the model to each draw.")
    names = {tuple(one.params.index) for one in results}
    if len(names) != 1:
        raise FitError(
            f"Fits to combine must be of one model; these {len(results)} have {len(names)} sets of "
            "parameters.",
            "Fit the same model to each draw.",
        )
    index = results[0].params.index
    estimates = np.array([one.params.to_numpy() for one in results])
    variances = np.array([np.diag(one.cov) for one in results])
    pooled = pool_imputations(estimates, variances, np.inf)
    held = np.mean([index.isin(one.at_bound) for one in results], axis=0)
    errors = np.where(held > 0, np.nan, np.sqrt(pooled.variance))
    probability = 0.5 + level / 2
    half = errors * np.where(
        np.isinf(pooled.df), normal_quantile(level), t.ppf(probability, pooled.df)
    )
    return pd.DataFrame(
        {
            "estimate": pooled.estimate,
            "std_error": errors,
            "lower": pooled.estimate - half,
            "upper": pooled.estimate + half,
            "level": level,
            "df": pooled.df,
            "allocation_share": np.where(held > 0, np.nan, pooled.allocation_share),
            "at_bound": held,
        },
        index=index,
    )
