"""Everything that the audit looks for, in one table."""

from collections.abc import Iterator

import pandas as pd

from analysis.accounting import Scope, account_claims
from analysis.accounting.ranking import rank_versions, version_numbers
from analysis.accounting.versions import known_claims, select_versions
from analysis.audit.disagreements import audit_disagreements
from analysis.audit.history import audit_history
from analysis.audit.sums import audit_sums
from analysis.audit.wider_figures import audit_wider_figures
from analysis.audit.windows import audit_gaps, audit_hours, audit_standing
from analysis.ledger.identity import ClaimFinding
from analysis.vocabulary import ADDED, DOWNED, FINDING_COLUMNS, SEVERITIES

#: What is counted together.
CLAIM_OF = ("claimant", "direction", "weapon")


def audit_claims(claims: pd.DataFrame) -> pd.DataFrame:
    """List what looks wrong in a frame of claims.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``; all versions of all bulletins.

    Returns
    -------
    pd.DataFrame
        Columns ``severity, code, bulletin_id, message, remedy``, errors first, then by code and
        bulletin. ``error``: numbers that count cannot all be true, or count where there is no
        region. ``warning``: something had to be decided that the claims do not say, a telling
        differs or was left out, or a number is worth a second look. ``info``: a rule of accounting
        applied; nothing is wrong. The codes:

        - a version by itself: parts-exceed-total, parts-fall-short, region-repeated,
          subset-exceeds-whole, unknown-region, unmatched-report;
        - versions of one bulletin (see `reconcile`): versions-disagree says how far each agrees,
          whether it adds up and which counts; count-misattributed, count-differs, total-differs,
          region-omitted, subset-added and misdated say what it tells otherwise;
        - hours: window-impossible, window-missing, nested, perhaps-nested, nesting-contradicted,
          nesting-contradicted-assumed, window-overlap, edge, split; window-gap (a hole between the
          windows of a night), night-open (hours before its first or after its last);
        - cumulative-below-parts and cumulative-above-parts;
        - out-of-line and first-named: a count its region's past does not explain (see
          `analysis.audit.history` for the rule).

        Edges, splits and gaps are those of nights from 20:00 to 08:00.

    Raises
    ------
    PanelError
        If columns are missing.

    Examples
    --------
    >>> from analysis.vocabulary import CLAIM_COLUMNS
    >>> audit_claims(pd.DataFrame(columns=list(CLAIM_COLUMNS))).empty
    True
    """
    claims = known_claims(claims, None)
    found = set(_findings(claims)) if len(claims) else set()
    order = sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one))
    rows = [[getattr(one, name) for name in FINDING_COLUMNS] for one in order]
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS)).astype("str")


def _findings(claims: pd.DataFrame) -> Iterator[ClaimFinding]:
    """Everything that is found, in any order."""
    table, number = rank_versions(claims), version_numbers(claims)
    yield from audit_sums(claims, table)
    yield from audit_hours(claims, table, number)
    yield from audit_disagreements(claims, table)
    chosen = select_versions(claims)
    counted = chosen[chosen["relation"].isin((*ADDED, "total")).to_numpy()]
    everything = claims.groupby(list(CLAIM_OF))
    for key, group in counted.groupby(list(CLAIM_OF)):
        measures = sorted(set(DOWNED) & set(group["measure"])) or sorted(set(group["measure"]))
        scope = Scope(direction=str(key[1]), weapon=str(key[2]), measure=tuple(measures))
        account = account_claims(everything.get_group(key), scope)
        yield from audit_history(group)
        yield from audit_standing(account)
        if scope.weapon == "uav":  # the one weapon that is reported night by night
            yield from audit_gaps(account)
        yield from audit_wider_figures(account, chosen)
