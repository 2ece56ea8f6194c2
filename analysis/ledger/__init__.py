"""The ledger of claims: bulletins to rows (`claims`), and a store that only grows (`store`).

Rows get the name of the statement they tell (`identity`); statements of the same hours are told
apart (`settling`), later tellings joined to what they tell (`joining`), and every read and write is
checked (`schema`).
"""

from analysis.ledger.attack_claims import claims_from_attacks
from analysis.ledger.channel_days import channel_days
from analysis.ledger.claims import claims_from_bulletins, claims_from_posts, claims_from_structured
from analysis.ledger.store import (
    AppendReport,
    append_channel_days,
    append_claims,
    ingest_posts,
    load_channel_days,
    load_claims,
)

__all__ = [
    "AppendReport",
    "append_channel_days",
    "append_claims",
    "channel_days",
    "claims_from_attacks",
    "claims_from_bulletins",
    "claims_from_posts",
    "claims_from_structured",
    "ingest_posts",
    "load_channel_days",
    "load_claims",
]
