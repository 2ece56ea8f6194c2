"""One sentence to mentions: which number was said of which weapon, measure and place.

A sentence is read from left to right. What each kind of token does stands here, and what is decided
at the end; how numbers and places find each other stands in `matching`.
"""

from dataclasses import replace

from analysis.bulletins.clauses import (
    begins_clause,
    begins_compound,
    counts_weapons,
    follows_place,
    noun_of_article,
)
from analysis.bulletins.matching import Matching
from analysis.bulletins.mentions import Mention, outside
from analysis.bulletins.places import read_place
from analysis.bulletins.tokens import Token
from analysis.bulletins.verbs import (
    all_down,
    counts_as_one,
    is_out_of,
    joint_measure,
    measure_before,
)
from analysis.vocabulary import DOWNED

#: What may stand behind the last number or verb of a torn text without telling what it is about.
_PIECES = ("dash", "word", "and", "more", "per")
#: A torn sentence that holds one of these may have told of more; "also" tells of other weapons.
_GOES_ON = ("agent", "downed", "over", "beside", "more", "number", "object")


class Sentence(Matching):
    """Reads one sentence into mentions."""

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


_STEPS = {
    name.removeprefix("_on_"): step
    for name, step in vars(Sentence).items()
    if name.startswith("_on_")
}
