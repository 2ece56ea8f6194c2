"""What every fitted model of counts answers, whichever model it is.

A model is built from data and has ``fit()`` and ``fix(params)``; both return a frozen results
object that derives from `CountResults` and is complete on return: ``fix`` evaluates given
parameters, with everything but standard errors.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.count_residuals import ResidualKind, count_residuals
from analysis.models.predictive import CountForecast

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CountResults:
    """A model of counts with its parameters: the common part of all results.

    A model adds ``simulate`` and ``get_forecast(horizon) -> CountForecast``, and fields and
    columns of its own.

    Attributes
    ----------
    endog : pd.Series or pd.DataFrame
        The counts: by night, or night x region; NaN where there is no number.
    params : pd.Series
        Estimates, or the parameters given, by name.
    cov : pd.DataFrame
        Covariance of ``params``; NaN for parameters at a bound and for given ones.
    score : pd.Series
        Gradient of ``llf`` at ``params``.
    at_bound : tuple of str
        Parameters that ended at a bound of their range: no interval belongs to them.
    llf : float
        Log-likelihood with all constants.
    dispersion : float
        NB2 alpha of the model's law of a count; 0.0 is Poisson, NaN where no single one exists.
    fittedvalues : pd.Series or pd.DataFrame
        What each night was expected to bring given the nights before; of the shape of ``endog``,
        NaN where the model foretells nothing.
    predicted : CountForecast
        The one-step distributions of the N counts that were both observed and foretold, shape
        (N,), in the order of `cells`. The log of their probabilities makes up ``llf``.
    given : bool
        Whether the parameters were given rather than estimated.
    """

    endog: pd.Series | pd.DataFrame
    params: pd.Series
    cov: pd.DataFrame
    score: pd.Series
    at_bound: tuple[str, ...]
    llf: float
    dispersion: float
    fittedvalues: pd.Series | pd.DataFrame
    predicted: CountForecast
    given: bool = False

    @property
    def cells(self) -> NDArray[np.bool_]:
        """Which counts were both observed and foretold, of the shape of ``endog``."""
        observed, foretold = (np.asarray(x, dtype=float) for x in (self.endog, self.fittedvalues))
        return np.asarray(~(np.isnan(observed) | np.isnan(foretold)))

    @property
    def nobs(self) -> int:
        """Number of counts that entered ``llf``."""
        return int(self.cells.sum())

    @property
    def n_estimated(self) -> int:
        """Number of parameters estimated: 0 when they were given."""
        return 0 if self.given else len(self.params)

    @property
    def persistence(self) -> float:
        """What part of a night's counts carries over to all nights after it; NaN without such.

        The model has a stationary law if it is below 1.
        """
        return float("nan")

    @property
    def complete_df(self) -> pd.Series:
        """Degrees of freedom of ``bse`` by parameter: infinite where its law is normal."""
        return pd.Series(np.inf, index=self.params.index, name="df")

    @property
    def aic(self) -> float:
        """Akaike's criterion; parameters at a bound count."""
        return 2 * self.n_estimated - 2 * self.llf

    @property
    def bic(self) -> float:
        """Schwarz's criterion; parameters at a bound count."""
        return float(self.n_estimated * np.log(self.nobs) - 2 * self.llf)

    @property
    def bse(self) -> pd.Series:
        """Standard errors of ``params``; NaN where ``cov`` is."""
        return pd.Series(np.sqrt(np.diag(self.cov)), index=self.params.index, name="bse")

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Intervals for ``params`` from their standard errors and normal quantiles.

        Returns
        -------
        pd.DataFrame
            One row per parameter: ``estimate``, ``lower``, ``upper``, ``level``.

        Raises
        ------
        FitError
            If the level is not inside (0, 1).
        """
        half = self.bse * normal_quantile(level)
        return pd.DataFrame(
            {
                "estimate": self.params,
                "lower": self.params - half,
                "upper": self.params + half,
                "level": level,
            }
        )

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """Estimates with errors and intervals, one row per parameter.

        Returns
        -------
        pd.DataFrame
            ``estimate``, ``std_error``, ``statistic`` and ``p_value`` (normal, two-sided, of a
            parameter of 0), ``lower``, ``upper``, ``level``, ``at_bound``.
        """
        table = self.conf_int(level)
        statistic = self.params / self.bse.where(self.bse > 0)
        table.insert(1, "std_error", self.bse)
        table.insert(2, "statistic", statistic)
        table.insert(3, "p_value", 2 * norm.sf(statistic.abs()))
        table["at_bound"] = table.index.isin(self.at_bound)
        return table

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """`summary` as a long table with the name of the parameter in the column ``term``."""
        return self.summary(level).rename_axis("term").reset_index()

    def glance(self) -> pd.DataFrame:
        """One row about the fit: counts used and missing, likelihood, criteria, bounds."""
        observed = np.asarray(self.endog, dtype=float)
        row = {
            "nobs": self.nobs,
            "n_missing": int(np.isnan(observed).sum()),
            "n_estimated": self.n_estimated,
            "llf": self.llf,
            "aic": self.aic,
            "bic": self.bic,
            "dispersion": self.dispersion,
            "at_bound": " ".join(self.at_bound),
        }
        return pd.DataFrame([row])

    def residuals(
        self, kind: ResidualKind = "pearson", rng: np.random.Generator | int = 0
    ) -> pd.Series | pd.DataFrame:
        """Residuals of the one-step distributions, of the shape of ``endog``.

        Parameters
        ----------
        kind : str
            ``"response"``: counts less fitted values; ``"pearson"``: divided by the standard
            deviation; ``"anscombe"``: counts and fitted values on the scale on which an NB2 or
            Poisson law is nearest to the normal one, of variance near 1; ``"quantile"``: normal
            quantiles of the randomised probability integral transform, standard normal and
            independent if the model is right.
        rng : Generator or int
            For the randomisation.

        Returns
        -------
        pd.Series or pd.DataFrame
            NaN where a count is missing or was not foretold.

        Raises
        ------
        FitError
            If the kind is unknown, or the one-step distributions have no Anscombe scale.

        References
        ----------
        Pierce & Schafer (1986), Residuals in generalized linear models, Journal of the American
        Statistical Association 81, 977-986. doi:10.1080/01621459.1986.10478361
        Dunn & Smyth (1996), Randomized quantile residuals, Journal of Computational and Graphical
        Statistics 5, 236-244. doi:10.1080/10618600.1996.10474708
        """
        cells = self.cells
        counts = np.asarray(self.endog, dtype=float)[cells]
        filled = np.full(cells.shape, np.nan)
        filled[cells] = count_residuals(counts, self.predicted, kind, rng)
        return like(self.endog, filled, "residual")

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw observed and fitted counts on ``ax`` (a new one if None); regions are added up."""
        from analysis.plotting import INK, TREND, dress_nights, new_axes

        ax = new_axes() if ax is None else ax
        observed, fitted = (_over_regions(x) for x in (self.endog, self.fittedvalues))
        ax.plot(observed.index, observed, ".", color=INK, label="claimed that night")
        ax.plot(fitted.index, fitted, color=TREND, label="expected from the nights before")
        ax.legend(frameon=False)
        dress_nights(ax)
        return ax


def normal_quantile(level: float) -> float:
    """Half-width of a central normal interval in standard errors.

    Raises
    ------
    FitError
        If the level is not inside (0, 1).

    Examples
    --------
    >>> round(normal_quantile(0.95), 2)
    1.96
    """
    number = isinstance(level, float | int | np.number) and not isinstance(level, bool)
    if not number or not 0 < level < 1:
        raise FitError(f"The level is {level!r}.", "Give a number between 0 and 1, as 0.95.")
    return float(norm.ppf(0.5 + level / 2))


def like(endog: pd.Series | pd.DataFrame, values: Floats, name: str) -> pd.Series | pd.DataFrame:
    """Give an array the labels of the counts it belongs to."""
    if isinstance(endog, pd.DataFrame):
        return pd.DataFrame(values, index=endog.index, columns=endog.columns)
    return pd.Series(values, index=endog.index, name=name)


def nights_after(index: pd.Index, horizon: int) -> pd.Index | None:
    """Labels of the nights after the last one; None where the index does not tell."""
    if isinstance(index, pd.RangeIndex):
        return pd.RangeIndex(index.stop, index.stop + horizon * index.step, index.step)
    freq = getattr(index, "freq", None) or getattr(index, "inferred_freq", None)
    if isinstance(index, pd.DatetimeIndex) and freq is not None:
        return pd.date_range(index[-1], periods=horizon + 1, freq=freq, name=index.name)[1:]
    return None


def _over_regions(counts: pd.Series | pd.DataFrame) -> pd.Series:
    """Sum over regions; NaN where every region is."""
    return counts.sum(axis=1, min_count=1) if isinstance(counts, pd.DataFrame) else counts
