"""What newspapers made of bulletins: the published list with the errors of the table applied."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis.accounting import select_versions
from analysis.regions import get_region
from analysis.vocabulary import ADDED, JOIN, MISATTRIBUTED, MISDATED, MOSCOW, OMITTED, SUBSET_ADDED

DATA = Path(__file__).parent.parent / "data"
TABLE = DATA / "press_discrepancies.csv"


@dataclass
class Press:
    """One telling of a bulletin: what an outlet would print."""

    posted_at: pd.Timestamp
    start: pd.Timestamp
    end: pd.Timestamp
    stated: bool
    total: int
    bulletin_id: str = ""
    items: list = field(default_factory=list)  # (region or word, count)
    errors: list = field(default_factory=list)


def discrepancies():
    """The rows of the table, every cell a text."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published(claims):
    """Posting time -> the list that counts, for bulletins about drones over Russia."""
    chosen = select_versions(claims)
    mine = (chosen["weapon"] == "uav") & (chosen["direction"] == "on_russia")
    chosen = chosen[mine.to_numpy()]
    found = {}
    for (posted, name), rows in chosen.groupby(["posted_at", "bulletin_id"]):
        told = rows[rows["relation"].isin((*ADDED, "total"))]
        if told.empty:
            continue
        head = told.iloc[0]
        total = int(told.loc[told["relation"] == "total", "count"].sum())
        parts = told[told["relation"].isin(ADDED)]
        found[posted, total] = Press(
            posted,
            head["window_start"],
            head["window_end"],
            head["window_precision"] == "stated",
            total,
            name,
            list(zip(parts["regions"], parts["count"].tolist(), strict=True)),
        )
    return found


def with_errors(press, rows):
    """A telling with the errors of some rows."""
    told = replace(press, items=list(press.items), errors=list(rows))
    for row in rows:
        before = (row["region_published"], int(row["count_published"] or 0))
        after = (row["region_printed"], int(row["count_printed"] or 0))
        if row["total_printed"]:
            told.total = int(row["total_printed"])
        elif row["kind"] == MISDATED:
            told.start = pd.Timestamp(row["window_start_printed"])
            told.end = pd.Timestamp(row["window_end_printed"])
            told.stated = True
        elif row["kind"] == SUBSET_ADDED:
            told.items.append(after)
        elif row["kind"] == OMITTED:
            told.items.remove(before)
        elif row["kind"] == MISATTRIBUTED:
            told.items.remove(before)
            told.items.append((row["region_printed"] or row["printed_as"], before[1]))
        elif JOIN in before[0]:
            units = before[0].split(JOIN)
            told.items = [item for item in told.items if item[0] not in units] + [after]
        else:
            told.items = [after if item == before else item for item in told.items]
            if before[1] == 0:
                told.items.append(after)
    return told


def article_time(press):
    """When the article may have stood there: after the post, and after the hours it tells."""
    return max(press.posted_at + pd.Timedelta(hours=3), press.end + pd.Timedelta(hours=1))


def as_line(press, source):
    """A telling as a line of structured bulletins; what no reader could name is left out."""
    counts = {}
    for region, count in press.items:
        units = region.split(JOIN)
        if not all(unit.islower() for unit in units):
            continue
        name = " + ".join(units)
        counts[name if name not in counts else get_region(region).name_en] = count
    return {
        "posted_utc": article_time(press).tz_convert("UTC").strftime("%Y-%m-%dT%H:%MZ"),
        "window_start": press.start.isoformat(),
        "window_end": press.end.isoformat(),
        "total": press.total,
        "counts": counts,
        "source_url": f"https://{source}/",
    }


def as_text(press):
    """A telling in English words of our own."""
    start, end = (moment.tz_convert(MOSCOW) for moment in (press.start, press.end))
    hours = "Overnight"
    if press.stated:
        hours = (
            f"Between {start:%H:%M} on {start.day} {start:%B} and {end:%H:%M} on {end.day} {end:%B}"
        )
    parts = [f"{count} over {_place(region)}" for region, count in press.items]
    listed = ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + parts[-1]
    return f"{hours} Moscow time Russian air defenses destroyed {press.total} Ukrainian drones: {listed}."


def _place(region):
    """A region's English name, as a sentence has it; other words as they are."""
    names = [get_region(unit).name_en if unit.islower() else unit for unit in region.split(JOIN)]
    return " and ".join(
        f"the {name}" if "Sea" in name or "Republic" in name else name for name in names
    )


def grouped(rows):
    """Rows of one outlet about one bulletin: one telling each."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["posted_at"], row["total_published"], row["outlet_url"]].append(row)
    return groups
