"""Files to posts: what is read, and the words of every refusal."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ReadError
from analysis.readers import iter_posts, post_from_text, read_posts, read_structured, text_files
from analysis.vocabulary import POST_COLUMNS
from tests import exports
from tests.exports import message

CSV = "posted_utc,text\n2025-01-02T04:30Z,one\n"


@pytest.fixture
def write(tmp_path):
    def write(content, name="posts.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_posts_of_the_ministry_s_export(write):
    read = read_posts(write(CSV + "2025-01-02T05:00Z,two\n"))
    assert read["posted_at"].dtype == "datetime64[us, UTC]"
    assert read["text"].dtype == "str"
    assert read.to_numpy().tolist() == [
        [pd.Timestamp("2025-01-02T04:30Z"), "one", "mod_russia", "https://t.me/mod_russia"],
        [pd.Timestamp("2025-01-02T05:00Z"), "two", "mod_russia", "https://t.me/mod_russia"],
    ]


def test_own_source_and_address_are_kept(write):
    text = "text,source,posted_at,source_url\nhello,paper.org,2025-01-02T07:30+03:00,https://p\n"
    row = read_posts(write(text)).iloc[0]
    assert (row["source"], row["source_url"]) == ("paper.org", "https://p")
    assert row["posted_at"] == pd.Timestamp("2025-01-02T04:30Z")


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        pytest.param("2025-01-02 04:30", "2025-01-02T04:30Z", id="no-zone-is-utc"),
        pytest.param("2025-01-02T04:30:15Z", "2025-01-02T04:30:15Z", id="seconds"),
        pytest.param("2025-01-02T06:30+02:00", "2025-01-02T04:30Z", id="offset"),
    ],
)
def test_posting_times(write, cell, moment):
    read = read_posts(write(f"posted_utc,text\n{cell},x\n"))
    assert read.loc[0, "posted_at"] == pd.Timestamp(moment)


def test_a_blank_time_is_unknown(write):
    assert read_posts(write(CSV + ",undated\n"))["posted_at"].isna().tolist() == [False, True]


def test_a_region_called_na_is_text(write):
    assert read_posts(write("posted_utc,text\n2025-01-02T04:30Z,NA\n")).loc[0, "text"] == "NA"


def test_byte_order_mark_and_windows_lines(write):
    content = b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode()
    assert read_posts(write(content)).loc[0, "text"] == "one"


def test_a_text_file_is_one_post(write):
    path = write("Two drones.\nOver Tula.\n", "paper.txt")
    read = read_posts(path, posted_at=datetime(2025, 1, 2, 4, 30))
    assert read.to_numpy().tolist() == [
        [pd.Timestamp("2025-01-02T04:30Z"), "Two drones.\nOver Tula.\n", "paper", ""]
    ]
    assert read_posts(path)["posted_at"].isna().all()
    assert read_posts(write(CSV), "text").loc[0, "text"] == CSV


def test_post_from_text_knows_the_channel():
    read = post_from_text("x", source="mod_russia", posted_at=datetime(2025, 1, 2, tzinfo=UTC))
    assert read.loc[0, "source_url"] == "https://t.me/mod_russia"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("", r"posts.csv: the file is empty", id="empty"),
        pytest.param("\n \n", r"posts.csv: the file is empty", id="blank"),
        pytest.param(b"a,b\n\0\0", r"line 2: a NUL byte", id="binary"),
        pytest.param("posted_utc,text\n1,Привет".encode("cp1251"), r"line 2: byte 0x", id="cp1251"),
        pytest.param("posted_utc,text\n", r"a header but no posts", id="header-only"),
        pytest.param("time,text\n1,x\n", r"no column posted_at or posted_utc; .* time, text", id="no-time"),
        pytest.param("posted_utc,words\n1,x\n", r"no column text; .* posted_utc, words", id="no-text"),
        pytest.param("a\n1\n", r"no column posted_at or posted_utc and no column text", id="neither"),
        pytest.param(CSV + "soon,x\n", r"line 3: posted_utc='soon' is no time", id="no-time-cell"),
        pytest.param(
            "posted_at,text\n2025-01-02T04:30,x\n", r"line 2: .* names no time zone", id="no-zone"
        ),
        pytest.param("posted_utc,text\n2025-01-02,x\n", r"line 2: .* names no time of day", id="no-time-of-day"),
        pytest.param("posted_utc,text\n9999-12-31T23:59Z,x\n", r"line 2: .* lies outside the years", id="after-time"),
        pytest.param(CSV + "2025-01-02T04:30Z\n", r"line 3: 1 cells where the header has 2", id="short"),
        pytest.param(CSV + "2025-01-02T04:30Z,a,b\n", r"line 3: 3 cells", id="long"),
        pytest.param('posted_utc,text\n2025-01-02T04:30Z,"x\n', r"line 2: this is no CSV", id="open-quote"),
        pytest.param("posted_utc,text,source\n2025-01-02T04:30Z,x,\n", r"line 2: the source is blank", id="source"),
        pytest.param(
            'posted_utc,text\n2025-01-02T04:30Z,"a\nb"\nlater,x\n', r"line 4: ", id="line-in-a-cell"
        ),
        pytest.param("posted_utc,text\n0001-01-01T00:00+05:00,x\n", r"line 2: ", id="before-time"),
    ],
)  # fmt: skip
def test_each_refusal_names_file_and_line(write, content, says):
    with pytest.raises(ReadError, match=says) as caught:
        read_posts(write(content))
    assert "posts.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_bad_lines_are_found_five_are_quoted(write):
    with pytest.raises(ReadError, match=r"line 6: .*; and 2 more lines") as caught:
        read_posts(write("posted_utc,text\n" + "soon,x\n" * 7))
    assert str(caught.value).count("soon") == 5


def test_nothing_is_given_behind_a_bad_line(write):
    frames = []
    with pytest.raises(ReadError, match="line 2: posted_utc='soon'"):
        frames.extend(
            iter_posts(write("posted_utc,text\nsoon,x\n" + "2025-01-02T04:31Z,y\n" * 3), chunk=1)
        )
    assert frames == []


def test_missing_file_folder_and_wrong_format(tmp_path, write):
    with pytest.raises(ReadError, match=r"nothing.csv: there is no such file"):
        read_posts(tmp_path / "nothing.csv")
    with pytest.raises(ReadError, match=r"this is a folder"):
        read_posts(tmp_path, "csv")
    with pytest.raises(ReadError, match=r"this is no folder"):
        read_posts(write(CSV), "folder")
    with pytest.raises(ReadError, match=r"there is no such folder"):
        read_posts(tmp_path / "nowhere", "folder")
    with pytest.raises(ReadError, match=r"this is a web page"):
        read_posts(write("<p>Two drones.</p>", "article.HTML"))
    for wrong in ("xlsx", None, ["csv"]):
        with pytest.raises(ReadError, match=r"is not known. Use one of auto, csv, telegram, text"):
            read_posts(write(CSV), wrong)
    with pytest.raises(ReadError, match=r"posts.jsonl: JSON lines hold bulletins"):
        read_posts(write("{}", "posts.jsonl"))


def test_a_time_for_posts_that_have_their_own_is_refused(write):
    with pytest.raises(ReadError, match=r"posted_at is given, but every post"):
        read_posts(write(CSV), posted_at=datetime(2025, 1, 2))


def test_a_channel_of_what_is_no_export_is_refused(write):
    with pytest.raises(ReadError, match=r"a channel is named, but this is no Telegram export"):
        read_posts(write(CSV), channel="mod_russia")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        pytest.param(None, r"The path is None, not a str or Path", id="none"),
        pytest.param(7, r"The path is a int", id="number"),
        pytest.param(b"posts.csv", r"The path is a bytes", id="bytes"),
        pytest.param(pd.DataFrame(), r"The path is a DataFrame", id="frame"),
        pytest.param("", r"The path is '', which names no file", id="empty"),
        pytest.param("a\0b", r"which names no file", id="nul"),
    ],
)
def test_what_is_no_path_is_one_sentence(path, says):
    for read in (read_posts, iter_posts, read_structured, text_files.read_text):
        with pytest.raises(ReadError, match=says):
            read(path)


@pytest.mark.parametrize(
    ("posted_at", "says"),
    [
        pytest.param("2025-01-02", r"posted_at is '2025-01-02', which is no datetime", id="text"),
        pytest.param(pd.NaT, r"posted_at is NaT, which is no datetime", id="nat"),
        pytest.param(datetime(1, 1, 1), r"posted_at 0001-.* lies outside the years", id="far"),
    ],
)
def test_what_is_no_moment_is_one_sentence(write, posted_at, says):
    with pytest.raises(ReadError, match=says):
        read_posts(write("Two drones.", "a.txt"), posted_at=posted_at)
    with pytest.raises(ReadError, match=says):
        post_from_text("Two drones.", source="a", posted_at=posted_at)


@pytest.mark.parametrize("chunk", [0, -1, 1.0, True, "2", None])
def test_what_is_no_size_is_one_sentence(write, chunk):
    with pytest.raises(ReadError, match=r"chunk is .* whole number >= 1"):
        iter_posts(write(CSV), chunk=chunk)


def test_edited_posts(write):
    text = (
        "posted_utc,text,edited_utc\n2025-01-02T04:30Z,x,\n2025-01-02T04:40Z,y,2025-01-02 05:00\n"
    )
    posts = read_posts(write(text))
    assert tuple(posts.columns) == (*POST_COLUMNS, "edited_at")
    assert posts["edited_at"].isna().tolist() == [True, False]
    assert posts["edited_at"].iloc[1] == pd.Timestamp("2025-01-02T05:00Z")
    with pytest.raises(ReadError, match=r"line 3: edited_at='2025-01-02 05:00' names no time zone"):
        read_posts(write(text.replace("edited_utc", "edited_at")))


def test_posts_that_were_read_can_be_written_and_read_again(tmp_path):
    made = [message(1), message(2, 'Two, "quoted".\nLines.', edited="2025-05-04T09:00:00")]
    first = read_posts(exports.write(tmp_path / "result.json", exports.chat(*made)))
    first.to_csv(tmp_path / "posts.csv", index=False)
    again = read_posts(tmp_path / "posts.csv")
    pd.testing.assert_frame_equal(again, first[list(again.columns)])
    assert "edited_at" in again.columns


ROWS = "".join(f'2025-01-02T04:{n:02}Z,"line {n}\r\nanother"\r\n' for n in range(30))


@pytest.mark.parametrize("block", [1, 2, 3, 7, 50])
def test_where_blocks_end_makes_no_difference(write, monkeypatch, block):
    content = ("\n\r\n" + "posted_utc,text\r\n" + ROWS + "2025-01-02T05:00Z,Ж🚀\n").encode(
        "utf-8-sig"
    )
    whole = read_posts(write(content))
    monkeypatch.setattr(text_files, "BLOCK", block)
    pd.testing.assert_frame_equal(read_posts(write(content)), whole)
    assert whole["text"].iloc[0] == "line 0\r\nanother"
    assert whole["text"].iloc[-1] == "Ж🚀"
    for bad, says in [
        (content + b"soon,x\n", r"line 65: posted_utc='soon'"),
        (content + b"x\xff,x\n", r"line 65: byte 0xff"),
        (content + b"\nx\0", r"line 66: a NUL byte"),
        (content + "Ж".encode()[:1], r"line 65: byte 0xd0"),
        (b" \n\n", r"the file is empty"),
    ]:
        with pytest.raises(ReadError, match=says):
            read_posts(write(bad))


@pytest.mark.parametrize("block", [1, 2, 5, 1000])
def test_lines_end_as_writers_of_all_systems_end_them(write, monkeypatch, block):
    monkeypatch.setattr(text_files, "BLOCK", block)
    path = write('a\r\nb\rc\n"d\r\re\n\nf"')
    assert list(text_files.text_lines(path)) == [
        "a\r\n",
        "b\r",
        "c\n",
        '"d\r',
        "\r",
        "e\n",
        "\n",
        'f"',
    ]


@pytest.mark.parametrize("chunk", [1, 2, 7, 30, 31, 1000])
def test_chunks_make_up_the_whole(write, chunk):
    path = write("posted_utc,text\n" + ROWS)
    frames = list(iter_posts(path, chunk=chunk))
    assert all(0 < len(frame) <= chunk for frame in frames)
    assert len(frames) == -(-30 // chunk)
    pd.testing.assert_frame_equal(pd.concat(frames, ignore_index=True), read_posts(path))


def test_progress_is_told_in_bytes(write, monkeypatch):
    monkeypatch.setattr(text_files, "BLOCK", 100)
    path = write("posted_utc,text\n" + ROWS)
    told = []
    assert len(list(iter_posts(path, progress=lambda *given: told.append(given)))) == 1
    size = path.stat().st_size
    assert told[:2] == [(100, size), (200, size)]
    assert told[-1] == (size, size)


def test_a_table_without_line_ends_is_not_piled_up(write, monkeypatch):
    monkeypatch.setattr(text_files, "BLOCK", 10)
    monkeypatch.setattr(text_files, "_LONGEST_LINE", 50)
    with pytest.raises(
        ReadError, match=r"a line is longer than 50 characters, so this is no table"
    ):
        read_posts(write("posted_utc,text," + "x" * 1000))


@pytest.mark.parametrize(
    ("begin", "says"),
    [
        (b"PK\x03\x04..", "a ZIP archive"),
        (b"\x1f\x8b..", "a gzip archive"),
        (b"7z\xbc\xaf\x27\x1c..", "a 7-Zip archive"),
        (b"Rar!..", "a RAR archive"),
        (b"BZh9..", "a bzip2 archive"),
        (b"\xfd7zXZ..", "an xz archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xff\xfea\0", "text in UTF-16"),
        (b"\xfe\xff\0a", "text in UTF-16"),
    ],
)
@pytest.mark.parametrize("name", ["posts.csv", "result.json", "a.txt", "lists.jsonl"])
def test_other_kinds_of_files_are_called_by_their_names(write, name, begin, says):
    read = read_structured if name.endswith(".jsonl") else read_posts
    with pytest.raises(ReadError, match=f"{name}: this is {says}"):
        read(write(begin, name))


words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=40)


@given(texts=st.lists(words, min_size=1, max_size=5))
def test_what_is_written_is_read(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("posts") / "posts.csv"
    table = pd.DataFrame({"posted_utc": "2025-01-02T04:30Z", "text": texts})
    table.to_csv(path, index=False, lineterminator="\n")
    assert read_posts(path)["text"].tolist() == texts


def test_the_record(shared):
    read = read_posts(shared / "data" / "mod_russia_posts.csv")
    assert read.shape == (5927, 4)
    assert read["posted_at"].is_monotonic_increasing
    assert (read["text"] != "").all()
