"""Mentions to bulletins: which of them belong to one statement, and the hours that it covers."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from analysis.bulletins.bulletin import Bulletin, Cumulative, Finding, Window
from analysis.bulletins.mentions import Mention, Reading
from analysis.bulletins.parts import Parts, counts_of, regions_of, times
from analysis.bulletins.timephrases import TimePhrase
from analysis.bulletins.totals import read_parts
from analysis.bulletins.windows import resolve
from analysis.regions import get_region
from analysis.vocabulary import CLOCKS, DOWNED, WEAPONS, Direction, Weapon

DIRECTIONS: dict[str, Direction] = {"ru_mod": "on_russia", "ua_air_force": "on_ukraine"}
#: A statement about more hours than these contains other statements.
_LONGEST = timedelta(hours=25)
_NAMED_BY_BOTH = frozenset(("crimea", "sevastopol"))


@dataclass(slots=True)
class Source:
    """What is known of a text besides its words."""

    claimant: str
    posted_at: datetime | None
    language: str
    unfinished: bool
    shortened: bool
    primary: bool = False
    assumed: bool = False


@dataclass(slots=True)
class _Draft:
    """One statement while it is put together."""

    claimant: str
    phrases: list[TimePhrase] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    counted: bool = False  # one of them was intercepted or suppressed
    sums: list[tuple[Mention, TimePhrase | None, list[Mention]]] = field(default_factory=list)


def assemble(reading: Reading, source: Source) -> list[Bulletin]:
    """Return the bulletins of a text.

    Parameters
    ----------
    reading : Reading
        What the grammar found.
    source : Source
        Claimant, posting time, language; whether the text may have lost its end, and whether it is
        so long that it probably has.

    Returns
    -------
    list of Bulletin
        In the order of the text; one for each window and weapon.
    """
    bulletins: list[Bulletin] = []
    drafts = _drafts(reading, source)
    named = {m.claimant for m in reading.mentions if m.claimant} if not source.claimant else set()
    alone = named.pop() if len(named) == 1 else ""
    for draft in drafts:
        cut = reading.cut if source.unfinished and draft is drafts[-1] else set()
        claimant = draft.claimant or source.claimant or alone
        if claimant:
            bulletins.extend(_bulletins(draft, claimant, reading, source, cut))
    return _cut_assumed(bulletins)


# --- which mentions belong together -------------------------------------------------------------


def _drafts(reading: Reading, source: Source) -> list[_Draft]:
    """Group mentions into statements: by claimant, and by the hours they are said to cover."""
    drafts = [_Draft("")]
    summing: list[Mention] | None = None
    by_sentence: dict[int, list[Mention]] = {}
    for mention in reading.mentions:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    for sentence, phrases in sorted(reading.phrases.items()):
        mentions = by_sentence.get(sentence, [])
        draft = drafts[-1]
        if mentions and _begins(draft, mentions, phrases, source):
            draft = _Draft("")
            drafts.append(draft)
            summing = None
        cumulative = bool(mentions) and _sums_up(draft, mentions[0])
        if cumulative:
            summing = []
            draft.sums.append((mentions[0], phrases[0] if phrases else None, summing))
            summing.extend(mentions[1:])
            continue
        if summing is not None and mentions:
            summing.extend(mentions)
            continue
        draft.phrases.extend(phrases)
        draft.mentions.extend(mentions)
        for mention in mentions:
            draft.claimant = draft.claimant or mention.claimant
            draft.counted |= mention.measure in DOWNED
    return drafts


def _begins(
    draft: _Draft, mentions: list[Mention], phrases: list[TimePhrase], source: Source
) -> bool:
    """Whether a sentence begins a statement of its own."""
    first = mentions[0]
    claimant = first.claimant or source.claimant
    if draft.claimant and claimant != draft.claimant:
        return True
    if not (draft.counted and draft.phrases) or first.sum or first.measure not in DOWNED:
        return False
    phrases = [p for p in phrases if not p.says_as_of]
    if not phrases:
        return False
    parts = {part for phrase in phrases for part in phrase.parts}
    elsewhen = bool(parts) and parts.isdisjoint(p for known in draft.phrases for p in known.parts)
    if not elsewhen and first.place is None and any(_is_again(first, m) for m in draft.mentions):
        return False  # a heading said so before
    return first.place is None or elsewhen or max(p.rank for p in phrases) >= 2


def _is_again(mention: Mention, before: Mention) -> bool:
    """Whether a number was told before."""
    if mention.more or mention.also:
        return False
    return (mention.weapon, mention.measure, mention.count) == (
        *(before.weapon, before.measure, before.count),
    )


def _sums_up(draft: _Draft, first: Mention) -> bool:
    """Whether a number "in total" contains the statement rather than being its total."""
    if not first.sum or first.place is not None:
        return False
    parts = [
        m
        for m in draft.mentions
        if m.weapon == first.weapon and m.measure in DOWNED and not m.inside
    ]
    if not parts:
        return False
    stated = any(m.place is None and not m.more for m in parts)
    placed = sum(m.count * times(m) for m in parts if m.place)
    return stated or placed != first.count


# --- one statement ------------------------------------------------------------------------------


def _bulletins(
    draft: _Draft, claimant: str, reading: Reading, source: Source, cut: set[str]
) -> Iterable[Bulletin]:
    """The bulletins of one statement, one for each weapon."""
    about = []
    silent = source.assumed and source.claimant == "ua_air_force" and not draft.claimant
    if silent and _is_over_russia(draft):
        claimant = "ru_mod"
        message = "The text names no claimant; what fell over Russia is claimed by Russia."
        about = [Finding("claimant-from-place", "info", message)]
    if claimant != source.claimant:
        source = replace(source, claimant=claimant)
    window, dated = _window(draft.phrases, source)
    dated += about
    weapons = list(dict.fromkeys(m.weapon for m in draft.mentions if m.weapon in WEAPONS))
    downed = [m.weapon for m in draft.mentions if m.weapon and m.measure in DOWNED]
    if source.primary and not downed and reading.weapons:
        weapons = reading.weapons
    for weapon in weapons:
        mentions = [m for m in draft.mentions if m.weapon == weapon]
        if downed and weapon not in downed and claimant == "ru_mod":
            continue
        parts = read_parts(
            mentions,
            target=reading.target,
            cut=weapon in cut,
            shortened=source.shortened,
            national=claimant == "ua_air_force",
        )
        if not (source.primary or parts.counts or parts.total or parts.subsets):
            continue  # nothing is said to have become of them
        bulletin = _bulletin(weapon, parts, window, dated, source)
        sums = [_cumulative(entry, source) for entry in draft.sums if entry[0].weapon == weapon]
        if window is not None and window.end - window.start > _LONGEST:
            bulletin = _as_cumulative(bulletin)
        elif sums:
            bulletin = replace(bulletin, cumulative=tuple(sums))
        yield bulletin


def _is_over_russia(draft: _Draft) -> bool:
    """Whether what was shot down fell over Russia alone, or over what both sides name."""
    downed = (m for m in draft.mentions if m.measure in DOWNED)
    slugs = {slug for mention in downed for slug in regions_of(mention)}
    countries = {get_region(slug).country for slug in slugs - _NAMED_BY_BOTH} - {"sea"}
    return countries == {"RU"}


def _bulletin(
    weapon: str, parts: Parts, window: Window | None, dated: list[Finding], source: Source
) -> Bulletin:
    """One weapon of one statement as a bulletin."""
    return Bulletin(
        claimant=source.claimant,
        direction=DIRECTIONS[source.claimant],
        weapon=cast("Weapon", weapon),
        posted_at=source.posted_at,
        window=window,
        total=parts.total,
        list=parts.kind,
        counts=tuple(parts.counts),
        subsets=tuple(parts.subsets),
        findings=tuple(sorted([*dated, *parts.findings])),
        language=source.language,
    )


def _as_cumulative(bulletin: Bulletin) -> Bulletin:
    """A statement about more than a day contains others: its figures are only a check."""
    counts = tuple(c for c in bulletin.counts if c.measure in DOWNED)
    findings = [f for f in bulletin.findings if not f.code.startswith("parts-")]
    message = "The hours named are more than a day: the figure sums up other bulletins."
    findings.append(Finding("long-window", "info", message))
    return replace(
        bulletin,
        total=None,
        list="none",
        counts=(),
        subsets=(),
        cumulative=(Cumulative(bulletin.window, bulletin.total, counts),) if bulletin.total else (),
        findings=tuple(sorted(findings)),
    )


def _window(phrases: Sequence[TimePhrase], source: Source) -> tuple[Window | None, list[Finding]]:
    """The window that the most exact phrase means, and what is to say about it."""
    if not phrases:
        return None, [Finding("no-window", "info", "The text names no hours and no part of a day.")]
    clock = ZoneInfo(CLOCKS[source.claimant])
    best = _hours_until(max(phrases, key=_exactness), phrases)
    dated = [d for p in phrases for d in p.dates]
    if not best.dates and dated and all(c.date is None for c in best.clocks):
        best = replace(best, dates=dated[:1])
    window = resolve(best, source.posted_at, clock)
    if window is not None:
        return window, []
    if source.posted_at is None and best.names_no_year:
        message = "The text names no year; give the time of posting to date it."
        return None, [Finding("no-year", "warning", message)]
    return None, [Finding("impossible-window", "warning", "The hours named cannot be dated.")]


def _exactness(phrase: TimePhrase) -> tuple[int, bool]:
    """How exactly a phrase tells time; that of a moment up to which something is known, less so."""
    return phrase.rank, any(clock.role != "asof" for clock in phrase.clocks)


def _hours_until(best: TimePhrase, phrases: Sequence[TimePhrase]) -> TimePhrase:
    """Let "as of 9:00" end the hours that another phrase begins, or that it names the part of."""
    roles = {clock.role for clock in best.clocks}
    if "asof" in roles and not best.parts:
        return replace(best, parts=[part for p in phrases for part in p.parts][:1])
    if "from" not in roles or "until" in roles:
        return best
    known = (clock for p in phrases for clock in p.clocks if clock.role == "asof")
    return replace(best, clocks=[*best.clocks, *(replace(c, role="until") for c in known)])


def _cumulative(
    entry: tuple[Mention, TimePhrase | None, list[Mention]], source: Source
) -> Cumulative:
    """A wider figure with its own window and list."""
    total, phrase, parts = entry
    window, _ = _window([phrase] if phrase else [], source)
    counts = tuple(c for m in parts if m.place for c in counts_of(m, each=m.each))
    return Cumulative(window, total.count, counts)


def _cut_assumed(bulletins: list[Bulletin]) -> list[Bulletin]:
    """End assumed hours where the next bulletin of the same text begins."""
    if len(bulletins) < 2:
        return bulletins
    starts: dict[str, list[datetime]] = {}
    for bulletin in sorted((b for b in bulletins if b.window), key=_start):
        starts.setdefault(bulletin.claimant, []).append(_start(bulletin))
    cut = []
    for bulletin in bulletins:
        window = bulletin.window
        if window is not None and window.precision == "assumed":
            others = starts[bulletin.claimant]
            later = bisect_right(others, window.start)
            if later < len(others) and others[later] < window.end:
                bulletin = replace(bulletin, window=replace(window, end=others[later]))
        cut.append(bulletin)
    return cut


def _start(bulletin: Bulletin) -> datetime:
    """When the hours of a bulletin begin that has any."""
    assert bulletin.window is not None
    return bulletin.window.start
