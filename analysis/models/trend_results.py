"""What a fitted trend says: growth, doubling time and their intervals, in numbers and in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.growth_words import change_words, doubling_words, percent_words
from analysis.models.log_linear import UNIT
from analysis.models.pooled import PARAMETERS, SUREST, trend_probability, trend_quantile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What `TrendResults.glance` says of how it was fitted.
_SETTINGS: Final = ("autocorrelation", "bandwidth", "silence", "p_growth")


@dataclass(frozen=True, slots=True, eq=False)
class TrendResults:
    """A fitted trend, complete when `fit_trend` returns it.

    Attributes
    ----------
    observed : pd.Series
        Nights of the period by date, expected count of each (of draws, their mean); NaN where a
        night was left out.
    params : pd.Series
        ``intercept`` (log of the mean at the first night) and ``growth`` (change of the log
        mean per 30 nights).
    cov : pd.DataFrame
        Shape (2, 2), of ``params``: Bartlett variance of the scores, AR(1)-prewhitened, and what
        lies between draws.
    df : pd.Series
        Degrees of freedom of ``params``; fewer than of one series where draws differ.
    allocation_share : pd.Series
        Share of the variance of ``params`` that lies between draws; 0 without draws.
    fittedvalues : pd.Series
        Fitted mean on every night of the period, also those left out.
    dispersion : float
        NB2 alpha by maximum likelihood; exactly 0.0 is the Poisson limit.
    llf : float
        Log-likelihood with all constants; NaN over several draws.
    n_draws : int
        Draws of open counts that were fitted and combined; 1 without draws.
    nobs, n_left_out, n_bounded : int
        Nights with a number, nights without one (left out, never taken as zero), and those
        among the first whose number is the expectation within bounds.
    autocorrelation : float
        Of the Pearson residuals of successive nights.
    bandwidth : int
        Of the Bartlett kernel, in nights.
    silence : str or None
        How silent nights were read: "missing", "zero", or None (as the series gives them).
    """

    observed: pd.Series
    params: pd.Series
    cov: pd.DataFrame
    df: pd.Series
    allocation_share: pd.Series
    fittedvalues: pd.Series
    dispersion: float
    llf: float
    n_draws: int
    nobs: int
    n_left_out: int
    n_bounded: int
    autocorrelation: float
    bandwidth: int
    silence: str | None

    @property
    def start(self) -> pd.Timestamp:
        """First night of the period."""
        return pd.Timestamp(self.observed.index[0])

    @property
    def end(self) -> pd.Timestamp:
        """Last night of the period."""
        return pd.Timestamp(self.observed.index[-1])

    @property
    def bse(self) -> pd.Series:
        """Standard errors of ``params``; fixed-b quantiles belong to them, not 1.96."""
        return pd.Series(np.sqrt(np.diag(self.cov)), index=self.params.index, name="bse")

    @property
    def growth(self) -> float:
        """Growth per 30 nights as a ratio less 1: 0.1 is 10 % more."""
        return float(np.expm1(self.params["growth"]))

    @property
    def doubling_time(self) -> float:
        """Nights until the mean has doubled; negative: halved; infinite: no growth."""
        return _doubling(float(self.params["growth"]))

    @property
    def p_growth(self) -> float:
        """P(growth > 0) under the confidence distribution, within 0.0001 and 0.9999."""
        estimate, error = float(self.params["growth"]), float(self.bse["growth"])
        if error == 0.0:
            return 0.5 + (SUREST - 0.5) * float(np.sign(estimate))
        return trend_probability(estimate / error, self._b, "growth", self.df["growth"])

    @property
    def _b(self) -> float:
        """Bandwidth as a share of the period."""
        return self.bandwidth / len(self.observed)

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Intervals for ``params`` on the log scale, with fixed-b quantiles.

        Returns
        -------
        pd.DataFrame
            Shape (2, 4), by parameter: ``estimate``, ``lower``, ``upper``, ``level``.

        Raises
        ------
        FitError
            If the level is not above 0 or beyond the simulated quantiles (0.9998).
        """
        if not 0 < level < 1:
            raise FitError(f"The level is {level!r}.", "Give a number between 0 and 1, as 0.95.")
        probability = 0.5 + level / 2
        half = self.bse * [
            trend_quantile(probability, self._b, name, self.df[name]) for name in PARAMETERS
        ]
        return pd.DataFrame(
            {
                "estimate": self.params,
                "lower": self.params - half,
                "upper": self.params + half,
                "level": level,
            }
        )

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Estimates and intervals in the units that people read.

        Returns
        -------
        pd.DataFrame
            Columns ``estimate``, ``lower``, ``upper``, ``level``; rows ``growth_per_30_nights``
            (0.1 is 10 % more), ``doubling_nights`` and ``mean_first_night``. Doubling times
            are those of the two ends of growth: infinite at no growth, negative for halving,
            so that with an interval around zero growth ``lower`` is the fastest doubling,
            ``upper`` (negative) the fastest halving, and what lies between passes infinity.
        """
        log = self.conf_int(level)
        rows = {
            "growth_per_30_nights": np.expm1(_ends(log, "growth")),
            "doubling_nights": [_doubling(g) for g in _ends(log, "growth")[[0, 2, 1]]],
            "mean_first_night": np.exp(_ends(log, "intercept")),
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "lower", "upper"])
        table["level"] = level
        return table.rename_axis("quantity")

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """``conf_int`` as a long table with a column ``term`` and the standard error."""
        table = self.conf_int(level).rename_axis("term").reset_index()
        return table.assign(std_error=self.bse.to_numpy())

    def glance(self) -> pd.DataFrame:
        """One row about the fit: period, nights, dispersion, likelihood, error settings."""
        names = ("nobs", "n_left_out", "n_bounded", "n_draws", "dispersion", "llf")
        row = {name: getattr(self, name) for name in (*names, *_SETTINGS)}
        row["allocation_share"] = float(self.allocation_share["growth"])
        return pd.DataFrame([{"start": self.start, "end": self.end, **row}])

    def words(self, level: float = 0.95) -> str:
        """Growth and doubling time in one sentence, with the interval at ``level``."""
        table = self.summary(level)
        growth, doubling = (
            _ends(table, name) for name in ("growth_per_30_nights", "doubling_nights")
        )
        return (
            f"{change_words(growth[0])} per {UNIT} nights ({level * 100:g} % interval "
            f"{percent_words(growth[1])} to {percent_words(growth[2])}); "
            f"{doubling_words(doubling, growth)}."
        )

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw observed nights and the fitted mean on ``ax`` (a new one if None)."""
        from analysis.plotting import INK, TREND, dress_nights, new_axes

        ax = new_axes() if ax is None else ax
        ax.plot(self.observed.index, self.observed, ".", color=INK, label="claimed that night")
        ax.plot(self.fittedvalues.index, self.fittedvalues, color=TREND, label="NB2 trend")
        ax.legend(frameon=False)
        dress_nights(ax)
        return ax


def _ends(table: pd.DataFrame, parameter: str) -> Floats:
    """Estimate, lower and upper of one parameter."""
    values: Floats = table.loc[parameter, ["estimate", "lower", "upper"]].to_numpy(dtype=float)
    return values


def _doubling(growth: float) -> float:
    """Nights to double at a log growth per 30 nights."""
    return float(UNIT * np.log(2) / growth) if growth != 0 else float("inf")
