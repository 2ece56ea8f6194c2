"""A phrase that tells time to the hours that a statement covers."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.bulletins.bulletin import Window
from analysis.bulletins.timephrases import Clock, TimePhrase

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
#: A post may come a little before the hour that it names ends.
EARLY = timedelta(minutes=30)
NOON = 12
#: Hours assumed for undated words, as hours after the midnight that begins the date.
ASSUMED = {"night": (-4, 8), "morning": (6, 12), "day": (8, 20), "evening": (18, 24)}


def resolve(phrase: TimePhrase, posted: datetime | None, clock: ZoneInfo) -> Window | None:
    """Return the window that a phrase means.

    Parameters
    ----------
    phrase : TimePhrase
        As found by `find_phrases`.
    posted : datetime or None
        When the text was published. A date without a year is the one nearest before it; a time
        of day without a date is the last one before it.
    clock : ZoneInfo
        The claimant's clock.

    Returns
    -------
    Window or None
        None when the phrase cannot be dated.
    """
    local = posted.astimezone(clock) if posted else None
    if local is None and phrase.names_no_year:
        return None
    days = [_date(when, local) for when in phrase.dates]
    if any(day is None for day in days):
        return None
    known = [day for day in days if day is not None]
    if phrase.clocks:
        return _clocked(phrase, known, local, clock)
    return _undated(phrase, known, local, clock)


def _date(when: tuple[int, int, int | None], local: datetime | None) -> date | None:
    """The date meant: the year given, else the nearest before the post."""
    day, month, year = when
    try:
        if year is not None:
            return date(year, month, day)
        if local is None:
            return None
        found = date(local.year, month, day)
        return found if found <= local.date() else date(local.year - 1, month, day)
    except ValueError:
        return None


def _moment(day: date, hour: int, minute: int, clock: ZoneInfo) -> datetime:
    """A time of day on a date; 24.00 is the midnight that ends it."""
    if 0 <= hour < 24 and minute < 60:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock)
    return datetime(day.year, day.month, day.day, tzinfo=clock) + timedelta(
        hours=hour, minutes=minute
    )


def _last(time: Clock, limit: datetime, clock: ZoneInfo) -> datetime:
    """The last such time of day that is not after a limit."""
    moment = _moment(limit.date(), time.hour % 24, time.minute, clock)
    return moment if moment <= limit else moment - DAY


def _own(time: Clock, local: datetime | None, clock: ZoneInfo) -> datetime | None:
    """The moment of a clock that carries its own date."""
    day = _date(time.date, local) if time.date else None
    return _moment(day, time.hour, time.minute, clock) if day else None


def _clocked(
    phrase: TimePhrase, days: list[date], local: datetime | None, clock: ZoneInfo
) -> Window | None:
    """Window of a phrase with times of day."""
    first = next((c for c in phrase.clocks if c.role == "from"), None)
    last = next((c for c in phrase.clocks if c.role == "until"), None)
    if first is None and last is not None:  # "began at 23:00 ... until 7:00"
        first = next((c for c in phrase.clocks if c.role == "at"), None)
    as_of = next((c for c in phrase.clocks if c.role == "asof"), None)
    if first is None and (last or as_of):
        return _until(phrase, last or as_of, days, local, clock)
    if first is None:
        return _point(phrase, days, local, clock)
    return _hours(phrase, first, last, days, local, clock)


def _limit(days: list[date], local: datetime | None, clock: ZoneInfo) -> datetime | None:
    """The moment that nothing in the phrase lies after."""
    if days:
        return _moment(days[-1], 24, 0, clock)
    return local + EARLY if local else None


def _hours(
    phrase: TimePhrase,
    first: Clock,
    last: Clock | None,
    days: list[date],
    local: datetime | None,
    clock: ZoneInfo,
) -> Window | None:
    """Window between two times of day, or from one until the post."""
    start, end = _own(first, local, clock), (_own(last, local, clock) if last else None)
    if last is None and start is not None and "night" in phrase.parts:
        morning = _moment(start.date() + DAY * (first.hour >= NOON), ASSUMED["night"][1], 0, clock)
        return _cut(Window(start, morning, "assumed"), local) if start < morning else None
    if last is None:
        if local is None:
            return None
        end = local
        start = start or _last(first, end, clock)
    if end is None and last is not None:
        if start is not None:
            end = start.replace(hour=0, minute=0) + timedelta(hours=last.hour, minutes=last.minute)
            end = end if end > start else end + DAY
        else:
            limit = _limit(days if "night" not in phrase.parts else days[-1:], local, clock)
            if limit is None:
                return None
            end = _last(last, limit, clock)
            if last.hour == 24 and days:
                end = _moment(days[-1], 24, 0, clock)
    if start is None and end is not None:
        start = _last(first, end - MINUTE, clock)
    if start is None or end is None or start >= end:
        return None
    return Window(start, end, "stated")


def _until(
    phrase: TimePhrase,
    last: Clock | None,
    days: list[date],
    local: datetime | None,
    clock: ZoneInfo,
) -> Window | None:
    """Window of "overnight until 9:00": from the start of the part of the day that is meant."""
    if last is None:
        return None
    limit = _limit(days, local, clock)
    end = _own(last, local, clock) or (_last(last, limit, clock) if limit else None)
    if end is None:
        return None
    part = phrase.parts[0] if phrase.parts else "night" if last.hour <= NOON else "day"
    start = _moment(end.date(), ASSUMED[part][0], 0, clock)
    return Window(start, end, "assumed") if start < end else None


def _point(
    phrase: TimePhrase, days: list[date], local: datetime | None, clock: ZoneInfo
) -> Window | None:
    """Window of "about 16:50", or of "about 16:50 and 17:10"."""
    moments = []
    for time in phrase.clocks:
        own = _own(time, local, clock)
        if own is None and days:
            own = _moment(days[0], time.hour, time.minute, clock)
        if own is None and local is not None:
            limit = local + EARLY if not phrase.shift else _moment(local.date(), 0, 0, clock)
            own = _last(time, limit, clock)
        if own is None:
            return None
        moments.append(own)
    return Window(min(moments), max(moments) + MINUTE, "point")


def _undated(
    phrase: TimePhrase, days: list[date], local: datetime | None, clock: ZoneInfo
) -> Window | None:
    """Window of words such as "overnight" or "this morning", or of a bare date."""
    if len(days) > 1 and not phrase.parts:
        return Window(_moment(days[0], 0, 0, clock), _moment(days[-1], 24, 0, clock), "day")
    day = days[-1] if days else None
    if day is None and local is not None:
        day = local.date() + timedelta(days=phrase.shift or 0)
    if day is None:
        return None
    if not phrase.parts:
        return _cut(Window(_moment(day, 0, 0, clock), _moment(day, 24, 0, clock), "day"), local)
    starts, ends = zip(*(ASSUMED[part] for part in phrase.parts), strict=True)
    window = Window(
        _moment(day, min(starts), 0, clock), _moment(day, max(ends), 0, clock), "assumed"
    )
    if local is not None and window.start >= local:
        if "morning" in phrase.parts:  # told before dawn: the hours since midnight
            window = Window(_moment(day, 0, 0, clock), window.end, "assumed")
        elif not days:  # "this evening", told after midnight
            window = Window(window.start - DAY, window.end - DAY, "assumed")
    return _cut(window, local)


def _cut(window: Window, local: datetime | None) -> Window:
    """End a window no later than the post that tells of it."""
    if local is None or not window.start < local < window.end:
        return window
    return Window(window.start, local, window.precision)
