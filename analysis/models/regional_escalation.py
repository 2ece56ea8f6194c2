"""What models of regions and sides say about a panel: shares, eigenvalues, who follows whom."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from analysis.errors import FitError
from analysis.models.endemic_epidemic import (
    EndemicEpidemic,
    EndemicEpidemicResults,
    Predictor,
    decompose,
    region_neighbours,
)
from analysis.models.endemic_epidemic.eigenvalue import (
    KNOTS_EVERY,
    TRENDS,
    pooled_eigenvalue,
    verdicts,
)
from analysis.models.period import first_covered, split_draws
from analysis.models.reciprocity import ReciprocityResults, fit_reciprocity
from analysis.panel import nightly_totals, to_wide
from analysis.random_source import random_source

#: Nights of a rolling window, and between two of them.
WINDOW: Final = 180
STEP: Final = 7
#: A region enters a window if it has claims (half a drone or more expected) on so many nights.
FEWEST_NIGHTS: Final = 10
HALF: Final = 0.5
#: What is said of a window.
WINDOW_COLUMNS: Final = ["eigenvalue", "lower", "upper", "allocation_share", "regions"]
#: Parameter draws behind the intervals of shares.
DRAWS: Final = 100


def covered_counts(panel: pd.DataFrame) -> pd.DataFrame:
    """Cut a panel to the well-covered period and the regions with claims in it.

    Returns
    -------
    pd.DataFrame
        Night x region, expected counts (over draws, if there are any, their mean); NaN on nights
        without a number. Regions that share in open counts alone (never half a drone expected) are
        left out.

    Raises
    ------
    FitError
        If no period is covered well enough.
    """
    counts = covered_draws(panel)
    return counts[0] if len(counts) == 1 else sum(counts[1:], counts[0]) / len(counts)


def covered_draws(panel: pd.DataFrame) -> list[pd.DataFrame]:
    """Cut every draw of a panel to the same period and regions, those of `covered_counts`.

    Returns
    -------
    list of pd.DataFrame
        Night x region for each draw; one of expected counts if the panel has no draws.

    Raises
    ------
    FitError
        If no period is covered well enough.
    """
    parts = [pd.DataFrame(one) for one in split_draws(panel)]
    totals = nightly_totals(parts[0])
    first = first_covered(totals["state"].isin(["exact", "bounded"]).to_numpy())
    if first is None:
        raise FitError(
            "No period of the panel has a bulletin on 95 % of its nights.",
            "Give a longer record.",
        )
    wide = [to_wide(one).astype(float).iloc[first:] for one in parts]
    mean = np.mean([one.to_numpy() for one in wide], axis=0)
    claimed = (mean >= HALF).any(axis=0)
    return [one.loc[:, claimed] for one in wide]


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


def fit_regional_draws(
    draws: Sequence[pd.DataFrame], smooth: bool = True
) -> list[EndemicEpidemicResults]:
    """Fit the record's model to every draw of the same regions and nights (`covered_draws`)."""
    model = regional_model(draws[0], smooth)
    fits = [model.fit()]
    for counts in draws[1:]:
        fits.append(replace(model, counts=counts).fit(fits[-1]))
    return fits


def monthly_shares(panel: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Share of each month's claims that each component of the record's model explains.

    Returns
    -------
    pd.DataFrame
        ``month`` (its first day), ``component`` (ar, ne, end), ``share``, ``lower``, ``upper``,
        ``level``, and the same over the whole period in ``overall``, ``overall_lower``,
        ``overall_upper``; ``nights`` of the period, ``draws`` of the panel. Intervals hold the
        sampling uncertainty of the estimates, of a panel with draws also how open counts fall on
        regions.

    Raises
    ------
    FitError
        If the panel has no well-covered period.
    """
    fits = fit_regional_draws(covered_draws(panel))
    months = decompose(fits, "month", level, DRAWS)
    whole = decompose(fits, "all", level, DRAWS).set_index("component")
    for name, column in (
        ("overall", "share"),
        ("overall_lower", "lower"),
        ("overall_upper", "upper"),
    ):
        months[name] = months["component"].map(whole[column])
    return months.assign(nights=len(fits[0].endog), draws=len(fits))


def rolling_eigenvalues(
    draws: Sequence[pd.DataFrame],
    replicates: int = 39,
    step: int = STEP,
    level: float = 0.95,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Dominant eigenvalue in rolling windows of 180 nights, without and with a smooth trend.

    Parameters
    ----------
    draws : sequence of pd.DataFrame
        Night x region, as `covered_draws` cuts them; a single one is taken for the truth.
    replicates : int
        Refits to simulated counts for each window and variant, shared out over the draws.
    step : int
        Nights between two windows.
    level : float
    rng : Generator or int

    Returns
    -------
    pd.DataFrame
        ``night`` (the window's last), ``trend`` ("none", "smooth"), ``eigenvalue``, ``lower``,
        ``upper``, ``level``, ``allocation_share`` (of the variance of the log, that which lies
        between draws), ``regions`` (with claims on at least 10 of its nights), ``verdict`` (see
        `verdicts`: windows ``step`` nights apart that run on). Windows that cannot be fitted are
        left out and end a run.
    """
    source = random_source(rng, FitError)
    ends = range(WINDOW, len(draws[0]) + 1, step)
    tables = []
    for trend in TRENDS:
        rows = [_window(draws, end, trend == "smooth", (replicates, level), source) for end in ends]
        table = pd.DataFrame(rows, columns=WINDOW_COLUMNS)
        table.insert(0, "night", draws[0].index[[end - 1 for end in ends]])
        table.insert(1, "trend", trend)
        table = table.assign(level=level, verdict=verdicts(table["lower"].to_numpy(dtype=float)))
        tables.append(table.dropna().astype({"regions": int}))
    return pd.concat(tables).sort_values(["night", "trend"], ignore_index=True)


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
    draws: Sequence[pd.DataFrame],
    end: int,
    smooth: bool,
    how: tuple[int, float],
    rng: np.random.Generator,
) -> tuple[float, ...]:
    """What `WINDOW_COLUMNS` names, of the window before row ``end``; NaN where nothing is fitted.

    ``how``: replicates and level.
    """
    parts = [one.iloc[end - WINDOW : end] for one in draws]
    mean = np.mean([one.to_numpy() for one in parts], axis=0)
    often = (mean >= HALF).sum(axis=0) >= FEWEST_NIGHTS
    try:
        fits = fit_regional_draws([one.loc[:, often] for one in parts], smooth)
        found = pooled_eigenvalue(fits, how[0], rng)
    except FitError:
        return (np.nan,) * len(WINDOW_COLUMNS)
    lower, upper = found.interval(how[1])
    first = (found.estimate, lower, upper, found.allocation_share)
    return (*(float(values[0]) for values in first), int(often.sum()))
