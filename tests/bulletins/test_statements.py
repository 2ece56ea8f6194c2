from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.bulletins import Subset, parse_bulletins
from analysis.errors import AnalysisError

POSTED = datetime(2025, 3, 4, 6, tzinfo=UTC)
RU = "Минувшей ночью расчетами ПВО "
EN = "Overnight, Russian air defenses "


def read(text):
    return parse_bulletins(text, POSTED)


def one(text):
    [bulletin] = read(text)
    return bulletin


def parts(bulletin):
    return {
        "+".join(count.regions): (count.count, count.relation)
        for count in bulletin.counts
        if count.regions
    }


SINGLE = [
    ("уничтожен беспилотный летательный аппарат над территорией Тульской области.", 1, {"tula": 1}),
    ("беспилотник перехвачен над Курской областью.", 1, {"kursk": 1}),
    (
        "уничтожены 7 БПЛА над Курской и 5 БПЛА над Брянской областями.",
        12,
        {"kursk": 7, "bryansk": 5},
    ),
    (
        "уничтожены 9 дронов: шесть – над Курской, три – над Брянской областью.",
        9,
        {"kursk": 6, "bryansk": 3},
    ),
    (
        "сбиты 8 БПЛА: ▫️ 5 – над территорией Тульской области, ▫️ 3 – над акваторией Черного моря.",
        8,
        {"tula": 5, "black_sea": 3},
    ),
    (
        "уничтожены над территориями Тульской (4 БПЛА), Орловской (один) и Липецкой (2 БПЛА) областей.",
        7,
        {"tula": 4, "oryol": 1, "lipetsk": 2},
    ),
    (
        "уничтожено шесть БПЛА, из которых четыре – над Тульской областью и два – над Орловской областью.",
        6,
        {"tula": 4, "oryol": 2},
    ),
    ("над Тульской областью уничтожены 6 БПЛА, над Орловской – 4.", 10, {"tula": 6, "oryol": 4}),
    ("один БПЛА уничтожен и два перехвачены над Тульской областью.", 3, {"tula": 3}),
    (
        "уничтожены два БПЛА над Тульской областью, еще один – над Орловской областью.",
        3,
        {"tula": 2, "oryol": 1},
    ),
    (
        "уничтожены 4 БПЛА над Одинцовским и Рузским районами Московской области.",
        4,
        {"moscow_region": 4},
    ),
    ("уничтожены 4 БПЛА над акваторией Черного моря у побережья Крыма.", 4, {"black_sea": 4}),
    ("уничтожены 4 БПЛА у западного побережья Крымского полуострова.", 4, {"crimea": 4}),
]


@pytest.mark.parametrize(("said", "total", "regions"), SINGLE, ids=[s[0][:30] for s in SINGLE])
def test_counts_and_their_regions(said, total, regions):
    bulletin = one(RU + said)
    found = {}
    for count in bulletin.counts:
        assert len(count.regions) == 1
        found[count.regions[0]] = found.get(count.regions[0], 0) + count.count
    assert (bulletin.total, found) == (total, regions)
    assert bulletin.complete


def test_each_and_joint_are_told_apart():
    joint = one(RU + "уничтожены два БПЛА над территориями Курской и Брянской областей.")
    assert parts(joint) == {"bryansk+kursk": (2, "joint")}
    assert (joint.total, joint.list) == (2, "joint")
    each = one(RU + "уничтожены по два БПЛА над территориями Курской и Брянской областей.")
    assert parts(each) == {"kursk": (2, "each"), "bryansk": (2, "each")}
    assert (each.total, each.list) == (4, "itemised")


def test_a_list_is_read_as_each_only_where_only_that_adds_up():
    told = (
        "уничтожены {} БПЛА: пять – над Тульской областью, два – над Курской и Брянской областями."
    )
    assert "each-inferred" not in [f.code for f in one(RU + told.format(7)).findings]
    inferred = one(RU + told.format(9))
    assert parts(inferred)["kursk"] == (2, "each")
    assert [f.code for f in inferred.findings] == ["each-inferred"]
    neither = one(RU + told.format(8))
    assert parts(neither)["bryansk+kursk"] == (2, "joint")
    assert [f.code for f in neither.findings] == ["parts-fall-short"]


def test_two_ways_to_add_up_are_no_reason_to_read_each():
    told = "уничтожены 8 БПЛА: два – над Тульской и Орловской областями, два – над Курской и Брянской областями."
    both = one(RU + told)
    assert {count.relation for count in both.counts} == {"each"}
    assert both.accounted == 8
    undecided = one(RU + told.replace("8", "6"))
    assert {count.relation for count in undecided.counts} == {"joint"}


def test_a_list_with_a_bullet_before_each_region_is_joint():
    bulletin = one(
        RU
        + "сбиты 9 БПЛА над ▫️ территорией Тульской области, ▫️ территорией Орловской области, ▫️ акваторией Черного моря."
    )
    assert parts(bulletin) == {"black_sea+oryol+tula": (9, "joint")}
    itemised = one(RU + "сбиты 9 БПЛА: ▫️ 5 – над Тульской областью, ▫️ 4 – над Орловской областью.")
    assert parts(itemised) == {"tula": (5, "single"), "oryol": (4, "single")}


def test_a_subset_is_never_added():
    bulletin = one(
        RU + "сбиты 9 БПЛА: ▫️ 6 – над Московским регионом, включая два, летевших на "
        "Москву, ▫️ 3 – над территорией Тверской области."
    )
    assert parts(bulletin) == {"moscow_region": (6, "single"), "tver": (3, "single")}
    assert bulletin.subsets == (
        Subset(("moscow_city",), ("moscow_region",), 2, "towards Moscow (city)"),
    )
    assert bulletin.unattributed == 0


def test_where_boats_were_heading_for_is_not_where_they_fell():
    bulletin = one(
        "Днем 4 марта дежурными огневыми средствами уничтожены пять безэкипажных катеров, следовавших в направлении Крыма."
    )
    assert (bulletin.weapon, bulletin.total, bulletin.list) == ("boat", 5, "none")
    assert bulletin.subsets == ()


def test_a_wider_total_is_cumulative():
    bulletin = one(
        "С 23.00 3 марта до 7.00 4 марта расчетами ПВО сбиты 5 БПЛА над Тульской областью. "
        "Всего с 20.00 мск 3 марта до 7.00 мск 4 марта уничтожены 8 БПЛА."
    )
    assert bulletin.total == 5
    [figure] = bulletin.cumulative
    assert (figure.total, f"{figure.window.start:%H:%M}") == (8, "20:00")


def test_a_total_at_the_end_is_no_cumulative_figure():
    bulletin = one(
        RU + "уничтожены 5 БПЛА над Тульской и 3 БПЛА над Орловской областями. Всего сбито 8 БПЛА."
    )
    assert (bulletin.total, bulletin.cumulative) == (8, ())


def test_other_weapons_have_bulletins_of_their_own():
    found = read(RU + "уничтожены три ракеты и четыре БПЛА над территорией Тульской области.")
    assert {b.weapon: (b.total, parts(b)) for b in found} == {
        "missile": (3, {"tula": (3, "single")}),
        "uav": (4, {"tula": (4, "single")}),
    }


def test_jammed_drones_are_suppressed_and_belong_to_the_total():
    bulletin = one(
        RU + "десять БПЛА уничтожены над Тульской областью, еще три БПЛА подавлены средствами РЭБ."
    )
    assert bulletin.total == 13
    assert [(c.count, c.measure) for c in bulletin.counts] == [
        (10, "intercepted"),
        (3, "suppressed"),
    ]


def test_the_size_of_an_attack_is_launched_and_counts_only_where_all_are_down():
    text = (
        "Сегодня ночью пресечена попытка атаковать объекты с применением {} БПЛА. Дежурными средствами ПВО "
        "{} над территорией Тульской области."
    )
    everything = one(text.format("28", "все аппараты уничтожены"))
    assert everything.total == 28
    assert parts(everything) == {"tula": (28, "single")}
    assert "count-from-attack" in [f.code for f in everything.findings]
    some = one(text.format("28", "уничтожены 26 БПЛА"))
    assert some.total == 26
    assert [c.count for c in some.counts if c.measure == "launched"] == [28]


def test_the_aim_of_the_attack_is_the_place_of_numbers_without_one():
    text = (
        "Сегодня ночью пресечена атака на объекты на территории Крыма. "
        "Средствами ПВО уничтожены 6 БПЛА, еще 2 подавлены."
    )
    bulletin = one(text)
    assert bulletin.total == 8
    assert {c.regions for c in bulletin.counts} == {("crimea",)}
    assert "place-from-attack" in [f.code for f in bulletin.findings]


@pytest.mark.parametrize(
    ("end", "kind", "total"),
    [
        pytest.param("▫️ два БПЛА – над терр", "cut", 9, id="in the list"),
        pytest.param(
            "▫️ два БПЛА – над территорией Орловской области. [Подписаться",
            "itemised",
            9,
            id="in the footer",
        ),
        pytest.param(
            "▫️ два БПЛА – над территорией Орловской об", "itemised", 9, id="whole all the same"
        ),
    ],
)
def test_a_cut_text_is_recognised(end, kind, total):
    start = RU + "уничтожены 9 БПЛА: ▫️ семь БПЛА – над территорией Тульской области, "
    bulletin = one(start + end)
    assert (bulletin.list, bulletin.total) == (kind, total)
    assert bulletin.complete == (kind != "cut")


def test_a_cut_list_without_a_total_has_none():
    bulletin = one(RU + "сбиты семь БПЛА над Тульской областью, два БПЛА над территорией Орл")
    assert bulletin.total is None
    assert bulletin.list == "cut"


def test_a_long_text_without_a_footer_whose_list_falls_short_is_cut():
    told = "уничтожен 51 БПЛА. 18 БПЛА перехвачены над Тульской областью. 16 БПЛА сбиты над Орловской областью. "
    filling = "В ходе отражения атаки на объекты на территории Российской Федерации. "
    assert one(RU + told).list == "itemised"
    long = one(filling * 4 + RU + told)
    assert (long.list, long.unattributed) == ("cut", 17)
    assert one(filling * 4 + RU + told + "[Подписаться на канал]").list == "itemised"


def test_a_name_cut_in_two_names_nothing():
    bulletin = one(
        RU + "уничтожены 9 БПЛА: семь – над Тульской областью, два – над территорией Гондо"
    )
    assert (bulletin.list, bulletin.accounted) == ("cut", 7)
    assert [f.code for f in bulletin.findings] == ["cut"]


def test_a_number_over_one_region_may_be_the_first_of_a_cut_list():
    bulletin = one(RU + "уничтожены 7 БПЛА над территорией Тульской обл")
    assert (bulletin.total, bulletin.list, bulletin.accounted) == (None, "cut", 7)


def test_parts_of_a_part_are_not_added_twice():
    bulletin = one(
        RU
        + "один БПЛА перехвачен над Курской областью, пять БПЛА уничтожены: по два – над Тульской и "
        "Орловской областями, один – над Брянской областью."
    )
    assert bulletin.total == 6
    assert bulletin.complete


def test_numbers_with_a_place_keep_it_beside_those_that_have_none():
    bulletin = one(
        "Сегодня ночью пресечена атака на объекты на территории Крыма. "
        "Средствами ПВО уничтожены 3 БПЛА над акваторией Черного моря. Еще 2 подавлены средствами РЭБ."
    )
    assert [(c.regions, c.count) for c in bulletin.counts] == [(("black_sea",), 3), ((), 2)]


def test_weapons_that_are_only_said_to_have_been_used_are_no_bulletin():
    found = read(
        "Сегодня ночью пресечена атака с применением трех ракет и БПЛА. "
        "Средствами ПВО уничтожены пять БПЛА над Тульской областью."
    )
    assert [b.weapon for b in found] == ["uav"]


def test_each_after_a_comma_shares_out_the_number_before_it():
    bulletin = one(RU + "уничтожены два БПЛА, по одному над Тульской и Орловской областями.")
    assert bulletin.total == 2
    assert parts(bulletin) == {"tula": (1, "each"), "oryol": (1, "each")}


def test_one_number_over_a_cut_list_is_whole():
    bulletin = one(RU + "уничтожены 140 БПЛА над территориями Тульской, Орловской, Липецкой, Вор")
    assert (bulletin.total, bulletin.list) == (140, "cut")


def test_a_region_named_twice_stays_two_counts():
    bulletin = one(
        RU + "уничтожены 5 БПЛА: три – над Тульской областью, два – над Тульской областью."
    )
    assert [c.count for c in bulletin.counts] == [3, 2]
    assert [f.code for f in bulletin.findings] == ["region-repeated"]


def test_parts_beyond_the_total_are_an_error():
    bulletin = one(
        RU + "уничтожены 5 БПЛА: четыре – над Тульской областью, три – над Орловской областью."
    )
    [finding] = bulletin.findings
    assert (finding.code, finding.severity) == ("parts-exceed-total", "error")
    assert "7" in finding.message
    assert "5" in finding.message


def test_names_one_letter_off_are_taken_and_strangers_are_not():
    near = one(EN + "downed three drones over Ryazhan.")
    assert parts(near) == {"ryazan": (3, "single")}
    assert [f.code for f in near.findings] == ["near-name"]
    strange = one(EN + "downed five drones: three over Tula, two over Gondor.")
    assert parts(strange) == {"tula": (3, "single")}
    assert "unknown-region" in [f.code for f in strange.findings]
    assert strange.unattributed == 2


def test_english_prose_spread_over_sentences():
    bulletin = one(
        "Overnight, Russian air defenses claimed to have intercepted 31 Ukrainian drones. The Tula region bore the "
        "brunt, with 12 drones shot down. The Kursk region saw 8 of them intercepted, and 5 were downed over the "
        "Oryol region. Drones were also downed over Penza and Samara, with two each destroyed there. One each fell "
        "over Tver and Kaluga."
    )
    assert bulletin.total == 31
    assert parts(bulletin)["penza"] == (2, "each")
    assert parts(bulletin)["kursk"] == (8, "single")
    assert bulletin.complete


def test_what_a_whole_country_claims_keeps_each_measure():
    bulletin = one(
        "The Ukrainian Air Force said it downed 40 out of 77 attack drones fired overnight, while 30 were lost "
        "and two flew to Belarus."
    )
    assert (bulletin.claimant, bulletin.direction, bulletin.total) == (
        "ua_air_force",
        "on_ukraine",
        40,
    )
    assert {c.measure: c.count for c in bulletin.counts} == {
        "intercepted": 40,
        "launched": 77,
        "lost": 30,
        "left": 2,
    }
    assert all(c.regions == () for c in bulletin.counts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Главное за день: средствами ПВО уничтожены 12 БПЛА над Тульской областью.",
        "Заявление начальника пресс-центра: сбиты 12 БПЛА.",
        "Расчет ЗРК уничтожил 3 БПЛА на купянском направлении.",
        "Зенитчики рассказали: за 3 дня ими сбито 12 БПЛА.",
        "Some drones fell, yet the plant burned.",
        "Three people were hurt when a drone fell over Tula.",
        "Beyond 1,500 kilometres, two settlements were taken.",
    ],
)
def test_prose_without_a_claim_gives_no_bulletin(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "intercepted"),
    [
        ("Overnight Ukrainian air defence shot down 31 of 52 Shahed drones.", 31),
        ("Overnight Ukrainian air defence shot down 31 out of 52 Shahed drones.", 31),
        ("Overnight Russian air defenses downed 31 of 52 drones, three of them over Tula.", 31),
    ],
)
def test_so_many_of_so_many(text, intercepted):
    bulletin = one(text)
    assert bulletin.total == intercepted
    assert [c.count for c in bulletin.counts if c.measure == "launched"] == [52]


@pytest.mark.parametrize(
    ("given", "says"),
    [(({},), "The text is dict"), (("text", "2025-11-01"), "posted_at is '2025-11-01'")],
)
def test_what_is_no_text_or_no_moment_is_refused(given, says):
    with pytest.raises(AnalysisError, match=says):
        parse_bulletins(*given)


def test_the_plain_form_has_the_fields_that_readers_rely_on():
    plain = one(
        RU + "уничтожены 5 БПЛА: три – над Тульской областью, два – над Орловской областью."
    ).to_dict()
    assert list(plain) == [
        "claimant", "direction", "weapon", "posted_at", "window", "total", "list", "complete",
        "unattributed", "counts", "subsets", "cumulative", "findings",
    ]  # fmt: skip
    assert plain["posted_at"] == "2025-03-04T06:00:00Z"
    assert plain["window"]["start"] == "2025-03-03T20:00:00+03:00"
    assert plain["counts"][0] == {
        "regions": ["tula"], "count": 3, "relation": "single", "measure": "intercepted",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [("language", "fr"), ("claimant", "someone")])
def test_unknown_options_are_refused_with_those_that_are_known(name, value):
    with pytest.raises(AnalysisError, match=rf"{name} '{value}' is not known.*Use .*(ru|ru_mod)"):
        parse_bulletins("text", **{name: value})


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text):
    for bulletin in parse_bulletins(text, POSTED):
        bulletin.to_dict()


@given(st.text(alphabet="абвгд уничтоженБПЛА0123456789.,:–()▫️надТулой\n", max_size=200))
def test_no_number_appears_that_the_text_does_not_hold(text):
    digits = {int(run) for run in "".join(c if c in "0123456789" else " " for c in text).split()}
    for bulletin in parse_bulletins(RU + text, POSTED):
        for count in bulletin.counts:
            assert count.count in digits | {1, 2}


REGIONS = {
    "tula": "Тульской",
    "oryol": "Орловской",
    "kursk": "Курской",
    "bryansk": "Брянской",
    "penza": "Пензенской",
}


@given(st.dictionaries(st.sampled_from(sorted(REGIONS)), st.integers(2, 199), min_size=2))
def test_made_up_lists_are_read_back(counts):
    items = ", ".join(
        f"▫️ {n} – над территорией {REGIONS[slug]} области" for slug, n in counts.items()
    )
    bulletin = one(f"{RU}уничтожены {sum(counts.values())} БПЛА: {items}.")
    assert {c.regions[0]: c.count for c in bulletin.counts} == counts
    assert bulletin.complete
    assert bulletin.findings == ()


def test_a_district_is_no_unit_though_a_unit_has_its_name():
    bulletin = one(
        "Ночью силы ПВО сбили два БПЛА над территорией Азовского района Ростовской области."
    )
    assert parts(bulletin) == {"rostov": (2, "single")}
    bulletin = one(
        "Ночью силы ПВО сбили три БПЛА над Брянской областью и Азовским районом Ростовской области."
    )
    assert [(c.regions, c.count) for c in bulletin.counts] == [(("bryansk", "rostov"), 3)]
