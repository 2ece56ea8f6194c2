"""A table of claims as the text that its file holds, and back."""

from collections.abc import Iterable
from typing import Final, Literal
from zoneinfo import ZoneInfo

import pandas as pd

from analysis.errors import LedgerError
from analysis.vocabulary import CLAIM_COLUMNS, CLAIM_NUMBERS, CLAIM_TIMES, CLOCKS, UTC

#: Offenders quoted in one error.
QUOTED: Final = 5


def empty_claims() -> pd.DataFrame:
    """Return a table of claims without rows, every column of its type.

    Examples
    --------
    >>> empty_claims().shape
    (0, 20)
    """
    return typed_claims(pd.DataFrame(columns=list(CLAIM_COLUMNS), dtype="str"))


def typed_claims(text: pd.DataFrame) -> pd.DataFrame:
    """Turn the text of a table of claims, already checked, into columns of their types.

    Parameters
    ----------
    text : pd.DataFrame
        Columns ``CLAIM_COLUMNS``, all ``str``, as in the file.

    Returns
    -------
    pd.DataFrame
        ``CLAIM_TIMES`` as datetime64[us, UTC] (NaT where the text is empty), ``CLAIM_NUMBERS`` as
        int64, the rest ``str``.
    """
    claims = text[list(CLAIM_COLUMNS)].astype("str")
    for name in CLAIM_TIMES:
        claims[name] = read_moments(claims[name])
    for name in CLAIM_NUMBERS:
        claims[name] = claims[name].astype("int64")
    return claims


def claims_as_text(claims: pd.DataFrame) -> pd.DataFrame:
    """Turn a table of claims into the text that the file holds: the inverse of `typed_claims`.

    Windows carry the offset of the claimant's clock, posting and knowing are in UTC.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``CLAIM_COLUMNS``, as returned by ``load_claims`` or ``claims_from_posts``.

    Returns
    -------
    pd.DataFrame
        The same rows and columns, all ``str``, numbered from 0.

    Raises
    ------
    LedgerError
        If columns are missing or unknown, or a time is no moment with a time zone, in whole
        minutes.

    Examples
    --------
    >>> claims_as_text(empty_claims()).dtypes.astype(str).unique().tolist()
    ['str']
    """
    check_columns(claims.columns, "The claims")
    claims = claims.reset_index(drop=True)
    text = {}
    for name in CLAIM_COLUMNS:
        column = claims[name]
        if name not in CLAIM_TIMES:
            text[name] = column.astype("str").fillna("")
            continue
        if not isinstance(column.dtype, pd.DatetimeTZDtype):
            raise LedgerError(
                f"Column {name} of the claims is {column.dtype}, not moments with a time zone.",
                f'Convert it with pd.to_datetime(claims["{name}"], utc=True).',
            )
        clocks = claims["claimant"] if name in ("window_start", "window_end") else None
        text[name] = _write_moments(column, clocks)
    return pd.DataFrame(text, columns=list(CLAIM_COLUMNS)).astype("str")


def check_columns(columns: Iterable[str], what: str) -> None:
    """Refuse missing or unknown columns.

    Raises
    ------
    LedgerError
        If the columns are not ``CLAIM_COLUMNS``, in whatever order.
    """
    names = list(columns)
    missing = [name for name in CLAIM_COLUMNS if name not in names]
    unknown = [str(name) for name in names if name not in CLAIM_COLUMNS]
    if missing or unknown:
        lacks = [f"lacks {', '.join(missing[:QUOTED])}"] if missing else []
        has = [f"has the unknown {', '.join(unknown[:QUOTED])}"] if unknown else []
        raise LedgerError(
            f"{what}: the table {' and '.join(lacks + has)}.",
            f"Give exactly the columns {', '.join(CLAIM_COLUMNS)}.",
        )


def read_moments(
    column: "pd.Series[str]", errors: Literal["raise", "coerce"] = "raise"
) -> "pd.Series[pd.Timestamp]":
    """Read text as moments, datetime64[us, UTC]; blank is NaT."""
    read = pd.to_datetime(column.where(column != ""), format="ISO8601", utc=True, errors=errors)
    return read.dt.as_unit("us")


def _write_moments(
    column: "pd.Series[pd.Timestamp]", claimants: "pd.Series[str] | None"
) -> "pd.Series[str]":
    """Write moments in UTC, or on the clock of each row's claimant; NaT is blank."""
    utc = column.dt.tz_convert(UTC)
    ragged = utc.notna() & (utc != utc.dt.floor("min"))
    if ragged.any():
        raise LedgerError(
            f"{column.name} holds {utc[ragged].iloc[0].isoformat()}, which is not a whole minute.",
            "Cut times to the minute: it is the locator of a post.",
        )
    if claimants is None:
        return utc.dt.strftime("%Y-%m-%dT%H:%MZ").fillna("").astype("str")
    text = pd.Series("", index=column.index, dtype="str")
    for claimant in claimants.unique():
        rows = (claimants == claimant) & utc.notna()
        clock = ZoneInfo(CLOCKS.get(claimant, UTC))
        moments = {m: m.tz_convert(clock).isoformat(timespec="minutes") for m in utc[rows].unique()}
        text[rows] = utc[rows].map(moments).astype("str")
    return text
