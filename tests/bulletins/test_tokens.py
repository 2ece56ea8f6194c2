import pytest
from num2words import num2words

from analysis.bulletins.tokens import clean, language_of, lexicon, tokenise

CASES = ("n", "g", "d", "a", "i", "p")
GENDERS = ("m", "f", "n")


def numbers(text, language="ru"):
    tokens = tokenise(clean(text), lexicon(language))
    return [token.value for token in tokens if token.kind == "number"]


def kinds(text, language="ru"):
    return [token.kind for token in tokenise(clean(text), lexicon(language))]


@pytest.mark.parametrize("case", CASES)
def test_russian_number_words_of_every_case_and_gender_are_read_back(case):
    for value in range(1, 1000):
        for gender in GENDERS:
            words = num2words(value, lang="ru", case=case, gender=gender)
            assert numbers(words) == [value], words


def test_english_number_words_are_read_back():
    for value in range(1, 1000):
        assert numbers(num2words(value).replace(" and ", " "), "en") == [value]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("1,250 drones", [1250], id="thousands"),
        pytest.param("шаг 2С4 и Су-30СМ, RM-70, С-200", [], id="names of weapons"),
        pytest.param("двадцать двадцать", [20, 20], id="no compound"),
        pytest.param("два 5", [2, 5], id="word and digits"),
        pytest.param("9999999999", [], id="no count is that long"),
    ],
)
def test_what_is_a_number(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param("д**ежурн**ыми средствами", "дежурными средствами", id="stars in a word"),
        pytest.param("бес\u00adпилотник", "беспилотник", id="soft hyphen"),
        pytest.param("[сбит](https://example.org/1)", "[сбит]", id="link"),
        pytest.param("__сбит__", "сбит", id="underscores"),
        pytest.param("ёж над Тулой", "еж над Тулой", id="yo"),
    ],
)
def test_markup_carries_no_meaning(text, same):
    read = tokenise(clean(text), lexicon("ru"))
    plain = tokenise(clean(same), lexicon("ru"))
    assert [(t.kind, t.value) for t in read] == [(t.kind, t.value) for t in plain]


def test_latin_letters_that_look_cyrillic_are_read_as_such():
    # The first letter is a Latin C, the last word mixes both alphabets.
    (first, *_, last) = tokenise("C 10.00 уничтоженo", lexicon("ru"))
    assert first.time == "from"
    assert last.kind == "downed"


def test_the_longest_form_wins():
    assert kinds("в том числе") == ["subset"]
    assert kinds("по московскому времени") == ["time"]
    assert kinds("Московской области")[0] == "region"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Сбиты drones", "ru"), ("Drones over Тула", "en"), ("", "en"), ("12:30 !", "en")],
)
def test_language_is_that_of_most_letters(text, language):
    # "Сбиты drones": five Cyrillic letters of eleven are not the most.
    assert language_of("Сбиты дроны" if language == "ru" else text) == language
