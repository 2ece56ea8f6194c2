"""The codebook of the data: every table and column, as a Frictionless Data Package (v2)."""

import json
from typing import Final

from analysis import codebook as book
from analysis.codebook import PROFILE, Json
from analysis.codebook.escalation import describe_eigenvalues, describe_reciprocity
from analysis.codebook.masking import describe_masking
from analysis.codebook.press import describe_press
from analysis.ledger.channel_days import DAY_COLUMNS
from analysis.ledger.data_folder import CLAIMS, DAYS, UKRAINE
from analysis.vocabulary import (
    ALL,
    ATTACKS,
    ATTACKS_URL,
    CAVEAT,
    CHANNELS,
    CLAIM_COLUMNS,
    CLAIMANTS,
    DIRECTIONS,
    LISTS,
    MEASURES,
    OUTSIDE_ZONE,
    PANEL_COLUMNS,
    PRECISIONS,
    RELATIONS,
    SOURCE_KINDS,
    STATES,
    WEAPONS,
)

INCIDENTS: Final = "incidents.csv"
PANEL: Final = "panel.csv"
INCIDENT_COLUMNS: Final = ("date", "region", "title", "note", "source_url")

_UNIT: Final = "[a-z]+(_[a-z]+)*"

#: What columns mean in the table of the Ukrainian side, where that is more or other.
_IN_UKRAINE: Final = {
    "window_precision": "stated hours; a point in time, one minute long; hours assumed from 20:00 "
    "of the evening before where the table names a date and the hour of the end; a whole day.",
    "posted_at": "Empty: the table does not say when a statement was posted.",
    "source": f"{ATTACKS}: the table.",
    "source_kind": "primary: a row of the table stands for the claimant's own post.",
    "known_at": "End of the hours told: the earliest moment at which the number can have been "
    "known.",
    "list": "How the regions are given: itemised or joint, if they make the number shot down; cut, "
    "if some have no number; none.",
    "measure": "intercepted: shot down, from July 2025 on together with suppressed; launched; "
    "lost: lost on the way or suppressed, until July 2025; left: crossed a border.",
    "source_url": "The post that the row was read from; else the table's page.",
    "language": "Empty: read by hand.",
}

_DESCRIPTION: Final = (
    "What the parties claim to have shot down, hour by hour and region by region, and "
    "a table of nights and regions over Russia made from it. "
    + CAVEAT
    + " No sentence of a source is stored."
)


def describe_data() -> Json:
    """Return the codebook as plain values, ready for JSON.

    Returns
    -------
    dict
        A Data Package descriptor: one resource for each of claims.csv, claims_ukraine.csv (with
        licence and sources of its own), channel_days.csv, incidents.csv, press_discrepancies.csv,
        panel.csv, masking_study.csv, eigenvalues.csv and reciprocity.csv, with the type, meaning,
        values and missing values of every column in the order of the file.

    Examples
    --------
    >>> [table["name"] for table in describe_data()["resources"]][:5]
    ['claims', 'claims_ukraine', 'channel_days', 'incidents', 'press_discrepancies']
    """
    return {
        "$schema": f"{PROFILE}/datapackage.json",
        "name": "interception-claims",
        "title": "Claims of intercepted drones, and the nights and regions they make",
        "description": _DESCRIPTION,
        "version": "1.0.0",
        "keywords": ["air war", "claims", "drones", "interceptions", "night x region panel"],
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0 International",
            }
        ],
        "sources": [
            {
                "title": "Posts of the Russian Defence Ministry's public channel",
                "path": CHANNELS["mod_russia"],
            },
            {
                "title": "Copy of these posts, cut at 400 characters",
                "path": "https://github.com/Androm2018/ukraine-drone-weather-analysis",
            },
            {
                "title": "News reports with the full lists of cut posts; "
                "the address stands in source_url"
            },
        ],
        "resources": [
            _claims(),
            _claims_ukraine(),
            _channel_days(),
            _incidents(),
            describe_press(),
            _panel(),
            describe_masking(),
            describe_eigenvalues(),
            describe_reciprocity(),
        ],
    }


def datapackage_json() -> str:
    r"""Return the codebook as the text of datapackage.json, the same bytes every time.

    Examples
    --------
    >>> datapackage_json().endswith("}\n")
    True
    """
    return json.dumps(describe_data(), ensure_ascii=False, indent=2) + "\n"


def _claims() -> Json:
    """Describe the ledger."""
    about = (
        "The ledger, one row per number. Rows are only ever added. A region that a text names "
        "twice is two rows, so there is no primary key."
    )
    return book.table("claims", CLAIMS, "Claims", about, _claim_fields(), CLAIM_COLUMNS)


def _claims_ukraine() -> Json:
    """Describe the part of the ledger that has terms of its own."""
    about = (
        "The other side of the ledger, in the same columns: figures of the Ukrainian Air Force for "
        "long-range drones over Ukraine, one bulletin per attack, read from the table named under "
        "sources and shared under its terms. Not part of an installed package."
    )
    fields = [
        field | {"description": _IN_UKRAINE.get(field["name"], field["description"])}
        for field in _claim_fields()
    ]
    table = book.table(
        "claims_ukraine", UKRAINE, "Claims about Ukraine", about, fields, CLAIM_COLUMNS
    )
    return table | {
        "licenses": [
            {
                "name": "CC-BY-NC-SA-4.0",
                "path": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
                "title": "Creative Commons Attribution Non Commercial Share Alike 4.0 "
                "International",
            }
        ],
        "sources": [
            {
                "title": "Massive Missile Attacks on Ukraine, by Petro Ivaniuk (piterfm), Kaggle",
                "path": ATTACKS_URL,
            },
            {
                "title": "Bulletins of the Ukrainian Air Force; "
                "the address of the post stands in source_url"
            },
        ],
    }


def _claim_fields() -> list[Json]:
    """Describe the columns of a table of claims."""
    return [
        book.text("bulletin_id", "Name of the statement: hours or posting time, claimant, "
              "direction and weapon. Several tellings of one statement share it.", required=True),
        book.choice("claimant", "Who claims it.", CLAIMANTS),
        book.choice("direction", "Where the weapons flew.", DIRECTIONS),
        book.choice("weapon", "Kind of weapon.", WEAPONS),
        book.moment("window_start", "First minute of the hours covered, with the offset of the "
                "claimant's clock; empty if the text names none that can be dated. A report "
                "has the hours that it tells."),
        book.moment("window_end", "First minute after the hours covered."),
        book.choice("window_precision", "stated hours; a point in time, one minute long; hours "
                "assumed for words such as overnight; a whole day. Empty without a window.",
                PRECISIONS, required=False),
        book.moment("posted_at", "When the statement was posted (UTC, to the minute); of a report, "
                "when the report was. Empty if not known."),
        book.text("source", "Channel or host of the newspaper that tells it.", required=True),
        book.choice("source_kind", "primary: the claimant's own post; completion: the full list "
                "of a cut post, read by hand; report: a newspaper's telling.", SOURCE_KINDS),
        book.whole("revision", "1 for the first text, 2 for a changed one, and so on.", minimum=1),
        book.moment("known_at", "When this telling became known; 24 hours after posting (or "
                "after the window) if it does not say.", required=True),
        book.choice("list", "How the regions are given: itemised, joint, cut off, or none.", LISTS),
        book.choice("measure", "What is counted.", MEASURES),
        book.choice("relation", "total of the statement; single: one region; each: that many "
                "over each region of a list; joint: over several together; subset: inside another "
                "count, never added; cumulative: contains other bulletins, never added, with a "
                "window of its own.", RELATIONS),
        book.text("regions", "Slugs joined by |; empty for a total, a whole country, or a part "
              f"whose place is lost. A subset may be {OUTSIDE_ZONE}, everything but the front.",
              pattern=rf"{_UNIT}(\|{_UNIT})*"),
        book.text("of", "Slugs of the count that a subset is part of; empty if that is the whole.",
              pattern=rf"{_UNIT}(\|{_UNIT})*"),
        book.whole("count", "The number claimed."),
        book.text("source_url", "Where it stands; for a post, its channel.", form="uri"),
        book.text("language", "Language of the text; empty if read by hand.", pattern="[a-z]{2}"),
    ]  # fmt: skip


def _channel_days() -> Json:
    """Describe the record's calendar."""
    fields = [
        book.date("day", "Day on the clock of Moscow."),
        book.whole("posts", "Posts of the claimants' channels that the record holds.", minimum=1),
    ]
    about = "Days with any post in the record. A day without a row is missing, not silent."
    return book.table("channel_days", DAYS, "Posts per day", about, fields, DAY_COLUMNS, ["day"])


def _incidents() -> Json:
    """Describe the dated events that figures show."""
    fields = [
        book.date("date", "Day of the event, local time."),
        book.text("region", "Slug of the region.", required=True, pattern=_UNIT),
        book.text("title", "A few words for a figure.", required=True),
        book.text("note", "What happened, in one sentence."),
        book.text("source_url", "Where it can be read; may be empty.", form="uri"),
    ]
    about = "Dated events that figures annotate; they enter no number."
    key = ["date", "region"]
    return book.table("incidents", INCIDENTS, "Incidents", about, fields, INCIDENT_COLUMNS, key)


def _panel() -> Json:
    """Describe the table of nights and regions."""
    fields = [
        book.date("night", "Morning on which the night ends; it runs from 20:00 to 08:00 in "
              "Moscow."),
        book.text("region", f"Slug of the region; {ALL} is the night's total with bounds of its "
              "own.", required=True, pattern=_UNIT),
        book.choice("state", "exact; bounded: joint, cut, withheld or split counts; silent: other "
                "posts that day but no bulletin; missing: no post at all.", STATES),
        book.whole("count", "Drones claimed; only where state is exact.", required=False),
        book.whole("lower", "At least as many are claimed.", required=False),
        book.whole("upper", "At most as many are claimed; empty if unknown.", required=False),
        book.number("expected", "Expected number given what is claimed; empty if nothing is."),
        book.number("coverage", "Share of the night's hours inside some counted window.",
                maximum=1),
        {
            "name": "provisional",
            "type": "boolean",
            "description": "Whether too few of the night's hours are covered.",
            "trueValues": ["True"],
            "falseValues": ["False"],
            "constraints": {"required": True},
        },
        book.text("bulletins", "bulletin_id of what was counted, joined by spaces; in this file "
              f"only on the rows {ALL}."),
    ]  # fmt: skip
    about = (
        "Drones claimed as intercepted or suppressed over Russia, by night and region. Nights "
        "without a bulletin are kept and are not zero. Bounds of regions do not add up to those of "
        "the total."
    )
    key = ["night", "region"]
    return book.table("panel", PANEL, "Night x region panel", about, fields, PANEL_COLUMNS, key)
