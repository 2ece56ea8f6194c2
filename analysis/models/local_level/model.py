"""A level that drifts, for counts of one series or of many regions at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.counts import read_count_table, read_counts
from analysis.models.given_numbers import as_floats
from analysis.models.local_level.filtering import score
from analysis.models.local_level.fitting import Fit, fit_discounts
from analysis.models.local_level.results import LocalLevelResults, make_results

#: A smaller discount than this forgets everything, and its inverse squares to infinity.
LEAST_DISCOUNT: Final = 1e-100
#: Nights with numbers after the first claim that a discount is estimated from.
FEWEST: Final = 3


@dataclass(frozen=True, eq=False)
class LocalLevelCounts:
    r"""Poisson counts whose level drifts, by the gamma-Poisson filter of Harvey & Fernandes.

    .. math::
        y_t \mid \mu_t \sim \text{Poisson}(\mu_t), \qquad
        \mu_t \mid y_1 .. y_{t-1} \sim \text{Gamma}(\omega a_{t-1}, \omega b_{t-1}), \qquad
        a_t = \omega a_{t-1} + y_t, \quad b_t = \omega b_{t-1} + 1

    So the level is an exponentially weighted mean of the counts, and a count given those before is
    negative binomial with mean ``m = a / b`` and variance ``m (1 + 1 / (omega b))``. The discount
    omega, in (0, 1], says how much of what was known still holds the night after: 1 is a level that
    never changes.

    Parameters
    ----------
    endog : Series, frame or array
        Counts of successive nights, NaN where there is no number: a series or array of shape (n,);
        the frame of `nightly_totals`; or night x region, as from `to_wide`, of which each region
        has a level and a discount of its own.

    Raises
    ------
    FitError
        If they are no such counts, or a region has none above 0.

    Notes
    -----
    The filter begins without knowledge (a = b = 0), the likelihood after the first count above 0.

    **Missing nights and forecasts.** The filter is a law for the next count given those before, and
    with it for every sequence of counts. Over several nights its mean stays m and its variance is
    ``m (1 + v)`` with ``v = 1 / (omega b') + sum 1 / (omega b b')`` over the nights between, where
    ``b' = omega b + 1``. A negative binomial with these two moments stands for it: exact for the
    next night, and at omega = 1. Two weeks ahead its distribution function is off by at most 0.005
    for omega >= 0.9, 0.025 for 0.7, 0.08 for 0.5, but 0.3 for 0.1 (levels of 2 and 30):
    so `get_forecast` mixes over drawn paths unless ``draws=0`` asks for it. After a night without a
    number the filter goes on from the gamma distribution that belongs to it. To discount such a
    night like any other (a and b times omega) would multiply what is not known by 1 / omega.

    **Where it does not fit.** The variance is in proportion to the level. Counts that scatter in
    proportion to it, as the nightly totals do, are followed only by a discount near 0: the level is
    then little more than the last count, and forecasts beyond the next night are mostly 0 or huge.
    `checks` shows it; it is a baseline.

    References
    ----------
    Harvey & Fernandes (1989), Time series models for count or qualitative observations, Journal of
    Business & Economic Statistics 7, 407-417. doi:10.1080/07350015.1989.10509750
    Smith & Miller (1986), A non-Gaussian state space model and application to prediction of
    records, Journal of the Royal Statistical Society B 48, 79-88 (the gamma-beta step).
    doi:10.1111/j.2517-6161.1986.tb01392.x

    Examples
    --------
    >>> model = LocalLevelCounts([3, 5, 4, 9, 8, 12])
    >>> model.fix(0.5).get_forecast(2, draws=0).mean.round(2).tolist()
    [9.73, 9.73]
    """

    endog: pd.Series | pd.DataFrame | ArrayLike
    counts: pd.Series | pd.DataFrame = field(init=False, repr=False)

    def __post_init__(self) -> None:
        counts = _read(self.endog)
        table = _table(counts)
        empty = [name for name, row in zip(_regions(counts), table.T, strict=True) if not _any(row)]
        if empty:
            raise FitError(
                f"No night has a count above 0{_of(empty)}.",
                "Choose a period or regions with claims: before the first one nothing is known.",
            )
        object.__setattr__(self, "counts", counts)

    @property
    def names(self) -> list[str]:
        """Names of the parameters: ``discount``, of several regions ``discount_<region>``."""
        regions = _regions(self.counts)
        return [f"discount_{region}" if region else "discount" for region in regions]

    def fit(self) -> LocalLevelResults:
        """Estimate the discount of each region by maximum likelihood.

        Raises
        ------
        FitError
            If a region has fewer than 3 nights with numbers after its first count above 0, or the
            maximum is not found.
        """
        table = _table(self.counts)
        begun = np.cumsum(np.nan_to_num(table), axis=0) - np.nan_to_num(table) > 0
        seen = (begun & ~np.isnan(table)).sum(axis=0)
        short = [r for r, n in zip(_regions(self.counts), seen, strict=True) if n < FEWEST]
        if short:
            raise FitError(
                f"Fewer than {FEWEST} nights have numbers after the first claim{_of(short)}.",
                "Give a longer period, or a discount with fix().",
            )
        return make_results(self, fit_discounts(table), given=False)

    def fix(
        self, discount: float | pd.Series | Mapping[str, float] | ArrayLike
    ) -> LocalLevelResults:
        """Evaluate given discounts as if they were the fit: everything but standard errors.

        Parameters
        ----------
        discount : float, Series, mapping or array
            One for all, or one for each region, by the names of `names` or in their order.

        Raises
        ------
        FitError
            If they are not in (0, 1], or do not fit the regions.
        """
        given = pd.Series(discount) if isinstance(discount, Mapping | pd.Series) else discount
        if isinstance(given, pd.Series):
            absent = [name for name in self.names if name not in given.index]
            if absent or len(given) != len(self.names):
                raise FitError(
                    f"The discounts are {', '.join(map(str, given.index[:5]))}.",
                    f"Give {', '.join(self.names[:5])}{' and so on' * (len(self.names) > 5)}.",
                )
            given = given[self.names]
        values = as_floats("The discount", given).ravel()
        if values.size not in (1, len(self.names)):
            raise FitError(
                f"{values.size} discounts are given for {len(self.names)} regions.",
                "Give one for all, or one for each.",
            )
        wrong = values[~((values >= LEAST_DISCOUNT) & (values <= 1))]
        if wrong.size:
            raise FitError(
                f"A discount is {wrong[0]:g}.",
                f"Give numbers above 0 (at least {LEAST_DISCOUNT:g}), at most 1.",
            )
        values = np.broadcast_to(values, len(self.names)).copy()
        slope = score(_table(self.counts), values)
        return make_results(self, Fit(values, slope, np.full(values.size, np.nan)), given=True)


def _read(endog: pd.Series | pd.DataFrame | ArrayLike) -> pd.Series | pd.DataFrame:
    """Counts by night, or night x region, as floats."""
    totals = isinstance(endog, pd.DataFrame) and {"night", "state", "expected"} <= set(endog)
    several = isinstance(endog, pd.DataFrame) or np.ndim(endog) == 2
    if several and not totals:
        return read_count_table(endog if isinstance(endog, pd.DataFrame) else np.asarray(endog))
    return read_counts(endog)


def _table(counts: pd.Series | pd.DataFrame) -> Floats:
    """Counts as night x region."""
    values = counts.to_numpy(dtype=float)
    return values[:, np.newaxis] if values.ndim == 1 else values


def _regions(counts: pd.Series | pd.DataFrame) -> list[str]:
    """Names of the regions; "" for a single series."""
    return [str(c) for c in counts.columns] if isinstance(counts, pd.DataFrame) else [""]


def _any(row: Floats) -> bool:
    """Whether a region has a count above 0."""
    return bool((row > 0).any())


def _of(regions: list[str]) -> str:
    """Of which regions, at most five by name."""
    if regions == [""]:
        return ""
    more = f" and {len(regions) - 5} more" if len(regions) > 5 else ""
    return f" in {', '.join(regions[:5])}{more}"
