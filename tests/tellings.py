"""Bulletins, posts and claims for the tests: made up, in words and numbers of their own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from analysis.bulletins import Bulletin, Count, Window
from analysis.ledger.claims import claims_from_bulletins

MOSCOW = ZoneInfo("Europe/Moscow")
PARTS = {"tula": 3, "oryol": 2}


def moscow(text):
    """A moment on the ministry's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def utc(text):
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(start="2025-01-02T20:00", end="2025-01-03T07:00", precision="stated"):
    """Hours on the ministry's clock."""
    return Window(moscow(start), moscow(end), precision)


def point(at="2025-01-02T19:00"):
    """A point in time: one minute."""
    start = moscow(at)
    return Window(start, start.replace(minute=start.minute + 1), "point")


def bulletin(parts=PARTS, *, posted="2025-01-03T04:30", hours=None, total=None, **fields):
    """A bulletin whose regions account for its total."""
    counts = tuple(
        Count(tuple(slugs.split("|")), n, "joint" if "|" in slugs else "single", "intercepted")
        for slugs, n in parts.items()
    )
    given = {
        "claimant": "ru_mod",
        "direction": "on_russia",
        "weapon": "uav",
        "posted_at": utc(posted) if posted else None,
        "window": hours,
        "total": sum(parts.values()) if total is None else total,
        "list": "itemised" if parts else "none",
        "counts": counts,
    }
    return Bulletin(**given | fields)


def claims(*bulletins, source="mod_russia", kind="primary", url=""):
    """The claims of one text."""
    return claims_from_bulletins(bulletins, source=source, source_kind=kind, source_url=url)


def posts(*rows, source="mod_russia"):
    """Posts (time in UTC, text) of one source."""
    return pd.DataFrame(
        {
            "posted_at": pd.to_datetime([time for time, _ in rows], utc=True).as_unit("us"),
            "text": [text for _, text in rows],
            "source": source,
            "source_url": "",
        }
    )
