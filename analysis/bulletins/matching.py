"""The numbers of a sentence, matched with what they count and where, as far as it has been read.

A number waits for the place that follows it ("four over Tula"); a place that came first waits for
its number ("over Tula four were destroyed"); numbers joined before one place share it ("one was
destroyed and two intercepted over Tula").
"""

from dataclasses import dataclass

from analysis.bulletins.clauses import (
    BEYOND,
    follows_place,
    is_bound,
    is_last,
    is_uncounted,
    joined_by,
    noun_after,
    place_ahead,
)
from analysis.bulletins.mentions import Mention, Reading
from analysis.bulletins.places import Place, read_place
from analysis.bulletins.tokens import Token
from analysis.bulletins.verbs import measure_near, verb_stands_alone

#: Words that speak of the next number alone.
_OF_ONE_NUMBER = {"each", "more", "also", "outof", "subset", "towards"}


@dataclass(slots=True)
class Carry:
    """What a sentence leaves to the next."""

    measure: str
    weapon: str = ""
    claimant: str = ""
    rockets: bool = False  # those named were fired by a rocket launcher: no missiles


class Matching:
    """Numbers and places of one sentence, and those that wait for each other."""

    def __init__(
        self,
        tokens: list[Token],
        kinds: set[str],
        number: int,
        reading: Reading,
        carry: Carry,
        *,
        torn: bool,
    ) -> None:
        self.end = len(tokens)
        self.tokens = [*tokens, *BEYOND]
        self.kinds = kinds  # of those tokens
        self.torn = torn  # the text ends here, and not by a full stop
        self.number = number
        self.reading = reading
        self.carry = carry
        self.at = 0
        self.told_before = len(reading.mentions)
        # A sentence of the attack alone; its verb often comes last.
        self.attempt = "attempt" in kinds and kinds.isdisjoint(("downed", "agent"))
        self.flags: set[str] = set()
        self.waiting: Place | None = None  # a place that has no number yet
        self.open: list[Mention] = []  # numbers that have no place yet, and share the next one
        self.loose: list[Mention] = []  # numbers of this sentence that found none
        self.given: Place | None = None  # the place of the number before, where that came first
        self.bracket: list[Mention] | None = None  # what waited where a bracket opened
        self.placed_until: int | None = None  # where the last place ended
        if "claimant" in kinds:  # who claims a sentence is often named at its end
            self.carry.claimant = next(t.value for t in tokens if t.kind == "claimant")

    def _peek(self, ahead: int) -> Token:
        return self.tokens[self.at + ahead]

    def _leave_attempt(self) -> None:
        """The sentence turns from the attack to what became of it."""
        if self.attempt and self.waiting is not None:
            self.reading.target = self.reading.target or self.waiting
            self.waiting = None
        self.attempt = False

    def _weapon(self, at: int) -> str:
        """Weapon that a number or verb is about: named right after it, else the last one named."""
        noun = noun_after(self.tokens, at)
        return self.carry.weapon if noun is None else self._named(noun)

    def _named(self, noun: Token) -> str:
        """Weapon that a noun names; a rocket is no missile after a launcher was named."""
        weapon, form = noun.value
        launched = weapon == "missile" and form != "named" and self.carry.rockets
        return "other" if launched else str(weapon)

    def _is_one(self) -> bool:
        """Whether a noun in the singular stands for a number: "a rocket and a drone were downed".

        So it does if nothing counts it, and the verb is in the plural or left out.
        """
        if self.attempt or not is_uncounted(self.tokens, self.at):
            return False
        if any(t.kind == "downed" and t.value[1] == "many" for t in self.tokens):
            return True
        return self._tells() and self._peek(1).kind == "dash" and self._peek(2).kind == "over"

    def _tells(self) -> bool:
        """Whether the sentence has told a number so far."""
        return len(self.reading.mentions) > self.told_before

    def _implies_one(self) -> bool:
        """Whether a verb in the singular stands for a number of its own."""
        if self.open or self.flags & {"subset", "ofwhich"}:
            return False
        if not verb_stands_alone(self.tokens, self.at):
            return False
        named = any(t.kind == "object" for t in self.tokens)
        return named or bool(self.carry.weapon and self.number)

    def _measure(self) -> str:
        """Measure of the number here: of the verb before it in its clause, else after it."""
        if self.attempt or "outof" in self.flags:
            return "launched"
        return measure_near(self.tokens, self.at) or self.carry.measure

    def _mention(self, mention: Mention) -> None:
        """Take a number: fill in what is known and look for its place."""
        mention.sentence = self.number
        mention.measure = self._measure()
        if "outof" not in self.flags:
            self.carry.measure = mention.measure
        flags = self.flags
        mention.about = self._peek(-1).value == "about"
        bracketed = self.bracket is not None and "outof" not in flags
        mention.inside = bracketed or "subset" in flags or self._is_of_them(mention)
        mention.claimant = self.carry.claimant
        if flags:
            mention.each = "each" in flags
            mention.more = "more" in flags
            mention.also = "also" in flags
            mention.sum = "sum" in flags
            flags -= _OF_ONE_NUMBER
        mention.ends_list = mention.more or is_last(self.tokens, self.at)
        self.reading.mentions.append(mention)
        if self.open and not self._shares(self.open[-1], mention):
            self.open = []
        ahead = place_ahead(self.tokens, self.at)
        own = not ahead or follows_place(self.tokens, self.at)
        if self.attempt:
            pass  # the places of an attack are where it was aimed at
        elif self.waiting is not None and (bracketed or not mention.inside) and own:
            mention.place = self.waiting
            self.given = None if mention.measure == "launched" else self.waiting
            self.waiting = None
            mention.each |= self._peek(1).kind == "each"
        elif self.given is not None and not mention.inside and not ahead:
            mention.place = self.given
        else:
            self.given = None
            self.open.append(mention)
            self.loose.append(mention)

    def _is_of_them(self, mention: Mention) -> bool:
        """Whether "three of which" or "six of them flying to" makes a number part of another."""
        after = self._peek(1).kind
        if "ofwhich" in self.flags and self.waiting is None and after != "ofwhich":
            part = not place_ahead(self.tokens, self.at)
        else:
            part = after == "ofwhich" or (after == "among" and self._is_told_apart(mention))
        earlier = reversed(self.reading.mentions)
        kind = (mention.weapon, mention.measure)
        return part and any((m.weapon, m.measure) == kind for m in earlier)

    def _is_told_apart(self, mention: Mention) -> bool:
        """Whether it is said of "60 of them" what they are or where they flew to."""
        named = mention.measure == "launched" and self._peek(2).kind == "object"
        return named or is_bound(self.tokens, self.at)

    def _ends_with_place(self) -> bool:
        """Whether at most a piece of a word stands behind the last place."""
        if self.placed_until is None:
            return False
        rest = self.tokens[self.placed_until : self.placed_until + 2]
        return all(token.kind in ("stop", "word") for token in rest)

    def _own(self) -> list[Mention]:
        """The numbers of this sentence so far."""
        return self.reading.mentions[self.told_before :]

    def _shares(self, left: Mention, right: Mention) -> bool:
        """Whether two numbers in a row can share the place that follows."""
        joined = joined_by(self.tokens, self.at) == "and" or self._peek(-1).kind == "outof"
        return joined or left.weapon != right.weapon

    def _place(self) -> None:
        """Take the place that begins here and give it to the numbers that wait for one."""
        listed = bool(self.number) or len(self.reading.mentions) > self.told_before + 1
        place = read_place(self.tokens, self.at, unfinished=self.torn, listed=listed)
        if place is None:
            return
        self.at = place.end
        self.placed_until = self.at
        torn = self.torn and self.tokens[place.end - 1].kind == "number"
        for nth, (region, number, weapon) in enumerate(place.numbered, start=1):
            self.carry.weapon = weapon or self._weapon(self.at - 1)
            self.reading.mentions.append(
                Mention(  # each unit has its number in brackets
                    number,
                    weapon=self.carry.weapon,
                    measure=self._measure(),
                    place=Place((region,)),
                    ends_list=place.ends_list,
                    torn=torn and nth == len(place.numbered),
                    sentence=self.number,
                    claimant=self.carry.claimant,
                )
            )
        if place.unknown and self.at >= self.end:
            return  # a name cut in two at the end of the text
        if not (place.regions or place.unknown or place.groups):
            return
        towards = "towards" in self.flags
        self.flags.discard("towards")
        if "vague" in self.flags:
            self.flags.discard("vague")
            return
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
