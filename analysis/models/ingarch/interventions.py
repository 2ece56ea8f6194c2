"""Interventions: nights from which the counts run otherwise, as covariates; their score test.

An intervention at night tau is the covariate ``decay**(t - tau)`` from tau on: a spike (0), a
transient shift (between) or a level shift (1). The score test needs the fit without it only.

References
----------
Fokianos & Fried (2010), Interventions in INGARCH processes, Journal of Time Series Analysis 31,
210-225. doi:10.1111/j.1467-9892.2010.00657.x
Fokianos & Fried (2012), Interventions in log-linear Poisson autoregression, Statistical Modelling
12, 299-322. doi:10.1177/1471082X1201200401
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.ingarch.fitting import Fit
from analysis.models.ingarch.inputs import read_covariates, require_independent
from analysis.models.ingarch.newton import free_directions
from analysis.models.ingarch.objective import night_terms
from analysis.models.ingarch.recursion import acting_alone, solve

if TYPE_CHECKING:
    from analysis.models.ingarch.results import INGARCHResults

Kind = Literal["spike", "transient", "level_shift"]
KINDS: Final[tuple[Kind, ...]] = ("spike", "transient", "level_shift")
#: What is left of a transient shift a night later, where nothing else is said.
DECAY: Final = 0.8
#: Share of a covariate's information that the other parameters must leave for a test.
LEFT: Final = 1e-8


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """A score test that covariates have no effect.

    Attributes
    ----------
    statistic : float
        Asymptotically chi-square with ``df`` degrees of freedom if they have none.
    df : int
    p_value : float
    """

    statistic: float
    df: int
    p_value: float


def intervention(
    nights: pd.Index | int,
    night: Any,  # noqa: ANN401 - a label of the index
    kind: Kind = "level_shift",
    decay: float = DECAY,
) -> pd.Series:
    """Make the covariate of an intervention.

    Parameters
    ----------
    nights : pd.Index or int
        Nights of the counts, or how many there are.
    night : label
        The first night that it affects.
    kind : {"spike", "transient", "level_shift"}
    decay : float
        For a transient shift: what is left of it a night later, inside (0, 1).

    Raises
    ------
    FitError
        If the night is none of these, or the decay is outside.

    Examples
    --------
    >>> intervention(4, 1, "transient", 0.5).tolist()
    [0.0, 1.0, 0.5, 0.25]
    """
    index = pd.RangeIndex(nights) if isinstance(nights, int) else nights
    label = pd.Timestamp(night) if isinstance(index, pd.DatetimeIndex) else night
    if label not in index:
        raise FitError(
            f"The intervention's night {night} is none of the {len(index)} nights.",
            "Name one of them.",
        )
    first = int(np.flatnonzero(index == label)[0])
    column = intervention_matrix(len(index), np.array([first]), kind, decay)[:, 0]
    return pd.Series(column, index=index, name=intervention_name(kind, label))


def intervention_name(kind: str, night: Any) -> str:  # noqa: ANN401 - a label of the index
    """Name of an intervention's covariate, as level_shift_2024-05-01."""
    return f"{kind}_{night:%Y-%m-%d}" if isinstance(night, pd.Timestamp) else f"{kind}_{night}"


def intervention_matrix(n: int, firsts: NDArray[np.intp], kind: Kind, decay: float) -> Floats:
    """Covariates of interventions at the positions ``firsts``, shape (n, len(firsts))."""
    rates: Mapping[str, float] = {"spike": 0.0, "transient": decay, "level_shift": 1.0}
    if kind not in rates:
        raise FitError(f"The kind of intervention is {kind!r}.", f"Use {', '.join(KINDS)}.")
    if kind == "transient" and not 0 < decay < 1:
        raise FitError(f"The decay is {decay!r}.", "Give a number inside (0, 1), as 0.8.")
    powers = np.concatenate([np.zeros(n), rates[kind] ** np.arange(n)])
    columns: Floats = powers[n + np.arange(n)[:, np.newaxis] - firsts]
    return columns


def score_test(
    results: "INGARCHResults",
    exog: pd.Series | pd.DataFrame | ArrayLike,
    *,
    external: bool = False,
) -> ScoreTest:
    """Test that covariates, which the fit does not hold, have no effect.

    After joint maximum likelihood this is Rao's test with the expected information; after two
    steps the generalised score test of the Poisson quasi-likelihood under the dispersion found.
    `tsglm` weighs it by 1 / log(mean) where the link is the logarithm.

    Parameters
    ----------
    results : INGARCHResults
        The fit without them.
    exog : Series, DataFrame or array of shape (n, r)
        For instance `intervention`.
    external : bool
        Whether they would act on the mean of their night only.

    Raises
    ------
    FitError
        If they follow from what the model holds.

    Notes
    -----
    Rejects at 5 %, of an intervention in the middle that is none, 4.5 to 6.9 % with 200 nights and
    4.7 to 6.0 % with 500 (2,000 runs, both links; tests/studies/sizes_of_tests.csv).
    """
    given = read_covariates(exog, external, results.endog.index)
    scored = results.fit.at.scored
    held = results.model.covariates
    both = np.column_stack([held.rows, given.rows])[scored]
    require_independent(replace(given, rows=both, names=(*held.names, *given.names)))
    parts = _parts(results.fit, given.rows, external=external)
    left, whole = parts.variance(), parts.information()
    scale = np.sqrt(np.maximum(np.diag(whole), 1e-300))
    if np.linalg.matrix_rank(left / np.outer(scale, scale), tol=LEFT) < len(scale):
        raise FitError("The covariates follow from what the model holds already.", "Test others.")
    scores = parts.scores()
    statistic = float(scores @ np.linalg.solve(left, scores))
    return ScoreTest(statistic, len(scores), float(chi2.sf(statistic, len(scores))))


def scan_statistics(fit: Fit, kind: Kind, decay: float) -> tuple[Floats, Floats]:
    """Score tests of an intervention on each night from the second on, one at a time.

    Returns
    -------
    statistics, scores : Floats
        Shape (n - 1,): NaN where a night cannot be tested; the sign of the score is that of the
        effect.
    """
    n = len(fit.at.scored)
    columns = intervention_matrix(n, np.arange(1, n), kind, decay)
    parts = _parts(fit, columns, external=False)
    variances, whole = parts.variances(), (parts.meat[:, np.newaxis] * parts.tested**2).sum(axis=0)
    scores = parts.scores()
    testable = variances > LEFT * whole
    return np.divide(scores**2, variances, out=np.full(n - 1, np.nan), where=testable), scores


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What a score test is made of, over m scored nights.

    ``tested`` (m, r) and ``fitted`` (m, f) are slopes of the mean in the parameters tested and
    fitted, ``residuals`` (m,) the scores in the mean; information is a sum with the weights
    ``bread`` (m,), variance of scores one with ``meat`` (m,).
    """

    tested: Floats
    fitted: Floats
    residuals: Floats
    bread: Floats
    meat: Floats

    def regression(self) -> Floats:
        """Of tested on fitted slopes, (r, f): what the fitted parameters explain."""
        weighted = self.bread[:, np.newaxis] * self.fitted
        inverse = np.linalg.pinv(self.fitted.T @ weighted, hermitian=True)
        found: Floats = self.tested.T @ weighted @ inverse
        return found

    def scores(self) -> Floats:
        """Scores of the tested parameters, less what the fitted ones explain, (r,)."""
        found: Floats = self.residuals @ self.tested
        return found - self.regression() @ (self.residuals @ self.fitted)

    def information(self) -> Floats:
        """Variance of the tested parameters' own scores, (r, r)."""
        found: Floats = self.tested.T @ (self.meat[:, np.newaxis] * self.tested)
        return found

    def variance(self) -> Floats:
        """Variance of `scores`, (r, r)."""
        explained = self.regression()
        cross = explained @ (self.fitted.T @ (self.meat[:, np.newaxis] * self.tested))
        own = self.fitted.T @ (self.meat[:, np.newaxis] * self.fitted)
        return self.information() - cross - cross.T + explained @ own @ explained.T

    def variances(self) -> Floats:
        """The diagonal of `variance`, without forming it, (r,)."""
        explained = self.regression()
        weighted = self.meat[:, np.newaxis] * self.fitted
        cross = (explained * (self.tested.T @ weighted)).sum(axis=1)
        own = ((explained @ (self.fitted.T @ weighted)) * explained).sum(axis=1)
        found: Floats = self.meat @ self.tested**2 - 2 * cross + own
        return found


def _parts(fit: Fit, columns: Floats, *, external: bool) -> _Parts:
    """The parts of the score test of covariates (n, r)."""
    rec, obj = fit.at.rec, fit.at
    night = night_terms(obj, fit.maximum.x)
    if night is None:
        raise FitError("The fit has no finite mean.", "Fit the model anew.")
    _, _, alpha, _ = rec.split(fit.theta)
    forcing = acting_alone(columns, rec.past_mean, alpha) if external else columns
    tested = solve(night.path.band, np.asfortranarray(forcing))[obj.scored]
    free = free_directions(fit.bounds, fit.maximum.active, len(fit.maximum.x))
    fitted = night.slopes[obj.scored] @ free[: rec.n_params]
    mean, slope = night.mean[obj.scored], night.mean_slope[:, np.newaxis]
    if obj.has_dispersion:
        bread = meat = 1 / (mean * (1 + fit.dispersion * mean))
    else:  # the Poisson quasi-likelihood, whose scores vary more than its information says
        bread, meat = 1 / mean, 1 / mean + fit.dispersion
    return _Parts(tested * slope, fitted * slope, night.terms.m, bread, meat)
