"""What the grammar finds in a text: mentions of numbers, and what surrounds them."""

from dataclasses import dataclass, field

from analysis.bulletins.places import Place
from analysis.bulletins.timephrases import TimePhrase


@dataclass(slots=True)
class Mention:
    """One number of a text.

    Attributes
    ----------
    count : int
        The number; 1 where the singular implies it.
    implied : bool
        The singular implied it: no number is written.
    weapon, measure : str
        What was counted, and what is said to have happened to it.
    place : Place or None
        Where; None for a number of the whole statement.
    each : bool
        The number was given for each unit of the place.
    torn : bool
        The text ends in the number, which may go on.
    more : bool
        "four more": adds to what came before, never a total.
    sum : bool
        "in total": sums up what came before.
    about : bool
        "more than ten", "about ten": not the exact number.
    also : bool
        "also ten": tells something new, even if that number was named before.
    announces : bool
        A colon or a dash follows: what comes next may be its parts.
    inside : bool
        "including six": part of the mention before it.
    towards : bool
        The place is where they flew to, not where they fell.
    whole_attack : bool
        The number is that of an attack of which everything is said to be down.
    ends_list : bool
        "and one over ...": the last item of its list.
    sentence : int
        Position of its sentence in the text.
    claimant : str
        Who claims it, where the text says so.
    """

    count: int
    weapon: str = ""
    measure: str = ""
    place: Place | None = None
    each: bool = False
    implied: bool = False
    torn: bool = False
    more: bool = False
    sum: bool = False
    about: bool = False
    also: bool = False
    announces: bool = False
    inside: bool = False
    towards: bool = False
    whole_attack: bool = False
    ends_list: bool = False
    sentence: int = 0
    claimant: str = ""


def outside(mentions: list[Mention]) -> list[Mention]:
    """Return the numbers that are no part of another; marks the list that "including" begins."""
    found: list[Mention] = []
    listing: Mention | None = None
    for mention in mentions:
        if mention.inside:
            listing = mention
        elif listing is None or mention.more or not _goes_on(listing, mention):
            listing = None
            found.append(mention)
        else:
            mention.inside = True
    return found


def _goes_on(listing: Mention, mention: Mention) -> bool:
    """Whether a number is another item of a list of parts."""
    return (listing.weapon, listing.measure, listing.sentence) == (
        *(mention.weapon, mention.measure, mention.sentence),
    )


@dataclass(slots=True)
class Reading:
    """What the grammar found in a text.

    Attributes
    ----------
    mentions : list of Mention
        In the order of the text.
    phrases : dict
        From the position of a sentence to the phrases in it that tell time.
    target : Place or None
        Where the attack that was stopped was aimed at.
    attack, agent : bool
        Whether an attack that was stopped, and those who shot, are named.
    weapons : list of str
        Weapons named, in order of appearance.
    cut : set of str
        Weapons whose list the end of the text may have cut off.
    """

    mentions: list[Mention] = field(default_factory=list)
    phrases: dict[int, list[TimePhrase]] = field(default_factory=dict)
    target: Place | None = None
    attack: bool = False
    agent: bool = False
    weapons: list[str] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)

    @property
    def is_statement(self) -> bool:
        """Whether the text tells of one episode rather than of the war at large.

        A number shot down needs hours, or a place and those who shot; without a number it takes
        an attack at a stated time.
        """
        timed = any(self.phrases.values())
        downed = [m for m in self.mentions if m.measure != "launched"]
        if not downed:
            return timed and self.attack
        return timed or (self.agent and any(m.place is not None for m in downed))
