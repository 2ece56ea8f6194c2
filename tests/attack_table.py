"""Tables of attacks for the tests: made up, with pages, posts and numbers of their own."""

import csv
import io

from analysis.ledger import claims_from_attacks
from analysis.readers import read_attacks

COLUMNS = (
    "time_start",
    "time_end",
    "model",
    "target",
    "launched",
    "destroyed",
    "not_reach_goal",
    "border_crossing",
    "destroyed_details",
    "source",
)
NIGHT = {"time_start": "2024-02-10 21:00", "time_end": "2024-02-11 05:30"}


def row(launched="40.0", destroyed="31.0", **cells):
    """One row: a night attack on the whole country by long-range drones, told by the Air Force."""
    given = {"model": "Shahed-136/131", "target": "Ukraine", "source": "kpszsu/posts/pfbidA1"}
    return given | NIGHT | {"launched": launched, "destroyed": destroyed} | cells


def text_of(*rows, columns=None):
    """The CSV of some rows; columns that no row has are left out."""
    names = columns or [
        *COLUMNS,
        *sorted({name for row in rows for name in row} - set(COLUMNS)),
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(folder, *rows, **options):
    """The rows read back from a file."""
    path = folder / "attacks.csv"
    path.write_text(text_of(*rows, **options), encoding="utf-8")
    return read_attacks(path)


def claims_of(folder, *rows):
    """The claims of a table of attacks."""
    return claims_from_attacks(read(folder, *rows))


def numbers(claims):
    """Measure, relation, regions and count of each row."""
    names = ["measure", "relation", "regions", "count"]
    return [tuple(values) for values in claims[names].to_numpy().tolist()]


def codes(claims):
    """Codes of the findings, sorted."""
    return sorted(finding.code for finding in claims.attrs["findings"])
