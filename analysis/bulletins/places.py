"""A run of tokens that names where: one unit, or a list of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.bulletins.clauses import BEYOND
from analysis.bulletins.tokens import Token
from analysis.regions import Region, begun_region, form_words, misspelt_region

#: Words inside a list of units that name none themselves.
_BETWEEN = ("unit", "over", "also", "home")
#: Names of districts, and what joins them, before the word "district".
_DISTRICT = 7
#: What may follow a number in brackets that is its unit's own.
_WITHIN_BRACKET = ("close", "object", "filler", "word", "stop")
_MAY_FOLLOW = (
    *("comma", "stop", "and", "unit", "close", "dash", "semicolon", "number", "bullet"),
    *("downed", "filler", "object", "when"),
)


@dataclass(slots=True)
class Place:
    """Where something was said to have happened.

    Attributes
    ----------
    regions : tuple of str
        Slugs in the order of the text.
    near : tuple of (str, str)
        Words accepted though one letter off, with the slug taken.
    begun : tuple of (str, str)
        A name whose end is lost, with the one slug that it can mean.
    unknown : tuple of str
        Words that should name a unit and name none that is known.
    groups : tuple of str
        Words for groups of units, such as "the east", which no unit answers to.
    numbered : tuple of (str, int, str)
        Units with a number of their own in brackets, and the weapon named there, or "".
    ends_list : bool
        The last unit was joined by "and".
    end : int
        Position of the token after the place.
    """

    regions: tuple[str, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    begun: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    numbered: tuple[tuple[str, int, str], ...] = ()
    ends_list: bool = False
    end: int = 0


def read_place(
    tokens: Sequence[Token], begin: int, *, unfinished: bool, listed: bool = False
) -> Place | None:
    """Read the list of units that begins at a token; None where there is none.

    The tokens are those of a sentence, and `BEYOND`.

    The list goes on over commas, "and" and words such as "territory"; it ends before a number, a
    verb or anything else. In a text that is unfinished the last word may be the beginning of one;
    then, except in a headline (not ``listed``), a last name that others begin with is not known.
    """
    reader = _Reader(tokens, begin, len(tokens) - 1 - len(BEYOND) if unfinished else -1)
    reader.listed = listed
    return reader.read()


class _Reader:
    """Reads one list of units."""

    def __init__(self, tokens: Sequence[Token], begin: int, torn: int) -> None:
        self.tokens = tokens
        self.torn = torn  # the word that may have lost its end
        self.listed = False
        self.at = begin
        self.end = begin
        self.regions: list[str] = []
        self.keys: list[str] = []  # how each of them is written
        self.near: tuple[tuple[str, str], ...] = ()
        self.begun: tuple[tuple[str, str], ...] = ()
        self.unknown: tuple[str, ...] = ()
        self.groups: tuple[str, ...] = ()
        self.numbered: tuple[tuple[str, int, str], ...] = ()
        self.joint = ""
        self.marks: tuple[str, ...] = ()

    def read(self) -> Place | None:
        """Return the place, or None."""
        while True:
            token = self.tokens[self.at]
            if token.kind in ("word", "region") and self._district():
                continue
            if token.kind in ("region", "group") and self._named(token):
                pass
            elif token.kind in _BETWEEN:
                self._between()
            elif token.kind == "bullet" and self._bulleted():
                self.at += 1
            elif token.kind == "beside":
                self._beside()
            elif token.kind in ("comma", "and") and self._goes_on():
                self.joint = token.kind
                self.at += 1
            elif token.kind == "word" and self._names():
                self._stranger(token)
            else:
                break
        if not (self.regions or self.unknown or self.numbered or self.groups):
            return None
        return Place(
            () if self.groups else tuple(self.regions),
            self.near,
            self.begun,
            self.unknown,
            self.groups,
            self.numbered,
            self.joint == "and",
            self.end,
        )

    def _kind(self, ahead: int) -> str:
        return self.tokens[self.at + ahead].kind

    def _bulleted(self) -> bool:
        """Whether the list has a bullet before each unit: "over", and then the first bullet."""
        if self._kind(-1) == "over" and not self.regions:
            self.marks = ("bullet",)
        return bool(self.marks)

    def _between(self) -> None:
        """Step over a word such as "territory"."""
        token = self.tokens[self.at]
        if token.value == "several":
            one = token.key.removesuffix("s")
            forms = form_words()
            pairs = zip(self.keys, self.regions, strict=True)
            self.regions = [forms.get((key, one), slug) for key, slug in pairs]
        self.at += 1
        if self.regions or self.numbered:
            self.end = self.at

    def _named(self, token: Token) -> bool:
        """Take a unit, or "the east" as a group of units unless it is the east of a unit."""
        if token.kind == "region":
            if self.at == self.torn - 1 and self._torn_name():
                return False
            if self.at == self.torn and self.listed and begun_region([token.key]) is None:
                self.unknown += (token.raw,)
                self.at = self.end = self.at + 1
                return True
            self._region(token)
            return True
        self.at += 1
        if self._kind(0) != "region":
            self.groups += (token.raw,)
            self.end = self.at
        return True

    def _beside(self) -> None:
        """Read "off the coast of": a unit of its own, or only where in the unit named before."""
        self.at += 1
        if self.regions:
            while self._kind(0) in ("unit", "region"):
                self.at += 1
            self.end = self.at

    def _region(self, token: Token) -> None:
        """Take a unit, with its own number where one follows in brackets."""
        slug = str(token.value)
        self.at += 1
        ahead = 0
        while self._kind(ahead) == "unit":
            ahead += 1
        bracketed = self._kind(ahead) == "open" and self._kind(ahead + 1) == "number"
        if bracketed and self._kind(ahead + 2) in _WITHIN_BRACKET:
            number = self.tokens[self.at + ahead + 1].value
            self.at += ahead + 2
            weapon = ""
            while self._kind(0) in ("object", "filler", "word"):
                if self._kind(0) == "object":
                    weapon = self.tokens[self.at].value[0]
                self.at += 1
            self.at += self._kind(0) == "close"
            self.numbered += ((slug, number, weapon),)
        elif slug not in self.regions:
            self._take(slug, token.key)
        self.end = self.at

    def _torn_name(self) -> bool:
        """Take a unit whose name goes on in the piece of a word that ends the text: "Moscow re"."""
        torn = self.tokens[self.torn]
        if torn.kind != "word" or torn.raw[:1].isupper():
            return False
        region = begun_region([self.tokens[self.at].key, torn.key])
        if region is None or region.slug == self.tokens[self.at].value:
            return False
        self._take(region.slug, torn.key)
        self.begun += ((f"{self.tokens[self.at].raw} {torn.raw}", region.slug),)
        self.at = self.end = self.torn + 1
        return True

    def _take(self, slug: str, key: str) -> None:
        """Add a unit to the list."""
        self.regions.append(slug)
        self.keys.append(key)

    def _goes_on(self) -> bool:
        """Whether the list goes on after a comma or "and"."""
        ahead = 1
        while self._kind(ahead) in ("and", "also", "comma", *self.marks, *_BETWEEN):
            ahead += 1
        if self._kind(ahead) in ("region", "group"):
            return True
        if self._kind(ahead) != "word" or not (self.regions or self.numbered or self.unknown):
            return False
        place = self.at + ahead
        if self._past_district(place):
            return True
        last = self._end_of_name(place)
        if last > place and self.tokens[last].kind == "unit":
            return True  # a unit that is not known
        return self._looks_named(place) and self._meant(place) is not None

    def _district(self) -> bool:
        """Step over the names of districts: their region follows."""
        past = self._past_district(self.at)
        self.at = past or self.at
        return bool(past)

    def _past_district(self, first: int) -> int:
        """Position after "district", if the words from here on name districts; else 0."""
        named = self.tokens[first].kind == "region"  # "of the Azov district" is no sea
        reach = 2 if named else _DISTRICT
        for place in range(first + 1, first + reach):
            token = self.tokens[place]
            if token.value == "district":
                return place + 1
            if token.kind not in ("word", "and", "comma"):
                return 0
        return 0

    def _names(self) -> bool:
        """Whether an unknown word stands where a unit should."""
        before = self._kind(-1)
        return before in ("over", "unit", "and", "comma") and self._looks_named(self.at)

    def _looks_named(self, place: int) -> bool:
        """A capital letter, and the end of a list item behind it."""
        last = self._end_of_name(place)
        return last > place and self.tokens[last].kind in _MAY_FOLLOW

    def _end_of_name(self, place: int) -> int:
        """Position after the unknown words with a capital letter that begin here."""
        while self.tokens[place].kind == "word" and self.tokens[place].raw[:1].isupper():
            place += 1
        return place

    def _stranger(self, token: Token) -> None:
        """Take an unknown word as the unit it is one letter from, or note it as unknown."""
        region = self._meant(self.at)
        if region is None:
            last = self._end_of_name(self.at)
            self.unknown += (" ".join(t.raw for t in self.tokens[self.at : last]),)
            self.at = last - 1
        else:
            guess = ((token.raw, region.slug),)
            if self.at == self.torn:
                self.begun += guess
            else:
                self.near += guess
            self._take(region.slug, token.key)
        self.at += 1
        self.end = self.at

    def _meant(self, place: int) -> Region | None:
        """The one unit that an unknown word can mean: one letter off, or without its end."""
        if place != self.torn:
            return misspelt_region(self.tokens[place].raw)
        first = place
        while first and self.tokens[first - 1].kind in ("unit", "over"):
            first -= 1
        words = self.tokens[first : place + 1]
        kinds = [token.value for token in words if token.kind == "unit" and token.value]
        sea = kinds[-1] == "sea" if kinds else None
        return begun_region([token.key for token in words], sea=sea)
