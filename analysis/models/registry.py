"""The models by name, each fitted to the panel with settings that suit most records.

A model that comes new is one entry here; the command `interceptions fit` takes it from there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from analysis.errors import FitError
from analysis.models.period import NightCounts, night_counts, split_draws
from analysis.models.pooled_results import PooledResults
from analysis.models.results import CountResults

#: Nights with certain claims from which a region enters a model of several, if none are named.
FEWEST_CLAIMED: Final = 30
#: Nights per knot of the background of the endemic-epidemic model.
KNOTS_EVERY: Final = 60


@dataclass(frozen=True, slots=True)
class Period:
    """Which nights of the panel, and how silent ones are read; as in `fit_trend`."""

    start: str | None = None
    end: str | None = None
    silence: str | None = None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the registry.

    Attributes
    ----------
    title : str
        What it is, in a few words.
    takes : {"one", "several", "any"}
        One region or the total; several regions at once, or a single one; or any of these.
    fit : callable
        ``fit(counts) -> results``: counts by night, or night x region.
    """

    title: str
    takes: Literal["one", "several", "any"]
    fit: Callable[[pd.Series | pd.DataFrame], CountResults]


def _fit_trend(counts: pd.Series | pd.DataFrame) -> CountResults:
    """A log-linear NB2 trend."""
    from analysis.models.trend import Trend

    return Trend(counts, start=counts.index[0]).fit()


def _fit_ingarch(counts: pd.Series | pd.DataFrame) -> CountResults:
    """A log-linear NB2 INGARCH(1, 1)."""
    from analysis.models.ingarch import INGARCH

    return INGARCH(counts).fit()


def _fit_endemic_epidemic(counts: pd.Series | pd.DataFrame) -> CountResults:
    """Own and neighbours' last night, a background for each region that moves smoothly in time."""
    from analysis.models.endemic_epidemic import EndemicEpidemic, Predictor, region_neighbours

    wide = pd.DataFrame(counts)
    background = Predictor(intercept="per-unit", knots_every=KNOTS_EVERY)
    neighbours = region_neighbours(list(wide.columns))
    touching = neighbours.to_numpy().any()
    return EndemicEpidemic(wide, neighbours if touching else None, end=background).fit()


def _fit_local_level(counts: pd.Series | pd.DataFrame) -> CountResults:
    """A level that drifts, in each region on its own."""
    from analysis.models.local_level import LocalLevelCounts

    return LocalLevelCounts(counts).fit()


MODELS: Final = {
    "trend": ModelEntry("log-linear NB2 trend", "one", _fit_trend),
    "ingarch": ModelEntry("log-linear NB2 INGARCH(1,1)", "one", _fit_ingarch),
    "endemic-epidemic": ModelEntry(
        "endemic-epidemic model with a smooth background", "several", _fit_endemic_epidemic
    ),
    "local-level": ModelEntry("drifting gamma-Poisson level", "any", _fit_local_level),
}


def fit_model(
    name: str, panel: pd.DataFrame, regions: Sequence[str] = (), period: Period | None = None
) -> CountResults:
    """Fit a model of the registry to regions of a panel.

    Parameters
    ----------
    name : str
        A key of `MODELS`.
    panel : pd.DataFrame
        As returned by ``build_panel``, without draws (with them, see `fit_draws`).
    regions : sequence of str
        Slugs, or ``all`` for the total. By default the total; for a model of several regions all
        with certain claims on at least 30 nights of the period.
    period : Period, optional
        By default that of `fit_trend` on the total, or on the one region named.

    Returns
    -------
    CountResults

    Raises
    ------
    FitError
        If there is no such model or it cannot be fitted to these regions.
    """
    if name not in MODELS:
        raise FitError(f"There is no model {name!r}.", f"Choose one of {', '.join(MODELS)}.")
    chosen, when = MODELS[name], period or Period()
    if chosen.takes == "one" and len(regions) > 1:
        raise FitError(
            f"The model {name} takes one region, these are {len(regions)}.",
            "Name one, or none for the total.",
        )
    if chosen.takes != "several" and len(regions) < 2:
        return chosen.fit(_series(_rows(panel, regions[0] if regions else "all", when)))
    if "all" in regions:
        raise FitError(
            f"The model {name} takes several regions, not their total among them.",
            "Name some without all.",
        )
    return chosen.fit(_wide(panel, regions, when))


def fit_draws(
    name: str, panel: pd.DataFrame, regions: Sequence[str] = (), period: Period | None = None
) -> PooledResults:
    """Fit a model of the registry to every draw of a panel.

    Parameters
    ----------
    name, regions, period
        As for `fit_model`. Which nights and regions enter follows from what is certain, so that
        it is the same in all draws.
    panel : pd.DataFrame
        As returned by ``build_panel(allocate="draws")``.

    Returns
    -------
    PooledResults
        The fits in the order of the draws, and what they say together.

    Raises
    ------
    FitError
        If there is no such model or it cannot be fitted to these regions.
    """
    draws = [pd.DataFrame(one) for one in split_draws(panel)]
    return PooledResults(tuple(fit_model(name, one, regions, period) for one in draws))


def _wide(panel: pd.DataFrame, regions: Sequence[str], period: Period) -> pd.DataFrame:
    """Counts night x region over the period of the total."""
    nights = _rows(panel, "all", period).nights
    slugs = list(regions)
    if not slugs:
        certain = panel[(panel["lower"] > 0) & panel["night"].isin(nights)]
        named = certain["region"].value_counts()
        slugs = sorted(named.index[(named >= FEWEST_CLAIMED) & (named.index != "all")])
    if not slugs:
        raise FitError(
            f"No region has certain claims on {FEWEST_CLAIMED} nights of the period.",
            "Name regions, or choose a longer period.",
        )
    within = Period(f"{nights[0]:%Y-%m-%d}", f"{nights[-1]:%Y-%m-%d}", period.silence)
    # How often a region must be named is for a model of one region to ask.
    known = panel.drop(columns="lower")
    columns = {slug: _series(_rows(known, slug, within)) for slug in slugs}
    return pd.DataFrame(columns).reindex(nights)


def _rows(panel: pd.DataFrame, slug: str, period: Period) -> NightCounts:
    """Counts of one region, or of all, over the period."""
    rows = panel[panel["region"] == slug]
    if rows.empty:
        raise FitError(f"The panel has no region {slug!r}.", "Name one that bulletins name.")
    return night_counts(rows, period.start, period.end, period.silence)


def _series(counts: NightCounts) -> pd.Series:
    """The counts by night."""
    return pd.Series(counts.values, index=counts.nights, name="observed")
