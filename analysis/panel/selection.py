"""Part of a panel: some regions, some nights."""

from collections.abc import Iterable

import pandas as pd

from analysis.errors import PanelError
from analysis.night_labels import read_night


def select_panel(
    panel: pd.DataFrame,
    *,
    regions: Iterable[str] | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Keep some regions and nights of a panel.

    Parameters
    ----------
    panel : pd.DataFrame
        As returned by ``build_panel``.
    regions : iterable of str, optional
        Slugs, or ``all`` for the night's total; by default every row.
    since, until : str or pd.Timestamp, optional
        First and last night, both included.

    Returns
    -------
    pd.DataFrame
        The rows in the order of the panel, with a fresh index.

    Raises
    ------
    PanelError
        If a region is not in the panel, a date is none, or no night is left.

    Examples
    --------
    >>> nights = pd.to_datetime(["2025-01-01", "2025-01-02"])
    >>> panel = pd.DataFrame({"night": nights, "region": ["all", "all"]})
    >>> len(select_panel(panel, since="2025-01-02"))
    1
    """
    keep = pd.Series(True, index=panel.index)
    if regions is not None:
        wanted = list(regions)
        known = set(panel["region"])
        strangers = sorted(set(wanted) - known)
        if strangers:
            raise PanelError(
                f"{', '.join(strangers[:5])}: no claim in this panel names it.",
                f"Use all, or one of {', '.join(sorted(known - {'all'})[:5])} and the others.",
            )
        keep &= panel["region"].isin(wanted)
    if since is not None:
        keep &= panel["night"] >= read_night("since", since, PanelError)
    if until is not None:
        keep &= panel["night"] <= read_night("until", until, PanelError)
    if not keep.any() and len(panel):
        span = f"{panel['night'].min():%Y-%m-%d} to {panel['night'].max():%Y-%m-%d}"
        raise PanelError(
            f"No night from {since or 'the start'} to {until or 'the end'} is in the panel.",
            f"It holds the nights {span}.",
        )
    return panel[keep].reset_index(drop=True)
