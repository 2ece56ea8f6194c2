"""The words of bulletins, one TOML file a language; here only what reads those files."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from analysis.regions import form_words

Words = tuple[str, ...]
#: What a form means: kind and value for the grammar, and its role around a time of day.
Meaning = tuple[str, Any, str]
_NEVER = r"(?!)"  # a pattern that nothing matches
LANGUAGES = ("ru", "en")


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Everything one language's file says, arranged for looking words up.

    Attributes
    ----------
    footers : Pattern
        What begins the links below a message, in whatever case.
    forms : dict
        From the words of an exact form to its meaning; regions of all languages included.
    stems : tuple
        Beginnings of words with their meaning, longest first.
    opens : dict
        From the first word of forms of several words to their second words, and from those to the
        length in words of the longest such form.
    """

    language: str
    claimant: str
    openings: tuple[str, ...]
    footers: re.Pattern[str]
    signs: tuple[str, ...]
    forms: dict[Words, Meaning]
    stems: tuple[tuple[str, Meaning], ...]
    opens: dict[str, dict[str, int]]

    def meaning(self, word: str) -> Meaning | None:
        """Return what one normalised word means, or None."""
        exact = self.forms.get((word,))
        if exact is not None:
            return exact
        return next((meaning for stem, meaning in self.stems if word.startswith(stem)), None)


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language, read once."""
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    forms: dict[Words, Meaning] = {
        words: ("region", slug, "") for words, slug in form_words().items()
    }
    stems: dict[str, Meaning] = {}
    for form, meaning in _entries(table):
        if form.endswith("*"):
            stems.setdefault(form[:-1], meaning)
        else:
            words = tuple(form.split())
            forms[words] = _joined(forms.get(words), meaning)
    opens: dict[str, dict[str, int]] = {}
    for first, second, *rest in (words for words in forms if len(words) > 1):
        follows = opens.setdefault(first, {})
        follows[second] = max(follows.get(second, 0), 2 + len(rest))
    return Lexicon(
        language=language,
        claimant=table["claimant"],
        openings=tuple(table["openings"]),
        footers=re.compile("|".join(map(re.escape, table["footers"])) or _NEVER, re.IGNORECASE),
        signs=tuple(table["signs"]),
        forms=forms,
        stems=tuple(sorted(stems.items(), key=lambda item: -len(item[0]))),
        opens=opens,
    )


def _entries(table: dict[str, Any]) -> Iterator[tuple[str, Meaning]]:
    """Every form of the file with its meaning."""
    for value, forms in table["numbers"].items():
        yield from ((form, ("number", int(value), "")) for form in forms.split())
    for value, forms in table["months"].items():
        yield from ((form, ("time", int(value), "month")) for form in forms.split())
    for kind, groups in table["words"].items():
        for value, forms in groups.items():
            for form in forms:
                yield form, _meaning(kind, value)


def _meaning(kind: str, value: str) -> Meaning:
    """Meaning of the forms under ``[words.kind] value``."""
    if kind == "mark":
        return (value, None, "")
    if kind == "clock":
        return ("time", None, value)
    if kind in ("object", "downed"):
        name, _, number = value.partition(" ")
        return (kind, (name, number), "")
    return (kind, value, "")


def _joined(known: Meaning | None, new: Meaning) -> Meaning:
    """Give a word that is both a mark and a role around a clock both meanings."""
    if known is None or known[0] == "region":
        return new
    if new[0] == "time":
        return (known[0], known[1], new[2])
    return (new[0], new[1], known[2]) if known[0] == "time" else known
