"""Which bulletin a later telling belongs to: completions by their post, reports by what they say.

A *completion* joins the primary of its claimant and weapon that was posted in the minute it names;
where a minute holds several, the one with its total. Where that minute holds a post, but nothing
about the weapon, the cut has hidden a whole statement: the completion is a bulletin of its own. One
that finds no post is left out (ingest the posts, then the completions again).

A *report* joins a bulletin if claimant, direction and weapon agree, the windows overlap or posting
is within 24 hours, and the total or at least three regional counts are equal. One that tells
exactly a bulletin's total and list, of at least three regions, joins it too if its hours are wrong
by no more than 31 days: a paper that misses the day, or the month, still tells that bulletin. Of
several such bulletins it joins the one with its very list, else with its total and most of its
counts; then the one with an overlapping window, an equal total, the most equal counts, the largest
common part of the windows and the nearest posting time, in this order; two statements of one
article never join the same bulletin. A report that matches none is a bulletin of its own.

A joined completion takes the bulletin's window. A joined report keeps the hours it tells, so that
the audit can compare them; where it counts, `select_versions` gives it those of the bulletin.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from analysis.ledger.identity import COMPLETION, REPORT, ClaimFinding
from analysis.ledger.settling import DAY_MINUTES, Settled, rename_versions, revise, settle_versions
from analysis.ledger.version_table import UNKNOWN, Version, read_versions

#: As many equal regional counts make a report match without an equal total.
ENOUGH = 3
#: Likeness of a report that tells exactly a version's total and list.
SAME = 2
#: A report of exactly a bulletin's list may name hours this many minutes off: a wrong day or month.
MISDATED = 31 * DAY_MINUTES

Claim = tuple[str, str, str]
Score = tuple[int, bool, bool, int, float, int]


def join_tellings(
    new: pd.DataFrame, ledger: pd.DataFrame
) -> tuple[pd.DataFrame, list[ClaimFinding]]:
    """Find which rows are to be added to a ledger, and under which bulletin.

    Parameters
    ----------
    new : pd.DataFrame
        Columns ``CLAIM_COLUMNS``: posts, completions and reports in any mixture.
    ledger : pd.DataFrame
        What is known so far; it is not changed.

    Returns
    -------
    rows : pd.DataFrame
        The new rows that are not known yet; ``bulletin_id``, ``revision``, ``known_at`` and the
        window as settled.
    findings : list of ClaimFinding
        What was joined with a doubt, matched nothing, was corrected or told again.

    Examples
    --------
    >>> from analysis.ledger.claims_text import empty_claims
    >>> rows, findings = join_tellings(empty_claims(), empty_claims())
    >>> len(rows), findings
    (0, [])
    """
    versions = sorted(read_versions(new), key=lambda v: (v.posted, v.rows[0]))
    known = read_versions(ledger)
    completions = [v for v in versions if COMPLETION in v.bulletin_id]
    reports = [v for v in versions if REPORT in v.bulletin_id]
    rest = [v for v in versions if COMPLETION not in v.bulletin_id and REPORT not in v.bulletin_id]

    # A report without a mark in its name was joined in the ledger that it comes from.
    joined = [(v, v) for v in rest if v.source_kind != "primary" and v.has_own]
    settled = settle_versions(
        (v for v in rest if v.source_kind == "primary" or not v.has_own), known
    )
    record = _Record([*known, *(s.name for s in settled if s.name is not None)])
    findings: list[ClaimFinding] = []
    for version in completions:
        host, doubt = record.post_of(version)
        findings += doubt
        if host is not None:
            joined.append((version, _hosted(version, host)))
        elif record.holds_post(version):
            name = version.bulletin_id.partition(COMPLETION)[0]
            joined.append((version, replace(version, bulletin_id=name)))
    alone = []
    for version, host in record.bulletins_told(reports):
        if host is None:
            alone.append(version)
            continue
        findings += _window_doubt(version, host)
        joined.append((version, replace(version, bulletin_id=host.bulletin_id)))
    lonely = settle_versions(alone, known)
    findings += [_unmatched(s.name or s.version) for s in lonely]
    settled += lonely
    settled += _revise_all(joined, known)
    findings += [s.finding for s in settled if s.finding is not None]
    return rename_versions(new, settled), sorted(set(findings))


def _revise_all(
    joined: Iterable[tuple[Version, Version]], known: Iterable[Version]
) -> list[Settled]:
    """Number the revisions of tellings whose bulletin is certain; pairs of old and new name."""
    seen: dict[tuple[str, str, str], list[Version]] = {}
    for version in known:
        seen.setdefault(version.key[:3], []).append(version)
    settled = []
    for version, named in joined:
        same = seen.setdefault(named.key[:3], [])
        one = revise(named, same)
        if one is not None:
            same.append(one)
        settled.append(Settled(version, one))
    return settled


def _hosted(version: Version, host: Version) -> Version:
    """Return a completion under the name and with the window of the bulletin that it tells."""
    return replace(
        version,
        bulletin_id=host.bulletin_id,
        start=host.start,
        end=host.end,
        precision=host.precision,
    )


class _Record:
    """The bulletins that a telling can join: those that have a primary."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self.hosts: dict[str, Version] = {}  # the newest primary of each bulletin
        self.told: dict[str, list[Version]] = {}
        self.by_claim: dict[Claim, list[str]] = {}
        self.by_post: dict[tuple[Claim, int], list[str]] = {}
        self.posts: set[tuple[str, int]] = set()
        for version in versions:
            self.told.setdefault(version.bulletin_id, []).append(version)
            if version.source_kind != "primary":
                continue
            self.posts.add((version.claim[0], version.posted))
            host = self.hosts.get(version.bulletin_id)
            if host is None:
                self.by_claim.setdefault(version.claim, []).append(version.bulletin_id)
            if host is None or host.revision < version.revision:
                self.hosts[version.bulletin_id] = version
            posts = self.by_post.setdefault((version.claim, version.posted), [])
            if version.bulletin_id not in posts:
                posts.append(version.bulletin_id)

    def post_of(self, completion: Version) -> tuple[Version | None, list[ClaimFinding]]:
        """Find the bulletin whose post a completion completes, and what is doubtful about it."""
        found = self.by_post.get((completion.claim, completion.posted), [])
        if not found and self.holds_post(completion):
            return None, [_hidden(completion)]
        equal = [name for name in found if self.hosts[name].total == completion.total]
        if len(found) > 1:
            found = equal
        if len(found) != 1:
            return None, [_no_post(completion)]
        host = self.hosts[found[0]]
        doubtful = host.total is not None and not equal
        return host, [_other_total(completion, host)] if doubtful else []

    def holds_post(self, completion: Version) -> bool:
        """Whether the minute holds a post of the claimant, but no bulletin about that weapon."""
        posted = completion.posted
        return (completion.claim, posted) not in self.by_post and (
            completion.claim[0],
            posted,
        ) in self.posts

    def bulletins_told(
        self, reports: Iterable[Version]
    ) -> Iterator[tuple[Version, Version | None]]:
        """Find the bulletin that each report tells, or None; another for each of an article."""
        articles: dict[tuple[str, int, Claim], list[Version]] = {}
        for report in reports:
            articles.setdefault((report.source, report.posted, report.claim), []).append(report)
        for article in articles.values():
            scores = [
                (score, name, position)
                for position, report in enumerate(article)
                for score, name in self._matches(report)
            ]
            scores.sort(key=lambda one: (one[0], one[1]), reverse=True)
            host: dict[int, str] = {}
            for _, name, position in scores:
                if position not in host and name not in host.values():
                    host[position] = name
            for position, report in enumerate(article):
                name = host.get(position, "")
                yield report, self.hosts.get(name)

    def _matches(self, report: Version) -> Iterator[tuple[Score, str]]:
        """Yield the bulletins that a report may tell, each with how well it fits."""
        for name in self.by_claim.get(report.claim, []):
            host, told = self.hosts[name], self.told[name]
            common = _common_share(report, host)
            apart = abs(report.posted - host.posted)
            near = UNKNOWN not in (report.posted, host.posted) and apart <= DAY_MINUTES
            likeness = max(_likeness(report, version) for version in told)
            misdated = likeness == SAME and _hours_apart(report, host) <= MISDATED
            if not (near or common or misdated):
                continue
            total = any(v.total == report.total is not None for v in told)
            equal = max(_equal_counts(report, version) for version in told)
            if total or equal >= ENOUGH:
                yield (likeness, common > 0, total, equal, common, -apart), name


def _equal_counts(report: Version, version: Version) -> int:
    """How many regional counts are equal."""
    return len(version.parts.items() & report.parts.items())


def _likeness(report: Version, version: Version) -> int:
    """How much of a version a report tells: its very list, its total and most of it, or less."""
    equal = _equal_counts(report, version)
    if report.total is None or report.total != version.total or equal < ENOUGH:
        return 0
    if report.parts == version.parts:
        return SAME
    return int(2 * equal > max(len(report.parts), len(version.parts)))


def _common_share(report: Version, host: Version) -> float:
    """Share of the hours of either window that both cover; 0 where one is not known."""
    if UNKNOWN in (report.start, host.start):
        return 0.0
    common = min(report.end, host.end) - max(report.start, host.start)
    return max(common, 0) / (max(report.end, host.end) - min(report.start, host.start))


def _hours_apart(report: Version, host: Version) -> float:
    """Minutes between the ends of two windows; without end where one is not known."""
    if UNKNOWN in (report.start, host.start):
        return math.inf
    return abs(report.end - host.end)


def _window_doubt(report: Version, host: Version) -> list[ClaimFinding]:
    """Say that a report names other hours than the bulletin it tells."""
    told = ("stated", "point")
    same = (report.start, report.end) == (host.start, host.end)
    if same or report.precision not in told or host.precision not in told:
        return []
    message = f"{report.source} names other hours than the bulletin it tells."
    remedy = "Nothing to do: the bulletin's hours are used."
    return [ClaimFinding("info", "window-differs", host.bulletin_id, message, remedy)]


def _unmatched(report: Version) -> ClaimFinding:
    """Say that a report matches no bulletin."""
    message = f"What {report.source} tells matches no bulletin; it is kept out of the panel."
    remedy = "Ingest the claimant's posts of that day, then this report again."
    return ClaimFinding("warning", "unmatched-report", report.bulletin_id, message, remedy)


def _hidden(completion: Version) -> ClaimFinding:
    """Say that the visible part of a post does not hold what is completed."""
    name = completion.bulletin_id.partition(COMPLETION)[0]
    message = f"{completion.source} tells a statement that the cut post does not show."
    return ClaimFinding("info", "hidden-by-cut", name, message, "Nothing to do: it counts.")


def _no_post(completion: Version) -> ClaimFinding:
    """Say that a completion finds no post, or more than one."""
    name = completion.bulletin_id
    message = f"A completion by {completion.source} fits no single post; it is left out."
    remedy = "Ingest the posts first, then the completions again."
    return ClaimFinding("warning", "unmatched-completion", name, message, remedy)


def _other_total(completion: Version, host: Version) -> ClaimFinding:
    """Say that a completion has another total than its post."""
    message = (
        f"{completion.source} completes a total of {host.total} with a list of {completion.total}."
    )
    remedy = "Compare both texts; the completion does not count while the totals differ."
    return ClaimFinding("warning", "total-differs", host.bulletin_id, message, remedy)
