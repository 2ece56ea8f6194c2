"""Measure what each part of the allocation is worth, and what was tried and left out.

Run from the root of the checkout; it rewrites ``masking_extras.csv`` beside it (a few minutes on
one core)::

    python -m tests.studies.masking_extras

Every whole list of the record is hidden by itself, with all lists of its night, as ``named``
(counts hidden) or ``whole`` (all but the total hidden, every third list), and every cut post that was completed later
as ``tail``. Each variant changes one thing; its concentration is fitted anew. ``gain`` is the
log-likelihood per list beside that of the allocation, ``lower`` and ``upper`` its 95 % interval by
blocks of 7 nights; ``misplaced`` the drones per list that stand in a wrong region.
"""

from pathlib import Path

import numpy as np

from analysis.allocation.evidence import (
    HOURS_SPREAD,
    PRIOR_LISTS,
    distances,
    gather_evidence,
    likeness,
    relative_sizes,
    share_of_counts,
    sum_over_lists,
)
from analysis.allocation.fitting import EXPECTED, evidence_for, mask_lists
from analysis.allocation.hidden import find_hidden
from analysis.allocation.sharing import EXCEEDANCE
from analysis.allocation.urns import count_weights, draw_given_sum, mean_counts, sum_chances
from analysis.regions import neighbour_pairs
from tests.studies import masking

FACTORS = np.exp(np.arange(-5, 6) / 4)
TARGET = Path(__file__).with_name("masking_extras.csv")


class Study:
    """Lists of one kind, hidden one by one, and the evidence about them."""

    def __init__(self, kind, account, shown, every=1):
        tally, moment = account.tally, account.moments
        self.kind, self.regions = kind, tally.regions
        evidence = gather_evidence(tally, moment)
        if kind == "tail":
            rows = np.flatnonzero(np.isin(tally.ids, shown.ids[shown.remainder > 0]))[::every]
            cut = find_hidden(shown, moment[np.searchsorted(tally.ids, shown.ids)])
            cut_rows = np.searchsorted(tally.ids, shown.ids[cut.bulletin])
            held = np.isin(cut_rows, rows)
            self.asked, self.members = cut.asked.pick(np.flatnonzero(held)), cut.members[held]
            self.counts = (tally.known[cut_rows] - shown.known[cut.bulletin])[held]
            self.land = cut.land
        else:
            masked = mask_lists(evidence, kind, 0, most=10**6)
            pick = np.arange(0, masked.counts.shape[0], every)
            self.asked, self.members = masked.shown.pick(pick), masked.members[pick]
            self.counts, self.land = masked.counts[pick], np.ones(len(tally.regions), dtype=bool)
        self.evidence = evidence_for(kind, evidence)
        self.days = distances(self.asked, self.evidence)
        self.like = likeness(self.asked, self.evidence) * (self.days > 0.5)
        self.night = np.floor(self.asked.day).astype(int)

    def decay(self, bandwidth=60.0):
        """Weights by time alone."""
        return np.exp(-self.days / bandwidth)

    def shapes(self, weights, power=3, sizes=None, limit=None):
        """Concentrations but for their factor."""
        if self.kind == "named":
            sizes = relative_sizes(weights, self.evidence) if sizes is None else sizes
            return sizes**power * self.members
        limit = self.asked.limit if limit is None else limit
        return share_of_counts(weights, self.evidence, limit, self.members)

    def fit(self, shapes, limited="land", least=True, odds=EXCEEDANCE):
        """Log-likelihoods and expected counts, (T,) and (T, R), at the likeliest concentration."""
        every = slice(None, None, 4)
        best = max(
            FACTORS,
            key=lambda f: sum(
                self.score(t, f * shapes[t], limited, least, odds)[0]
                for t in range(len(shapes))[every]
            ),
        )
        found = [
            self.score(t, best * shapes[t], limited, least, odds, mean=True)
            for t in range(len(shapes))
        ]
        return np.array([one[0] for one in found]), np.array([one[1] for one in found])

    def score(self, t, shape, limited, least, odds, mean=False):
        """Log-likelihood and expected counts of one list."""
        held = np.flatnonzero(self.members[t])
        concentration = EXPECTED[self.kind].concentration * shape[held]
        seen, total = self.counts[t, held], int(self.counts[t].sum())
        expected = np.zeros(shape.size)
        one = np.full(held.size, int(self.kind == "named"))
        if not least:  # one each, and the rest as if nothing were known
            seen, total, one = seen - one, total - held.size, 0 * one
            expected[held] = 1.0
        most = np.full(held.size, total)
        limit = int(self.asked.limit[t])
        capped = np.where(self.land[held] | (limited == "all"), limit, total)
        cases = [(1.0, most)]
        if limit and limited and limit < total:
            cases = [(odds, most), (1 - odds, capped)]
        chance = 0.0
        for odd, top in cases:
            weights = count_weights(concentration, one, top, total)
            whole = sum_chances(weights)[-1][total]
            if whole <= 0:
                return self.score(t, shape, None, least, odds, mean)
            chance += odd * np.exp(
                np.log(np.maximum(weights[np.arange(held.size), seen], 1e-300)).sum()
                - np.log(whole)
            )
            if mean:
                expected[held] += odd * mean_counts(weights)
        return np.log(max(chance, 1e-300)), expected


def neighbours(regions):
    """Which regions border on each other, (R, R)."""
    place = {slug: i for i, slug in enumerate(regions)}
    border = np.zeros((len(regions), len(regions)))
    for a, b in neighbour_pairs().itertuples(index=False):
        if a in place and b in place:
            border[place[a], place[b]] = border[place[b], place[a]] = 1.0
    return border


def bordered_sizes(study, weights, share):
    """Relative sizes with those of the neighbours beside them."""
    names = study.evidence.lists.names
    equal = study.evidence.counts.sum(axis=1) / names.sum(axis=1)
    multiples = sum_over_lists(study.evidence.counts / equal[:, None], weights).T
    lists = sum_over_lists(names, weights).T
    border = share * neighbours(study.regions)
    return (multiples + multiples @ border + PRIOR_LISTS) / (lists + lists @ border + PRIOR_LISTS)


def hours_apart(study):
    """Hours of the day between lists, (E, T), at most 12."""
    there, here = study.evidence.lists.day % 1 * 24, study.asked.day % 1 * 24
    apart = np.abs(there[:, None] - here)
    return np.minimum(apart, 24 - apart)


def cosine(study, power):
    """Likeness by names with another power."""
    return np.cbrt(study.like) ** power


def variants(study):
    """Name -> weights, and what `Study.shapes` and `Study.fit` are told."""
    like, decay = study.like, study.decay
    near = like * decay()
    total = np.log(study.evidence.lists.total[:, None] / study.asked.total)
    found = {"allocation": (near, {}, {})}
    for days in (3.0, 7.0, 20.0, 180.0, 1e6):
        name = "all time" if days > 1e5 else f"bandwidth {days:.0f} d"
        found[name] = (like * decay(days), {}, {})
    found["last week beside 60 d"] = (like * (decay() + decay(3.0)), {}, {})
    beside = np.exp(-hours_apart(study) / HOURS_SPREAD)
    if study.kind != "whole":
        for power in (0, 1, 2, 4):
            weights = np.where(study.days > 0.5, cosine(study, power), 0.0) * decay()
            found[f"likeness to the power of {power}"] = (weights, {}, {})
        found["night's total"] = (near * np.exp(-0.5 * total**2), {}, {})
        found["hours of the day"] = (near * beside, {}, {})
    else:
        found["without the night's total"] = ((study.days > 0.5) * decay() * beside, {}, {})
        found["without the hours of the day"] = (near / beside, {}, {})
    if study.kind == "named":
        for power in (1, 2, 4):
            found[f"size to the power of {power}"] = (near, {"power": power}, {})
        found["neighbours"] = (near, {"sizes": bordered_sizes(study, near, 0.1)}, {})
        found["one each, then shares"] = (near, {"power": 1}, {"least": False})
    if study.kind == "tail":
        found["without a limit"] = (near, {}, {"limited": None})
        found["limit for seas"] = (near, {}, {"limited": "all", "odds": 15.5 / 382})
        found["large counts count whole"] = (near, {"limit": 0 * study.asked.limit}, {})
    return found


def order_known(study, shapes, rng, draws=100):
    """Misplaced drones per list if names stood in the order of their counts."""
    off = []
    for t in range(len(shapes)):
        held = np.flatnonzero(study.members[t])
        seen, total = study.counts[t, held], int(study.counts[t].sum())
        one = np.ones(held.size, dtype=np.int64)
        concentration = EXPECTED["named"].concentration * shapes[t, held]
        weights = count_weights(concentration, one, total * one, total)
        drawn = [np.sort(draw_given_sum(weights, rng))[::-1] for _ in range(draws)]
        off.append(np.abs(np.mean(drawn, axis=0) - np.sort(seen)[::-1]).sum() / 2)
    return np.array(off)


def summarise(study):
    """Rows of the table for one kind."""
    rows, base = [], None
    for name, (weights, shaped, told) in variants(study).items():
        shapes = study.shapes(weights, **shaped)
        chance, expected = study.fit(shapes, **told)
        base = chance if base is None else base
        times = masking.resample(study.night, np.random.default_rng(masking.SEED))
        again = times @ (chance - base) / times.sum(axis=1)
        low, high = np.quantile(again, [0.025, 0.975])
        rows.append(
            {
                "kind": study.kind,
                "variant": name,
                "lists": len(chance),
                "gain": float((chance - base).mean()),
                "lower": float(low),
                "upper": float(high),
                "misplaced": float(np.abs(expected - study.counts).sum() / 2 / len(chance)),
            }
        )
    if study.kind == "named":
        near = study.like * study.decay()
        off = order_known(study, study.shapes(near), np.random.default_rng(masking.SEED))
        blank = {"gain": float("nan"), "lower": float("nan"), "upper": float("nan")}
        rows.append(
            {"kind": "named", "variant": "if names stood in the order of counts"}
            | {"lists": len(off)}
            | blank
            | {"misplaced": float(off.mean())}
        )
    return rows


def main():
    """Measure all variants and write the table."""
    account, _, shown = masking.open_record()
    rows = []
    for kind in ("named", "tail", "whole"):
        rows += summarise(Study(kind, account, shown, every=3 if kind == "whole" else 1))
    masking.write(rows, TARGET)


if __name__ == "__main__":
    main()
