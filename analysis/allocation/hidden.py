"""What bulletins hide: counts given for several regions at once, and what a list leaves over."""

from dataclasses import dataclass

import numpy as np

from analysis.accounting.nights import DAY, Bools, Floats, Ints
from analysis.accounting.tally import Tally
from analysis.regions import regions

#: How a count is hidden: regions named without their counts; the end of a list that is cut; all.
KINDS = ("named", "tail", "whole")
#: A night and the day after it begin at 17:00 UTC: at 20:00 in Moscow, at 19:00 or 20:00 in Kyiv.
EVENING = 17 / 24


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """What is shown of T lists.

    Attributes
    ----------
    day : Floats
        When each counts, in days, shape (T,).
    names : Floats
        1 for each region named, shape (T, R).
    total : Ints
        Shape (T,).
    limit : Ints
        The last count shown before a cut, shape (T,); 0 where none is.
    """

    day: Floats
    names: Floats
    total: Ints
    limit: Ints

    @property
    def night(self) -> Ints:
        """The night, or the day after it, in which each counts, shape (T,)."""
        nights: Ints = np.floor(self.day - EVENING).astype(np.int64)
        return nights

    def pick(self, which: Ints) -> "Lists":
        """Some of the lists."""
        return Lists(self.day[which], self.names[which], self.total[which], self.limit[which])


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """H counts, each to be shared out over some of R regions.

    Attributes
    ----------
    kind : Ints
        Position in ``KINDS``, shape (H,).
    bulletin : Ints
        The bulletin of each, shape (H,).
    asked : Lists
        What their bulletins show, of H lists.
    count : Ints
        Shape (H,), > 0.
    members : Bools
        The regions that may share in it, shape (H, R).
    named : Bools
        The regions named for it without a count of their own, shape (H, R).
    least : Ints
        What each region has of it at least, shape (H, R); 0 where nothing is known.
    land : Bools
        Which regions are land, shape (R,).
    """

    kind: Ints
    bulletin: Ints
    asked: Lists
    count: Ints
    members: Bools
    named: Bools
    least: Ints
    land: Bools

    @property
    def limit(self) -> Ints:
        """What land regions rarely exceed, shape (H,); 0 where nothing of the kind is known."""
        return self.asked.limit

    @property
    def limited(self) -> Bools:
        """Which regions rarely exceed the limit, shape (H, R)."""
        known = (self.limit > 0) & (self.limit < self.count)
        found: Bools = known[:, np.newaxis] & self.members & self.land
        return found

    def bound(self, h: int, limited: bool) -> Bools:
        """Of which regions something is known of one count, with or without its limit, (R,)."""
        least: Bools = self.least[h] > 0
        return least | self.limited[h] if limited else least


def find_hidden(tally: Tally, moment: Ints) -> Hidden:
    """List the counts of a tally that have to be shared out: joint ones, then remainders.

    The last count shown is the smallest of a land region, as lists descend: 99 % have done so since
    the autumn of 2024.

    Parameters
    ----------
    tally : Tally
        Of B bulletins over R regions.
    moment : Ints
        When each bulletin counts, shape (B,), in microseconds.
    """
    units = regions()
    least, rest = tally.least()
    seas = [slug in units and units[slug].kind == "sea" for slug in tally.regions]
    land = ~np.array(seas, dtype=bool)
    short = np.flatnonzero(tally.remainder > 0)
    joint = np.flatnonzero(tally.joint_count > 0)
    bulletin = np.concatenate([tally.joint_bulletin[joint], short])
    members = np.concatenate([tally.joint_members[joint], tally.open[short]])
    named = np.concatenate([tally.joint_named[joint], np.zeros_like(members[joint.size :])])
    shown = np.where((tally.known > 0) & land, tally.known, np.iinfo(np.int64).max).min(
        axis=1, initial=np.iinfo(np.int64).max
    )
    cut = (tally.listing == "cut") & ~tally.open.all(axis=1)
    behind = cut[short]
    limit = np.where(behind & (shown[short] < np.iinfo(np.int64).max), shown[short], 0)
    return Hidden(
        kind=np.concatenate([np.zeros(joint.size, dtype=np.int64), np.where(behind, 1, 2)]),
        bulletin=bulletin,
        asked=Lists(
            day=moment[bulletin] / DAY,
            names=tally.named[bulletin].astype(float),
            total=tally.total[bulletin],
            limit=np.concatenate([np.zeros(joint.size, dtype=np.int64), limit]),
        ),
        count=np.concatenate([tally.joint_count[joint], tally.remainder[short]]),
        members=members,
        named=named,
        least=np.concatenate([least[joint], rest[short]]),
        land=land,
    )
