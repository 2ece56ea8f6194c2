"""One spelling for a name, whatever alphabet, apostrophe or hyphen it was typed with."""

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-zï]")
_LETTERS = re.compile(r"[^\W\d_]+")
_NOT_WORD = re.compile(r"[^\w'-]+|_+")
# Capitals decide: a small h or t is no Cyrillic letter, but H and T are, and case is folded by now.
_LATIN_TO_CYRILLIC = str.maketrans("abcehikmoptxyï", "авсенікмортхуї")
_CYRILLIC_TO_LATIN = str.maketrans("авсенікмортхуї", "abcehikmoptxyï")
_SAME = str.maketrans({"ё": "е"} | dict.fromkeys("’ʼ‘`´ʹ′", "'") | dict.fromkeys("‐‑‒–—―−⁃", "-"))


@lru_cache(maxsize=4096)
def normalise_name(text: str) -> str:
    """Fold everything in a name that does not change which place it means.

    Case, ё/е, the kinds of apostrophe and dash, stress marks, soft hyphens, underscores and
    punctuation are folded; Latin letters that look Cyrillic are read as Cyrillic in a Cyrillic
    word, and the other way round in a Latin one; words are joined by one space. A dash between
    words is dropped, a hyphen inside a word is kept.

    Parameters
    ----------
    text : str
        A name as written, in any language.

    Returns
    -------
    str
        The normalised name, "" when the text holds no letter or digit.

    Examples
    --------
    >>> normalise_name(" Респу\u00adблика Северная Осети\u0301я — Алания ")
    'республика северная осетия алания'
    >>> normalise_name("Орёл"), normalise_name("Бeлгopoд"), normalise_name("moscow_region")
    ('орел', 'белгород', 'moscow region')
    """
    composed = unicodedata.normalize("NFKC", text.translate(_SAME))  # NFKC makes a space of ´
    folded = unicodedata.normalize("NFKC", composed.casefold())
    # Marks that did not melt into a letter are stress marks; Cf are soft hyphens and the like.
    kept = (c for c in folded if unicodedata.category(c) not in ("Mn", "Cf"))
    plain = "".join(kept).translate(_SAME)
    words = _NOT_WORD.sub(" ", _LETTERS.sub(_one_alphabet, plain)).split()
    return " ".join(word for part in words if (word := part.strip("'-")))


def _one_alphabet(found: re.Match[str]) -> str:
    """Return the word in the one alphabet that all its letters can be read in."""
    word = found[0]
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    cyrillic = word.translate(_LATIN_TO_CYRILLIC)
    if not _LATIN.search(cyrillic):
        return cyrillic
    latin = word.translate(_CYRILLIC_TO_LATIN)
    return word if _CYRILLIC.search(latin) else latin


def is_one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter inserted, dropped, replaced or swapped with the next makes a into b.

    Damerau-Levenshtein distance 1; equal words are not one edit apart.

    Examples
    --------
    >>> is_one_edit_apart("ryazhan", "ryazan"), is_one_edit_apart("kurks", "kursk")
    (True, True)
    >>> is_one_edit_apart("псковской", "московской"), is_one_edit_apart("omsk", "omsk")
    (False, False)
    """
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if start is None:  # one is the other with a letter more at its end
        return True
    rest_a, rest_b = a[start:], b[start:]
    if len(a) != len(b):
        return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]
    swapped = rest_a[:2] == rest_b[1::-1]
    return rest_a[1:] == rest_b[1:] or (swapped and rest_a[2:] == rest_b[2:])


def ends_of(word: str) -> tuple[str, str]:
    """Return the first and the last two letters of a word, told apart by a hyphen.

    Words one edit apart, the longer of five letters or more, share at least one of the two: to
    find the words near another, look them up by these.

    Examples
    --------
    >>> ends_of("kursk"), ends_of("kusrk")
    (('ku-', '-sk'), ('ku-', '-rk'))
    """
    return f"{word[:2]}-", f"-{word[-2:]}"
