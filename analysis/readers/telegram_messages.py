"""One message of a Telegram export: its text, its time in UTC, and when it was edited."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from analysis.readers.moments import BadMoment, in_utc, read_moment

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Telegram counts seconds in 32 bits.
_END: Final = 2**32

#: Why a message is no post: it tells an event of the channel, the exporter could not write it, or
#: nothing says when it was posted.
SERVICE, UNSUPPORTED, UNDATED = "service", "unsupported", "undated"


class BadMessage(Exception):  # noqa: N818  (not an error that leaves the reader)
    """What is wrong with a message."""


class Message(NamedTuple):
    """A message that is a post; ``text`` is "" for a picture without words."""

    number: int
    posted_at: datetime
    edited_at: datetime | None
    text: str


def read_message(raw: object) -> Message | str:
    """Read a message of an export.

    Parameters
    ----------
    raw : object
        What stands in ``messages``. The time is that of ``date_unixtime``; ``date`` counts only
        where it names a zone, because Telegram Desktop writes the local time of the computer
        there. The text is that of ``text_entities``, else that of ``text``.

    Returns
    -------
    Message or str
        The post, or why it is none: ``SERVICE``, ``UNSUPPORTED`` or ``UNDATED``.

    Raises
    ------
    BadMessage
        If a field is not what it should be.

    Examples
    --------
    >>> read_message({"id": 7, "type": "message", "date_unixtime": "1746331500", "text": "A"}).text
    'A'
    >>> read_message({"id": 8, "type": "service"})
    'service'
    """
    if not isinstance(raw, dict):
        raise BadMessage(f"is {_kind(raw)}, not an object")
    kind = raw.get("type", "message")
    if kind != "message":
        return SERVICE if kind == "service" else UNSUPPORTED
    number = raw.get("id")
    if type(number) is not int:
        raise BadMessage(f"its id is {_shown(number)}, no whole number")
    posted = _moment(raw, "date")
    if posted is None:
        return UNDATED
    edited = _moment(raw, "edited")
    if edited is not None and edited <= posted:
        edited = None
    return Message(number, posted, edited, _text(raw))


def name_of(raw: object, turn: int) -> str:
    """Return the words for a message: its number in the channel, else its turn in the file."""
    number = raw.get("id") if isinstance(raw, dict) else None
    return f"message {number}" if type(number) is int else f"message no. {turn} of the file"


def _moment(raw: dict[str, Any], name: str) -> datetime | None:
    """The moment of a field, or None where nothing says it without a doubt."""
    seconds = raw.get(f"{name}_unixtime")
    if seconds is None:
        return _with_zone(raw.get(name))
    field = f"{name}_unixtime={_shown(seconds)}"
    if type(seconds) is str and seconds.isascii() and seconds.isdigit() and len(seconds) < 20:
        seconds = int(seconds)
    if type(seconds) is not int or not 0 <= seconds < _END:
        raise BadMessage(f"{field} is no time")
    if not seconds:  # older exports give it to messages that were never edited
        return None
    try:
        return in_utc(_EPOCH + timedelta(seconds=seconds))
    except BadMoment as wrong:
        raise BadMessage(f"{field} {wrong}") from None


def _with_zone(written: object) -> datetime | None:
    """Return the moment that a text names with its zone; a local time is none."""
    try:
        return read_moment(written)
    except BadMoment:
        return None


def _text(raw: dict[str, Any]) -> str:
    """The text of a message, whole."""
    written = raw.get("text_entities") or raw.get("text") or ""
    parts = written if isinstance(written, list) else [written]
    texts = []
    for part in parts:
        text = part.get("text") if isinstance(part, dict) else part
        if not isinstance(text, str):
            raise BadMessage(f"its text holds {_kind(part)}")
        texts.append(text)
    # Half of a pair of code units is no character, and no file could hold it.
    return "".join(texts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(value: object) -> str:
    """Quote a value briefly."""
    return repr(value)[:40] if isinstance(value, str | int | float | None) else _kind(value)


def _kind(value: object) -> str:
    """Say what a JSON value is."""
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    return kinds.get(type(value), "nothing" if value is None else "a number")
