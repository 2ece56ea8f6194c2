"""Tokens to mentions: the sentences of a text, and the phrases in them that tell time."""

from collections.abc import Iterator, Sequence

from analysis.bulletins.mentions import Reading
from analysis.bulletins.sentence import Carry, Sentence
from analysis.bulletins.timephrases import TimePhrase, find_phrases
from analysis.bulletins.tokens import Token

#: No sentence has more tokens; the time to read a text grows with its length, not with the square.
_LONGEST = 1000


def read_tokens(tokens: Sequence[Token], *, unfinished: bool = False) -> Reading:
    """Read the tokens of one text into mentions.

    Parameters
    ----------
    tokens : sequence of Token
        As `tokenise` returns them.
    unfinished : bool
        Whether the text may have lost its end, perhaps in the middle of a word.

    Returns
    -------
    Reading
        Mentions in the order of the text, with the phrases that tell time.
    """
    found = find_phrases(tokens)
    marked = _with_phrases(tokens, found)
    reading = Reading()
    carry = Carry()
    sentences = list(_sentences(marked))
    for number, sentence in enumerate(sentences):
        kinds = {token.kind for token in sentence}
        if "background" in kinds or ("fell" in kinds and kinds.isdisjoint(("downed", "agent"))):
            continue  # a sum of the war at large, or what fell on the ground
        when = (token.value for token in sentence if token.kind == "when")
        reading.phrases[number] = [found[index] for index in when] if "when" in kinds else []
        ends_here = number == len(sentences) - 1 and sentence[-1].kind != "stop"
        Sentence(sentence, number, reading, carry, torn=unfinished and ends_here).read()
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
    for place, token in enumerate(marked[1:-1], 1):  # "45 of 60 drones"
        if token.key == "of" and marked[place - 1].kind == marked[place + 1].kind == "number":
            marked[place] = token._replace(kind="outof", time="")
    return marked


def _sentences(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Split at full stops; one before a small letter ended an abbreviation."""
    sentence: list[Token] = []
    for at, token in enumerate(tokens):
        if token.kind in ("stop", "ellipsis"):
            after = tokens[at + 1].raw if at + 1 < len(tokens) else ""
            if after and after[0].islower() and token.raw == ".":
                continue
            yield [*sentence, token]
            sentence = []
        else:
            sentence.append(token)
            if len(sentence) >= _LONGEST:
                yield sentence
                sentence = []
    if sentence:
        yield sentence
