"""What commands print: one JSON document, or text for people, on standard output."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from analysis.vocabulary import CAVEAT

if TYPE_CHECKING:
    import pandas as pd

    from analysis.bulletins import Bulletin, Window
    from analysis.ledger import AppendReport

_CLAIMANTS = {"ru_mod": "Russian Defence Ministry", "ua_air_force": "Ukrainian Air Force"}
_WEAPONS = {
    "uav": "drones",
    "missile": "missiles",
    "boat": "unmanned boats",
    "bomb": "guided bombs",
    "other": "other objects",
}
_DIRECTIONS = {"on_russia": "over Russia", "on_ukraine": "over Ukraine"}

#: Numbers below this would be printed as 0.000.
SMALL = 0.0005


def print_json(document: Any) -> None:  # noqa: ANN401 - anything that JSON can hold
    """Print one document, and nothing else, on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def print_text(text: str) -> None:
    """Print text for people on standard output."""
    sys.stdout.write(text + "\n")


def print_note(text: str) -> None:
    """Print a note or progress on standard error."""
    sys.stderr.write(text + "\n")


def print_frame(frame: "pd.DataFrame", *, as_json: bool, empty: str = "Nothing.") -> None:
    """Print a table: as a list of records, or aligned, with the caveat on standard error."""
    if as_json:
        print_json(records(frame))
        return
    print_text(plain(frame).to_string(index=False, na_rep="") if len(frame) else empty)
    print_note(CAVEAT)


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows as plain values: ISO dates, moments in UTC, null for what is missing.

    Numbers that are not whole have six significant digits, however small they are.
    """
    import pandas as pd

    shown = frame.copy()
    for name in shown.columns:
        column = shown[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            shown[name] = column.dt.strftime("%Y-%m-%dT%H:%MZ")
        elif pd.api.types.is_datetime64_dtype(column.dtype):
            shown[name] = column.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(column.dtype):
            shown[name] = column.map(lambda value: float(f"{value:.6g}"), na_action="ignore")
    rows: list[dict[str, Any]] = json.loads(shown.to_json(orient="records", double_precision=15))
    return rows


def plain(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a copy with dates as people write them."""
    import pandas as pd

    shown = frame.copy()
    for name in shown.columns:
        column = shown[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            shown[name] = column.dt.tz_convert("Europe/Moscow").dt.strftime("%Y-%m-%d %H:%M")
        elif pd.api.types.is_datetime64_dtype(column.dtype):
            shown[name] = column.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(column.dtype):
            small = (column != 0) & (column.abs() < SMALL)
            shown[name] = (
                column.map(_decimals, na_action="ignore") if small.any() else column.round(3)
            )
    return shown


def _decimals(value: float) -> str:
    """Write a number with three decimals, or one digit of it where these would be zeros."""
    return f"{value:.0e}" if value and abs(value) < SMALL else f"{value:.3f}"


def describe_cell(cell: "pd.DataFrame") -> str:
    """Return what `explain_cell` found as text for people: a line for each claim, and its rule."""
    lines = []
    for row in plain(cell).itertuples(index=False):
        mark = "counts" if row.counted else "      "
        hours = f"{row.window_start} to {row.window_end}"
        told = f"{row.source} ({row.source_kind}, revision {row.revision})"
        lines.append(f"{mark} {row.count:>5}  {row.relation:<10}  {hours}  {told}")
        lines.append(f"{'':14}{row.rule}")
    return "\n".join(lines)


def describe_append(report: "AppendReport") -> str:
    """Return what appending did as one line for people."""
    return (
        f"{report.rows_added} claims of {report.versions_added} tellings added to {report.path}, "
        f"{report.already_known} tellings known already, {report.left_out} left out, "
        f"{len(report.findings)} findings"
    )


def appended(report: "AppendReport") -> dict[str, Any]:
    """Return what appending did as plain values."""
    return {
        "path": str(report.path),
        "rows_added": report.rows_added,
        "versions_added": report.versions_added,
        "already_known": report.already_known,
        "left_out": report.left_out,
        "findings": [asdict(finding) for finding in report.findings],
    }


def describe_bulletins(bulletins: Iterable["Bulletin"]) -> str:
    """Return bulletins as text for people."""
    return "\n\n".join(_describe(bulletin) for bulletin in bulletins)


def _describe(bulletin: "Bulletin") -> str:
    """One bulletin, one line a number."""
    from analysis.regions import get_region

    def names(slugs: Iterable[str]) -> str:
        return " and ".join(get_region(slug).name_en for slug in slugs) or "in all"

    where = f"{_WEAPONS[bulletin.weapon]} {_DIRECTIONS[bulletin.direction]}"
    state = "complete" if bulletin.complete else "not complete"
    total = "not given" if bulletin.total is None else str(bulletin.total)
    lines = [
        f"{_CLAIMANTS[bulletin.claimant]} claims: {where}",
        f"  hours  {_hours(bulletin.window)}",
        f"  total  {total} (list {bulletin.list}, {state})",
    ]
    for count in bulletin.counts:
        joint = " together" if count.relation == "joint" else ""
        measure = "" if count.measure == "intercepted" else f", {count.measure}"
        lines.append(f"{count.count:>7}  {names(count.regions)}{joint}{measure}")
    if bulletin.unattributed and any(count.regions for count in bulletin.counts):
        lines.append(f"{bulletin.unattributed:>7}  without a region")
    for subset in bulletin.subsets:
        lines.append(f"  of these {subset.count} {subset.note}, in {names(subset.of)}")
    for figure in bulletin.cumulative:
        lines.append(f"  in all {figure.total} in the wider hours {_hours(figure.window)}")
    lines += [f"  {f.severity}: {f.message} [{f.code}]" for f in bulletin.findings]
    return "\n".join(lines)


def _hours(window: "Window | None") -> str:
    """A window as people write it."""
    if window is None:
        return "not dated"
    if window.precision == "point":
        return f"about {window.start:%Y-%m-%d %H:%M}"
    return f"{window.start:%Y-%m-%d %H:%M} to {window.end:%Y-%m-%d %H:%M} ({window.precision})"


def uncertainty_held(draws: int) -> str:
    """Which uncertainty intervals hold."""
    held = f"sampling and allocation ({draws} draws)" if draws > 1 else "sampling, not allocation"
    return f"Intervals hold {held}; none holds claims that are wrong."
