"""A number and its units as counts, and what is gathered of them for one weapon."""

from dataclasses import dataclass, field
from typing import cast

from analysis.bulletins.bulletin import Count, Finding, Subset
from analysis.bulletins.mentions import Mention
from analysis.vocabulary import ListKind, Measure, Severity


@dataclass(slots=True)
class Parts:
    """Total, parts and findings of one weapon in one statement."""

    total: int | None = None
    kind: ListKind = "none"
    counts: list[Count] = field(default_factory=list)
    subsets: list[Subset] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, severity: Severity, message: str) -> None:
        """Add a finding."""
        self.findings.append(Finding(code, severity, message))


def regions_of(mention: Mention) -> tuple[str, ...]:
    """Slugs that a number was given for."""
    return mention.place.regions if mention.place is not None else ()


def times(mention: Mention) -> int:
    """How often a number counts: once, or once for each of its regions."""
    return max(len(regions_of(mention)), 1) if mention.each else 1


def counts_of(mention: Mention, *, each: bool) -> list[Count]:
    """The counts of one number: one, or one for each region."""
    regions, measure = regions_of(mention), cast("Measure", mention.measure)
    if mention.place is not None and mention.place.unknown and not each:
        regions = ()  # shared with a unit that is not known
    if each and regions:
        return [Count((slug,), mention.count, "each", measure) for slug in regions]
    if len(regions) < 2:
        return [Count(regions, mention.count, "single", measure)]
    return [Count(tuple(sorted(regions)), mention.count, "joint", measure)]
