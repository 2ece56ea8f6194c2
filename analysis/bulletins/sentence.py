"""One sentence to mentions: which number was said of which weapon, measure and place.

A sentence is read from left to right. A number waits for the place that follows it ("four over
Tula"); a place that came first waits for its number ("over Tula four were destroyed"); numbers
joined before one place share it ("one was destroyed and two intercepted over Tula").
"""

from dataclasses import dataclass, replace

from analysis.bulletins.clauses import (
    BEYOND,
    begins_clause,
    begins_compound,
    counts_weapons,
    follows_place,
    is_bound,
    is_last,
    is_uncounted,
    joined_by,
    noun_after,
    noun_of_article,
    place_ahead,
)
from analysis.bulletins.mentions import Mention, Reading, outside
from analysis.bulletins.places import Place, read_place
from analysis.bulletins.tokens import Token
from analysis.bulletins.verbs import (
    all_down,
    counts_as_one,
    is_out_of,
    joint_measure,
    measure_before,
    measure_near,
    verb_stands_alone,
)
from analysis.vocabulary import DOWNED

#: What may stand behind the last number or verb of a torn text without telling what it is about.
_PIECES = ("dash", "word", "and", "more", "per")
#: Words that speak of the next number alone.
_OF_ONE_NUMBER = {"each", "more", "also", "outof", "subset", "towards"}
#: A torn sentence that holds one of these may have told of more; "also" tells of other weapons.
_GOES_ON = ("agent", "downed", "over", "beside", "more", "number", "object")


@dataclass(slots=True)
class Carry:
    """What a sentence leaves to the next."""

    measure: str
    weapon: str = ""
    claimant: str = ""
    rockets: bool = False  # those named were fired by a rocket launcher: no missiles


class Sentence:
    """Reads one sentence into mentions."""

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

    def read(self) -> None:
        """Read all tokens, appending to the reading."""
        for at in [at for at, token in enumerate(self.tokens) if token.kind in _STEPS]:
            if at >= self.at:  # else it was read with the place before it
                self.at = at
                _STEPS[self.tokens[at].kind](self, self.tokens[at])
        self._tell_at_last()
        if self.attempt:
            self._leave_attempt()
        elif self.torn:
            self._cut_off()
            if "all" in self.kinds:
                self._all_of_the_attack()
        elif self.waiting is not None and len(self._own()) == len(self.loose) == 1:
            self.loose[0].place = self.waiting
        elif not self._tells() or ("all" in self.kinds and all_down(self.tokens)[0]):
            self._all_of_the_attack()

    def _tell_at_last(self) -> None:
        """Give "over Sumy 7, over Poltava 12 drones shot down" noun and verb of the last item."""
        bare = [m for m in self._own() if m.place and not (m.measure or m.weapon)]
        verbs = {t.value[0] for t in self.tokens if t.kind == "downed"} if bare else set()
        if len(verbs) == 1:
            for mention in bare:
                mention.measure, mention.weapon = str(*verbs), self.carry.weapon

    # --- what each kind of token does -----------------------------------------------------------

    def _on_attempt(self, _: Token) -> None:
        told = "downed" in self.kinds and any(t.kind == "downed" for t in self.tokens[: self.at])
        self.attempt = not told
        self.reading.attack = True

    def _on_agent(self, _: Token) -> None:
        self._leave_attempt()
        self.reading.agent = True

    def _on_object(self, token: Token) -> None:
        if begins_compound(self.tokens, self.at):
            return  # the last noun decides
        weapon = self.carry.weapon = self._named(token)
        if token.value[1] in ("rockets", "named"):
            self.carry.rockets = token.value[1] == "rockets"
        if weapon not in self.reading.weapons:
            self.reading.weapons.append(weapon)
        one = token.value[1] == "one" and self._is_one()
        if one or counts_as_one(self.tokens, self.at, listed=self._tells()):
            self._mention(Mention(1, weapon=weapon, implied=True))

    def _on_article(self, _: Token) -> None:
        noun = noun_of_article(self.tokens, self.at)
        if noun is not None and not self.attempt:
            self._mention(Mention(1, weapon=self._named(noun), implied=True))

    def _on_dash(self, _: Token) -> None:
        """Read the dash of "52 missiles - 30 Kh-101, 22 Kalibr"."""
        ahead = 1
        while self._peek(ahead).kind == "filler":
            ahead += 1
        if self._peek(ahead).kind == "number" and self._peek(-1).kind in ("object", "filler"):
            for mention in self._own()[:1]:
                mention.announces = True

    def _on_claimant(self, token: Token) -> None:
        self.carry.claimant = token.value

    def _on_downed(self, token: Token) -> None:
        self._leave_attempt()
        if token.value[0] in DOWNED:
            self.carry.measure = joint_measure(self.tokens, self.at)
        if token.value[1] == "one" and not self._ends_text() and self._implies_one():
            self._mention(Mention(1, weapon=self._weapon(self.at), implied=True))

    def _on_number(self, token: Token) -> None:
        own = self.waiting is not None and follows_place(self.tokens, self.at)
        if own or counts_weapons(self.tokens, self.at):
            torn = self._ends_text()
            if torn and self.flags & {"sum", "subset", "ofwhich"}:
                return
            self._mention(Mention(token.value, weapon=self._weapon(self.at), torn=torn))
        self.flags.discard("outof")

    def _ends_text(self) -> bool:
        """Whether the text ends here, in the word or in a piece of the next: it may go on."""
        if not self.torn or self.at + 4 <= self.end:
            return False
        return all(t.kind in _PIECES for t in self.tokens[self.at + 1 : self.end])

    def _on_towards(self, _: Token) -> None:
        self.flags.add("towards")

    def _flag(self, token: Token) -> None:
        self.flags.add(token.kind)
        counted = self._peek(-1).kind == "number"  # "three of which": that number waits on
        if token.kind in ("subset", "ofwhich") and not counted:
            self.open = []

    def _on_vague(self, _: Token) -> None:
        """Let the place of "half of them" pass: its number is not told."""
        self.open = []
        self.flags.add("vague")

    def _on_open(self, _: Token) -> None:
        self.bracket = self.open if self.open or self._tells() else None
        self.open = []

    def _on_close(self, _: Token) -> None:
        if self.bracket is not None:
            self.open = [m for m in self.bracket if m.place is None]
            self.bracket = None

    def _on_respectively(self, _: Token) -> None:
        """Give each of the last numbers its own unit of the list that they share."""
        mentions = self._own()
        place = mentions[-1].place if mentions else None
        sharing = [m for m in mentions if m.place is place]
        if place is not None and len(sharing) == len(place.regions):
            for mention, slug in zip(sharing, place.regions, strict=True):
                mention.place = replace(place, regions=(slug,))

    _on_subset = _on_ofwhich = _on_sum = _on_outof = _flag

    def _on_also(self, token: Token) -> None:
        if not self._tells():
            self._flag(token)

    def _on_ratio(self, _: Token) -> None:
        if begins_clause(self.tokens, self.at) and is_out_of(self.tokens, self.at):
            self.flags.add("outof")

    def _on_origin(self, _: Token) -> None:
        """Read "of 45 drones 30 were shot down"; step over "from the occupied Crimea"."""
        if is_out_of(self.tokens, self.at):
            self.flags.add("outof")
        ahead = 1
        while self._peek(ahead).kind in ("word", "filler", "unit"):
            ahead += 1
        place = read_place(self.tokens, self.at + ahead, unfinished=self.torn)
        if self._peek(ahead).kind == "region" and place is not None:
            self.at = place.end

    def _on_more(self, token: Token) -> None:
        if self._peek(-1).kind == "number" and self._tells():  # "five more were lost"
            self.reading.mentions[-1].more = True
            return
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
        if token.kind == "colon":
            self.carry.measure = measure_before(self.tokens, self.at) or self.carry.measure
            for mention in self._own():
                mention.announces = True
        else:
            self.waiting = None
            self.flags.clear()

    _on_colon = _on_semicolon = _on_bullet = _boundary

    def _cut_off(self) -> None:
        """The text ends here without a full stop: a number that waits is lost, a list may be."""
        mentions = self.reading.mentions
        last = mentions[-1] if mentions else None
        if last is not None and last.place is None and any(m is last for m in self.loose):
            last.more = True  # a part whose region is lost, not a total
        here = {m.weapon for m in self._own() if m.measure != "launched"}
        if not here and "also" not in self.kinds and not self.kinds.isdisjoint(_GOES_ON):
            here = {m.weapon for m in mentions if m.measure != "launched"}
        downed = any(t.kind == "downed" for t in self.tokens)
        if here and last is not None and last.ends_list:
            placed = last.place is not None and self._ends_with_place()
            if placed or (last.more and last.place is None and downed and not self.open):
                here.discard(last.weapon)
        if not any(m.measure != "launched" for m in mentions):
            here = {m.weapon for m in mentions} | set(self.reading.weapons)
        self.reading.cut = here

    def _all_of_the_attack(self) -> None:
        """Take the number of the attack where all of it is said to be down."""
        verbs = [t for t in self.tokens if t.kind == "downed" and t.value[0] in DOWNED]
        agree = any(t.value[1] for t in verbs)  # the form of the verb points back to a noun
        told, weapon = all_down(self.tokens)
        earlier = self.reading.mentions
        if not (agree or told) or any(m.measure != "launched" for m in earlier):
            return
        measure = verbs[-1].value[0]
        for mention in outside(earlier):
            if weapon not in ("", mention.weapon):
                continue
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

    # --- places ---------------------------------------------------------------------------------

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


_STEPS = {
    name.removeprefix("_on_"): step
    for name, step in vars(Sentence).items()
    if name.startswith("_on_")
}
