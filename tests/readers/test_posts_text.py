"""Texts and folders of texts: their times, their sources, and all that is wrong at once."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from analysis.errors import ReadError
from analysis.readers import iter_posts, read_posts
from analysis.readers.posts_text import time_and_source

MOMENT = "2025-11-01T04:24:00+00:00"


@pytest.fixture
def folder(tmp_path):
    def folder(**texts):
        made = tmp_path / "cuttings"
        made.mkdir()
        for name, text in texts.items():
            (made / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return made

    return folder


@pytest.mark.parametrize(
    ("stem", "moment", "source"),
    [
        ("2025-11-01T0424Z tass.com", MOMENT, "tass.com"),
        ("2025-11-01T04:24Z", MOMENT, ""),
        ("2025-11-01T04-24Z_paper", MOMENT, "paper"),
        ("2025-11-01_04.24z - paper", MOMENT, "paper"),
        ("2025-11-01 0424Z.paper", MOMENT, "paper"),
        ("20251101T042400Z-paper", MOMENT, "paper"),
        ("2025-11-01T04-24-05Z", "2025-11-01T04:24:05+00:00", ""),
        ("20251101T0724+0300_paper", MOMENT, "paper"),
        ("2025-11-01T07-24+03:00 paper", MOMENT, "paper"),
        ("2025-11-01T0024-0400", MOMENT, ""),
        ("2025-11-01T00-24-00-0400", MOMENT, ""),
        ("2025-11-01 paper", None, "2025-11-01 paper"),
        ("paper 2025-11-01T0424Z", None, "paper 2025-11-01T0424Z"),
        ("20251101", None, "20251101"),
        ("2025-11-01T0424Zulu", None, "2025-11-01T0424Zulu"),
        ("123456789012345", None, "123456789012345"),
    ],
)
def test_times_in_names(stem, moment, source):
    named, rest = time_and_source(stem)
    assert (named and named.isoformat(), rest) == (moment, source)


def test_a_folder_is_a_post_for_each_text_in_the_order_of_names(folder):
    path = folder(**{
        "2025-11-02T0424Z tass.com.txt": "Second.",
        "2025-11-01T0724+0300.TXT": "First.",
        "2025-11-03T0424Z mod_russia.txt": "Third.",
        "picture.png": b"\x89PNG\0",
        ".hidden.txt": b"\0",
        "result.json": "{}",
    })  # fmt: skip
    (path / "2025-11-04T0424Z.txt").mkdir()
    posts = read_posts(path)
    assert posts.to_numpy().tolist() == [
        [pd.Timestamp("2025-11-01T04:24Z"), "First.", "cuttings", ""],
        [pd.Timestamp("2025-11-02T04:24Z"), "Second.", "tass.com", ""],
        [pd.Timestamp("2025-11-03T04:24Z"), "Third.", "mod_russia", "https://t.me/mod_russia"],
    ]
    [found] = posts.attrs["findings"]
    assert (found.severity, found.code) == ("info", "files-skipped")
    assert "3 of 6 entries are no .txt and are not read" in found.message
    assert read_posts(str(path)).equals(posts)


def test_one_time_for_the_texts_that_name_none(folder):
    path = folder(**{"2025-11-02T0424Z a.txt": "A.", "b.txt": "B."})
    posts = read_posts(path, posted_at=datetime(2025, 11, 5, 9, tzinfo=UTC))
    assert posts["posted_at"].tolist() == [
        pd.Timestamp("2025-11-02T04:24Z"),
        pd.Timestamp("2025-11-05T09:00Z"),
    ]
    assert posts["source"].tolist() == ["a", "b"]
    assert posts.attrs["findings"] == ()


def test_a_time_that_no_text_needs_is_refused(folder):
    path = folder(**{"2025-11-02T0424Z a.txt": "A."})
    with pytest.raises(ReadError, match=r"posted_at is given, but the name of every text begins"):
        read_posts(path, posted_at=datetime(2025, 11, 5, 9))


def test_all_that_is_wrong_is_told_together(folder):
    path = folder(**{
        "2025-11-01T0424Z good.txt": "Good.",
        "2025-11-02T0424Z empty.txt": " \n",
        "2025-11-03T0424Z picture.txt": b"\x89PNG\0",
        "2025-11-04T0424 a.txt": "No zone.",
        "2025-13-04T0424Z a.txt": "No month.",
        "2025-12-04T0424Z good.txt": "Good.",
        "2025-12-05T0424Z good.txt": "Good.",
        "b.txt": "No time.",
        "c.txt": "No time.",
    })  # fmt: skip
    read = []
    with pytest.raises(ReadError) as caught:
        read.extend(iter_posts(path, chunk=1))
    said = str(caught.value)
    for words in (
        "2025-11-02T0424Z empty.txt: the file is empty; ",
        "2025-11-03T0424Z picture.txt, line 1: a NUL byte, so this is no text file; ",
        "2025-11-04T0424 a.txt: its name begins with a time that names no zone; ",
        "2025-13-04T0424Z a.txt: its name begins with a time that does not exist; ",
        "b.txt: its name begins with no time of posting; and 1 more files. Begin its name with",
        "or give one time for all; nothing was read.",
    ):
        assert words in said
    assert "c.txt" not in said
    assert sum(map(len, read)) <= 1  # and whoever ingests waits for the end


def test_texts_that_cannot_be_read_do_not_ask_for_a_time(folder):
    path = folder(**{"2025-11-02T0424Z a.txt": b"\xff\xfea\0"})
    with pytest.raises(ReadError, match=r"text in UTF-16\. Correct or remove these files"):
        read_posts(path)


def test_folders_without_texts(folder):
    path = folder(**{"picture.png": b"x"})
    with pytest.raises(
        ReadError, match=r"no .txt file lies in this folder. Give a folder of texts"
    ):
        read_posts(path)
    (path / "result.json").write_text("{}")
    with pytest.raises(ReadError, match=r"Give .*result\.json"):
        read_posts(path)


def test_progress_is_told_in_texts(folder):
    path = folder(**{"a.txt": "A.", "b.txt": "B."})
    told = []
    posted = datetime(2025, 11, 5, 9)
    list(iter_posts(path, posted_at=posted, progress=lambda *given: told.append(given)))
    assert told == [(1, 2), (2, 2)]


def test_a_text_alone_may_name_its_time(tmp_path):
    path = tmp_path / "2025-11-01T0424Z tass.com.txt"
    path.write_text("Two drones.", encoding="utf-8")
    row = read_posts(path).iloc[0]
    assert (row["posted_at"], row["source"]) == (pd.Timestamp("2025-11-01T04:24Z"), "tass.com")
    same = datetime(2025, 11, 1, 4, 24)
    assert read_posts(path, posted_at=same).iloc[0].equals(row)
    with pytest.raises(
        ReadError, match=r"its name says 2025-11-01T04:24Z, but posted_at is 2025-11-01T05"
    ):
        read_posts(path, posted_at=datetime(2025, 11, 1, 5))


def test_a_text_whose_name_is_its_time_has_it_as_its_source(tmp_path):
    path = tmp_path / "2025-11-01T0424Z.txt"
    path.write_text("Two drones.", encoding="utf-8")
    assert read_posts(path).loc[0, "source"] == "2025-11-01T0424Z"


def test_a_doubtful_time_in_the_name_of_a_text_needs_a_better_one(tmp_path):
    path = tmp_path / "2025-11-01T0424 paper.txt"
    path.write_text("Two drones.", encoding="utf-8")
    with pytest.raises(ReadError, match=r"its name begins with a time that names no zone"):
        read_posts(path)
    row = read_posts(path, posted_at=datetime(2025, 11, 1, 1, 24)).iloc[0]
    assert row["posted_at"] == pd.Timestamp("2025-11-01T01:24Z")
    assert row["source"] == "2025-11-01T0424 paper"
