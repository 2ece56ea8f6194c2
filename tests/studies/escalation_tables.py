"""Make data/eigenvalues.csv and data/reciprocity.csv from the ledger in data/.

Run from the root of the checkout, after the ledger has changed, for both tables or for those named
(about ten minutes on one core for eigenvalues, one for reciprocity)::

    python -m tests.studies.escalation_tables [eigenvalues] [reciprocity]

The column ``inputs`` names the counts by their content, so that figures can say when the record has
changed since.
"""

import sys
from pathlib import Path

from analysis import build_panel, load_claims
from analysis.codebook.escalation import (
    EIGENVALUES,
    EIGENVALUES_COLUMNS,
    RECIPROCITY,
    RECIPROCITY_COLUMNS,
)
from analysis.models.regional_escalation import (
    counts_hash,
    covered_counts,
    covered_draws,
    reciprocity_of,
    rolling_eigenvalues,
)
from analysis.plotting import write_table

DATA = Path(__file__).parents[2] / "data"
REPLICATES = 100  # of each window
DRAWS = 10  # of how open counts fall on regions
STEP = 1  # night between windows, so that 14 running are 14 nights
PAIRS = 199  # simulated pairs of sides


def reciprocity_table(results):
    """Ratios by direction and lag, with the direction's test beside each."""
    tests = results.tests.rename(columns={"lag": "best_lag"})
    table = results.ratios.merge(tests, on=["side", "other"], how="left")
    table = table.assign(start=results.start, end=results.end)
    return table[list(RECIPROCITY_COLUMNS)]


def reciprocity(claims):
    """Write the table of who follows whom."""
    over_ukraine = build_panel(claims, direction="on_ukraine", measure="launched")
    table = reciprocity_table(reciprocity_of(build_panel(claims), over_ukraine, PAIRS))
    write_table(table, DATA / RECIPROCITY)


def eigenvalues(claims):
    """Write the table of rolling windows."""
    drawn = build_panel(claims, allocate="draws", draws=DRAWS)
    rolled = rolling_eigenvalues(covered_draws(drawn), REPLICATES, STEP)
    counts = covered_counts(build_panel(claims))
    rolled = rolled.assign(inputs=counts_hash(counts))[list(EIGENVALUES_COLUMNS)]
    write_table(rolled, DATA / EIGENVALUES)


TABLES = {"reciprocity": reciprocity, "eigenvalues": eigenvalues}


def main():
    """Write the tables named, or both."""
    claims = load_claims(DATA)
    for name in sys.argv[1:] or TABLES:
        TABLES[name](claims)


if __name__ == "__main__":
    main()
