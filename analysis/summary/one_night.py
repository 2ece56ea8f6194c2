"""One night, bulletin by bulletin."""

import pandas as pd

from analysis.accounting import Scope, scope_claims
from analysis.errors import PanelError
from analysis.night_labels import read_night
from analysis.panel import check_panel
from analysis.summary.names import region_names
from analysis.vocabulary import ALL


def night_by_bulletin(claims: pd.DataFrame, panel: pd.DataFrame, night: str) -> pd.DataFrame:
    """Tell which bulletin claims how many where, for one night.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``; the versions that count are selected here.
    panel : pd.DataFrame
        Built from those claims; it says which bulletins belong to the night.
    night : str
        The date of the morning, as 2025-11-01.

    Returns
    -------
    pd.DataFrame
        One row per bulletin and region, or regions named together: ``window_start, window_end``
        (Moscow time), ``bulletin_id``, ``regions`` (slugs joined by "|", "" for what no region
        accounts for), ``name`` and ``count``. Sorted by window, then largest first. Whole
        bulletins: one that reaches beyond the night is not cut at its edge.

    Raises
    ------
    PanelError
        If the night is not in the panel.
    """
    check_panel(panel)
    label = read_night("night", night, PanelError)
    row = panel[(panel["region"] == ALL).to_numpy() & (panel["night"] == label)]
    if row.empty:
        raise PanelError(
            f"The panel has no night {night}; it runs from {panel['night'].min():%Y-%m-%d} "
            f"to {panel['night'].max():%Y-%m-%d}.",
            "Choose one of its nights.",
        )
    identities = row["bulletins"].iloc[0].split()
    chosen, _ = scope_claims(claims, Scope())
    chosen = chosen[chosen["bulletin_id"].isin(identities).to_numpy()]
    parts = chosen[chosen["relation"].isin(["single", "each", "joint"]).to_numpy()]
    keys = ["window_start", "window_end", "bulletin_id"]
    placed = parts.groupby([*keys, "regions"], dropna=False)["count"].sum().reset_index()
    whole = chosen[(chosen["relation"] == "total").to_numpy()].groupby(keys, dropna=False)["count"]
    left = whole.sum().sub(placed.groupby(keys, dropna=False)["count"].sum(), fill_value=0)
    rest = left[left > 0].astype("int64").rename("count").reset_index().assign(regions="")
    table: pd.DataFrame = pd.concat([placed, rest], ignore_index=True)
    table["name"] = region_names(table["regions"])
    for edge in ("window_start", "window_end"):
        table[edge] = table[edge].dt.tz_convert("Europe/Moscow").dt.tz_localize(None)
    table = table.sort_values([*keys, "count", "regions"], ascending=[True] * 3 + [False, True])
    return table[[*keys, "regions", "name", "count"]].reset_index(drop=True)
