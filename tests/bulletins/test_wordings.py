r"""A catalogue of wordings: what each of them claims, written down before anything read it.

Each table holds a text and, indented below it, what it says: one line for each bulletin. A text that begins
with a small letter or a digit stands behind the opening of its language; "⏎" is a line break, and \x.. are
characters that cannot be seen. A line reads

    uav 9 cut: tula 4, each kursk 1, suppressed oryol+tver 2 (moscow_city 1 of moscow_region) [30]

weapon, total ("?" for none), kind of list where it is not the one that the parts show; then counts
("a+b" jointly, "-" without a region), subsets in brackets, wider figures in square ones.
"""

from datetime import UTC, datetime

import pytest

from analysis.bulletins import parse_bulletins

#: Nine o'clock in Moscow, on a Tuesday.
POSTED = datetime(2025, 8, 12, 6, tzinfo=UTC)
OPENING = {True: "Минувшей ночью силами ПВО ", False: "Overnight Russian air defenses "}


def entries(table):
    """(text, lines expected) of a table."""
    found = []
    for line in table.strip("\n").splitlines():
        if line.startswith(" "):
            found[-1][1].append(line.strip())
        elif line:
            found.append((line, []))
    return [
        pytest.param(whole(text), [] if told == ["nothing"] else told, id=text[:48])
        for text, told in found
    ]


def whole(text):
    """The text with its opening and its line breaks."""
    if text[0].islower() or text[0].isdigit():
        text = OPENING[any("а" <= letter <= "я" for letter in text)] + text
    return text.replace("⏎", "\n")


def told(bulletin):
    """The line that a bulletin makes."""
    placed = [
        c for c in bulletin.counts if c.regions and c.measure in ("intercepted", "suppressed")
    ]
    joint = any(c.relation == "joint" for c in placed)
    kind = ("joint" if joint else "itemised") if placed else "none"
    head = [bulletin.weapon, "?" if bulletin.total is None else str(bulletin.total)]
    if bulletin.claimant != "ru_mod":
        head.insert(0, bulletin.claimant)
    if bulletin.list != kind:
        head.append(bulletin.list)
    parts = [
        " ".join(
            [c.measure] * (c.measure != "intercepted")
            + ["each"] * (c.relation == "each")
            + ["+".join(sorted(c.regions)) or "-", str(c.count)]
        )
        for c in bulletin.counts
    ]
    line = " ".join(head) + (": " + ", ".join(parts) if parts else "")
    line += "".join(
        f" ({'+'.join(s.regions) or '-'} {s.count} of {'+'.join(s.of) or '-'})"
        for s in bulletin.subsets
    )
    return line + "".join(f" [{figure.total}]" for figure in bulletin.cumulative)


def read(text, posted=POSTED):
    return [told(bulletin) for bulletin in parse_bulletins(text, posted)]


COUNTS_RU = """
сбиты 43 беспилотника над Липецкой областью.
    uav 43: lipetsk 43
сбиты сорок три беспилотника над Липецкой областью.
    uav 43: lipetsk 43
уничтожен двадцать один беспилотник над Липецкой областью.
    uav 21: lipetsk 21
уничтожена тридцать одна ракета над Крымом.
    missile 31: crimea 31
уничтожены две ракеты над Крымом.
    missile 2: crimea 2
Минувшей ночью силы ПВО сбили одну ракету над Крымом.
    missile 1: crimea 1
Минувшей ночью над Тверской областью силы ПВО сбили сто шесть дронов.
    uav 106: tver 106
сбито двести сорок шесть дронов над Брянской областью.
    uav 246: bryansk 246
Минобороны сообщило об уничтожении за ночь сорока двух дронов над Пензенской областью.
    uav 42: penza 42
Сегодня ночью сорвана атака двадцатью семью беспилотниками на объекты в Ростовской области. Все они сбиты силами ПВО.
    uav 27: launched - 27, rostov 27
Сегодня ночью сорвана атака девяти дронов. Силы ПВО сбили восемь из них над Псковской областью.
    uav 8: launched - 9, pskov 8
перехвачен беспилотный летательный аппарат над Псковской областью.
    uav 1: pskov 1
Минувшей ночью над Псковской областью ПВО сбит вражеский дрон.
    uav 1: pskov 1
Минувшей ночью еще один вражеский дрон сбит силами ПВО над Орловской областью.
    uav 1: oryol 1
сбит 1 беспилотник над Орловской областью.
    uav 1: oryol 1
сбит один дрон над Орловской областью.
    uav 1: oryol 1
сбиты не менее семи дронов над Тульской областью.
    uav 7: tula 7
сбито более 30 дронов над Тульской областью.
    uav 30: tula 30
сбито свыше тридцати дронов над Тульской областью.
    uav 30: tula 30
сбиты 5 дронов над Курской областью, еще 3 – над Орловской.
    uav 8: kursk 5, oryol 3
сбиты девять дронов над Курской областью. Еще шесть сбиты над Брянской областью.
    uav 15: kursk 9, bryansk 6
сбиты четыре дрона над Тулой и еще один над Рязанью.
    uav 5: tula 4, ryazan 1
сбиты четыре дрона над Самарской областью. Еще один дрон перехвачен над Пензенской областью.
    uav 5: samara 4, penza 1
сбиты четыре дрона над Самарской областью, дополнительно два – над Пензенской.
    uav 6: samara 4, penza 2
сбиты 1\u00a0026 дронов над Курской областью.
    uav 1026: kursk 1026
Минувшей ночью семь дронов сбиты силами ПВО над Тульской областью.
    uav 7: tula 7
Минувшей ночью силы ПВО сбили 7 дронов над Тульской областью, перехватили 4 над Калужской.
    uav 11: tula 7, kaluga 4
6 дронов сбиты над Тульской областью, 3 перехвачены над Орловской.
    uav 9: tula 6, oryol 3
Ночью ПВО работала над Самарской областью: сбито 14 дронов.
    uav 14: samara 14
"""

COUNTS_EN = """
downed 43 drones over the Lipetsk region.
    uav 43: lipetsk 43
downed forty-three drones over Lipetsk region.
    uav 43: lipetsk 43
shot down twenty-one drones over Lipetsk Oblast.
    uav 21: lipetsk 21
shot down one hundred and six drones over Tver region.
    uav 106: tver 106
shot down two hundred forty-six drones over Bryansk.
    uav 246: bryansk 246
destroyed 1,026 drones over Kursk region.
    uav 1026: kursk 1026
destroyed an unmanned aerial vehicle over the Pskov region.
    uav 1: pskov 1
destroyed one UAV over Oryol region.
    uav 1: oryol 1
Russia's defence ministry said a drone had been shot down overnight over Oryol region.
    uav 1: oryol 1
Overnight a Ukrainian drone was destroyed by Russian air defences over the Tula region.
    uav 1: tula 1
destroyed six drones over Kursk; another was downed over Oryol.
    uav 7: kursk 6, oryol 1
destroyed six drones over Kursk region. Another two drones were downed over Oryol region.
    uav 8: kursk 6, oryol 2
destroyed six drones over Kursk region and three more over Oryol region.
    uav 9: kursk 6, oryol 3
destroyed six drones over Kursk region. An additional four were intercepted over Crimea.
    uav 10: kursk 6, crimea 4
destroyed at least nine drones over Kaluga region.
    uav 9: kaluga 9
downed more than 30 drones over Kaluga region.
    uav 30: kaluga 30
downed a dozen drones over Kaluga region.
    uav 12: kaluga 12
Nineteen drones were intercepted overnight over Saratov region, the Russian defense ministry said.
    uav 19: saratov 19
The Russian defense ministry said 19 drones were intercepted over Saratov region overnight.
    uav 19: saratov 19
According to Russia's defense ministry, 19 UAVs were downed overnight in Saratov region.
    uav 19: saratov 19
Six drones were shot down over Tula region overnight and three were intercepted over Oryol region, the Russian defense ministry said.
    uav 9: tula 6, oryol 3
downed nine and four drones over Kursk and Oryol regions, respectively.
    uav 13: kursk 9, oryol 4
"""

DISTRIBUTION_RU = """
сбиты по три дрона над Тульской, Калужской и Орловской областями.
    uav 9: each tula 3, each kaluga 3, each oryol 3
сбиты по 2 дрона над Тульской и Калужской областями, а также 5 дронов над Крымом.
    uav 9: each tula 2, each kaluga 2, crimea 5
сбиты 7 дронов: пять – над Курской областью, по одному – над Тверской и Рязанской областями.
    uav 7: kursk 5, each tver 1, each ryazan 1
сбиты 7 дронов: 5 – над Курской областью и по одному – над Адыгеей и Крымом.
    uav 7: kursk 5, each adygea 1, each crimea 1
уничтожены 18 дронов: по четыре – над Тульской, Калужской и Орловской областями; по три – над Курской и Брянской.
    uav 18: each tula 4, each kaluga 4, each oryol 4, each kursk 3, each bryansk 3
Минувшей ночью над Курской и Брянской областями силами ПВО сбито по два дрона.
    uav 4: each kursk 2, each bryansk 2
Минувшей ночью над Тульской и Рязанской областями сбиты силами ПВО по одному дрону.
    uav 2: each tula 1, each ryazan 1
сбиты два дрона: по одному – над Крымом и акваторией Чёрного моря.
    uav 2: each crimea 1, each black_sea 1
сбиты два дрона – по одному над Крымом и Адыгеей.
    uav 2: each crimea 1, each adygea 1
сбиты по двадцать одному дрону над Курской и Брянской областями.
    uav 42: each kursk 21, each bryansk 21
по пять дронов сбито над Курской и Брянской областями, еще три – над Крымом.
    uav 13: each kursk 5, each bryansk 5, crimea 3
сбито два дрона над Курской и Брянской областями.
    uav 2: bryansk+kursk 2
сбиты 57 дронов над территориями Курской, Брянской, Тульской областей и Республики Адыгея.
    uav 57: adygea+bryansk+kursk+tula 57
Минувшей ночью над акваториями Азовского и Каспийского морей силами ПВО сбиты 12 дронов.
    uav 12: azov_sea+caspian_sea 12
сбиты 6 дронов: четыре – над Тамбовской областью, два – над Курской и Брянской областями.
    uav 6: tambov 4, bryansk+kursk 2
сбиты 8 дронов: четыре – над Тамбовской областью, два – над Курской и Брянской областями.
    uav 8: tambov 4, each kursk 2, each bryansk 2
сбиты 40 дронов над территориями Пермского и Краснодарского краев.
    uav 40: krasnodar+perm 40
сбиты 33 дрона: 20 над Курской и Белгородской областями, 13 над Московским регионом.
    uav 33: belgorod+kursk 20, moscow_region 13
"""

DISTRIBUTION_EN = """
downed nine drones: three each over Tula, Kaluga and Oryol regions.
    uav 9: each tula 3, each kaluga 3, each oryol 3
downed 18 drones: four each over Tula, Kaluga and Oryol; three each over Kursk and Bryansk.
    uav 18: each tula 4, each kaluga 4, each oryol 4, each kursk 3, each bryansk 3
downed two drones over Kursk and Bryansk regions.
    uav 2: bryansk+kursk 2
downed two drones each over Kursk and Bryansk.
    uav 4: each kursk 2, each bryansk 2
downed eight drones: five over Kursk, one each over Tver, Ryazan and Crimea.
    uav 8: kursk 5, each tver 1, each ryazan 1, each crimea 1
downed eight drones: five over Kursk, and one apiece over Tver, Ryazan and Crimea.
    uav 8: kursk 5, each tver 1, each ryazan 1, each crimea 1
downed ten drones: four over Tambov region, three over Kursk and Bryansk regions.
    uav 10: tambov 4, each kursk 3, each bryansk 3
downed seven drones: four over Tambov region, three over Kursk and Bryansk regions.
    uav 7: tambov 4, bryansk+kursk 3
downed two drones over each of the Kursk and Bryansk regions.
    uav 4: each kursk 2, each bryansk 2
downed five drones: two over Crimea and one over each of Kursk, Tver and Tula.
    uav 5: crimea 2, each kursk 1, each tver 1, each tula 1
downed 26 drones over the Sea of Azov, the Black Sea and Crimea.
    uav 26: azov_sea+black_sea+crimea 26
downed 26 drones over Rostov, Volgograd, and Voronezh regions, and over the Azov Sea.
    uav 26: azov_sea+rostov+volgograd+voronezh 26
"""

SUBSETS = """
сбиты 16 дронов: 11 – над Московским регионом, включая четыре дрона, летевших на Москву, 5 – над Калужской областью.
    uav 16: moscow_region 11, kaluga 5 (moscow_city 4 of moscow_region)
сбиты 16 дронов: 11 – над Московским регионом (из них четыре летели на Москву), 5 – над Калужской областью.
    uav 16: moscow_region 11, kaluga 5 (moscow_city 4 of moscow_region)
сбиты девять дронов над Московским регионом, из них три летели на Москву.
    uav 9: moscow_region 9 (moscow_city 3 of moscow_region)
сбиты девять дронов над Подмосковьем, в том числе один, направлявшийся к Москве.
    uav 9: moscow_region 9 (moscow_city 1 of moscow_region)
Минувшей ночью над Московским регионом силами ПВО сбиты восемь дронов, один из которых летел на Москву.
    uav 8: moscow_region 8 (moscow_city 1 of moscow_region)
сбиты 25 дронов, включая 6 летевших в направлении Москвы.
    uav 25 (moscow_city 6 of -)
сбиты 14 дронов над Тверской областью, из них два реактивных.
    uav 14: tver 14 (- 2 of tver)
сбиты 30 дронов, в том числе 12 над Курской областью и 18 над Брянской.
    uav 30: kursk 12, bryansk 18
сбиты 30 дронов, из них 12 – над Курской областью, 18 – над Брянской.
    uav 30: kursk 12, bryansk 18
сбиты 30 дронов, из которых: двенадцать – над Курской областью; восемнадцать – над Брянской областью.
    uav 30: kursk 12, bryansk 18
downed 16 drones: 11 over the Moscow region, including four heading towards Moscow, and five over Kaluga region.
    uav 16: moscow_region 11, kaluga 5 (moscow_city 4 of moscow_region)
downed 16 drones: 11 over the Moscow region (four of them bound for Moscow), five over Kaluga region.
    uav 16: moscow_region 11, kaluga 5 (moscow_city 4 of moscow_region)
downed nine drones over the Moscow region, three of which were flying towards Moscow.
    uav 9: moscow_region 9 (moscow_city 3 of moscow_region)
downed 25 drones, six of them flying towards Moscow.
    uav 25 (moscow_city 6 of -)
downed nine drones over the Moscow region, including one headed for Moscow.
    uav 9: moscow_region 9 (moscow_city 1 of moscow_region)
downed 30 drones, including 12 over Kursk and 18 over Bryansk.
    uav 30: kursk 12, bryansk 18
downed 30 drones, 12 of them over Kursk and 18 over Bryansk.
    uav 30: kursk 12, bryansk 18
downed 30 drones, of which 12 were over Kursk region and 18 over Bryansk region.
    uav 30: kursk 12, bryansk 18
"""

INVERTED = """
Минувшей ночью над Тульской областью силами ПВО уничтожены 6 дронов.
    uav 6: tula 6
Ночью над Тульской областью ПВО сбила 6 дронов, над Калужской – 4, над акваторией Каспийского моря – 1.
    uav 11: tula 6, kaluga 4, caspian_sea 1
сбиты 11 дронов: над Тульской областью – 6, над Калужской областью – 4, над Каспийским морем – 1.
    uav 11: tula 6, kaluga 4, caspian_sea 1
сбиты 11 дронов: над Тульской областью 6, над Калужской областью 4, над Каспийским морем один.
    uav 11: tula 6, kaluga 4, caspian_sea 1
Ночью над Тульской областью ПВО сбила 6 дронов, три – над Калужской.
    uav 9: tula 6, kaluga 3
сбиты 10 дронов. Над Крымом уничтожены восемь, над Адыгеей – два.
    uav 10: crimea 8, adygea 2
Ночью в Самарской области сбито ПВО 5 дронов, в Пензенской – 2, в Татарстане – один.
    uav 8: samara 5, penza 2, tatarstan 1
Overnight over the Tula region six drones were destroyed by Russian air defenses.
    uav 6: tula 6
downed ten drones. Over Tula six drones were shot down, over Kaluga four.
    uav 10: tula 6, kaluga 4
downed ten drones: over Tula region – six, over Kaluga region – four.
    uav 10: tula 6, kaluga 4
The Tula region saw six drones downed overnight, the Russian defence ministry said.
    uav 6: tula 6
In the Tula region, six drones were destroyed overnight, Russia's defense ministry said; in Kaluga, four.
    uav 10: tula 6, kaluga 4
"""

LISTS_RU = """
сбиты 12 дронов:⏎▪️ 7 – над Курской областью,⏎▪️ 5 – над Тульской областью.
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎• семь – над Курской областью;⏎• пять – над Тульской областью.
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎- 7 – над Курской областью;⏎- 5 – над Тульской областью.
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎— 7 над Курской областью⏎— 5 над Тульской областью
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎7 – над Курской областью⏎5 – над Тульской областью
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎▫️7 дронов – над территорией Курской области⏎▫️5 дронов – над территорией Тульской области
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎• Курская область – 7;⏎• Тульская область – 5.
    uav 12: kursk 7, tula 5
сбиты 12 дронов:⏎Курская область: 7⏎Тульская область: 5
    uav 12: kursk 7, tula 5
сбиты 12 дронов: 7 – над Курской областью; 4 – над Тульской областью; 1 – над Крымом.
    uav 12: kursk 7, tula 4, crimea 1
сбиты 12 дронов: семь – над Курской областью, четыре – над Тульской областью и один – над Крымом.
    uav 12: kursk 7, tula 4, crimea 1
сбиты 12 дронов: семь – над Курской областью, четыре – над Тульской областью, а также один над Крымом.
    uav 12: kursk 7, tula 4, crimea 1
сбиты 12 дронов: над Курской (7), Тульской (4) областями и Крымом (1).
    uav 12: kursk 7, tula 4, crimea 1
сбиты 12 дронов: Курская область (семь дронов), Тульская область (четыре), Крым (один).
    uav 12: kursk 7, tula 4, crimea 1
сбиты дроны над территориями Курской области (7), Республики Крым (4) и акваторией Азовского моря (1).
    uav 12: kursk 7, crimea 4, azov_sea 1
сбит один дрон над Курской областью, а также два дрона над Брянской и три дрона над Тульской областями.
    uav 6: kursk 1, bryansk 2, tula 3
сбиты: один дрон над Курской областью, два дрона над Брянской областью, три дрона над Крымом.
    uav 6: kursk 1, bryansk 2, crimea 3
7 дронов сбиты над Курской областью, 5 – над Тульской. Всего сбиты 12 дронов.
    uav 12: kursk 7, tula 5
сбиты 7 дронов над Курской областью, 5 дронов над Тульской областью. Итого 12.
    uav 12: kursk 7, tula 5
сбиты 7 дронов над Курской областью, 5 дронов над Тульской областью, всего – 12.
    uav 12: kursk 7, tula 5
Минувшей ночью ПВО в общей сложности сбила 12 дронов: 7 над Курской областью, 5 над Тульской.
    uav 12: kursk 7, tula 5
сбиты 9 дронов над Курской областью, один над Тульской, один над Крымом.
    uav 11: kursk 9, tula 1, crimea 1
сбиты 20 дронов: 9 над Курской областью, 6 над Тульской.
    uav 20: kursk 9, tula 6
сбиты 12 дронов. Семь из них – над Курской областью, пять – над Тульской.
    uav 12: kursk 7, tula 5
сбиты 12 дронов. Больше всего – 7 – над Курской областью, остальные 5 – над Тульской областью.
    uav 12: kursk 7, tula 5
"""

LISTS_EN = """
downed 12 drones:⏎• seven over the Kursk region⏎• five over the Tula region
    uav 12: kursk 7, tula 5
downed 12 drones:⏎- 7 over Kursk region⏎- 5 over Tula region
    uav 12: kursk 7, tula 5
downed 12 drones:⏎Kursk region: 7⏎Tula region: 5
    uav 12: kursk 7, tula 5
downed 12 drones: Kursk – 7, Tula – 5.
    uav 12: kursk 7, tula 5
downed 12 drones: 7 over Kursk; 4 over Tula; 1 over Crimea.
    uav 12: kursk 7, tula 4, crimea 1
downed 12 drones: seven over Kursk, four over Tula and one over Crimea.
    uav 12: kursk 7, tula 4, crimea 1
downed 12 drones: seven over Kursk, four over Tula, as well as one over Crimea.
    uav 12: kursk 7, tula 4, crimea 1
downed 12 drones over Kursk (seven drones), Tula (four) and Crimea (one).
    uav 12: kursk 7, tula 4, crimea 1
downed one drone over Kursk, two over Bryansk and three over Tula.
    uav 6: kursk 1, bryansk 2, tula 3
downed seven drones over Kursk and five over Tula, for a total of 12.
    uav 12: kursk 7, tula 5
downed seven drones over Kursk and five over Tula. In total, 12 drones were destroyed.
    uav 12: kursk 7, tula 5
downed a total of 12 drones, seven over Kursk and five over Tula.
    uav 12: kursk 7, tula 5
downed 12 drones. Seven were destroyed over Kursk, and the remaining five over Tula.
    uav 12: kursk 7, tula 5
downed 12 drones. Of these, seven were over Kursk and five over Tula.
    uav 12: kursk 7, tula 5
"""

PLACES_RU = """
Минувшей ночью в Краснодарском крае силами ПВО сбиты 3 дрона.
    uav 3: krasnodar 3
Минувшей ночью над Московским регионом силами ПВО сбиты 3 дрона.
    uav 3: moscow_region 3
сбиты 3 дрона над Подмосковьем.
    uav 3: moscow_region 3
сбиты 3 дрона над Москвой.
    uav 3: moscow_city 3
сбиты 3 дрона у берегов Крыма.
    uav 3: crimea 3
сбиты 3 дрона над Чёрным морем у берегов Крыма.
    uav 3: black_sea 3
сбиты 3 дрона над северной частью Каспийского моря.
    uav 3: caspian_sea 3
сбиты 3 дрона над Азовским и Чёрным морями.
    uav 3: azov_sea+black_sea 3
сбиты 3 дрона над Республикой Северная Осетия – Алания.
    uav 3: north_ossetia 3
сбиты 3 дрона над Республикой Северная Осетия и Чечней.
    uav 3: chechnya+north_ossetia 3
сбиты 3 дрона над Марий Эл и Удмуртией.
    uav 3: mari_el+udmurtia 3
сбиты 3 дрона над территориями Кабардино-Балкарской, Чувашской и Удмуртской Республик.
    uav 3: chuvashia+kabardino_balkaria+udmurtia 3
сбиты 3 дрона над Ханты-Мансийским автономным округом – Югрой.
    uav 3: khanty_mansi 3
сбиты 3 дрона над Ямало-Ненецким и Ненецким автономными округами.
    uav 3: nenets+yamalo_nenets 3
сбиты 3 дрона над Санкт-Петербургом и Ленинградской областью.
    uav 3: leningrad+saint_petersburg 3
сбиты 3 дрона над Нижегородской и Новгородской областями.
    uav 3: nizhny_novgorod+novgorod 3
сбиты 3 дрона над Севастополем.
    uav 3: sevastopol 3
сбиты 3 дрона над территориями ДНР и ЛНР.
    uav 3: donetsk+luhansk 3
сбиты 3 дрона над Донецкой Народной Республикой.
    uav 3: donetsk 3
сбиты 3 дрона над Борисовским районом Белгородской области.
    uav 3: belgorod 3
сбиты 3 дрона над городом Энгельс Саратовской области.
    uav 3: saratov 3
сбиты 5 дронов: три – Курская область, два – Тульская область.
    uav 5: kursk 3, tula 2
сбиты 5 дронов: три – территорией Курской области, два – акваторией Черного моря.
    uav 5: kursk 3, black_sea 2
сбиты 5 дронов: три – над Омской областью, два – над Томской областью.
    uav 5: omsk 3, tomsk 2
сбиты 5 дронов: три – над Республикой Алтай, два – над Алтайским краем.
    uav 5: altai_republic 3, altai_krai 2
"""

PLACES_EN = """
downed three drones over Krasnodar Territory.
    uav 3: krasnodar 3
downed three drones over the Moscow Region and the city of Moscow.
    uav 3: moscow_city+moscow_region 3
downed three drones over Moscow.
    uav 3: moscow_city 3
downed three drones off the coast of Crimea.
    uav 3: crimea 3
downed three drones over the Black Sea, off the Crimean coast.
    uav 3: black_sea 3
downed three drones over the waters of the Sea of Azov.
    uav 3: azov_sea 3
downed three drones over the Crimean Peninsula.
    uav 3: crimea 3
downed three drones over the Republic of Tatarstan and North Ossetia.
    uav 3: north_ossetia+tatarstan 3
downed three drones over Nizhny Novgorod and Novgorod regions.
    uav 3: nizhny_novgorod+novgorod 3
downed three drones over St. Petersburg.
    uav 3: saint_petersburg 3
downed three drones over St Petersburg and the Leningrad region.
    uav 3: leningrad+saint_petersburg 3
downed five drones: three over Orel, two over the Tula Oblast.
    uav 5: oryol 3, tula 2
downed five drones, three in the Kursk region and two in Tula.
    uav 5: kursk 3, tula 2
downed three drones over Ulyanovks.
    uav 3: ulyanovsk 3
"""

TYPOS = """
сбиты 3 беспи\u00adлотника над Кур\u00adской областью.
    uav 3: kursk 3
сбиты 3 дрона над **Кур**ск**ой** областью.
    uav 3: kursk 3
сб**иты 3 др**она над Курской о**бласт**ью.
    uav 3: kursk 3
сбиты 3 дрона над __Курской____ областью__.
    uav 3: kursk 3
сбиты 3\u00a0дрона над\u00a0Курской\u00a0областью.
    uav 3: kursk 3
сбиты 3\u200b дрона над Кур\u200bской областью.
    uav 3: kursk 3
сбиты 3 дрона над Kурcкoй oблаcтью.
    uav 3: kursk 3
сбиты 3 БПЛA над Курской областью.
    uav 3: kursk 3
сбиты 3 БпЛА над Курской областью.
    uav 3: kursk 3
сбиты 3дрона над Курской областью.
    uav 3: kursk 3
сбиты  3   дрона   над  Курской   областью .
    uav 3: kursk 3
сбиты 5 дронов:три–над Курской областью,два–над Тульской областью.
    uav 5: kursk 3, tula 2
сбиты 5 дронов: три - над Курской областью, , два - над Тульской областью.
    uav 5: kursk 3, tula 2
сбиты 5 дронов три – над Курской областью, два – над Тульской областью.
    uav 5: kursk 3, tula 2
сбиты 3 дрона над над Курской областью.
    uav 3: kursk 3
сбиты 3 дрона над Курской Курской областью.
    uav 3: kursk 3
сбиты 3 дрона над территорией Курская области.
    uav 3: kursk 3
сбиты 5 дронов: три – над территорией Курской, два – над территорией Тульской.
    uav 5: kursk 3, tula 2
сбиты 3 дрона над территориейКурской области.
    uav 3: kursk 3
сбиты 3 дрона надКурской областью.
    uav 3: kursk 3
сбиты 3 дрона над КУРСКОЙ ОБЛАСТЬЮ.
    uav 3: kursk 3
СИЛАМИ ПВО МИНУВШЕЙ НОЧЬЮ СБИТЫ ТРИ ДРОНА НАД КУРСКОЙ ОБЛАСТЬЮ!
    uav 3: kursk 3
🔥🔥 Минувшей ночью ✈️ силами ПВО 🎯 сбиты 3 дрона 📍 над Липецкой областью. 🔥
    uav 3: lipetsk 3
downed **three** drones over **Kursk** re**gion**.
    uav 3: kursk 3
downed 3drones over Kursk region.
    uav 3: kursk 3
DOWNED THREE DRONES OVER KURSK REGION, RUSSIA'S DEFENSE MINISTRY SAID OVERNIGHT.
    uav 3: kursk 3
"""

WEAPONS = """
сбиты две ракеты «Нептун» и 17 дронов над Крымом.
    missile 2: crimea 2
    uav 17: crimea 17
сбиты 17 дронов над Крымом, две ракеты «Нептун» – над Курской областью.
    uav 17: crimea 17
    missile 2: kursk 2
сбиты четыре управляемые авиабомбы, один снаряд РСЗО и 61 беспилотник.
    bomb 4
    other 1
    uav 61
сбиты четыре управляемые авиабомбы и 61 беспилотник: 40 – над Курской областью, 21 – над Тульской областью.
    bomb 4
    uav 61: kursk 40, tula 21
сбита ракета «Нептун» и 61 беспилотник над Крымом.
    missile 1: crimea 1
    uav 61: crimea 61
Минувшей ночью в акватории Черного моря уничтожены 3 безэкипажных катера, силы ПВО сбили 8 дронов над Крымом.
    boat 3: black_sea 3
    uav 8: crimea 8
сбиты 8 дронов над Крымом. Кроме того, в Черном море уничтожен безэкипажный катер.
    uav 8: crimea 8
    boat 1: black_sea 1
Минувшей ночью над Крымом силами ПВО 12 дронов уничтожены, 5 подавлены средствами РЭБ.
    uav 17: crimea 12, suppressed crimea 5
Минувшей ночью средствами РЭБ подавлены 4 дрона над Тульской областью.
    uav 4: suppressed tula 4
сбиты 9 дронов над Тульской областью, 4 дрона подавлены РЭБ над Калужской областью.
    uav 13: tula 9, suppressed kaluga 4
downed 12 drones and two guided bombs over Belgorod region.
    uav 12: belgorod 12
    bomb 2: belgorod 2
destroyed two naval drones in the Black Sea and nine aerial drones over Crimea.
    boat 2: black_sea 2
    uav 9: crimea 9
downed nine drones over Crimea and a Neptune missile over the Black Sea.
    uav 9: crimea 9
    missile 1: black_sea 1
Overnight over Crimea Russian air defenses shot down 12 drones, and five were suppressed by electronic warfare.
    uav 17: crimea 12, suppressed crimea 5
downed 12 drones over Crimea; a further five were suppressed by electronic warfare over the Tula region.
    uav 17: crimea 12, suppressed tula 5
The Ukrainian air force said it shot down 52 of 103 drones launched overnight, 44 were lost and one left for Belarus.
    ua_air_force uav 52: - 52, launched - 103, lost - 44, left - 1
Overnight, Ukraine's air force said it downed 19 of 27 missiles and 88 of 140 drones.
    ua_air_force missile 19: - 19, launched - 27
    ua_air_force uav 88: - 88, launched - 140
"""

CUT = """
сбиты 60 дронов:⏎▫️ 31 – над Курской областью,⏎▫️ 17 – над Брян
    uav 60 cut: kursk 31, bryansk 17
сбиты 60 дронов:⏎▫️ 31 – над Курской областью,⏎▫️ 17 – над территорией
    uav 60 cut: kursk 31, - 17
сбиты 60 дронов:⏎▫️ 31 – над Курской областью,⏎▫️ 1
    uav 60 cut: kursk 31
сбиты 60 дронов:⏎▫️ 31 – над Курской областью,⏎▫️
    uav 60 cut: kursk 31
сбиты 60 дронов:⏎▫️ 31 – над Курской областью,
    uav 60 cut: kursk 31
сбиты 60 дронов: 31 – над Курской областью, по два – над Брянской, Туль
    uav 60 cut: kursk 31, each bryansk 2, each tula 2
сбиты 60 дронов: 31 – над Курской областью, 17 – над Брянской областью…
    uav 60 cut: kursk 31, bryansk 17
сбиты 60 дронов над территориями Курской, Брянской, Ту
    uav 60 cut: bryansk+kursk 60
сбиты 31 дрон над Курской областью, 17 над Брянской областью, 8 над Ту
    uav ? cut: kursk 31, bryansk 17, - 8
downed 60 drones: 31 over Kursk, 17 over Bry
    uav 60 cut: kursk 31, bryansk 17
downed 60 drones: 31 over Kursk region, 17 over the
    uav 60 cut: kursk 31, - 17
downed 60 drones: 31 over Kursk region, 17 over Bryansk region, and...
    uav 60 cut: kursk 31, bryansk 17
"""

TOLD_RU = """
Минувшей ночью над Курской областью сбито силами ПВО 14 БПЛА, над Брянской областью — 11 БПЛА, еще 5 БПЛА — над акваторией Каспийского моря.
    uav 30: kursk 14, bryansk 11, caspian_sea 5
перехвачено и сбито 18 дронов над Курской областью.
    uav 18: kursk 18
сбито 18 дронов: 10 — Курская область, 8 — Тульская.
    uav 18: kursk 10, tula 8
сбиты три дрона: все – над Орловской областью.
    uav 3: oryol 3
сбиты три дрона, все над Орловской областью.
    uav 3: oryol 3
Минувшей ночью ПВО пресекла атаку двух дронов. Оба дрона сбиты над Тамбовской областью.
    uav 2: launched - 2, tambov 2
Минувшей ночью в Белгородской области силами ПВО сбит дрон, в Курской – два.
    uav 3: belgorod 1, kursk 2
Минувшей ночью в небе над Воронежской областью силы ПВО сбили 16 дронов.
    uav 16: voronezh 16
Минувшей ночью на территории Курской области силы ПВО сбили 4 дрона.
    uav 4: kursk 4
Минувшей ночью в небе Подмосковья силы ПВО сбили 4 дрона.
    uav 4: moscow_region 4
Минувшей ночью на подлёте к Москве силы ПВО сбили 5 дронов.
    uav 5
сбиты 6 дронов Ан-196 «Лютый» над Пензенской областью.
    uav 6: penza 6
сбиты 6 дронов: два – над Курской и четыре – над Орловской областью.
    uav 6: kursk 2, oryol 4
сбиты 16 дронов: 11 (включая 4 дрона, летевших на Москву) – над Московским регионом, 5 – над Калужской областью.
    uav 16: moscow_region 11, kaluga 5 (moscow_city 4 of moscow_region)
сбиты 16 дронов: 11 – над Московским регионом, четыре из которых летели на Москву, 5 – над Калужской областью.
    uav 16: moscow_region 11, kaluga 5 (moscow_city 4 of moscow_region)
сбиты 9 дронов над Тульской областью. Обломки двух дронов упали на территорию завода, пострадали 3 человека.
    uav 9: tula 9
сбиты 9 дронов над Тульской областью. Повреждены 12 домов и 4 автомобиля.
    uav 9: tula 9
сбито: БПЛА – 9, ракет – 2.
    uav 9
    missile 2
сбиты 44 дрона над шестью регионами: 30 – над Курской областью, 14 – над Брянской.
    uav 44: kursk 30, bryansk 14
сбиты 44 дрона над пятью регионами страны.
    uav 44
сбиты 9 дронов над Орловщиной и Брянщиной.
    uav 9: bryansk+oryol 9
сбиты 9 дронов над Курской областью (7 – над Курским районом, 2 – над Рыльским районом).
    uav 9: kursk 9 (- 7 of kursk) (- 2 of kursk)
сбиты 7 дронов над Курской областью и 2 – у побережья Крыма.
    uav 9: kursk 7, crimea 2
сбиты 7 дронов над Керченским проливом.
    uav 7
сбиты 12 дронов, из них 7 – над Курской областью.
    uav 12: kursk 7
сбиты одну тысячу пятьдесят пять дронов над Курской областью.
    uav 1055: kursk 1055
Минувшей ночью Вооруженные силы России сбили 12 дронов над Курской областью, сообщили в Минобороны.
    uav 12: kursk 12
Минобороны: за ночь над регионами России сбиты 85 дронов.
    uav 85
Минобороны: за ночь сбит 141 дрон, из них 62 над Брянской областью, 31 над Курской, 9 над Московским регионом.
    uav 141: bryansk 62, kursk 31, moscow_region 9
сорвана атака 50 дронов. Сообщено об уничтожении 46 дронов над Омской областью.
    uav 46: launched - 50, omsk 46
сбиты 9 дронов над Курской областью. https://example.org/news/5
    uav 9: kursk 9
сбиты 9 дронов над Курской областью. Подробнее: https://t.me/abc/5
    uav 9: kursk 9
сбиты 9 дронов над Курской областью. #ПВО #Курск
    uav 9: kursk 9
Минувшей ночью над территорией Российской Федерации силами ПВО сбиты 74 дрона.
    uav 74
Минувшей ночью над десятью субъектами РФ силами ПВО сбиты 74 дрона.
    uav 74
Минувшей ночью силами ПВО над Белгородской областью сбиты 4 дрона, Курской – 7, Брянской – 9.
    uav 20: belgorod 4, kursk 7, bryansk 9
сбиты 12 дронов: 7 – над Ростовской областью, 2 – над Воронежской областью, 1 – над Крымом, ещё 2 – над морем.
    uav 12: rostov 7, voronezh 2, crimea 1, - 2
Минувшей ночью ПВО Минобороны РФ уничтожила 32 БПЛА: больше всего над Брянской областью – 14, над Орловской – 10, над Смоленской – 8.
    uav 32: bryansk 14, oryol 10, smolensk 8
сбиты 32 дрона: четырнадцать - Брянская область, десять - Орловская, восемь - Смоленская.
    uav 32: bryansk 14, oryol 10, smolensk 8
сбиты 32 дрона: 14 в Брянской, 10 в Орловской, 8 в Смоленской областях.
    uav 32: bryansk 14, oryol 10, smolensk 8
сбиты 32 дрона (Брянская – 14, Орловская – 10, Смоленская – 8).
    uav 32: bryansk 14, oryol 10, smolensk 8
сбиты 20 дронов над тремя регионами: Брянской, Орловской и Смоленской областями.
    uav 20: bryansk+oryol+smolensk 20
"""

TOLD_EN = """
shot down 61 drones, the Defense Ministry said Thursday, including 22 over the Bryansk region, 16 over Kursk and 11 over Crimea.
    uav 61: bryansk 22, kursk 16, crimea 11
Overnight air defences destroyed 17 drones over Rostov region, Russia's defence ministry said on Telegram.
    uav 17: rostov 17
The Russian Defense Ministry said 40 drones were destroyed overnight. It said 23 of the drones were downed over Bryansk region.
    uav 40: bryansk 23
downed 44 drones over six regions.
    uav 44
downed 44 drones over six regions: 30 over Kursk, 14 over Bryansk.
    uav 44: kursk 30, bryansk 14
downed 36 drones. Twelve were shot down over Kaluga region, nine over Tula region, and the rest over other regions.
    uav 36: kaluga 12, tula 9
downed 40 drones, half of them over Kursk region.
    uav 40
The Russian defense ministry said three drones approaching Moscow were shot down overnight.
    uav 3
destroyed five ATACMS missiles and 59 drones over Rostov region.
    missile 5: rostov 5
    uav 59: rostov 59
destroyed drones over Kursk (12), Belgorod (9) and Crimea (2).
    uav 23: kursk 12, belgorod 9, crimea 2
Overnight a total of 12 drones were neutralised, Russia's defence ministry said: 7 in Kursk region, 3 in Bryansk region, and 1 each in Oryol and Tula regions.
    uav 12: kursk 7, bryansk 3, each oryol 1, each tula 1
Dozens of drones were downed over Kursk region overnight, the Russian defense ministry said.
    nothing
Overnight Ukraine's air force said Russia launched 137 drones, of which 87 were shot down and 40 were lost.
    ua_air_force uav 87: launched - 137, - 87, lost - 40
Russia's defense ministry said it downed 27 drones over Belgorod region overnight. Ukraine's air force said it shot down 52 of 103 drones overnight.
    uav 27: belgorod 27
    ua_air_force uav 52: - 52, launched - 103
Russia says it downed 27 Ukrainian drones over Belgorod region overnight.
    uav 27: belgorod 27
downed 27 drones over Belgorod region, killing no one; 14 houses were damaged and 3 people hurt.
    uav 27: belgorod 27
downed 27 drones: 20 over Belgorod region, which borders Ukraine, and 7 over Crimea, annexed in 2014.
    uav 27: belgorod 20, crimea 7
Overnight, the Bryansk region was hit hardest: Russian air defenses downed 18 drones there.
    uav 18: bryansk 18
downed one hundred and six drones: sixty over Kursk, forty-six over Tula.
    uav 106: kursk 60, tula 46
downed one thousand twenty-eight drones over Kursk.
    uav 1028: kursk 1028
Overnight an attack with 40 drones was foiled. Russian air defenses downed 31 drones over Omsk region.
    uav 31: launched - 40, omsk 31
destroyed 12 drones over the Khanty–Mansi Autonomous Okrug.
    uav 12: khanty_mansi 12
destroyed 12 drones over the Moscow and Tula regions.
    uav 12: moscow_region+tula 12
downed 9 drones over Kursk region. https://example.org/news/5
    uav 9: kursk 9
downed 9 drones over Kursk region. Read more: https://example.org/2025/08/12/777
    uav 9: kursk 9
downed 32 drones (Bryansk – 14, Oryol – 10, Smolensk – 8).
    uav 32: bryansk 14, oryol 10, smolensk 8
downed 32 drones: 14 in Bryansk, 10 in Oryol and eight in Smolensk region.
    uav 32: bryansk 14, oryol 10, smolensk 8
downed 32 drones. Fourteen of them were shot down over Bryansk region, ten over Oryol region and eight over Smolensk region.
    uav 32: bryansk 14, oryol 10, smolensk 8
downed 32 drones: 14 over the Bryansk, 10 over the Oryol and eight over the Smolensk regions.
    uav 32: bryansk 14, oryol 10, smolensk 8
downed 32 drones, with 14 destroyed over Bryansk, 10 over Oryol, and 8 over Smolensk.
    uav 32: bryansk 14, oryol 10, smolensk 8
downed 20 drones over three regions: Bryansk, Oryol and Smolensk.
    uav 20: bryansk+oryol+smolensk 20
Overnight, 20 Ukrainian drones were intercepted and destroyed over the territory of Russia's Bryansk region, the Russian defense ministry said.
    uav 20: bryansk 20
Overnight the Russian Ministry of Defense reported the downing of 20 drones over Kursk region.
    uav 20: kursk 20
The destruction of 20 drones over Kursk region overnight was reported by the Russian Ministry of Defense.
    uav 20: kursk 20
Two drones were downed overnight over Kursk region and one over Tula, according to Russia's Ministry of Defence.
    uav 3: kursk 2, tula 1
Ukraine's air force said it shot down 61 drones overnight over Kyiv, Odesa and Poltava regions.
    ua_air_force uav 61: kyiv+odesa+poltava 61
Overnight Ukrainian air defence downed all 14 cruise missiles and 30 of 38 drones.
    ua_air_force missile 14: - 14
    ua_air_force uav 30: - 30, launched - 38
"""

NO_BULLETINS = """
За прошедшие сутки средствами ПВО сбиты 214 дронов и четыре ракеты HIMARS.
    nothing
За неделю силы ПВО сбили 1204 беспилотника.
    nothing
Всего с начала операции уничтожены 512 самолетов, 71204 беспилотника, 590 комплексов ПВО.
    nothing
📆 Главное за неделю: ▫️ силы ПВО сбили 300 дронов над Курской областью.
    nothing
Брифинг Минобороны России: за ночь ПВО сбиты 30 дронов над Тульской областью.
    nothing
Экипаж ЗРК «Тор» группировки «Запад» сбил два дрона, которые наводили артиллерию.
    nothing
🔹 [Минобороны России](https://example.org/777) 🔹 [Мы в другом месте](https://example.org/8)
    nothing
Вчера вечером наши операторы дронов уничтожили три танка и два миномета под Купянском.
    nothing
Утром военные построили 4 моста, а саперы обезвредили 120 мин в Курской области.
    nothing
Ночью в Туле при падении обломков дрона пострадали 2 человека, повреждены 14 квартир.
    nothing
The 45-year-old driver was hurt when two drones hit a depot in Kursk region overnight.
    nothing
Russian air defenses are stretched: Moscow has 12 bases and three regions had no power for 5 hours.
    nothing
The governor said four drones were shot down over the Samara region overnight.
    nothing
Over the past week Russian air defenses downed 1,204 drones.
    nothing
Over the past 24 hours Russian air defenses downed 214 drones, the Russian defense ministry said in its daily briefing.
    nothing
Since the start of the war Russian air defenses have destroyed 71,204 drones.
    nothing
Three people died in Rostov region overnight, 16 houses burned, the acting governor said.
    nothing
"""

CATALOGUE = {
    "counts, Russian": COUNTS_RU,
    "counts, English": COUNTS_EN,
    "distribution, Russian": DISTRIBUTION_RU,
    "distribution, English": DISTRIBUTION_EN,
    "subsets": SUBSETS,
    "inverted": INVERTED,
    "lists, Russian": LISTS_RU,
    "lists, English": LISTS_EN,
    "places, Russian": PLACES_RU,
    "places, English": PLACES_EN,
    "typos": TYPOS,
    "weapons": WEAPONS,
    "cut": CUT,
    "told by others, Russian": TOLD_RU,
    "told by others, English": TOLD_EN,
    "no bulletins": NO_BULLETINS,
}


@pytest.mark.parametrize(
    ("text", "expected"), [entry for table in CATALOGUE.values() for entry in entries(table)]
)
def test_wording(text, expected):
    assert read(text) == expected


# --- hours: fragment before the verb, when it was posted (UTC), what it covers (Moscow) -----------

MORNING = "2025-08-12T06:00"
RUSSIAN_HOURS = [
    ("С 21:40 11 августа до 5:15 12 августа", MORNING, "08-11T21:40/08-12T05:15 stated"),
    ("С 21.40 мск 11 августа по 5.15 мск 12 августа", MORNING, "08-11T21:40/08-12T05:15 stated"),
    ("С 21.40 до 5.15 мск", MORNING, "08-11T21:40/08-12T05:15 stated"),
    ("С 22 часов 11 августа до 6 часов 12 августа", MORNING, "08-11T22:00/08-12T06:00 stated"),
    ("С 1 до 6 часов", MORNING, "08-12T01:00/08-12T06:00 stated"),
    ("Между 22.00 и 23.30", MORNING, "08-11T22:00/08-11T23:30 stated"),
    ("C 3.00 дo 6.00 мск", MORNING, "08-12T03:00/08-12T06:00 stated"),  # Latin C and o
    ("С 13.00 до 16.30", "2025-08-12T14:00", "08-12T13:00/08-12T16:30 stated"),
    ("С 13.00 до 16.30", "2025-08-12T22:30", "08-12T13:00/08-12T16:30 stated"),
    ("Вечером с 20.00 до полуночи", "2025-08-12T21:05", "08-12T20:00/08-13T00:00 stated"),
    ("С 20.00 до 24.00 мск", "2025-08-12T21:10", "08-12T20:00/08-13T00:00 stated"),
    ("С 20.00 до 00.00 12 августа", "2025-08-11T21:10", "08-11T20:00/08-12T00:00 stated"),
    ("С 0.00 до 6.40", MORNING, "08-12T00:00/08-12T06:40 stated"),
    ("С 20:00 мск 11 августа", MORNING, "08-11T20:00/08-12T09:00 stated"),
    ("Начиная с 20 часов", MORNING, "08-11T20:00/08-12T09:00 stated"),
    ("11 августа т.г. с 15.20 до 17.45 мск", MORNING, "08-11T15:20/08-11T17:45 stated"),
    ("С 15.20 до 17.45 мск 11 августа с.г.", MORNING, "08-11T15:20/08-11T17:45 stated"),
    ("С 23.00 11.08 до 7.00 12.08", MORNING, "08-11T23:00/08-12T07:00 stated"),
    ("С 22.00 мск 6.05 до 6.00 мск 7.05", "2025-05-07T04:00", "05-06T22:00/05-07T06:00 stated"),
    ("С 22.00 06.05.2025 до 6.00 07.05.2025", None, "05-06T22:00/05-07T06:00 stated"),
    ("С 22.00 6 мая до 6.00 7 мая 2025 года", None, "05-06T22:00/05-07T06:00 stated"),
    (
        "С 22.00 31 декабря до 6.00 1 января",
        "2026-01-01T05:00",
        "12-31T22:00/2026-01-01T06:00 stated",
    ),
    ("С 8.00 11 августа до 8.00 12 августа", MORNING, "08-11T08:00/08-12T08:00 stated"),
    ("Около 14.35 мск", "2025-08-12T12:00", "08-12T14:35/08-12T14:36 point"),
    ("Примерно в 14:35", "2025-08-12T12:00", "08-12T14:35/08-12T14:36 point"),
    ("В районе 14.35", "2025-08-12T12:00", "08-12T14:35/08-12T14:36 point"),
    ("Вчера в 14.35", MORNING, "08-11T14:35/08-11T14:36 point"),
    ("В ночь на 12 августа", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("В ночь на вторник", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("За ночь", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("Ночью 12.08", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("Сегодня днём", "2025-08-12T14:00", "08-12T08:00/08-12T17:00 assumed"),
    ("Вчера вечером", MORNING, "08-11T18:00/08-12T00:00 assumed"),
    ("Вечером 11 августа", "2025-08-11T22:15", "08-11T18:00/08-12T00:00 assumed"),
    ("Сегодня вечером", "2025-08-11T21:15", "08-11T18:00/08-12T00:00 assumed"),
    ("Утром", "2025-08-12T08:00", "08-12T06:00/08-12T11:00 assumed"),
    ("Днем 11 августа", MORNING, "08-11T08:00/08-11T20:00 assumed"),
]

ENGLISH_HOURS = [
    (
        "From 9:40 p.m. on August 11 to 5:15 a.m. on August 12",
        MORNING,
        "08-11T21:40/08-12T05:15 stated",
    ),
    (
        "Between 9:40pm on August 11 and 5:15am on August 12",
        MORNING,
        "08-11T21:40/08-12T05:15 stated",
    ),
    ("From 21:40 on 11 August until 05:15 on 12 August", MORNING, "08-11T21:40/08-12T05:15 stated"),
    (
        "Between 8 p.m. (1700 GMT) and 11 p.m. (2000 GMT)",
        "2025-08-12T20:30",
        "08-12T20:00/08-12T23:00 stated",
    ),
    ("Between 11 p.m. Monday and 6 a.m. Tuesday", MORNING, "08-11T23:00/08-12T06:00 stated"),
    ("From 8 p.m. until midnight", "2025-08-12T21:30", "08-12T20:00/08-13T00:00 stated"),
    ("From midnight to 7 a.m. Moscow time", MORNING, "08-12T00:00/08-12T07:00 stated"),
    ("Since 8 p.m. on August 11", MORNING, "08-11T20:00/08-12T09:00 stated"),
    ("Since 20:00", MORNING, "08-11T20:00/08-12T09:00 stated"),
    ("On August 11, between 15:00 and 18:00,", MORNING, "08-11T15:00/08-11T18:00 stated"),
    ("From noon to 3 p.m. on August 11", MORNING, "08-11T12:00/08-11T15:00 stated"),
    ("Between 9:00 and 13:00 Moscow time on Aug. 11", MORNING, "08-11T09:00/08-11T13:00 stated"),
    ("At around 2:35 p.m.", "2025-08-12T12:00", "08-12T14:35/08-12T14:36 point"),
    ("On the night of August 11-12", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("On the night of August 11 to 12", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("Overnight into August 12,", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("Last night", MORNING, "08-11T20:00/08-12T08:00 assumed"),
    ("On the evening of August 11", MORNING, "08-11T18:00/08-12T00:00 assumed"),
    ("Yesterday evening", MORNING, "08-11T18:00/08-12T00:00 assumed"),
    ("This morning", "2025-08-12T08:00", "08-12T06:00/08-12T11:00 assumed"),
    ("During the day on August 11, 2025,", None, "08-11T08:00/08-11T20:00 assumed"),
]
HOURS = [
    (f"{words} ПВО сбила 7 дронов над Тульской областью.", *rest) for words, *rest in RUSSIAN_HOURS
]
HOURS += [
    (f"{words} Russian air defenses downed 7 drones over Tula.", *rest)
    for words, *rest in ENGLISH_HOURS
]


def day(moment):
    """Month, day and time; the year only where it is not that of most tests."""
    return f"{moment:%m-%dT%H:%M}" if moment.year == 2025 else f"{moment:%Y-%m-%dT%H:%M}"


def hours(window):
    """The line that a window makes."""
    return None if window is None else f"{day(window.start)}/{day(window.end)} {window.precision}"


def moment(text):
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "posted", "expected"),
    [pytest.param(*row, id=f"{row[0][:44]} @{row[1]}") for row in HOURS],
)
def test_hours(text, posted, expected):
    [bulletin] = parse_bulletins(text, moment(posted))
    assert (hours(bulletin.window), told(bulletin)) == (expected, "uav 7: tula 7")


TWO_WINDOWS = [
    (
        "С 20.10 до 22.50 11 августа силами ПВО сбиты 5 дронов над Курской областью. "
        "С 23.00 11 августа до 7.00 12 августа сбиты 9 дронов над Тульской областью.",
        [
            "08-11T20:10/08-11T22:50 stated uav 5: kursk 5",
            "08-11T23:00/08-12T07:00 stated uav 9: tula 9",
        ],
    ),
    (
        "Вечером 11 августа силами ПВО сбиты 5 дронов над Курской областью. Ночью сбиты еще 9 дронов: "
        "четыре над Тульской, пять над Калужской областью.",
        [
            "08-11T18:00/08-11T20:00 assumed uav 5: kursk 5",
            "08-11T20:00/08-12T08:00 assumed uav 9: tula 4, kaluga 5",
        ],
    ),
    (
        "From 11 p.m. to 7 a.m. Russian air defenses downed nine drones over Tula. "
        "Five drones had been downed over Kursk between 8 p.m. and 11 p.m. on August 11.",
        [
            "08-11T23:00/08-12T07:00 stated uav 9: tula 9",
            "08-11T20:00/08-11T23:00 stated uav 5: kursk 5",
        ],
    ),
    (
        "С 23.00 до 7.00 силами ПВО сбиты 9 дронов над Тульской областью. "
        "Всего с 20.00 11 августа до 7.00 12 августа сбиты 14 дронов.",
        ["08-11T23:00/08-12T07:00 stated uav 9: tula 9 [14 08-11T20:00/08-12T07:00 stated]"],
    ),
    (
        "С 23.00 до 7.00 силами ПВО сбиты 9 дронов над Тульской областью. Всего за ночь сбиты 14 дронов.",
        ["08-11T23:00/08-12T07:00 stated uav 9: tula 9 [14 08-11T20:00/08-12T08:00 assumed]"],
    ),
    (
        "С 23.00 до 7.00 силами ПВО сбиты 9 дронов: 6 над Тульской, 3 над Курской областью. Всего с 20.00 11 "
        "августа до 7.00 12 августа сбиты 14 дронов: 8 над Тульской областью, 6 над Курской.",
        [
            "08-11T23:00/08-12T07:00 stated uav 9: tula 6, kursk 3 [14 08-11T20:00/08-12T07:00 stated]"
        ],
    ),
    (
        "From 11 p.m. to 7 a.m. Russian air defenses downed nine drones over Tula. "
        "In total, 14 drones were downed since 8 p.m. on August 11.",
        ["08-11T23:00/08-12T07:00 stated uav 9: tula 9 [14 08-11T20:00/08-12T09:00 stated]"],
    ),
    (
        "From 11 p.m. to 7 a.m. Russian air defenses downed nine drones over Tula. "
        "Total since 8 p.m. on August 11: 14 drones.",
        ["08-11T23:00/08-12T07:00 stated uav 9: tula 9 [14 08-11T20:00/08-12T09:00 stated]"],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), TWO_WINDOWS, ids=[text[:40] for text, _ in TWO_WINDOWS]
)
def test_several_windows_in_one_text(text, expected):
    found = []
    for bulletin in parse_bulletins(text, POSTED):
        line = f"{hours(bulletin.window)} {told(bulletin)}"
        for figure in bulletin.cumulative:
            line = line.replace(f"[{figure.total}]", f"[{figure.total} {hours(figure.window)}]")
        found.append(line)
    assert found == expected


# --- what surrounds a bulletin changes nothing ----------------------------------------------------

PLAIN = [
    "Минувшей ночью силами ПВО сбиты 12 дронов: 7 над Курской областью, по одному над Адыгеей и Крымом, 3 "
    "над Тульской областью.",
    "Overnight Russian air defenses downed 12 drones: seven over Kursk, one each over Adygea and Crimea, "
    "three over Tula.",
]
AROUND = [
    pytest.param("{}\n\n🔹 [Минобороны России](https://example.org/991)", id="footer"),
    pytest.param(
        "{}\n#Оперативно\n🔹 [Подписаться](https://t.me/x) 🔹 [MAX](https://max.ru/y5)", id="tags"
    ),
    pytest.param("❗️❗️ {}", id="signs before"),
    pytest.param("⚡️ **{}**", id="all in bold"),
    pytest.param("\n\n  {}  \n\n", id="space"),
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("text", PLAIN, ids=["ru", "en"])
def test_what_surrounds_a_bulletin_changes_nothing(text, around):
    assert read(around.format(text)) == read(text)
    assert len(read(text)) == 1


def test_the_catalogue_is_large_and_says_nothing_twice():
    texts = [entry.values[0] for table in CATALOGUE.values() for entry in entries(table)]
    assert len(texts) >= 200
    assert len(set(texts)) == len(texts)
