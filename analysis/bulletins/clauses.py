"""What stands around a token in its clause: pure looks to the left and to the right.

The tokens are those of one sentence, and `BEYOND`.
"""

from collections.abc import Sequence

from analysis.bulletins.tokens import Token

#: What ends the reach of a number or of a place that waits.
HARD = frozenset(("colon", "semicolon", "bullet", "stop", "ellipsis"))
SOFT = HARD | {"comma", "and", "using"}
CLAUSE = SOFT | {"number"}
_CLAUSE_OR_REGION = CLAUSE | {"region"}
_AFTER_NUMBER = frozenset(
    ("object", "downed", "over", "dash", "each", "close", "more", "ofwhich", "towards", "outof")
)
_BEFORE_BARE_NUMBER = ("dash", "open", "downed", "per", "more", "subset", "ofwhich", "outof")
_WORDS = ("word", "ratio", "origin")
_BEFORE_NOUN = frozenset(
    ("filler", "downed", "home", "and", "agent", "all", "among", "outof", "number", "when", *_WORDS)
)
_PASSED_OVER = ("filler", "home", "all", "also", "among")
#: What stands between a noun and the number or article that governs it.
_WITHIN_NOUN = ("filler", "word", "home")
#: Stands behind the tokens of each sentence, so that looking ahead (and back) always finds one.
BEYOND = (Token("stop", None, ""),) * 4


def follows_place(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here ends an item that began with its place: "over Tula 6, ..."."""
    mark = tokens[at - 1].kind in ("colon", "comma")
    before = tokens[at - 1 - mark].kind
    after = tokens[at + 1].kind
    return before in ("region", "unit", "word") and (after in SOFT or after == "region")


def counts_weapons(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here counts weapons, rather than people, kilometres or towns."""
    governor = tokens[at - 1 - (tokens[at - 1].key == "of")]
    if governor.kind == "debris":
        return False
    ahead, words = at + 1, 0
    while True:
        kind = tokens[ahead].kind
        if kind in _WORDS and words == 0 and tokens[ahead - 1].kind != "among":
            words += 1  # an adjective that no lexicon knows
        elif kind not in _PASSED_OVER:
            break
        ahead += 1
    kind = tokens[ahead].kind
    if words or kind == "aside":
        return kind == "object"
    if kind in _AFTER_NUMBER:
        return True
    if kind == "open" and tokens[ahead + 1].kind in ("subset", "ofwhich"):
        return True
    if _shares_noun(tokens, ahead):
        return noun_after(tokens, at) is not None
    place = at - 1
    while tokens[place].kind == "filler":  # "- more than five"
        place -= 1
    before = tokens[place].kind
    return before in _BEFORE_BARE_NUMBER or (kind == "region" and before != "region")


def noun_after(tokens: Sequence[Token], at: int) -> Token | None:
    """The weapon named right after a number or verb; of "unmanned boat" the last noun decides."""
    found = None
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.kind == "object":
            found = token
        elif (found and token.kind != "filler") or (
            token.kind not in _BEFORE_NOUN and not _shares_noun(tokens, place)
        ):
            break
    return found


def _shares_noun(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma or "and" parts adjectives of one noun: "10 ballistic, 20 cruise missiles"."""
    joint = tokens[at].kind in ("comma", "and")
    return joint and tokens[at - 1].kind == "filler" and tokens[at + 1].kind == "number"


def begins_compound(tokens: Sequence[Token], at: int) -> bool:
    """Whether another noun follows the one here: "rockets of the launcher"."""
    for place in range(at + 1, len(tokens)):
        if tokens[place].kind != "filler":
            return tokens[place].kind == "object"
    return False


def noun_of_article(tokens: Sequence[Token], at: int) -> Token | None:
    """The one weapon that "a" or "an" stands before; None in "a drone attack"."""
    place = at + 1
    while tokens[place].kind in _WITHIN_NOUN:
        place += 1
    noun, after = tokens[place], tokens[place + 1]
    single = noun.kind == "object" and noun.value[1] == "one"
    ends = after.kind in SOFT or after.kind in ("downed", "over") or after.value == "aux"
    return noun if single and ends else None


def is_uncounted(tokens: Sequence[Token], at: int) -> bool:
    """Whether no number, article or verb governs the noun here."""
    place = at - 1
    while tokens[place].kind in _WITHIN_NOUN:
        place -= 1
    return tokens[place].kind not in ("number", "article", "downed")


def begins_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing but a mark or a phrase that tells time stands before the token here."""
    return at == 0 or tokens[at - 1].kind == "when" or tokens[at - 1].kind in SOFT


def place_ahead(tokens: Sequence[Token], at: int) -> bool:
    """Whether a place follows the number here before its clause ends."""
    return next_of(tokens, at, _CLAUSE_OR_REGION) == "region"


def is_bound(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here is said to fly somewhere: "six of them flying to"."""
    return next_of(tokens, at, CLAUSE | {"towards"}) == "towards"


def is_last(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" or "also" announces the number here."""
    before = at - 1
    while tokens[before].kind in ("per", "downed", "aux"):
        before -= 1
    return tokens[before].kind in ("and", "also")


def joined_by(tokens: Sequence[Token], at: int) -> str:
    """Kind of the last mark or "and" before the number here."""
    for place in range(at - 1, -1, -1):
        if tokens[place].kind in SOFT:
            return tokens[place].kind
    return ""


def next_of(tokens: Sequence[Token], at: int, kinds: frozenset[str]) -> str:
    """The first of some kinds that a token behind a position has; "" where none has."""
    for place in range(at + 1, len(tokens)):
        if tokens[place].kind in kinds:
            return tokens[place].kind
    return ""
