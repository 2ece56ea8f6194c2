"""Text to typed tokens: the only place that looks at letters."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from analysis.bulletins.lexicon import Lexicon, Meaning, lexicon
from analysis.regions import normalise_name

#: Markdown and stress marks, soft hyphens, zero-width characters, variation selectors mean nothing.
_NOISE = re.compile("[\u00ad\u0300\u0301\u200b-\u200f\u2060\ufe0f\ufeff]")
_UNDERSCORES = re.compile("__+")
_LINK = re.compile(r"\]\([^)\s]*\)?")
_ABBREVIATION = re.compile(r"\b(?:[тс]\. ?г\.|г\.(?= ?[А-Я]))")
_AM_PM = re.compile(r"\.(?<=\b[ap]\.) ?m\.?", re.IGNORECASE)  # found by its stop: stops are few
_THIN_SPACES = ("\u00a0", "\u2009", "\u202f")
_THIN_SPACE = re.compile("[\u00a0\u2009\u202f](?<=\\d.)(?=\\d{3}(?!\\d))")  # "1 026"
_TOKEN = re.compile(
    r"([A-Za-zА-яЁёІіЇїЄєҐґ]++(?![\w\-‐‑'’ʼ‘`´′–—/])"  # a plain word, as most are
    r"|\n\s*?\n\s*"  # the end of a paragraph
    r"|\d+(?:[.:,]\d+)+"
    r"|[1-9]\d{0,2}(?: \d{3})+(?!\w)"  # thousands
    r"|\d+(?=[^\W\d_]{4})"
    r"|[^\W_]+(?:(?:[-‐‑'’ʼ‘`´′]|[–—](?=[A-ZА-ЯЁІЇЄҐ]))[^\W_]+)+"
    r"(?:/\d+)*"  # a model may have two numbers: Х-59/69
    r"|[^\W_]+"
    r"|\.\.\."
    r"|\S) ?"  # a space is passed over with the token before it
)
_GLUED = re.compile(r"([^\W\d_A-ZА-ЯЁІЇЄҐ]{2,})([A-ZА-ЯЁІЇЄҐ][^\W\d_A-ZА-ЯЁІЇЄҐ]{2,})")
_ENDED = re.compile(r"(\d{1,4})[-‐‑]?([^\W\d_]+)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[, ]\d{3})+")
_THOUSANDS_MARK = re.compile("[, ]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_CYRILLIC_PAGE = 4  # the upper byte of its letters
#: Letters and apostrophes that Russian has not, and letters that Ukrainian has not.
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]|(?<=[а-яА-Я])(?:[iI]|['’ʼ‘`´′](?=[яюєїЯЮЄЇ]))|[iI](?=[а-яА-Я])")
_MAY_BE_UKRAINIAN = re.compile("[іїєґІЇЄҐiI'’ʼ‘`´′]")  # a quick look: most texts have none
_RUSSIAN = re.compile("[ыэъёЫЭЪЁ]")
_SAMPLE = 2000
_PUNCTUATION = {
    ",": "comma",
    ":": "colon",
    ";": "semicolon",
    ".": "stop",
    "!": "stop",
    "?": "stop",
    "…": "ellipsis",
    "...": "ellipsis",
    "(": "open",
    ")": "close",
    "-": "dash",
    "–": "dash",
    "—": "dash",
    **dict.fromkeys("▫▪◽◾◻◼•●·➡🔸🔻❗", "bullet"),
}
#: A number longer than this is not a count of anything that flew.
_DIGITS = 5
_CACHED_WORDS = 50_000
_THOUSAND = 1000


@dataclass(slots=True, eq=False)  # read many times in every text: a slot is the quickest to read
class Token:
    """One word, number or mark; texts share them, so nobody changes one.

    Attributes
    ----------
    kind : str
        What it is to the grammar (``number``, ``region``, ``object``, ``downed``, ``comma`` ...);
        ``word`` for everything that no lexicon knows.
    value : object
        The number, the slug, the weapon ...
    raw : str
        As written.
    time : str
        Its role around a time of day (``from``, ``until``, ``month`` ...), or empty.
    opens : mapping or None
        Forms of several words that begin with this one: from their second word to the length in
        words of the longest.
    key : str
        The word as the lexicon spells it.
    """

    kind: str
    value: Any
    raw: str
    time: str = ""
    opens: Mapping[str, int] | None = None
    key: str = ""


def language_of(text: str) -> str:
    """Return the language of a text: ``en``, or ``ru`` or ``uk`` if most letters are Cyrillic.

    Letters that only one of the two has decide; without any, the verbs that only one has do, and
    Russian where they do not. Ukrainian has three times as many such letters: of a text in both,
    it is the language unless it is the smaller part by far.

    Examples
    --------
    >>> language_of("Збито 5 БпЛА над Одесою"), language_of("Сбито 5 БПЛА над Одессой")
    ('uk', 'ru')
    """
    sample = text[:_SAMPLE]
    doubled = 2 * sample.encode("utf-16-le", "surrogatepass")[1::2].count(_CYRILLIC_PAGE)
    # More than half of all characters is more than half of the letters, and quicker to see.
    if not (doubled > len(sample) or doubled > sum(map(str.isalpha, sample))):
        return "en"
    if not _MAY_BE_UKRAINIAN.search(sample) and _RUSSIAN.search(sample):
        return "ru"  # almost always
    russian, ukrainian = len(_RUSSIAN.findall(sample)), len(_UKRAINIAN.findall(sample))
    if russian != ukrainian:
        return "ru" if russian > ukrainian else "uk"
    verbs = {name: _verbs_known(sample, lexicon(name)) for name in ("ru", "uk")}
    return "uk" if verbs["uk"] > verbs["ru"] else "ru"


def _verbs_known(text: str, words: Lexicon) -> int:
    """How many words of a text tell, by the lexicon alone, what became of weapons."""
    found = {_key(raw, words) for raw in _TOKEN.findall(text) if raw[0].isalpha()}
    return sum((words.own(word) or "")[:1] == ("downed",) for word in found)


def clean(text: str) -> str:
    """Take markdown, link targets and invisible characters out of a text."""
    if "](" in text:
        text = _LINK.sub("]", text)
    if "__" in text:
        text = _UNDERSCORES.sub("", text)
    return _NOISE.sub("", unicodedata.normalize("NFC", text).replace("*", ""))


def _without_stops(text: str, words: Lexicon) -> str:
    """Take the stops of abbreviations, and the thin spaces within numbers, out of a text."""
    if words.abbreviations is not None:
        text = words.abbreviations.sub(" ", text)
    if "г." in text:
        text = _ABBREVIATION.sub(" ", text)
    if "St. " in text:
        text = text.replace("St. ", "St ")
    if any(map(text.__contains__, _THIN_SPACES)):
        text = _THIN_SPACE.sub("", text)
    return _AM_PM.sub("m", text) if "m" in text or "M" in text else text


def tokenise(text: str, words: Lexicon) -> list[Token]:
    """Return the tokens of a cleaned text, phrases and compound numbers joined."""
    known = _vocabulary(words.language)
    raws = _TOKEN.findall(_without_stops(text, words).rstrip())
    singles = chain.from_iterable(map(known.__getitem__, raws))
    return _join(list(singles), known.phrases)


class _Vocabulary(dict[str, tuple[Token, ...]]):
    """Words, numbers and marks met so far with their tokens, so that each is looked up once."""

    def __init__(self, words: Lexicon) -> None:
        super().__init__()
        self.words = words
        self.phrases = _Phrases(words)

    def __missing__(self, raw: str) -> tuple[Token, ...]:
        """Read what is met for the first time."""
        if len(self) >= _CACHED_WORDS:
            self.clear()
            self.phrases.clear()
        tokens = self[raw] = _read(raw, self.words)
        return tokens


class _Phrases(dict[tuple[Token, ...], Token | None]):
    """Runs of words met so far, each with the token of the form that it is; None for no form."""

    def __init__(self, words: Lexicon) -> None:
        super().__init__()
        self.words = words

    def __missing__(self, part: tuple[Token, ...]) -> Token | None:
        """Look a run up that is met for the first time."""
        if len(self) >= _CACHED_WORDS:
            self.clear()
        keys = tuple([token.key for token in part])
        meaning = self.words.forms.get(keys)
        phrase = None
        if meaning is not None:
            kind, value, time = meaning
            raw = " ".join([token.raw for token in part])
            phrase = Token(kind, value, raw, time, key=" ".join(keys))
        self[part] = phrase
        return phrase


@cache
def _vocabulary(language: str) -> _Vocabulary:
    """The words of a language met so far."""
    return _Vocabulary(lexicon(language))


def _read(raw: str, words: Lexicon) -> tuple[Token, ...]:
    """Tokens of one raw word, number or mark: none for what carries no meaning."""
    if raw[0].isdigit():
        return (_number(raw, words.endings),)
    if not raw[0].isalpha():
        kind = "stop" if raw.isspace() else _PUNCTUATION.get(raw)
        return (Token(kind, None, raw),) if kind else ()
    key = _key(raw, words)
    glued = _GLUED.fullmatch(raw) if (key,) not in words.forms else None
    if glued:  # a space was lost between two words
        return tuple(chain.from_iterable(_read(part, words) for part in glued.groups()))
    meaning = words.meaning(key) or _hyphenated(key, words)
    kind, value, time = meaning or ("word", None, "")
    return (Token(kind, value, raw, time, words.opens.get(key), key),)


def _key(raw: str, words: Lexicon) -> str:
    """The word as the lexicon spells it: lower case, in letters of its own alphabet."""
    if words.look_alikes:
        swapped = raw.translate(words.look_alikes)
        if _CYRILLIC.search(raw) or not re.search("[A-Za-z]", swapped):
            raw = swapped
    return normalise_name(raw)


def _hyphenated(key: str, words: Lexicon) -> Meaning | None:
    """Meaning of "twenty-one": all parts are numbers."""
    parts = [words.meaning(part) for part in key.split("-")]
    if len(parts) < 2 or any(part is None or part[0] != "number" for part in parts):
        return None
    return ("number", sum(part[1] for part in parts if part), "")


def _number(raw: str, endings: Mapping[str, str]) -> Token:
    """Token of something that begins with a digit."""
    if raw.isdecimal() and raw.isascii():
        return Token("number" if len(raw) <= _DIGITS else "word", int(raw[:_DIGITS]), raw, key=raw)
    if _THOUSANDS.fullmatch(raw):
        return _number(_THOUSANDS_MARK.sub("", raw), endings)
    ended = _ENDED.fullmatch(raw)
    if ended and ended[2] in endings:
        return Token(endings[ended[2]], int(ended[1]), raw)
    parts = re.split("[.:]", raw)
    if all(part.isdecimal() and part.isascii() and len(part) <= 4 for part in parts):
        return Token("dotted", tuple(map(int, parts)), raw)
    return Token("word", None, raw, key=raw)


def _join(singles: list[Token], phrases: "_Phrases") -> list[Token]:
    """Join the words of a phrase, and of a compound number, into one token."""
    joined: list[Token] = []
    done = 0
    for at in [at for at, token in enumerate(singles) if token.opens or token.kind == "number"]:
        if at < done:
            continue  # taken with the phrase before it
        joined += singles[done:at]
        token, done = singles[at], at + 1
        if token.opens and done < len(singles) and singles[done].key in token.opens:
            token, done = _phrase(singles, at, phrases)
        if token.kind == "number" and joined:
            _take_number(joined, token)
        else:
            joined.append(token)
    return joined + singles[done:]


def _take_number(joined: list[Token], number: Token) -> None:
    """Append a number, or join it to the number words before it."""
    if _compounds(joined[-1], number):
        joined[-1] = _compound(joined[-1], number)
    elif len(joined) > 1 and _hundred_and(joined, number):
        joined[-2:] = [_compound(joined[-2], number)]
    else:
        joined.append(number)


def _phrase(singles: list[Token], at: int, phrases: "_Phrases") -> tuple[Token, int]:
    """Longest form that begins at a token, and where the text goes on after it."""
    first, second = singles[at : at + 2]
    for length in range(first.opens[second.key] if first.opens else 1, 1, -1):
        part = tuple(singles[at : at + length])
        phrase = phrases[part]
        if phrase is not None:
            return phrase, at + len(part)
    return first, at + 1


def _compounds(left: Token, right: Token) -> bool:
    """Whether two number words next to each other are one number ("forty" "two")."""
    if left.kind != "number" or right.raw[0].isdigit():
        return False
    if left.raw[0].isdigit():
        return bool(right.value == _THOUSAND)  # "5 thousand"
    return bool(left.value % _magnitude(right.value) == 0) or _multiplies(left, right)


def _multiplies(left: Token, right: Token) -> bool:
    """Whether the second of two number words says how many of it: "two hundred", "two dozen"."""
    if right.value == _THOUSAND:
        return bool(0 < left.value < _THOUSAND)
    times = right.value == 100 or right.key == "dozen"
    return bool(times and 0 < left.value % _THOUSAND < 10)


def _hundred_and(joined: list[Token], token: Token) -> bool:
    """Whether a number word follows "hundred and"."""
    hundred, link = joined[-2:]
    linked = link.key == "and" and token.value < 100
    return linked and hundred.raw.lower().endswith(("hundred", "thousand"))


def _compound(left: Token, right: Token) -> Token:
    """The one number of two number words."""
    times = _multiplies(left, right)
    low = left.value % _THOUSAND if times else 0  # what the second word multiplies
    value = left.value - low + (low * right.value if times else right.value)
    return replace(left, value=value, raw=f"{left.raw} {right.raw}")


def _magnitude(value: int) -> int:
    """The power of ten that a number word leaves room for: 7 fits after 20, 12 after 100."""
    return next(power for power in (10, 100, _THOUSAND, 10**6) if value < power)


__all__ = ["Token", "clean", "language_of", "lexicon", "tokenise"]
