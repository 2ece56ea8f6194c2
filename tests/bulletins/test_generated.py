"""Bulletins made of parts are read back exactly; nothing is read where nothing is said."""

import random
import re
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bulletins import parse_bulletins
from analysis.bulletins.tokens import clean, language_of, lexicon, tokenise
from analysis.regions import name_forms, normalise_name
from tests.bulletins.made_bulletins import bulletins, said
from tests.bulletins.made_places import CASES, LANDS, SEAS, english_forms, over_en, over_ru, russian

POSTED = datetime(2025, 9, 3, 5, tzinfo=UTC)
CHANCE = st.integers(0, 2**32).map(random.Random)
FOOTER = "\n\n🔹 [Минобороны России](https://example.org/44)"


def read(text, posted=POSTED):
    return [said(bulletin) for bulletin in parse_bulletins(text, posted)]


# --- every unit, in every case and form -----------------------------------------------------------


@pytest.mark.parametrize("slug", LANDS + SEAS)
def test_every_unit_is_known_in_the_forms_that_running_text_needs(slug):
    for case in CASES:
        assert name_forms()[normalise_name(russian(slug, case))] == slug
    assert english_forms(slug)


@pytest.mark.parametrize("slug", LANDS + SEAS)
def test_every_unit_is_read_where_a_bulletin_names_it(slug):
    places = [over_ru([slug], plain=True), over_ru([slug], plain=False)]
    places += [f"в {russian(slug, 'locative')}"]
    texts = [f"Минувшей ночью силами ПВО сбито 7 дронов {place}." for place in places]
    texts += [
        f"Overnight Russian air defenses downed 7 drones over {form}."
        for form in english_forms(slug)
    ]
    for text in texts:
        [told] = parse_bulletins(text, POSTED)
        assert (told.total, told.complete) == (7, True), text
        assert [(c.regions, c.count, c.relation) for c in told.counts] == [
            ((slug,), 7, "single")
        ], text


@given(st.lists(st.sampled_from(LANDS + SEAS), min_size=2, max_size=12, unique=True), st.data())
def test_any_list_of_units_is_read_as_those_units(slugs, data):
    where = [over_ru(slugs, plain=True), over_ru(slugs, plain=False)]
    texts = [f"Минувшей ночью силами ПВО сбито 77 дронов {place}." for place in where]
    place = over_en(slugs, lambda options: data.draw(st.sampled_from(list(options))))
    texts += [f"Overnight Russian air defenses downed 77 drones {place}."]
    for text in texts:
        [told] = parse_bulletins(text, POSTED)
        assert [(c.regions, c.count) for c in told.counts] == [(tuple(sorted(slugs)), 77)], text


# --- made bulletins -------------------------------------------------------------------------------


@settings(max_examples=400)
@pytest.mark.parametrize("language", ["ru", "en"])
@given(st.data())
def test_made_bulletins_are_read_back_exactly(language, data):
    made = data.draw(bulletins(language))
    assert read(made.text(), made.hours.posted) == made.said(), made.text()


@given(bulletins(), CHANCE)
def test_the_order_of_a_list_changes_no_claim(made, rng):
    order = list(range(len(made.items)))
    rng.shuffle(order)
    mixed = made.shuffled(order)
    for first, second in zip(
        read(made.text(), made.hours.posted), read(mixed.text(), made.hours.posted), strict=True
    ):
        for key in ("counts", "subsets"):
            first[key], second[key] = sorted(first[key]), sorted(second[key])
        assert first == second


@given(bulletins(), CHANCE)
def test_stars_a_footer_and_signs_change_nothing(made, rng):
    text = made.body()
    plain = parse_bulletins(made.text(), made.hours.posted)
    assert parse_bulletins(text + FOOTER, made.hours.posted) == plain
    assert parse_bulletins("🎖🎖 " + text + FOOTER, made.hours.posted) == plain
    pieces = "".join(rng.choice(["", "", "", "**"]) + letter for letter in text)
    assert parse_bulletins(f"**{pieces}**{FOOTER}", made.hours.posted) == plain


@given(bulletins())
def test_reading_again_gives_the_same(made):
    first = parse_bulletins(made.text(), made.hours.posted)
    assert parse_bulletins(made.text(), made.hours.posted) == first


# --- anything at all ------------------------------------------------------------------------------

ANY_LETTER = st.characters()
LEXICON = {
    language: sorted(
        {" ".join(form) for form in lexicon(language).forms}
        | set("▫–,.:;()\n")
        | {"12", "7", "23.40"}
    )
    for language in ("ru", "en")
}


def kinds(text):
    return {token.kind for token in tokenise(clean(text), lexicon(language_of(clean(text))))}


@given(st.text(ANY_LETTER, max_size=300), st.text(ANY_LETTER, max_size=60))
def test_arbitrary_text_never_crashes_and_claims_nothing(before, after):
    for text in (before, before + after * 5, f"{before} 12 {after}"):
        if not {"downed", "attempt"} & kinds(text):
            assert parse_bulletins(text, POSTED) == []


@given(st.text(ANY_LETTER, max_size=120), bulletins())
def test_strange_letters_around_a_bulletin_never_crash(junk, made):
    for told in parse_bulletins(junk + made.text() + junk, made.hours.posted):
        assert told.to_dict()["findings"] is not None


@settings(max_examples=300)
@pytest.mark.parametrize("language", ["ru", "en"])
@given(data=st.data())
def test_a_salad_of_words_claims_no_number_that_is_not_in_it(language, data):
    words = st.sampled_from(LEXICON[language]) | st.text(ANY_LETTER, max_size=8)
    words |= st.integers(0, 3000).map(str)
    text = " ".join(data.draw(st.lists(words, max_size=60)))
    numbers = [
        token.value for token in tokenise(clean(text), lexicon(language)) if token.kind == "number"
    ]
    for told in parse_bulletins(text, POSTED, language=language):
        assert all(count.count in {*numbers, 1} for count in told.counts), text
        assert all(subset.count in {*numbers, 1} for subset in told.subsets), text
        assert told.total is None or told.total <= sum(numbers) + text.count(" ") + 1, text


@settings(max_examples=300)
@pytest.mark.parametrize("language", ["ru", "en"])
@given(data=st.data())
def test_without_a_verb_of_interception_nothing_is_claimed(language, data):
    forms = lexicon(language).forms
    silent = [
        " ".join(form) for form, meaning in forms.items() if meaning[0] not in ("downed", "attempt")
    ]
    words = (
        st.sampled_from(silent) | st.integers(0, 3000).map(str) | st.text(ANY_LETTER, max_size=8)
    )
    text = " ".join(data.draw(st.lists(words, max_size=60)))
    if not {"downed", "attempt"} & kinds(text):
        assert parse_bulletins(text, POSTED) == []


# --- time -----------------------------------------------------------------------------------------


def calls(text):
    """How many functions are called to read a text: a clock that is the same everywhere."""
    count = 0

    def tick(*_):
        nonlocal count
        count += 1

    parse_bulletins(text, POSTED)  # words are looked up once
    sys.setprofile(tick)
    try:
        parse_bulletins(text, POSTED)
    finally:
        sys.setprofile(None)
    return count


REPEATED = [
    "12 дронов над Тульской областью, ",
    "силами ПВО сбиты 12 дронов над Тульской областью. ",
    "над Тульской, ",
    "сбиты ",
    "12 ",
    "с 12.00 до ",
    "дронов и ",
    "district ",
    "двадцать ",
    "▫️ ",
    "в том числе ",
    "район ",
    "(",
    "Тулой ",
]


@pytest.mark.parametrize("piece", REPEATED)
def test_the_work_grows_with_the_length_of_a_text(piece):
    start = "Минувшей ночью силами ПВО сбиты "
    times = 30_000 // len(piece)
    assert calls(start + piece * 4 * times) <= 4.7 * calls(start + piece * times)


def test_the_work_on_made_lists_grows_with_their_length():
    rng = random.Random(4)
    rows = [
        f"▫️ {rng.randint(1, 99)} – {over_ru([rng.choice(LANDS)], plain=False)}" for _ in range(1200)
    ]
    start = "Минувшей ночью силами ПВО сбиты 900 дронов: "
    short, long = (calls(start + ", ".join(rows[:n])) for n in (300, 1200))
    assert long <= 4.7 * short


def test_the_made_texts_hold_no_run_of_digits_that_is_no_number():
    # The generator itself: each number of `said` stands in the text where its style is digits.
    seen = []

    @settings(max_examples=60)
    @given(bulletins())
    def look(made):
        if made.style != "digits":
            return
        digits = set(re.findall(r"\d+", made.text().replace(",", "")))
        seen.append(
            all(str(count) in digits for told in made.said() for _, count, *_ in told["counts"])
        )

    look()
    assert seen
    assert all(seen)
