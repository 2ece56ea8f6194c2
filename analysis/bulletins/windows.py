"""Tokens to the hours that a statement covers.

Two steps: `find_phrases` marks the words that tell time, without knowing the date of the post; `resolve`
turns one phrase into a `Window`, given when the text was posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from analysis.bulletins.bulletin import Window
from analysis.bulletins.tokens import Token

Role = Literal["from", "until", "at"]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
#: A post may come a little before the hour that it names ends.
EARLY = timedelta(minutes=30)
#: Hours assumed for undated words, as hours after midnight of the labelling date.
PARTS = {"night": (-4, 8), "morning": (6, 12), "day": (8, 20), "evening": (18, 24)}
_ROLES = {"from": "from", "until": "until", "at": "at", "asof": "asof"}
_LOOSE = ("zone", "past", "year", "hour", "minute", "am", "pm", "foreign")


@dataclass(slots=True)
class Clock:
    """A time of day and, where the text gives it, its date."""

    hour: int
    minute: int
    role: str
    date: tuple[int, int, int | None] | None = None


@dataclass(slots=True)
class TimePhrase:
    """A run of tokens that tells time.

    Attributes
    ----------
    begin, end : int
        Token positions, half-open.
    clocks : list of Clock
        Times of day in the order of the text.
    dates : list
        (day, month, year or None) of dates that belong to no clock.
    parts : list of str
        Parts of the day named: night, morning, day, evening.
    shift : int or None
        0 for today, -1 for yesterday; None when the phrase says neither.
    """

    begin: int
    end: int
    clocks: list[Clock] = field(default_factory=list)
    dates: list[tuple[int, int, int | None]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    shift: int | None = None

    @property
    def rank(self) -> int:
        """How exactly the phrase tells time: hours 3, a moment 2, a part of the day 1, a date 0."""
        if any(clock.role in ("from", "until", "asof") for clock in self.clocks):
            return 3
        if self.clocks:
            return 2
        return 1 if self.parts else 0

    @property
    def names_no_year(self) -> bool:
        """Whether the phrase cannot be dated without the date of the post."""
        dates = self.dates + [clock.date for clock in self.clocks if clock.date]
        return not any(year for _, _, year in dates)


def find_phrases(tokens: Sequence[Token]) -> list[TimePhrase]:
    """Return the runs of tokens that tell time, in order and without overlap."""
    phrases: list[TimePhrase] = []
    at, end = 0, len(tokens)
    while at < end:
        token = tokens[at]
        if token.time or token.kind in ("dotted", "number", "ordinal"):
            phrase = _Reader(tokens, at).read()
            if phrase is not None:
                phrases.append(phrase)
                at = phrase.end
                continue
        at += 1
    return phrases


class _Reader:
    """Reads one phrase: atoms (clocks, dates, parts) between the words that join them."""

    def __init__(self, tokens: Sequence[Token], begin: int) -> None:
        self.tokens = tokens
        self.at = begin
        self.phrase = TimePhrase(begin, begin)
        self.role = ""
        self.pending_day: int | None = None

    def read(self) -> TimePhrase | None:
        """Return the phrase that begins here, or None."""
        while self.at < len(self.tokens):
            if self._atom():
                self.phrase.end = self.at
                self.role = ""
            elif not self._joint():
                break
        return self.phrase if self.phrase.end > self.phrase.begin else None

    def _peek(self, ahead: int = 0) -> Token:
        """Token at some distance; an empty one past the end."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else Token("", None, "")

    def _joint(self) -> bool:
        """Step over a word that joins atoms; False when the phrase has ended."""
        token = self._peek()
        if token.time in _ROLES:
            self.role = _ROLES[token.time]
        elif token.kind == "and" and self.phrase.clocks:
            self.role = "until" if self.phrase.clocks[-1].role == "from" else self.role
        elif not (token.time in _LOOSE or token.kind in ("comma", "open", "close", "dash", "over")):
            return False
        elif token.kind == "number":
            return False
        self.at += 1
        return True

    def _atom(self) -> bool:
        """Read one clock, date or part of the day, if one stands here."""
        return self._date() or self._clock() or self._word()

    def _date(self) -> bool:
        """Read "28 May", "May 28", "28.05", each with or without a year."""
        token, after = self._peek(), self._peek(1)
        if token.kind in ("number", "ordinal") and after.time == "month" and 1 <= token.value <= 31:
            return self._dated(token.value, after.value, 2)
        if token.time == "month" and after.kind in ("number", "ordinal") and 1 <= after.value <= 31:
            return self._dated(after.value, token.value, 2)
        if token.kind == "dotted" and self._is_date(token):
            day, month, *year = token.value
            if year:
                self._place((day, month, year[0] + 2000 * (year[0] < 100)))
                self.at += 1
                return True
            return self._dated(day, month, 1)
        if token.kind == "number" and self.role == "from" and after.time in ("until", "asof"):
            # "from the 7th to the 13th of September", "on the night from the 8th to the 9th".
            if self._peek(2).kind == "number" and self._peek(3).time == "month":
                self.phrase.dates.append((token.value, self._peek(3).value, None))
                self.at += 1
                return True
        return False

    def _is_date(self, token: Token) -> bool:
        """Whether digits with a stop between them are a date rather than a time of day."""
        day, month = token.value[0], token.value[1]
        if ":" in token.raw or not (1 <= day <= 31 and 1 <= month <= 12):
            return False
        if len(token.value) == 3:
            return True
        dated = self.phrase.clocks and self.phrase.clocks[-1].date is None and self.role == ""
        return day > 24 or bool(dated)

    def _dated(self, day: int, month: int, step: int) -> bool:
        """Take a day and month, and a year where one follows."""
        self.at += step
        if self._peek().kind == "comma" and self._is_year(self._peek(1)):
            self.at += 1
        year = self._peek().value if self._is_year(self._peek()) else None
        self.at += year is not None
        self._place((day, month, year))
        return True

    @staticmethod
    def _is_year(token: Token) -> bool:
        return token.kind == "number" and 2000 <= token.value <= 2100

    def _place(self, when: tuple[int, int, int | None]) -> None:
        """Give a date to the clock before it, else to the phrase."""
        clocks = self.phrase.clocks
        if clocks and clocks[-1].date is None and self.role not in ("from", "until"):
            clocks[-1].date = when
        else:
            self.phrase.dates.append(when)

    def _clock(self) -> bool:
        """Read "16.50", "9 o'clock", "11:00 pm", "midnight"."""
        token = self._peek()
        if token.time in ("midnight", "noon"):
            hour, minute, step = (24 if token.time == "midnight" else 12), 0, 1
        elif token.kind == "dotted" and len(token.value) == 2:
            (hour, minute), step = token.value, 1
        elif token.kind == "number" and self._peek(1).time in ("hour", "am", "pm"):
            hour, minute, step = token.value, 0, 1
        else:
            return False
        if hour > 24 or minute > 59:
            return False
        self.at += step
        if self._peek().time == "hour":
            self.at += 1
            if self._peek().kind == "number" and self._peek(1).time == "minute":
                minute = self._peek().value
                self.at += 2
        if self._peek().time in ("am", "pm"):
            hour = hour % 12 + 12 * (self._peek().time == "pm")
            self.at += 1
        if self._peek().time == "foreign":  # the same hour again, on another clock
            self.at += 1
            return True
        self.phrase.clocks.append(Clock(hour, minute, self.role or "at"))
        return True

    def _word(self) -> bool:
        """Read a part of the day, today or yesterday."""
        time = self._peek().time
        if time in PARTS:
            if time not in self.phrase.parts:
                self.phrase.parts.append(time)
        elif time in ("today", "yesterday"):
            self.phrase.shift = 0 if time == "today" else -1
        else:
            return False
        self.at += 1
        return True


def resolve(phrase: TimePhrase, posted: datetime | None, clock: ZoneInfo) -> Window | None:
    """Return the window that a phrase means.

    Parameters
    ----------
    phrase : TimePhrase
        As found by `find_phrases`.
    posted : datetime or None
        When the text was published. A date without a year is the one nearest before it; a time of day
        without a date is the last one before it.
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
    """The date meant: the year given, else the nearest before the post (or the day after it)."""
    day, month, year = when
    try:
        if year is not None:
            return date(year, month, day)
        if local is None:
            return None
        found = date(local.year, month, day)
        return found if found <= local.date() + DAY else date(local.year - 1, month, day)
    except ValueError:
        return None


def _moment(day: date, hour: int, minute: int, clock: ZoneInfo) -> datetime:
    """A time of day on a date; 24.00 is the midnight that ends it."""
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


def _hours(  # noqa: PLR0913 - two ends, each with or without a date
    phrase: TimePhrase,
    first: Clock,
    last: Clock | None,
    days: list[date],
    local: datetime | None,
    clock: ZoneInfo,
) -> Window | None:
    """Window between two times of day, or from one until the post."""
    start, end = _own(first, local, clock), (_own(last, local, clock) if last else None)
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


def _until(  # noqa: PLR0913 - as above
    phrase: TimePhrase,
    last: Clock | None,
    days: list[date],
    local: datetime | None,
    clock: ZoneInfo,
) -> Window | None:
    """Window of "overnight until 9:00": from the start of the part of the day named, or of the night."""
    if last is None:
        return None
    limit = _limit(days, local, clock)
    end = _own(last, local, clock) or (_last(last, limit, clock) if limit else None)
    if end is None:
        return None
    part = phrase.parts[0] if phrase.parts else "night"
    start = _moment(end.date(), PARTS[part][0], 0, clock)
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
    starts, ends = zip(*(PARTS[part] for part in phrase.parts), strict=True)
    window = Window(
        _moment(day, min(starts), 0, clock), _moment(day, max(ends), 0, clock), "assumed"
    )
    if (
        local is not None and not days and window.start >= local
    ):  # "yesterday's day", told after midnight
        window = Window(window.start - DAY, window.end - DAY, "assumed")
    return _cut(window, local)


def _cut(window: Window, local: datetime | None) -> Window:
    """End a window no later than the post that tells of it."""
    if local is None or not window.start < local < window.end or window.precision == "day":
        return window
    return Window(window.start, local, window.precision)
