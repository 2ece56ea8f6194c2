"""Names of bulletins: what makes two texts tellings of one statement.

A bulletin's name starts with its hours, so that names sort by time::

    20251031T2000Z-20251101T0400Z.ru_mod.on_russia.uav      stated hours
    20251031T1600Z.ru_mod.on_russia.uav                     a point in time
    20251101T0424Z-post1.ru_mod.on_russia.uav               no such hours: time of posting and
                                                            order among those of that minute

and goes on, where needed, with ``.report-tass.com`` (a newspaper's telling that matched no
bulletin), ``.completion-98`` (not joined to its post yet), ``.cumulative`` (a figure that contains
bulletins), and ``:2`` for another statement of the same hours.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from analysis.bulletins import Bulletin
from analysis.vocabulary import Severity

_ORDINAL: Final = re.compile(r":(\d+)$")
_POST: Final = re.compile(r"^(\d{8}T\d{4}Z-post)\d*(?=\.)")
_ODD: Final = re.compile(r"[^\w.-]+")
REPORT: Final = ".report-"
COMPLETION: Final = ".completion-"
CUMULATIVE: Final = ".cumulative"


@dataclass(frozen=True, slots=True, order=True)
class ClaimFinding:
    """Something about claims that their reader should know; fields as ``FINDING_COLUMNS``."""

    severity: Severity
    code: str
    bulletin_id: str
    message: str
    remedy: str


def name_bulletin(bulletin: Bulletin, *, kind: str = "primary", by: str = "") -> str:
    """Name the statement that a bulletin makes; "" if neither hours nor posting time are known.

    It is the name of the first such statement: `member_of` its family names the others.

    Parameters
    ----------
    bulletin : Bulletin
        What is claimed.
    kind : {"primary", "completion", "report"}
        A completion and a report get a name of their own, which holds until they are joined to
        the bulletin they tell.
    by : str
        The source of a report.

    Examples
    --------
    >>> posted = datetime(2025, 1, 1, 4, 24, tzinfo=UTC)
    >>> name_bulletin(Bulletin("ru_mod", "on_russia", "uav", posted, None, 3, "none"))
    '20250101T0424Z-post1.ru_mod.on_russia.uav'
    """
    window = bulletin.window
    if window is not None and window.precision == "point":
        when = _stamp(window.start)
    elif window is not None and (window.precision == "stated" or bulletin.posted_at is None):
        when = f"{_stamp(window.start)}-{_stamp(window.end)}"
    elif bulletin.posted_at is not None:
        when = f"{_stamp(bulletin.posted_at)}-post1"
    else:
        return ""
    name = f"{when}.{bulletin.claimant}.{bulletin.direction}.{bulletin.weapon}"
    if kind == "completion":
        return f"{name}{COMPLETION}{bulletin.total}"
    if bulletin.cumulative and bulletin.total is None and not bulletin.counts:
        return name + CUMULATIVE
    return f"{name}{REPORT}{_ODD.sub('-', by)}" if kind == "report" else name


def family_of(bulletin_id: str) -> str:
    """Return what the names of all statements have in common that could be taken for one another.

    Examples
    --------
    >>> family_of("20251031T1600Z.ru_mod.on_russia.uav:2")
    '20251031T1600Z.ru_mod.on_russia.uav'
    >>> family_of("20251101T0424Z-post2.ru_mod.on_russia.uav")
    '20251101T0424Z-post.ru_mod.on_russia.uav'
    """
    return _POST.sub(r"\1", _ORDINAL.sub("", bulletin_id))


def names_a_post(bulletin_id: str) -> bool:
    """Whether a name is that of a post, because the text states no hours.

    Examples
    --------
    >>> names_a_post("20251101T0424Z-post2.ru_mod.on_russia.uav")
    True
    """
    return _POST.match(bulletin_id) is not None


def member_of(family: str, number: int) -> str:
    """Return the name of the n-th statement of a family, n >= 1: the inverse of `family_of`.

    Examples
    --------
    >>> member_of("20251031T1600Z.ru_mod.on_russia.uav", 2)
    '20251031T1600Z.ru_mod.on_russia.uav:2'
    """
    if names_a_post(family):
        return _POST.sub(rf"\g<1>{number}", family)
    return family if number == 1 else f"{family}:{number}"


def _stamp(moment: datetime) -> str:
    """Write a moment as 20251031T2000Z."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%MZ}"
