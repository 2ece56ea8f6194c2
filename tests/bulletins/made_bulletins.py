"""Bulletins made of typed parts: a text, and exactly what has to be read from it.

`bulletins(language)` draws a `Made`: window, total, list, relations, subsets, other weapons and the style of
its numbers, each in the case that its place in the sentence asks for. `Made.text()` is the text, `Made.said()`
what it says, in the form that `said` gives to what was read.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from num2words import num2words

from tests.bulletins.made_places import (
    LANDS,
    SEAS,
    listed,
    over_en,
    over_ru,
    russian,
)

MOSCOW = ZoneInfo("Europe/Moscow")


def said(bulletin):
    """What a bulletin that was read says, as plain values."""
    return {
        "weapon": bulletin.weapon,
        "window": _hours(bulletin.window),
        "total": bulletin.total,
        "list": bulletin.list,
        "complete": bulletin.complete,
        "counts": [(c.regions, c.count, c.relation, c.measure) for c in bulletin.counts],
        "subsets": [(s.regions, s.of, s.count) for s in bulletin.subsets],
        "wider": [(_hours(c.window), c.total) for c in bulletin.cumulative],
    }


def _hours(window):
    return window and (window.start, window.end, window.precision)


# --- numbers and nouns ----------------------------------------------------------------------------

#: After one, two, five in the nominative; genitive plural, dative singular, instrumental plural and singular.
NOUNS = {
    "дрон": ("дрон", "дрона", "дронов", "дронов", "дрону", "дронами", "дроном"),
    "беспилотник": (
        "беспилотник",
        "беспилотника",
        "беспилотников",
        "беспилотников",
        "беспилотнику",
        "беспилотниками",
        "беспилотником",
    ),
    "аппарат": (
        "беспилотный аппарат",
        "беспилотных аппарата",
        "беспилотных аппаратов",
        "беспилотных аппаратов",
        "беспилотному аппарату",
        "беспилотными аппаратами",
        "беспилотным аппаратом",
    ),
    "БПЛА": ("БПЛА",) * 7,
    "ракета": ("ракета", "ракеты", "ракет", "ракет", "ракете", "ракетами", "ракетой"),
    "авиабомба": (
        "авиабомба",
        "авиабомбы",
        "авиабомб",
        "авиабомб",
        "авиабомбе",
        "авиабомбами",
        "авиабомбой",
    ),
    "катер": (
        "безэкипажный катер",
        "безэкипажных катера",
        "безэкипажных катеров",
        "безэкипажных катеров",
        "безэкипажному катеру",
        "безэкипажными катерами",
        "безэкипажным катером",
    ),
}
WEAPONS = {
    "missile": ("ракета", "missile"),
    "bomb": ("авиабомба", "guided bomb"),
    "boat": ("катер", "naval drone"),
}


def ends_in_one(number):
    """Whether a number takes the singular in Russian: 1, 21, 101, but not 11."""
    return number % 10 == 1 and number % 100 != 11


def number_ru(number, style, case="n", gender="m"):
    """A number in digits or words."""
    if style == "digits":
        return str(number)
    return num2words(number, lang="ru", case=case, gender=gender, animate=False)


def counted_ru(number, noun, style, case="n"):
    """A number with its noun: "двадцать один дрон", "сорока двух дронов", "по одному дрону"."""
    forms = NOUNS[noun]
    one = ends_in_one(number)
    gender = "f" if noun in ("ракета", "авиабомба") else "m"
    if case in "na" or (case == "d" and not one):  # "по два дрона"
        few = 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14
        form = forms[0] if one else forms[1] if few else forms[2]
        return f"{number_ru(number, style, 'n' if case == 'd' else case, gender)} {form}"
    if one:
        form = {"g": forms[1].replace("ных", "ного"), "d": forms[4], "i": forms[6]}[case]
    else:
        form = {"g": forms[3], "d": forms[4], "i": forms[5]}[case]
    return f"{number_ru(number, style, case, gender)} {form}"


def each_ru(number, style):
    """ "по два", "по одному"."""
    return "по " + number_ru(number, style, "d" if ends_in_one(number) else "n")


def number_en(number, style):
    """A number in digits or words, with or without the "and" of "one hundred and six"."""
    if style == "digits":
        return f"{number:,}"
    words = num2words(number)
    return words if style == "words with and" else words.replace(" and ", " ")


def counted_en(number, noun, style):
    """A number with its noun."""
    return f"{number_en(number, style)} {noun}{'s' * (number != 1)}"


# --- hours ----------------------------------------------------------------------------------------

MONTHS_RU = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
PARTS = {
    "night": ("Минувшей ночью", "Overnight", -4, 8),
    "evening": ("Вечером {ru}", "On the evening of {en}", 18, 24),
    "day": ("Днем {ru}", "In the daytime on {en}", 8, 20),
    "morning": ("Утром {ru}", "On the morning of {en}", 6, 12),
}


def day_ru(day):
    return f"{day.day} {MONTHS_RU[day.month - 1]}"


def day_en(day):
    return f"{MONTHS_EN[day.month - 1]} {day.day}"


def clock_en(moment):
    """ "9:40 p.m."."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02} {'a' if moment.hour < 12 else 'p'}.m."


@dataclass(frozen=True)
class Hours:
    """A window with the words that tell it."""

    start: datetime
    end: datetime
    precision: str
    words: str
    posted: datetime


@st.composite
def hours(draw, language):
    """Hours in one of the forms in which bulletins give them."""
    day = draw(st.dates(date(2023, 2, 1), date(2026, 4, 1)))
    form = draw(
        st.sampled_from(["stated", "stated", "undated", "midnight", "point", "part", "since"])
    )
    midnight = datetime(day.year, day.month, day.day, tzinfo=MOSCOW)
    end = midnight + timedelta(minutes=5 * draw(st.integers(1, 287)))
    start = end - timedelta(minutes=5 * draw(st.integers(2, 140)))
    posted = end + timedelta(minutes=draw(st.integers(1, 300)))
    if form == "midnight":
        start, end = midnight - timedelta(minutes=5 * draw(st.integers(2, 140))), midnight
        posted = end + timedelta(minutes=draw(st.integers(1, 300)))
    if form == "part":
        return draw(_parts(language, midnight))
    if form == "point":
        sentence = {
            "ru": f"Около {end:%H.%M} мск",
            "en": f"At around {clock_en(end)} Moscow time",
        }
        return Hours(end, end + timedelta(minutes=1), "point", sentence[language], posted)
    words = (
        _stated_ru(draw, form, start, end)
        if language == "ru"
        else _stated_en(draw, form, start, end)
    )
    return Hours(start, posted if form == "since" else end, "stated", words, posted)


def _stated_ru(draw, form, start, end):
    """ "С 20.15 мск 3 мая до 4.10 мск 4 мая"."""
    zone = draw(st.sampled_from(["", " мск"]))
    clock = draw(st.sampled_from(["%H.%M", "%H:%M"]))
    first = draw(st.sampled_from(["С", "В период с"]))
    if form == "since":
        return f"{first} {start:{clock}}{zone} {day_ru(start)}"
    if form == "midnight":
        last = draw(st.sampled_from(["24.00", "полуночи", "24:00"]))
        return f"{first} {start:{clock}} до {last}"
    if form == "undated":
        return f"{first} {start:{clock}}{zone} до {end:{clock}}{zone}"
    days = draw(st.sampled_from(["month", "digits", "year"]))
    if days == "digits":
        return f"{first} {start:%H.%M}{zone} {start.day}.{start:%m} до {end:%H.%M}{zone} {end.day}.{end:%m}"
    year = draw(st.sampled_from([f" {end.year} года", " т.г."])) if days == "year" else ""
    old = f" {start.year} года" if year and start.year != end.year else ""
    return f"{first} {start:{clock}}{zone} {day_ru(start)}{old} до {end:{clock}}{zone} {day_ru(end)}{year}"


def _stated_en(draw, form, start, end):
    """ "From 8:15 p.m. on May 3 to 4:10 a.m. on May 4"."""
    clock = draw(st.sampled_from([clock_en, "{:%H:%M}".format]))
    if form == "since":
        return f"Since {clock(start)} on {day_en(start)}"
    if form == "midnight":
        return f"From {clock(start)} {draw(st.sampled_from(['until', 'to']))} midnight"
    if form == "undated":
        zone = draw(st.sampled_from(["", " Moscow time"]))
        return f"Between {clock(start)} and {clock(end)}{zone}"
    return draw(
        st.sampled_from(
            [
                f"From {clock(start)} on {day_en(start)} to {clock(end)} on {day_en(end)}",
                f"Between {clock(start)} on {day_en(start)} and {clock(end)} on {day_en(end)}",
                f"From {clock(start)} on {day_en(start)}, {start.year}, until {clock(end)} on {day_en(end)}, {end.year}",
            ]
        )
    )


@st.composite
def _parts(draw, language, midnight):
    """Undated words; they end at the latest when the text was posted."""
    part = draw(st.sampled_from(sorted(PARTS)))
    ru, en, first, last = PARTS[part]
    start, end = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
    posted = end + timedelta(minutes=draw(st.integers(-100, 200)))
    words = ru.format(ru=day_ru(midnight)) if language == "ru" else en.format(en=day_en(midnight))
    return Hours(start, min(end, posted), "assumed", words, posted)


# --- the parts of a statement ---------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One item of a list: a number, the units it is for, and how many of it flew to Moscow."""

    regions: tuple[str, ...]
    count: int
    each: bool = False
    towards: int = 0
    measure: str = "intercepted"
    where: str = ""  # as the text names the units

    @property
    def sum(self):
        return self.count * (len(self.regions) if self.each else 1)

    def counts(self, *, each=False):
        if self.each or (each and len(self.regions) > 1):
            return [((slug,), self.count, "each", self.measure) for slug in self.regions]
        relation = "joint" if len(self.regions) > 1 else "single"
        return [(tuple(sorted(self.regions)), self.count, relation, self.measure)]


@dataclass(frozen=True)
class Made:
    """A bulletin made of parts.

    `layout` is the form of its list; `total` where its total stands ("" for none), `lost` how many of the total
    no region accounts for, `inferred` that its one joint number has to be read as "each" for the total to add up,
    `other` a weapon with its number and place in a sentence of its own, `wider` a total of longer hours, `attack`
    the size of the attack that a sentence before speaks of.
    """

    language: str
    hours: Hours
    items: tuple[Item, ...]
    layout: str
    total: str
    style: str
    words: tuple[str, ...]
    separator: str
    lost: int = 0
    inferred: bool = False
    other: tuple[str, int, str, str] | None = None
    wider: int = 0
    attack: int = 0

    @property
    def number(self):
        times = [len(i.regions) if self.inferred and not i.each else 1 for i in self.items]
        return sum(i.sum * n for i, n in zip(self.items, times, strict=True)) + self.lost

    def text(self):
        """The text; where it has lost a part, its footer shows that its end is there."""
        footer = "\n🔹 [Минобороны России](https://example.org/5)" * bool(self.lost)
        return self.body() + footer

    def body(self):
        return (_Russian if self.language == "ru" else _English)(self).text()

    def said(self):
        """What has to be read, in the form of `said`."""
        counts = [c for item in self.items for c in item.counts(each=self.inferred)]
        joint = any(relation == "joint" for _, _, relation, _ in counts)
        window = (self.hours.start, self.hours.end, self.hours.precision)
        attack = [((), self.attack, "single", "launched")] if self.attack else []
        drones = {
            "weapon": "uav",
            "window": window,
            "total": self.number,
            "list": ("joint" if joint else "itemised") if counts else "none",
            "complete": bool(counts) and not self.lost,
            "counts": attack + counts,
            "subsets": [
                (("moscow_city",), ("moscow_region",), i.towards) for i in self.items if i.towards
            ],
            "wider": [((*_wider_hours(self.hours), "stated"), self.number + self.wider)]
            if self.wider
            else [],
        }
        if self.other is None:
            return [drones]
        weapon, number, slug, _ = self.other
        return [drones, drones | {
            "weapon": weapon, "total": number, "list": "itemised", "complete": True,
            "counts": [((slug,), number, "single", "intercepted")], "subsets": [], "wider": [],
        }]  # fmt: skip

    def shuffled(self, order):
        """The same items in another order."""
        return replace(self, items=tuple(self.items[at] for at in order))


def _wider_hours(hours):
    """Hours that contain others: from three hours before."""
    return hours.start - timedelta(hours=3), hours.end


class _Russian:
    """Writes a `Made` in Russian."""

    def __init__(self, made):
        self.made = made
        self.noun, self.verb, self.form = made.words

    def text(self):
        made = self.made
        body = getattr(self, f"_{made.layout}")()
        if made.attack:
            what = counted_ru(made.attack, self.noun, made.style, "i")
            body = f"сорвана атака {what}. {body[0].upper()}{body[1:]}"
        if made.other:
            weapon, number, _, where = made.other
            noun = WEAPONS[weapon][0]
            what = counted_ru(number, noun, made.style)
            body += f" Кроме того, {where} {self._passive(number, noun)} {what}."
        if made.wider:
            start, end = _wider_hours(made.hours)
            total = counted_ru(made.number + made.wider, self.noun, made.style)
            body += (
                f" Всего с {start:%H.%M} {day_ru(start)} до {end:%H.%M} {day_ru(end)} "
                f"{self._passive(made.number + made.wider, self.noun)} {total}."
            )
        return f"{made.hours.words} {body}"

    def _passive(self, number, noun):
        """The verb in the number of its noun."""
        if not ends_in_one(number):
            return {"сбит": "сбиты", "перехвачен": "перехвачено"}.get(self.verb, f"{self.verb}ы")
        return f"{self.verb}а" if noun in ("ракета", "авиабомба") else self.verb

    def _head(self):
        """The sentence that states the total, open at its end."""
        number, style = self.made.number, self.made.style
        if self.form == "active":
            return f"силы ПВО сбили {counted_ru(number, self.noun, style, 'a')}"
        if self.form == "genitive":
            return f"сообщено об уничтожении силами ПВО {counted_ru(number, self.noun, style, 'g')}"
        if self.form == "before":
            what = counted_ru(number, self.noun, style)
            return f"{what} {self._passive(number, self.noun)} силами ПВО"
        return (
            f"силами ПВО {self._passive(number, self.noun)} {counted_ru(number, self.noun, style)}"
        )

    def _item(self, item, *, dash=" –", noun=True):
        number = (
            each_ru(item.count, self.made.style)
            if item.each
            else number_ru(item.count, self.made.style)
        )
        if noun:
            counted = counted_ru(item.count, self.noun, self.made.style, "d" if item.each else "n")
            number = f"по {counted}" if item.each else counted
        return f"{number}{dash} {item.where}{self._towards(item)}"

    def _towards(self, item):
        if not item.towards:
            return ""
        what = number_ru(item.towards, self.made.style)
        flying = "летевший" if ends_in_one(item.towards) else "летевших"
        return f", в том числе {what}, {flying} на Москву"

    def _bullets(self):
        rows = [
            f"\n▫️ {self._item(item, noun=at % 2 == 0)}" for at, item in enumerate(self.made.items)
        ]
        return f"{self._head()}:{self.made.separator.join(rows)}."

    def _lines(self):
        rows = [f"\n{self._item(item, noun=False)}" for item in self.made.items]
        return f"{self._head()}:{self.made.separator.join(rows)}."

    def _chain(self):
        rows = [self._item(item, noun=False) for item in self.made.items]
        return f"{self._head()}: {listed(rows)}."

    def _semicolons(self):
        return f"{self._head()}: {'; '.join(self._item(i, noun=False) for i in self.made.items)}."

    def _inverted(self):
        rows = [f"{i.where} – {self._item_number(i)}" for i in self.made.items]
        return f"{self._head()}: {'; '.join(rows)}."

    def _item_number(self, item):
        each = each_ru(item.count, self.made.style)
        return (each if item.each else number_ru(item.count, self.made.style)) + self._towards(item)

    def _brackets(self):
        rows = [f"{i.where} ({number_ru(i.count, self.made.style)})" for i in self.made.items]
        return f"{self._head()}: {listed(rows)}."

    def _plain(self):
        """A total with one place behind it, or none."""
        return f"{self._head()}{''.join(' ' + i.where for i in self.made.items)}."

    def _prose(self):
        """No total, or one at the end."""
        first, *rest = self.made.items
        passive = "сбито" if first.each else self._passive(first.count, self.noun)
        body = f"силами ПВО {passive} {self._item(first, dash='')}"
        body += "".join(f", {self._item(item, noun=False)}" for item in rest) + "."
        if self.made.total == "last":
            number = self.made.number
            what = counted_ru(number, self.noun, self.made.style)
            body += f" Всего {self._passive(number, self.noun)} {what}."
        return body

    def _sentences(self):
        """A sentence for each item; those of electronic warfare say so."""
        rows = []
        for at, item in enumerate(self.made.items):
            by = "средствами РЭБ" if item.measure == "suppressed" else "силами ПВО"
            verb = "подавлено" if item.measure == "suppressed" else "сбито"
            more = "еще " if at else ""
            what = self._item(item, dash="")
            rows.append(f"{by} {verb} {more}{what}.")
        return " ".join([rows[0], *(row[0].upper() + row[1:] for row in rows[1:])])


class _English:
    """Writes a `Made` in English."""

    def __init__(self, made):
        self.made = made
        self.noun, self.verb, self.form = made.words

    def text(self):
        made = self.made
        body = getattr(self, f"_{made.layout}")()
        if made.attack:
            what = counted_en(made.attack, self.noun, made.style)
            body = f"an attack with {what} was foiled. {body[0].upper()}{body[1:]}"
        if made.other:
            weapon, number, _, where = made.other
            what = counted_en(number, WEAPONS[weapon][1], made.style)
            body += f" {what[0].upper()}{what[1:]} {_were(number)} also destroyed {where}."
        if made.wider:
            start, end = _wider_hours(made.hours)
            number = made.number + made.wider
            body += (
                f" In total, {counted_en(number, self.noun, made.style)} {_were(number)} destroyed from "
                f"{start:%H:%M} on {day_en(start)} to {end:%H:%M} on {day_en(end)}."
            )
        return f"{made.hours.words}, {body}"

    def _head(self):
        what = counted_en(self.made.number, self.noun, self.made.style)
        if self.form == "passive":
            return f"{what} {_were(self.made.number)} {self.verb} by Russian air defenses"
        if self.form == "said":
            return f"Russia's defense ministry said, {what} {_were(self.made.number)} {self.verb}"
        return f"Russian air defenses {self.verb} {what}"

    def _item(self, item, *, noun=False):
        style = self.made.style
        number = counted_en(item.count, self.noun, style) if noun else number_en(item.count, style)
        towards = ""
        if item.towards:
            towards = f", including {number_en(item.towards, style)} heading towards Moscow"
        return f"{number}{' each' * item.each} {item.where}{towards}"

    def _bullets(self):
        rows = [
            f"\n• {self._item(item, noun=at % 2 == 0)}" for at, item in enumerate(self.made.items)
        ]
        return f"{self._head()}:{self.made.separator.join(rows)}."

    def _lines(self):
        rows = [f"\n{self._item(item)}" for item in self.made.items]
        return f"{self._head()}:{self.made.separator.join(rows)}."

    def _chain(self):
        return f"{self._head()}: {listed([self._item(i) for i in self.made.items], ', and ')}."

    def _semicolons(self):
        return f"{self._head()}: {'; '.join(self._item(i) for i in self.made.items)}."

    def _inverted(self):
        rows = []
        for item in self.made.items:
            number = number_en(item.count, self.made.style) + " each" * item.each
            rows.append(f"{item.where} – {number}")
        return f"{self._head()}: {'; '.join(rows)}."

    def _brackets(self):
        rows = [f"{i.where} ({number_en(i.count, self.made.style)})" for i in self.made.items]
        return f"{self._head()}: {listed(rows, ' and ')}."

    def _plain(self):
        return f"{self._head()}{''.join(' ' + i.where for i in self.made.items)}."

    def _prose(self):
        first, *rest = self.made.items
        body = f"Russian air defenses {self.verb} {self._item(first, noun=True)}"
        body += "".join(f", {self._item(item)}" for item in rest) + "."
        if self.made.total == "last":
            number = self.made.number
            what = counted_en(number, self.noun, self.made.style)
            body += f" In total, {what} {_were(number)} {self.verb}."
        return body

    def _sentences(self):
        rows = []
        for at, item in enumerate(self.made.items):
            number = counted_en(
                item.count, f"more {self.noun}" if at else self.noun, self.made.style
            )
            verb = "suppressed by electronic warfare" if item.measure == "suppressed" else self.verb
            rows.append(f"{number} {_were(item.count)} {verb} {item.where}.")
        return "Russian air defenses were at work. " + " ".join(
            row[0].upper() + row[1:] for row in rows
        )


def _were(number):
    return "was" if number == 1 else "were"


# --- drawing --------------------------------------------------------------------------------------

LAYOUTS = (
    "bullets",
    "lines",
    "chain",
    "semicolons",
    "inverted",
    "brackets",
    "plain",
    "prose",
    "sentences",
)


def _where(draw, slugs, language):
    """The words for some units; the choice of words is drawn, too."""
    pick = lambda options: draw(st.sampled_from(list(options)))  # noqa: E731
    if language == "en":
        return over_en(slugs, pick)
    if len(slugs) == 1 and slugs[0] in LANDS and pick((True, False, False, False)):
        return f"в {russian(slugs[0], 'locative')}"
    return over_ru(slugs, plain=pick((True, False)))


@st.composite
def items(draw, language, layout):
    """Items over units that are all different."""
    slugs = draw(st.lists(st.sampled_from(LANDS + SEAS), min_size=1, max_size=9, unique=True))
    if "moscow_region" not in slugs and draw(st.sampled_from([True, False, False])):
        slugs.insert(draw(st.integers(0, len(slugs))), "moscow_region")
    shared = layout not in ("brackets", "sentences")
    sizes = []
    while sum(sizes) < len(slugs):
        size = draw(st.sampled_from([1, 1, 1, 2, 3])) if shared else 1
        sizes.append(min(size, len(slugs) - sum(sizes)))
    if layout == "plain":
        sizes = draw(st.sampled_from([[], [len(slugs)]]))
    found = []
    for size in sizes:
        group, slugs = tuple(sorted(slugs[:size], key=SEAS.__contains__)), slugs[size:]
        each = size > 1 and layout != "plain" and draw(st.booleans())
        count = draw(st.integers(1, 12) | st.integers(1, 160))
        count = max(count, 1 if each else size)  # so many at least were over so many units
        towards = 0
        if group == ("moscow_region",) and layout not in (
            "brackets",
            "inverted",
            "sentences",
            "plain",
        ):
            towards = draw(st.integers(0, count))
        measure = "intercepted"
        if layout == "sentences" and found and draw(st.booleans()):
            measure = "suppressed"
        where = _where(draw, group, language)
        found.append(Item(group, count, each, towards, measure, where))
    return tuple(found)


@st.composite
def bulletins(draw, language=None):
    """A bulletin of typed parts in one language, or in either."""
    language = language or draw(st.sampled_from(["ru", "en"]))
    layout = draw(st.sampled_from(LAYOUTS))
    total = "first"
    if layout in ("prose", "sentences"):
        total = draw(st.sampled_from(["", "last"])) if layout == "prose" else ""
    parts = draw(items(language, layout))
    styles = ["digits", "words"] if language == "ru" else ["digits", "words", "words with and"]
    style = draw(st.sampled_from(styles))
    if language == "ru":
        words = (
            draw(st.sampled_from(["дрон", "беспилотник", "аппарат", "БПЛА"])),
            draw(st.sampled_from(["сбит", "перехвачен", "уничтожен"])),
            draw(st.sampled_from(["passive", "active", "before", "genitive"])),
        )
    else:
        words = (
            draw(st.sampled_from(["drone", "UAV", "Ukrainian drone"])),
            draw(st.sampled_from(["downed", "destroyed", "intercepted", "shot down"])),
            draw(st.sampled_from(["active", "passive", "said"])),
        )
    when = draw(hours(language))
    shared = [i for i in parts if len(i.regions) > 1 and not i.each]
    lost = draw(st.sampled_from([0, 0, 0, 3])) if total == "first" and parts and not shared else 0
    if layout == "plain":
        lost = 0 if parts else draw(st.integers(1, 500))
    inferred = total == "first" and layout != "plain" and len(shared) == 1 and draw(st.booleans())
    other = None
    if draw(st.sampled_from([True, False, False])) and layout != "plain":
        weapon = draw(st.sampled_from(sorted(WEAPONS)))
        place = draw(st.sampled_from(SEAS if weapon == "boat" else LANDS))
        other = (weapon, draw(st.integers(1, 30)), place, _where(draw, (place,), language))
    wide = when.precision == "stated" and when.end - when.start < timedelta(hours=20)
    wider = draw(st.integers(0, 90)) if wide and total == "first" and other is None else 0
    separator = draw(st.sampled_from([",", ";", ""]))
    made = Made(language, when, parts, layout, total, style, words, separator)
    made = replace(made, lost=lost, inferred=inferred, other=other, wider=wider)
    if total == "first" and parts and draw(st.sampled_from([True, False, False, False])):
        made = replace(made, attack=made.number + draw(st.integers(0, 9)))
    return made
