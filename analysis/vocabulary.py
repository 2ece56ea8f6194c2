"""The words of the data: column names, states and the values that a claim may take.

Every other module takes its strings from here, so that an idea has one spelling.
"""

from typing import Final, Literal

Claimant = Literal["ru_mod", "ua_air_force"]
Direction = Literal["on_russia", "on_ukraine"]
Weapon = Literal["uav", "missile", "boat", "bomb", "other"]
Precision = Literal["stated", "point", "assumed", "day"]
SourceKind = Literal["primary", "completion", "report"]
ListKind = Literal["itemised", "joint", "cut", "none"]
Measure = Literal["intercepted", "suppressed", "launched", "lost", "left", "hit"]
Relation = Literal["single", "each", "joint", "subset", "cumulative", "total"]
State = Literal["exact", "bounded", "silent", "missing"]
Severity = Literal["error", "warning", "info"]

CLAIMANTS: Final = ("ru_mod", "ua_air_force")
DIRECTIONS: Final = ("on_russia", "on_ukraine")
WEAPONS: Final = ("uav", "missile", "boat", "bomb", "other")
PRECISIONS: Final = ("stated", "point", "assumed", "day")
SOURCE_KINDS: Final = ("primary", "completion", "report")
LISTS: Final = ("itemised", "joint", "cut", "none")
MEASURES: Final = ("intercepted", "suppressed", "launched", "lost", "left", "hit")
RELATIONS: Final = ("single", "each", "joint", "subset", "cumulative", "total")
STATES: Final = ("exact", "bounded", "silent", "missing")
SEVERITIES: Final = ("error", "warning", "info")
#: The measures that make up a total: what did not come through.
DOWNED: Final = ("intercepted", "suppressed")
#: Relations whose counts add up to a total.
ADDED: Final = ("single", "each", "joint")

#: One row per claim; the order is that of `data/claims.csv`.
CLAIM_COLUMNS: Final = (
    "bulletin_id",
    "claimant",
    "direction",
    "weapon",
    "window_start",
    "window_end",
    "window_precision",
    "posted_at",
    "source",
    "source_kind",
    "revision",
    "known_at",
    "list",
    "measure",
    "relation",
    "regions",
    "of",
    "count",
    "source_url",
    "language",
)
#: Moments in memory are datetime64[us, UTC]; the files write windows with the claimant's offset.
CLAIM_TIMES: Final = ("window_start", "window_end", "posted_at", "known_at")
CLAIM_NUMBERS: Final = ("revision", "count")
#: A version is one telling of a bulletin: these columns name it.
VERSION_KEY: Final = ("bulletin_id", "source_kind", "source", "revision")

#: What a telling can do to a bulletin that others tell otherwise.
MISATTRIBUTED: Final = "misattributed"
WRONG_COUNT: Final = "wrong count"
OMITTED: Final = "omitted"
SUBSET_ADDED: Final = "subset added"
MISDATED: Final = "misdated"
DISCREPANCIES: Final = (MISATTRIBUTED, WRONG_COUNT, OMITTED, SUBSET_ADDED, MISDATED)
#: What it does besides: say the same, show more than the list that counts, or show less of it.
AGREES: Final = "agrees"
ONLY_HERE: Final = "only here"
NOT_TOLD: Final = "not told"
#: One row per count that a version tells or leaves out.
TELLING_COLUMNS: Final = (
    "bulletin_id",
    "source_kind",
    "source",
    "revision",
    "counts",
    "adds_up",
    "measure",
    "kind",
    "region",
    "published",
    "told_region",
    "told",
    "window_start",
    "window_end",
)

POST_COLUMNS: Final = ("posted_at", "text", "source", "source_url")
PANEL_COLUMNS: Final = (
    "night",
    "region",
    "state",
    "count",
    "lower",
    "upper",
    "expected",
    "coverage",
    "provisional",
    "bulletins",
)
FINDING_COLUMNS: Final = ("severity", "code", "bulletin_id", "message", "remedy")

#: The panel's row for the night's total; no unit of the gazetteer has this slug.
ALL: Final = "all"
#: A part of a figure that is no unit of the gazetteer: everything but the front. It appears only as
#: the ``regions`` of a subset whose ``of`` is empty: part of the whole figure with the same window.
OUTSIDE_ZONE: Final = "outside_operation_zone"
#: Joins the slugs of a claim that was given for several units together.
JOIN: Final = "|"

MOSCOW: Final = "Europe/Moscow"
KYIV: Final = "Europe/Kyiv"
UTC: Final = "UTC"
#: The clock that a claimant's words mean.
CLOCKS: Final[dict[str, str]] = {"ru_mod": MOSCOW, "ua_air_force": KYIV}

#: Where the public channel of each claimant stands; the minute of posting is the locator.
CHANNELS: Final[dict[str, str]] = {
    "mod_russia": "https://t.me/mod_russia",
    "kpszsu": "https://t.me/kpszsu",
}
#: Whose channel it is.
CHANNEL_CLAIMANTS: Final[dict[str, str]] = {"mod_russia": "ru_mod", "kpszsu": "ua_air_force"}
#: How the channels are titled: an export names a channel by its title, not by its public name.
CHANNEL_TITLES: Final[dict[str, str]] = {
    "mod_russia": "mod_russia",
    "Минобороны России": "mod_russia",
    "kpszsu": "kpszsu",
    "Повітряні Сили ЗС України": "kpszsu",
    "Повітряні Сили ЗС України / Air Force of the Armed Forces of Ukraine": "kpszsu",
}
#: The claimants whose posts `data/channel_days.csv` counts. Of the Ukrainian Air Force there is but
#: a table of attacks, without times of posting and without a row for a quiet night: nothing tells a
#: quiet night from a gap in the table, so a night without an attack is missing, not silent.
RECORDED: Final = ("ru_mod",)

#: The table that the Ukrainian side comes from, as a ``source``, and its page.
ATTACKS: Final = "massive_missile_attacks"
ATTACKS_URL: Final = "https://www.kaggle.com/datasets/piterfm/massive-missile-attacks-on-ukraine"

CAVEAT: Final = (
    "Numbers are claims of a party to the conflict, as published; they are not verified counts."
)

#: How the masking study hides lists: only names left; some of them cut, too; the tail; all.
HIDINGS: Final = ("names", "cut names", "tail", "total")
#: Which lists it hides at once: of nights drawn at random, of three weeks on end.
PATTERNS: Final = ("scattered", "run")
#: The parts of the record it tells apart.
STUDY_PERIODS: Final = ("until 2024", "2025", "2026", "all")
#: How it shares hidden counts out: as the package does, and more simply.
SHARINGS: Final = ("allocation", "equal", "all time", "kernel 30 d")
