"""What figures with a row for each region have in common."""

from collections.abc import Sequence

import pandas as pd

from analysis.figures.spec import FigureOptions


def claimed_regions(
    described: pd.DataFrame, columns: Sequence[str], counts: str = "claims"
) -> pd.DataFrame:
    """Keep regions with claims and some columns; ``name`` becomes ``region``."""
    if described.empty:
        return described
    claimed = described[(described[counts] > 0).to_numpy()]
    return claimed[list(columns)].rename(columns={"name": "region"}).reset_index(drop=True)


def rows_height(shown: pd.DataFrame) -> float:
    """Height in inches that so many rows take; for fewer than four that of four."""
    return 0.23 * max(len(shown), 4)


def only_in_table(table: pd.DataFrame, options: FigureOptions, those: str) -> str:
    """Say how many regions, and which, are not drawn; "" if all are."""
    others = len(table) - min(len(table), options.rows)
    return f" {others} regions with {those} are in the table only." if others else ""
