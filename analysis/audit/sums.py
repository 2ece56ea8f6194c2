"""One version by itself: parts and total, regions named twice, parts of parts, unknown regions."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.accounting.nesting import PER_ATTACK
from analysis.accounting.ranking import version_numbers
from analysis.ledger.identity import ClaimFinding
from analysis.regions import regions
from analysis.vocabulary import ADDED, JOIN, OUTSIDE_ZONE, Severity

#: What to do about most findings.
LOOK = "Compare the text of the source with the claims read from it."
NOTHING = "Nothing to do."


def audit_sums(claims: pd.DataFrame, table: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Look at each version by itself.

    Parameters
    ----------
    claims : pd.DataFrame
        As `known_claims` returns them.
    table : pd.DataFrame
        `rank_versions` of these claims.
    """
    for version in table[~table["never_added"]].to_dict("records"):
        yield from _audit_total(version)
    matched = table.loc[table["source_kind"] != "report", "bulletin_id"]
    alone = ~table["never_added"] & ~table["bulletin_id"].isin(matched)
    for version in table[alone].to_dict("records"):
        message = f"{who(version)} matches no bulletin; it is kept out."
        yield ClaimFinding(
            "warning",
            "unmatched-report",
            version["bulletin_id"],
            message,
            "Find the bulletin that it tells.",
        )
    number = version_numbers(claims)
    told = claims.assign(version=number, chosen=table["chosen"].to_numpy()[number])
    added = told[told["relation"].isin(ADDED).to_numpy()]
    yield from _audit_units(told)
    yield from _audit_placeless(added, table)
    yield from _audit_repeats(added)
    yield from _audit_subsets(told)


def who(version: Mapping[Any, Any]) -> str:
    """Name a version at the head of a sentence, by its ``source_kind, source, revision``.

    Examples
    --------
    >>> who({"source_kind": "report", "source": "tass.com", "revision": 2})
    'Revision 2 of the report from tass.com'
    """
    name = f"the {version['source_kind']} from {version['source']}"
    of = f"revision {version['revision']} of {name}" if version["revision"] > 1 else name
    return of[0].upper() + of[1:]


def _audit_total(version: dict[Any, Any]) -> Iterator[ClaimFinding]:
    """Parts of a version that exceed its total, or fall short where its claimant gives regions."""
    total, parts = version["total"], version["parts"]
    listed = version["list"] in ("itemised", "joint")
    if parts > total:
        severity: Severity = "error" if version["chosen"] else "warning"
        message = f"{who(version)} has parts of {parts}, more than its total of {total}."
        yield ClaimFinding(severity, "parts-exceed-total", version["bulletin_id"], message, LOOK)
    elif parts < total and (listed or version["chosen"]) and version["claimant"] not in PER_ATTACK:
        message = (
            f"{who(version)} leaves {total - parts} of {total} without a region "
            f"({version['list']})."
        )
        yield ClaimFinding(
            "warning" if listed else "info",
            "parts-fall-short",
            version["bulletin_id"],
            message,
            LOOK if listed else NOTHING,
        )


def _audit_units(told: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Regions that the gazetteer does not know; the ledger's own schema refuses them."""
    known = {*regions(), "", OUTSIDE_ZONE}
    cells = {cell for name in ("regions", "of") for cell in told[name].unique()}
    strange = {cell: sorted({*cell.split(JOIN)} - known) for cell in cells}
    strange = {cell: slugs for cell, slugs in strange.items() if slugs}
    rows = told[(told["regions"].isin(strange) | told["of"].isin(strange)).to_numpy()]
    for row in rows.to_dict("records"):
        for slug in {*strange.get(row["regions"], ()), *strange.get(row["of"], ())}:
            yield ClaimFinding(
                "error" if row["chosen"] else "warning",
                "unknown-region",
                row["bulletin_id"],
                f"{who(row)} gives {row['count']} to {slug}, which is no unit of the gazetteer.",
                "Use the slug of a unit; find_region reads a name.",
            )


def _audit_placeless(added: pd.DataFrame, table: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Numbers of a list whose place is no known unit; a cut may have taken it away as well."""
    lost = added[(added["regions"].eq("") & added["list"].isin(("itemised", "joint"))).to_numpy()]
    sums = lost.groupby("version")["count"].sum()
    for version, count in zip(table.loc[sums.index].to_dict("records"), sums, strict=True):
        message = f"{who(version)} gives {count} to a place that is no unit of the gazetteer."
        yield ClaimFinding("warning", "unknown-region", version["bulletin_id"], message, LOOK)


def _audit_repeats(added: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Regions named twice in a version."""
    key = ["bulletin_id", "version", "measure", "regions"]
    named = added[(added["regions"] != "").to_numpy()]
    items = named.assign(regions=named["regions"].str.split(JOIN)).explode("regions")
    times = items.groupby(key, as_index=False).agg(times=("count", "size"))
    for item in times[times["times"] > 1].to_dict("records"):
        message = (
            f"{item['regions']} is named {item['times']} times ({item['measure']}); "
            "its counts are added."
        )
        yield ClaimFinding("warning", "region-repeated", item["bulletin_id"], message, LOOK)


def _audit_subsets(told: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Parts of a number that are larger than it."""
    key = ["bulletin_id", "version", "measure"]
    parts = told[(told["relation"].eq("subset") & told["regions"].ne(OUTSIDE_ZONE)).to_numpy()]
    placed = told["relation"].isin(ADDED) & told["regions"].ne("")
    wholes = told[(placed | told["relation"].eq("total")).to_numpy()]
    wholes = wholes.groupby([*key, "regions"], as_index=False)[["count"]].sum()
    wholes = wholes.rename(columns={"regions": "of", "count": "whole"})
    held = parts.merge(wholes, on=[*key, "of"])
    for part in held[held["count"] > held["whole"]].to_dict("records"):
        severity: Severity = "error" if part["chosen"] else "warning"
        message = (
            f"{part['count']} of {part['of'] or 'the total'} ({part['regions']}) is more than "
            f"its {part['whole']}."
        )
        yield ClaimFinding(severity, "subset-exceeds-whole", part["bulletin_id"], message, LOOK)
