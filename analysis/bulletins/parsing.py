"""The way from a text to its bulletins."""

import re
from datetime import UTC, datetime

from analysis.bulletins.bulletin import Bulletin
from analysis.bulletins.grammar import read_tokens
from analysis.bulletins.lexicon import LANGUAGES, Lexicon
from analysis.bulletins.statements import Source, assemble
from analysis.bulletins.tokens import clean, language_of, lexicon, tokenise
from analysis.errors import ReadError
from analysis.vocabulary import CLAIMANTS

#: Collections cut texts at 400 characters; without the channel's footer one this long was cut.
_SHORTENED = 390
#: No message ends before this; a link so early stands above it.
_SHORTEST = 40
#: Links, hashtags and reactions behind the last sentence.
_TAIL = re.compile(
    r"(?<=[.!?\s])\s*(?:(?:https?://|[#@])\S+(?:\s+|$)"
    r"|[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?(?:\s*\d+)?(?:\s+|$))+$"
)
_TAIL_SIGN = re.compile("[#@h\U0001f300-\U0001faff\u2600-\u27bf]")  # no tail has none of these
_TAIL_LENGTH = 200
_LATIN = re.compile("[a-z]+")
#: A summary announces itself in its first words.
_HEAD = 160


def parse_bulletins(
    text: str,
    posted_at: datetime | None = None,
    language: str = "auto",
    claimant: str | None = None,
) -> list[Bulletin]:
    """Read what a text claims.

    Parameters
    ----------
    text : str
        A post or article as published.
    posted_at : datetime, optional
        When it was published; without a time zone it is taken as UTC. It dates words such as
        "overnight" and dates without a year.
    language : {"auto", "ru", "en", "uk"}
        Language of the text.
    claimant : str, optional
        Who claims it (``ru_mod`` or ``ua_air_force``), where the text itself does not say.

    Returns
    -------
    list of Bulletin
        One for each statement about one window and one weapon, in the order of the text; empty
        for a text that claims nothing.

    Raises
    ------
    ReadError
        If the text is no str, posted_at no datetime, or the language or claimant not known.

    Examples
    --------
    >>> text = (
    ...     "From 20:00 to 23:00 Russian air defenses downed five drones: "
    ...     "three over Tula, two over Oryol."
    ... )
    >>> [bulletin] = parse_bulletins(text, datetime(2025, 1, 2, 21))
    >>> bulletin.total, [(count.regions, count.count) for count in bulletin.counts]
    (5, [(('tula',), 3), (('oryol',), 2)])
    """
    _check(text, posted_at, language, claimant)
    if posted_at is not None and posted_at.tzinfo is None:
        posted_at = posted_at.replace(tzinfo=UTC)
    cleaned = clean(text)
    spoken = language_of(cleaned) if language == "auto" else language
    words = lexicon(spoken)
    body, footed = _body(cleaned, words)
    if not _may_claim(body, words):
        return []
    unfinished = not footed
    measure = "intercepted" if words.primary else ""
    reading = read_tokens(tokenise(body, words), unfinished=unfinished, measure=measure)
    if words.primary and not reading.is_statement:
        return []
    shortened = unfinished and words.primary and len(text) >= _SHORTENED
    source = Source(
        claimant=claimant or words.claimant,
        posted_at=posted_at,
        language=spoken,
        unfinished=unfinished,
        shortened=shortened,
        primary=words.primary,
        assumed=claimant is None,
    )
    return assemble(reading, source)


def _check(text: str, posted_at: datetime | None, language: str, claimant: str | None) -> None:
    """Refuse what is no text, no moment, or a language or claimant that is not known."""
    if not isinstance(text, str):
        raise ReadError(f"The text is {type(text).__name__}, not str.", "Decode it first.")
    if posted_at is not None and not isinstance(posted_at, datetime):
        problem = f"posted_at is {posted_at!r}, which is no datetime."
        raise ReadError(problem, "Use datetime.fromisoformat, with a time zone.")
    if language not in ("auto", *LANGUAGES):
        raise ReadError(
            f"The language {language!r} is not known.", f"Use auto, {' or '.join(LANGUAGES)}."
        )
    if claimant is not None and claimant not in CLAIMANTS:
        raise ReadError(
            f"The claimant {claimant!r} is not known.", f"Use {' or '.join(CLAIMANTS)}."
        )


def _body(text: str, words: Lexicon) -> tuple[str, bool]:
    """The message without the links below it, and whether those were there."""
    footer = words.footers.search(text, _SHORTEST)
    tail = max(len(text) - _TAIL_LENGTH, 0)
    if footer is None and _TAIL_SIGN.search(text, tail):
        footer = _TAIL.search(text, tail)
    return (text[: footer.start()], True) if footer else (text, False)


def _may_claim(text: str, words: Lexicon) -> bool:
    """Whether a text can be a bulletin, judged by its first words and by the words it must have."""
    lowered = text.lower()
    if not any(map(lowered.__contains__, words.signs)):
        swapped = _LATIN.sub(lambda found: found[0].translate(words.look_alikes), lowered)
        if swapped == lowered or not any(map(swapped.__contains__, words.signs)):
            return False
    return not any(map(lowered[:_HEAD].__contains__, words.openings))
