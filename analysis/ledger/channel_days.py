"""On which days the record holds any post: what tells a silent night from a missing one."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import pandas as pd

from analysis.errors import LedgerError
from analysis.vocabulary import CHANNEL_CLAIMANTS, MOSCOW, RECORDED

#: Columns of `data/channel_days.csv`.
DAY_COLUMNS: Final = ("day", "posts")
#: A record without a post.
NO_DAYS: Final = pd.DataFrame({"day": pd.Series(dtype="str"), "posts": pd.Series(dtype="int64")})
_DAY: Final = r"\d{4}-\d\d-\d\d"


def channel_days(posts: pd.DataFrame) -> pd.DataFrame:
    """Count the posts of the ministry's channel by day.

    Parameters
    ----------
    posts : pd.DataFrame
        As returned by `read_posts`. Newspapers, the channels of other claimants (no column tells
        whose posts they are) and posts without a time do not count: only a channel's own silence
        says something.

    Returns
    -------
    pd.DataFrame
        ``day`` (str, ISO date on the clock of Moscow) and ``posts`` (int64, >= 1), sorted. A day
        without a post has no row.

    Examples
    --------
    >>> posts = pd.DataFrame({"posted_at": pd.to_datetime(["2025-01-01T21:30Z"]),
    ...     "source": ["mod_russia"]})
    >>> channel_days(posts).to_numpy().tolist()
    [['2025-01-02', 1]]
    """
    return days_table(posts_by_day(posts))


def posts_by_day(posts: pd.DataFrame) -> Counter[str]:
    """Return the counts of `channel_days`; those of the parts of a file add up."""
    recorded = [name for name, claimant in CHANNEL_CLAIMANTS.items() if claimant in RECORDED]
    own = posts[posts["source"].isin(recorded) & posts["posted_at"].notna()]
    days = own["posted_at"].dt.tz_convert(MOSCOW).dt.strftime("%Y-%m-%d")
    return Counter(days.tolist())


def days_table(counts: Mapping[str, int]) -> pd.DataFrame:
    """Return counts by day as the table of `channel_days`."""
    days = sorted(counts)
    return pd.DataFrame(
        {
            "day": pd.Series(days, dtype="str"),
            "posts": pd.Series([counts[day] for day in days], dtype="int64"),
        }
    )


def merge_days(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Merge two counts of posts by day: the larger one holds for each day.

    So the same export twice changes nothing, a later export with more posts of a day raises it, an
    older one lowers nothing, and the order in which files are read does not matter. Two exports
    that hold different posts of one day are not added up; the column counts what one export held.

    Examples
    --------
    >>> a = pd.DataFrame({"day": ["2025-01-01"], "posts": [3]})
    >>> b = pd.DataFrame({"day": ["2025-01-01", "2025-01-02"], "posts": [2, 1]})
    >>> merge_days(a, b).to_numpy().tolist()
    [['2025-01-01', 3], ['2025-01-02', 1]]
    """
    both = pd.concat([known, new], ignore_index=True).astype({"day": "str", "posts": "int64"})
    most = both.groupby("day", sort=True)["posts"].max()
    return most.reset_index()


def check_days(text: pd.DataFrame, what: str) -> pd.DataFrame:
    """Check the text of a table of days and return it typed.

    Parameters
    ----------
    text : pd.DataFrame
        Columns ``DAY_COLUMNS``, all ``str``; row i stands on line i + 2 of the file.
    what : str
        The file's name, for the message.

    Raises
    ------
    LedgerError
        If the columns are others, a day is no date or comes twice, or posts is no number >= 1.
    """
    remedy = "Correct it, or remove the file and ingest the posts again."
    if tuple(text.columns) != DAY_COLUMNS:
        raise LedgerError(f"{what} has not the columns {', '.join(DAY_COLUMNS)}.", remedy)
    dates = pd.to_datetime(text["day"], format="%Y-%m-%d", errors="coerce")
    bad = ~text["day"].str.fullmatch(_DAY) | dates.isna() | text["day"].duplicated()
    bad |= ~text["posts"].str.fullmatch(r"[1-9]\d{0,8}")
    if bad.any():
        row = int(bad.to_numpy().argmax())
        cells = f"day={text['day'].iloc[row]!r}, posts={text['posts'].iloc[row]!r}"
        raise LedgerError(f"{what}, line {row + 2}: {cells} ({int(bad.sum())} such lines).", remedy)
    return text.astype({"posts": "int64"})
