"""Make data/eigenvalues.csv and data/reciprocity.csv from the ledger in data/.

Run from the root of the checkout, after the ledger has changed (about three minutes on one core)::

    python -m tests.studies.escalation_tables

The column ``inputs`` names the counts by their content, so that figures can say when the record has
changed since.
"""

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
REPLICATES = 29  # of each window
DRAWS = 20  # of how open counts fall on regions
STEP = 14  # nights between windows
PAIRS = 199  # simulated pairs of sides


def reciprocity_table(results):
    """Ratios by direction and lag, with the direction's test beside each."""
    tests = results.tests.rename(columns={"lag": "best_lag"})
    table = results.ratios.merge(tests, on=["side", "other"], how="left")
    table = table.assign(start=results.start, end=results.end)
    return table[list(RECIPROCITY_COLUMNS)]


def main():
    """Write both tables."""
    claims = load_claims(DATA)
    over_russia = build_panel(claims)
    over_ukraine = build_panel(claims, direction="on_ukraine", measure="launched")
    table = reciprocity_table(reciprocity_of(over_russia, over_ukraine, PAIRS))
    write_table(table, DATA / RECIPROCITY)
    rolled = rolling_eigenvalues(
        covered_draws(build_panel(claims, allocate="draws", draws=DRAWS)), REPLICATES, STEP
    )
    counts = covered_counts(over_russia)
    rolled = rolled.assign(inputs=counts_hash(counts))[list(EIGENVALUES_COLUMNS)]
    write_table(rolled, DATA / EIGENVALUES)


if __name__ == "__main__":
    main()
