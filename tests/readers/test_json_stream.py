"""JSON a value at a time: the same values as the standard library, wherever a block ends."""

import json
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.errors import ReadError
from analysis.readers import json_stream, text_files
from analysis.readers.json_stream import JsonStream, plain_escapes


def opened(monkeypatch, text, size):
    """A stream over a text that comes in blocks of a few characters."""
    blocks = [text[at : at + size] for at in range(0, len(text), size)]
    monkeypatch.setattr(json_stream, "text_blocks", lambda *_: iter(blocks))
    return JsonStream("made.json")


def walk(stream):
    """Read a value by its parts."""
    if stream.peek() == "{":
        return {name: walk(stream) for name in stream.members()}
    if stream.peek() == "[":
        return [walk(stream) for _ in stream.items()]
    return stream.value()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(
    value=values, size=st.integers(1, 9), indent=st.sampled_from([None, 1]), ascii_=st.booleans()
)
@example(value=[1.5, -12e30, True, None, "\\x1F"], size=1, indent=None, ascii_=False)
@example(value={"a": [], "b": {}, "": ""}, size=1, indent=1, ascii_=True)
def test_values_are_those_of_the_standard_library(value, size, indent, ascii_):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    with pytest.MonkeyPatch.context() as patch:
        whole = opened(patch, text, size)
        assert whole.value() == value
        whole.finish()
        parts = opened(patch, f" {text}\n\n", size)
        assert walk(parts) == value
        parts.finish()
        passed = opened(patch, f"[{text},7]", size)
        turns = passed.items()
        next(turns)
        passed.skip()
        next(turns)
        assert passed.value() == 7


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 100])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param(r'"\x1F"', "\x1f", id="telegram"),
        pytest.param(r'"\x0a\x1b"', "\n\x1b", id="two-small-letters"),
        pytest.param(r'"\\x1F"', r"\x1F", id="escaped-backslash"),
        pytest.param(r'"\\\x1F"', "\\\x1f", id="backslash-and-escape"),
        pytest.param(r'"\\\\x1F"', r"\\x1F", id="two-backslashes"),
        pytest.param(r'"\u001fx1F\"\n"', '\x1fx1F"\n', id="others"),
        pytest.param(r'"x1F\\"', "x1F\\", id="backslash-at-the-end"),
        pytest.param(r'"\ud83d\ude80"', "\U0001f680", id="pair"),
    ],
)
def test_escapes_of_telegram(monkeypatch, written, read, size):
    assert opened(monkeypatch, written, size).value() == read


@given(
    text=st.text(alphabet='\\x1Fabn"', max_size=30),
    cuts=st.lists(st.integers(0, 30), max_size=6),
)
def test_where_blocks_end_makes_no_difference_to_escapes(text, cuts):
    ends = [0, *sorted(cuts), len(text)]
    blocks = [text[a:b] for a, b in pairwise(ends)]
    assert "".join(plain_escapes(blocks)) == "".join(plain_escapes([text]))


DOCUMENT = json.dumps({"a": [1, 23.5, True, "text", {"b": [None, []]}], "c": "d"})


@pytest.mark.parametrize("end", range(1, len(DOCUMENT)))
def test_a_file_that_ends_in_the_middle_is_told_from_a_broken_one(monkeypatch, end):
    stream = opened(monkeypatch, DOCUMENT[:end], 7)
    with pytest.raises(ReadError, match=r"made.json: the file ends in the middle"):
        walk(stream)


def read_whole(stream):
    """Read a document whose items are read whole, as those of an export are."""
    if stream.peek() == "[":
        for _ in stream.items():
            stream.value()
    else:
        walk(stream)
    stream.finish()


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param('{"a":\n1,\n"b" oops}', r"line 3: this is no JSON \(no ':'", id="colon"),
        pytest.param('{"a": 1\n"b": 2}', r"line 2: this is no JSON \(no ','", id="comma"),
        pytest.param('[1, oops, "secret"]', r"line 1: this is no JSON", id="word"),
        pytest.param('[{"a": secret !}, 2]', r"line 1: this is no JSON", id="inside"),
        pytest.param("[1]\n[2]", r"line 2: .*more behind the end", id="two-documents"),
        pytest.param("{1: 2}", r"line 1: .*a name that is no text", id="name"),
        pytest.param('["\\xZZ secret "]', r"line 1: .*escape", id="escape"),
        pytest.param("[" + "9" * 5000 + "]", r"line 1: .*too long", id="number"),
        pytest.param("[" + "[" * 200_000 + "1", r"line 1: .*too deep", id="deep"),
    ],
)
def test_what_is_no_json_is_named_by_line_and_never_quoted(monkeypatch, text, says, size):
    if len(text) > 10_000:
        size = 100_000
    with pytest.raises(ReadError, match=says) as caught:
        read_whole(opened(monkeypatch, text, size))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "part", "says"),
    [("7", "items", "no list where a list is expected"), ("[]", "members", "no object where an")],
)
def test_a_value_of_another_kind_is_refused(monkeypatch, text, part, says):
    with pytest.raises(ReadError, match=says):
        next(getattr(opened(monkeypatch, text, 9), part)())


def test_control_characters_as_they_are_do_no_harm(monkeypatch):
    assert opened(monkeypatch, '"a\x1fb\nc"', 2).value() == "a\x1fb\nc"


def test_a_broken_value_far_from_the_end_is_not_piled_up(monkeypatch):
    taken = []

    def blocks(*_):
        yield '{"a": nonsense, '
        for n in range(1000):
            taken.append(n)
            yield '"b": [1, 2, 3], '

    monkeypatch.setattr(json_stream, "text_blocks", blocks)
    with pytest.raises(ReadError, match="this is no JSON"):
        walk(JsonStream("made.json"))
    assert len(taken) < 3


def test_a_long_value_is_not_tried_for_each_block(monkeypatch):
    text = json.dumps(["x" * 5] * 4000)
    tried = []
    stream = opened(monkeypatch, text, 10)
    decode = stream._decode
    stream._decode = lambda *given: tried.append(1) or decode(*given)
    assert len(stream.value()) == 4000
    assert len(tried) < 30


def test_the_file_is_read_in_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "BLOCK", 5)
    path = tmp_path / "made.json"
    path.write_text('{"Ж": ["шесть", "\\x1F"]}', encoding="utf-8-sig")
    told = []
    stream = JsonStream(path, lambda done, total: told.append((done, total)))
    assert stream.value() == {"Ж": ["шесть", "\x1f"]}
    size = path.stat().st_size
    assert told[0] == (5, size)
    assert told[-1] == (size, size)
