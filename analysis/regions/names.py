"""Which unit a name means: exact forms in Russian, English and Ukrainian, or one letter off."""

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from analysis.errors import RegionError
from analysis.regions.gazetteer import Region, get_region
from analysis.regions.spelling import ends_of, is_one_edit_apart, normalise_name
from analysis.vocabulary import JOIN

#: A shorter word is never taken for another: one letter makes Tula of Tuva.
SHORTEST_NEAR: Final = 5
_QUOTED: Final = 60

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The unit that a name means, and how surely.

    Attributes
    ----------
    region : Region
        The unit.
    near : bool
        True if the name is no form of the unit but one letter away from one.
    written : str
        The name as it was given.
    """

    region: Region
    near: bool
    written: str


def find_region(name: str) -> Region:
    """Return the unit that a name means, in any case of Russian, English or Ukrainian.

    A bare "Moscow" or "Kyiv" is the city; the provinces are "Moscow region" and "Kyiv region".
    The name of a capital stands for its province ("Belgorod"). For a slug use `get_region`.

    Parameters
    ----------
    name : str
        The name alone, without "over" or "the territory of".

    Raises
    ------
    RegionError
        See `match_region`.

    Examples
    --------
    >>> find_region("Ryazhan").slug, find_region("Республикой Крым").slug
    ('ryazan', 'crimea')
    >>> find_region("Московским регионом").slug, find_region("Moscow").slug
    ('moscow_region', 'moscow_city')
    """
    return match_region(name).region


@lru_cache(maxsize=4096)
def match_region(name: str) -> Match:
    """Return the unit that a name means and whether a letter had to be forgiven.

    One letter added, dropped, replaced or swapped is forgiven if the word has five letters or more
    and exactly one unit has a form that near. Nothing else is guessed.

    Parameters
    ----------
    name : str
        The name alone, without "over" or "the territory of".

    Raises
    ------
    RegionError
        If no unit answers to the name, or more than one could; the error says which.

    Examples
    --------
    >>> match_region("Омской области").near, match_region("Ryazhan").near
    (False, True)
    >>> match_region("Homsk")
    Traceback (most recent call last):
    analysis.errors.RegionError: 'Homsk' may be Omsk Oblast or Tomsk Oblast. Write the full name.
    """
    words = tuple(normalise_name(name).removeprefix("the ").split())
    exact = _forms().get(words)
    slugs = exact or _near_slugs(words)
    if len(slugs) == 1:
        return Match(get_region(slugs[0]), near=exact is None, written=name)
    quoted = repr(name if len(name) <= _QUOTED else name[:_QUOTED] + "...")
    if slugs:
        *others, last = (get_region(slug).name_en for slug in slugs)
        problem = f"{quoted} may be {', '.join(others)} or {last}."
        raise RegionError(problem, "Write the full name.")
    alike = " or ".join(get_region(slug).name_en for slug in _suggestions(words))
    hint = f"Did you mean {alike}? If not, look" if alike else "Look"
    raise RegionError(
        f"{quoted} is no name of a known region.", f"{hint} the name up in region_table()."
    )


@lru_cache(maxsize=4096)
def misspelt_region(name: str) -> Region | None:
    """Return the one unit that a name is a letter away from, or None.

    For running text, where most words name no unit at all; `match_region` says why a name is
    refused.

    Examples
    --------
    >>> misspelt_region("Ryazhan").slug, misspelt_region("Homsk"), misspelt_region("Gondor")
    ('ryazan', None, None)
    """
    slugs = _near_slugs(tuple(normalise_name(name).split()))
    return get_region(slugs[0]) if len(slugs) == 1 else None


@cache
def name_forms() -> Mapping[str, str]:
    """Return every form by which a source may name a unit, normalised, with the unit's slug.

    Forms that two units share, such as the bare "Altai", are not in it.

    Returns
    -------
    Mapping of str to str
        About 7000 forms, as `normalise_name` gives them; words are joined by one space.

    Examples
    --------
    >>> name_forms()["белгородской"], name_forms()["sea of azov"], "altai" in name_forms()
    ('belgorod', 'azov_sea', False)
    """
    known = {" ".join(words): slugs[0] for words, slugs in _forms().items() if len(slugs) == 1}
    return MappingProxyType(known)


@cache
def form_words() -> Mapping[Words, str]:
    """Return the forms to look for in running text, split into words, with the unit's slug.

    These are the forms of `name_forms` without those that mean something else more often: "ровно"
    (evenly, and the city of Rivne), "донецком" (the city, and any front called after it), "орел".

    Examples
    --------
    >>> form_words()["республики", "крым"], form_words()["черного",]
    ('crimea', 'black_sea')
    >>> find_region("Ровно").slug, ("ровно",) in form_words()
    ('rivne', False)
    """
    everyday = {tuple(form.split()) for _, form, _, use in _rows() if use == "word"}
    known = {
        words: slugs[0]
        for words, slugs in _forms().items()
        if len(slugs) == 1 and words not in everyday
    }
    return MappingProxyType(known)


@cache
def _rows() -> list[list[str]]:
    """Read names.csv: language, form, slug and use of every form."""
    with Path(__file__).with_name("names.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def _forms() -> dict[Words, tuple[str, ...]]:
    """Return all forms with their slugs, also those that more than one unit has."""
    return {tuple(form.split()): tuple(slug.split(JOIN)) for _, form, slug, _ in _rows()}


@cache
def _words_by_end() -> dict[str, list[str]]:
    """Return the words of all forms under the first and under the last letters of each."""
    index: dict[str, list[str]] = {}
    for word in dict.fromkeys(word for form in _forms() for word in form):
        if len(word) >= SHORTEST_NEAR - 1:
            for end in ends_of(word):
                index.setdefault(end, []).append(word)
    return index


@cache
def _longest_word() -> int:
    """Return how many letters the longest word of all forms has."""
    return max(len(word) for form in _forms() for word in form)


def _one_edit_from(written: str) -> list[str]:
    """Return the words of all forms that are one edit away from a word."""
    if not SHORTEST_NEAR <= len(written) <= _longest_word() + 1:
        return []
    index = _words_by_end()
    known = {word for end in ends_of(written) for word in index.get(end, ())}
    return [word for word in known if is_one_edit_apart(written, word)]


def _near_slugs(words: Words) -> tuple[str, ...]:
    """Return the units that the words may misspell: more than one, or one beyond doubt."""
    near: set[str] = set()
    rivals: set[str] = set()  # a short form is never taken, but it makes its neighbour doubtful
    for at, written in enumerate(words):
        for known in _one_edit_from(written):
            slugs = _forms().get((*words[:at], known, *words[at + 1 :]), ())
            (near if len(known) >= SHORTEST_NEAR else rivals).update(slugs)
    return tuple(sorted(near | rivals)) if near else ()


def _suggestions(words: tuple[str, ...]) -> list[str]:
    """Return up to three units whose forms look most like the words."""
    alike = difflib.get_close_matches(" ".join(words)[:_QUOTED], name_forms(), n=12)
    return list(dict.fromkeys(name_forms()[form] for form in alike))[:3]
