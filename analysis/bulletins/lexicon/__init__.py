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
LANGUAGES = ("ru", "en", "uk")


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Everything one language's file says, arranged for looking words up.

    Attributes
    ----------
    claimant : str
        Who claims it where the text does not say; "" for nobody.
    primary : bool
        Texts of this language are the claimant's own posts: a footer ends each of them, and what
        tells of no episode is no statement.
    openings, signs : tuple of str
        Beginnings that no bulletin has; words of which a bulletin has one.
    footers : Pattern
        What begins the links below a message, in whatever case.
    abbreviations : Pattern or None
        The stops behind words whose stop ends no sentence.
    look_alikes : dict
        Letters of another alphabet that are read as one of this alphabet.
    endings : dict
        From what may follow digits ("9-ма") to the kind of number that makes: number or ordinal.
    forms : dict
        From the words of an exact form to its meaning; regions of all languages included.
    stems : tuple
        Beginnings of words with their meaning, longest first.
    beginnings : tuple
        Those beginnings alone.
    opens : dict
        From the first word of forms of several words to their second words, and from those to the
        length in words of the longest such form.
    borrowed : Lexicon or None
        Of another language, whose words are understood where this one has none.
    """

    language: str
    claimant: str
    primary: bool
    openings: tuple[str, ...]
    footers: re.Pattern[str]
    signs: tuple[str, ...]
    abbreviations: re.Pattern[str] | None
    look_alikes: dict[int, str]
    endings: dict[str, str]
    forms: dict[Words, Meaning]
    stems: tuple[tuple[str, Meaning], ...]
    beginnings: tuple[str, ...]
    opens: dict[str, dict[str, int]]
    borrowed: "Lexicon | None"

    def meaning(self, word: str) -> Meaning | None:
        """Return what one normalised word means, here or in the language borrowed from, or None."""
        return self.own(word) or (self.borrowed.own(word) if self.borrowed else None)

    def own(self, word: str) -> Meaning | None:
        """Return what one normalised word means in this language, or None."""
        exact = self.forms.get((word,))
        if exact is not None:
            return exact
        if not word.startswith(self.beginnings):
            return None
        return next(meaning for stem, meaning in self.stems if word.startswith(stem))


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
    borrowed = lexicon(table["borrows"]) if "borrows" in table else None
    if borrowed is not None:
        phrases = {words: known for words, known in borrowed.forms.items() if len(words) > 1}
        forms = phrases | forms
    opens: dict[str, dict[str, int]] = {}
    for first, second, *rest in (words for words in forms if len(words) > 1):
        follows = opens.setdefault(first, {})
        follows[second] = max(follows.get(second, 0), 2 + len(rest))
    return Lexicon(
        language=language,
        claimant=table["claimant"],
        primary=table["primary"],
        openings=tuple(table["openings"]),
        footers=re.compile("|".join(map(re.escape, table["footers"])) or _NEVER, re.IGNORECASE),
        signs=tuple(table["signs"]),
        look_alikes=str.maketrans(*table["look_alikes"]) if "look_alikes" in table else {},
        abbreviations=_stops_of(table["abbreviations"]) if "abbreviations" in table else None,
        endings={
            ending: kind
            for kind, endings in table.get("endings", {}).items()
            for ending in endings.split()
        },
        forms=forms,
        stems=tuple(sorted(stems.items(), key=lambda item: -len(item[0]))),
        beginnings=tuple(stems),
        opens=opens,
        borrowed=borrowed,
    )


def _stops_of(words: list[str]) -> re.Pattern[str]:
    """Pattern of the stops behind some words; it is found by the stop, for stops are few."""
    behind = "|".join(rf"(?<=\b{word}\.)" for word in words)
    return re.compile(rf"\.(?:{behind})")


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
