"""From claims, in a frame or in files, to what a panel is filled from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.accounting import (
    Account,
    Scope,
    account_chosen,
    account_claims,
    check_scope,
    choose_claims,
    no_such_claims,
)
from analysis.accounting.nesting import PER_ATTACK
from analysis.accounting.nights import BETWEEN, Bools, Ints
from analysis.allocation import Allocation, learn_allocation
from analysis.allocation.evidence import thin_lists, told_lists
from analysis.ledger import load_channel_days
from analysis.ledger.data_folder import DAYS
from analysis.panel.claims_files import ClaimFiles, Columns, claim_files
from analysis.panel.plain import Settled, Survey, survey_bulletins
from analysis.panel.record import days_of_record, merge_days
from analysis.vocabulary import ADDED, JOIN, RECORDED


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What a panel is filled from.

    Attributes
    ----------
    account : Account
        Of the bulletins that need one.
    allocation : Allocation
        How their counts for several regions are shared out.
    days : Ints
        Days on which the record holds a post, in days since 1970-01-01.
    settled : Settled
        Nights that the account leaves out, as they need none.
    """

    account: Account
    allocation: Allocation
    days: Ints
    settled: Settled


def count_claims(
    claims: pd.DataFrame, scope: Scope, channel_days: Iterable[date | str] | None
) -> Counted:
    """Account for every bulletin of a frame of claims; arguments as in ``build_panel``."""
    account = account_claims(claims, scope)
    return Counted(
        account=account,
        allocation=learn_allocation(account.tally, account.moments),
        days=days_of_record(claims, account.claimant, channel_days, scope.as_of),
        settled=Settled.none(len(account.tally.regions)),
    )


def count_files(
    path: str | Path, scope: Scope, channel_days: Iterable[date | str] | None
) -> Counted:
    """Account for the bulletins of a ledger in files, as far as they need it, and add up the rest.

    Arguments as in ``build_panel``.
    """
    check_scope(scope)
    files = claim_files(path)
    beside = files[0].with_name(DAYS)
    recorded = tuple(load_channel_days(beside)["day"]) if beside.is_file() else ()
    with ClaimFiles(files, scope) as ledger:
        claimants = ledger.claimants()
        if not claimants:
            raise no_such_claims(scope)
        if len(claimants) == 1 and claimants[0] not in PER_ATTACK:
            if channel_days is None:
                channel_days = recorded if claimants[0] in RECORDED else ()
            return _count_plain(ledger, claimants[0], channel_days)
        claims = ledger.rows()
    claims.attrs["channel_days"] = recorded
    return count_claims(claims, scope, channel_days)


def _count_plain(ledger: ClaimFiles, claimant: str, channel_days: Iterable[date | str]) -> Counted:
    """Add up the plain bulletins of a claimant, and account for the others."""
    scope = ledger.scope
    survey = survey_bulletins(ledger, claimant)
    others = ledger.rows(survey.others)
    chosen, named = choose_claims(others, scope)
    if not survey.plain.size and not chosen["relation"].isin((*ADDED, "total")).any():
        raise no_such_claims(scope)
    aside = np.concatenate([survey.others, survey.picked])
    sums, units = ledger.count_plain(aside, survey.picked, survey.slots)
    texts = {*named, *units, *(ledger.regions_beside() if survey.beside else ())}
    regions = tuple(sorted({slug for text in texts for slug in text.split(JOIN)} - {""}))
    sums["region"] = np.searchsorted(np.array(regions, dtype=object), units)[sums["code"]]
    account, lists = _account_others(ledger, survey, chosen, regions, claimant)
    posted = pd.DatetimeIndex(ledger.posting_times(claimant).view("datetime64[us]"), tz="UTC")
    return Counted(
        account=account,
        allocation=learn_allocation(account.tally, account.moments, lists),
        days=merge_days(posted, claimant, channel_days, scope.as_of),
        settled=_settle(ledger, survey, sums, len(regions)),
    )


def _account_others(
    ledger: ClaimFiles,
    survey: Survey,
    chosen: pd.DataFrame,
    regions: tuple[str, ...],
    claimant: str,
) -> tuple[Account, Bools | None]:
    """Account for the bulletins that are not plain, beside those that are evidence for them.

    Returns the account and which of its bulletins are evidence: the same as if all were in it.
    """
    account = account_chosen(chosen, regions, claimant, ledger.scope)
    tally = account.tally
    if not (tally.joint_count.size or tally.remainder.any() or not account.entries.certain.all()):
        return account, None
    own = np.flatnonzero(told_lists(tally))
    plain = survey.counts
    middle = survey.start[plain] // 2 + survey.end[plain] // 2
    in_time = np.argsort(np.concatenate([account.moments[own], middle]), kind="stable")
    taken = in_time[thin_lists(in_time.size)]
    evidence = ledger.rows(survey.plain[plain][taken[taken >= own.size] - own.size])
    ids = [*tally.ids[own[taken[taken < own.size]]], *evidence["bulletin_id"].unique()]
    both = pd.concat([chosen, choose_claims(evidence, ledger.scope)[0]], ignore_index=True)
    account = account_chosen(both, regions, claimant, ledger.scope)
    return account, np.isin(account.tally.ids, np.array(ids, dtype=object))


def _settle(ledger: ClaimFiles, survey: Survey, sums: Columns, regions: int) -> Settled:
    """Lay the sums of the plain bulletins out as nights."""
    slots = survey.slots
    filled = np.bincount(survey.slot, minlength=slots.night.size) > 0
    slot = np.flatnonzero(filled & (slots.night != BETWEEN))
    night = slots.night[slot]
    counts = np.zeros((night.size, regions + 1), dtype=np.int64)
    held = sums["night"] != BETWEEN
    rows = np.searchsorted(night, sums["night"][held])
    counts[rows, sums["region"][held]] = sums["count"][held]
    counts[:, -1] = counts.sum(axis=1)
    label = slots.night[survey.slot]
    ids = ledger.name_nights(survey.plain[label != BETWEEN], label[label != BETWEEN])
    return Settled(
        night=night,
        counts=counts,
        coverage=survey.coverage[slot],
        bulletins=tuple(ids[label] for label in night.tolist()),
    )
