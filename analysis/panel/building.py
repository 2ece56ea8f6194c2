"""From claims to a night x region panel that knows what it does not know."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.accounting import Account, Scope, check_choice
from analysis.accounting.account import PROVISIONAL
from analysis.accounting.tally import Words
from analysis.allocation import KINDS, Allocation
from analysis.errors import PanelError
from analysis.panel.arrays import check_panel, count_draws
from analysis.panel.counting import count_claims, count_files
from analysis.panel.explanation import explain_cell
from analysis.panel.grid import UNKNOWN, Grid, draw_grid, fill_grid
from analysis.random_source import random_source
from analysis.regions import regions
from analysis.vocabulary import ALL, PANEL_COLUMNS, STATES

__all__ = ["build_panel", "explain_cell", "nightly_totals", "to_wide"]


def build_panel(  # noqa: PLR0913  the arguments say what a night and a count are
    claims: pd.DataFrame | str | Path,
    *,
    direction: str = "on_russia",
    weapon: str = "uav",
    measure: str | tuple[str, ...] = ("intercepted", "suppressed"),
    night: tuple[str, str] = ("20:00", "08:00"),
    tz: str | None = None,
    silence: Literal["missing", "zero"] = "missing",
    allocate: Literal["expected", "draws"] = "expected",
    draws: int = 20,
    rng: int | np.random.Generator = 0,
    as_of: datetime | pd.Timestamp | str | None = None,
    channel_days: Iterable[date | str] | None = None,
) -> pd.DataFrame:
    """Turn claims into a long table of nights and regions with states and bounds.

    Parameters
    ----------
    claims : pd.DataFrame, str or Path
        Columns ``vocabulary.CLAIM_COLUMNS``, as from ``load_claims`` or ``claims_from_posts``. The
        order of the rows carries no information; two equal rows are two counts, as a bulletin may
        name a region twice. Or the path of a ledger too large for memory: a
        .parquet or .csv file of such claims, or a folder as ``load_claims`` takes it. DuckDB (the
        ``sql`` extra) then adds up the nights that hold nothing but complete itemised bulletins
        whose windows do not overlap, and only the bulletins of the other nights are loaded; the
        panel is the same. A file is not checked as ``load_claims`` checks it.
    direction, weapon : str
        What is counted.
    measure : str or tuple of str
        Measures that are added up.
    night : tuple of str
        Times of day between which a night lies; ``("08:00", "20:00")`` gives the panel of days, two
        equal times a panel of 24 hours. Labelled by the date of its last minute.
    tz : str, optional
        The clock of ``night``; by default the one that the claimant's words mean: Europe/Moscow for
        the Russian ministry, Europe/Kyiv for the Ukrainian air force.
    silence : str
        What to expect of a night without a bulletin: ``"missing"`` (NaN), or ``"zero"``, because
        the ministry seems to post nothing when it claims nothing. States and bounds stay the same.
    allocate : str
        ``"expected"``, or ``"draws"`` for whole counts drawn at random within totals and bounds.
    draws : int
        Number of draws, >= 1.
    rng : int or Generator
        Seed or source of the draws.
    as_of : datetime, Timestamp or str, optional
        Build the panel from what was known before this moment (UTC if it names no zone): claims by
        their ``known_at``, days by their end. What arrives later changes nothing in it.
    channel_days : iterable of dates, optional
        Days on which the record holds any post; by default ``claims.attrs["channel_days"]``, or
        the channel_days.csv beside a file. Days on which a claim was published are always among
        them.

    Returns
    -------
    pd.DataFrame
        Columns ``vocabulary.PANEL_COLUMNS``, sorted by night and region: one row for every calendar
        night of the record and every region named at least once for that direction, and one with
        region ``all``, the night's total with bounds of its own.

        - ``state``: ``exact`` (the bounds meet), ``bounded`` (joint, cut, withheld, split or
          perhaps repeated counts), ``silent`` (posts that day, no bulletin), ``missing`` (no post).
          A region that a complete list does not name is an exact 0; in one night some regions can
          be exact and others bounded.
        - ``count``: the number claimed; <NA> unless exact.
        - ``lower, upper``: bounds whatever the shares of regions; ``upper`` <NA> when unknown. A
          silent or missing night inside the stated window of a cumulative figure is bounded by it;
          where less than 0.75 of a night is covered, a figure over it widens the bounds.
        - ``expected``: NaN where silent (unless ``silence="zero"``) or missing; over the regions of
          a night it sums to that of ``all``. With draws, the number drawn.
        - ``coverage``: share of the night's hours inside counted windows; ``provisional`` below
          0.75.
        - ``bulletins``: identities of the bulletins counted in the night.

        With ``allocate="draws"`` also ``draw``, from 0, and all rows once per draw.

        ``attrs["allocation"]`` says how counts given for several regions were shared out: for each
        way of hiding regions (``named`` without counts, ``tail`` of a cut list, the ``whole`` list)
        the ``bandwidth`` in days and the ``concentration`` chosen by masked likelihood, and in
        ``alone`` the bulletins near which hardly any itemised list like them stands: what is
        expected of their regions is little more than equal shares.

    Raises
    ------
    PanelError
        If an argument is unknown or malformed, columns are missing, there are no claims of that
        kind, they are by several claimants, name a region that the gazetteer does not know, or
        lack a count or have one below zero; if a path leads to no claims, or DuckDB, which reads
        it, is not installed.

    Examples
    --------
    >>> from analysis.vocabulary import CLAIM_COLUMNS
    >>> build_panel(pd.DataFrame(columns=list(CLAIM_COLUMNS)))
    Traceback (most recent call last):
        ...
    analysis.errors.PanelError: There are no claims. Give at least one, e.g. those of load_claims().
    """
    check_choice("silence", silence, ("missing", "zero"))
    check_choice("allocate", allocate, ("expected", "draws"))
    if not isinstance(draws, int | np.integer) or draws < 1:
        raise PanelError(f"draws is {draws!r}.", "Give a whole number of at least 1.")
    source = random_source(rng, PanelError)
    scope = Scope(
        direction=direction, weapon=weapon, measure=measure, night=night, tz=tz, as_of=as_of
    )
    if isinstance(claims, str | Path):
        counted = count_files(claims, scope, channel_days)
    else:
        counted = count_claims(claims, scope, channel_days)
    account, allocation = counted.account, counted.allocation
    _check_regions(account.tally.regions)
    grid = fill_grid(account, counted.days, allocation, counted.settled)
    names = np.array([*account.tally.regions, ALL], dtype="str")
    panel = _frame(grid, names)
    if allocate == "draws":
        drawn = [draw_grid(account, grid, allocation, source) for _ in range(draws)]
        panel = pd.concat([panel] * draws, ignore_index=True)
        panel["expected"] = np.concatenate([one[:, np.argsort(names)].ravel() for one in drawn])
        panel["draw"] = np.repeat(np.arange(draws), len(panel) // draws)
    if silence == "zero":
        panel["expected"] = panel["expected"].mask(panel["state"] == "silent", 0.0)
    panel.attrs["allocation"] = _describe(account, allocation)
    return panel


def _check_regions(slugs: tuple[str, ...]) -> None:
    """Raise PanelError if claims name a region that is none."""
    strangers = [slug for slug in slugs if slug not in regions()]
    if strangers:
        raise PanelError(
            f"The claims name {', '.join(strangers[:5])}, which the gazetteer does not know.",
            "Give regions by slugs of region_table(), such as belgorod.",
        )


def nightly_totals(panel: pd.DataFrame) -> pd.DataFrame:
    """Keep the nights' totals of a panel: the rows ``all``.

    Returns
    -------
    pd.DataFrame
        ``night, state, count, lower, upper, expected, coverage`` (and ``draw``, if the panel has
        it), one row per night.

    Raises
    ------
    PanelError
        If the frame is not a panel.
    """
    check_panel(panel)
    names = ["night", "state", "count", "lower", "upper", "expected", "coverage"]
    names += ["draw"] * ("draw" in panel.columns)
    return panel.loc[(panel["region"] == ALL).to_numpy(), names].reset_index(drop=True)


def to_wide(panel: pd.DataFrame, value: str = "expected") -> pd.DataFrame:
    """Spread a panel out as night x region, without ``all``.

    Parameters
    ----------
    panel : pd.DataFrame
        As returned by `build_panel`.
    value : str
        The column that fills the cells.

    Returns
    -------
    pd.DataFrame
        Index ``night`` (sorted), one column per region (sorted).

    Raises
    ------
    PanelError
        If the frame is not a panel, holds several draws or has no such column.
    """
    check_panel(panel)
    if value not in panel.columns or value in ("night", "region"):
        raise PanelError(
            f"value is {value!r}, which is no value of the panel.",
            f"Use {', '.join(PANEL_COLUMNS[2:])}.",
        )
    if count_draws(panel) > 1:
        raise PanelError(
            f"The panel holds {count_draws(panel)} draws.",
            "Keep one of them, e.g. panel[panel.draw == 0].",
        )
    cells = panel[(panel["region"] != ALL).to_numpy()]
    # pivot_table would average the cells and drop the empty ones.
    wide = cells.pivot(index="night", columns="region", values=value)  # noqa: PD010
    return wide.sort_index(axis=1)


def _frame(grid: Grid, names: Words) -> pd.DataFrame:
    """Lay a grid out as a long table, sorted by night and region."""
    order, nights, width = np.argsort(names), grid.coverage.size, names.size
    state, lower, upper = (a[:, order].ravel() for a in (grid.state, grid.lower, grid.upper))
    night = (np.datetime64(grid.first, "D") + np.arange(nights)).astype("datetime64[us]")
    return pd.DataFrame(
        {
            "night": np.repeat(night, width),
            "region": pd.array(names[order], dtype="str").take(np.tile(np.arange(width), nights)),
            "state": pd.array(STATES, dtype="str").take(state),
            "count": pd.arrays.IntegerArray(lower.copy(), state != STATES.index("exact")),
            "lower": pd.arrays.IntegerArray(lower, np.zeros(lower.size, dtype=bool)),
            "upper": pd.arrays.IntegerArray(upper, upper == UNKNOWN),
            "expected": grid.expected[:, order].ravel(),
            "coverage": np.repeat(grid.coverage, width),
            "provisional": np.repeat(grid.coverage < PROVISIONAL, width),
            # Every row of a night refers to one text: Arrow's strings would copy it.
            "bulletins": pd.array(
                np.repeat(np.array(grid.bulletins, dtype=object), width),
                dtype=pd.StringDtype("python", na_value=np.nan),
            ),
        }
    )


def _describe(account: Account, allocation: Allocation) -> dict[str, Any]:
    """How hidden counts were shared out, as the panel's attributes say it."""
    hidden = allocation.hidden
    kinds = [KINDS[kind] for kind in np.unique(hidden.kind)]
    settings = {kind: asdict(allocation.settings[kind]) for kind in kinds}
    alone = account.tally.ids[np.unique(hidden.bulletin[allocation.alone])]
    return settings | {"alone": alone.tolist()}
