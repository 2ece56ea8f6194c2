"""The files of a ledger: which rows stand in which, read checked, written sorted."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.errors import LedgerError, ReadError
from analysis.ledger.claims_text import check_columns, claims_as_text, empty_claims
from analysis.ledger.data_folder import file_of
from analysis.ledger.schema import check_claims
from analysis.readers.text_files import read_text
from analysis.vocabulary import CLAIM_COLUMNS, MEASURES, SOURCE_KINDS

#: Order of the rows of a version: totals, what regions account for, parts of it, wider figures.
_RELATION_ORDER: Final = {"total": 0, "subset": 2, "cumulative": 3}


def read_ledger(files: Sequence[Path]) -> pd.DataFrame:
    """Read the text of a ledger's files as one table, checked and sorted.

    Parameters
    ----------
    files : sequence of Path
        Those that do not exist are passed over.

    Returns
    -------
    pd.DataFrame
        Columns ``CLAIM_COLUMNS``, all ``str``.

    Raises
    ------
    LedgerError
        If a file is no table of claims; offenders are quoted by line.
    """
    tables = {file: _read_claims(file) for file in files if file.is_file()}
    if not tables:
        return claims_as_text(empty_claims())
    text = pd.concat(tables.values(), ignore_index=True)
    try:
        check_claims(text, "The ledger", str)  # all at once, because each check takes its time
    except LedgerError:
        for file, table in tables.items():
            check_claims(table, str(file), lambda row: f"line {row + 2}")
        raise
    if len(tables) == 1:
        return text
    if set.intersection(*(set(table["bulletin_id"]) for table in tables.values())):
        return sort_claims(text)
    return text.sort_values("bulletin_id", kind="stable", ignore_index=True)  # each is sorted


def ledger_texts(text: pd.DataFrame, added: pd.DataFrame, main: Path) -> Mapping[Path, str]:
    """Write the files of a ledger to which rows are added; the others stay as they are.

    Parameters
    ----------
    text, added : pd.DataFrame
        The text of the ledger and of the rows to add; columns ``CLAIM_COLUMNS``.
    main : Path
        The file of all sources that have none of their own.

    Returns
    -------
    mapping of Path to str
        File -> its new content.
    """
    grown = {file_of(source, main) for source in added["source"].unique()}
    rows = pd.concat([text, added], ignore_index=True)
    file = rows["source"].map({name: file_of(name, main) for name in rows["source"].unique()})
    return {name: as_csv(sort_claims(rows[(file == name).to_numpy()])) for name in sorted(grown)}


def read_csv(file: Path) -> pd.DataFrame:
    """Read a table of text; nothing is taken for missing.

    Raises
    ------
    LedgerError
        If it is no table.
    """
    try:
        text = read_text(file)
        return pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_filter=False)
    except ReadError as unreadable:
        raise LedgerError(*unreadable.args) from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as broken:
        raise LedgerError(
            f"{file} is no table ({str(broken).strip()}).", "Restore the file from a copy."
        ) from None


def as_csv(table: pd.DataFrame) -> str:
    """Write a table as CSV, the same on every system."""
    return table.to_csv(index=False, lineterminator="\n")


def sort_claims(text: pd.DataFrame) -> pd.DataFrame:
    """Sort claims by bulletin and version; inside one, totals first and large counts first."""
    text = text.reset_index(drop=True)
    keys: dict[str, Callable[[], pd.Series]] = {
        "kind": lambda: text["source_kind"].map(SOURCE_KINDS.index),
        "turn": lambda: text["revision"].astype("int64"),
        "rank": lambda: text["relation"].map(_RELATION_ORDER).fillna(1),
        "which": lambda: text["measure"].map(MEASURES.index),
        "size": lambda: -text["count"].astype("int64"),
    }
    order = pd.DataFrame({name: make() for name, make in keys.items()})
    table = pd.concat([text, order], axis=1)
    first = ["bulletin_id", "kind", "source", "turn", "rank", "which", "window_start", "size"]
    rest = [name for name in CLAIM_COLUMNS if name not in first]
    return table.sort_values([*first, *rest], ignore_index=True)[list(CLAIM_COLUMNS)]


def _read_claims(file: Path) -> pd.DataFrame:
    """Read the text of the claims; columns in their order, cells not checked."""
    text = read_csv(file)
    check_columns(text.columns, str(file))
    return text[list(CLAIM_COLUMNS)]
