"""What models of regions and sides say about a panel: shares, eigenvalues, who follows whom."""

import hashlib
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.inference.nb2 import Floats
from analysis.models.endemic_epidemic import (
    EndemicEpidemic,
    EndemicEpidemicResults,
    Predictor,
    region_neighbours,
)
from analysis.models.endemic_epidemic.eigenvalue import (
    KNOTS_EVERY,
    bootstrap_logs,
    dominant_eigenvalues,
    log_interval,
    verdicts,
)
from analysis.models.period import first_covered
from analysis.models.reciprocity import ReciprocityResults, fit_reciprocity
from analysis.panel import nightly_totals, to_wide
from analysis.random_source import random_source

#: Nights of a rolling window, and between two of them.
WINDOW: Final = 180
STEP: Final = 7
#: A region enters a window if it has claims (half a drone or more expected) on so many nights.
FEWEST_NIGHTS: Final = 10
HALF: Final = 0.5
#: Parameter draws behind the intervals of shares.
DRAWS: Final = 100


def covered_counts(panel: pd.DataFrame) -> pd.DataFrame:
    """Cut a panel to the well-covered period and the regions with claims in it.

    Returns
    -------
    pd.DataFrame
        Night x region, expected counts; NaN on nights without a number. Regions that share in
        open counts alone (never half a drone expected) are left out.

    Raises
    ------
    FitError
        If no period is covered well enough.
    """
    totals = nightly_totals(panel)
    first = first_covered(totals["state"].isin(["exact", "bounded"]).to_numpy())
    if first is None:
        raise FitError(
            "No period of the panel has a bulletin on 95 % of its nights.",
            "Give a longer record.",
        )
    wide = to_wide(panel).astype(float).iloc[first:]
    return wide.loc[:, ((wide >= HALF).sum(axis=0) > 0).to_numpy()]


def regional_model(counts: pd.DataFrame, smooth: bool = True) -> EndemicEpidemic:
    """The model of the record: a background for each region, weekdays, and a shared movement.

    Regions differ by a factor of a thousand, so one background for all would leave their lasting
    difference to last night's counts and push the eigenvalue beyond 1 (to 1.5 on the record).
    """
    neighbours = region_neighbours([str(region) for region in counts.columns])
    knots = KNOTS_EVERY if smooth else None
    return EndemicEpidemic(
        counts,
        neighbours if neighbours.to_numpy().any() else None,
        end=Predictor(intercept="per-unit", weekday=True, knots_every=knots),
    )


def monthly_shares(panel: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Share of each month's claims that each component of the record's model explains.

    Returns
    -------
    pd.DataFrame
        ``month`` (its first day), ``component`` (ar, ne, end), ``share``, ``lower``, ``upper``,
        ``level``, and the same over the whole period in ``overall``, ``overall_lower``,
        ``overall_upper``; ``nights`` of the period. Intervals hold the sampling uncertainty of
        the estimates.

    Raises
    ------
    FitError
        If the panel has no well-covered period.
    """
    results = regional_model(covered_counts(panel)).fit()
    months = results.decomposition("month", level, DRAWS)
    whole = results.decomposition("all", level, DRAWS).set_index("component")
    for name, column in (
        ("overall", "share"),
        ("overall_lower", "lower"),
        ("overall_upper", "upper"),
    ):
        months[name] = months["component"].map(whole[column])
    return months.assign(nights=len(results.endog))


def rolling_eigenvalues(
    counts: pd.DataFrame,
    replicates: int = 39,
    step: int = STEP,
    level: float = 0.95,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Dominant eigenvalue in rolling windows of 180 nights, without and with a smooth trend.

    Returns
    -------
    pd.DataFrame
        ``night`` (the window's last), ``trend`` ("none", "smooth"), ``eigenvalue``, ``lower``,
        ``upper``, ``level``, ``regions`` (with claims on at least 10 of its nights), ``verdict``
        ("above 1" where the lower limit is on 14 windows running). Windows that cannot be fitted
        are left out.
    """
    source = random_source(rng, FitError)
    rows = []
    for end in range(WINDOW, len(counts) + 1, step):
        part = counts.iloc[end - WINDOW : end]
        part = part.loc[:, ((part >= HALF).sum(axis=0) >= FEWEST_NIGHTS).to_numpy()]
        for trend in ("none", "smooth"):
            found = _window(part, trend == "smooth", replicates, level, source)
            if found is not None:
                night, regions = counts.index[end - 1], part.shape[1]
                rows.append((night, trend, *found, level, regions))
    columns = ["night", "trend", "eigenvalue", "lower", "upper", "level", "regions"]
    table = pd.DataFrame(rows, columns=columns)
    parts = [
        rows.assign(verdict=verdicts(rows["lower"].to_numpy()))
        for _, rows in table.groupby("trend")
    ]
    return pd.concat(parts).sort_index() if parts else table.assign(verdict="")


def reciprocity_of(
    over_russia: pd.DataFrame, over_ukraine: pd.DataFrame, replicates: int = 999
) -> ReciprocityResults:
    """Test the totals of two panels from where the first is well covered on.

    Parameters
    ----------
    over_russia : pd.DataFrame
        Panel of what is claimed as intercepted or suppressed over Russia.
    over_ukraine : pd.DataFrame
        Panel of what is claimed as launched over Ukraine.
    replicates : int
    """
    first, second = (
        nightly_totals(panel).set_index("night")["expected"].astype(float)
        for panel in (over_russia, over_ukraine)
    )
    begin = covered_counts(over_russia).index[0]
    return fit_reciprocity(first[begin:], second[begin:], replicates=replicates)


def counts_hash(counts: pd.DataFrame) -> str:
    """Name counts by their content: the first 16 digits of the sha256 of their table.

    Examples
    --------
    >>> counts_hash(pd.DataFrame({"kursk": [1.0, 2.0]}))
    '99e71e408dd55042'
    """
    text = counts.to_csv(float_format="%.6g", lineterminator="\n")
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _window(
    counts: pd.DataFrame,
    smooth: bool,
    replicates: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[float, float, float] | None:
    """Eigenvalue of one window with its limits; None where no model can be fitted."""
    try:
        results: EndemicEpidemicResults = regional_model(counts, smooth).fit()
        logs = bootstrap_logs(results, replicates, rng)
    except FitError:
        return None
    estimate: Floats = dominant_eigenvalues(results.rates)
    lower, upper = log_interval(estimate, logs, level)
    return float(estimate[0]), float(lower[0]), float(upper[0])
