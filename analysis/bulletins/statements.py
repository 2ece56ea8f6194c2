"""Mentions to bulletins: which number is the total, which are its parts, and what looks wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from analysis.bulletins.bulletin import Bulletin, Count, Cumulative, Finding, Subset, Window
from analysis.bulletins.grammar import Mention, Reading
from analysis.bulletins.places import Place
from analysis.bulletins.windows import TimePhrase, resolve
from analysis.vocabulary import CLOCKS, Direction, ListKind

DIRECTIONS: dict[str, Direction] = {"ru_mod": "on_russia", "ua_air_force": "on_ukraine"}
_DOWNED = ("intercepted", "suppressed")
#: More lists than this are not tried as "each": the reading would be a guess.
_MOST_LISTS = 6


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a text besides its words."""

    claimant: str
    posted_at: datetime | None
    language: str
    unfinished: bool


@dataclass(slots=True)
class _Draft:
    """One statement while it is put together."""

    claimant: str
    phrases: list[TimePhrase] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    sums: list[tuple[Mention, TimePhrase | None, list[Mention]]] = field(default_factory=list)


def assemble(reading: Reading, source: Source) -> list[Bulletin]:
    """Return the bulletins of a text.

    Parameters
    ----------
    reading : Reading
        What the grammar found.
    source : Source
        Claimant, posting time, language, and whether the text may have lost its end.

    Returns
    -------
    list of Bulletin
        In the order of the text; one for each window and weapon.
    """
    bulletins: list[Bulletin] = []
    drafts = _drafts(reading, source)
    for draft in drafts:
        cut = reading.cut if source.unfinished and draft is drafts[-1] else set()
        bulletins.extend(_bulletins(draft, reading, source, cut))
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
    return drafts


def _begins(
    draft: _Draft, mentions: list[Mention], phrases: list[TimePhrase], source: Source
) -> bool:
    """Whether a sentence begins a statement of its own."""
    first = mentions[0]
    claimant = first.claimant or source.claimant
    if draft.claimant and claimant != draft.claimant:
        return True
    counted = any(m.measure in _DOWNED for m in draft.mentions)
    if not (counted and draft.phrases and phrases) or first.sum or first.measure not in _DOWNED:
        return False
    return first.place is None or max(p.rank for p in phrases) >= 2


def _sums_up(draft: _Draft, first: Mention) -> bool:
    """Whether a number "in total" contains the statement rather than being its total."""
    if not first.sum or first.place is not None:
        return False
    parts = [m for m in draft.mentions if m.weapon == first.weapon and m.measure in _DOWNED]
    if not parts:
        return False
    stated = any(m.place is None and not m.more for m in parts)
    placed = sum(m.count * (len(m.place.regions) if m.each else 1) for m in parts if m.place)
    return stated or placed != first.count


# --- one statement ------------------------------------------------------------------------------


def _bulletins(
    draft: _Draft, reading: Reading, source: Source, cut: set[str]
) -> Iterable[Bulletin]:
    """The bulletins of one statement, one for each weapon."""
    claimant = draft.claimant or source.claimant
    if not claimant:
        return
    source = replace(source, claimant=claimant)
    window, dated = _window(draft.phrases, source)
    weapons = list(dict.fromkeys(m.weapon for m in draft.mentions if m.weapon))
    downed = [m.weapon for m in draft.mentions if m.weapon and m.measure in _DOWNED]
    if source.language == "ru" and not downed and reading.weapons:
        weapons = reading.weapons[:1]
    for weapon in weapons:
        mentions = [m for m in draft.mentions if m.weapon == weapon]
        if downed and weapon not in downed and claimant == "ru_mod":
            continue
        one = _Statement(weapon, mentions, reading.target, source, weapon in cut)
        bulletin = one.bulletin(window, dated)
        sums = [_cumulative(entry, source) for entry in draft.sums if entry[0].weapon == weapon]
        yield replace(bulletin, cumulative=tuple(sums))


def _window(phrases: Sequence[TimePhrase], source: Source) -> tuple[Window | None, list[Finding]]:
    """The window that the most exact phrase means, and what is to say about it."""
    if not phrases:
        return None, [Finding("no-window", "info", "The text names no hours and no part of a day.")]
    clock = ZoneInfo(CLOCKS[source.claimant])
    best = max(phrases, key=lambda phrase: phrase.rank)
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


def _cumulative(
    entry: tuple[Mention, TimePhrase | None, list[Mention]], source: Source
) -> Cumulative:
    """A wider figure with its own window and list."""
    total, phrase, parts = entry
    window, _ = _window([phrase] if phrase else [], source)
    counts = tuple(c for m in parts if m.place for c in _counts(m, each=m.each))
    return Cumulative(window, total.count, counts)


@dataclass(slots=True)
class _Statement:
    """One weapon of one statement."""

    weapon: str
    mentions: list[Mention]
    target: Place | None
    source: Source
    cut: bool
    findings: list[Finding] = field(default_factory=list)

    def bulletin(self, window: Window | None, dated: list[Finding]) -> Bulletin:
        """Put the bulletin together."""
        self.findings.extend(dated)
        if self.source.claimant == "ru_mod":
            total, counts = self._regional()
        else:
            total, counts = self._national()
        subsets = self._subsets()
        self._name_findings()
        kind = _list_kind(counts, total, cut=self.cut)
        if kind == "cut":
            self._note("cut", "info", "The text ends inside the list of regions.")
        self._compare(counts, total, kind)
        return Bulletin(
            claimant=self.source.claimant,
            direction=DIRECTIONS[self.source.claimant],
            weapon=self.weapon,  # type: ignore[arg-type]
            posted_at=self.source.posted_at,
            window=window,
            total=total,
            list=kind,
            counts=tuple(counts),
            subsets=tuple(subsets),
            findings=tuple(sorted(self.findings)),
            language=self.source.language,
        )

    def _note(self, code: str, severity: str, message: str) -> None:
        self.findings.append(Finding(code, severity, message))  # type: ignore[arg-type]

    def _regional(self) -> tuple[int | None, list[Count]]:
        """Total and parts of a claim that gives regions."""
        launched = [m for m in self.mentions if m.measure == "launched"]
        parts = [m for m in self.mentions if m.measure in _DOWNED and not m.inside]
        head = next((m for m in parts if m.sum and m.place is None), None) or self._head(parts)
        total = head.count if head is not None else None
        rest = [m for m in parts if m is not head and not _subtotal(m, parts)]
        if self.target is not None and self.target.regions and all(m.place is None for m in rest):
            rest = [replace(m, place=self.target) for m in rest or parts]
            if rest:
                self._note(
                    "place-from-attack",
                    "info",
                    "The region is the one that the attack was aimed at.",
                )
        counts = self._attempted(launched) + self._resolve_each(rest, total)
        down = sum(c.count for c in counts if c.measure in _DOWNED)
        if total is None and parts and not self.cut:
            total = down
        if any(m.implied and m.count > 1 for m in parts):
            self._note(
                "count-from-attack",
                "info",
                "The number is that of the attack: all are said to be down.",
            )
        if total is None and len(parts) == 1 and len(_slugs(parts[0])) > 1:
            total = down  # one number over a list: the list is cut, the number is not
        if total is None and launched and launched[0].count >= down > 0:
            total = launched[0].count
            self._note(
                "total-from-attack",
                "warning",
                "No total is given; it is taken from the size of the attack.",
            )
        return total, counts

    @staticmethod
    def _head(parts: list[Mention]) -> Mention | None:
        """The total that the text states first, if it states one."""
        if not parts or parts[0].place is not None or parts[0].more:
            return None
        others = parts[1:]
        if others and all(m.place is None for m in others):
            return None  # "ten were destroyed, three more jammed": parts without regions
        return parts[0]

    def _attempted(self, launched: list[Mention]) -> list[Count]:
        """Numbers of the attack that was stopped."""
        return [Count((), m.count, "single", "launched") for m in launched[:1]]

    def _resolve_each(self, parts: list[Mention], total: int | None) -> list[Count]:
        """Counts of the parts; a list is read as "each" where only that adds up."""
        lists = [m for m in parts if not m.each and len(_slugs(m)) > 1]
        chosen: tuple[Mention, ...] = ()
        base = sum(m.count * _times(m) for m in parts)
        if total is not None and base != total and 0 < len(lists) <= _MOST_LISTS:
            fits = [
                group
                for size in range(1, len(lists) + 1)
                for group in combinations(lists, size)
                if base + sum(m.count * (len(_slugs(m)) - 1) for m in group) == total
            ]
            if len(fits) == 1:
                chosen = fits[0]
                self._note(
                    "each-inferred",
                    "info",
                    "A number before several regions is read as that many over each: only so the parts make the total.",
                )
        return [c for m in parts for c in _counts(m, each=m.each or any(m is x for x in chosen))]

    def _national(self) -> tuple[int | None, list[Count]]:
        """Total and numbers of a claim about a whole country."""
        counts = [
            Count(_slugs(m), m.count, "single" if len(_slugs(m)) < 2 else "joint", m.measure)
            for m in self.mentions
            if not m.inside
        ]  # type: ignore[arg-type]
        down = [c.count for c in counts if c.measure in _DOWNED and not c.regions]
        return (sum(down) if down else None), counts

    def _subsets(self) -> list[Subset]:
        """Numbers inside other numbers."""
        subsets = []
        parent: tuple[str, ...] = ()
        for mention in self.mentions:
            if not mention.inside:
                parent = _slugs(mention) or parent
                continue
            regions = _slugs(mention)
            note = (
                f"towards {' and '.join(_label(slug) for slug in regions)}"
                if mention.towards
                else "included"
            )
            of = parent[-1:] if mention.towards else parent
            if "moscow_region" in parent and mention.towards:
                of = ("moscow_region",)
            subsets.append(Subset(regions, of, mention.count, note if regions else "included"))
        return subsets

    def _name_findings(self) -> None:
        """Words that name a unit only nearly, or not at all."""
        for mention in self.mentions:
            if mention.place is None:
                continue
            for word, slug in mention.place.near:
                self._note("near-name", "info", f'"{word}" is read as {_label(slug)}.')
            for word in mention.place.unknown:
                self._note(
                    "unknown-region",
                    "warning",
                    f'"{word}" is no unit of the gazetteer; its count has no region.',
                )

    def _compare(self, counts: list[Count], total: int | None, kind: ListKind) -> None:
        """Hold the parts against the total, and look for units named twice."""
        parts = [c for c in counts if c.regions and c.measure in _DOWNED]
        seen: dict[str, int] = {}
        for count in parts:
            for slug in count.regions:
                seen[slug] = seen.get(slug, 0) + 1
        for slug in sorted(s for s, times in seen.items() if times > 1):
            self._note(
                "region-repeated",
                "warning",
                f"{_label(slug)} is named more than once; both counts are kept.",
            )
        gap = (total or 0) - sum(c.count for c in parts)
        if total is None or not parts or gap == 0:
            return
        if gap < 0:
            self._note(
                "parts-exceed-total",
                "error",
                f"The parts make {total - gap}, the total says {total}.",
            )
        elif kind != "cut":
            self._note(
                "parts-fall-short", "info", f"The regions account for {total - gap} of {total}."
            )


def _times(mention: Mention) -> int:
    """How often a number counts: once for each region where the text says so."""
    return len(_slugs(mention)) if mention.each and _slugs(mention) else 1


def _subtotal(mention: Mention, parts: list[Mention]) -> bool:
    """Whether the parts that follow a number without a place make exactly that number."""
    if mention.place is not None:
        return False
    following = 0
    for part in parts[parts.index(mention) + 1 :]:
        if part.place is None:
            break
        following += part.count * _times(part)
    return following == mention.count


def _slugs(mention: Mention) -> tuple[str, ...]:
    return mention.place.regions if mention.place is not None else ()


def _counts(mention: Mention, *, each: bool) -> list[Count]:
    """The counts of one number: one, or one for each region."""
    regions = _slugs(mention)
    if each and len(regions) > 1:
        return [Count((slug,), mention.count, "each", mention.measure) for slug in regions]  # type: ignore[arg-type]
    relation = "joint" if len(regions) > 1 else "single"
    return [Count(tuple(sorted(regions)), mention.count, relation, mention.measure)]  # type: ignore[arg-type]


def _list_kind(counts: list[Count], total: int | None, *, cut: bool) -> ListKind:
    """How the regions are given."""
    parts = [c for c in counts if c.regions and c.measure in _DOWNED]
    whole = total is not None and sum(c.count for c in parts) >= total
    if cut and len(parts) == 1 and parts[0].relation == "joint":
        whole = False  # more regions may share the one number
    if cut and not whole:
        return "cut"
    if not parts:
        return "none"
    return "joint" if any(c.relation == "joint" for c in parts) else "itemised"


def _label(slug: str) -> str:
    """A slug as words."""
    return slug.replace("_", " ").title()


def _cut_assumed(bulletins: list[Bulletin]) -> list[Bulletin]:
    """End assumed hours where the next bulletin of the same text begins."""
    cut = []
    for bulletin in bulletins:
        window = bulletin.window
        if window is not None and window.precision == "assumed":
            starts = [
                other.window.start
                for other in bulletins
                if other.window is not None
                and other.claimant == bulletin.claimant
                and other.window != window
                and window.start < other.window.start < window.end
            ]
            if starts:
                bulletin = replace(bulletin, window=replace(window, end=min(starts)))
        cut.append(bulletin)
    return cut
