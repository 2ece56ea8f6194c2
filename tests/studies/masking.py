"""Measure how well hidden lists of regions are shared out: hide lists that are known.

Run from the root of the checkout; it rewrites ``data/masking_study.csv`` (six minutes on one
core)::

    python -m tests.studies.masking

Lists are hidden as the record hides them (``hiding``):

``names``      only the names of the regions are left (a joint count);
``cut names``  so, and the last quarter of the names is cut off;
``tail``       what a cut post showed of a list that was completed later (nothing is made up);
``total``      only the total is left.

``scattered`` hides the lists of every fifth night drawn at random, ``run`` those of three weeks on
end, as in March 2026; every list is hidden once in each way. Hidden lists of the record stay
hidden. Counts, bandwidth and concentration are learnt from what is left. What the settings are
expected to be beforehand (``EXPECTED``), powers and the rate of exceptions behind a cut were
chosen on the whole record, so that these lists are not wholly new to the method.

Beside the allocation of the package stand equal shares, the shares of all time and a Gaussian
kernel of 30 days, their counts multinomial (the kernel's: Dirichlet-multinomial of concentration
10). What the columns mean stands in the codebook (``analysis/codebook.masking.py``). Intervals of
the allocation are the shortest that hold 95 % of the draws; intervals of differences and of the
coverage are quantiles over resampled blocks of 7 nights (Kuensch 1989, The jackknife and the
bootstrap for general stationary observations, Annals of Statistics 17, 1217-1241,
doi:10.1214/aos/1176347265).
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from analysis.accounting import Scope, account_claims
from analysis.accounting.nights import DAY
from analysis.accounting.tally import tally_claims
from analysis.allocation import draw_counts, learn_allocation, share_out
from analysis.allocation.hidden import EVENING
from analysis.codebook.masking import MASKING, MASKING_COLUMNS, MASKING_KEY
from analysis.ledger import load_claims
from analysis.vocabulary import HIDINGS, PATTERNS, SHARINGS, STUDY_PERIODS

SEED = 20260413
DRAWS = 100
REPEATS = 2_000
LEVEL = 0.95
SCATTERED = 5
RUN = 21
BLOCK = 7
#: First day of each period, in days since 1970-01-01.
SINCE = dict(zip(STUDY_PERIODS, (0, 20089, 20454, 0), strict=True))
UNTIL = dict(zip(STUDY_PERIODS, (20089, 20454, 40000, 40000), strict=True))
#: Periods with fewer lists are left out.
FEWEST = 20
HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "data" / MASKING


def open_record(claims=None):
    """Account of the record, its whole lists of several regions, and what cut posts showed."""
    claims = load_claims() if claims is None else claims
    claims.attrs = {}
    account = account_claims(claims, Scope())
    tally = account.tally
    lists = (tally.remainder == 0) & (tally.known.sum(axis=1) == tally.total)
    lists &= (tally.listing != "cut") & ((tally.known > 0).sum(axis=1) > 1)
    posts = claims[(claims["source_kind"] == "primary") & (claims["list"] == "cut")]
    posts = posts[(posts["weapon"] == "uav") & posts["measure"].isin(("intercepted", "suppressed"))]
    posts = posts[posts["bulletin_id"].isin(tally.ids[lists])]
    newest = posts.groupby("bulletin_id")["revision"].transform("max") == posts["revision"]
    shown = tally_claims(posts[newest.to_numpy()], tally.regions)
    return account, lists, shown


def nights_of(moments):
    """The night, or the day after it, of each moment."""
    return np.floor(moments / DAY - EVENING).astype(int)


def hide(tally, which, kind, shown):
    """The tally with some lists hidden, positions ``which``."""
    known, named = tally.known.copy(), tally.named.copy()
    listing, total = tally.listing.copy(), tally.total
    if kind == "tail":
        rows = np.searchsorted(shown.ids, tally.ids[which])
        known[which], named[which], listing[which] = shown.known[rows], shown.named[rows], "cut"
        return replace(tally, known=known, named=named, listing=listing)
    names = tally.known[which] > 0
    if kind == "cut names":
        # The seas and the last of the alphabet stand in for the end of a list.
        place = np.cumsum(names, axis=1)
        names &= place <= np.ceil(0.75 * names.sum(axis=1, keepdims=True))
    known[which], named[which] = 0, names if kind != "total" else False
    listing[which] = {"names": "joint", "cut names": "cut", "total": "none"}[kind]
    if kind == "total":
        return replace(tally, known=known, named=named, listing=listing)
    members = names if kind == "names" else np.ones_like(names)
    return replace(
        tally,
        known=known,
        named=named,
        listing=listing,
        joint_bulletin=np.concatenate([tally.joint_bulletin, which]),
        joint_count=np.concatenate([tally.joint_count, total[which]]),
        joint_named=np.concatenate([tally.joint_named, names]),
        joint_members=np.concatenate([tally.joint_members, members]),
    )


def folds(nights, pattern, rng):
    """Sets of positions that are hidden together."""
    days = np.unique(nights)
    if pattern == "run":
        group = (days - days[0]) // RUN % 2
    else:
        group = rng.permutation(np.arange(days.size) % SCATTERED)
    own = group[np.searchsorted(days, nights)]
    return [np.flatnonzero(own == g) for g in range(group.max() + 1)]


def baseline(method, tally, moment, which):
    """Shares (T, R) of a simple method; hidden counts come on top of what is known."""
    left = (tally.remainder == 0) & (tally.known.sum(axis=1) == tally.total)
    left &= (tally.total > 0) & (tally.listing != "cut")
    if method == "equal":
        return np.ones((which.size, len(tally.regions))), np.inf
    if method == "all time":
        return np.tile(
            tally.known[left].sum(axis=0) + 0.5 / len(tally.regions), (which.size, 1)
        ), np.inf
    apart = (moment[which, None] - moment[left]) / DAY
    return np.exp(-0.5 * (apart / 30) ** 2) @ tally.known[left] + 1 / len(tally.regions), 10.0


def spread_baseline(method, tally, moment, which, draws, rng):
    """Expected counts and draws of a simple method, for one hidden count per list."""
    shares, concentration = baseline(method, tally, moment, which)
    row = {b: j for j, b in enumerate(tally.joint_bulletin.tolist())}
    joint = np.array([row.get(b, -1) for b in which.tolist()])
    members = np.where((joint >= 0)[:, None], tally.joint_members[joint], tally.open[which])
    least = np.where((joint >= 0)[:, None], tally.least()[0][joint], 0)
    count = np.where(joint >= 0, tally.joint_count[joint], tally.remainder[which])
    spare = count - least.sum(axis=1)
    shares = shares * members
    shares = shares / shares.sum(axis=1, keepdims=True)
    fixed = tally.known[which] + least
    drawn = np.empty((draws, *shares.shape), dtype=np.int16)
    for d in range(draws):
        chance = shares
        if np.isfinite(concentration):
            chance = rng.standard_gamma(np.where(members, concentration * shares, 0.0)) + 1e-300
            chance = chance * members / (chance * members).sum(axis=1, keepdims=True)
        drawn[d] = fixed + rng.multinomial(spare, chance)
    return fixed + spare[:, None] * shares, drawn


def shortest(draws):
    """Ends of the shortest intervals that hold ``LEVEL`` of the draws (first axis)."""
    ordered = np.sort(draws, axis=0)
    inside = int(np.ceil(LEVEL * draws.shape[0]))
    width = ordered[inside - 1 :] - ordered[: draws.shape[0] - inside + 1]
    first = width.argmin(axis=0)[None]
    low = np.take_along_axis(ordered, first, axis=0)[0]
    high = np.take_along_axis(ordered, first + inside - 1, axis=0)[0]
    return low, high


def measure_fold(kind, pattern, record, which, draws, rng):
    """Rows of cells: list, method, what was expected, the truth and the interval."""
    account, _, shown = record
    truth = account.tally.known
    tally = hide(account.tally, which, kind, shown)
    moment = account.moments
    lower, upper = (bound[which] for bound in tally.region_bounds())
    asked = lower < upper
    spread = {}
    learnt = learn_allocation(tally, moment)
    drawn = np.stack([draw_counts(tally, learnt, rng)[which] for _ in range(draws)])
    spread["allocation"] = (share_out(tally, learnt)[which], drawn)
    for method in SHARINGS[1:]:
        spread[method] = spread_baseline(method, tally, moment, which, draws, rng)
    rows = []
    for method, (expected, drawn) in spread.items():
        assert np.allclose(expected.sum(axis=1), tally.total[which])
        low, high = shortest(drawn)
        t, r = np.nonzero(asked)
        rows.append(
            {
                "kind": np.full(t.size, kind, dtype=object),
                "pattern": np.full(t.size, pattern, dtype=object),
                "method": np.full(t.size, method, dtype=object),
                "list": which[t],
                "night": nights_of(moment[which[t]]),
                "region": r,
                "truth": truth[which[t], r],
                "expected": expected[t, r],
                "low": low[t, r],
                "high": high[t, r],
            }
        )
    return rows


def measure(record, kinds=HIDINGS, patterns=PATTERNS, draws=DRAWS, most_folds=None):
    """All cells of the study as one table of arrays."""
    account, lists, shown = record
    tally = account.tally
    nights = nights_of(account.moments)
    rows = []
    for kind in kinds:
        fit = lists & (tally.total > (tally.known > 0).sum(axis=1))
        if kind == "tail":
            fit = np.isin(tally.ids, shown.ids[shown.remainder > 0])
        if kind == "cut names":
            fit &= (tally.known > 0).sum(axis=1) >= 8
        which = np.flatnonzero(fit)
        for pattern in patterns:
            rng = np.random.default_rng(SEED)
            for fold in folds(nights[which], pattern, rng)[:most_folds]:
                rows += measure_fold(kind, pattern, record, which[fold], draws, rng)
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def by_list(cells):
    """Sums over the cells of each list: what a resample of nights adds up."""
    owner, inverse = np.unique(cells["list"], return_inverse=True)
    off = np.abs(cells["expected"] - cells["truth"])
    inside = (cells["low"] <= cells["truth"]) & (cells["truth"] <= cells["high"])
    likely = cells["expected"] >= 1
    width = (cells["high"] - cells["low"]).astype(float)
    add = lambda values: np.bincount(inverse, values, minlength=owner.size)  # noqa: E731
    night = np.zeros(owner.size, dtype=int)
    night[inverse] = cells["night"]
    return {
        "night": night,
        "lists": np.ones(owner.size),
        "cells": add(np.ones(off.size)),
        "likely": add(likely * 1.0),
        "off": add(off),
        "width": add(width * likely),
        "inside": add(inside * likely),
        "inside_all": add(inside * 1.0),
    }


def rates(sums):
    """The numbers of the study from sums; NaN where no region is expected to have a drone."""
    likely = np.where(sums["likely"] > 0, sums["likely"], np.nan)
    return {
        "error": sums["off"] / sums["cells"],
        "misplaced": sums["off"] / 2 / sums["lists"],
        "width": sums["width"] / likely,
        "coverage": sums["inside"] / likely,
        "coverage_all": sums["inside_all"] / sums["cells"],
    }


def tilt(cells):
    """Share of the drones that stand in a wrong region when all lists are added up."""
    off = np.bincount(cells["region"], cells["expected"] - cells["truth"])
    return float(np.abs(off).sum() / 2 / cells["truth"].sum())


def keep(cells, which):
    """Some of the cells."""
    return {name: values[which] for name, values in cells.items()}


def resample(nights, rng):
    """How often each list stands in a resample of blocks of ``BLOCK`` nights, (REPEATS, lists)."""
    days, own = np.unique(nights, return_inverse=True)
    blocks = -(-days.size // BLOCK)
    start = rng.integers(0, days.size, (REPEATS, blocks))
    held = (start[:, :, None] + np.arange(BLOCK)) % days.size
    times = np.zeros((REPEATS, days.size))
    np.add.at(times, (np.arange(REPEATS)[:, None], held.reshape(REPEATS, -1)), 1.0)
    return times[:, own]


def limits(values):
    """Ends of the 95 % interval of resampled numbers."""
    return np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])


def compare(cells, seed=SEED):
    """Rows of one way of hiding in one period: the numbers of each method, and how much worse."""
    of_method = {m: keep(cells, cells["method"] == m) for m in SHARINGS}
    sums = {m: by_list(own) for m, own in of_method.items()}
    nights = {m: own.pop("night") for m, own in sums.items()}
    times = resample(nights["allocation"], np.random.default_rng(seed))
    found = {m: rates({k: v.sum() for k, v in own.items()}) for m, own in sums.items()}
    again = {m: rates({k: times @ v for k, v in own.items()}) for m, own in sums.items()}
    rows = []
    for method, own in sums.items():
        row = {"method": method, "lists": int(own["lists"].sum()), "cells": int(own["cells"].sum())}
        row |= found[method] | {"tilt": tilt(of_method[method])}
        row["coverage_lower"], row["coverage_upper"] = limits(again[method]["coverage"])
        if method != "allocation":
            least, resampled = found["allocation"]["error"], again["allocation"]["error"]
            above = again[method]["error"] - resampled
            row["error_above"] = row["error"] - least
            row["error_above_lower"], row["error_above_upper"] = limits(above)
            row["excess"] = row["error_above"] / least
            row["excess_lower"], row["excess_upper"] = limits(above / resampled)
        rows.append(row)
    return rows


def summarise(cells):
    """Rows of the study's table, sorted."""
    rows = []
    for hiding in dict.fromkeys(cells["kind"].tolist()):
        for pattern in PATTERNS:
            for period, since in SINCE.items():
                held = (cells["kind"] == hiding) & (cells["pattern"] == pattern)
                held &= (cells["night"] >= since) & (cells["night"] < UNTIL[period])
                where = {"hiding": hiding, "pattern": pattern, "period": period}
                if np.unique(cells["list"][held]).size >= FEWEST:
                    rows += [where | row for row in compare(keep(cells, held))]
    rows.sort(key=lambda row: [row[name] for name in MASKING_KEY])
    return [{name: row.get(name, "") for name in MASKING_COLUMNS} for row in rows]


def write(rows, path):
    """A table of at most six significant digits."""
    tidy = [
        {k: f"{v:.6g}".replace("nan", "") if isinstance(v, float) else v for k, v in row.items()}
        for row in rows
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(tidy)


def main():
    """Measure all cases and write the table."""
    write(summarise(measure(open_record())), TARGET)


if __name__ == "__main__":
    main()
