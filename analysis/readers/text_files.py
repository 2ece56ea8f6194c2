"""Opening a text file or a CSV, or saying in one sentence why it cannot be one."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from analysis.errors import ReadError

#: Offenders quoted in one error.
QUOTED: Final = 5


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
    try:
        raw = Path(path).read_bytes()
    except FileNotFoundError:
        raise ReadError(f"{path}: there is no such file.", "Check the path.") from None
    except IsADirectoryError:
        raise ReadError(f"{path}: this is a folder.", "Name a file in it.") from None
    except OSError as refused:
        reason = (refused.strerror or type(refused).__name__).lower()
        raise ReadError(f"{path}: cannot be opened ({reason}).", "Check its permissions.") from None
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        raise ReadError(
            f"{path}, line {line}: a NUL byte, so this is no text file.",
            "Give a text file in UTF-8.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise ReadError(
            f"{path}, line {line}: byte 0x{raw[wrong.start]:02x} is not UTF-8.",
            "Save the file as UTF-8 text.",
        ) from None
    if not text.strip():
        raise ReadError(f"{path}: the file is empty.", "Give a file with text in it.")
    return text


def csv_lines(path: str | Path, text: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of a CSV, the header first, each with the number of the line it begins on.

    Parameters
    ----------
    path : str or Path
        Where the text is from, for the message.
    text : str
        As returned by `read_text`; blank lines are passed over.

    Raises
    ------
    ReadError
        If a quoted text is not closed.

    Examples
    --------
    >>> list(csv_lines("two.csv", 'a,b\n"1\n2",3\n4,5\n'))
    [(1, ['a', 'b']), (2, ['1\n2', '3']), (4, ['4', '5'])]
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
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
        quoted = "; ".join(f"line {line}: {problem}" for line, problem in found[:QUOTED])
        more = f"; and {len(found) - QUOTED} more lines" if len(found) > QUOTED else ""
        raise ReadError(f"{path}: {quoted}{more}.", remedy)
