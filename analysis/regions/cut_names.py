"""A name whose end is lost: which unit can still be meant."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from analysis.regions.gazetteer import Region, get_region
from analysis.regions.names import form_words

#: One letter is no beginning of a name: too many share it.
_SHORTEST = 2
_SEA = "sea"
#: Sorts behind every letter of a name.
_BEHIND_ALL = "\U0010ffff"


def begun_region(words: Sequence[str], *, sea: bool | None = None) -> Region | None:
    """Return the one unit that has a form beginning with these words, or None.

    The last word may be cut anywhere; the words before it help to tell units apart ("Republic of
    Ta..."), and are left out one by one where no form begins with them.

    Parameters
    ----------
    words : sequence of str
        Normalised words, the last of them perhaps incomplete.
    sea : bool, optional
        True to look among seas only, False among land units only.

    Examples
    --------
    >>> begun_region(["территорией", "воро"]).slug, begun_region(["аз"], sea=True).slug
    ('voronezh', 'azov_sea')
    >>> begun_region(["республики", "кр"]).slug, begun_region(["кр"])
    ('crimea', None)
    """
    if not words or len(words[-1]) < _SHORTEST:
        return None
    for first in range(len(words)):
        slugs = {
            slug
            for slug in _beginning_with(" ".join(words[first:]))
            if sea is None or (get_region(slug).kind == _SEA) == sea
        }
        if slugs:
            return get_region(slugs.pop()) if len(slugs) == 1 else None
    return None


@cache
def _sorted_forms() -> tuple[tuple[str, str], ...]:
    """All forms with their slugs, in the order of their letters."""
    return tuple(sorted((" ".join(words), slug) for words, slug in form_words().items()))


def _beginning_with(start: str) -> set[str]:
    """Slugs of the forms that begin with these letters."""
    forms = _sorted_forms()
    first = bisect_left(forms, (start, ""))
    return {slug for _, slug in forms[first : bisect_left(forms, (start + _BEHIND_ALL, ""))]}
