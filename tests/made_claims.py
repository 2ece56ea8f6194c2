"""Claims made by hand and at random, for tests of what counts them."""

import pandas as pd
from hypothesis import strategies as st

from analysis.vocabulary import CLAIM_COLUMNS, CLAIM_TIMES, JOIN, MOSCOW

REGIONS = ("kursk", "oryol", "tula", "voronezh")


def moscow(text):
    """Moment on Moscow's clock, or NaT."""
    return pd.NaT if text is None else pd.Timestamp(text, tz=MOSCOW).tz_convert("UTC")


def bulletin(name, start, end, parts=None, *, total=None, listing=None, also=(), known=None, **row):
    """Rows of one version; `parts` maps slugs (several joined by |) to counts."""
    parts = dict(parts or {})
    joint = any(JOIN in slugs for slugs in parts)
    base = {
        "bulletin_id": name,
        "claimant": "ru_mod",
        "direction": "on_russia",
        "weapon": "uav",
        "window_start": moscow(start),
        "window_end": moscow(end),
        "window_precision": "stated",
        "posted_at": moscow(row.pop("posted", end)),
        "source": "mod_russia",
        "source_kind": "primary",
        "revision": 1,
        "list": listing or ("joint" if joint else "itemised" if parts else "none"),
        "measure": "intercepted",
        "of": "",
        "source_url": "",
        "language": "ru",
    } | row
    base["known_at"] = moscow(known) if known else base["posted_at"]
    total = sum(parts.values()) if total is None else total
    rows = [base | {"relation": "total", "regions": "", "count": total}]
    rows += [
        base | {"relation": "joint" if JOIN in slugs else "single", "regions": slugs, "count": n}
        for slugs, n in parts.items()
    ]
    return rows + [base | extra for extra in also]


def figure(start, end, count, *, precision="stated", outside=None):
    """Rows `also` of a cumulative figure, with its part outside the operation zone."""
    base = {
        "window_start": moscow(start),
        "window_end": moscow(end),
        "window_precision": precision,
        "of": "",
    }
    rows = [base | {"relation": "cumulative", "regions": "", "count": count}]
    if outside is not None:
        zone = {"relation": "subset", "regions": "outside_operation_zone", "count": outside}
        rows.append(base | zone)
    return tuple(rows)


def ledger(*bulletins, channel_days=None):
    """Bulletins as a frame of claims."""
    claims = pd.DataFrame([row for rows in bulletins for row in rows], columns=list(CLAIM_COLUMNS))
    for name in CLAIM_TIMES:
        claims[name] = pd.to_datetime(claims[name], utc=True).astype("datetime64[us, UTC]")
    numbers = ("revision", "count")
    kinds = {name: "int64" if name in numbers else "str" for name in CLAIM_COLUMNS}
    claims = claims.astype({name: k for name, k in kinds.items() if name not in CLAIM_TIMES})
    if channel_days is not None:
        claims.attrs["channel_days"] = tuple(channel_days)
    return claims


@st.composite
def drawn_figures(draw):
    """A cumulative figure of that week, stated or assumed, with or without its outer part."""
    start = pd.Timestamp("2024-03-09 20:00") + pd.Timedelta(hours=4 * draw(st.integers(0, 20)))
    end = start + pd.Timedelta(hours=draw(st.sampled_from([12, 24, 60])))
    return figure(
        str(start),
        str(end),
        draw(st.integers(0, 40)),
        precision=draw(st.sampled_from(["stated", "assumed"])),
        outside=draw(st.none() | st.integers(0, 9)),
    )


@st.composite
def drawn_bulletins(draw, name, overlap=True, figures=False):
    """One bulletin of a week in March 2024 with hours, list and counts at random."""
    day = draw(st.integers(0, 5)) if overlap else 3 * int(name)
    kinds = ["stated", "stated", "point", "assumed", "", *["day"] * figures]
    precision = draw(st.sampled_from(kinds))
    begin = draw(st.integers(0, 100)) * 10
    length = draw(st.integers(1, 36)) * 10
    start = pd.Timestamp("2024-03-10") + pd.Timedelta(days=day, minutes=begin)
    if precision == "assumed":
        start = start.normalize() + pd.Timedelta(hours=draw(st.sampled_from([6, 8, 20])))
        length = draw(st.sampled_from([240, 660, 720]))
    if precision == "day":
        start, length = start.normalize(), draw(st.sampled_from([90, 1440]))
    if precision == "point":
        length = 1
    end = start + pd.Timedelta(minutes=length)
    slugs = draw(st.lists(st.sampled_from(REGIONS), unique=True, max_size=3))
    parts = {slug: draw(st.integers(0, 9)) for slug in slugs}
    if len(slugs) == 3 and draw(st.booleans()):
        parts = {JOIN.join(sorted(slugs[:2])): parts[slugs[0]], slugs[2]: parts[slugs[2]]}
    gap = draw(st.sampled_from([0, 0, 0, 3, -1])) if parts else draw(st.integers(0, 9))
    total = max(sum(parts.values()) + gap, 0)
    listing = "cut" if parts and gap > 0 and draw(st.booleans()) else None
    hours = (None, None) if precision == "" else (str(start), str(end))
    posted = str(end + pd.Timedelta(minutes=draw(st.integers(1, 90))))
    return bulletin(
        name,
        *hours,
        parts,
        total=total,
        listing=listing,
        window_precision=precision,
        posted=posted,
        also=draw(drawn_figures()) if figures and draw(st.integers(0, 3)) == 0 else (),
    )


@st.composite
def drawn_ledgers(draw, overlap=True, figures=False):
    """Up to six bulletins, and later tellings of some of them; perhaps with cumulative figures."""
    size = draw(st.integers(1, 6))
    told = [draw(drawn_bulletins(str(i), overlap=overlap, figures=figures)) for i in range(size)]
    for rows in list(told):
        if draw(st.integers(0, 3)) == 0:
            later = rows[0]["known_at"] + pd.Timedelta(hours=24)
            kind = draw(st.sampled_from(["completion", "report"]))
            changed = {"source_kind": kind, "source": "paper", "known_at": later}
            told.append([row | changed for row in rows])
    return ledger(*told)
