"""Files that are replaced whole, under a lock: never lost, doubled or torn."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from analysis.errors import LedgerError

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

#: Seconds to wait for another writer, and between two tries.
PATIENCE: Final = 60.0
_PAUSE: Final = 0.02
_LOCK: Final = ".lock"
_BESIDE: Final = ".tmp"


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the one lock of a folder; whoever writes into it takes it first.

    Where the system can lock a folder itself, the lock ends with the process, however that ends,
    and leaves nothing behind. Elsewhere it is a file that a killed process leaves; the error says
    which.

    Parameters
    ----------
    folder : Path
        An existing folder.
    patience : float
        Seconds to wait for another writer.

    Raises
    ------
    LedgerError
        If another process holds the lock all that time, or the folder cannot be written.
    """
    with _folder_lock(folder, patience) if fcntl is not None else _file_lock(folder, patience):
        for left in sorted(folder.glob(f".*{_BESIDE}")):
            left.unlink(missing_ok=True)  # of a process that was killed before it renamed its file
        yield


def replace_files(texts: Mapping[Path, str]) -> None:
    """Replace files whole: all are written beside themselves and flushed, then renamed.

    Call it under `locked`. A process killed at any point leaves of each file the old or the new.

    Parameters
    ----------
    texts : mapping of Path to str
        Files of one existing folder -> their new content, written as UTF-8 with the line ends it
        has.

    Raises
    ------
    LedgerError
        If a file cannot be written; if that shows before the last is flushed, all old ones are
        untouched.
    """
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}{_BESIDE}") for path in texts}
    path = Path()
    try:
        for path, text in texts.items():
            with beside[path].open("wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        for path in texts:
            beside[path].replace(path)
            _flush_folder(path.parent)
    except OSError as refused:
        with suppress(OSError):
            for left in beside.values():
                left.unlink(missing_ok=True)
        raise _unwritable(path, refused) from refused


@contextmanager
def _folder_lock(folder: Path, patience: float) -> Iterator[None]:
    """Lock a folder itself."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as refused:
        raise _unwritable(folder, refused) from refused
    try:
        _wait(lambda: _try_flock(handle), folder, patience, "Try again when it has ended.")
        yield
    finally:
        os.close(handle)  # this also unlocks


def _try_flock(handle: int) -> bool:
    """Take the lock if it is free."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _file_lock(folder: Path, patience: float) -> Iterator[None]:
    """Lock a folder by a file that only one process can create."""
    lock = folder / _LOCK
    remedy = f"If no other process is at work, remove {lock}."
    _wait(lambda: _try_create(lock), folder, patience, remedy)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _try_create(lock: Path) -> bool:
    """Create the lock file if it is not there."""
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    except OSError as refused:
        raise _unwritable(lock.parent, refused) from refused
    return True


def _wait(taken: Callable[[], bool], folder: Path, patience: float, remedy: str) -> None:
    """Try until it is taken or patience ends."""
    end = time.monotonic() + patience
    while not taken():
        if time.monotonic() >= end:
            raise LedgerError(
                f"{folder} is locked by another process since {patience:g} seconds.", remedy
            )
        time.sleep(_PAUSE)


def _flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where folders can be flushed."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(path: Path, refused: OSError) -> LedgerError:
    """Say that a file or folder cannot be written."""
    reason = (refused.strerror or type(refused).__name__).lower()
    return LedgerError(
        f"{path} cannot be written ({reason}).", "Give a folder you can write with --data."
    )
