"""Where the figures' inputs come from: a folder of data, or frames at hand."""

import csv
import hashlib
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.codebook.escalation import (
    EIGENVALUES,
    EIGENVALUES_COLUMNS,
    RECIPROCITY,
    RECIPROCITY_COLUMNS,
)
from analysis.codebook.masking import MASKING, MASKING_COLUMNS, MASKING_KEY
from analysis.errors import FigureError, LedgerError
from analysis.figures.spec import FigureInputs, FigureOptions
from analysis.ledger import load_claims
from analysis.ledger.claims_text import claims_as_text
from analysis.ledger.data_folder import data_folder
from analysis.panel import build_panel
from analysis.plotting import table_text
from analysis.regions import region_table
from analysis.vocabulary import ALL

INCIDENTS: Final = "incidents.csv"
#: Tables that studies have made: their columns, those of words among them, and the study.
STORED: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], str]]] = {
    MASKING: (MASKING_COLUMNS, MASKING_KEY, "tests/studies/masking.py"),
    EIGENVALUES: (
        EIGENVALUES_COLUMNS,
        ("night", "trend", "verdict", "inputs"),
        "tests/studies/escalation_tables.py",
    ),
    RECIPROCITY: (
        RECIPROCITY_COLUMNS,
        ("side", "other", "start", "end"),
        "tests/studies/escalation_tables.py",
    ),
}
#: The direction that figures and report show.
DRAWN: Final = "on_russia"


def make_inputs(
    claims: pd.DataFrame | None = None,
    panel: pd.DataFrame | None = None,
    *,
    data: str | Path | None = None,
    options: FigureOptions | None = None,
) -> FigureInputs:
    """Gather what figures and report are drawn from: the claims about Russia.

    Parameters
    ----------
    claims : pd.DataFrame, optional
        By default the ledger in the data folder; claims about Ukraine are left out.
    panel : pd.DataFrame, optional
        By default built from the claims.
    data : str or Path, optional
        The data folder, see `data_folder`; its ``incidents.csv``, ``masking_study.csv``,
        ``eigenvalues.csv`` and ``reciprocity.csv`` are used if they are there.
    options : FigureOptions, optional
        By default the night shown by region is 2025-11-01 if the panel has a bulletin about it,
        else the panel's highest.

    Returns
    -------
    FigureInputs
    """
    if claims is None:
        claims = load_claims(data)
    claims = claims[(claims["direction"] == DRAWN).to_numpy()].reset_index(drop=True)
    drawable = panel is None
    panel = build_panel(claims) if panel is None else panel
    if options is None:
        options = FigureOptions(night=shown_night(panel))
    return FigureInputs(
        claims,
        panel,
        read_incidents(data),
        options,
        drawable,
        masking=read_stored(MASKING, data),
        eigenvalues=read_stored(EIGENVALUES, data),
        reciprocity=read_stored(RECIPROCITY, data),
    )


def shown_night(panel: pd.DataFrame) -> str:
    """Choose the night shown by region: the usual one, or else the highest of the panel."""
    totals = panel[(panel["region"] == ALL).to_numpy() & (panel["bulletins"] != "").to_numpy()]
    usual = FigureOptions().night
    if (totals["night"] == pd.Timestamp(usual)).any():
        return usual
    if totals.empty:  # no night has a bulletin: any night of the panel shows that
        return f"{panel['night'].max():%Y-%m-%d}"
    return f"{totals['night'].iloc[int(totals['expected'].to_numpy().argmax())]:%Y-%m-%d}"


def read_incidents(data: str | Path | None = None) -> pd.DataFrame:
    """Read the dated events that figures annotate.

    Parameters
    ----------
    data : str or Path, optional
        The data folder; without one, or without ``incidents.csv`` in it, there are no events.

    Returns
    -------
    pd.DataFrame
        ``date`` (datetime64) and ``title``, sorted; the first of several events of one date.

    Raises
    ------
    FigureError
        If a line has no date YYYY-MM-DD or no title.
    """
    rows: list[tuple[pd.Timestamp, str]] = []
    path = _beside_claims(data, INCIDENTS)
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                rows.append(_event(row, f"{path.name}, line {line}"))
    table = pd.DataFrame(sorted(rows), columns=["date", "title"])
    table = table.astype({"date": "datetime64[us]", "title": "str"})
    return table.drop_duplicates("date", ignore_index=True)


def read_stored(name: str, data: str | Path | None = None) -> pd.DataFrame:
    """Read a table that a study has made.

    Parameters
    ----------
    name : str
        A key of `STORED`.
    data : str or Path, optional
        The data folder; without one, or without such a file in it, the table is empty.

    Returns
    -------
    pd.DataFrame
        The columns of its codebook, NaN where a cell is empty; columns of words are text.

    Raises
    ------
    FigureError
        If the file has other columns.
    """
    columns, words, study = STORED[name]
    path = _beside_claims(data, name)
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    types = dict.fromkeys(words, "str")
    table = pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])
    if tuple(table) != columns:
        raise FigureError(
            f"{path.name} has the columns {', '.join(map(str, table.columns[:5]))} ...",
            f"Take the file that the package ships, or make it anew with {study}.",
        )
    return table


def _beside_claims(data: str | Path | None, name: str) -> Path:
    """Path of a table of the data folder, whether or not there is one."""
    try:
        return data_folder(data) / name
    except LedgerError:  # no data folder at all: then no table either
        return Path(name)


def input_hashes(inputs: FigureInputs) -> dict[str, dict[str, int | str]]:
    """Say which inputs were used: rows and sha256 of each table as CSV.

    That of the claims is the sha256 of claims.csv, if they came from there.
    """
    claims = claims_as_text(inputs.claims).to_csv(index=False, lineterminator="\n")
    tables = {
        "claims": (len(inputs.claims), claims),
        "panel": (len(inputs.panel), table_text(inputs.panel)),
        "incidents": (len(inputs.incidents), table_text(inputs.incidents)),
        "masking_study": (len(inputs.masking), table_text(inputs.masking)),
        "eigenvalues": (len(inputs.eigenvalues), table_text(inputs.eigenvalues)),
        "reciprocity": (len(inputs.reciprocity), table_text(inputs.reciprocity)),
        "regions": (len(inputs.gazetteer), table_text(region_table())),
    }
    return {
        name: {"rows": rows, "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest()}
        for name, (rows, text) in tables.items()
    }


def _event(row: dict[str, str], where: str) -> tuple[pd.Timestamp, str]:
    """Check one event."""
    date, title = row.get("date") or "", row.get("title") or ""
    try:
        night = pd.Timestamp(date)
        if not title or f"{night:%Y-%m-%d}" != date:
            raise ValueError
    except ValueError:
        raise FigureError(
            f"{where}: date is {date!r} and title {title!r}.",
            "Give a date YYYY-MM-DD and a few words.",
        ) from None
    return night, title
