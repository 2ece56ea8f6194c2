"""Tokens to phrases that tell time, without knowing the date of the post."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.bulletins.tokens import Token

#: Parts of the day that words can name.
PARTS = ("night", "morning", "day", "evening")
_ROLES = {"from": "from", "until": "until", "at": "at", "asof": "asof"}
_HOURS = ("hour", "am", "pm")
_LOOSE = ("zone", "past", "year", "minute", "foreign", *_HOURS)
_JOINTS = ("comma", "open", "close", "dash", "over")
_DIGITS = ("dotted", "number", "ordinal")
#: Words that a date or a clock may begin with.
_DATED = ("month", "midnight", "noon")
#: Words that tell time alone.
_COMPLETE = (*PARTS, "today", "yesterday", "midnight", "noon")
#: What makes a number tell time though no word before it does.
_AFTER_NUMBER = ("month", "foreign", *_HOURS)
#: Stands behind the last token, so that looking ahead (and back) always finds one.
_BEYOND = (Token("", None, ""),) * 4


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
    def says_as_of(self) -> bool:
        """Whether the phrase only says up to when something is known."""
        return bool(self.clocks) and all(clock.role == "asof" for clock in self.clocks)

    @property
    def names_no_year(self) -> bool:
        """Whether the phrase cannot be dated without the date of the post."""
        dates = self.dates + [clock.date for clock in self.clocks if clock.date]
        return not any(year for _, _, year in dates)


def find_phrases(tokens: Sequence[Token]) -> list[TimePhrase]:
    """Return the runs of tokens that tell time, in order and without overlap."""
    phrases: list[TimePhrase] = []
    begins = [at for at, token in enumerate(tokens) if token.time or token.kind in _DIGITS]
    tokens = [*tokens, *_BEYOND]
    end = 0
    for at in begins:
        if at >= end and _may_begin(tokens[at], tokens[at + 1]):
            phrase = _Reader(tokens, at).read()
            if phrase is not None:
                phrases.append(phrase)
                end = phrase.end
    return phrases


def _may_begin(token: Token, after: Token) -> bool:
    """Whether a phrase can begin here: most numbers, and most "in" and "from", tell no time."""
    if token.kind == "dotted" or token.time in _COMPLETE:
        return True
    if not token.time:
        return after.time in _AFTER_NUMBER
    return after.time != "" or after.kind in _DIGITS or after.kind in _JOINTS


class _Reader:
    """Reads one phrase: atoms (clocks, dates, parts) between the words that join them."""

    def __init__(self, tokens: Sequence[Token], begin: int) -> None:
        self.tokens = tokens  # and `_BEYOND`
        self.at = begin
        self.phrase = TimePhrase(begin, begin)
        self.role = ""

    def read(self) -> TimePhrase | None:
        """Return the phrase that begins here, or None."""
        while True:
            token = self.tokens[self.at]
            if (token.time or token.kind in _DIGITS) and self._atom(token):
                self.phrase.end = self.at
                self.role = ""
            elif self._joint(token):
                self.at += 1
            else:
                break
        return self.phrase if self.phrase.end > self.phrase.begin else None

    def _peek(self, ahead: int = 0) -> Token:
        """Token at some distance; an empty one past the end."""
        return self.tokens[self.at + ahead]

    def _joint(self, token: Token) -> bool:
        """Whether a word joins atoms, and what it says of the next; else the phrase has ended."""
        if token.time in _ROLES:
            self.role = _ROLES[token.time]
        elif token.kind == "and" and self.phrase.clocks:
            self.role = "until" if self.phrase.clocks[-1].role == "from" else self.role
        elif token.kind == "and" and self.phrase.parts and self._peek(1).time in PARTS:
            pass  # "night and morning"
        else:
            return token.kind in _JOINTS or (token.time in _LOOSE and token.kind != "number")
        return True

    def _atom(self, token: Token) -> bool:
        """Read one clock, date or part of the day, if one stands here."""
        if token.kind in _DIGITS or token.time in _DATED:
            return self._date() or self._clock() or self._word()
        return self._word()

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
        return self.role == "from" and self._first_of_two()

    def _first_of_two(self) -> bool:
        """Read the first date of "from the 7th to the 13th of September"."""
        ahead = [self._peek(step) for step in range(4)]
        if not all(token.kind in ("number", "ordinal") for token in ahead[::2]):
            return False
        if ahead[1].time not in ("until", "asof") or ahead[3].time != "month":
            return False
        self.phrase.dates.append((ahead[0].value, ahead[3].value, None))
        self.at += 1
        return True

    def _is_date(self, token: Token) -> bool:
        """Whether digits with a stop between them are a date rather than a time of day."""
        day, month = token.value[0], token.value[1]
        if ":" in token.raw or not (1 <= day <= 31 and 1 <= month <= 12):
            return False
        if len(token.value) == 3:
            return True
        clocks = self.phrase.clocks
        after_part = not clocks and self._peek(-1).time in PARTS  # "on the night 12.08"
        dated = bool(clocks) and clocks[-1].date is None
        return day > 24 or (self.role == "" and (dated or after_part))

    def _dated(self, day: int, month: int, step: int) -> bool:
        """Take a day and month, and a year where one follows."""
        self.at += step
        if self._peek().kind == "comma" and self._is_year(self._peek(1)):
            self.at += 1
        year = self._peek().value if self._is_year(self._peek()) else None
        self.at += year is not None
        self._place((day, month, year))
        if self._second_of_two():
            self._place((self._peek(1).value, month, year))
            self.at += 2
        return True

    def _second_of_two(self) -> bool:
        """Whether the second date of "the night of September 7 to 8" stands here."""
        day, after = self._peek(1), self._peek(2)
        plain = after.time not in ("month", *_HOURS) and after.kind != "object"
        joins = self._peek().time == "until" and "night" in self.phrase.parts
        return joins and plain and day.kind in ("number", "ordinal") and 1 <= day.value <= 31

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
        if self._peek().kind == "number" and self._peek(1).time == "foreign":
            self.at += 2  # "1700 GMT": the same hour again, on another clock
            return True
        read = self._hour()
        if read is None or read[0] > 24 or read[1] > 59:
            return False
        hour, minute = read
        self.at += 1
        if self._peek().time == "hour":
            self.at += 1
            if self._peek().kind == "number" and self._peek(1).time == "minute":
                minute = self._peek().value
                self.at += 2
        if self._peek().time in ("am", "pm"):
            hour = hour % 12 + 12 * (self._peek().time == "pm")
            self.at += 1
        if self._peek().time == "foreign":
            self.at += 1
            return True
        self.phrase.clocks.append(Clock(hour, minute, self.role or "at"))
        return True

    def _hour(self) -> tuple[int, int] | None:
        """Hour and minute that begin here, before any am or pm."""
        token = self._peek()
        if token.time in ("midnight", "noon"):
            return (24 if token.time == "midnight" else 12), 0
        if token.kind == "dotted" and len(token.value) == 2:
            return int(token.value[0]), int(token.value[1])
        if token.kind not in ("number", "ordinal"):
            return None
        if self._peek(1).time in ("hour", "am", "pm"):
            return int(token.value), 0
        return (self._borrowed_hour(), 0) if self._borrows_unit() else None

    def _borrows_unit(self) -> bool:
        """Whether this is the first hour of "from 1 to 6 o'clock"."""
        if self.role != "from":
            return False
        ahead = [self._peek(step) for step in (1, 2, 3)]
        joins = ahead[0].time == "until" or ahead[0].kind == "and"
        unit = ahead[2].time in _HOURS
        return joins and ahead[1].kind == "number" and unit

    def _borrowed_hour(self) -> int:
        """The first hour of "from 8 to 11 pm"; "from 11 to 6 am" begins in the other half."""
        hour, last = int(self._peek().value), int(self._peek(2).value)
        unit = self._peek(3).time
        if unit == "hour":
            return hour
        return hour % 12 + 12 * ((unit == "pm") != (hour > last))

    def _word(self) -> bool:
        """Read a part of the day, today or yesterday."""
        time = self._peek().time
        if time == "day" and self._peek(-1).kind == "number":
            return False  # "in three days" is no part of a day
        if time in PARTS:
            if time not in self.phrase.parts:
                self.phrase.parts.append(time)
        elif time in ("today", "yesterday"):
            self.phrase.shift = 0 if time == "today" else -1
        else:
            return False
        self.at += 1
        return True
