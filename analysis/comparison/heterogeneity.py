"""Whether regions differ at all: a chi-square for counts that are neither Poisson nor independent.

References
----------
Rao & Scott (1984), On chi-squared tests for multiway contingency tables with cell proportions
estimated from survey data, Annals of Statistics 12, 46-60. doi:10.1214/aos/1176346391
"""

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import chi2
from scipy.stats import f as f_law

from analysis.comparison.inputs import Per, comparable, exposures, require_claims
from analysis.inference.hac import residual_autocorrelation, whitened_covariance
from analysis.inference.nb2 import Floats
from analysis.panel import share_exact

#: Narrower than for one ratio: the trace of many variances needs less smoothing than one.
BANDWIDTH_SHARE: Final = 0.05
#: A Bartlett variance has so many degrees of freedom, divided by the bandwidth share.
BARTLETT_DF: Final = 1.5

#: Measured by tests/studies/heterogeneity_size.py, to which tests hold it.
MEASURED_SIZE: Final = (
    "In simulations of 4 to 30 regions with equal rates the test rejected at the level of 5 % in "
    "2.5 to 6.5 % of runs (memory of nights up to phi = 0.3) and in 3.2 to 7.2 % (phi = 0.6); "
    "Pearson's chi-square rejected in 90.2 to 100.0 %."
)


@dataclass(frozen=True, slots=True)
class HeterogeneityTest:
    """Outcome of the test, all of it numbers.

    Attributes
    ----------
    statistic : float
        Pearson's sum of (observed - expected)^2 / expected over regions.
    design_effect : float
        What it is expected to be under equal rates, per degree of freedom; 1 for Poisson.
    df, df_error : float
        Of the F law of ``statistic`` over its expectation; ``df_error`` is infinite, and the law a
        chi-square over its degrees of freedom, where counts are steadier than independent drones.
    p_value : float
        Chance of more, if all rates are equal.
    """

    statistic: float
    design_effect: float
    df: float
    df_error: float
    p_value: float


def equal_rates_test(counts: Floats, exposure: Floats) -> HeterogeneityTest:
    """Test whether R regions have the same rate.

    Parameters
    ----------
    counts : Floats
        Shape (D, N, R): draws of N successive nights; NaN on nights that do not count.
    exposure : Floats
        Shape (R,), > 0.
    """
    share = exposure / exposure.sum()
    totals = counts.sum(axis=2, keepdims=True)
    expected = np.nansum(totals, axis=(1, 2)).mean() * share
    excess = np.nan_to_num(counts - totals * share) / np.sqrt(expected)
    nights, size = counts.shape[1], len(share)
    bandwidth = int(np.ceil(BANDWIDTH_SHARE * nights))
    seen = ~np.isnan(counts[0, :, 0])
    covariance = np.mean([_covariance(draw, seen, bandwidth) for draw in excess], axis=0)
    sums = excess.sum(axis=1)
    if len(sums) > 1:
        covariance = covariance + (1 + 1 / len(sums)) * np.cov(sums.T)
    statistic = float((sums.mean(axis=0) ** 2).sum())
    if np.trace(covariance) < size - 1:  # steadier than independent drones: taken for those
        return HeterogeneityTest(
            statistic, 1.0, size - 1.0, np.inf, float(chi2.sf(statistic, size - 1))
        )
    trace = float(np.trace(covariance))
    # Squares of noisy variances are too large on average; what a Wishart law adds comes off.
    noise = BARTLETT_DF * nights / bandwidth
    squares = (float((covariance**2).sum()) - trace**2 / noise) / (1 + 1 / noise)
    df = trace**2 / max(squares, trace**2 / (size - 1))
    p_value = float(f_law.sf(statistic / trace, df, noise * df))
    return HeterogeneityTest(statistic, trace / (size - 1), df, noise * df, p_value)


def _covariance(excess: Floats, seen: np.ndarray, bandwidth: int) -> Floats:
    """Long-run covariance of what the regions exceed their share of each night by, (R, R)."""
    centred = np.where(seen[:, np.newaxis], excess - excess[seen].mean(axis=0), 0.0)
    # One memory for all: their series one after another, a night without a number in between.
    series = np.pad(centred, ((0, 1), (0, 0))).T.ravel()
    memory = residual_autocorrelation(series, np.tile(np.append(seen, False), excess.shape[1]))
    return whitened_covariance(centred, memory, bandwidth)


def heterogeneity(panel: pd.DataFrame, *, per: Per = None) -> pd.DataFrame:
    """Test whether all regions have the same rate of claims.

    Parameters
    ----------
    panel, per
        As for `compare_regions`; regions without exposure are left out.

    Returns
    -------
    pd.DataFrame
        One row: ``regions, nights, claims``; ``statistic``: Pearson's chi-square;
        ``design_effect``: by how much overdispersion and memory inflate it under equal rates;
        ``df, df_error``: of the F law of ``statistic / (design_effect * (regions - 1))``;
        ``p_value``; ``share_exact``.

    Raises
    ------
    PanelError, ComparisonError
        As `compare_regions`; or if the regions with an exposure have no claim.

    Notes
    -----
    Rao & Scott's second-order correction with a long-run covariance of each region's excess over
    its share of the night's total, so that swarms, memory and nights that are large everywhere
    are no evidence against equal rates. At the level of 5 % it rejects equal rates in 2.5 to 6.5 %
    of simulated runs with a memory of nights up to phi = 0.3 and in 3.2 to 7.2 % at phi = 0.6;
    Pearson's chi-square in 90.2 to 100.0 % (tests/studies/heterogeneity_size.csv).
    """
    arrays = comparable(panel)
    exposure = exposures(arrays.regions, per)
    known = ~np.isnan(exposure)
    require_claims(arrays, known)
    test = equal_rates_test(arrays.counts[:, :, known], exposure[known])
    expected, exact = arrays.expected[:, known], arrays.exact[:, known]
    row = {
        "regions": int(known.sum()),
        "nights": int(arrays.seen.sum()),
        "claims": float(np.nansum(expected)),
        **asdict(test),
        "share_exact": float(share_exact(expected.reshape(-1, 1), exact.reshape(-1, 1))[0]),
    }
    return pd.DataFrame([row])
