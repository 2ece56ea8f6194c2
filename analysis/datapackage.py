"""The codebook of the data: every table and column, as a Frictionless Data Package (v2)."""

import json
from collections.abc import Sequence
from typing import Any, Final

from analysis.ledger.channel_days import DAY_COLUMNS
from analysis.ledger.data_folder import CLAIMS, DAYS
from analysis.vocabulary import (
    ALL,
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

Json = dict[str, Any]

_PROFILE: Final = "https://datapackage.org/profiles/2.0"
_UNIT: Final = "[a-z]+(_[a-z]+)*"

_DESCRIPTION: Final = (
    "What a defence ministry claims to have shot down, hour by hour and region by region, and "
    "a table of nights and regions made from it. " + CAVEAT + " No sentence of a source is stored."
)


def describe_data() -> Json:
    """Return the codebook as plain values, ready for JSON.

    Returns
    -------
    dict
        A Data Package descriptor: one resource for each of claims.csv, channel_days.csv,
        incidents.csv and panel.csv, with the type, meaning, values and missing values of every
        column in the order of the file.

    Examples
    --------
    >>> [table["path"] for table in describe_data()["resources"]]
    ['claims.csv', 'channel_days.csv', 'incidents.csv', 'panel.csv']
    """
    return {
        "$schema": f"{_PROFILE}/datapackage.json",
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
        "resources": [_claims(), _channel_days(), _incidents(), _panel()],
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
    fields = [
        _text("bulletin_id", "Name of the statement: hours or posting time, claimant, direction "
              "and weapon. Several tellings of one statement share it.", required=True),
        _choice("claimant", "Who claims it.", CLAIMANTS),
        _choice("direction", "Where the weapons flew.", DIRECTIONS),
        _choice("weapon", "Kind of weapon.", WEAPONS),
        _moment("window_start", "First minute of the hours covered, with the offset of the "
                "claimant's clock; empty if the text names none that can be dated."),
        _moment("window_end", "First minute after the hours covered."),
        _choice("window_precision", "stated hours; a point in time, one minute long; hours assumed "
                "for words such as overnight; a whole day. Empty without a window.",
                PRECISIONS, required=False),
        _moment("posted_at", "When the statement was posted (UTC, to the minute); of a report, "
                "when the report was. Empty if not known."),
        _text("source", "Channel or host of the newspaper that tells it.", required=True),
        _choice("source_kind", "primary: the claimant's own post; completion: the full list of a "
                "cut post, read by hand; report: a newspaper's telling.", SOURCE_KINDS),
        _whole("revision", "1 for the first text, 2 for a changed one, and so on.", minimum=1),
        _moment("known_at", "When this telling became known; 24 hours after posting (or after the "
                "window) if it does not say.", required=True),
        _choice("list", "How the regions are given: itemised, joint, cut off, or none.", LISTS),
        _choice("measure", "What is counted.", MEASURES),
        _choice("relation", "total of the statement; single: one region; each: that many over each "
                "region of a list; joint: over several together; subset: inside another count, "
                "never added; cumulative: contains other bulletins, never added, with a window of "
                "its own.", RELATIONS),
        _text("regions", "Slugs joined by |; empty for a total or a whole country. A subset may be "
              f"{OUTSIDE_ZONE}, everything but the front.", pattern=rf"{_UNIT}(\|{_UNIT})*"),
        _text("of", "Slugs of the count that a subset is part of; empty if that is the whole.",
              pattern=rf"{_UNIT}(\|{_UNIT})*"),
        _whole("count", "The number claimed."),
        _text("source_url", "Where it stands; for a post, its channel.", form="uri"),
        _text("language", "Language of the text; empty if read by hand.", pattern="[a-z]{2}"),
    ]  # fmt: skip
    about = (
        "The ledger, one row per number. Rows are only ever added. A region that a text names "
        "twice is two rows, so there is no primary key."
    )
    return _table("claims", CLAIMS, "Claims", about, fields, CLAIM_COLUMNS)


def _channel_days() -> Json:
    """Describe the record's calendar."""
    fields = [
        _date("day", "Day on the clock of Moscow."),
        _whole("posts", "Posts of the claimants' channels that the record holds.", minimum=1),
    ]
    about = "Days with any post in the record. A day without a row is missing, not silent."
    return _table("channel_days", DAYS, "Posts per day", about, fields, DAY_COLUMNS, ["day"])


def _incidents() -> Json:
    """Describe the dated events that figures show."""
    fields = [
        _date("date", "Day of the event, local time."),
        _text("region", "Slug of the region.", required=True, pattern=_UNIT),
        _text("title", "A few words for a figure.", required=True),
        _text("note", "What happened, in one sentence."),
        _text("source_url", "Where it can be read; may be empty.", form="uri"),
    ]
    about = "Dated events that figures annotate; they enter no number."
    key = ["date", "region"]
    return _table("incidents", INCIDENTS, "Incidents", about, fields, INCIDENT_COLUMNS, key)


def _panel() -> Json:
    """Describe the table of nights and regions."""
    fields = [
        _date("night", "Morning on which the night ends; it runs from 20:00 to 08:00 in Moscow."),
        _text("region", f"Slug of the region; {ALL} is the night's total with bounds of its own.",
              required=True, pattern=_UNIT),
        _choice("state", "exact; bounded: joint, cut, withheld or split counts; silent: other "
                "posts that day but no bulletin; missing: no post at all.", STATES),
        _whole("count", "Drones claimed; only where state is exact.", required=False),
        _whole("lower", "At least as many are claimed.", required=False),
        _whole("upper", "At most as many are claimed; empty if unknown.", required=False),
        _number("expected", "Expected number given what is claimed; empty if nothing is."),
        _number("coverage", "Share of the night's hours inside some counted window.", maximum=1),
        {
            "name": "provisional",
            "type": "boolean",
            "description": "Whether too few of the night's hours are covered.",
            "trueValues": ["True"],
            "falseValues": ["False"],
            "constraints": {"required": True},
        },
        _text("bulletins", "bulletin_id of what was counted, joined by spaces; in this file "
              f"only on the rows {ALL}."),
    ]  # fmt: skip
    about = (
        "Drones claimed as intercepted or suppressed over Russia, by night and region. Nights "
        "without a bulletin are kept and are not zero. Bounds of regions do not add up to those of "
        "the total."
    )
    key = ["night", "region"]
    return _table("panel", PANEL, "Night x region panel", about, fields, PANEL_COLUMNS, key)


def _table(  # noqa: PLR0913 - a table has this many facts
    name: str,
    path: str,
    title: str,
    description: str,
    fields: Sequence[Json],
    columns: Sequence[str],
    key: Sequence[str] = (),
) -> Json:
    """Describe one table; its columns stand in the order of the file."""
    by_name = {field["name"]: field for field in fields}
    schema: Json = {
        "$schema": f"{_PROFILE}/tableschema.json",
        "fields": [by_name[column] for column in columns],
        "fieldsMatch": ["exact"],
        "missingValues": [""],
    }
    if key:
        schema["primaryKey"] = list(key)
    return {
        "name": name,
        "type": "table",
        "path": path,
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(
    name: str, type_: str, description: str, constraints: Json, form: str | None = None
) -> Json:
    """Describe a column."""
    field: Json = {"name": name, "type": type_, "description": description}
    if form is not None:
        field["format"] = form
    if constraints:
        field["constraints"] = constraints
    return field


def _text(
    name: str,
    description: str,
    *,
    required: bool = False,
    pattern: str | None = None,
    form: str | None = None,
) -> Json:
    """Describe a column of text."""
    constraints: Json = {"required": True} if required else {}
    if pattern is not None:
        constraints["pattern"] = pattern
    return _field(name, "string", description, constraints, form)


def _choice(name: str, description: str, words: Sequence[str], *, required: bool = True) -> Json:
    """Describe a column with few values."""
    constraints: Json = {"required": True} if required else {}
    return _field(name, "string", description, constraints | {"enum": list(words)})


def _moment(name: str, description: str, *, required: bool = False) -> Json:
    """Describe a column of moments: ISO 8601 to the minute, with Z or an offset."""
    constraints = {"required": True} if required else {}
    return _field(name, "datetime", description, constraints, "%Y-%m-%dT%H:%M%z")


def _date(name: str, description: str) -> Json:
    """Describe a column of dates."""
    return _field(name, "date", description, {"required": True})


def _whole(name: str, description: str, *, minimum: int = 0, required: bool = True) -> Json:
    """Describe a column of whole numbers."""
    constraints: Json = {"required": True} if required else {}
    return _field(name, "integer", description, constraints | {"minimum": minimum})


def _number(name: str, description: str, *, maximum: float | None = None) -> Json:
    """Describe a column of numbers >= 0."""
    constraints: Json = {"minimum": 0}
    if maximum is not None:
        constraints["maximum"] = maximum
    return _field(name, "number", description, constraints)
