"""The days on which the record of a claimant holds any post: what tells silent from missing."""

from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
import pandas as pd

from analysis.accounting.nights import DAY, Ints
from analysis.accounting.versions import known_claims, read_moment
from analysis.errors import PanelError
from analysis.vocabulary import CLOCKS, MOSCOW, RECORDED


def days_of_record(
    claims: pd.DataFrame,
    claimant: str,
    channel_days: Iterable[date | str] | None,
    as_of: datetime | pd.Timestamp | str | None,
) -> Ints:
    """List the days on which a claimant's record holds a post, as known at ``as_of``.

    Parameters
    ----------
    claims : pd.DataFrame
        Columns ``vocabulary.CLAIM_COLUMNS``. The days on which the claimant published one of them,
        on the claimant's clock, are among the days of the record.
    claimant : str
        Whose record.
    channel_days : iterable of dates, optional
        Days on which the record holds any post, whatever it says; by default
        ``claims.attrs["channel_days"]``, which are those of ``RECORDED`` claimants.
    as_of : datetime, Timestamp or str, optional
        Leave out what was not known before this moment: claims by their ``known_at``, days that
        were not over yet in UTC.

    Returns
    -------
    Ints
        Days since 1970-01-01, sorted and unique.

    Raises
    ------
    PanelError
        If ``channel_days`` holds something that is not a date.
    """
    if channel_days is None:
        # The days shipped with the ledger are those of the ministry's channel.
        channel_days = claims.attrs.get("channel_days", ()) if claimant in RECORDED else ()
    told = known_claims(claims, as_of)
    own = (told["claimant"] == claimant) & (told["source_kind"] != "report")
    posted = told.loc[(own & told["posted_at"].notna()).to_numpy(), "posted_at"]
    return merge_days(pd.DatetimeIndex(posted), claimant, channel_days, as_of)


def merge_days(
    posted: pd.DatetimeIndex,
    claimant: str,
    channel_days: Iterable[date | str],
    as_of: datetime | pd.Timestamp | str | None,
) -> Ints:
    """As `days_of_record`, from the times at which the claimant posted claims known by then."""
    try:
        days = np.array([np.datetime64(day, "D") for day in channel_days], dtype="datetime64[D]")
    except (ValueError, TypeError):
        raise PanelError(
            "channel_days holds a value that is not a date.", "Give dates such as 2025-11-01."
        ) from None
    known = days.astype(np.int64)
    if as_of is not None:
        # A day counts when it is over: until then its posts are known by their claims alone.
        known = known[(known + 1) * DAY <= read_moment(as_of).value // 1000]
    local = posted.tz_convert(CLOCKS.get(claimant, MOSCOW)).tz_localize(None)
    dates = local.to_numpy().astype("datetime64[D]").astype(np.int64)
    return np.unique(np.concatenate([known, dates]))
