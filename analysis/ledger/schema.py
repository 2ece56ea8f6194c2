"""What a table of claims must look like.

One schema, on the text that the file holds, guards both directions: a frame is checked as the text
it would be written as, so nothing can be written that could not be read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from analysis.errors import LedgerError
from analysis.ledger.claims_text import QUOTED, check_columns, read_moments
from analysis.regions import regions
from analysis.vocabulary import (
    CLAIMANTS,
    DIRECTIONS,
    JOIN,
    LISTS,
    MEASURES,
    OUTSIDE_ZONE,
    PRECISIONS,
    RELATIONS,
    SOURCE_KINDS,
    VERSION_KEY,
    WEAPONS,
)

if TYPE_CHECKING:
    import pandera.pandas as pa

#: Times are in whole minutes: the minute of posting is the locator of a post.
MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?:Z|[+-]\d\d:\d\d)"

#: Columns that are one for all rows of a version; a figure that contains others has its own window.
_TOLD_ONCE: Final = ("posted_at", "known_at", "list", "source_url", "language")
_WINDOW: Final = ("window_start", "window_end", "window_precision")

if TYPE_CHECKING:
    Text = pd.Series[str]
    Verdicts = pd.Series[bool]
    Rule = tuple[Callable[[Text], Verdicts], str]


def check_claims(text: pd.DataFrame, what: str, where: Callable[[int], str]) -> None:
    """Check the text of a table of claims, all cells at once.

    Parameters
    ----------
    text : pd.DataFrame
        Columns ``CLAIM_COLUMNS``, all ``str``, rows numbered from 0.
    what : str
        What is checked, for the message: a file's name or "The claims".
    where : callable
        Row number -> words for that row, such as "line 7".

    Raises
    ------
    LedgerError
        If the columns are others or any cell, row or version breaks a rule. At most five offenders
        are quoted.
    """
    check_columns(text.columns, what)
    found = sorted(_broken_cells(text), key=lambda one: one[0])
    if not found:  # versions are compared only when every cell can be read
        found = sorted(_split_versions(text), key=lambda one: one[0])
    if found:
        quoted = "; ".join(f"{where(row)}: {problem}" for row, problem in found[:QUOTED])
        more = f"; and {len(found) - QUOTED} more" if len(found) > QUOTED else ""
        raise LedgerError(
            f"{what}: {quoted}{more}.",
            "Correct this at the source; do not drop rows.",
        )


def _broken_cells(text: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Row and problem of each cell that breaks the schema, and of each row whose cells disagree."""
    import pandera.pandas as pa

    try:
        _schema().validate(text, lazy=True)
    except pa.errors.SchemaErrors as broken:
        cases = broken.failure_cases
        in_row = cases["schema_context"] == "DataFrameSchema"
        for row, column, check in cases.loc[~in_row, ["index", "column", "check"]].to_numpy():
            yield int(row), f"{column}={text[column].iloc[int(row)]!r} {check}"
        # A rule on rows reports each of the row's cells: once is enough.
        for row, check in cases.loc[in_row, ["index", "check"]].drop_duplicates().to_numpy():
            yield int(row), str(check)


def _split_versions(text: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Row and problem where one version says two things."""
    key = list(VERSION_KEY)
    bound = text[text["relation"].ne("cumulative") & text["regions"].ne(OUTSIDE_ZONE)]
    for rows, names in ((text, _TOLD_ONCE), (bound, _WINDOW)):
        firsts = rows.groupby(key, sort=False)[list(names)].transform("first")
        for name in names:
            for row in rows.index[rows[name].ne(firsts[name])].tolist():
                words = f"is not {firsts[name].loc[row]!r} as in the first row of this version"
                yield row, f"{name}={rows[name].loc[row]!r} {words}"
    totals = text["relation"].eq("total") & text.duplicated([*key, "relation", "measure"])
    for row in np.flatnonzero(totals).tolist():
        yield row, "the version has a second total of one measure"


@cache
def _schema() -> pa.DataFrameSchema:
    """Return the schema of the file's text; pandera is imported here because it is slow."""
    import pandera.pandas as pa

    def one_of(words: tuple[str, ...]) -> Rule:
        return (lambda x: x.isin(words)), f"is none of {', '.join(w or 'blank' for w in words)}"

    def like(pattern: str, otherwise: str) -> Rule:
        return (lambda x: x.str.fullmatch(pattern)), otherwise

    units: Rule = _are_units, "names an unknown unit, or its units are not in order"
    maybe: Rule = (lambda x: _is_moment(x) | (x == "")), "is not a time such as 2025-11-01T04:24Z"
    cells: dict[str, Rule] = {
        "bulletin_id": like(r"[^\s,]+", "is blank or holds a space"),
        "claimant": one_of(CLAIMANTS),
        "direction": one_of(DIRECTIONS),
        "weapon": one_of(WEAPONS),
        "window_start": maybe,
        "window_end": maybe,
        "window_precision": one_of((*PRECISIONS, "")),
        "posted_at": maybe,
        "source": like(r"\S(.*\S)?", "is blank"),
        "source_kind": one_of(SOURCE_KINDS),
        "revision": like(r"[1-9]\d{0,8}", "is not a whole number >= 1"),
        "known_at": (_is_moment, maybe[1]),
        "list": one_of(LISTS),
        "measure": one_of(MEASURES),
        "relation": one_of(RELATIONS),
        "regions": units,
        "of": units,
        "count": like(r"0|[1-9]\d{0,8}", "is not a whole number >= 0"),
        "source_url": like(r"\S*", "holds a space"),
        "language": like(r"[a-z]*", "is no language code"),
    }
    rows = (
        (_fits_relation, "regions and of do not fit the relation"),
        (_has_whole_window, "window_start, window_end and window_precision do not go together"),
        (_window_runs_forward, "the window does not end after its start"),
    )
    return pa.DataFrameSchema(
        {
            name: pa.Column(str, pa.Check(rule, error=words))
            for name, (rule, words) in cells.items()
        },
        checks=[pa.Check(rule, error=words) for rule, words in rows],
        strict=True,
    )


def _is_moment(column: Text) -> Verdicts:
    """Whether the text is a moment with a zone, to the minute."""
    return column.str.fullmatch(MOMENT) & read_moments(column, errors="coerce").notna()


def _are_units(column: Text) -> Verdicts:
    """Whether each cell is a sorted list of units, possibly empty."""
    known = regions()

    def holds(cell: str) -> bool:
        slugs = cell.split(JOIN) if cell else []
        sound = slugs == sorted(set(slugs)) and all(slug in known for slug in slugs)
        return sound or cell == OUTSIDE_ZONE

    verdicts = {cell: holds(cell) for cell in column.unique()}  # cells repeat
    return column.map(verdicts).astype("bool")


def _fits_relation(text: pd.DataFrame) -> Verdicts:
    """Whether units stand where the relation wants them; that of a part in a list may be lost."""
    relation, units, parent = text["relation"], text["regions"], text["of"]
    several = units.str.contains(JOIN, regex=False)
    outside = units == OUTSIDE_ZONE
    one = (units != "") & ~several & ~outside
    fits = (
        ((relation == "total") & (units == ""))
        | (relation.isin(("single", "each")) & one)
        | ((relation == "single") & (units == "") & (text["list"] != "none"))
        | ((relation == "joint") & several)
        | ((relation == "cumulative") & ~outside)
        | ((relation == "subset") & (~outside | (parent == "")))
    )
    return fits & ((parent == "") | (relation == "subset")) & (parent != OUTSIDE_ZONE)


def _has_whole_window(text: pd.DataFrame) -> Verdicts:
    """Whether a window has both ends and a precision, or nothing of it."""
    start, end, precision = (text[name] != "" for name in _WINDOW)
    return (start == end) & (end == precision)


def _window_runs_forward(text: pd.DataFrame) -> Verdicts:
    """Whether a window ends after it starts."""
    start = read_moments(text["window_start"], errors="coerce")
    end = read_moments(text["window_end"], errors="coerce")
    return (start < end) | start.isna() | end.isna()
