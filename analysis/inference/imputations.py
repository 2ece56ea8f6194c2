"""Combining what several imputations of the same panel say (Rubin's rules).

References
----------
Rubin (1987), Multiple Imputation for Nonresponse in Surveys, Wiley.
doi:10.1002/9780470316696
Barnard & Rubin (1999), Small-sample degrees of freedom with multiple imputation, Biometrika
86, 948-955. doi:10.1093/biomet/86.4.948
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import t

from analysis.inference.nb2 import Floats

#: Student's quantiles overflow with fewer degrees of freedom.
LEAST_DF: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Estimates over all imputations; every array has the shape of one estimate.

    Attributes
    ----------
    estimate, variance : Floats
        The mean of the estimates, and its variance: within imputations and between them.
    df : Floats
        Degrees of freedom of the variance.
    allocation_share : Floats
        Share of the variance that lies between imputations, in [0, 1].
    """

    estimate: Floats
    variance: Floats
    df: Floats
    allocation_share: Floats

    def half_width(self, level: float) -> Floats:
        """Half-width of the central Student intervals."""
        quantile = t.ppf(0.5 + level / 2, self.df)
        return np.asarray(np.sqrt(self.variance) * quantile, dtype=float)


def pool_imputations(estimates: Floats, variances: Floats, df: float | Floats) -> Pooled:
    """Combine near-normal estimates from m imputations of the same data.

    Parameters
    ----------
    estimates, variances : Floats
        Shape (m, ...): of each imputation.
    df : float or Floats
        Degrees of freedom that a variance of one complete panel has; may be infinite. One for all
        estimates, or of the shape of one estimate.

    Returns
    -------
    Pooled
        Degrees of freedom are Barnard & Rubin's. Where all imputations agree nothing was imputed,
        and ``df`` stands as given (their formula would lower it even then).

    Examples
    --------
    >>> pooled = pool_imputations(np.array([1.0, 1.2]), np.array([0.1, 0.1]), np.inf)
    >>> float(pooled.estimate), round(float(pooled.variance), 6), round(float(pooled.df), 6)
    (1.1, 0.13, 18.777778)
    """
    m = len(estimates)
    within = variances.mean(axis=0)
    between = estimates.var(axis=0, ddof=1) if m > 1 else np.zeros_like(within)
    between = np.where(np.ptp(estimates, axis=0) > 0, (1 + 1 / m) * between, 0.0)
    variance = within + between
    share = np.divide(between, variance, out=np.zeros_like(variance), where=variance > 0)
    complete = np.broadcast_to(np.asarray(df, dtype=float), variance.shape)
    # (df + 1) / (df + 3) of them are left, of infinitely many all.
    observed = 1 - 2 / (complete + 3)
    with np.errstate(divide="ignore"):
        information = share**2 / max(m - 1, 1) + 1 / (observed * complete * (1 - share))
        pooled_df = np.where(share > 0, np.maximum(1 / information, LEAST_DF), complete)
    return Pooled(estimates.mean(axis=0), variance, pooled_df, share)
