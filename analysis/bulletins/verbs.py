"""What the verbs around a number say became of those it counts."""

from collections.abc import Container, Iterable, Sequence

from analysis.bulletins.clauses import CLAUSE, HARD, counts_weapons, next_of
from analysis.bulletins.tokens import Token
from analysis.vocabulary import DOWNED

#: Ends that a number may be said to have met together, the surest first.
_ENDS = (*DOWNED, "lost")
_ITEM = HARD | {"number"}
_BEFORE_VERB = _ITEM | {"comma"}
_BEFORE_ALONE = ("and", "comma", "colon", "dash", "more", "also")
_IN_LIST = ("object", "number", "outof", "comma", "and", "when", "filler", "home", "also")


def counts_as_one(tokens: Sequence[Token], at: int, *, listed: bool) -> bool:
    """Whether the noun that ends here means one by its form: "a missile and 79 drones were downed".

    So it does if nothing counts it, and a verb stands before or behind it or a list goes on.
    """
    place, alone = at, False
    while tokens[place].kind in ("object", "filler", "home"):
        alone |= tokens[place].kind == "object" and tokens[place].value[1] == "alone"
        place -= 1
    if not alone:
        return False
    if tokens[place].kind in _BEFORE_ALONE:
        return listed
    while tokens[place].kind in ("over", "region", "unit", "group", "when"):
        place -= 1
    before, after = tokens[place], tokens[at + 1]
    if before.kind == "downed":
        goes_on = next_of(tokens, at, _ITEM) == "number"
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
    before = _first_verb(tokens, range(at - 1, -1, -1), CLAUSE)
    found = joint_measure(tokens, before) if before is not None else _attacked_with(tokens, at)
    if found and (found != "launched" or tokens[at + 1].kind != "downed"):
        return found
    after = _first_verb(tokens, range(at + 1, len(tokens)), _BEFORE_VERB)
    after = _verb_of_list(tokens, at) if after is None else after
    if after is None:
        return found
    verb = joint_measure(tokens, after)
    if verb == "launched":  # "all drones launched overnight were destroyed"
        later = _first_verb(tokens, range(after + 1, len(tokens)), CLAUSE)
        verb = verb if later is None else joint_measure(tokens, later)
    return verb


def measure_before(tokens: Sequence[Token], at: int) -> str:
    """Measure of the last verb that no number has taken yet; "" without one."""
    before = _first_verb(tokens, range(at - 1, -1, -1), _ITEM)
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
    if tokens[at - 1].kind != "using":
        return ""
    before = _first_verb(tokens, range(at - 2, -1, -1), CLAUSE)
    attacked = before is not None and tokens[before].value[0] == "launched"
    return "launched" if attacked else ""


def _verb_of_list(tokens: Sequence[Token], at: int) -> int | None:
    """Position of the verb behind "seven missiles, two bombs and 96 drones were shot down"."""
    for place in range(at + 1, len(tokens)):
        token = tokens[place]
        if token.kind == "downed":
            told = any(before.kind == "downed" for before in tokens[:at])
            return None if told else place  # a verb before the list has told already
        if token.kind not in _IN_LIST and token.value != "aux":
            return None
    return None


def is_out_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether "of" or "from" begins "of 45 drones ... 30 were shot down"."""
    if tokens[at + 1].kind != "number" or not counts_weapons(tokens, at + 1):
        return False
    return any(t.kind == "downed" and t.value[0] in _ENDS for t in tokens[at + 2 :])


def all_down(tokens: Sequence[Token]) -> tuple[bool, str]:
    """Whether a sentence says that all were shot down or suppressed, and of which weapon if any."""
    for place in (place for place, token in enumerate(tokens) if token.kind == "all"):
        after, weapon = place + 1, ""
        while tokens[after].kind in ("filler", "object"):
            weapon = str(tokens[after].value[0]) if tokens[after].kind == "object" else weapon
            after += 1
        verb = tokens[after]
        if verb.kind == "downed" and verb.value[0] in DOWNED:
            return True, weapon
    return False, ""


def joint_measure(tokens: Sequence[Token], at: int) -> str:
    """Measure of the verb here; of "shot down or suppressed" that of the surer end."""
    found = [str(tokens[at].value[0])]
    for step in (-1, 1):
        for place in range(at + step, at + 4 * step, step):
            token = tokens[place]
            if token.kind == "downed":
                found.append(str(token.value[0]))
            elif token.kind not in ("and", "open", "close") and token.value != "aux":
                break
    surer = len(found) > 1 and set(found) <= set(_ENDS)
    return min(found, key=_ENDS.index) if surer else found[0]
