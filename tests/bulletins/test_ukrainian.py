"""Ukrainian bulletins, and the Ukrainian Air Force in three languages."""

import csv
import re
import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from analysis.bulletins import parse_bulletins
from analysis.bulletins.lexicon import LANGUAGES, lexicon
from analysis.bulletins.tokens import clean, language_of, tokenise
from analysis.regions import find_region, form_words, normalise_name, regions
from tests.bulletins.air_force_bulletins import ENGLISH, NO_CLAIM, RUSSIAN, UKRAINIAN, WINDOWS

POSTED = datetime(2025, 5, 25, 7, tzinfo=UTC)
OVERNIGHT = "Вночі збито 7 дронів."


def read(text, **options):
    return parse_bulletins(text, POSTED, **options)


def one(text, **options):
    [bulletin] = read(text, **options)
    return bulletin


def codes(bulletin):
    return [finding.code for finding in bulletin.findings]


def said(bulletin):
    """The line that a bulletin makes, its counts in the order of the alphabet."""
    counts = [
        " ".join(
            [count.measure, str(count.count), "+".join(count.regions)]
            + ["each"] * (count.relation == "each")
        ).strip()
        for count in bulletin.counts
    ]
    counts += [
        " ".join(["of which", str(subset.count), *subset.regions]) for subset in bulletin.subsets
    ]
    who = [bulletin.claimant] if bulletin.claimant != "ua_air_force" else []
    total = "-" if bulletin.total is None else str(bulletin.total)
    line = " ".join([*who, bulletin.weapon, total])
    return f"{line}: {', '.join(sorted(counts))}" if counts else line


def entries(table):
    """(text, bulletins) of a table, with its title."""
    found = []
    for block in re.split("^# ", table.strip("\n"), flags=re.MULTILINE)[1:]:
        title, text, told = block.strip("\n").split("\n")
        lines = [] if told.strip() == "nothing" else told.strip().split(" / ")
        found.append(pytest.param(text.replace("⏎", "\n"), lines, id=title))
    return found


def in_order(line):
    head, colon, counts = line.partition(": ")
    return head + colon + ", ".join(sorted(counts.split(", ")))


@pytest.mark.parametrize(("text", "told"), entries(UKRAINIAN))
def test_ukrainian_bulletins(text, told):
    assert [said(bulletin) for bulletin in read(text)] == list(map(in_order, told))
    assert {bulletin.language for bulletin in read(text)} <= {"uk"}


@pytest.mark.parametrize(("text", "told"), entries(RUSSIAN))
def test_the_air_force_in_russian(text, told):
    assert [said(bulletin) for bulletin in read(text)] == list(map(in_order, told))
    assert {bulletin.language for bulletin in read(text)} == {"ru"}


@pytest.mark.parametrize(("text", "told"), entries(ENGLISH))
def test_the_air_force_in_english(text, told):
    assert [said(bulletin) for bulletin in read(text)] == list(map(in_order, told))
    assert {bulletin.language for bulletin in read(text)} == {"en"}


def test_the_tables_hold_every_measure_and_tell_nothing_twice():
    tables = {name: entries(table) for name, table in zip(
        LANGUAGES, (RUSSIAN, ENGLISH, UKRAINIAN), strict=True)}  # fmt: skip
    assert len(tables["uk"]) >= 60
    for table in tables.values():
        texts = [entry.values[0] for entry in table]
        assert len(set(texts)) == len(texts) >= 15
        told = " ".join(line for entry in table for line in entry.values[1])
        for measure in ("launched", "intercepted", "suppressed", "lost", "left", "hit"):
            assert f"{measure} " in told


@pytest.mark.parametrize("text", NO_CLAIM.strip("\n").split("\n"))
def test_what_claims_nothing_gives_no_bulletin(text):
    assert read(text, language="uk") == []
    assert read(text) == []


# --- hours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", WINDOWS.strip("\n").split("\n"))
def test_hours_on_the_clock_of_kyiv(line):
    phrase, meant = line.split(" | ")
    window = one(f"{phrase} збито 7 дронів.").window
    assert f"{window.start:%d %H:%M}-{window.end:%d %H:%M} {window.precision}" == meant
    assert window.start.tzinfo == ZoneInfo("Europe/Kyiv")


def test_as_of_ends_the_hours_that_a_sentence_before_began():
    text = "У ніч на 25 травня (з 18:30 24 травня) ворог запустив 9 дронів. Станом на {} збито 7."
    window = one(text.format("08:15")).window
    assert (window.start.isoformat(), window.end.isoformat(), window.precision) == (
        *("2025-05-24T18:30:00+03:00", "2025-05-25T08:15:00+03:00"),
        "stated",
    )
    assert one(text.format("08:15")).total == 7


def test_as_of_alone_begins_no_statement_of_its_own():
    text = "Вночі збито 7 дронів на Одещині. Станом на 09:00 збито 2 дрони на Сумщині."
    bulletin = one(text)
    assert bulletin.total == 9
    assert f"{bulletin.window.end:%d %H:%M}" == "25 09:00"


def test_a_night_with_its_beginning_ends_in_the_morning_or_with_the_post():
    text = "У ніч на 25 травня (з 23:00 24 травня) збито 7 дронів."
    assert f"{one(text).window.end:%d %H:%M}" == "25 08:00"
    [early] = parse_bulletins(text, datetime(2025, 5, 25, 2, tzinfo=UTC))
    assert f"{early.window.end:%d %H:%M}" == "25 05:00"
    after_midnight = one("У ніч на 25 травня (з 01:00 25 травня) збито 7 дронів.").window
    assert f"{after_midnight.start:%d %H}-{after_midnight.end:%d %H}" == "25 01-25 08"


def test_winter_has_the_clock_of_winter():
    text = "У ніч на 12 січня (з 19:00 11 січня) ворог запустив 9 дронів. Станом на 08:00 збито 7."
    [bulletin] = parse_bulletins(text, datetime(2025, 1, 12, 7, tzinfo=UTC))
    assert bulletin.window.start.isoformat() == "2025-01-11T19:00:00+02:00"


def test_a_text_without_a_year_needs_the_time_of_posting():
    text = "У ніч на 25 травня збито 7 дронів."
    [undated] = parse_bulletins(text)
    assert (undated.window, codes(undated)) == (None, ["no-year"])
    [dated] = parse_bulletins(text.replace("травня", "травня 2025 року"))
    assert dated.window.start.isoformat() == "2025-05-24T20:00:00+03:00"


def test_the_ministry_is_read_on_the_clock_of_moscow():
    bulletin = one("Міноборони рф: з 20:00 до 23:00 збито 7 дронів над Курщиною.")
    assert bulletin.window.start.isoformat() == "2025-05-24T20:00:00+03:00"
    assert bulletin.window.start.tzinfo == ZoneInfo("Europe/Moscow")


# --- who claims it, in which language -------------------------------------------------------------

UK = [
    "Збито 5 БпЛА над Одесою",
    "знищено дрон",
    "Подавлено 12 БпЛА",
    "Ніч.",
    "п'ять дронов",
    "Вночi збито 5 дронiв",
    "У НІЧ НА 25 ТРАВНЯ",
    "Минобороны РФ: уничтожены 15 БПЛА над территорией. Про це повідомили у міністерстві, пише видання.",
]
RU = [
    "Сбито 5 БПЛА над Одессой",
    "Сбит дрон",
    "Подавлено 12 БПЛА",
    "Ночью.",
    "БПЛА",
    "уничтожены дроны",
    "В Киеве (Київ) ночью сбиты три ракеты, объявлена тревога, разрушены два дома, есть раненые.",
]


@pytest.mark.parametrize(("text", "language"), [(t, "uk") for t in UK] + [(t, "ru") for t in RU])
def test_ukrainian_is_told_from_russian(text, language):
    if text == "Подавлено 12 БпЛА":  # the words of both: Russian then, and read alike
        language = "ru"
    assert language_of(text) == language


def test_no_post_of_the_record_is_taken_for_ukrainian(shared):
    with (shared / "data" / "mod_russia_posts.csv").open(encoding="utf-8", newline="") as file:
        spoken = {language_of(clean(post["text"])) for post in csv.DictReader(file)}
    assert spoken == {"ru"}


def test_a_claimant_is_given_where_the_text_names_none():
    text = "Вночі над Чорним морем збито 7 дронів."
    assert one(text).claimant == "ua_air_force"
    assert one(text, claimant="ru_mod").claimant == "ru_mod"
    named = "Повітряні сили: вночі над Чорним морем збито 7 дронів."
    assert one(named, claimant="ru_mod").claimant == "ua_air_force"


def test_what_fell_over_russia_alone_is_russias_claim():
    told = one("Уночі над Бєлгородською областю та Кримом збили 34 дрони.")
    assert (told.claimant, told.direction, told.total) == ("ru_mod", "on_russia", 34)
    assert "claimant-from-place" in codes(told)
    for text in (
        "Уночі над Бєлгородською та Сумською областями збили 34 дрони.",
        "Уночі над Кримом і Чорним морем збили 34 дрони.",
        "Повітряні сили: уночі над Бєлгородською областю збили 34 дрони.",
        "Уночі з Курська і Брянська запущено 40 дронів, 34 збито.",
    ):
        assert [b.claimant for b in read(text)] == ["ua_air_force"]
        assert "claimant-from-place" not in codes(one(text))
    kept = one("Уночі над Бєлгородською областю збили 34 дрони.", claimant="ua_air_force")
    assert kept.claimant == "ua_air_force"


# --- counts ---------------------------------------------------------------------------------------


def test_a_heading_counts_once():
    heading = "ЗБИТО 7 ДРОНІВ, 2 НЕ ДОСЯГЛИ ЦІЛЕЙ\n\n"
    body = "Вночі ворог запустив 9 дронів. Збито 7 на Одещині. 2 не досягли цілей."
    assert said(one(heading + body)) == said(one(body))
    assert one("За ніч збито 7 дронів.\n\nВночі сили ППО збили 7 із 9 дронів.").total == 7
    thrice = "За ніч збито 7 дронів. Вночі збито 7 дронів на Одещині. Отже, 7 дронів збито."
    assert said(one(thrice)) == "uav 7: intercepted 7 odesa"


def test_a_paragraph_ends_a_heading():
    assert said(one("АТАКА НА ОДЕЩИНУ\n\nНа Сумщині вночі збито 9 дронів.")) == (
        "uav 9: intercepted 9 sumy"
    )
    listed = "Вночі збито 9 дронів:\n\n– 5 на Сумщині;\n\n– 4 на Одещині."
    assert said(one(listed)) == "uav 9: intercepted 4 odesa, intercepted 5 sumy"


@pytest.mark.parametrize(
    ("text", "total"),
    [
        pytest.param("Вночі збито 7 дронів. Також збито 7 дронів на Сумщині.", 14, id="also"),
        pytest.param("Вночі збито 7 дронів. Ще 7 дронів збито на Сумщині.", 14, id="more"),
        pytest.param("Вночі збито 7 дронів. 8 дронів збито на Сумщині.", 15, id="another number"),
        pytest.param("Вночі збито 7 ракет Х-101 та 7 ракет Х-59.", 14, id="one sentence"),
        pytest.param("Вночі над Києвом збито 7 дронів. 7 дронів збито над Сумщиною.", 14, id="two places"),
        pytest.param("Вночі ворог запустив 20 дронів. Збито 7 «шахедів». Збито 7 «Гербер».", 14, id="no heading"),
    ],
)  # fmt: skip
def test_other_numbers_are_not_taken_for_a_heading(text, total):
    assert one(text).total == total


@pytest.mark.parametrize(
    ("text", "total", "counts"),
    [
        ("Вночі знищено 9 ракет: 4 Х-101, 3 «Калібри», 2 Х-59.", 9, [9]),
        ("Вночі знищено 9 ракет: 4 Х-101, 3 «Калібри».", 9, [9]),
        ("Вночі знищено 4 ракети Х-101, 3 «Калібри», 2 Х-59.", 9, [4, 3, 2]),
        ("Вночі збито 9 дронів: 6 на Одещині, 2 на Сумщині.", 9, [6, 2]),
        ("Вночі знешкоджено 9 дронів: 6 збито, 3 подавлено.", 9, [6, 3]),
        ("Вночі знешкоджено 9 дронів: 6 збито, 3 локаційно втрачено.", 6, [6, 3]),
        ("Вночі збито 9 дронів, ще 3 – на Сумщині.", 12, [9, 3]),
        ("Вночі збито 9 дронів: 6 на Одещині, ще 3 на Сумщині.", 9, [6, 3]),
        ("Вночі збито 9 дронів: 6 на Одещині, ще 1 на Сумщині.", 10, [6, 1]),
        ("Вночі збито 9 дронів, 6 збито на Одещині, 3 на Сумщині.", 9, [6, 3]),
        ("Вночі знешкоджено 9 дронів, 6 збито, 3 подавлено.", 9, [6, 3]),
        ("Усього вночі збито 9 ракет, 4 Х-101, 3 «Калібри».", 9, [9]),
        ("Вночі збито 9 ракет – 4 Х-101, 3 «Калібри».", 9, [9]),
        ("ЗБИТО 9 ДРОНІВ\n\nВночі 6 дронів збито авіацією, 3 дрони – мобільними групами.", 9, [9]),
        ("Вночі збито 5 ракет. Також 3 ракети збито. 2 ракети збито.", 10, [5, 3, 2]),
        ("Усього вночі збито 9 дронів, 6 з них на Одещині.", 9, [6]),
    ],
)
def test_a_number_and_its_parts(text, total, counts):
    assert one(text).total == total
    assert [count.count for count in one(text).counts] == counts


def test_one_number_for_two_ends_has_the_surer():
    for verbs, measure in {
        "збито/подавлено": "intercepted",
        "подавлено або збито": "intercepted",
        "подавлено/локаційно втрачено": "suppressed",
        "локаційно втрачено та подавлено": "suppressed",
        "локаційно втрачено": "lost",
    }.items():
        for text in (f"Вночі {verbs} 7 дронів.", f"Вночі 7 дронів {verbs}."):
            [count] = one(text).counts
            assert (count.count, count.measure) == (7, measure), text


def test_including_reaches_over_the_list_that_it_begins():
    text = "Вночі ворог запустив 60 дронів, зокрема 40 «шахедів», 15 «Гербер» та 4 імітатори. {}"
    assert said(one(text.format("Збито 50."))) == (
        "uav 50: intercepted 50, launched 60, of which 15, of which 4, of which 40"
    )
    assert said(one(text.format("Усі збито."))).startswith("uav 60: intercepted 60, launched 60,")
    more = "Вночі ворог запустив 60 дронів, зокрема 40 «шахедів», і ще 5 дронів."
    assert said(one(more)) == "uav -: launched 5, launched 60, of which 40"
    fates = "Вночі ворог запустив 60 дронів, зокрема 40 «шахедів», 45 збито."
    assert said(one(fates)) == "uav 45: intercepted 45, launched 60, of which 40"


def test_where_they_came_from_and_went_is_no_place():
    text = "Вночі з Криму запущено 9 дронів, 7 збито, один залишив небо України в бік Криму."
    assert said(one(text)) == "uav 7: intercepted 7, launched 9, left 1"
    last = one("Ukraine's Air Force: 14 drones launched overnight were shot down.")
    assert said(last) == "uav 14: intercepted 14"


def test_the_number_of_a_noun_that_nothing_counts():
    for text, told in {
        "Вночі збито над Сумщиною безпілотник.": ["uav 1: intercepted 1 sumy"],
        "Вночі безпілотник збито над Сумщиною.": ["uav 1: intercepted 1 sumy"],
        "Вночі збито два дрони й ракету.": ["uav 2: intercepted 2", "missile 1: intercepted 1"],
        "Вночі збито 3 дрони. За даними влади, ракета влетіла в склад.": ["uav 3: intercepted 3"],
        "Вночі збито перший дрон.": [],
        "Вночі збито дрони.": [],
    }.items():
        assert [said(bulletin) for bulletin in read(text)] == told, text


def test_two_verbs_leave_a_number_without_one_untold():
    text = "Вночі на Сумщині – 7, на Полтавщині 12 дронів збито, 3 втрачено."
    assert [c.count for c in one(text).counts] == [12, 3]


def test_a_stop_inside_a_list_ends_no_sentence():
    assert said(one("Вночі на Одещині (Рені тощо.), збито 9 дронів.")).endswith("9 odesa")
    assert said(one("Вночі у м. Києві та Сумській обл. збито 9 дронів.")).endswith(
        "9 kyiv_city+sumy"
    )


def test_groups_of_oblasts_are_no_units():
    bulletin = one("Вночі збито 7 дронів на півночі, сході та в центрі країни.")
    assert (bulletin.total, bulletin.list) == (7, "none")
    assert [count.regions for count in bulletin.counts] == [()]
    assert codes(bulletin) == ["region-group"] * 3
    assert '"сході" is a group' in " ".join(f.message for f in bulletin.findings)
    mixed = one("Вночі збито 7 дронів на сході та в Київській області.")
    assert [count.regions for count in mixed.counts] == [()]
    inside = one("Вночі збито 7 дронів на сході Харківщини.")
    assert ([c.regions for c in inside.counts], codes(inside)) == ([("kharkiv",)], [])


@pytest.mark.parametrize("word", ["понад", "близько", "щонайменше", "майже", "до", "більше ніж"])
def test_inexact_numbers_are_noted(word):
    bulletin = one(f"Вночі збито {word} 70 дронів.")
    assert bulletin.total == 70
    assert codes(bulletin) == ["inexact-count"]
    assert codes(one("Вночі збито 70 дронів.")) == []


def test_subsets_of_an_attack_are_no_subsets_of_what_was_shot_down():
    bulletin = one("Вночі ворог запустив 90 дронів, із них 60 – «шахеди». Збито 40.")
    [subset] = bulletin.subsets
    assert (subset.count, subset.measure, subset.of) == (60, "launched", ())
    assert subset.to_dict() == {"regions": [], "of": [], "count": 60, "note": "included"}


def test_a_torn_national_claim_without_places_is_not_cut():
    bulletin = one("Вночі збито 45 із 60 дронів")
    assert (bulletin.total, bulletin.list, codes(bulletin)) == (45, "none", [])
    assert one("Вночі збито 45 дронів на Одещині та Су").list == "cut"


# --- number words ---------------------------------------------------------------------------------

CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative")
#: Declined by hand; genders where there are any, then other forms of the same number.
UNITS = {
    1: ["один одного одному один одним одному", "одна однієї одній одну однією одній",
        "одне одного одному одне одним однім", "одна одної одній одну одною одній"],
    2: ["два двох двом два двома двох", "дві двох двом дві двома двох"],
    3: ["три трьох трьом три трьома трьох"],
    4: ["чотири чотирьох чотирьом чотири чотирма чотирьох"],
    5: ["п'ять п'яти п'яти п'ять п'ятьма п'яти", "п'ять п'ятьох п'ятьом п'ятьох п'ятьома п'ятьох"],
    6: ["шість шести шести шість шістьма шести", "шість шістьох шістьом шістьох шістьома шістьох"],
    7: ["сім семи семи сім сьома семи", "сім сімох сімом сімох сімома сімох"],
    8: ["вісім восьми восьми вісім вісьма восьми", "вісім вісьмох вісьмом вісьмох вісьмома вісьмох"],
    9: ["дев'ять дев'яти дев'яти дев'ять дев'ятьма дев'яти",
        "дев'ять дев'ятьох дев'ятьом дев'ятьох дев'ятьома дев'ятьох"],
}  # fmt: skip
TO_NINETEEN = ("десят", "одинадцят", "дванадцят", "тринадцят", "чотирнадцят", "п'ятнадцят",
               "шістнадцят", "сімнадцят", "вісімнадцят", "дев'ятнадцят")  # fmt: skip
TENS = {20: "двадцят", 30: "тридцят"}
HIGH_TENS = {50: "п'ят", 60: "шіст", 70: "сім", 80: "вісім"}
HUNDREDS = {
    100: "сто ста ста сто ста ста",
    200: "двісті двохсот двомстам двісті двомастами двохстах",
    300: "триста трьохсот трьомстам триста трьомастами трьохстах",
    400: "чотириста чотирьохсот чотирьомстам чотириста чотирмастами чотирьохстах",
    500: "п'ятсот п'ятисот п'ятистам п'ятсот п'ятьмастами п'ятистах",
    600: "шістсот шестисот шестистам шістсот шістьмастами шестистах",
    700: "сімсот семисот семистам сімсот сьомастами семистах",
    800: "вісімсот восьмисот восьмистам вісімсот вісьмастами восьмистах",
    900: "дев'ятсот дев'ятисот дев'ятистам дев'ятсот дев'ятьмастами дев'ятистах",
}


def soft(stem):
    """Both declensions of a number in -ть."""
    return [
        f"{stem}ь {stem}и {stem}и {stem}ь {stem}ьма {stem}и",
        f"{stem}ь {stem}ьох {stem}ьом {stem}ьох {stem}ьома {stem}ьох",
    ]


def declined():
    """Every simple number word: value to the words of each case."""
    rows = dict(UNITS)
    rows |= {10 + at: soft(stem) for at, stem in enumerate(TO_NINETEEN)}
    rows |= {value: soft(stem) for value, stem in TENS.items()}
    rows[40] = ["сорок сорока сорока сорок сорока сорока"]
    for value, stem in HIGH_TENS.items():
        rows[value] = [row.replace("десять ", "десят ") for row in soft(f"{stem}десят")]
    rows[90] = ["дев'яносто дев'яноста дев'яноста дев'яносто дев'яноста дев'яноста"]
    rows |= {value: [row] for value, row in HUNDREDS.items()}
    return {value: [row.split() for row in lines] for value, lines in rows.items()}


SIMPLE = declined()


def spoken(value, case, form=0):
    """A number in words of one case; the form is that of its last word."""
    parts = [value // 100 * 100]
    parts += [value % 100] if value % 100 < 20 else [value % 100 // 10 * 10, value % 10]
    words = [SIMPLE[part] for part in parts if part]
    return " ".join(
        rows[form % len(rows) if at == len(words) - 1 else 0][case] for at, rows in enumerate(words)
    )


def numbers(text):
    tokens = tokenise(clean(text), lexicon("uk"))
    return [token.value for token in tokens if token.kind == "number"]


@pytest.mark.parametrize("case", range(6), ids=CASES)
def test_number_words_in_every_case_and_gender(case):
    for value in range(1, 1000):
        for form in range(4):
            words = spoken(value, case, form)
            assert numbers(words) == [value], words
            assert numbers(words.upper()) == [value], words


def test_number_words_of_another_hand_are_read_too():
    for value in range(1, 1000):
        assert numbers(num2words(value, lang="uk")) == [value]


@pytest.mark.parametrize("mark", "'’ʼ‘`´′")
def test_any_apostrophe_will_do(mark):
    assert numbers(f"п{mark}ять, дев{mark}яносто дев{mark}ять, П{mark}ЯТСОТ") == [5, 99, 500]


def test_a_number_word_counts_where_its_case_wants_it():
    for value in range(1, 1000):
        text = f"Вночі ворог атакував {spoken(value, 4)} дронами, збито {spoken(value, 0)}."
        bulletin = one(text)
        assert [(c.measure, c.count) for c in bulletin.counts] == [
            ("launched", value),
            ("intercepted", value),
        ], text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9-ма ракетами, 36-ти, 5-ох, 12-ть", [9, 36, 5, 12]),
        ("25-го, 25-те, 3-й, 2-га", []),
        ("1 024 дрони, 12\u00a0500, 1024", [1024, 12500, 1024]),
        ("Х-59/69, Shahed-136/131, С-300/С-400, 3М22, KN-23", []),
        ("тисяча двісті, дві тисячі", [1200, 2000]),
    ],
)
def test_what_is_a_number(text, found):
    assert numbers(text) == found


# --- spelling -------------------------------------------------------------------------------------

PLAIN = "У ніч на 25 травня збито п'ять дронів на Київщині, дев'ять – у Миколаївській області."


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(PLAIN.upper(), id="capitals"),
        pytest.param(unicodedata.normalize("NFD", PLAIN), id="letters in two parts"),
        pytest.param(PLAIN.replace("і", "i"), id="Latin i"),
        pytest.param(PLAIN.translate(str.maketrans("осі", "oci")), id="Latin letters"),
        pytest.param(PLAIN.replace("ніч", "ні\u0301ч").replace("збито", "зби\u00adто"), id="stress and hyphen"),
        pytest.param(f"**{PLAIN}**", id="bold"),
        pytest.param(PLAIN.replace(" ", "\u00a0"), id="spaces that do not break"),
        pytest.param(PLAIN.replace("'", "’"), id="apostrophe"),
    ],
)  # fmt: skip
def test_the_way_of_writing_changes_nothing(written):
    assert said(one(written)) == "uav 14: intercepted 5 kyiv, intercepted 9 mykolaiv"
    assert one(written).window == one(PLAIN).window


# --- regions --------------------------------------------------------------------------------------

#: Adjective of each oblast without its ending, and its name in -щина without "а".
OBLASTS = {
    "cherkasy": ("черкаськ", "черкащин"), "chernihiv": ("чернігівськ", "чернігівщин"),
    "chernivtsi": ("чернівецьк", "чернівеччин"), "dnipropetrovsk": ("дніпропетровськ", "дніпропетровщин"),
    "donetsk": ("донецьк", "донеччин"), "ivano_frankivsk": ("івано-франківськ", "івано-франківщин"),
    "kharkiv": ("харківськ", "харківщин"), "kherson": ("херсонськ", "херсонщин"),
    "khmelnytskyi": ("хмельницьк", "хмельниччин"), "kirovohrad": ("кіровоградськ", "кіровоградщин"),
    "kyiv": ("київськ", "київщин"), "luhansk": ("луганськ", "луганщин"), "lviv": ("львівськ", "львівщин"),
    "mykolaiv": ("миколаївськ", "миколаївщин"), "odesa": ("одеськ", "одещин"), "poltava": ("полтавськ", "полтавщин"),
    "rivne": ("рівненськ", "рівненщин"), "sumy": ("сумськ", "сумщин"), "ternopil": ("тернопільськ", "тернопільщин"),
    "vinnytsia": ("вінницьк", "вінниччин"), "zhytomyr": ("житомирськ", "житомирщин"),
    "volyn": ("волинськ", ""), "zakarpattia": ("закарпатськ", ""), "zaporizhzhia": ("запорізьк", "запоріжчин"),
    "belgorod": ("бєлгородськ", "бєлгородщин"), "bryansk": ("брянськ", "брянщин"), "kursk": ("курськ", "курщин"),
    "voronezh": ("воронезьк", "воронежчин"), "rostov": ("ростовськ", "ростовщин"), "oryol": ("орловськ", "орловщин"),
    "smolensk": ("смоленськ", "смоленщин"), "tula": ("тульськ", "тульщин"), "kaluga": ("калузьк", "калужчин"),
    "ryazan": ("рязанськ", "рязанщин"), "lipetsk": ("липецьк", "липеччин"), "tambov": ("тамбовськ", "тамбовщин"),
    "tver": ("тверськ", "тверщин"), "pskov": ("псковськ", "псковщин"), "novgorod": ("новгородськ", "новгородщин"),
    "saratov": ("саратовськ", "саратовщин"), "samara": ("самарськ", "самарщин"), "penza": ("пензенськ", "пензенщин"),
    "volgograd": ("волгоградськ", "волгоградщин"), "astrakhan": ("астраханськ", "астраханщин"),
    "yaroslavl": ("ярославськ", "ярославщин"), "vologda": ("вологодськ", "вологодчин"),
    "leningrad": ("ленінградськ", "ленінградщин"), "nizhny_novgorod": ("нижегородськ", "нижегородщин"),
}  # fmt: skip
OBLAST = ("а область", "ої області", "ій області", "у область", "ою областю")
LAND = ("а", "и", "і", "у", "ою")
#: Nominative, genitive, dative, accusative, instrumental, locative.
OTHERS = {
    "black_sea": "Чорне море|Чорного моря|Чорному морю|Чорне море|Чорним морем|Чорному морі",
    "azov_sea": "Азовське море|Азовського моря|Азовському морю|Азовське море|Азовським морем|Азовському морі",
    "caspian_sea": "Каспійське море|Каспійського моря|Каспійським морем|Каспійському морі",
    "baltic_sea": "Балтійське море|Балтійського моря|Балтійським морем|Балтійському морі",
    "crimea": "Крим|Криму|Кримові|Кримом|Кримський півострів|Кримського півострова|Кримським півостровом|АР Крим",
    "sevastopol": "Севастополь|Севастополя|Севастополю|Севастополем|Севастополі",
    "kyiv_city": "Київ|Києва|Києву|Києвом|Києві|м. Києва",
    "kharkiv": "Харків|Харкова|Харкову|Харковом|Харкові", "lviv": "Львів|Львова|Львову|Львовом|Львові",
    "mykolaiv": "Миколаїв|Миколаєва|Миколаєву|Миколаєвом|Миколаєві",
    "chernihiv": "Чернігів|Чернігова|Чернігову|Черніговом|Чернігові",
    "odesa": "Одеса|Одеси|Одесі|Одесу|Одесою", "poltava": "Полтава|Полтави|Полтаві|Полтаву|Полтавою",
    "vinnytsia": "Вінниця|Вінниці|Вінницю|Вінницею", "zaporizhzhia": "Запоріжжя|Запоріжжю|Запоріжжям|Запоріжжі",
    "cherkasy": "Черкаси|Черкас|Черкасам|Черкасами|Черкасах", "chernivtsi": "Чернівці|Чернівців|Чернівцях|Буковині",
    "ternopil": "Тернопіль|Тернополя|Тернополю|Тернополем|Тернополі", "volyn": "Волинь|Волині|Волинню",
    "zakarpattia": "Закарпаття|Закарпаттю|Закарпаттям|Закарпатті",
    "ivano_frankivsk": "Прикарпаття|Прикарпатті|Франківщині|Івано-Франківськом",
    "kirovohrad": "Кропивниччина|Кропивниччині", "luhansk": "Луганськ|Луганськом|ЛНР", "donetsk": "Донецьк|Донецьком|ДНР",
    "moscow_city": "Москва|Москви|Москві|Москву|Москвою", "moscow_region": "Підмосков'я|Підмосков'ю|Підмосков'ям|Підмосков'ї",
    "saint_petersburg": "Санкт-Петербург|Санкт-Петербурга|Санкт-Петербургу|Санкт-Петербургом|Санкт-Петербурзі|м. Санкт-Петербурзі",
    "krasnodar": "Краснодарський край|Краснодарського краю|Краснодарському краю|Краснодарським краєм|Кубань|Кубані|Кубанню",
    "stavropol": "Ставропольський край|Ставропольського краю|Ставропілля|Ставропіллі", "perm": "Пермський край|Пермському краї|Перм|Пермі|Перм'ю",
    "tatarstan": "Татарстан|Татарстану|Татарстаном|Татарстані|Республіки Татарстан",
    "bashkortostan": "Башкортостан|Башкортостану|Башкирія|Башкирії", "chechnya": "Чечня|Чечні|Чечню|Чечнею|Чеченської Республіки",
    "dagestan": "Дагестан|Дагестану|Дагестані", "north_ossetia": "Північна Осетія|Північної Осетії|Північною Осетією",
    "mordovia": "Мордовія|Мордовії|Мордовією", "chuvashia": "Чувашія|Чувашії|Чуваській Республіці", "udmurtia": "Удмуртія|Удмуртії",
    "adygea": "Адигея|Адигеї|Адигею|Адигеєю", "kalmykia": "Калмикія|Калмикії", "komi": "Комі|Республіки Комі",
    "orenburg": "Оренбург|Оренбурга|Оренбурзі|Оренбуржжя", "oryol": "Орел|Орла|Орлом|Орлі", "tver": "Твер|Твері|Твер'ю",
    "ryazan": "Рязань|Рязані|Рязанню", "kostroma": "Кострома|Костроми|Костромі|Костромою", "murmansk": "Мурманськ|Мурманська|Мурманськом",
}  # fmt: skip


@pytest.mark.parametrize("slug", OBLASTS)
def test_oblasts_in_every_case(slug):
    adjective, land = OBLASTS[slug]
    forms = [f"{adjective}{ending}" for ending in OBLAST]
    forms += [f"{land}{ending}" for ending in LAND] if land else []
    assert {find_region(form).slug for form in forms} == {slug}
    running = {words for words in form_words() if len(words) == 1}
    assert all((f"{adjective}{ending.split()[0]}",) in running for ending in OBLAST)
    text = f"Вночі над {adjective}ою областю збито 7 дронів, у {adjective}ій – 2."
    assert {count.regions for bulletin in read(text) for count in bulletin.counts} == {(slug,)}


def test_every_ukrainian_unit_is_declined_here():
    ukrainian = {slug for slug, unit in regions().items() if unit.country == "UA"}
    assert ukrainian <= OBLASTS.keys() | OTHERS.keys()


@pytest.mark.parametrize("slug", OTHERS)
def test_other_units_in_the_cases_of_bulletins(slug):
    assert {find_region(name).slug for name in OTHERS[slug].split("|")} == {slug}


# --- the lexicon ----------------------------------------------------------------------------------


def test_words_are_spelt_as_they_are_looked_up():
    words = lexicon("uk")
    for form in words.forms:
        assert normalise_name(" ".join(form)) == " ".join(form)
    for stem, _ in words.stems:
        assert normalise_name(stem) == stem.rstrip("-")


def test_russian_words_are_borrowed_where_ukrainian_has_none():
    ukrainian, russian = lexicon("uk"), lexicon("ru")
    assert ukrainian.own("уничтожены") is None
    assert ukrainian.meaning("уничтожены") == russian.meaning("уничтожены")
    assert ukrainian.meaning("атаку") == ("word", None, "")  # an attempt in Russian bulletins
    assert lexicon("ru").borrowed is lexicon("en").borrowed is None


# --- any text -------------------------------------------------------------------------------------

NOUNS = ["дронів", "БпЛА", "ракет", "«шахедів»", "Х-101", "КАБ", "цілей", "шахед", "безпілотник"]
PLACES = [
    "Сумщину",
    "на Одещині",
    "у Харківській області",
    "Київ",
    "на Сході",
    "над морем",
    "з Криму",
]
OTHER = ["увага", "рух", "вночі", "о 09:00", "25 травня", "і", "та", "ще", "зокрема", "по", "із них",
         "з", "до", "усі", "3", "17", "п'ять", "двома", "група", ",", ":", ";", "–", "(", ")", ".", "\n\n",
         "Повітряні сили", "Міноборони рф", "станом на", "близько", "напрямок", "пва"]  # fmt: skip
FATES = ["збито", "подавлено", "запустив", "локаційно втрачено", "влучання", "збито/подавлено",
         "полетіли в бік Білорусі", "уламки", "не досягли цілей", "атакував"]  # fmt: skip


@given(st.lists(st.sampled_from(NOUNS + PLACES + OTHER), max_size=40))
def test_without_a_fate_nothing_is_claimed(words):
    assert read(" ".join(words), language="uk") == []


@given(st.lists(st.sampled_from(NOUNS + PLACES + OTHER + FATES), max_size=40))
def test_no_count_is_invented(words):
    text = " ".join(words)
    held = {int(run) for run in re.findall(r"\d+", text)} | {5, 2, 1}  # and the number words
    for bulletin in read(text, language="uk"):
        for count in bulletin.counts:
            assert count.count in held
            assert count.measure in (
                *("launched", "intercepted", "suppressed", "lost", "left", "hit"),
            )
        bulletin.to_dict()


@given(
    st.text(max_size=60),
    st.lists(st.sampled_from(NOUNS + PLACES + OTHER + FATES), max_size=8),
    st.text(max_size=60),
    st.integers(0, 40),
)
def test_any_text_among_ukrainian_words_is_read_without_a_crash(before, words, after, cut):
    text = before + " ".join(words) + after
    for language in ("auto", *LANGUAGES):
        for bulletin in read(text[cut:], language=language):
            bulletin.to_dict()


UNITS_OF_UKRAINE = {
    "odesa": "Одеській",
    "sumy": "Сумській",
    "kharkiv": "Харківській",
    "lviv": "Львівській",
}


@given(
    st.dictionaries(st.sampled_from(sorted(UNITS_OF_UKRAINE)), st.integers(1, 400), min_size=1),
    st.integers(0, 90),
    st.booleans(),
)
def test_made_up_bulletins_are_read_back(counts, lost, in_words):
    def number(value):
        words = spoken(value, 0).capitalize() if in_words and value < 1000 else ""
        return words or str(value)

    shot = sum(counts.values())
    items = ", ".join(
        f"{number(n)} – у {UNITS_OF_UKRAINE[slug]} області" for slug, n in counts.items()
    )
    bulletin = one(
        f"У ніч на 25 травня ворог запустив {number(shot + lost + 3)} дронів. Збито {number(shot)}: {items}. "
        f"{number(lost + 2)} локаційно втрачено, один полетів у бік Білорусі."
    )
    assert {c.regions[0]: c.count for c in bulletin.counts if c.regions} == counts
    assert bulletin.total == shot
    rest = {c.measure: c.count for c in bulletin.counts if not c.regions}
    assert rest == {"launched": shot + lost + 3, "lost": lost + 2, "left": 1}
    assert bulletin.complete
