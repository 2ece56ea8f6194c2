"""Number words of 1 to 999 in every form, alone and where a bulletin needs them; num2words is the oracle."""

import pytest
from num2words import num2words

from analysis.bulletins import parse_bulletins
from analysis.bulletins.tokens import clean, lexicon, tokenise
from tests.bulletins.made_bulletins import counted_ru, ends_in_one

CASES = {
    "n": "nominative",
    "g": "genitive",
    "d": "dative",
    "a": "accusative",
    "i": "instrumental",
    "p": "locative",
}
ALL = range(1, 1000)


def numbers(text, language="ru"):
    tokens = tokenise(clean(text), lexicon(language))
    return [token.value for token in tokens if token.kind == "number"]


def total(text):
    """The total of the one bulletin of a text."""
    [bulletin] = parse_bulletins(text)
    return bulletin.total


@pytest.mark.parametrize("case", CASES, ids=CASES.values())
def test_russian_words_in_every_gender(case):
    for value in ALL:
        words = {
            num2words(value, lang="ru", case=case, gender=gender, animate=animate)
            for gender in "mfn"
            for animate in (True, False)
        }
        for said in words:
            assert numbers(said) == [value], said
            assert numbers(said.upper()) == [value], said
            assert numbers(said.replace("ё", "е")) == [value], said


@pytest.mark.parametrize("case", CASES, ids=CASES.values())
def test_russian_words_in_the_plural(case):
    # "одни ракеты": only a number that ends in one has a plural.
    for value in filter(ends_in_one, ALL):
        said = num2words(value, lang="ru", case=case, plural=True)
        assert numbers(said) == [value], said


def test_what_stands_around_russian_words_is_no_part_of_them():
    for value in ALL:
        said = num2words(value, lang="ru")
        assert numbers(f"около {said}, {said} – и еще {said}.") == [value] * 3
        assert numbers(f"**{said[:2]}**{said[2:]}") == [value]


SLOTS = {
    "n": "Ночью 4 мая 2025 года силами ПВО сбито {} над Тульской областью.",
    "a": "Ночью 4 мая 2025 года силы ПВО сбили {} над Тульской областью.",
    "g": "Сообщено об уничтожении силами ПВО ночью 4 мая 2025 года {} над Тульской областью.",
    "i": "Ночью 4 мая 2025 года сорвана атака {}. Все они сбиты силами ПВО над Тульской областью.",
}


@pytest.mark.parametrize("case", SLOTS, ids=[CASES[case] for case in SLOTS])
def test_russian_words_where_a_bulletin_needs_them(case):
    for value in ALL:
        said = SLOTS[case].format(counted_ru(value, "беспилотник", "words", case))
        assert total(said) == value, said


def test_russian_words_behind_a_preposition_that_shares_them_out():
    for value in ALL:
        what = counted_ru(value, "дрон", "words", "d")
        said = f"Ночью 4 мая 2025 года силами ПВО сбито по {what} над Тульской и Курской областями."
        assert total(said) == 2 * value, said


@pytest.mark.parametrize("noun", ["ракета", "авиабомба"])
def test_feminine_russian_words(noun):
    for value in ALL:
        what = counted_ru(value, noun, "words")
        said = f"Ночью 4 мая 2025 года силами ПВО сбито: {what} над Тульской областью."
        assert total(said) == value, said


COLLECTIVE = ["двое", "трое", "четверо", "пятеро", "шестеро", "семеро", "восьмеро"]


@pytest.mark.parametrize(("value", "said"), list(enumerate(COLLECTIVE, 2)), ids=COLLECTIVE)
def test_collective_russian_words(value, said):
    assert numbers(said) == [value]


def english(value):
    """The ways to write a number in English words."""
    said = num2words(value)
    plain = said.replace(" and ", " ")
    ways = {said, plain, plain.replace("-", " "), said.capitalize(), said.upper()}
    if said.startswith("one hundred"):
        ways.add("a" + said.removeprefix("one"))
    return sorted(ways)


def test_english_words_in_every_form():
    for value in ALL:
        for said in english(value):
            text = (
                f"On the night of May 4, 2025, Russian air defenses downed {said} drones over Tula."
            )
            [bulletin] = parse_bulletins(text)
            assert [count.count for count in bulletin.counts] == [value], said


def test_two_english_numbers_joined_by_and_are_two():
    text = "On the night of May 4, 2025, Russian air defenses downed {} missiles and {} drones over Tula."
    for value in range(2, 1000, 7):
        told = parse_bulletins(text.format(num2words(value), num2words(1001 - value)))
        assert {b.weapon: b.total for b in told} == {"missile": value, "uav": 1001 - value}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_numbers_in_a_row_are_not_run_together(language):
    text = {"ru": "{}, {}; {} – {}", "en": "{}, {}; {} – {}"}[language]
    for value in range(1, 997, 5):
        row = [value, value + 1, value + 2, value + 3]
        words = (num2words(n, lang=language) for n in row)
        assert numbers(text.format(*words), language) == row
