"""Measure whether bare lists of names stand in the order of their counts, as itemised ones do.

Run from the root of the checkout beside the folder of shared data (it needs the texts, which are
not shipped); it rewrites ``list_order.csv`` beside it (a few seconds)::

    python -m tests.studies.list_order

``rank`` is the mean Spearman correlation between the place of a region in the text and how large
it usually is (its relative size in all itemised lists), 1 if the largest stands first; ``error``
its standard error. Oblasts only: republics, krais and seas form groups of their own at the end.
``alphabetical`` is the share of lists in the order of the Russian alphabet. Belgorod and Bryansk
are first of the alphabet and largest, and are left out once.
"""

import re
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from analysis import parse_bulletins
from analysis.allocation.evidence import gather_evidence, relative_sizes
from analysis.readers import read_posts
from analysis.regions import regions
from tests.studies import masking

POSTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "mod_russia_posts.csv"
TARGET = Path(__file__).with_name("list_order.csv")
SINCE = "2025-05-01"
FEWEST = 4
FIRST = frozenset({"belgorod", "bryansk"})


def usual_sizes():
    """Region -> how large its counts are where lists of several regions name it."""
    account, _, _ = masking.open_record()
    evidence = gather_evidence(account.tally, account.moments).several_regions()
    sizes = relative_sizes(np.ones((evidence.bulletin.size, 1)), evidence)[0]
    return dict(zip(account.tally.regions, sizes.tolist(), strict=True))


def stems():
    """Oblast -> the stem of its Russian adjective: "тульск"."""
    found = {}
    for slug, unit in regions().items():
        match = re.fullmatch(r"([а-яё-]+ск)ая область", unit.name_ru.lower())
        if match:
            found[slug] = match[1]
    return found


def in_order(text, slugs, stem):
    """Oblasts of a list in the order of the text after its last number."""
    text = text.lower()
    at = {slug: text.rfind(stem[slug]) for slug in slugs if slug in stem}
    return sorted((slug for slug in at if at[slug] >= 0), key=at.get)


def lists():
    """Kind and oblasts in order, of bare and of itemised lists."""
    stem = stems()
    posts = read_posts(POSTS)
    for post in posts[posts["posted_at"] >= SINCE].itertuples():
        for told in parse_bulletins(post.text, posted_at=post.posted_at, claimant="ru_mod"):
            made = told.to_dict()
            if (made["weapon"], made["direction"]) != ("uav", "on_russia"):
                continue
            slugs = [slug for count in made["counts"] for slug in count["regions"]]
            kinds = {count["relation"] for count in made["counts"]}
            kind = {"joint": "bare", "single": "itemised"}.get("".join(kinds))
            if kind == "bare" and len(made["counts"]) > 1:
                continue
            if kind and len(slugs) >= FEWEST:
                yield kind, in_order(post.text, slugs, stem)


def summarise():
    """Rows of the table."""
    sizes, stem = usual_sizes(), stems()
    found = list(lists())
    rows = []
    for kind in ("bare", "itemised"):
        for out in (frozenset(), FIRST):
            ranks, alphabetical = [], []
            for _, slugs in (one for one in found if one[0] == kind):
                held = [slug for slug in slugs if slug not in out and slug in sizes]
                if len(held) < 3:
                    continue
                rank = spearmanr(np.arange(len(held)), [-sizes[slug] for slug in held])
                ranks.append(rank.statistic)
                alphabetical.append(held == sorted(held, key=stem.get))
            row = {"lists_of": kind, "left_out": " ".join(sorted(out)), "lists": len(ranks)}
            row |= {"rank": float(np.mean(ranks))}
            row |= {"error": float(np.std(ranks, ddof=1) / len(ranks) ** 0.5)}
            rows.append(row | {"alphabetical": float(np.mean(alphabetical))})
    return rows


if __name__ == "__main__":
    masking.write(summarise(), TARGET)
