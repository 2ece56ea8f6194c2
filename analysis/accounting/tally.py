"""What each bulletin says, as arrays: its window, its total, the bounds it sets on each region."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.accounting.nights import Bools, Ints
from analysis.vocabulary import ADDED, DOWNED, JOIN

Words: TypeAlias = NDArray[Any]

#: The moment of a time that is not known.
NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The numbers of B bulletins over R regions, one version of each, sorted by identity.

    Attributes
    ----------
    ids : Words
        Identities, shape (B,), sorted and unique.
    start, end, posted : Ints
        Moments, shape (B,), in microseconds UTC; ``NEVER`` where not known.
    precision, listing : Words
        ``window_precision`` and ``list`` of each bulletin, shape (B,).
    total : Ints
        Stated total, else the sum of the parts, shape (B,).
    endless : Bools
        Whether the list is cut and no total is stated, shape (B,): then nothing says how many more
        there are.
    unlisted : Bools
        Whether a count of another measure than those listed by region is in the total, shape (B,):
        "28 shot down over Odesa, 9 lost" leaves open where the 9 were.
    known : Ints
        Counts given for one region, shape (B, R).
    named : Bools
        Whether the bulletin names the region at all, shape (B, R).
    joint_bulletin, joint_count : Ints
        Counts given for several regions at once, shape (J,).
    joint_named : Bools
        The regions that each of them names, shape (J, R).
    joint_members : Bools
        The regions that may share in each of them, shape (J, R): those named, or all where the
        list of names is cut.
    proven : Ints
        What bulletins included in it prove of each region, shape (B, R): at least so many.
    regions : tuple of str
        Slugs, sorted.
    """

    ids: Words
    start: Ints
    end: Ints
    posted: Ints
    precision: Words
    listing: Words
    total: Ints
    endless: Bools
    unlisted: Bools
    known: Ints
    named: Bools
    joint_bulletin: Ints
    joint_count: Ints
    joint_named: Bools
    joint_members: Bools
    proven: Ints
    regions: tuple[str, ...]

    @property
    def usable(self) -> Bools:
        """Which bulletins have hours that end after they start, shape (B,)."""
        found: Bools = (self.start != NEVER) & (self.end != NEVER) & (self.start < self.end)
        return found

    @property
    def parts(self) -> Ints:
        """Sum of everything that regions account for, shape (B,)."""
        joint = np.bincount(self.joint_bulletin, self.joint_count, minlength=self.ids.size)
        parts: Ints = self.known.sum(axis=1) + joint.astype(np.int64)
        return parts

    @property
    def remainder(self) -> Ints:
        """Total minus parts, shape (B,); negative where the parts exceed the total."""
        return self.total - self.parts

    @property
    def open(self) -> Bools:
        """The regions that a remainder can belong to, shape (B, R).

        Behind a cut these are the unnamed ones (all, if every region is named, or if the list is
        that of another measure); where a list is missing, or ends and still falls short, any
        region.
        """
        tail = (self.listing == "cut") & ~self.named.all(axis=1) & ~self.unlisted
        regions: Bools = ~(tail[:, np.newaxis] & self.named)
        return regions

    def least(self) -> tuple[Ints, Ints]:
        """Least that each region has of each joint count, (J, R), and of each remainder, (B, R).

        A region named for a joint count that all of them can share in has at least 1 of it. What
        is proven of a region, and neither its own count nor the bulletin's other hidden counts
        can hold, is in this one. Where that is more than the count, it contradicts the bulletin
        and is left aside.
        """
        enough = self.joint_count >= self.joint_named.sum(axis=1)
        named = (self.joint_named & enough[:, np.newaxis]).astype(np.int64)
        if not self.proven.any():
            return named, np.zeros_like(self.known)
        short = np.maximum(self.remainder, 0)
        joint_room = self.joint_count[:, np.newaxis] * self.joint_members
        rest_room = short[:, np.newaxis] * self.open
        room = rest_room.copy()
        np.add.at(room, self.joint_bulletin, joint_room)
        over = self.proven - self.known - room  # but for what one of them holds
        joint = np.clip(over[self.joint_bulletin] + joint_room, named, joint_room)
        rest = np.clip(over + rest_room, 0, rest_room)
        joint_fits = joint.sum(axis=1) <= self.joint_count
        rest_fits = rest.sum(axis=1) <= short
        return (
            np.where(joint_fits[:, np.newaxis], joint, named),
            np.where(rest_fits[:, np.newaxis], rest, 0),
        )

    def region_bounds(self) -> tuple[Ints, Ints]:
        """Least and largest number that each bulletin allows in each region, both (B, R).

        Hidden counts leave each region its `least`. Where the parts exceed the total, any region
        may be overstated by the excess.
        """
        least, rest = self.least()
        remainder = self.remainder[:, np.newaxis]
        lower, upper = self.known + rest, self.known + rest
        upper += np.maximum(remainder - rest.sum(axis=1, keepdims=True), 0) * self.open
        spare = (self.joint_count - least.sum(axis=1))[:, np.newaxis] * self.joint_members
        np.add.at(lower, self.joint_bulletin, least)
        np.add.at(upper, self.joint_bulletin, least + spare)
        return np.maximum(lower + np.minimum(remainder, 0), 0), upper

    def total_bounds(self) -> tuple[Ints, Ints]:
        """Least and largest total of each bulletin, both (B,): the total, or the parts if more."""
        return self.total, np.maximum(self.total, self.parts)


def tally_claims(claims: pd.DataFrame, regions: tuple[str, ...]) -> Tally:
    """Read the numbers of chosen versions into arrays.

    Parameters
    ----------
    claims : pd.DataFrame
        Claims of one direction, weapon and set of measures, one version per bulletin; the counts
        of several measures are added. Rows that are never added (``subset``, ``cumulative``) are
        left out, and with them bulletins that say nothing else.
    regions : tuple of str
        Slugs, sorted; every region of a single, each or joint claim is among them.

    Returns
    -------
    Tally

    Examples
    --------
    >>> moment = pd.Timestamp("2024-05-01", tz="UTC")
    >>> claims = pd.DataFrame({
    ...     "bulletin_id": "b", "window_start": moment, "window_end": moment, "posted_at": moment,
    ...     "window_precision": "stated", "list": "cut", "measure": "intercepted",
    ...     "relation": ["total", "single"], "regions": ["", "tula"], "count": [7, 3]})
    >>> tally_claims(claims, ("oryol", "tula")).region_bounds()[1].tolist()
    [[4, 3]]
    """
    relation = claims["relation"].to_numpy(dtype=object)
    claims = claims[np.isin(relation, (*ADDED, "total"))]
    codes, ids = pd.factorize(claims["bulletin_id"].to_numpy(dtype=object), sort=True)
    _, first = np.unique(codes, return_index=True)
    relation = claims["relation"].to_numpy(dtype=object)
    named = claims["regions"].to_numpy(dtype=object)
    count = claims["count"].to_numpy(dtype=np.int64)

    single = np.isin(relation, ADDED)
    joint = single & np.array([JOIN in slugs for slugs in named], dtype=bool)
    single &= ~joint & (named != "")
    place = {slug: i for i, slug in enumerate(regions)}
    known = np.zeros((ids.size, len(regions)), dtype=np.int64)
    is_named = np.zeros(known.shape, dtype=bool)
    column = np.array([place[slug] for slug in named[single]], dtype=np.int64)
    np.add.at(known, (codes[single], column), count[single])
    is_named[codes[single], column] = True

    members = np.zeros((int(joint.sum()), len(regions)), dtype=bool)
    for row, slugs in enumerate(named[joint]):
        members[row, [place[slug] for slug in slugs.split(JOIN)]] = True
    np.logical_or.at(is_named, codes[joint], members)
    total = _totals(claims, codes, ids.size)
    listing = claims["list"].to_numpy(dtype=object)[first]
    # Where the parts make the total of a cut list, it is the names of a joint count that are cut.
    parts = np.bincount(codes[single | joint], count[single | joint], minlength=ids.size)
    cut = ((listing == "cut") & (parts >= total))[codes[joint]]
    # A fixed order, so that the order of the rows carries no information.
    order = np.lexsort((named[joint].astype(str), count[joint], codes[joint]))

    return Tally(
        ids=ids,
        start=moments_of(claims["window_start"])[first],
        end=moments_of(claims["window_end"])[first],
        posted=moments_of(claims["posted_at"])[first],
        precision=claims["window_precision"].to_numpy(dtype=object)[first],
        listing=listing,
        total=total,
        endless=(listing == "cut") & (np.bincount(codes[relation == "total"], None, ids.size) == 0),
        unlisted=_unlisted(claims, codes, ids.size),
        known=known,
        named=is_named,
        joint_bulletin=codes[joint][order],
        joint_count=count[joint][order],
        joint_named=members[order],
        joint_members=(members | cut[:, np.newaxis])[order],
        proven=np.zeros_like(known),
        regions=regions,
    )


def _totals(claims: pd.DataFrame, codes: Ints, size: int) -> Ints:
    """Total of each bulletin: per measure the one stated, else the sum of its parts."""
    measure = pd.factorize(claims["measure"].to_numpy(dtype=object), sort=True)[0]
    count = claims["count"].to_numpy(dtype=np.int64)
    stated = claims["relation"].to_numpy(dtype=object) == "total"
    width = int(measure.max(initial=0)) + 1
    cell = codes * width + measure
    sums, has = np.zeros((2, size * width), dtype=np.int64), np.zeros(size * width, dtype=bool)
    np.add.at(sums[0], cell[stated], count[stated])
    np.add.at(sums[1], cell[~stated], count[~stated])
    has[cell[stated]] = True
    total: Ints = np.where(has, sums[0], sums[1]).reshape(size, width).sum(axis=1)
    return total


def _unlisted(claims: pd.DataFrame, codes: Ints, size: int) -> Bools:
    """Whether a measure with a list and one without are counted together, by bulletin.

    What was shot down and what was suppressed share one list.
    """
    measure = claims["measure"]
    kind = measure.mask(measure.isin(DOWNED), DOWNED[0]).to_numpy(dtype=object)
    told = pd.DataFrame(
        {
            "bulletin": codes,
            "kind": kind,
            "listed": (claims["relation"] != "total").to_numpy(),
            "counted": (claims["count"] > 0).to_numpy(),
        }
    )
    kinds = told.groupby(["bulletin", "kind"])[["listed", "counted"]].any()
    bare = kinds.index[(kinds["counted"] & ~kinds["listed"]).to_numpy()].get_level_values(0)
    return np.isin(np.arange(size), bare)


def moments_of(times: "pd.Series[pd.Timestamp]") -> Ints:
    """Return moments in microseconds since 1970-01-01 UTC; NaT becomes ``NEVER``."""
    naive = pd.DatetimeIndex(times).tz_convert("UTC").tz_localize(None).as_unit("us")
    return naive.to_numpy().view(np.int64)
