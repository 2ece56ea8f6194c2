"""Which statement a telling of a source belongs to: new, told again, corrected, or another one.

Two posts of one channel can name the same hours. They are told apart by these rules, in order,
where "known" means in the ledger already:

1. It says exactly what a known telling posted in the same minute says: known.
2. A known telling was posted in the same minute, and no other new post says the same: the post was
   edited, a new revision. Revisions are numbered in the order in which they became known: a post
   that its export calls edited is the second of its bulletin, and its first text may come later.
3. It says exactly what another telling of these hours says: told again, nothing is added.
4. The hours are stated ("from 23:00 to 07:00", so everything in them is meant), the posts differ
   in time, and they name a unit in common (or none at all): a correction, a new revision.
5. Otherwise it is another statement about the same hours ("about 19:00 two more"): a bulletin of
   its own, with ``:2``, ``:3`` ... after its name. Two posts of one file and minute are always
   told apart: an export holds only the last edit of a post.

On the ministry's record of 2023 to 2026 rule 5 is met three times, always with points in time and
different provinces, and rules 3 and 4 never.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import pandas as pd

from analysis.ledger.identity import ClaimFinding, family_of, member_of, names_a_post
from analysis.ledger.version_table import UNKNOWN, Version, moments, read_versions
from analysis.vocabulary import OUTSIDE_ZONE

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """What becomes of a version: its final name, or None if nothing is to be added."""

    version: Version
    name: Version | None
    finding: ClaimFinding | None = None


def settle_statements(
    claims: pd.DataFrame, statements: Sequence[int]
) -> tuple[pd.DataFrame, list[ClaimFinding]]:
    """Name the statements of one file, where several may have been given one name.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``CLAIM_COLUMNS``, in the order of posting.
    statements : sequence of int
        The number of the statement that each row belongs to.

    Returns
    -------
    claims : pd.DataFrame
        Without what was told again; ``bulletin_id`` and ``revision`` as settled.
    findings : list of ClaimFinding
    """
    settled = settle_versions(read_versions(claims, statements), [], named=False)
    return rename_versions(claims, settled), [s.finding for s in settled if s.finding]


def settle_versions(
    new: Iterable[Version], known: Iterable[Version], *, named: bool = True
) -> list[Settled]:
    """Settle the names of versions that name themselves, against those already named.

    Parameters
    ----------
    new : iterable of Version
        In the order of posting.
    known : iterable of Version
        Those of the ledger, of every kind.
    named : bool
        Whether the new ones were settled among themselves before, so that those of one name are
        tellings of one bulletin.

    Returns
    -------
    list of Settled
        One per new version, in their order.
    """
    new = list(new)
    old: dict[tuple[str, str, str], list[Version]] = {}
    for version in known:
        old.setdefault(_family(version), []).append(version)
    groups: dict[tuple[str, str, str], list[int]] = {}
    for position, version in enumerate(new):
        groups.setdefault(_family(version), []).append(position)
    settled: dict[int, Settled] = {}
    for group, positions in groups.items():
        family = _Family(group[0], old.get(group, []))
        told = family.settle([new[i] for i in positions], named)
        settled |= dict(zip(positions, told, strict=True))
    return [settled[position] for position in range(len(new))]


def revise(version: Version, same: Iterable[Version]) -> Version | None:
    """Number a telling whose bulletin is certain.

    Parameters
    ----------
    version : Version
        Its own number is kept where it is free, else it is the next revision.
    same : iterable of Version
        What that source told of that bulletin before, in that kind.

    Returns
    -------
    Version or None
        None if one of them says the same already.
    """
    same = list(same)
    if any(v.content == version.content for v in same):
        return None
    if version.revision not in {v.revision for v in same}:
        return version
    return _next_revision(version, version.bulletin_id, same)


def rename_versions(claims: pd.DataFrame, settled: Iterable[Settled]) -> pd.DataFrame:
    """Return the rows of what is to be added, with the name, times and window settled for it.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``CLAIM_COLUMNS``.
    settled : iterable of Settled
        Read from the same table.
    """
    kept = [(one.version, one.name) for one in settled if one.name is not None]
    rows = [row for version, _ in kept for row in version.rows]
    names = [name for version, name in kept for _ in version.rows]
    added = claims.iloc[rows].reset_index(drop=True)
    added["bulletin_id"] = pd.Series([name.bulletin_id for name in names], dtype="str")
    added["revision"] = pd.Series([name.revision for name in names], dtype="int64")
    added["known_at"] = moments([name.known for name in names])
    # Figures that contain other bulletins keep their own hours.
    own = added["relation"].ne("cumulative") & added["regions"].ne(OUTSIDE_ZONE)
    hours = {
        "window_start": moments([name.start for name in names]),
        "window_end": moments([name.end for name in names]),
        "window_precision": pd.Series([name.precision for name in names], dtype="str"),
    }
    for column, values in hours.items():
        added[column] = added[column].mask(own, values)
    return added


class _Family:
    """The statements of one source that could be taken for one another."""

    def __init__(self, name: str, known: Sequence[Version]) -> None:
        self.name = name
        self.known = tuple(known)
        self.placed = list(known)

    def settle(self, new: Sequence[Version], named: bool) -> Iterator[Settled]:
        """Settle versions one after the other; each is known to the next."""
        keys = {version.key if named else version.bulletin_id for version in new}
        names = {version.bulletin_id for version in new}
        if len(keys) == len(new) and names.isdisjoint(v.bulletin_id for v in self.known):
            yield from (Settled(version, version) for version in new)
            return
        told = self._told(new)
        claimed = {version.bulletin_id for version in told.values()}
        for position, version in enumerate(new):
            if position in told:
                yield Settled(version, None)
                continue
            name, finding = self._place(version, claimed)
            if name is not None:
                self.placed.append(name)
                claimed.add(name.bulletin_id)
            yield Settled(version, name, finding)

    def _told(self, new: Sequence[Version]) -> dict[int, Version]:
        """Which new versions are known, and as which: one to one."""
        free = list(self.known)
        told = {}
        for position, version in enumerate(new):
            same = [v for v in free if (v.posted, v.content) == (version.posted, version.content)]
            same.sort(key=lambda v: (v.key != version.key, v.key))
            if same:
                told[position] = same[0]
                free.remove(same[0])
        return told

    def _place(
        self, version: Version, claimed: set[str]
    ) -> tuple[Version | None, ClaimFinding | None]:
        """Name one version that is not known yet, and say what it was taken for."""
        if not self.placed:
            return version, None
        edited = [
            v for v in self.known if v.posted == version.posted and v.bulletin_id not in claimed
        ]
        if edited:
            name = _next_revision(version, edited[0].bulletin_id, self.placed)
            if name is None:
                return None, _superseded(edited[0])
            what = "numbers or hours were" if name.posted == UNKNOWN else "post of that minute was"
            return name, _note("info", "edited", name, f"the {what} edited")
        same = [v for v in self.placed if v.content == version.content]
        again = [] if names_a_post(self.name) else same
        if again:
            return None, _note("info", "told-again", again[0], "a later post says the same")
        corrected = [v for v in self.placed if _corrects(version, v)]
        if corrected:
            name = _next_revision(version, corrected[-1].bulletin_id, self.placed)
            if name is None:
                return None, _superseded(corrected[-1])
            return name, _note("warning", "corrected", name, "a later post gives other numbers")
        taken = {v.bulletin_id for v in self.placed}
        free = next(m for n in count(1) if (m := member_of(self.name, n)) not in taken)
        name = replace(version, bulletin_id=free, revision=min(version.revision, 2))
        return name, _note("info", "shared-window", name, "another post has the same hours")


def _family(version: Version) -> tuple[str, str, str]:
    """What versions share that could be taken for one another."""
    return family_of(version.bulletin_id), version.source_kind, version.source


def _corrects(version: Version, other: Version) -> bool:
    """Whether a statement of the same stated hours is about the same thing."""
    if version.precision != "stated" or version.posted == other.posted:
        return False
    shared = version.units & other.units
    return bool(shared) or not (version.units or other.units)


def _next_revision(version: Version, bulletin_id: str, placed: Iterable[Version]) -> Version | None:
    """The version as a revision of a bulletin, or None if no number is left where it belongs.

    A text that was known when it was posted, while another one of that post was known as early, is
    an edit of unknown time: known a day later, and not before what is known. Numbers rise with
    `known`; an older text that is found later gets one only below the first.
    """
    same = [v for v in placed if (v.bulletin_id, *v.key[1:3]) == (bulletin_id, *version.key[1:3])]
    known = version.known
    twice = any(v.posted == version.posted and v.known <= known for v in same)
    if twice and known == version.posted != UNKNOWN:
        known = max(version.posted + DAY_MINUTES, *(v.known for v in same))
    timed = version.posted != UNKNOWN  # else nothing says which of two came first
    before = max((v.revision for v in same if v.known <= known or not timed), default=0)
    behind = min((v.revision for v in same if v.known > known and timed), default=before + 2)
    if behind - 1 <= before:
        return None
    return replace(version, bulletin_id=bulletin_id, revision=behind - 1, known=known)


def _note(severity: str, code: str, version: Version, message: str) -> ClaimFinding:
    """Make a finding about a version of a source."""
    return ClaimFinding(
        severity,  # type: ignore[arg-type]
        code,
        version.bulletin_id,
        f"{version.source}: {message}.",
        _REMEDIES[code],
    )


def _superseded(version: Version) -> ClaimFinding:
    """Say that an older text is left out, because the ledger numbers newer ones already."""
    message = "an older text than those that the ledger holds is left out"
    return _note("warning", "superseded", version, message)


_REMEDIES = {
    "edited": "Nothing to do: both are kept, the newer counts.",
    "told-again": "Nothing to do: it counts once.",
    "corrected": "Compare the two; if the later one adds to the first, it must be a bulletin.",
    "superseded": "Nothing to do: the newer counts; as of then it is missing.",
    "shared-window": "Nothing to do: both count.",
}
