"""What looks wrong in the claims, and how the tellings of a bulletin differ.

Each module holds one kind of check and gives findings: `sums` (a version by itself), `windows`
(hours, overlaps, gaps), `wider_figures` (cumulative figures), `history` (a count beside those its
region had before), `disagreements` (versions beside each other, as `reconciliation` matches them).
"""

from analysis.audit.auditing import audit_claims
from analysis.audit.reconciliation import reconcile

__all__ = ["audit_claims", "reconcile"]
