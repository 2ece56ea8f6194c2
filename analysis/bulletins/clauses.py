"""What stands around a token in its clause: pure looks to the left and to the right."""

from collections.abc import Container, Iterable, Sequence

from analysis.bulletins.tokens import Token
from analysis.vocabulary import DOWNED

#: What ends the reach of a number or of a place that waits.
HARD = frozenset(("colon", "semicolon", "bullet", "stop", "ellipsis"))
SOFT = HARD | {"comma", "and", "using"}
_CLAUSE = SOFT | {"number"}
_CLAUSE_OR_REGION = _CLAUSE | {"region"}
_AFTER_NUMBER = frozenset(
    ("object", "downed", "over", "dash", "each", "close", "more", "ofwhich", "towards", "outof")
)
_BEFORE_BARE_NUMBER = ("dash", "open", "downed", "per", "more", "subset", "ofwhich", "outof")
_WORDS = ("word", "ratio", "origin")
_BEFORE_NOUN = frozenset(
    ("filler", "downed", "home", "and", "agent", "all", "among", "outof", "number", "when", *_WORDS)
)
_IN_LIST = ("object", "number", "outof", "comma", "and", "when", "filler", "home", "also")
_PASSED_OVER = ("filler", "home", "all", "also", "among")
#: What stands between a noun and the number or article that governs it.
_WITHIN_NOUN = ("filler", "word", "home")
#: Ends that a number may be said to have met together, the surest first.
_ENDS = (*DOWNED, "lost")
_BEFORE_VERB = HARD | {"number", "comma"}
_BEFORE_ALONE = ("and", "comma", "colon", "dash", "more", "also")
_END = Token("stop", None, "")


def token_at(tokens: Sequence[Token], place: int) -> Token:
    """Token at a position; a full stop outside the sentence."""
    return tokens[place] if 0 <= place < len(tokens) else _END


def follows_place(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here ends an item that began with its place: "over Tula 6, ..."."""
    mark = token_at(tokens, at - 1).kind in ("colon", "comma")
    before = token_at(tokens, at - 1 - mark).kind
    after = token_at(tokens, at + 1).kind
    return before in ("region", "unit", "word") and (after in SOFT or after == "region")


def counts_weapons(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here counts weapons, rather than people, kilometres or towns."""
    governor = token_at(tokens, at - 1 - (token_at(tokens, at - 1).key == "of"))
    if governor.kind == "debris":
        return False
    ahead, words = at + 1, 0
    while ahead < len(tokens):
        kind = tokens[ahead].kind
        if kind in _WORDS and words == 0 and tokens[ahead - 1].kind != "among":
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
    place = at - 1
    while token_at(tokens, place).kind == "filler":  # "- more than five"
        place -= 1
    before = token_at(tokens, place).kind
    return before in _BEFORE_BARE_NUMBER or (kind == "region" and before != "region")


def noun_after(tokens: Sequence[Token], at: int) -> Token | None:
    """The weapon named right after a number or verb; of "unmanned boat" the last noun decides."""
    found = None
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.kind == "object":
            found = token
        elif token.kind not in _BEFORE_NOUN or (found and token.kind != "filler"):
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
    ends = after.kind in SOFT or after.kind in ("downed", "over") or after.value == "aux"
    return noun if single and ends else None


def is_uncounted(tokens: Sequence[Token], at: int) -> bool:
    """Whether no number, article or verb governs the noun here."""
    place = at - 1
    while token_at(tokens, place).kind in _WITHIN_NOUN:
        place -= 1
    return token_at(tokens, place).kind not in ("number", "article", "downed")


def counts_as_one(tokens: Sequence[Token], at: int, *, listed: bool) -> bool:
    """Whether the noun that ends here means one by its form: "a missile and 79 drones were downed".

    So it does if nothing counts it, and a verb stands before or behind it or a list goes on.
    """
    place, alone = at, False
    while token_at(tokens, place).kind in ("object", "filler", "home"):
        alone |= tokens[place].kind == "object" and tokens[place].value[1] == "alone"
        place -= 1
    if not alone:
        return False
    if token_at(tokens, place).kind in _BEFORE_ALONE:
        return listed
    while token_at(tokens, place).kind in ("over", "region", "unit", "group", "when"):
        place -= 1
    before, after = token_at(tokens, place), token_at(tokens, at + 1)
    if before.kind == "downed":
        goes_on = _next_of(tokens, at, HARD | {"number"}) == "number"
        return before.value[0] in _ENDS or (before.value[0] == "launched" and goes_on)
    return after.kind == "downed" and after.value[0] in _ENDS and verb_stands_alone(tokens, at + 1)


def verb_stands_alone(tokens: Sequence[Token], at: int) -> bool:
    """Whether no number, and no verb that could decide instead, follows the verb here."""
    noun = False
    for place in range(at + 1, len(tokens)):
        kind = tokens[place].kind
        noun |= kind == "object"
        if kind in ("number", "downed"):
            return False
        if kind in ("over", "region", "comma") or kind in HARD or (noun and kind == "and"):
            break
    return True


def measure_near(tokens: Sequence[Token], at: int) -> str:
    """Measure of the verb before the number in its clause, else after it; "" without one."""
    before = _first_verb(tokens, range(at - 1, -1, -1), _CLAUSE)
    found = joint_measure(tokens, before) if before is not None else _attacked_with(tokens, at)
    if found and (found != "launched" or token_at(tokens, at + 1).kind != "downed"):
        return found
    after = _first_verb(tokens, range(at + 1, len(tokens)), _BEFORE_VERB)
    after = _verb_of_list(tokens, at) if after is None else after
    if after is None:
        return found
    verb = joint_measure(tokens, after)
    if verb == "launched":  # "all drones launched overnight were destroyed"
        later = _first_verb(tokens, range(after + 1, len(tokens)), _CLAUSE)
        verb = verb if later is None else joint_measure(tokens, later)
    return verb


def measure_before(tokens: Sequence[Token], at: int) -> str:
    """Measure of the last verb that no number has taken yet; "" without one."""
    before = _first_verb(tokens, range(at - 1, -1, -1), ("number", *HARD))
    return "" if before is None else joint_measure(tokens, before)


def _first_verb(tokens: Sequence[Token], places: Iterable[int], ends: Container[str]) -> int | None:
    """Position of the first verb on the way, before any token of some kinds."""
    for place in places:
        kind = tokens[place].kind
        if kind == "downed":
            return place
        if kind in ends:
            places_only = kind == "number" and not counts_weapons(tokens, place)
            if not places_only:  # "hits at six sites (nine drones)"
                return None
    return None


def _attacked_with(tokens: Sequence[Token], at: int) -> str:
    """The measure of "attacked ... with 13 missiles"; "" where that is not said."""
    if token_at(tokens, at - 1).kind != "using":
        return ""
    before = _first_verb(tokens, range(at - 2, -1, -1), _CLAUSE)
    attacked = before is not None and tokens[before].value[0] == "launched"
    return "launched" if attacked else ""


def _verb_of_list(tokens: Sequence[Token], at: int) -> int | None:
    """Position of the verb behind "seven missiles, two bombs and 96 drones were shot down"."""
    if _first_verb(tokens, range(at - 1, -1, -1), ()) is not None:
        return None  # a verb before the list has told already
    named = False  # a number with its noun: only then may the list go on
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        named = token.kind == "object" or (named and token.kind != "number")
        if token.kind == "downed":
            return place
        if token.kind in ("comma", "and") and not named:
            return None
        if token.kind not in _IN_LIST and token.value != "aux":
            return None
    return None


def is_out_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether "of" or "from" begins "of 45 drones ... 30 were shot down"."""
    if token_at(tokens, at + 1).kind != "number" or not counts_weapons(tokens, at + 1):
        return False
    rest = tokens[at + 2 :]
    counted = any(token.kind == "number" for token in rest)
    return counted and any(t.kind == "downed" and t.value[0] in _ENDS for t in rest)


def says_all(tokens: Sequence[Token]) -> bool:
    """Whether a sentence says that all were shot down or suppressed: "all destroyed"."""
    for place in (place for place, token in enumerate(tokens) if token.kind == "all"):
        after = place + 1
        while token_at(tokens, after).kind in ("filler", "object"):
            after += 1
        verb = token_at(tokens, after)
        if verb.kind == "downed" and verb.value[0] in DOWNED:
            return True
    return False


def joint_measure(tokens: Sequence[Token], at: int) -> str:
    """Measure of the verb here; of "shot down or suppressed" that of the surer end."""
    found = [str(tokens[at].value[0])]
    for step in (-1, 1):
        for place in range(at + step, at + 4 * step, step):
            token = token_at(tokens, place)
            if token.kind == "downed":
                found.append(str(token.value[0]))
            elif token.kind != "and" and token.value != "aux":
                break
    surer = len(found) > 1 and set(found) <= set(_ENDS)
    return min(found, key=_ENDS.index) if surer else found[0]


def place_ahead(tokens: Sequence[Token], at: int) -> bool:
    """Whether a place follows the number here before its clause ends."""
    return _next_of(tokens, at, _CLAUSE_OR_REGION) == "region"


def is_bound(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number here is said to fly somewhere: "six of them flying to"."""
    return _next_of(tokens, at, _CLAUSE | {"towards"}) == "towards"


def is_last(tokens: Sequence[Token], at: int) -> bool:
    """Whether "and" or "also" announces the number here."""
    before = at - 1
    while token_at(tokens, before).kind in ("per", "downed", "aux"):
        before -= 1
    return token_at(tokens, before).kind in ("and", "also")


def joined_by(tokens: Sequence[Token], at: int) -> str:
    """Kind of the last mark or "and" before the number here."""
    for place in range(at - 1, -1, -1):
        if tokens[place].kind in SOFT:
            return tokens[place].kind
    return ""


def _next_of(tokens: Sequence[Token], at: int, kinds: frozenset[str]) -> str:
    """The first of some kinds that a token behind a position has; "" where none has."""
    for place in range(at + 1, len(tokens)):
        if tokens[place].kind in kinds:
            return tokens[place].kind
    return ""
