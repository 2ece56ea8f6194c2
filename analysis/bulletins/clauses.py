"""What stands around a token in its clause: pure looks to the left and to the right."""

from collections.abc import Iterator, Sequence

from analysis.bulletins.tokens import Token

#: What ends the reach of a number or of a place that waits.
HARD = ("colon", "semicolon", "bullet", "stop", "ellipsis")
SOFT = ("comma", "and", *HARD)
_AFTER_NUMBER = (
    *("object", "downed", "over", "dash", "each", "close", "more", "ofwhich", "towards", "outof"),
)
_BEFORE_BARE_NUMBER = ("dash", "open", "downed", "per", "more", "subset", "ofwhich")
_BEFORE_NOUN = (
    *("filler", "word", "downed", "home", "and", "agent", "all", "among", "outof", "number"),
)
_PASSED_OVER = ("filler", "home", "all", "also", "among")
#: What stands between a noun and the number or article that governs it.
_WITHIN_NOUN = ("filler", "word", "home")
_END = Token("stop", None, "")


def token_at(tokens: Sequence[Token], place: int) -> Token:
    """Token at a position; a full stop outside the sentence."""
    return tokens[place] if 0 <= place < len(tokens) else _END


def follows_place(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here ends an item that began with its place: "over Tula 6, ..."."""
    mark = token_at(tokens, at - 1).kind in ("colon", "comma")
    before = token_at(tokens, at - 1 - mark).kind
    return before in ("region", "unit", "word") and token_at(tokens, at + 1).kind in (
        *SOFT,
        "region",
    )


def counts_weapons(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here counts weapons, rather than people, kilometres or towns."""
    governor = token_at(tokens, at - 1 - (token_at(tokens, at - 1).key == "of"))
    if governor.kind == "debris":
        return False
    ahead, words = at + 1, 0
    while ahead < len(tokens):
        kind = tokens[ahead].kind
        if kind == "word" and words == 0 and tokens[ahead - 1].kind != "among":
            words += 1  # an adjective that no lexicon knows
        elif kind not in _PASSED_OVER:
            break
        ahead += 1
    kind = token_at(tokens, ahead).kind
    if words:
        return kind == "object"
    if kind in _AFTER_NUMBER:
        return True
    if kind == "open" and token_at(tokens, ahead + 1).kind in ("subset", "ofwhich"):
        return True
    before = token_at(tokens, at - 1).kind
    return before in _BEFORE_BARE_NUMBER or (kind == "region" and before != "region")


def noun_after(tokens: Sequence[Token], at: int) -> Token | None:
    """The weapon named right after a number or verb; of "unmanned boat" the last noun decides."""
    found = None
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.kind == "object":
            found = token
        elif token.kind not in (("filler",) if found else _BEFORE_NOUN):
            break
    return found


def begins_compound(tokens: Sequence[Token], at: int) -> bool:
    """Whether another noun follows the one here: "rockets of the launcher"."""
    ahead = at + 1
    while token_at(tokens, ahead).kind == "filler":
        ahead += 1
    return token_at(tokens, ahead).kind == "object"


def noun_of_article(tokens: Sequence[Token], at: int) -> Token | None:
    """The one weapon that "a" or "an" stands before; None in "a drone attack"."""
    place = at + 1
    while token_at(tokens, place).kind in _WITHIN_NOUN:
        place += 1
    noun, after = token_at(tokens, place), token_at(tokens, place + 1)
    single = noun.kind == "object" and noun.value[1] == "one"
    ends = after.kind in ("downed", "over", *SOFT) or after.value == "aux"
    return noun if single and ends else None


def is_uncounted(tokens: Sequence[Token], at: int) -> bool:
    """Whether no number, article or verb governs the noun here."""
    place = at - 1
    while token_at(tokens, place).kind in _WITHIN_NOUN:
        place -= 1
    return token_at(tokens, place).kind not in ("number", "article", "downed")


def verb_stands_alone(tokens: Sequence[Token], at: int) -> bool:
    """Whether no number, and no verb that could decide instead, follows the verb here."""
    noun = False
    for place in range(at + 1, len(tokens)):
        kind = tokens[place].kind
        noun |= kind == "object"
        if kind in ("number", "downed"):
            return False
        if kind in ("over", "region", "comma", *HARD) or (noun and kind == "and"):
            break
    return True


def measure_near(tokens: Sequence[Token], at: int) -> str:
    """Measure of the verb before the number in its clause, else after it; "" without one."""
    for place in range(at - 1, -1, -1):
        token = tokens[place]
        if token.kind == "downed":
            first = token_at(tokens, place - 2)
            paired = token_at(tokens, place - 1).kind == "and" and first.kind == "downed"
            return str((first if paired else token).value[0])
        if token.kind in SOFT or token.kind == "number":
            break
    for token in _clause_after(tokens, at, (*HARD, "number", "comma")):
        if token.kind == "downed":
            return str(token.value[0])
    return ""


def place_ahead(tokens: Sequence[Token], at: int) -> bool:
    """Whether a place follows the number here before its clause ends."""
    return any(t.kind == "region" for t in _clause_after(tokens, at, (*SOFT, "number")))


def is_bound(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here is said to fly somewhere: "six of them flying to"."""
    return any(t.kind == "towards" for t in _clause_after(tokens, at, (*SOFT, "number")))


def is_last(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" or "also" announces the number here."""
    before = at - 1
    while token_at(tokens, before).kind in ("per", "downed", "aux"):
        before -= 1
    return token_at(tokens, before).kind in ("and", "also")


def joined_by(tokens: Sequence[Token], at: int) -> str:
    """Kind of the last mark or "and" before the number here."""
    kinds = (tokens[place].kind for place in range(at - 1, -1, -1))
    return next((kind for kind in kinds if kind in SOFT), "")


def _clause_after(tokens: Sequence[Token], at: int, ends: Sequence[str]) -> Iterator[Token]:
    """Tokens after a position up to the first of some kinds."""
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.kind in ends:
            return
        yield token
