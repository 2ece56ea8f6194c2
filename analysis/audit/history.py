"""Counts far above what their region had before.

Only the region's own past speaks: the exact counts given for it alone, by bulletins that count,
over the 365 days before, in windows between half and twice as long. Of at least 20 such counts the
largest one in fifty (at least one) is set aside, so that one extraordinary night does not hide the
next. To the rest a negative binomial is fitted by its first two moments (a Poisson distribution
where the variance is not above the mean). A count is out of line if one as large has a chance below
one in a million. That is a reason to read the source again, not a test: attacks do grow.

A region that is named for the first time has no such past. It is reported if it has at least five,
once a hundred bulletins with counts of regions are on the record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.accounting.nights import DAY, Bools, Floats, Ints
from analysis.accounting.tally import NEVER, moments_of
from analysis.audit.sums import LOOK
from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import DOWNED

PAST: Final = 365 * DAY
#: As many counts make a history.
ENOUGH: Final = 20
#: One in so many of the past counts is set aside, the largest first.
SET_ASIDE: Final = 50
CHANCE: Final = 1e-6
#: All counts are at least 1; where their mean is 1, nine have a chance above one in a million.
LEAST: Final = 10
#: So many counts at a time are held against all others of their region.
BLOCK: Final = 1000
#: A region named for the first time is worth a look from this count on ...
FIRST: Final = 5
#: ... once the record holds so many bulletins.
SETTLED: Final = 100


@dataclass(frozen=True, slots=True, eq=False)
class Surprises:
    """Counts out of line with their past; arrays of shape (S,).

    Attributes
    ----------
    position : Ints
        Which of the counts.
    past, largest : Ints
        How many past counts there are, and the largest of them.
    median : Floats
        Their median.
    """

    position: Ints
    past: Ints
    largest: Ints
    median: Floats


def audit_history(chosen: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Find counts out of line with their region's history, of one direction and weapon.

    Parameters
    ----------
    chosen : pd.DataFrame
        Claims that count, of one claimant, direction and weapon.
    """
    counts = _region_counts(chosen)
    number = counts["count"].to_numpy(dtype=np.int64)
    moment = counts["moment"].to_numpy(dtype=np.int64)
    length = counts["length"].to_numpy(dtype=np.int64)
    bulletins = np.sort(counts.drop_duplicates("bulletin_id")["moment"].to_numpy())
    for region, rows in counts.groupby("regions").indices.items():
        found = find_surprises(number[rows], moment[rows], length[rows])
        names = counts["bulletin_id"].to_numpy()[rows]
        for i, past, largest, median in zip(
            found.position.tolist(), found.past, found.largest, found.median, strict=True
        ):
            message = (
                f"{number[rows][i]} for {region} is far above its past: of {past} counts within "
                f"a year in windows as long the median is {median:g}, the largest {largest}."
            )
            yield ClaimFinding("warning", "out-of-line", str(names[i]), message, LOOK)
        first = int(number[rows][0])
        if first >= FIRST and np.searchsorted(bulletins, moment[rows][0]) >= SETTLED:
            message = f"{region} is named for the first time, with {first}."
            yield ClaimFinding("warning", "first-named", str(names[0]), message, LOOK)


def find_surprises(count: Ints, moment: Ints, length: Ints) -> Surprises:
    """Find the counts of one region that its own past makes next to impossible.

    Parameters
    ----------
    count : Ints
        Shape (n,), at least 1 each, in the order of ``moment``.
    moment, length : Ints
        When they were told, and how long their windows are (0 where not known), shape (n,).

    Examples
    --------
    >>> day = np.arange(31) * DAY
    >>> found = find_surprises(np.array([1, 2, 3] * 10 + [40]), day, np.full(31, DAY))
    >>> found.position.tolist(), found.median.tolist()
    ([30], [2.0])
    """
    judged = np.flatnonzero(count >= LEAST)
    past, mean, variance = (np.zeros(judged.size) for _ in range(3))
    order = np.argsort(-count, kind="stable")  # the largest first
    for block in np.array_split(np.arange(judged.size), judged.size // BLOCK + 1):
        before = _past_of(judged[block], moment, length)[:, order]
        past[block] = before.sum(axis=1)
        aside = np.ceil(past[block] / SET_ASIDE)[:, np.newaxis]
        kept = (before & (before.cumsum(axis=1, dtype=np.int32) > aside)).astype(np.float64)
        size = np.maximum(kept.sum(axis=1), 1.0)
        mean[block] = kept @ count[order] / size
        variance[block] = kept @ count[order] ** 2 / size - mean[block] ** 2
    found = judged[(past >= ENOUGH) & (_chance(count[judged], mean, variance) < CHANCE)]
    pasts = [count[mask] for mask in _past_of(found, moment, length)]
    return Surprises(
        position=found,
        past=np.array([past.size for past in pasts], dtype=np.int64),
        largest=np.array([past.max() for past in pasts], dtype=np.int64),
        median=np.array([np.median(past) for past in pasts], dtype=np.float64),
    )


def _chance(count: Ints, mean: Floats, variance: Floats) -> Floats:
    """Chance of a count at least as large, given mean and variance; shape (n,)."""
    from scipy.special import betainc, gammainc

    wide = variance > mean
    spread = np.where(wide, variance, mean + 1.0)
    negative_binomial = betainc(count, mean**2 / (spread - mean), (spread - mean) / spread)
    chance: Floats = np.where(wide, negative_binomial, gammainc(count, mean))
    return chance


def _past_of(which: Ints, moment: Ints, length: Ints) -> Bools:
    """Which counts are in the past of each of some, in windows as long; shape (which, n)."""
    then, hours = moment[which][:, np.newaxis], length[which][:, np.newaxis]
    recent = (moment < then) & (moment >= then - PAST)
    alike: Bools = recent & (2 * length >= hours) & (length <= 2 * hours)
    return alike


def _region_counts(chosen: pd.DataFrame) -> pd.DataFrame:
    """Counts given for one region alone, by region and time: bulletin, moment, length, count."""
    single = chosen["relation"].isin(("single", "each")) & chosen["regions"].ne("")
    rows = chosen[(single & chosen["measure"].isin(DOWNED) & (chosen["count"] > 0)).to_numpy()]
    start, end = moments_of(rows["window_start"]), moments_of(rows["window_end"])
    posted = moments_of(rows["posted_at"])
    known = (start != NEVER) & (end != NEVER)
    rows = rows[["regions", "bulletin_id", "count"]].assign(
        moment=np.where(posted != NEVER, posted, start),
        length=np.where(known, end - np.where(known, start, 0), 0),
    )
    rows = rows[(rows["moment"] != NEVER).to_numpy()]
    key = ["regions", "moment", "bulletin_id", "length"]
    return rows.groupby(key, as_index=False)[["count"]].sum()
