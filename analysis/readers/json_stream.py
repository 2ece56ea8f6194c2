r"""A JSON file of any size, a value at a time, with the escapes that Telegram Desktop writes.

Telegram writes a control character as ``\x1F``, which is no JSON; it is read as ``\u001F``.
Memory holds one block of the file and the value at hand.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from analysis.errors import ReadError
from analysis.readers.text_files import Progress, text_blocks

#: An escape; a pair of backslashes is one, so what follows it is plain text.
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
#: What may be the beginning of such an escape behind its backslash.
_BEGUN: Final = re.compile(r"(?:x[0-9A-Fa-f]?)?")
_BLANKS: Final = re.compile(r"[ \t\r\n]*")
#: A number, a word or an escape that the end of the text may have cut, or nothing at all.
_OPEN_END: Final = re.compile(r"[-+.\w\\]*\s*\Z")


class JsonStream:
    """A JSON document that is read from front to back.

    Parameters
    ----------
    path : str or Path
        The file: UTF-8, a byte order mark is left out.
    progress : callable, optional
        As in `text_blocks`.
    """

    def __init__(self, path: str | Path, progress: Progress | None = None) -> None:
        self.path = path
        self._blocks = plain_escapes(text_blocks(path, progress))
        # Control characters as they are do no harm inside a string.
        self._decode = json.JSONDecoder(strict=False).raw_decode
        self._text = ""
        self._at = 0
        self._lines = 1
        self._ended = False

    def peek(self) -> str:
        """Return the next character that is no blank, without passing it; "" at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    def value(self) -> Any:  # noqa: ANN401 - whatever stands there
        """Read the next value whole.

        Raises
        ------
        ReadError
            If the file ends inside it, or it is no JSON.
        """
        while True:
            self.peek()
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as wrong:
                unclosed = wrong.msg.startswith("Unterminated string")
                if not unclosed and not _OPEN_END.match(self._text, wrong.pos):
                    raise self._broken(wrong.msg, wrong.pos) from None
                if self._ended:
                    raise self._cut() from None
            except (ValueError, RecursionError):
                raise self._broken("a number too long, or lists too deep", self._at) from None
            else:
                rest = _OPEN_END.match(self._text, end)
                if self._ended and rest and rest[0].strip():  # "23." of 23.5
                    raise self._cut()
                if self._ended or not rest:
                    self._at = end
                    return value
            self._more()

    def members(self) -> Iterator[str]:
        """Yield the names in the object that comes next; the caller reads the value of each."""
        for _ in self._between("{", "}", "an object"):
            name = self.value()
            if not isinstance(name, str):
                raise self._broken("a name that is no text", self._at)
            self._take(":")
            yield name

    def items(self) -> Iterator[None]:
        """Yield before each item of the list that comes next; the caller reads it."""
        return self._between("[", "]", "a list")

    def skip(self) -> None:
        """Pass over the next value; lists, also those of an object, item by item."""
        if self.peek() != "{":
            self._skip_list()
            return
        for _ in self.members():
            self._skip_list()

    def finish(self) -> None:
        """Refuse anything behind the document."""
        if self.peek():
            raise self._broken("more behind the end", self._at)

    def _skip_list(self) -> None:
        """Pass over a value, item by item where it is a list."""
        if self.peek() != "[":
            self.value()
            return
        for _ in self.items():
            self.value()

    def _between(self, first: str, last: str, what: str) -> Iterator[None]:
        """Yield before each part of an object or list."""
        self._take(first, f"no {what.split()[-1]} where {what} is expected")
        if self.peek() == last:
            self._at += 1
            return
        while True:
            yield
            if self.peek() == last:
                self._at += 1
                return
            self._take(",")

    def _take(self, character: str, problem: str = "") -> None:
        """Pass over one character that must be there."""
        found = self.peek()
        if not found:
            raise self._cut()
        if found != character:
            raise self._broken(problem or f"no {character!r} where one is expected", self._at)
        self._at += 1

    def _more(self) -> None:
        """Take in at least as much text as is held, so that a long value is not tried too often."""
        self._lines += self._text.count("\n", 0, self._at)
        held = self._text[self._at :]
        parts, gained = [held], 0
        while not self._ended and (not gained or gained < len(held)):
            parts.append(next(self._blocks, ""))
            gained += len(parts[-1])
            self._ended = not parts[-1]
        self._text, self._at = "".join(parts), 0

    def _broken(self, problem: str, at: int) -> ReadError:
        """Say that this is no JSON; what stands there may be private and is not quoted."""
        line = self._lines + self._text.count("\n", 0, at)
        return ReadError(
            f"{self.path}, line {line}: this is no JSON ({problem}).",
            "Give the file as Telegram Desktop wrote it.",
        )

    def _cut(self) -> ReadError:
        """Say that the file ends too early."""
        return ReadError(
            f"{self.path}: the file ends in the middle, as an interrupted export does.",
            "Export it again and wait until Telegram Desktop has finished.",
        )


def plain_escapes(blocks: Iterable[str]) -> Iterator[str]:
    r"""Rewrite ``\xNN`` to ``\u00NN`` in a text that comes in blocks.

    An escape that two blocks share is seen whole, and the ``\\x1F`` of an escaped backslash stays.

    Parameters
    ----------
    blocks : iterable of str
        The text of a JSON document.

    Yields
    ------
    str
        None is empty; their borders may be others.

    Examples
    --------
    >>> "".join(plain_escapes(['"a\\', 'x1', 'Fb"']))
    '"a\\u001Fb"'
    """
    held = ""
    for block in blocks:
        text = held + block
        whole = len(text) - _cut_escape(text)
        text, held = text[:whole], text[whole:]
        if "\\x" in text:
            text = _ESCAPE.sub(_plain, text)
        if text:
            yield text
    if held:
        yield held


def _cut_escape(text: str) -> int:
    """How many characters at the end of a text are an escape that may go on."""
    at = text.rfind("\\", max(len(text) - 3, 0))
    if at < 0 or not _BEGUN.fullmatch(text, at + 1):
        return 0
    before = at - len(text[:at].rstrip("\\"))
    return 0 if before % 2 else len(text) - at


def _plain(escape: re.Match[str]) -> str:
    """Return an escape as JSON has it."""
    return f"\\u00{escape[1]}" if escape[1] else escape[0]
