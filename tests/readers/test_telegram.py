"""Telegram exports: what is read, what is left out, what is never touched, and every refusal."""

import gzip
import json
import zipfile

import pandas as pd
import pytest

from analysis.errors import ReadError
from analysis.readers import iter_posts, read_posts
from analysis.readers.telegram_chats import Chat
from tests.exports import BULLETIN, MINISTRY, account, chat, message, without, write


@pytest.fixture
def read(tmp_path):
    def read(exported, **asked):
        return read_posts(write(tmp_path / "result.json", exported), **asked)

    return read


def codes(posts):
    return [(found.severity, found.code) for found in posts.attrs["findings"]]


def test_the_posts_of_a_channel(read):
    posts = read(
        chat(
            message(7, "One."),
            message(9, "Two.", "2025-05-04T04:06:30", edited="2025-05-04T05:00:00"),
        )
    )
    assert {name: str(dtype) for name, dtype in posts.dtypes.items()} == {
        "posted_at": "datetime64[us, UTC]",
        "text": "str",
        "source": "str",
        "source_url": "str",
        "edited_at": "datetime64[us, UTC]",
        "message_id": "int64",
    }
    assert posts.drop(columns="edited_at").to_numpy().tolist() == [
        [pd.Timestamp("2025-05-04T04:05Z"), "One.", "mod_russia", "https://t.me/mod_russia/7", 7],
        [pd.Timestamp("2025-05-04T04:06:30Z"), "Two.", "mod_russia", "https://t.me/mod_russia/9", 9],
    ]  # fmt: skip
    assert posts["edited_at"].isna().tolist() == [True, False]
    assert posts["edited_at"].iloc[1] == pd.Timestamp("2025-05-04T05:00Z")
    assert posts.attrs["findings"] == ()


ENTITIES = ["Two ", {"type": "bold", "text": "drones"}, {"type": "text_link", "text": " fell", "href": "https://e.org"}]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "text"),
    [
        pytest.param(message(1, "Plain."), "Plain.", id="string"),
        pytest.param(message(1, ENTITIES), "Two drones fell", id="list"),
        pytest.param(without(message(1, ENTITIES), "text_entities"), "Two drones fell", id="old-list"),
        pytest.param(without(message(1, "Plain."), "text_entities"), "Plain.", id="old-string"),
        pytest.param(message(1, "short", text_entities=[{"type": "plain", "text": "whole"}]), "whole", id="entities-first"),
        pytest.param(message(1, ""), "", id="picture"),
        pytest.param(without(message(1), "text", "text_entities"), "", id="no-text-at-all"),
        pytest.param(without(message(1, "No type."), "type"), "No type.", id="no-type"),
        pytest.param(message(1, "half \ud83d"), "half \ufffd", id="half-a-character"),
        pytest.param(message(1, "a whole \U0001f680"), "a whole \U0001f680", id="emoji"),
    ],
)  # fmt: skip
def test_texts(read, made, text):
    exported = json.dumps(chat(made))  # escapes everything that is not ASCII
    assert read(exported)["text"].tolist() == [text]


def test_the_escapes_that_are_no_json(read):
    text = json.dumps(chat(message(1, "a 1F b"))).replace("a 1F", r"a\x1F").replace(" b", r" \\x1F")
    assert read(text)["text"].tolist() == ["a\x1f \\x1F"]


@pytest.mark.parametrize(
    ("fields", "posted", "edited"),
    [
        pytest.param({"date_unixtime": 1746331500}, "2025-05-04T04:05Z", None, id="number"),
        pytest.param({"edited_unixtime": "0", "edited": "1970-01-01T03:00:00"}, "2025-05-04T04:05Z", None, id="never-edited"),
        pytest.param({"edited_unixtime": "1746331499"}, "2025-05-04T04:05Z", None, id="edited-before"),
        pytest.param({"edited_unixtime": "1746331501"}, "2025-05-04T04:05Z", "2025-05-04T04:05:01Z", id="edited"),
        pytest.param({"edited": "2025-05-04T09:00:00"}, "2025-05-04T04:05Z", None, id="edited-at-a-local-time"),
        pytest.param({"edited": "2025-05-04T09:00:00+03:00"}, "2025-05-04T04:05Z", "2025-05-04T06:00Z", id="edited-with-a-zone"),
        pytest.param({"date_unixtime": None, "date": "2025-05-04T07:05:00+03:00"}, "2025-05-04T04:05Z", None, id="date-with-a-zone"),
    ],
)  # fmt: skip
def test_times(read, fields, posted, edited):
    row = read(chat(message(1) | fields)).iloc[0]
    assert row["posted_at"] == pd.Timestamp(posted)
    assert pd.isna(row["edited_at"]) if edited is None else row["edited_at"] == pd.Timestamp(edited)


def test_what_is_no_post_is_counted(read):
    posts = read(
        chat(
            {"id": 1, "type": "service", "action": "create_channel"},
            message(2),
            {"id": 3, "type": "unsupported"},
            {"id": 4, "type": "service"},
            without(message(5), "date_unixtime"),
        )
    )
    assert posts["message_id"].tolist() == [2]
    assert codes(posts) == [
        ("info", "service-messages"),
        ("warning", "undated-messages"),
        ("warning", "unsupported-messages"),
    ]
    said = [found.message.partition("result.json: ")[2] for found in posts.attrs["findings"]]
    assert said == [
        "2 messages left out (events of the channel, such as pins).",
        "1 message left out (no date_unixtime, only a local time without a zone).",
        "1 message left out (of a kind that this Telegram Desktop could not export).",
    ]


def test_what_is_left_out_behind_the_last_post_is_counted_in_every_chunking(tmp_path):
    path = write(
        tmp_path / "result.json",
        chat(*(message(n) for n in range(4)), {"id": 9, "type": "service"}),
    )
    for chunk in (1, 2, 3, 4, 5):
        frames = list(iter_posts(path, chunk=chunk))
        assert [len(frame) for frame in frames[:-1]] == [chunk] * (len(frames) - 1)
        assert sum(map(len, frames)) == 4
        assert [frame.attrs.get("findings", ()) != () for frame in frames] == [
            *[False] * (len(frames) - 1),
            True,
        ]


# --- which channel ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "source", "url"),
    [
        pytest.param(MINISTRY, "mod_russia", "https://t.me/mod_russia/3", id="ministry"),
        pytest.param("  МИНОБОРОНЫ  России 🇷🇺", "mod_russia", "https://t.me/mod_russia/3", id="flag"),
        pytest.param("Повітряні Сили ЗС України", "kpszsu", "https://t.me/kpszsu/3", id="air-force"),
        pytest.param("Минобороны России. Новости", "Минобороны России. Новости", "", id="not-quite"),
        pytest.param("Two\n Lines", "Two Lines", "", id="another"),
        pytest.param(None, "channel1001", "", id="no-title"),
    ],
)  # fmt: skip
def test_whose_channel_it_is(read, title, source, url):
    posts = read(chat(message(3), name=title))
    assert posts[["source", "source_url"]].to_numpy().tolist() == [[source, url]]
    assert codes(posts) == ([] if url else [("warning", "unknown-channel")])


PRIVATE = (
    chat(message(1, "private"), name="Private", kind="personal_chat", number=5),
    chat(message(1, "private"), name=None, kind="saved_messages", number=6),
    chat(message(1, "private"), name=MINISTRY, kind="private_channel", number=7),
    chat(message(1, "private"), name="Private group", kind="public_supergroup", number=8),
)
OTHER = chat(message(4, "Other."), name="Other", number=2002)


def test_the_only_channel_of_an_account(read):
    posts = read(account(*PRIVATE[:2], chat(message(3, "Own.")), *PRIVATE[2:]))
    assert posts["text"].tolist() == ["Own."]
    assert read(account(*PRIVATE, left=[OTHER]))["text"].tolist() == ["Other."]


@pytest.mark.parametrize(
    "asked",
    ["1001", 1001, "-1001001", "channel1001", "mod_russia", "@mod_russia", "t.me/mod_russia", "https://t.me/mod_russia", MINISTRY, "минобороны россии "],
)  # fmt: skip
def test_a_channel_is_asked_for_by_number_title_or_name(read, asked):
    exported = account(*PRIVATE, OTHER, chat(message(3, "Own.")))
    assert read(exported, channel=asked)["text"].tolist() == ["Own."]
    assert read(chat(message(3, "Own.")), channel=asked)["text"].tolist() == ["Own."]


def test_a_title_without_letters_answers_to_nothing_else():
    assert not Chat(alone=True, kind="public_channel", title="🚀", number="5").answers("!")


@pytest.mark.parametrize(
    ("exported", "asked", "says"),
    [
        pytest.param(account(chat(), OTHER), None, rf"it holds 2 public channels: {MINISTRY} \(1001\), Other \(2002\)\. .*--channel 1001", id="several"),
        pytest.param(account(chat(), left=[OTHER]), "Third", r"no public channel 'Third', but Минобороны России \(1001\), Other \(2002\)", id="none-of-them"),
        pytest.param(account(chat(), *PRIVATE), "5", r"no public channel '5', but Минобороны России \(1001\)\.", id="a-private-chat"),
        pytest.param(chat(), "Other", r"no public channel 'Other', but Минобороны России", id="alone"),
        pytest.param(account(chat(number=1), chat(number=2)), MINISTRY, r"2 of its channels are called 'Минобороны России': .*\(1\), .*\(2\)\. .*--channel 1\.", id="same-title"),
        pytest.param(account(chat(), left=[chat()]), None, r"holds the channel Минобороны России \(1001\) more than once", id="same-channel"),
        pytest.param(account(*PRIVATE), None, r"it holds no public channel; private chats and groups are never read", id="only-private"),
        pytest.param(account(), None, r"it holds no public channel", id="nothing"),
        pytest.param(PRIVATE[0], None, r"this is no public channel; private chats and groups are never read", id="personal-chat"),
        pytest.param(PRIVATE[2], None, r"this is no public channel", id="private-channel"),
        pytest.param(account(*(chat(name=f"c{n}", number=n) for n in range(25))), None, r"c19 \(19\), and 5 more\.", id="many"),
    ],
)  # fmt: skip
def test_channels_that_are_not_read(read, exported, asked, says):
    with pytest.raises(ReadError, match=says) as caught:
        read(exported, channel=asked)
    said = str(caught.value).partition("result.json")[2].lower()
    assert "private" not in said.replace("private chats and groups", "")
    assert "\n" not in str(caught.value)


def test_nothing_private_is_quoted_where_it_is_broken(read):
    text = json.dumps(account(*PRIVATE, chat(message(3)))).replace(
        '"private"', '"private" private', 1
    )
    with pytest.raises(ReadError, match="this is no JSON") as caught:
        read(text)
    assert "private" not in str(caught.value).partition("result.json")[2]


@pytest.mark.parametrize("order", ["sorted", "behind"])
def test_the_head_of_a_chat_may_stand_behind_its_messages(read, order):
    one = chat(message(3, "Own."))
    turned = dict(sorted(one.items())) if order == "sorted" else dict(reversed(one.items()))
    assert read(turned)["source"].tolist() == ["mod_russia"]
    exported = account(*(dict(reversed(c.items())) for c in PRIVATE), turned)
    assert read(exported)["text"].tolist() == ["Own."]


# --- what is refused ----------------------------------------------------------------------------

WHOLE = json.dumps(chat(message(1), message(2, "Two.", "2025-05-04T06:05:00")), ensure_ascii=False, indent=1)  # fmt: skip
BROKEN = [
    pytest.param(b"", r"the file is empty", id="empty"),
    pytest.param(b"[]", r"this is no Telegram export", id="list"),
    pytest.param(b"{}", r"this is no Telegram export", id="object"),
    pytest.param(b'"text"', r"this is no Telegram export", id="text"),
    pytest.param(b'{"total": 4, "counts": {}}\n{"total": 5}', r"line 2: this is no JSON \(more behind", id="json-lines"),
    pytest.param(json.dumps(chat()).encode(), r"the channel Минобороны России \(1001\) holds no posts\. Export it with", id="no-messages"),
    pytest.param(json.dumps(chat({"id": 1, "type": "service"})).encode(), r"holds no posts: 1 message left out \(events", id="only-events"),
    pytest.param(json.dumps(chat(without(message(1), "date_unixtime"), {"id": 2, "type": "service"})).encode(), r"holds no posts: 1 message left out \(no date_unixtime, .*newer Telegram Desktop", id="old-export"),
    pytest.param(json.dumps(chat() | {"messages": {}}).encode(), r"no list where a list is expected", id="messages-no-list"),
    pytest.param(WHOLE.encode("utf-16"), r"this is text in UTF-16\. Save it as UTF-8", id="utf-16"),
    pytest.param(WHOLE.encode("utf-16-be"), r"a NUL byte", id="utf-16-without-mark"),
    pytest.param(WHOLE.encode("cp1251"), r"line 2: byte 0xcc is not UTF-8", id="cp1251"),
    pytest.param(gzip.compress(WHOLE.encode()), r"this is a gzip archive\. Unpack it", id="gzip"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "says"), BROKEN)
def test_each_refusal_is_one_sentence_that_names_the_file(tmp_path, content, says):
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=says) as caught:
        read_posts(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_zipped_export(tmp_path):
    path = tmp_path / "result.json"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("result.json", WHOLE)
    with pytest.raises(ReadError, match=r"this is a ZIP archive .*Unpack it"):
        read_posts(path)


def test_a_mark_at_the_beginning_is_left_out(tmp_path):
    path = tmp_path / "result.json"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    assert len(read_posts(path)) == 2


@pytest.mark.parametrize("end", range(5, len(WHOLE) - 1, 23))
def test_an_interrupted_export(read, end):
    with pytest.raises(
        ReadError, match="the file ends in the middle, as an interrupted export does"
    ):
        read(WHOLE[:end])


def test_an_interrupted_account(read):
    text = json.dumps(account(chat(message(1)), *PRIVATE))
    with pytest.raises(ReadError, match="the file ends in the middle"):
        read(text[:-40])


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        pytest.param(message(8, date_unixtime="soon"), r"message 8: date_unixtime='soon' is no time", id="word"),
        pytest.param(message(8, date_unixtime=True), r"message 8: date_unixtime=True is no time", id="bool"),
        pytest.param(message(8, date_unixtime="-5"), r"date_unixtime='-5' is no time", id="negative"),
        pytest.param(message(8, date_unixtime="9" * 30), r"date_unixtime='9+'? is no time", id="huge"),
        pytest.param(message(8, date_unixtime="4294967295"), r"lies outside the years 2000 to 2099", id="far"),
        pytest.param(message(8, date_unixtime="500000000"), r"lies outside the years 2000 to 2099", id="before"),
        pytest.param(message(8, date_unixtime=[1]), r"date_unixtime=a list is no time", id="list"),
        pytest.param(message(8, edited_unixtime={}), r"edited_unixtime=an object is no time", id="edited"),
        pytest.param(message("8"), r"message no. 2 of the file: its id is '8', no whole number", id="id"),
        pytest.param(message(True), r"message no. 2 of the file: its id is True", id="bool-id"),
        pytest.param(message(8, text=7, text_entities=[]), r"message 8: its text holds a number", id="number"),
        pytest.param(message(8, text=[["a"]], text_entities=[]), r"message 8: its text holds a list", id="list-in-list"),
        pytest.param(message(8, text_entities=[{"type": "bold"}]), r"message 8: its text holds an object", id="entity"),
        pytest.param("words", r"message no. 2 of the file: is text, not an object", id="text"),
        pytest.param(None, r"message no. 2 of the file: is nothing, not an object", id="null"),
    ],
)  # fmt: skip
def test_a_bad_message_is_named(read, bad, says):
    with pytest.raises(ReadError, match=says) as caught:
        read(chat(message(1), bad, message(3)))
    assert "Export the channel again" in str(caught.value)


def test_nothing_is_given_behind_a_bad_message(tmp_path):
    made = [message(1), message(2, date_unixtime="soon"), *(message(n) for n in range(3, 9))]
    frames = []
    with pytest.raises(ReadError, match="message 2"):
        frames.extend(iter_posts(write(tmp_path / "result.json", chat(*made)), chunk=1))
    assert sum(map(len, frames)) <= 1


def test_all_bad_messages_are_found_five_are_quoted(read):
    made = [message(n, date_unixtime="soon") for n in range(1, 8)]
    with pytest.raises(ReadError, match=r"message 5: .*; and 2 more messages\.") as caught:
        read(chat(message(100), *made))
    assert str(caught.value).count("soon") == 5


def test_bad_messages_of_other_chats_do_not_matter(read):
    bad = chat(message(1, date_unixtime="soon"), name="Private", kind="personal_chat")
    assert len(read(account(bad, chat(message(1, BULLETIN))))) == 1
