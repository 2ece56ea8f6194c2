"""Which chats a Telegram export holds, and which of them is to be read: one public channel.

An export of an account holds contacts, private chats and groups besides the channels: these are
passed over, and nothing of them is kept or quoted.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analysis.errors import ReadError
from analysis.readers.json_stream import JsonStream
from analysis.readers.post_rows import Asked
from analysis.vocabulary import CHANNEL_TITLES

_PUBLIC: Final = "public_channel"
#: Where an export of an account holds its chats.
_LISTS: Final = ("chats", "left_chats")
#: As many channels are named for the reader to choose from.
_NAMED: Final = 20
#: What may stand before the name or number of a channel.
_ADDRESS: Final = re.compile(r"^(?:https?://)?t\.me/|^@|^channel(?=\d)|^-100(?=\d)")
_PUNCTUATION: Final = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Chat:
    """What an export says of a chat around its messages; filled while it is read."""

    alone: bool
    kind: str = ""
    title: str = ""
    number: str = ""

    @property
    def source(self) -> str:
        """The public name of a claimant's channel, else the title."""
        return _claimants().get(_plain(self.title)) or self.title or f"channel{self.number}"

    @property
    def shown(self) -> str:
        """Title and number, for choosing."""
        return f"{self.title or '(no title)'} ({self.number or 'no id'})"

    def answers(self, asked: str) -> bool:
        """Whether this is the channel that is asked for: its number, title or public name."""
        bare = _ADDRESS.sub("", asked.strip())
        plain = _plain(bare)
        named = plain in (_plain(self.title), _plain(self.source))
        return bool(bare) and (bare == self.number or (bool(plain) and named))


def chats_of(stream: JsonStream) -> Iterator[Chat]:
    """Yield each chat of an export when its messages come next.

    Parameters
    ----------
    stream : JsonStream
        An export, from its beginning.

    Yields
    ------
    Chat
        Complete when the next one comes. The caller reads the messages or skips them.

    Raises
    ------
    ReadError
        If the file is no export, no JSON, or ends in the middle.
    """
    alone = Chat(alone=True)
    exported = False
    if stream.peek() not in ("{", ""):
        raise _no_export(stream)
    for name in stream.members():
        if name in _LISTS:
            exported = True
            for part in stream.members():
                if part == "list":
                    for _ in stream.items():
                        yield from _chat(stream)
                else:
                    stream.skip()
        elif name == "messages":
            exported = True
            yield alone
        else:
            _describe(stream, name, alone)
    stream.finish()
    if not exported:
        raise _no_export(stream)


def choose_channel(asked: Asked) -> tuple[Chat, int]:
    """Find the channel to be read.

    Parameters
    ----------
    asked : Asked
        ``channel`` is its number, title or public name; needed only where there are several.

    Returns
    -------
    chat : Chat
    turn : int
        Its turn among the chats of the file, from 0.

    Raises
    ------
    ReadError
        As `chats_of`; or if the file holds no public channel, several, or not the one asked for.
    """
    chats = _survey(asked)
    public = [turn for turn, chat in enumerate(chats) if chat.kind == _PUBLIC]
    if not public:
        alone = len(chats) == 1 and chats[0].alone
        what = "this is no public channel" if alone else "it holds no public channel"
        raise ReadError(
            f"{asked.path}: {what}; private chats and groups are never read.",
            "In Telegram Desktop, export a public channel.",
        )
    fitting = public
    if asked.channel is not None:
        fitting = [turn for turn in public if chats[turn].answers(asked.channel)]
    if len(fitting) == 1:
        return chats[fitting[0]], fitting[0]
    if fitting and len({chats[turn].number for turn in fitting}) == 1:
        problem = f"{asked.path}: it holds the channel {chats[fitting[0]].shown} more than once."
        raise ReadError(problem, "Export that channel alone.")
    names = [chats[turn].shown for turn in fitting or public]
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    listed = ", ".join([*names[:_NAMED], *more])
    if not fitting:
        problem = f"it holds no public channel {asked.channel!r}, but {listed}."
    elif asked.channel is None:
        problem = f"it holds {len(fitting)} public channels: {listed}."
    else:
        problem = f"{len(fitting)} of its channels are called {asked.channel!r}: {listed}."
    number = chats[(fitting or public)[0]].number
    raise ReadError(f"{asked.path}: {problem}", f"Choose one by its number: --channel {number}.")


def _survey(asked: Asked) -> list[Chat]:
    """List the chats of an export; that of a single one is told by its head, if it says enough."""
    stream = JsonStream(asked.path, asked.progress)
    chats = []
    for chat in chats_of(stream):
        chats.append(chat)
        if chat.alone and chat.kind and chat.title and chat.number:
            break
        stream.skip()
    return chats


def _chat(stream: JsonStream) -> Iterator[Chat]:
    """Yield one chat of a list when its messages come next."""
    chat = Chat(alone=False)
    for name in stream.members():
        if name == "messages":
            yield chat
        else:
            _describe(stream, name, chat)


def _describe(stream: JsonStream, name: str, chat: Chat) -> None:
    """Read what is said of a chat; pass over what else stands there."""
    if name not in ("name", "type", "id"):
        stream.skip()
        return
    said = stream.value()
    words = " ".join(said.split()) if isinstance(said, str) else ""
    if name == "id":
        chat.number = str(said) if type(said) is int else words
    elif name == "type":
        chat.kind = words
    else:
        chat.title = words


def _plain(title: str) -> str:
    """A title without what writers differ in: case, marks, pictures."""
    return _PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", title)).strip().casefold()


def _claimants() -> dict[str, str]:
    """Plain title of each claimant's channel -> its public name."""
    return {_plain(title): name for title, name in CHANNEL_TITLES.items()}


def _no_export(stream: JsonStream) -> ReadError:
    """Say that a file is no export."""
    return ReadError(
        f"{stream.path}: this is no Telegram export, which holds messages or chats.",
        "Give the result.json of an export as machine-readable JSON; "
        "bulletins in JSON lines end in .jsonl.",
    )
