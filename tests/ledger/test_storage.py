"""Files replaced whole under a lock: who waits, what is left behind, what cannot be written."""

import os
import threading

import pytest

from analysis.errors import LedgerError
from analysis.ledger import storage
from analysis.ledger.storage import locked, replace_files


@pytest.fixture(params=["folder", "file"])
def either_lock(request, monkeypatch):
    """Both kinds of lock: that of a folder, and the one for systems that have none."""
    if request.param == "file":
        monkeypatch.setattr(storage, "fcntl", None)
    elif storage.fcntl is None:
        pytest.skip("this system cannot lock a folder")
    return request.param


def test_a_file_is_replaced_whole(tmp_path):
    file = tmp_path / "a.csv"
    for text in ("one\n", "zwei\r\n", "три"):
        replace_files({file: text})
        assert file.read_bytes() == text.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.usefixtures("either_lock")
def test_the_lock_is_exclusive_and_leaves_nothing(tmp_path):
    inside, order = threading.Event(), []

    def second():
        inside.wait()
        with locked(tmp_path):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with locked(tmp_path):
        inside.set()
        other.join(0.2)
        order.append("first")
    other.join(30)
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_who_waits_too_long_is_told(tmp_path, either_lock):
    says = r"locked by another process since 0.05 seconds"
    with locked(tmp_path):
        with pytest.raises(LedgerError, match=says) as caught, locked(tmp_path, patience=0.05):
            pytest.fail("two hold the lock")
        if either_lock == "file":
            assert f"remove {tmp_path / '.lock'}" in str(caught.value)
    with locked(tmp_path, patience=0):
        pass


@pytest.mark.usefixtures("either_lock")
def test_an_error_inside_frees_the_lock(tmp_path):
    with pytest.raises(KeyError), locked(tmp_path):
        raise KeyError
    with locked(tmp_path, patience=0):
        pass


@pytest.mark.usefixtures("either_lock")
def test_what_a_killed_writer_left_is_removed(tmp_path):
    (tmp_path / ".a.csv.123.tmp").write_text("half")
    (tmp_path / "mine.tmp").write_text("kept")
    with locked(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".tmp") == [
            "mine.tmp"
        ]


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    replace_files({file: "old"})

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LedgerError, match=r"a.csv cannot be written \(no space left on device\)"):
        replace_files({file: "new"})
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_one_file_that_cannot_be_written_keeps_all(tmp_path, monkeypatch):
    files = [tmp_path / name for name in ("a.csv", "b.csv")]
    replace_files(dict.fromkeys(files, "old"))
    flush, times = os.fsync, []

    def full_at_the_second(handle):
        times.append(handle)
        if len(times) == 2:
            raise OSError(28, "No space left on device")
        flush(handle)

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(LedgerError, match=r"b.csv cannot be written"):
        replace_files(dict.fromkeys(files, "new"))
    assert [file.read_text() for file in files] == ["old", "old"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


@pytest.mark.usefixtures("either_lock")
def test_no_folder(tmp_path):
    says = r"cannot be written \(no such file or directory\). Give a folder .* --data"
    with pytest.raises(LedgerError, match=says), locked(tmp_path / "none"):
        pytest.fail("locked nothing")
