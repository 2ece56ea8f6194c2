"""Telegram Desktop's result.json -> the posts of one public channel."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from analysis.errors import ReadError
from analysis.readers.json_stream import JsonStream
from analysis.readers.post_rows import EDITED, MESSAGE, Asked, PostRows, ReadFinding
from analysis.readers.telegram_chats import Chat, chats_of, choose_channel
from analysis.readers.telegram_messages import (
    SERVICE,
    UNDATED,
    UNSUPPORTED,
    BadMessage,
    Message,
    name_of,
    read_message,
)
from analysis.readers.text_files import quote_some
from analysis.vocabulary import CHANNELS, POST_COLUMNS, Severity

#: The finding that a channel is no claimant's.
UNKNOWN_CHANNEL: Final = "unknown-channel"

_COLUMNS: Final = (*POST_COLUMNS, EDITED, MESSAGE)
#: Why messages that are no posts are left out, and what to do.
_LEFT_OUT: Final[dict[str, tuple[Severity, str, str]]] = {
    SERVICE: ("info", "events of the channel, such as pins", "Nothing to do."),
    UNSUPPORTED: (
        "warning",
        "of a kind that this Telegram Desktop could not export",
        "Export the channel again with a newer Telegram Desktop.",
    ),
    UNDATED: (
        "warning",
        "no date_unixtime, only a local time without a zone",
        "Export the channel again with a newer Telegram Desktop.",
    ),
}


def read_telegram(asked: Asked) -> PostRows:
    """Read the messages of one public channel; see `analysis.readers.read_posts`."""
    chat, turn = choose_channel(asked)
    posts = PostRows(_COLUMNS, iter(()))
    posts.rows = _rows(asked, chat, turn, posts.findings)
    return posts


def message_url(source: str, number: int) -> str:
    """Return the address of a message, or "" where that of its channel is not known.

    Examples
    --------
    >>> message_url("mod_russia", 7)
    'https://t.me/mod_russia/7'
    """
    return f"{CHANNELS[source]}/{number}" if source in CHANNELS else ""


def _rows(
    asked: Asked, chosen: Chat, turn: int, findings: list[ReadFinding]
) -> Iterator[tuple[Any, ...]]:
    """Yield the posts of a channel; once a message is wrong, only look for others that are."""
    left_out: Counter[str] = Counter()
    found: list[str] = []
    source = chosen.source
    empty = True
    for place, raw in enumerate(_messages(asked, turn), start=1):
        try:
            message = read_message(raw)
        except BadMessage as wrong:
            found.append(f"{name_of(raw, place)}: {wrong}")
            continue
        if isinstance(message, str):
            left_out[message] += 1
        elif not found:
            empty = False
            yield _row(message, source)
    if found:
        problem = f"{asked.path}: {quote_some(found, 'messages')}."
        raise ReadError(problem, "Export the channel again, or correct these messages.")
    findings += _findings(asked, left_out, source)
    if empty:
        why = [_said(kind, left_out[kind]) for kind in _LEFT_OUT if left_out[kind]]
        problem = f"{asked.path}: the channel {chosen.shown} holds no posts"
        remedy = _LEFT_OUT[UNDATED][2] if left_out[UNDATED] else "Export it with its messages."
        raise ReadError(": ".join([problem, *why[-1:]]) + ".", remedy)


def _messages(asked: Asked, turn: int) -> Iterator[object]:
    """Yield the messages of one chat; the rest of the file is passed over."""
    stream = JsonStream(asked.path, asked.progress)
    for now, _ in enumerate(chats_of(stream)):
        if now != turn:
            stream.skip()
            continue
        for _ in stream.items():
            yield stream.value()


def _row(message: Message, source: str) -> tuple[Any, ...]:
    """A message as cells of ``_COLUMNS``."""
    url = message_url(source, message.number)
    posted, edited = message.posted_at, message.edited_at
    return posted, message.text, source, url, edited, message.number


def _said(kind: str, n: int) -> str:
    """How many messages of a kind are left out, and why."""
    return f"{n} message{'s' if n > 1 else ''} left out ({_LEFT_OUT[kind][1]})"


def _findings(asked: Asked, left_out: Counter[str], source: str) -> Iterator[ReadFinding]:
    """Say what was left out, and that a channel is no claimant's."""
    for kind, (severity, _, remedy) in _LEFT_OUT.items():
        if left_out[kind]:
            message = f"{asked.path}: {_said(kind, left_out[kind])}."
            yield ReadFinding(severity, f"{kind}-messages", message, remedy)
    if source not in CHANNELS:
        message = f"{asked.path}: {source} is no claimant's channel; its posts are read as reports."
        remedy = f"If it is one under another title, say --source {' or '.join(CHANNELS)}."
        yield ReadFinding("warning", UNKNOWN_CHANNEL, message, remedy)
