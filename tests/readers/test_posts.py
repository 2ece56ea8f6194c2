"""Files to posts: what is read, and the words of every refusal."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ReadError
from analysis.readers import post_from_text, read_posts

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


def test_missing_file_folder_and_wrong_format(tmp_path, write):
    with pytest.raises(ReadError, match=r"nothing.csv: there is no such file"):
        read_posts(tmp_path / "nothing.csv")
    with pytest.raises(ReadError, match=r"this is a folder"):
        read_posts(tmp_path)
    with pytest.raises(ReadError, match=r"'xlsx' is not known. Use one of auto, csv, text"):
        read_posts(write(CSV), "xlsx")
    with pytest.raises(ReadError, match=r"posts.jsonl: JSON lines hold bulletins"):
        read_posts(write("{}", "posts.jsonl"))


def test_a_time_for_posts_that_have_their_own_is_refused(write):
    with pytest.raises(ReadError, match=r"posted_at is given, but every post"):
        read_posts(write(CSV), posted_at=datetime(2025, 1, 2))


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
