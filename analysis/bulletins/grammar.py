"""Tokens to mentions: the sentences of a text, and the phrases in them that tell time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.bulletins.matching import Carry
from analysis.bulletins.mentions import Reading
from analysis.bulletins.sentence import Sentence
from analysis.bulletins.timephrases import TimePhrase, find_phrases
from analysis.bulletins.tokens import Token

#: No sentence has more tokens; the time to read a text grows with its length, not with the square.
_LONGEST = 1000
_STOPS = ("stop", "ellipsis")
_OF = ("ratio", "origin", "among")
_OF_A_NOUN = ("object", "filler", "home", "open")
#: After these no sentence ends, whatever stop or paragraph follows.
_GOES_ON = ("comma", "colon", "semicolon", "and", "over", "dash", "open")


def read_tokens(tokens: Sequence[Token], *, unfinished: bool = False, measure: str = "") -> Reading:
    """Read the tokens of one text into mentions.

    Parameters
    ----------
    tokens : sequence of Token
        As `tokenise` returns them.
    unfinished : bool
        Whether the text may have lost its end, perhaps in the middle of a word.
    measure : str
        What a number means until a verb says what became of those counted; "" for nothing.

    Returns
    -------
    Reading
        Mentions in the order of the text, with the phrases that tell time.
    """
    found = find_phrases(tokens)
    marked = _with_phrases(tokens, found)
    reading = Reading()
    carry = Carry(measure)
    sentences = list(_sentences(marked))
    for number, sentence in enumerate(sentences):
        kinds = {token.kind for token in sentence}
        if "background" in kinds or ("fell" in kinds and kinds.isdisjoint(("downed", "agent"))):
            continue  # a sum of the war at large, or what fell on the ground
        reading.phrases[number] = [found[t.value] for t in sentence if t.kind == "when"]
        ends_here = number == len(sentences) - 1 and sentence[-1].kind != "stop"
        torn = unfinished and ends_here
        Sentence(sentence, kinds, number, reading, carry, torn=torn).read()
    return reading


def _with_phrases(tokens: Sequence[Token], found: list[TimePhrase]) -> list[Token]:
    """Put one token in the place of each phrase that tells time."""
    marked: list[Token] = []
    at = 0
    for index, phrase in enumerate(found):
        marked.extend(tokens[at : phrase.begin])
        marked.append(Token("when", index, ""))
        at = phrase.end
    marked.extend(tokens[at:])
    for place in [at for at, token in enumerate(marked) if token.kind in _OF]:
        if _between_numbers(marked, place):
            marked[place] = replace(marked[place], kind="outof", time="")
    return marked


def _between_numbers(tokens: Sequence[Token], place: int) -> bool:
    """Whether "of" or "from" stands between two numbers: "45 of 60", "45 drones (of 60)"."""
    left, right = place - 1, place + 1
    while left >= 0 and tokens[left].kind in _OF_A_NOUN:
        left -= 1
    while right < len(tokens) and tokens[right].kind == "filler":
        right += 1
    around = [tokens[at].kind for at in (left, right) if 0 <= at < len(tokens)]
    return around == ["number", "number"]


def _sentences(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Split at full stops and where a paragraph ends."""
    sentence: list[Token] = []
    begin, end = 0, len(tokens)
    for stop in [at for at, token in enumerate(tokens) if token.kind in _STOPS]:
        sentence += tokens[begin:stop]
        begin = stop + 1
        if len(sentence) >= _LONGEST:
            *whole, sentence = _pieces(sentence)
            yield from whole
        if begin == end or not _goes_on(tokens[stop], sentence, tokens[begin]):
            yield [*sentence, tokens[stop]]
            sentence = []
    rest = [*sentence, *tokens[begin:]]
    if rest:
        yield from filter(None, _pieces(rest))


def _pieces(sentence: list[Token]) -> list[list[Token]]:
    """A sentence in pieces of the greatest length; the last is shorter, perhaps empty."""
    begins = range(0, len(sentence) + 1, _LONGEST)
    return [sentence[begin : begin + _LONGEST] for begin in begins]


def _goes_on(stop: Token, before: list[Token], after: Token) -> bool:
    """Whether a sentence goes on after a stop: one of an abbreviation, or inside a list."""
    small = after.raw[:1].islower()
    if stop.raw == ".":
        return small or after.kind in ("comma", "semicolon", "colon", "close")
    if not stop.raw.isspace():
        return False
    unfinished = not before or before[-1].kind in _GOES_ON
    return unfinished or small or after.kind in ("bullet", "dash", "comma", "close")
