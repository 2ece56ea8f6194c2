"""Tokens to mentions: which number was said of which weapon, measure and place.

A sentence is read from left to right. A number waits for the place that follows it ("four over
Tula"); a place that came first waits for its number ("over Tula four were destroyed"); numbers
joined before one place share it ("one was destroyed and two intercepted over Tula").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from analysis.bulletins.mentions import Mention, Reading
from analysis.bulletins.places import Place, read_place
from analysis.bulletins.timephrases import TimePhrase, find_phrases
from analysis.bulletins.tokens import Token

#: What ends the reach of a number or of a place that waits.
_HARD = ("colon", "semicolon", "bullet", "stop")
_SOFT = ("comma", "and", *_HARD)
_AFTER_NUMBER = (
    "object",
    "downed",
    "over",
    "dash",
    "each",
    "close",
    "more",
    "ofwhich",
    "towards",
    "outof",
)
_BEFORE_BARE_NUMBER = ("dash", "open", "downed", "per", "more", "subset", "ofwhich")
#: No sentence has more tokens; the time to read a text grows with its length, not with the square.
_LONGEST = 1000
_BEFORE_NOUN = (
    "filler",
    "word",
    "downed",
    "home",
    "and",
    "agent",
    "all",
    "among",
    "outof",
    "number",
)
_PASSED_OVER = ("filler", "home", "all", "also", "among")
#: What stands between a noun and the number or article that governs it.
_WITHIN_NOUN = ("filler", "word", "home")


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
    carry = _Carry(unfinished=unfinished)
    for number, sentence in enumerate(_sentences(marked)):
        if any(token.kind == "background" for token in sentence):
            continue  # a sum of the war at large
        reading.phrases[number] = [found[t.value] for t in sentence if t.kind == "when"]
        _Sentence(sentence, number, reading, carry).read()
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
    for place in range(1, len(marked) - 1):  # "45 of 60 drones"
        around = (marked[place - 1].kind, marked[place + 1].kind)
        if marked[place].key == "of" and around == ("number", "number"):
            marked[place] = marked[place]._replace(kind="outof", time="")
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


@dataclass(slots=True)
class _Carry:
    """What a sentence leaves to the next."""

    weapon: str = ""
    measure: str = "intercepted"
    claimant: str = ""
    rockets: bool = False  # those named were fired by a rocket launcher: no missiles
    unfinished: bool = False


class _Sentence:
    """Reads one sentence."""

    def __init__(self, tokens: list[Token], number: int, reading: Reading, carry: _Carry) -> None:
        self.tokens = tokens
        self.number = number
        self.reading = reading
        self.carry = carry
        self.at = 0
        self.attempt = False
        self.flags: set[str] = set()
        self.waiting: Place | None = None  # a place that has no number yet
        self.open: list[Mention] = []  # numbers that have no place yet, and share the next one
        self.loose: list[Mention] = []  # numbers of this sentence that found none
        self.given: Place | None = None  # the place of the number before, where that came first
        self.at_end = False
        claimants = [token.value for token in tokens if token.kind == "claimant"]
        if claimants:  # who claims a sentence is often named at its end
            self.carry.claimant = claimants[0]

    def read(self) -> None:
        """Read all tokens, appending to the reading."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            step = getattr(self, f"_on_{token.kind}", None)
            before = self.at
            if step is not None:
                step(token)
            if self.at == before:
                self.at += 1
        if self.attempt:
            self._leave_attempt()
        elif self._is_torn():
            self._cut_off()
            self._all_of_the_attack()
        elif self.waiting is not None and len(self.loose) == 1:
            self.loose[0].place = self.waiting
        elif not any(m.sentence == self.number for m in self.reading.mentions):
            self._all_of_the_attack()

    # --- what each kind of token does -----------------------------------------------------------

    def _on_attempt(self, _: Token) -> None:
        self.attempt = not any(t.kind == "downed" for t in self.tokens[: self.at])
        self.reading.attack = True

    def _on_agent(self, _: Token) -> None:
        self._leave_attempt()
        self.reading.agent = True

    def _on_object(self, token: Token) -> None:
        ahead = 1
        while self._peek(ahead).kind == "filler":
            ahead += 1
        if self._peek(ahead).kind == "object":
            return  # of "rockets of the launcher", the last noun decides
        weapon = self.carry.weapon = self._named(token)
        if token.value[1] in ("rockets", "named"):
            self.carry.rockets = token.value[1] == "rockets"
        if weapon not in self.reading.weapons:
            self.reading.weapons.append(weapon)
        if token.value[1] == "one" and self._is_one():
            self._mention(Mention(1, weapon=weapon, implied=True))

    def _on_article(self, _: Token) -> None:
        at = self.at + 1
        while at < len(self.tokens) and self.tokens[at].kind in _WITHIN_NOUN:
            at += 1
        noun = self.tokens[at] if at < len(self.tokens) else None
        if noun is None or noun.kind != "object" or noun.value[1] != "one" or self.attempt:
            return
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        if after is None or after.kind in ("downed", "over", *_SOFT) or after.value == "aux":
            self._mention(Mention(1, weapon=self._named(noun), implied=True))

    def _on_claimant(self, token: Token) -> None:
        self.carry.claimant = token.value

    def _on_downed(self, token: Token) -> None:
        self._leave_attempt()
        if token.value[0] in ("intercepted", "suppressed"):
            self.carry.measure = token.value[0]
        if token.value[1] == "one" and self._implies_one():
            self._mention(Mention(1, weapon=self._weapon(self.at), implied=True))

    def _on_number(self, token: Token) -> None:
        if self._counts():
            self._mention(Mention(token.value, weapon=self._weapon(self.at)))

    def _on_towards(self, _: Token) -> None:
        self.flags.add("towards")

    def _flag(self, token: Token) -> None:
        self.flags.add(token.kind)
        counted = self._peek(-1).kind == "number"  # "three of which": that number waits on
        if token.kind in ("subset", "ofwhich") and not counted:
            self.open = []

    def _on_respectively(self, _: Token) -> None:
        """Give each of the last numbers its own unit of the list that they share."""
        mentions = self.reading.mentions
        place = mentions[-1].place if mentions else None
        sharing = [m for m in mentions if m.place is place]
        if place is not None and len(sharing) == len(place.regions):
            for mention, slug in zip(sharing, place.regions, strict=True):
                mention.place = replace(place, regions=(slug,))

    _on_subset = _on_ofwhich = _on_sum = _on_outof = _flag

    def _on_more(self, token: Token) -> None:
        self._flag(token)
        after = self._peek(1)
        if after.kind == "downed" or after.value == "aux":  # "another was downed"
            self._mention(Mention(1, weapon=self.carry.weapon, implied=True))

    def _on_per(self, _: Token) -> None:
        if self._peek(1).kind == "number":
            self.flags.add("each")

    def _on_each(self, _: Token) -> None:
        if self.open:
            self.open[-1].each = True

    def _on_over(self, _: Token) -> None:
        self._place()

    _on_region = _on_beside = _on_over

    def _on_comma(self, _: Token) -> None:
        after = self._peek(1).kind
        if after == "number" or (after == "per" and self._peek(2).kind == "number"):
            return  # "one bomb, two drones over ...": they may share the place
        if after not in ("over", "when", "towards"):
            self.open = []

    def _boundary(self, token: Token) -> None:
        self.open = []
        self.given = None
        if token.kind != "colon":
            self.waiting = None
            self.flags.clear()

    _on_colon = _on_semicolon = _on_bullet = _boundary

    def _cut_off(self) -> None:
        """The text ends here without a full stop: a number that waits is lost, a list may be."""
        mentions = self.reading.mentions
        last = mentions[-1] if mentions else None
        if last is not None and last.place is None and any(m is last for m in self.loose):
            last.more = True  # a part whose region is lost, not a total
        here = {m.weapon for m in mentions if m.sentence == self.number and m.measure != "launched"}
        downed = any(t.kind == "downed" for t in self.tokens)
        if here and last is not None and last.ends_list:
            placed = last.place is not None and self.at_end
            if placed or (last.more and last.place is None and downed and not self.open):
                here.discard(last.weapon)
        if not any(m.measure != "launched" for m in mentions):
            here = {m.weapon for m in mentions} | set(self.reading.weapons)
        self.reading.cut = here

    def _all_of_the_attack(self) -> None:
        """Take the number of the attack where all of it is said to be down."""
        verbs = [t for t in self.tokens if t.kind == "downed"]
        earlier = self.reading.mentions
        if not verbs or not earlier or any(m.measure != "launched" for m in earlier):
            return
        measure = verbs[-1].value[0]
        for mention in list(earlier):
            self.reading.mentions.append(
                replace(
                    mention,
                    measure=measure,
                    place=self.waiting,
                    sentence=self.number,
                    whole_attack=True,
                )
            )

    # --- numbers --------------------------------------------------------------------------------

    def _peek(self, ahead: int) -> Token:
        place = self.at + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else Token("stop", None, "")

    def _leave_attempt(self) -> None:
        """The sentence turns from the attack to what became of it."""
        if self.attempt and self.waiting is not None:
            self.reading.target = self.reading.target or self.waiting
            self.waiting = None
        self.attempt = False

    def _follows_place(self) -> bool:
        """Whether the number here is that of the place just before it: "over Tula 6, ..."."""
        mark = self._peek(-1).kind in ("colon", "comma")
        before = self._peek(-1 - mark).kind
        ends = self._peek(1).kind in (*_SOFT, "region")
        return self.waiting is not None and before in ("region", "unit", "word") and ends

    def _counts(self) -> bool:
        """Whether the number here counts weapons, rather than people, kilometres or towns."""
        if self._follows_place():
            return True
        at, words = self.at + 1, 0
        while at < len(self.tokens):
            kind = self.tokens[at].kind
            if kind == "word" and words == 0 and self.tokens[at - 1].kind != "among":
                words += 1  # an adjective that no lexicon knows
            elif kind not in _PASSED_OVER:
                break
            at += 1
        kind = self.tokens[at].kind if at < len(self.tokens) else "stop"
        if words:
            return kind == "object"
        if kind in _AFTER_NUMBER:
            return True
        before = self._peek(-1).kind
        return before in _BEFORE_BARE_NUMBER or (kind == "region" and before != "region")

    def _weapon(self, at: int) -> str:
        """Weapon that a number or verb is about: named right after it, else the last one named."""
        found = ""
        for token in self.tokens[at + 1 :]:
            if token.kind == "object":
                found = self._named(token)  # an unmanned boat is a boat: the last noun decides
            elif token.kind not in (("filler",) if found else _BEFORE_NOUN):
                break
        return found or self.carry.weapon

    def _named(self, noun: Token) -> str:
        """Weapon that a noun names; a rocket is no missile after a launcher was named."""
        weapon, form = noun.value
        launched = weapon == "missile" and form != "named" and self.carry.rockets
        return "other" if launched else str(weapon)

    def _is_one(self) -> bool:
        """Whether a noun in the singular stands for a number: "a rocket and a drone were downed".

        So it does if nothing counts it, and the verb is in the plural or left out.
        """
        at = self.at - 1
        while at >= 0 and self.tokens[at].kind in _WITHIN_NOUN:
            at -= 1
        if self.attempt or (at >= 0 and self.tokens[at].kind in ("number", "article", "downed")):
            return False
        if any(t.kind == "downed" and t.value[1] == "many" for t in self.tokens):
            return True
        told = any(m.sentence == self.number for m in self.reading.mentions)
        return told and self._peek(1).kind == "dash" and self._peek(2).kind == "over"

    def _implies_one(self) -> bool:
        """Whether a verb in the singular stands for a number of its own."""
        if self.open or self.flags & {"subset", "ofwhich"}:
            return False
        noun = False
        for token in self.tokens[self.at + 1 :]:
            noun |= token.kind == "object"
            if token.kind in ("number", "downed"):
                return False  # a number follows, or the verb is one of two and the other decides
            if token.kind in ("over", "region", *_HARD, "comma") or (noun and token.kind == "and"):
                break
        named = any(t.kind == "object" for t in self.tokens)
        return named or bool(self.carry.weapon and self.number)

    def _measure(self) -> str:
        """Measure of the number here: of the verb before it in its clause, else after it."""
        if self.attempt or "outof" in self.flags:
            return "launched"
        for place in range(self.at - 1, -1, -1):
            token = self.tokens[place]
            if token.kind == "downed":
                first = self.tokens[place - 2] if place > 1 else token
                paired = self.tokens[place - 1].kind == "and" and first.kind == "downed"
                return str((first if paired else token).value[0])
            if token.kind in _SOFT or token.kind == "number":
                break
        for token in self.tokens[self.at + 1 :]:
            if token.kind == "downed":
                return str(token.value[0])
            if token.kind in _HARD or token.kind in ("number", "comma"):
                break
        return self.carry.measure

    def _mention(self, mention: Mention) -> None:
        """Take a number: fill in what is known and look for its place."""
        mention.sentence = self.number
        mention.measure = self._measure()
        if "outof" not in self.flags:
            self.carry.measure = mention.measure
        mention.each = "each" in self.flags
        mention.more = "more" in self.flags
        mention.sum = "sum" in self.flags
        mention.inside = "subset" in self.flags or self._is_of_them(mention)
        mention.ends_list = self._is_last()
        mention.claimant = self.carry.claimant
        self.flags -= {"each", "more", "outof", "subset", "towards"}
        self.reading.mentions.append(mention)
        if self.open and not self._shares(self.open[-1], mention):
            self.open = []
        own = self._follows_place() or not self._place_ahead()
        if self.attempt:
            pass  # the places of an attack are where it was aimed at
        elif self.waiting is not None and not mention.inside and own:
            mention.place = self.given = self.waiting
            self.waiting = None
            mention.each |= self._peek(1).kind == "each"
        elif self.given is not None and not mention.inside and not self._place_ahead():
            mention.place = self.given
        else:
            self.given = None
            self.open.append(mention)
            self.loose.append(mention)

    def _is_of_them(self, mention: Mention) -> bool:
        """Whether "three of which" or "six of them flying to" makes a number part of another."""
        told = any(m.weapon == mention.weapon for m in self._downed())
        if self._peek(1).kind == "ofwhich":
            return told
        if "ofwhich" in self.flags and self.waiting is None and not self._place_ahead():
            return told
        clause = (t.kind for t in self.tokens[self.at + 1 :])
        bound = "towards" in takewhile(lambda kind: kind not in (*_SOFT, "number"), clause)
        return told and bound and self._peek(1).kind == "among"

    def _downed(self) -> list[Mention]:
        """The numbers so far that are no numbers of an attack."""
        return [m for m in self.reading.mentions if m.measure != "launched"]

    def _is_last(self) -> bool:
        """Whether "and", "also" or "one more" announces the last number of a list."""
        if "more" in self.flags:
            return True
        before = self.at - 1
        while before >= 0 and self.tokens[before].kind in ("per", "downed", "aux"):
            before -= 1
        return before >= 0 and self.tokens[before].kind in ("and", "also")

    def _shares(self, left: Mention, right: Mention) -> bool:
        """Whether two numbers in a row can share the place that follows."""
        joined = next((t.kind for t in reversed(self.tokens[: self.at]) if t.kind in _SOFT), "")
        return joined == "and" or left.weapon != right.weapon

    def _place_ahead(self) -> bool:
        """Whether a place follows the number here before its clause ends."""
        for token in self.tokens[self.at + 1 :]:
            if token.kind == "region":
                return True
            if token.kind in (*_SOFT, "number"):
                return False
        return False

    # --- places ---------------------------------------------------------------------------------

    def _is_torn(self) -> bool:
        """Whether the text ends in this sentence, and not by a full stop."""
        return self.carry.unfinished and self.tokens[-1].kind != "stop"

    def _place(self) -> None:
        """Take the place that begins here and give it to the numbers that wait for one."""
        place = read_place(self.tokens, self.at, unfinished=self._is_torn())
        if place is None:
            return
        self.at = place.end
        self.at_end = all(t.kind in ("stop", "word") for t in self.tokens[self.at :][:2])
        for region, number, weapon in place.numbered:
            self.carry.weapon = weapon or self._weapon(self.at - 1)
            self.reading.mentions.append(
                Mention(  # each unit has its number in brackets
                    number,
                    weapon=self.carry.weapon,
                    measure=self._measure(),
                    place=Place((region,)),
                    ends_list=place.ends_list,
                    sentence=self.number,
                    claimant=self.carry.claimant,
                )
            )
        if place.unknown and self.at >= len(self.tokens):
            return  # a name cut in two at the end of the text
        if not place.regions and not place.unknown:
            return
        towards = "towards" in self.flags
        self.flags.discard("towards")
        if self.attempt:
            self.waiting = place
        elif self.open:
            for mention in self.open:
                self._give(mention, place, towards=towards)
            self.open = []
        elif not towards:
            self.waiting = place

    def _give(self, mention: Mention, place: Place, *, towards: bool) -> None:
        """Give a number its place; where they flew to makes it part of a number that has one."""
        if towards and not mention.inside:
            earlier = (m for m in self.reading.mentions if m is not mention and m.place)
            if not any(m.weapon == mention.weapon for m in earlier):
                return  # "four boats heading for ...": where they fell is not said
        mention.place = place
        mention.towards = towards
        mention.inside |= towards
        self.loose = [m for m in self.loose if m is not mention]
