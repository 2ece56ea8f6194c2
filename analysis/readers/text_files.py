"""Opening a text file or a CSV, or saying in one sentence why it cannot be one."""

import codecs
import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from analysis.errors import ReadError

#: Offenders quoted in one error.
QUOTED: Final = 5
#: Bytes read at once; no more of a file than a few of these is in memory.
BLOCK: Final = 1 << 16
#: No line of a table is this long; a file without line ends is not piled up.
_LONGEST_LINE: Final = 1 << 24

#: Told how many bytes were read, and how many there are.
Progress = Callable[[int, int], None]

_UNPACK: Final = "Unpack it, and give the file inside."
#: How files begin that are no text, what they are, and what to do.
_MAGIC: Final = (
    (b"PK\x03\x04", "a ZIP archive or an office document", _UNPACK),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an xz archive", _UNPACK),
    (b"%PDF", "a PDF", "Copy its text into a text file."),
    (codecs.BOM_UTF16_LE, "text in UTF-16", "Save it as UTF-8."),
    (codecs.BOM_UTF16_BE, "text in UTF-16", "Save it as UTF-8."),
)


def as_path(path: object) -> Path:
    """Return a path, or refuse what is none.

    Raises
    ------
    ReadError
        If it is neither text nor a path, or is empty.

    Examples
    --------
    >>> as_path(None)
    Traceback (most recent call last):
        ...
    analysis.errors.ReadError: The path is None, not a str or Path. Name a file.
    """
    if not isinstance(path, str | os.PathLike):
        shown = "None" if path is None else f"a {type(path).__name__}"
        raise ReadError(f"The path is {shown}, not a str or Path.", "Name a file.")
    written = os.fspath(path)
    if not isinstance(written, str) or not written or "\0" in written:
        raise ReadError(f"The path is {written!r}, which names no file.", "Name a file.")
    return Path(written)


def read_text(path: str | Path) -> str:
    """Read a file as UTF-8 text; a byte order mark at its start is left out.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    str
        Its text with line ends as they stand.

    Raises
    ------
    ReadError
        If there is no such file, it is a folder, it cannot be opened, it is empty, or its bytes
        are not text in UTF-8.

    Examples
    --------
    >>> read_text("no-such-file.csv")
    Traceback (most recent call last):
        ...
    analysis.errors.ReadError: no-such-file.csv: there is no such file. Check the path.
    """
    return "".join(text_blocks(path))


def text_blocks(path: str | Path, progress: Progress | None = None) -> Iterator[str]:
    """Read a file as UTF-8 text, a block at a time; together they are the text of `read_text`.

    Parameters
    ----------
    path : str or Path
        The file.
    progress : callable, optional
        Called after each block with the number of bytes read and the size of the file.

    Yields
    ------
    str
        Some 64 kibibytes of text, never empty; the first holds something besides blanks.

    Raises
    ------
    ReadError
        As `read_text`; what is wrong deep in the file is found when that block is reached.
    """
    path = as_path(path)
    lines = 1  # the number of the line on which the next block begins
    blank: list[str] | None = []
    with _opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        for raw in _blocks(path, file):
            if b"\0" in raw:
                line = lines + raw.count(b"\n", 0, raw.index(b"\0"))
                raise ReadError(
                    f"{path}, line {line}: a NUL byte, so this is no text file.",
                    "Give a text file in UTF-8.",
                )
            try:
                text = decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as wrong:
                line = lines + wrong.object.count(b"\n", 0, wrong.start)
                raise ReadError(
                    f"{path}, line {line}: byte 0x{wrong.object[wrong.start]:02x} is not UTF-8.",
                    "Save the file as UTF-8 text.",
                ) from None
            lines += raw.count(b"\n")
            if progress is not None:
                progress(file.tell() if file.seekable() else 0, size)
            if blank is not None:
                blank.append(text)
                if not text.strip():
                    continue
                text, blank = "".join(blank), None
            if text:
                yield text
    if blank is not None:
        raise ReadError(f"{path}: the file is empty.", "Give a file with text in it.")


def text_lines(path: str | Path, progress: Progress | None = None) -> Iterator[str]:
    r"""Read a file as lines with their ends; ``\n``, ``\r`` and ``\r\n`` end one.

    Parameters
    ----------
    path, progress : optional
        As `text_blocks`.

    Raises
    ------
    ReadError
        As `read_text`, and if the file has no line ends for longer than any table has.
    """
    begun = ""
    for block in text_blocks(path, progress):
        lines = list(io.StringIO(begun + block, newline=""))
        # Behind a "\r" at the end of a block there may be its "\n".
        begun = "" if lines[-1].endswith("\n") else lines.pop()
        if len(begun) > _LONGEST_LINE:
            raise ReadError(
                f"{path}: a line is longer than {_LONGEST_LINE} characters, so this is no table.",
                "Give a CSV with one post a row.",
            )
        yield from lines
    if begun:
        yield begun


def csv_lines(path: str | Path, text: str | Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of a CSV, the header first, each with the number of the line it begins on.

    Parameters
    ----------
    path : str or Path
        Where the text is from, for the message.
    text : str or iterable of str
        As returned by `read_text` or `text_lines`; blank lines are passed over.

    Raises
    ------
    ReadError
        If a quoted text is not closed.

    Examples
    --------
    >>> list(csv_lines("two.csv", 'a,b\n"1\n2",3\n4,5\n'))
    [(1, ['a', 'b']), (2, ['1\n2', '3']), (4, ['4', '5'])]
    """
    lines = io.StringIO(text, newline="") if isinstance(text, str) else text
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as broken:
        raise ReadError(
            f"{path}, line {line}: this is no CSV ({broken}).", "Close every quoted text."
        ) from None


def refuse_lines(path: str | Path, found: Sequence[tuple[int, str]], remedy: str) -> None:
    """Raise one error for all offending lines of a file; at most five are quoted.

    Parameters
    ----------
    path : str or Path
        The file.
    found : sequence of (line number, problem)
        Nothing is raised if it is empty.
    remedy : str
        What to do, for all of them.

    Raises
    ------
    ReadError
        If ``found`` is not empty.

    Examples
    --------
    >>> refuse_lines("posts.csv", [(3, "no time")], "Give one.")
    Traceback (most recent call last):
        ...
    analysis.errors.ReadError: posts.csv: line 3: no time. Give one.
    """
    if found:
        words = quote_some((f"line {line}: {problem}" for line, problem in found), "lines")
        raise ReadError(f"{path}: {words}.", remedy)


def quote_some(problems: Iterable[str], what: str) -> str:
    """Quote the first five problems, and say how many more there are.

    Examples
    --------
    >>> quote_some("abcdefg", "letters")
    'a; b; c; d; e; and 2 more letters'
    """
    problems = list(problems)
    more = [f"and {len(problems) - QUOTED} more {what}"] if len(problems) > QUOTED else []
    return "; ".join([*problems[:QUOTED], *more])


def reason_of(refused: OSError) -> str:
    """Return the system's reason for refusing, in lower case."""
    return (refused.strerror or type(refused).__name__).lower()


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading bytes."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise ReadError(f"{path}: there is no such file.", "Check the path.") from None
    except IsADirectoryError:
        raise ReadError(f"{path}: this is a folder.", "Name a file in it.") from None
    except OSError as refused:
        raise _unreadable(path, refused) from None


def _blocks(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file, and an empty block at its end; refuse what is known as no text."""
    first = True
    while True:
        try:
            raw = file.read(BLOCK)
        except OSError as refused:
            raise _unreadable(path, refused) from None
        for start, what, remedy in _MAGIC if first else ():
            if raw.startswith(start):
                raise ReadError(f"{path}: this is {what}.", remedy)
        first = False
        yield raw
        if not raw:
            return


def _unreadable(path: Path, refused: OSError) -> ReadError:
    """Say that a file cannot be opened or read."""
    return ReadError(f"{path}: cannot be opened ({reason_of(refused)}).", "Check its permissions.")
