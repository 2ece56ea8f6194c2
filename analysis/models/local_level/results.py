"""What a local level answers."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import pearson3

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.given_numbers import nights_ahead, require_room, whole_number
from analysis.models.local_level.filtering import (
    Filtered,
    foretell,
    foretell_paths,
    run_filter,
    smooth,
)
from analysis.models.local_level.fitting import Fit
from analysis.models.predictive import CountForecast, MixtureForecast, NegBinForecast
from analysis.models.results import CountResults, like, nights_after, normal_quantile
from analysis.random_source import random_source

if TYPE_CHECKING:
    from analysis.models.local_level.model import LocalLevelCounts

#: Discounts drawn for the paths of a forecast.
DISCOUNTS: Final = 100
#: A logit with a standard error above this says nothing about its discount.
VAGUE: Final = 3.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LocalLevelResults(CountResults):
    """A drifting level with its discounts, complete when ``fit`` or ``fix`` returns it.

    Attributes
    ----------
    model : LocalLevelCounts
    filtered : Filtered
        Levels of n nights in R regions, shape (n, R).
    """

    model: "LocalLevelCounts"
    filtered: Filtered

    @property
    def level(self) -> pd.Series | pd.DataFrame:
        """Expected level of each night given it and those before; NaN before the first claim."""
        known = np.where(self.filtered.level > 0, self.filtered.level, np.nan)
        return like(self.endog, known.reshape(self.endog.shape), "level")

    @property
    def _discounts(self) -> Floats:
        """The discounts, shape (R,)."""
        return self.params.to_numpy(dtype=float)

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Intervals for the discounts, normal in their logits: within (0, 1), NaN at a bound.

        Returns
        -------
        pd.DataFrame
            As `CountResults.conf_int`.
        """
        discount = self.params.to_numpy(dtype=float)
        free = ~self.params.index.isin(self.at_bound) & (discount < 1)
        middle = logit(np.where(free, discount, 0.5))
        half = normal_quantile(level) * self.bse / (discount * (1 - np.where(free, discount, 0.0)))
        half = half.where(free).to_numpy(dtype=float)
        limits = {"lower": expit(middle - half), "upper": expit(middle + half), "level": level}
        return pd.DataFrame({"estimate": self.params, **limits}, index=self.params.index)

    def smoothed(self, level: float = 0.95) -> pd.DataFrame:
        """Levels of the nights given all of them, with intervals for a known discount.

        The intervals are those of a gamma distribution, shifted to have the exact mean, variance
        and skewness.

        Returns
        -------
        pd.DataFrame
            Long: ``night``, ``region`` (of a frame), ``mean``, ``lower``, ``upper``, ``level``.
            Nights before the first claim are left out.
        """
        normal_quantile(level)
        known = self.filtered.level > 0
        mean, variance, third = smooth(self.filtered)[:, known]
        spread = np.sqrt(variance)
        law = pearson3(third / spread**3, loc=mean, scale=spread)
        night, region = np.nonzero(known)
        table: dict[str, object] = {"night": self.endog.index[night]}
        if isinstance(self.endog, pd.DataFrame):
            table["region"] = self.endog.columns[region]
        table |= {"mean": mean, "lower": np.maximum(law.ppf((1 - level) / 2), 0.0)}
        return pd.DataFrame(table | {"upper": law.ppf((1 + level) / 2), "level": level})

    def simulate(
        self, n: int | None = None, paths: int = 1, *, rng: np.random.Generator | int = 0
    ) -> pd.DataFrame:
        """Simulate counts that begin as these do: up to the first claim they are the same.

        Parameters
        ----------
        n : int, optional
            Nights; by default those of the counts. None is missing after the first claim.
        paths : int
        rng : Generator or int

        Returns
        -------
        pd.DataFrame
            One row a night, one column a path (of several regions: region and path).

        Raises
        ------
        FitError
            If ``n`` or ``paths`` is no whole number above 0.
        """
        size = len(self.endog) if n is None else whole_number("n", n)
        require_room(size, whole_number("paths", paths), len(self.params))
        counts = self.endog.to_numpy(dtype=float).reshape(len(self.endog), -1)
        drawn = _simulate(counts, self._discounts, (size, paths), random_source(rng, FitError))
        index = self.endog.index if n is None else pd.RangeIndex(size)
        if not isinstance(self.endog, pd.DataFrame):
            return pd.DataFrame(drawn[:, :, 0], index=index)
        columns = pd.MultiIndex.from_product(
            [self.endog.columns, range(paths)], names=["region", "path"]
        )
        return pd.DataFrame(
            drawn.transpose(0, 2, 1).reshape(size, -1), index=index, columns=columns
        )

    def get_forecast(
        self,
        horizon: int,
        *,
        draws: int = 1000,
        parameter_uncertainty: bool = True,
        rng: np.random.Generator | int = 0,
    ) -> CountForecast:
        """Forecast the nights after the last one.

        Parameters
        ----------
        horizon : int
            Nights ahead.
        draws : int
            Drawn paths over which the night's own distribution is mixed: exact but for chance. 0 is
            the closed form, which from the second night on has the exact mean and variance, but
            see the notes of `LocalLevelCounts` on its shape; it takes the discount as known.
        parameter_uncertainty : bool
            Whether paths have discounts of their own (100 of them), normal in their logits around
            the estimate; what is given, at a bound or not known at all stays.
        rng : Generator or int
            For the paths.

        Returns
        -------
        CountForecast
            Shape (horizon,) or (horizon, regions), labelled.

        Raises
        ------
        FitError
            If the horizon is no whole number above 0, or ``draws`` none of at least 0.

        Notes
        -----
        Measured on the model's own counts (tests/studies/forecast_coverage_local_level.csv: 100
        nights from a level of 100 on, discounts 0.7, 0.9 and 0.97, estimated; 1,000 series a case),
        intervals of 95 % with ends cut to that level hold 95.5 to 96.8 % of the counts 1 night
        ahead, 93.7 to 96.3 % of those 7 and 94.6 to 95.0 % of those 14 nights ahead; in closed form
        94.5 to 95.4 and 93.9 to 95.4 %. Paths that take the estimated discount for the truth hold
        92.4 to 94.8 % 7 and 14 nights ahead, which is why they draw it.
        """
        ahead = nights_ahead(horizon)
        require_room(ahead, whole_number("draws", draws, least=0), len(self.params))
        uncertain = bool(draws) and parameter_uncertainty and not self.given
        mixed = uncertain or (draws > 0 and ahead > 1)
        if mixed:
            source = random_source(rng, FitError)
            start = self._starts(draws, source) if uncertain else (self.filtered, self._discounts)
            mean, excess = foretell_paths(*start, (draws, ahead), source)
        else:
            mean, excess = foretell(self.filtered, self._discounts, ahead)
        shape = (*mean.shape[:-1], *self.endog.shape[1:])
        law = NegBinForecast(mean.reshape(shape), (excess / mean).reshape(shape))
        forecast: CountForecast = MixtureForecast(law) if mixed else law
        regions = self.endog.columns if isinstance(self.endog, pd.DataFrame) else None
        return forecast.labelled(nights_after(self.endog.index, ahead), regions)

    def _starts(self, paths: int, rng: np.random.Generator) -> tuple[Filtered, Floats]:
        """Where paths start: the counts filtered with drawn discounts, and these, (paths, R)."""
        middle = self._discounts
        scale = middle * (1 - middle)
        free = ~self.params.index.isin(self.at_bound) & (scale > 0)
        spread = np.where(free, self.bse.to_numpy(dtype=float) / np.where(free, scale, 1.0), 0.0)
        spread = np.where(spread < VAGUE, spread, 0.0)
        noise = spread * rng.standard_normal((min(paths, DISCOUNTS), len(middle)))
        drawn = np.where(free, expit(logit(np.where(free, middle, 0.5)) + noise), middle)
        counts = self.endog.to_numpy(dtype=float).reshape(len(self.endog), -1)
        found, each = run_filter(counts, drawn), np.arange(paths) % len(drawn)
        level, rate, gap = (part[each] for part in found.last)
        return replace(found, last=(level, rate, gap)), drawn[each]


def make_results(model: "LocalLevelCounts", fit: Fit, *, given: bool) -> LocalLevelResults:
    """Filter the counts with given or fitted discounts, and say all about it."""
    counts = model.counts.to_numpy(dtype=float)
    filtered = run_filter(counts.reshape(len(counts), -1), fit.discount)
    names = pd.Index(model.names)
    mean = np.where(filtered.mean > 0, filtered.mean, np.nan).reshape(counts.shape)
    cells = ~(np.isnan(counts) | np.isnan(mean))
    excess = filtered.excess.reshape(counts.shape)
    predicted = NegBinForecast(mean[cells], excess[cells] / mean[cells])
    variance = np.diag(1 / fit.information)
    bound = () if given else tuple(names[np.isnan(fit.information)])
    return LocalLevelResults(
        endog=model.counts,
        params=pd.Series(fit.discount, index=names, name="params"),
        cov=pd.DataFrame(variance, index=names, columns=names),
        score=pd.Series(fit.score, index=names, name="score"),
        at_bound=bound,
        llf=float(predicted.continuation(counts[cells]).sum()),
        dispersion=float("nan"),
        fittedvalues=like(model.counts, mean, "fitted"),
        predicted=predicted,
        given=given,
        model=model,
        filtered=filtered,
    )


def _simulate(
    counts: Floats, discount: Floats, shape: tuple[int, int], rng: np.random.Generator
) -> Floats:
    """Draw counts night by night after those up to the first claim, shape (n, paths, R)."""
    n, paths = shape
    begins = (counts > 0).argmax(axis=0)
    drawn = np.full((n, paths, discount.size), np.nan)
    level, rate = np.zeros((2, paths, discount.size))
    for night in range(n):
        before = discount * rate
        known = np.where(level > 0, before, 1.0)
        fresh = rng.poisson(rng.gamma(np.where(level > 0, level * known, 1.0)) / known)
        told = counts[night] if night < len(counts) else np.full(discount.size, np.nan)
        drawn[night] = np.where(night <= begins, told, fresh)
        seen = ~np.isnan(drawn[night])
        level = np.where(seen, level + (drawn[night] - level) / (before + 1), level)
        rate = np.where(seen, before + 1, rate)
    return drawn
