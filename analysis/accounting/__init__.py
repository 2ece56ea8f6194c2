"""Which version counts, which window holds which, and to which night a count belongs.

What is asked for is chosen (`scope`), windows become slots of time (`nights`), bulletins arrays
(`tally`) with the time that stands for them (`spans`); windows inside windows are settled
(`nesting`), wider figures bound what is missing (`cumulative`), and `account` puts it together.
"""

from analysis.accounting.account import Account, account_chosen, account_claims, cut_slots
from analysis.accounting.scope import (
    Scope,
    check_choice,
    check_scope,
    choose_claims,
    no_such_claims,
    scope_claims,
)
from analysis.accounting.versions import select_versions

__all__ = [
    "Account",
    "Scope",
    "account_chosen",
    "account_claims",
    "check_choice",
    "check_scope",
    "choose_claims",
    "cut_slots",
    "no_such_claims",
    "scope_claims",
    "select_versions",
]
