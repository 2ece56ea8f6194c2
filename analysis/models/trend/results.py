"""What a fitted trend answers: growth, doubling time and their intervals, in numbers and words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.errors import FitError
from analysis.inference.symmetric_law import SymmetricLaw
from analysis.models.given_numbers import require_room, whole_number
from analysis.models.predictive import CountForecast, NegBinForecast
from analysis.models.results import CountResults
from analysis.models.trend.growth import (
    doubling_time,
    people_table,
    segment_sentences,
    segment_table,
)
from analysis.random_source import random_source

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.models.trend.model import Trend

#: What `TrendResults.glance` says beside the common part.
_SETTINGS: Final = (
    "n_left_out",
    "n_bounded",
    "n_draws",
    "family",
    "criterion",
    "autocorrelation",
    "intervals",
    "bandwidth",
    "silence",
    "p_growth",
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TrendResults(CountResults):
    """A fitted trend, complete when `fit_trend` returns it.

    ``params`` are ``intercept`` (log mean at the first night, other terms at 0), ``growth``
    (change of the log mean per 30 nights; between knots ``growth_1``, ``growth_2``, ...),
    ``shift_<night>``, ``tuesday`` to ``sunday`` (beside Monday), ``sin_1_of_<period>``,
    ``cos_1_of_<period>``, ..., ``exog_<name>``. ``cov`` is their Bartlett variance under
    autocorrelation, with what lies between draws; ``score`` the gradient in them, the
    dispersion's apart.

    Attributes
    ----------
    model : Trend
        What was fitted: counts, period, terms.
    laws : tuple of SymmetricLaw
        Law of each estimate over its error; its quantiles belong to ``bse``, not 1.96.
    df : pd.Series
        Degrees of freedom of ``params``; fewer than of one series where draws differ.
    allocation_share : pd.Series
        Share of the variance of ``params`` that lies between draws; 0 without draws.
    dispersion_score : float
        Derivative of ``llf`` in the dispersion; <= 0 where ``at_bound`` names it.
    criterion : float
        Largest score times standard error, the dispersion's included; below 1e-6 at every fit.
    autocorrelation : float
        Of the Pearson residuals of successive nights.
    bandwidth : int
        Of the Bartlett kernel, in nights.
    intervals : str
        "fixed-b" or "bootstrap"; "none" for given parameters.
    """

    model: "Trend"
    laws: tuple[SymmetricLaw, ...]
    df: pd.Series
    allocation_share: pd.Series
    dispersion_score: float
    criterion: float
    autocorrelation: float
    bandwidth: int
    intervals: str

    @property
    def complete_df(self) -> pd.Series:
        """Degrees of freedom of ``bse`` by parameter: of the Student t nearest to its law."""
        return self.df

    @property
    def observed(self) -> pd.Series:
        """Nights of the period by date, expected count of each; NaN where a night was left out."""
        return pd.Series(self.endog)

    @property
    def start(self) -> pd.Timestamp:
        """First night of the period."""
        return pd.Timestamp(self.observed.index[0])

    @property
    def end(self) -> pd.Timestamp:
        """Last night of the period."""
        return pd.Timestamp(self.observed.index[-1])

    @property
    def n_draws(self) -> int:
        """Draws of open counts that were fitted and combined; 1 without draws."""
        return len(self.model.draws)

    @property
    def n_left_out(self) -> int:
        """Nights without a number, never taken as zero."""
        return int(self.observed.isna().sum())

    @property
    def n_bounded(self) -> int:
        """Nights whose number is the expectation within bounds."""
        return int(self.model.draws[0].bounded[self.observed.notna()].sum())

    @property
    def n_estimated(self) -> int:
        """Number of parameters estimated, the dispersion among them; 0 when they were given."""
        return 0 if self.given else len(self.params) + (self.family == "negbin")

    @property
    def family(self) -> str:
        """Law of a count: "negbin" or "poisson"."""
        return self.model.family

    @property
    def silence(self) -> str | None:
        """How silent nights were read: "missing", "zero", or None (as the series gives them)."""
        return self.model.silence

    @property
    def growth(self) -> float:
        """Growth per 30 nights, of the last segment, as a ratio less 1: 0.1 is 10 % more."""
        return float(np.expm1(self.params[self.last_slope]))

    @property
    def doubling_time(self) -> float:
        """Nights until the mean has doubled; negative: halved; infinite: no growth."""
        return doubling_time(float(self.params[self.last_slope]))

    @property
    def p_growth(self) -> float:
        """P(growth > 0) of the last segment under the confidence distribution.

        It stays within what the law tells (0.0001 to 0.9999 of a linear trend); NaN for given
        parameters.
        """
        return self.slope_probability(self.last_slope)

    @property
    def last_slope(self) -> str:
        """Name of the slope of the last segment."""
        return self.model.terms.slopes[-1]

    def slope_probability(self, slope: str) -> float:
        """P(slope > 0) of a parameter ``growth...``, as `p_growth`."""
        estimate, error = float(self.params[slope]), float(self.bse[slope])
        if np.isnan(error):
            return np.nan
        law = self.laws[self.params.index.to_list().index(slope)]
        if error == 0.0:
            return 0.5 + (law.surest - 0.5) * float(np.sign(estimate))
        return law.probability(estimate / error)

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Intervals for ``params`` on the log scale, by the law of each.

        Returns
        -------
        pd.DataFrame
            Shape (k, 4), by parameter: ``estimate``, ``lower``, ``upper``, ``level``.

        Raises
        ------
        FitError
            If the level is not above 0 or beyond what the laws tell (0.9998 of a linear trend).
        """
        table = CountResults.conf_int(self, level)
        half = self.bse * [law.quantile(0.5 + level / 2) for law in self.laws]
        return table.assign(lower=self.params - half, upper=self.params + half)

    def segments(self, level: float = 0.95) -> pd.DataFrame:
        """Growth and doubling time between knots.

        Returns
        -------
        pd.DataFrame
            One row per segment, in order: ``start``, ``end`` (nights), ``growth``, ``lower``,
            ``upper`` (ratios less 1 per 30 nights), ``doubling_nights``, ``doubling_lower``,
            ``doubling_upper`` (as in `summary`), ``p_growth``, ``level``.
        """
        return segment_table(self, level)

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Estimates and intervals in the units that people read; `tidy` has the parameters.

        Returns
        -------
        pd.DataFrame
            Columns ``estimate``, ``lower``, ``upper``, ``level``; rows ``growth_per_30_nights``
            (0.1 is 10 % more) and ``doubling_nights``, with a number where there are several
            segments, ``mean_first_night``, and ``ratio_<parameter>`` for level shifts, weekdays
            and covariates (1.1 is 10 % more). Doubling times are those of the two ends of growth:
            infinite at no growth, negative for halving, so that with an interval around zero
            growth ``lower`` is the fastest doubling, ``upper`` (negative) the fastest halving, and
            what lies between passes infinity.
        """
        return people_table(self, level)

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """Parameters as a long table: ``term`` and what `CountResults.summary` has.

        ``p_value`` is two-sided, by the law of each estimate.
        """
        table = CountResults.summary(self, level)
        sizes = table["statistic"].abs()
        table["p_value"] = [
            2 * (1 - law.probability(size)) if np.isfinite(size) else np.nan
            for law, size in zip(self.laws, sizes, strict=True)
        ]
        return table.rename_axis("term").reset_index()

    def glance(self) -> pd.DataFrame:
        """One row about the fit: period, nights, dispersion, likelihood, error settings."""
        table = CountResults.glance(self)
        table.insert(0, "end", self.end)
        table.insert(0, "start", self.start)
        table = table.assign(**{name: getattr(self, name) for name in _SETTINGS})
        return table.assign(allocation_share=self.allocation_share[self.last_slope])

    def words(self, level: float = 0.95) -> str:
        """Growth and doubling time with the interval at ``level``, a sentence per segment."""
        return segment_sentences(self, level)

    def simulate(self, paths: int = 1, rng: np.random.Generator | int = 0) -> pd.DataFrame:
        """Simulate the nights of the period anew, each independent of the others.

        The trend says what nights bring on average and how much they vary, not how they lean on
        one another: its paths have no autocorrelation, whatever the record's.

        Returns
        -------
        pd.DataFrame
            Shape (nights, paths), whole numbers, also on nights without a number.
        """
        require_room(len(self.endog), whole_number("paths", paths))
        law = NegBinForecast(self.fittedvalues.to_numpy(), self.dispersion)
        return pd.DataFrame(law.sample(paths, rng).T, index=self.fittedvalues.index)

    def get_forecast(
        self,
        horizon: int,
        exog: pd.DataFrame | ArrayLike | None = None,
        offset: pd.Series | ArrayLike | None = None,
        *,
        draws: int = 1000,
        rng: np.random.Generator | int = 0,
    ) -> CountForecast:
        """Forecast the nights after the period by continuing the trend.

        Parameters
        ----------
        horizon : int
            Nights ahead.
        exog, offset : arrays, optional
            Of these nights; needed where the trend has any.
        draws : int
            Parameters drawn around the estimates by their laws, over which the night's law is
            mixed; 0 takes the estimates for the truth, in closed form.
        rng : Generator or int

        Returns
        -------
        CountForecast
            Shape (horizon,), labelled by night. What the last nights brought is not heeded.

        Raises
        ------
        FitError
            If the horizon is below 1 or covariates or offset do not fit it.

        Notes
        -----
        How many of the nights to come lay within, in percent, of independent nights and at a latent
        AR(1) of 0.6 (1, 7 and 14 nights after 200; tests/studies/trend_forecast_coverage.csv, 1,000
        runs a case): 50 % interval 48.1 to 54.5 and 49.8 to 55.1; 80 % interval 78.8 to 81.0 and
        77.3 to 82.8; 95 % interval 93.6 to 95.5 and 94.4 to 96.0. They hold over all nights; after
        a night far from the trend the next is likely on the same side, which only models with
        memory foretell.
        """
        from analysis.models.trend.forecasting import forecast

        return forecast(self, horizon, (exog, offset), draws, random_source(rng, FitError))

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw observed nights and the fitted mean on ``ax`` (a new one if None)."""
        ax = CountResults.plot(self, ax)
        ax.lines[-1].set_label("Poisson trend" if self.family == "poisson" else "NB2 trend")
        ax.legend(frameon=False)
        return ax
