"""Bulletins of the Ukrainian Air Force and reports of them, 2022 to 2026, in all the forms that they take.

The wording and the numbers are made up; what each text claims was written down before anything read it. A title
stands above each text and, indented below it, what it says; "⏎" is a line break. Bulletins are parted by " / ", and read

    uav 53: launched 83, intercepted 53 kharkiv+sumy, lost 26, left 3, of which 12

weapon, total ("-" for none); then counts with their regions ("a+b" jointly, "each" after those of a list) and
subsets. Without a claimant it is the Air Force's claim. The texts were posted at ten o'clock in Kyiv on 25 May 2025.
"""

UKRAINIAN = """
# launched and shot down
У ніч на 25 травня окупанти запустили по Україні 36 ударних дронів. Збито 29 з них над Київщиною, Черкащиною та Полтавщиною.
    uav 29: launched 36, intercepted 29 cherkasy+kyiv+poltava
# all of them
Минулої ночі ворог атакував 14 ударними БпЛА типу Shahed-136/131 із району Приморсько-Ахтарська. Усі 14 збито в Одеській та Миколаївській областях.
    uav 14: launched 14, intercepted 14 mykolaiv+odesa
# all, no number again
Вночі росіяни випустили по Одещині 11 «шахедів». Усі знищено.
    uav 11: launched 11, intercepted 11
# so many of so many
Цієї ночі сили ППО знищили 20 із 24 «шахедів», випущених із Криму.
    uav 20: launched 24, intercepted 20
# origins are no places
У ніч на 25 травня (з 20:00 24 травня) противник атакував 83 безпілотниками типу Shahed із районів Курськ, Орел, Приморсько-Ахтарськ та Чауда (Крим). Станом на 08:30 підтверджено збиття 53 БпЛА у Сумській, Харківській, Чернігівській областях. 26 ворожих дронів локаційно втрачено, ще три полетіли в бік Білорусі, один залишається в небі.
    uav 53: launched 83, intercepted 53 chernihiv+kharkiv+sumy, lost 26, left 3
# a heading says it before
ЗБИТО 31 ДРОН, 12 ЛОКАЦІЙНО ВТРАЧЕНІ⏎⏎У ніч на 25 травня ворог атакував 44 ударними БпЛА. Збито 31 безпілотник на Полтавщині, Сумщині й Житомирщині. 12 – локаційно втрачені. Ще один БпЛА у повітрі.
    uav 31: launched 44, intercepted 31 poltava+sumy+zhytomyr, lost 12
# lost by location
Вночі 25 травня збито 17 з 31 дрона, 13 локаційно втрачені, 1 залишив повітряний простір України у напрямку рф.
    uav 17: launched 31, intercepted 17, lost 13, left 1
# one left to Belarus
Уночі проти 25 травня підрозділи ППО збили 22 БпЛА в Київській та Житомирській областях, 7 втрачено локаційно, один повернувся на територію росії, два перетнули кордон із Білоруссю.
    uav 22: intercepted 22 kyiv+zhytomyr, lost 7, left 1, left 2
# part by part
Упродовж ночі знищено: 12 «шахедів» на Одещині, 5 – на Миколаївщині, 3 – на Херсонщині.
    uav 20: intercepted 12 odesa, intercepted 5 mykolaiv, intercepted 3 kherson
# total and parts
Цієї ночі збито 18 ударних БпЛА: 9 на Дніпропетровщині, 6 на Запоріжжі та 3 на Кіровоградщині.
    uav 18: intercepted 9 dnipropetrovsk, intercepted 6 zaporizhzhia, intercepted 3 kirovohrad
# place before number
Сьогодні вночі у Вінницькій області збито 4 дрони, у Хмельницькій – 6, у Рівненській – 2.
    uav 12: intercepted 4 vinnytsia, intercepted 6 khmelnytskyi, intercepted 2 rivne
# each
Уночі на Харківщині та Сумщині збито по два ударні дрони.
    uav 4: intercepted 2 kharkiv each, intercepted 2 sumy each
# one, by the singular
Сьогодні вдень над Сумщиною збито ударний безпілотник.
    uav 1: intercepted 1 sumy
# reconnaissance
Удень 24 травня на Дніпропетровщині знищено розвідувальний дрон «Орлан-10».
    uav 1: intercepted 1 dnipropetrovsk
# names, then numbers
Протягом доби 24 травня знищено 10 розвідувальних БпЛА: Zala – 3, Supercam – 2, «Орлан-10» – 5.
    uav 10: intercepted 10
# number words
Уночі ворог застосував двадцять три ударні безпілотники; двадцять один збито, двох локаційно втрачено.
    uav 21: launched 23, intercepted 21, lost 2
# instrumental
У ніч на 25 травня росія атакувала тридцятьма сімома «шахедами» та чотирма ракетами С-300. Збито тридцять п'ять дронів.
    uav 35: launched 37, intercepted 35 / missile -: launched 4
# digits with an ending
У ніч на 25-те травня противник атакував 9-ма ударними БпЛА, 8-м з яких знищено в межах Полтавської області.
    uav 8: launched 9, intercepted 8 poltava
# collective numbers
Уранці двоє дронів збито над Києвом, іще троє – над Житомиром.
    uav 5: intercepted 2 kyiv_city, intercepted 3 zhytomyr
# apostrophes
Вночі збито п’ять дронів на Львівщині, дев'ять – на Волині, пʼятнадцять – на Рівненщині.
    uav 29: intercepted 5 lviv, intercepted 9 volyn, intercepted 15 rivne
# the sea
Увечері 24 травня над акваторією Чорного моря збито 3 БпЛА, ще 2 – в Одеській області.
    uav 5: intercepted 3 black_sea, intercepted 2 odesa
# two seas
Вночі 6 дронів знищено над Чорним та Азовським морями.
    uav 6: intercepted 6 azov_sea+black_sea
# command of the south
Сили оборони Півдня вночі знищили 7 «шахедів»: п'ять на Одещині, два на Миколаївщині.
    uav 7: intercepted 5 odesa, intercepted 2 mykolaiv
# a list of models
У ніч на 25 травня повітряні сили збили 18 крилатих ракет Х-101/Х-555, 4 керовані авіаційні ракети Х-59 та 35 ударних БпЛА.
    missile 22: intercepted 18, intercepted 4 / uav 35: intercepted 35
# air targets
Минулої ночі знищено 57 повітряних цілей: 12 ракет Х-101, 10 «Калібрів» і 35 «шахедів».
    missile 22: intercepted 12, intercepted 10 / uav 35: intercepted 35
# bulleted
У ніч на 25 травня противник завдав удару 47 засобами повітряного нападу:⏎– 3 балістичні ракети «Іскандер-М»;⏎– 4 крилаті ракети «Калібр»;⏎– 40 ударних БпЛА.⏎Збито 41 повітряну ціль:⏎– 3 крилаті ракети «Калібр»;⏎– 38 ударних БпЛА.
    missile 3: launched 3, launched 4, intercepted 3 / uav 38: launched 40, intercepted 38
# missiles, total and models
Цієї ночі ворог випустив 52 ракети: 30 Х-101, 14 «Іскандер-М/KN-23», 8 «Калібрів». Збито 31 ракету.
    missile 31: launched 52, intercepted 31
# missiles and drones together
У ніч на 25 травня рф застосувала 705 засобів ураження – 52 ракети і 653 дрони. Станом на 11:00 збито/подавлено 623 цілі: 31 ракету та 592 БпЛА. Є влучання 16 ракет і 61 дрона на 20 локаціях.
    missile 31: launched 52, intercepted 31, hit 16 / uav 592: launched 653, intercepted 592, hit 61
# one missile by the singular
У ніч на 25 травня противник атакував двома балістичними ракетами Іскандер-М, крилатою ракетою Х-59 та 145 ударними БпЛА. Збито крилату ракету Х-59 та 79 дронів, 54 безпілотники-імітатори локаційно втрачено.
    missile 1: launched 2, launched 1, intercepted 1 / uav 79: launched 145, intercepted 79, lost 54
# not reached
Уранці 25 травня ворог вдарив п'ятьма ракетами Х-22 по Одещині. Дві збито, три не досягли цілей.
    missile 2: launched 5, intercepted 2, lost 3
# slash models
Вночі із 6 керованих авіаційних ракет Х-59/69 збито 5.
    missile 5: launched 6, intercepted 5
# Kinzhals
Сьогодні вранці ворог випустив 6 аеробалістичних ракет Х-47М2 «Кинджал» з 6 літаків МіГ-31К. Усі 6 «Кинджалів» збито на Київщині.
    missile 6: launched 6, intercepted 6 kyiv
# zircons
Вночі ворог випустив 2 протикорабельні ракети 3М22 «Циркон» із Криму, збито одну.
    missile 1: launched 2, intercepted 1
# S-300
У ніч на 25 травня ворог ударив 5 зенітними керованими ракетами С-300/С-400 по Харківщині та запустив 12 БпЛА. Збито 10 БпЛА.
    missile -: launched 5 / uav 10: launched 12, intercepted 10
# missile over the sea
Увечері 24 травня над Чорним морем знищено керовану авіаційну ракету Х-59.
    missile 1: intercepted 1 black_sea
# bombs
Протягом доби 24 травня росіяни скинули на Сумщину 12 керованих авіабомб, дві КАБ збито.
    bomb 2: launched 12, intercepted 2
# bombs and drones
Вночі ворог застосував 6 КАБ і 45 дронів; 40 дронів знешкоджено.
    bomb -: launched 6 / uav 40: launched 45, intercepted 40
# suppressed together
У ніч на 25 травня (з 18:00 24 травня) ворог атакував 98 БпЛА типу Shahed, Гербера та безпілотниками інших типів. Станом на 09:00 ППО збито/подавлено 76 дронів на півночі, півдні та сході країни. Зафіксовано влучання 18 ударних БпЛА на 11 локаціях, а також падіння уламків на 3 локаціях.
    uav 76: launched 98, intercepted 76, hit 18
# suppressed together, from
Вночі збито/подавлено 45 зі 60 ворожих БпЛА.
    uav 45: launched 60, intercepted 45
# suppressed apart
У ніч на 25 травня знешкоджено 36 ворожих БпЛА: 21 збито вогневими засобами, 15 – подавлено РЕБ.
    uav 36: intercepted 21, suppressed 15
# lost or suppressed
Вночі ворог запустив 60 дронів. 41 збито вогневими засобами, 15 локаційно втрачено/подавлено РЕБ.
    uav 56: launched 60, intercepted 41, suppressed 15
# shot down or lost by jamming
Цієї ночі 23 дрони збито, 14 придушено засобами радіоелектронної боротьби.
    uav 37: intercepted 23, suppressed 14
# about so many are Shaheds
У ніч на 25 травня ворог атакував 120 ударними БпЛА, зокрема близько 70 – «шахеди». Збито 101 БпЛА.
    uav 101: launched 120, intercepted 101, of which 70
# more than so many of them
У ніч на 25 травня ворог атакував 129 ударними дронами (понад 80 із них – «шахеди»). Збито або подавлено 106 дронів.
    uav 106: launched 129, intercepted 106, of which 80
# of which before
Вночі запущено 88 дронів, із них 52 – «шахеди»; збито 70.
    uav 70: launched 88, intercepted 70, of which 52
# decoys count
У ніч на 25 травня противник запустив 62 БпЛА: 40 Shahed, 12 «Гербера», 4 «Італмас» і 6 дронів-імітаторів. Подавлено та збито 50.
    uav 50: launched 62, intercepted 50
# models in brackets
Вночі противник атакував 105 ударними БпЛА (Shahed, Gerbera, Italmas) та однією ракетою «Іскандер-М». Збито 90 БпЛА.
    uav 90: launched 105, intercepted 90 / missile -: launched 1
# hits at places
Вночі збито 33 з 45 дронів. Влучання 9 БпЛА зафіксовано на 6 локаціях, уламки впали на 4 локаціях.
    uav 33: launched 45, intercepted 33, hit 9
# hits in brackets
Вночі збито 33 з 45 дронів. Зафіксовано влучання на 6 локаціях (9 ударних БпЛА), падіння збитих – на чотирьох.
    uav 33: launched 45, intercepted 33, hit 9
# places alone are no drones
Вночі збито 28 дронів. Є влучання на 5 локаціях, уламки – на 2 локаціях.
    uav 28: intercepted 28
# missiles hit, too
У ніч на 25 травня збито 12 ракет і 210 дронів. Зафіксовано влучання 7 ракет та 33 ударних БпЛА на 25 локаціях.
    missile 12: intercepted 12, hit 7 / uav 210: intercepted 210, hit 33
# still flying
Станом на 09:00 збито/подавлено 77 БпЛА. Атака триває, у повітряному просторі залишаються 4 дрони.
    uav 77: intercepted 77
# not known yet
Вночі збито 8 ракет із 11. Інформація щодо двох ракет уточнюється.
    missile 8: launched 11, intercepted 8
# left to Romania
Вночі збито 51 дрон, один БпЛА залетів до Румунії, чотири полетіли в Молдову.
    uav 51: intercepted 51, left 1, left 4
# left to Poland
У ніч на 25 травня збито 386 дронів та 27 ракет, щонайменше вісім БпЛА перетнули кордон Польщі.
    uav 386: intercepted 386, left 8 / missile 27: intercepted 27
# joint list
У ніч на 25 травня 45 ударних БпЛА збито у Київській, Полтавській, Сумській областях.
    uav 45: intercepted 45 kyiv+poltava+sumy
# joint list of names
Уночі 16 дронів знешкоджено на Чернігівщині, Тернопільщині, Івано-Франківщині й Закарпатті.
    uav 16: intercepted 16 chernihiv+ivano_frankivsk+ternopil+zakarpattia
# groups of oblasts
У ніч на 25 травня збито 60 дронів на Сході та Півдні.
    uav 60: intercepted 60
# groups and an oblast
Вночі збито 25 дронів на півдні країни, 4 – у Черкаській області.
    uav 29: intercepted 25, intercepted 4 cherkasy
# another one
Вночі на Полтавщині збито 6 дронів, ще один – на Київщині.
    uav 7: intercepted 6 poltava, intercepted 1 kyiv
# at least
Вночі на Одещині знищено щонайменше 12 дронів, на Херсонщині – понад п'ять.
    uav 17: intercepted 12 odesa, intercepted 5 kherson
# hours and the day
Упродовж дня 24 травня (з 08:00 до 20:00) ворог запустив 31 дрон, 27 з яких збито, 4 локаційно втрачено.
    uav 27: launched 31, intercepted 27, lost 4
# two waves
У ніч на 24 травня збито 40 дронів на Одещині. Удень 24 травня збито ще 12 дронів на Сумщині.
    uav 40: intercepted 40 odesa / uav 12: intercepted 12 sumy
# where they did harm
Вночі збито 20 із 26 дронів. Постраждали Київська, Харківська та Донецька області, поранено 12 людей, пошкоджено 3 будинки.
    uav 20: launched 26, intercepted 20
# who shot
Вночі збито 30 дронів. Атаку відбивали авіація, зенітні ракетні війська, РЕБ і 45 мобільних вогневих груп Повітряних сил.
    uav 30: intercepted 30
# by whom
Вночі знищено 30 «шахедів»: 18 – зенітними ракетними військами, 12 – мобільними групами.
    uav 30: intercepted 30
# place of a part
Вночі збито 15 дронів, зокрема шість на Київщині.
    uav 15: intercepted 6 kyiv
# ministry, joint
Міноборони рф заявило, що вночі над Бєлгородською та Курською областями збито 34 безпілотники.
    ru_mod uav 34: intercepted 34 belgorod+kursk
# ministry, list
У Міноборони Росії стверджують, що за ніч знищили 62 українські дрони: 30 – над Бєлгородською областю, 20 – над Брянською, 8 – над Кримом, по два – над Орловською та Тульською областями.
    ru_mod uav 62: intercepted 30 belgorod, intercepted 20 bryansk, intercepted 8 crimea, intercepted 2 oryol each, intercepted 2 tula each
# ministry, named last
Над Воронезькою областю вночі збили 11 дронів, повідомило російське міністерство оборони.
    ru_mod uav 11: intercepted 11 voronezh
# ministry, sea and boats
Міністерство оборони РФ повідомило, що вночі ППО знищила 9 БпЛА над Ростовською областю та Чорним морем. Також знищено два безекіпажні катери.
    ru_mod uav 9: intercepted 9 black_sea+rostov / ru_mod boat 2
# ministry, then the air force
Міноборони рф відзвітувало про 12 збитих уночі дронів над Краснодарським краєм. Повітряні сили повідомили, що вночі збито 50 із 80 «шахедів».
    ru_mod uav 12: intercepted 12 krasnodar / uav 50: launched 80, intercepted 50
# ministry, quoted in Russian
Російське відомство повідомило вранці. Минобороны РФ: «Прошедшей ночью дежурными средствами ПВО уничтожены 15 БПЛА: десять – над территорией Белгородской области, пять – над территорией Курской области».
    ru_mod uav 15: intercepted 10 belgorod, intercepted 5 kursk
# a Russian word or two
Вночі над Сумщиною уничтожено 5 беспилотников, ще 3 дрони збито на Харківщині.
    uav 8: intercepted 5 sumy, intercepted 3 kharkiv
# Moscow and its province
Міноборони росії: уночі над Підмосков'ям збито 4 дрони, над Москвою – 1, над Калузькою областю – 3.
    ru_mod uav 8: intercepted 4 moscow_region, intercepted 1 moscow_city, intercepted 3 kaluga
# a whole post
⚡️ПОДАВЛЕНО АБО ЗБИТО 76 ВОРОЖИХ БЕЗПІЛОТНИКІВ⏎⏎▪️У ніч на 25 травня (із 18:00 24 травня) ворог ударив 98-ма БпЛА типу Shahed, Гербера й іншими типами дронів із напрямків: Курськ, Орел, Міллерово, Приморсько-Ахтарськ – рф, Гвардійське – ТОТ АР Крим, близько 60 із них – «шахеди».⏎⏎▪️Напад відбивали авіація, зенітні ракетні війська, підрозділи РЕБ і безпілотних систем, мобільні вогневі групи Сил оборони України.⏎⏎▪️За попередніми даними, станом на 09:00 протиповітряна оборона збила/подавила 76 дронів на півночі, півдні, сході та в центрі країни.⏎⏎▪️Зафіксовано влучання 18 ударних БпЛА на 11 локаціях і падіння збитих (уламки) на 3 локаціях.⏎⏎▪️Атака триває, у повітряному просторі кілька ворожих БпЛА. Бережіть себе!⏎⏎Тримаймо небо!
    uav 76: launched 98, intercepted 76, hit 18, of which 60
# a combined strike
У ніч на 25 травня росіяни завдали комбінованого удару. Усього виявлено 458 засобів повітряного нападу – 45 ракет та 413 БпЛА різних типів:⏎⏎- 413 ударних БпЛА (понад 300 – «шахеди») з напрямків Курськ, Орел;⏎- 25 крилатих ракет Х-101 (район пусків – Вологодська обл., рф);⏎- 12 балістичних ракет Іскандер-М/KN-23 (Воронезька, Курська обл.);⏎- 8 крилатих ракет «Калібр» (акваторія Чорного моря).⏎⏎Станом на 11:00 знешкоджено 406 цілей: 28 ракет і 378 БпЛА:⏎- 378 БпЛА;⏎- 20 ракет Х-101;⏎- 8 ракет «Калібр».⏎Зафіксовано влучання 17 ракет та 35 ударних БпЛА на 22 локаціях.
    missile 28: launched 45, intercepted 28, hit 17 / uav 378: launched 413, intercepted 378, hit 35, of which 300
# of so many first
Із 45 БпЛА 32 збито у Харківській, Сумській областях, 10 не досягли цілей (локаційно втрачені), один полетів у напрямку Білорусі, два – у бік рф.
    uav 32: launched 45, intercepted 32 kharkiv+sumy, lost 10, left 1, left 2
# three weapons
Минулої ночі окупанти атакували чотирма ракетами Х-59, двома КАБ та 48 «шахедами». Знищено: 3 ракети; 44 дрони.
    missile 3: launched 4, intercepted 3 / bomb -: launched 2 / uav 44: launched 48, intercepted 44
# models of scouts
За добу збито 4 БпЛА «Орлан-10», 2 «Ланцети» та вертоліт Ка-52.
    uav 6: intercepted 4, intercepted 2
# some of one, all of another
Вночі Повітряні сили збили 10 із 13 крилатих ракет та всі 7 «шахедів».
    missile 10: launched 13, intercepted 10 / uav 7: intercepted 7
# a command of the air force
Уночі 25 травня підрозділами Повітряного командування «Південь» у Миколаївській області знищено 3 Shahed-131/136.
    uav 3: intercepted 3 mykolaiv
# oblast by oblast
Харківщина: вночі над областю збито 8 дронів. Полтавщина: знешкоджено 6.
    uav 14: intercepted 8 kharkiv, intercepted 6 poltava
# the verb last
На Сумщині – 7, на Чернігівщині – 4, на Полтавщині – 12 збитих за ніч БпЛА.
    uav 23: intercepted 7 sumy, intercepted 4 chernihiv, intercepted 12 poltava
# all of so many
Вночі збито 12 із 12 «шахедів».
    uav 12: launched 12, intercepted 12
# not shot down
Вночі збито 9 дронів, 3 не збито.
    uav 9: intercepted 9
# ministry, including
Міноборони рф: «За минулу ніч перехоплено та знищено 121 український БпЛА, зокрема 53 – над Брянською областю, 20 – над Ростовською».
    ru_mod uav 121: intercepted 53 bryansk, intercepted 20 rostov
# Latin letters
Вночi знищено 5 дронiв на Одещинi.
    uav 5: intercepted 5 odesa
# capitals
У НІЧ НА 25 ТРАВНЯ ЗБИТО 44 БПЛА НА ХАРКІВЩИНІ
    uav 44: intercepted 44 kharkiv
# letters of two parts
Вночі збито 5 дронів у Миколаі\u0308вськіи\u0306 області.
    uav 5: intercepted 5 mykolaiv
# up to
Вночі ворог застосував до тридцяти дронів, збито більше двадцяти.
    uav 20: launched 30, intercepted 20
# a newspaper
Росія вночі вдарила по Україні 45 ракетами та 300 дронами: у Києві загинули 5 людей. Сили ППО збили 30 ракет і 270 дронів.
    missile 30: launched 45, intercepted 30 / uav 270: launched 300, intercepted 270
# fell elsewhere
Сьогодні 6 ракет збито над Київщиною, 2 впали на відкритій місцевості.
    missile 6: intercepted 6 kyiv
# of so many last
Станом на 20:00 24 травня збито 5 «шахедів» з 8.
    uav 5: launched 8, intercepted 5
# a front is no oblast
Удень на Харківському напрямку збито 4 БпЛА.
    uav 4: intercepted 4
# result
Загалом цієї ночі ворог випустив 131 ударний БпЛА. Результат: 102 – збиті, 21 – влучання на 16 локаціях, 8 – локаційно втрачені.
    uav 102: launched 131, intercepted 102, hit 21, lost 8
# of them
Уранці 25 травня ворог випустив по Києву 5 ракет. Із них 4 збито.
    missile 4: launched 5, intercepted 4
# lists with colons
Цієї ночі ворог застосував: 12 ракет Х-101; 3 ракети «Кинджал»; 70 дронів. ППО знищила: 9 ракет Х-101; 62 дрони.
    missile 9: launched 12, launched 3, intercepted 9 / uav 62: launched 70, intercepted 62
# parts by groups
Вночі збито 40 дронів, із них 25 – на Сході, 15 – на Півдні.
    uav 40: intercepted 40
# hits of the rest
Вночі на Одещині збито 17 «шахедів», ще 3 влучили в порт.
    uav 17: intercepted 17 odesa, hit 3 odesa
# brackets
У ніч на 25 травня збито 4 ракети (із 6), 31 дрон (з 40).
    missile 4: launched 6, intercepted 4 / uav 31: launched 40, intercepted 31
# places in brackets
Вночі збито 19 дронів: Харківщина (8), Сумщина (7), Полтавщина (4).
    uav 19: intercepted 8 kharkiv, intercepted 7 sumy, intercepted 4 poltava
# dash list
Нічні збиття дронів:⏎– Одеська область – 6;⏎– Миколаївська область – 4;⏎– Херсонська область – 2.
    uav 12: intercepted 6 odesa, intercepted 4 mykolaiv, intercepted 2 kherson
# abbreviations
Вночі у Харківській обл., Сумській обл. та м. Києві збито 14 дронів.
    uav 14: intercepted 14 kharkiv+kyiv_city+sumy
# no places of harm
Вночі збито 70 із 91 дрона. Ударів зазнали Одещина, Харківщина та Сумщина: 11 дронів влучили у 7 локацій.
    uav 70: launched 91, intercepted 70, hit 11 kharkiv+odesa+sumy
# two days
У ніч на 24 травня збито 21 дрон. У ніч на 25 травня збито 33 дрони.
    uav 21: intercepted 21 / uav 33: intercepted 33
# launched from Belarus
Вночі з території Білорусі та Криму запущено 20 «шахедів», 18 збито.
    uav 18: launched 20, intercepted 18
# who counts not
Вночі на Одещині 3 людини поранено, 2 будинки зруйновано, збито 9 дронів.
    uav 9: intercepted 9 odesa
# a sum since the invasion
Вночі збито 16 дронів. Від початку вторгнення знищено вже 5 000 «шахедів».
    uav 16: intercepted 16
# a week
За тиждень росіяни запустили 1 200 дронів, збито 1 000.
    nothing
# thousands
У ніч на 25 травня ворог запустив 1 024 дрони, збито 977.
    uav 977: launched 1024, intercepted 977
# a thousand in words
Цієї ночі ворог запустив понад тисячу дронів; збито дев'ятсот сорок два.
    uav 942: launched 1000, intercepted 942
# with other services
Упродовж ночі на 25 травня Повітряні Сили у взаємодії з ППО інших складових Сил оборони знищили 28 із 31 ударного БпЛА типу «Shahed-136/131».
    uav 28: launched 31, intercepted 28
# a heading with two weapons
ЗБИТО 13 «ШАХЕДІВ» ТА 2 РАКЕТИ Х-59!⏎⏎У ніч на 25 травня окупанти атакували 14 шахедами і чотирма ракетами Х-59. У результаті бойової роботи знищено 13 «шахедів» у межах Херсонської, Миколаївської та Дніпропетровської областей, а також дві ракети Х-59 на Полтавщині.
    uav 13: launched 14, intercepted 13 dnipropetrovsk+kherson+mykolaiv / missile 2: launched 4, intercepted 2 poltava
# an afternoon
24 травня у другій половині дня противник завдав удару п'ятьма ударними БпЛА по Харківщині. Чотири збито.
    uav 4: launched 5, intercepted 4
# not so many
За уточненими даними, вночі збито 71 БпЛА, а не 70.
    uav 71: intercepted 71
# one and many
Цієї ночі противник атакував 1 ракетою Іскандер-М та 62 БпЛА. Збито 1 Іскандер-М, 55 БпЛА.
    missile 1: launched 1, intercepted 1 / uav 55: launched 62, intercepted 55
# two weapons at a place
Вночі на Київщині збито 5 БпЛА, 2 ракети.
    uav 5: intercepted 5 kyiv / missile 2: intercepted 2 kyiv
# a place and a colon
В Одеській області вночі: знищено 6 дронів-камікадзе, 1 ракету Х-31П.
    uav 6: intercepted 6 odesa / missile 1: intercepted 1 odesa
# in the air space
Усього за ніч у повітряному просторі України зафіксовано 48 ворожих дронів, з яких 41 збито.
    uav 41: launched 48, intercepted 41
# adjectives that share a noun
Вночі ворог завдав удару 10 балістичними, 20 крилатими ракетами та 135 дронами. Збито/подавлено 139 цілей – 11 ракет та 128 дронів.
    missile 11: launched 10, launched 20, intercepted 11 / uav 128: launched 135, intercepted 128
# all of one weapon
Уночі росіяни випустили 3 «Іскандери» і 47 «шахедів», усі «шахеди» збиті.
    missile -: launched 3 / uav 47: launched 47, intercepted 47
# an attack repelled
Протягом ночі сили ППО відбивали атаку 56 дронів: 40 збито, 9 подавлено, 5 влучили.
    uav 49: launched 56, intercepted 40, suppressed 9, hit 5
# imitators
Повітряні сили: вночі збито 40 дронів, ще 12 імітаторів не долетіли до цілей.
    uav 40: intercepted 40, lost 12
# so many hits
Вночі збито 22 дрони. Зафіксовано 8 влучань ударних дронів у 5 локаціях.
    uav 22: intercepted 22, hit 8
# a missile, later a drone
У ніч на 25 травня над Полтавщиною збито ракету. Вранці 25 травня над Сумщиною збито дрон.
    missile 1: intercepted 1 poltava / uav 1: intercepted 1 sumy
# one shot down, two suppressed
Вночі знищено ударний дрон та ще два подавлено на Харківщині.
    uav 3: intercepted 1 kharkiv, suppressed 2 kharkiv
# semicolons
Вночі 1 БпЛА збито на Чернігівщині; 2 БпЛА – на Сумщині; 1 – над Київщиною.
    uav 4: intercepted 1 chernihiv, intercepted 2 sumy, intercepted 1 kyiv
# suppressed in brackets
Вночі збито (подавлено) 25 із 30 дронів.
    uav 25: launched 30, intercepted 25
# by fire and by jamming
Вночі ППО знешкодила: 45 «шахедів» – вогневими засобами; 20 – засобами РЕБ.
    uav 65: intercepted 45, suppressed 20
# bombs on a city
Удень 24 травня ворог атакував Харків 6 КАБами.
    bomb -: launched 6
# one each
Вночі над Полтавщиною та Кіровоградщиною знищено по одному дрону.
    uav 2: intercepted 1 poltava each, intercepted 1 kirovohrad each
# a list in brackets
Вночі знищено шість «шахедів» (3 – на Одещині, 2 – на Миколаївщині, 1 – у Херсонській обл.).
    uav 6: intercepted 3 odesa, intercepted 2 mykolaiv, intercepted 1 kherson
# victims of an attack
Внаслідок нічної атаки на Київ загинуло 3 особи, 15 поранено; збито 40 дронів.
    uav 40: intercepted 40
"""

RUSSIAN = """
# launched and shot down
Воздушные силы Украины: в ночь на 25 мая российская армия выпустила 67 ударных БПЛА. Сбито 42, локационно потеряно 23, два улетели в Беларусь.
    uav 42: launched 67, intercepted 42, lost 23, left 2
# so many of so many
Минувшей ночью украинская ПВО сбила 31 из 45 дронов, сообщили в Воздушных силах ВСУ.
    uav 31: launched 45, intercepted 31
# over oblasts
Воздушные силы ВСУ сообщили: ночью 25 мая сбиты 19 беспилотников над Киевской, Полтавской и Сумской областями.
    uav 19: intercepted 19 kyiv+poltava+sumy
# suppressed
По данным Воздушных сил Украины, в ночь на 25 мая сбито/подавлено 88 из 104 БПЛА. Зафиксировано попадание 14 дронов на 9 локациях, падение обломков на 2 локациях.
    uav 88: launched 104, intercepted 88, hit 14
# suppressed apart
Командование Воздушных сил Украины: за ночь 23 дрона сбиты, 11 подавлены средствами РЭБ.
    uav 34: intercepted 23, suppressed 11
# lost
Воздушные силы Украины заявили: ночью сбит 21 дрон, ещё 15 имитаторов не достигли целей.
    uav 21: intercepted 21, lost 15
# missiles and drones
В ночь на 25 мая, по данным украинских Воздушных сил, Россия атаковала 13 ракетами и 120 дронами; сбиты 7 ракет и 96 дронов.
    missile 7: launched 13, intercepted 7 / uav 96: launched 120, intercepted 96
# models
Воздушные силы ВСУ: ночью армия РФ применила 3 «Искандера-М», 4 «Калибра» и 60 «шахедов». Сбиты 4 «Калибра» и 51 «шахед».
    missile 4: launched 3, launched 4, intercepted 4 / uav 51: launched 60, intercepted 51
# part by part
Воздушные силы Украины: ночью над Одесской областью сбито 8 дронов, над Николаевской – 5.
    uav 13: intercepted 8 odesa, intercepted 5 mykolaiv
# left
Воздушные силы Украины: ночью сбито 30 БПЛА, 12 локационно потеряны, один покинул воздушное пространство Украины в направлении России.
    uav 30: intercepted 30, lost 12, left 1
# all
Воздушные силы Украины сообщили, что ночью РФ запустила 9 дронов, все сбиты.
    uav 9: launched 9, intercepted 9
# hits by missiles
Воздушные силы ВСУ: ночью сбито 6 ракет, зафиксированы попадания 3 ракет и 20 дронов на 15 локациях. Сбито 100 дронов.
    missile 6: intercepted 6, hit 3 / uav 100: intercepted 100, hit 20
# groups
Воздушные силы Украины: ночью сбито 55 дронов на севере, юге и востоке страны.
    uav 55: intercepted 55
# subset
Воздушные силы Украины: ночью РФ запустила 90 БПЛА, около 60 из них – «шахеды». Сбито 71 БПЛА.
    uav 71: launched 90, intercepted 71, of which 60
# bombs
Воздушные силы ВСУ: ночью по Сумской области сброшено 6 авиабомб, сбиты 2 КАБ.
    bomb 2: launched 6, intercepted 2
# a whole post in Russian
Воздушные силы Украины: в ночь на 25 мая (с 18:00 24 мая) РФ атаковала 103 БПЛА. По состоянию на 09:00 сбито/подавлено 88, есть попадания 15 дронов на 7 локациях.
    uav 88: launched 103, intercepted 88, hit 15
# destroyed
Украинская ПВО ночью уничтожила 14 из 16 «шахедов», сообщили Воздушные силы ВСУ.
    uav 14: launched 16, intercepted 14
# missiles, too
Силы ПВО сбили 3 крылатые ракеты Х-101 и 21 дрон ночью 25 мая, 9 дронов не достигли цели, сообщает командование Воздушных сил Украины.
    missile 3: intercepted 3 / uav 21: intercepted 21, lost 9
# of so many first
Воздушные силы Украины: из 90 беспилотников ночью сбит 61, 25 локационно потеряны.
    uav 61: launched 90, intercepted 61, lost 25
"""

ENGLISH = """
# launched, shot down, lost
Ukraine's Air Force said Russia launched 112 drones overnight, of which 78 were shot down and 29 were lost from radar.
    uav 78: launched 112, intercepted 78, lost 29
# so many of so many
Overnight on May 25 Ukrainian air defenses shot down 31 out of 45 Shahed drones, the Ukrainian Air Force reported.
    uav 31: launched 45, intercepted 31
# left
The Ukrainian Air Force downed 20 drones overnight; seven were lost and one flew to Belarus.
    uav 20: intercepted 20, lost 7, left 1
# over oblasts
Ukraine's Air Force: 17 drones were shot down overnight over Kyiv, Sumy and Poltava oblasts.
    uav 17: intercepted 17 kyiv+poltava+sumy
# suppressed together
Overnight Ukrainian air defense shot down or suppressed 88 of 104 drones, the Air Force of Ukraine said. Hits by 14 drones were recorded at nine locations, and debris fell at two.
    uav 88: launched 104, intercepted 88, hit 14
# suppressed apart
According to the Ukrainian Air Force, 40 drones were shot down and 22 were suppressed by electronic warfare overnight.
    uav 62: intercepted 40, suppressed 22
# missiles and drones
Russia attacked Ukraine overnight with 13 missiles and 120 drones, Ukraine's Air Force said. Seven missiles and 96 drones were shot down.
    missile 7: launched 13, intercepted 7 / uav 96: launched 120, intercepted 96
# not reached
The Ukrainian Air Force said it intercepted 55 drones overnight, while 18 failed to reach their targets.
    uav 55: intercepted 55, lost 18
# decoys
Ukraine's Air Force reported that Russia launched 90 attack drones and decoys overnight, about 60 of them Shaheds. 71 drones were downed.
    uav 71: launched 90, intercepted 71, of which 60
# hits
Overnight the Ukrainian Air Force destroyed 210 drones. It recorded hits by 33 drones at 25 sites.
    uav 210: intercepted 210, hit 33
# models
Ukraine's Air Force said Russia fired four Iskander-M ballistic missiles, two Kh-59 cruise missiles and 60 drones overnight. One Kh-59 missile and 51 drones were shot down.
    missile 1: launched 4, launched 2, intercepted 1 / uav 51: launched 60, intercepted 51
# all
Ukrainian air defense shot down all 14 drones launched overnight by Russia, the Air Force said.
    uav 14: intercepted 14
# groups
The Ukrainian Air Force shot down 42 drones overnight in the country's north, south and east.
    uav 42: intercepted 42
# bombs
The Ukrainian military said two of six guided bombs were shot down overnight over Sumy Oblast.
    bomb 2: launched 6, intercepted 2 sumy
# part by part
The Ukrainian Air Force shot down eight drones overnight over Odesa Oblast and five over Mykolaiv Oblast.
    uav 13: intercepted 8 odesa, intercepted 5 mykolaiv
# a whole statement
Russia launched two Iskander-M missiles and 103 Shahed-type attack drones and decoys at Ukraine overnight, the Ukrainian Air Force said on May 25. As of 9:00 a.m., air defenses had downed or suppressed 88 drones in the north, south and east; 15 drones hit eight locations.
    missile -: launched 2 / uav 88: launched 103, intercepted 88, hit 15
# more not reached
Ukraine's air defenses destroyed 26 of 32 drones overnight, five more did not reach their targets, Ukraine's Air Force said.
    uav 26: launched 32, intercepted 26, lost 5
# of the so many
Ukraine's Air Force said it shot down 43 of the 53 drones overnight, and nine others were lost from radars.
    uav 43: launched 53, intercepted 43, lost 9
# all over two
All 20 drones were destroyed overnight over Odesa and Mykolaiv oblasts, according to Ukraine's Air Force.
    uav 20: intercepted 20 mykolaiv+odesa
# a list of fates
Ukraine's Air Force: 131 drones launched overnight, 102 shot down, 21 hits at 16 locations, eight lost.
    uav 102: launched 131, intercepted 102, hit 21, lost 8
"""

NO_CLAIM = """
Увага! Загроза застосування ударних БпЛА для Сумської, Полтавської та Харківської областей.
3 групи БпЛА на Сумщині, курс західний.
Швидкісна ціль на Полтаву! Ще 2 ракети на Київ!
Вночі уламки 2 дронів впали на Одещині.
Вночі внаслідок удару дрона поранено п'ятьох людей у Харкові.
Збір на 100 FPV-дронів для 47-ї бригади закрито, дякуємо!
Два роки тому збили перший шахед. Пам'ятаємо.
Станом на 09:00 у повітряному просторі України перебувають 5 БпЛА.
Уряд виділив 45 млн гривень на дрони.
За добу відбулося 120 боєзіткнень, відбито 34 атаки на Покровському напрямку.
Вночі ворог вдарив дроном по лікарні в Херсоні.
Вночі дрон влучив у багатоповерхівку в Харкові.
Сили оборони вночі знищили 2 ЗРК С-400 та три пускові установки «Іскандер» у Криму.
У травні збито 3 900 дронів.
За квітень росіяни запустили 5 000 «шахедів», знищено 4 400.
Протягом травня знищено 12 ракет «Калібр».
Єдиний телемарафон: 25 травня о 20:00 говоримо про ракети.
"""

#: A phrase that tells time, and the hours in Kyiv that it means: days of May 2025.
WINDOWS = """
У ніч на 25 травня | 24 20:00-25 08:00 assumed
У ніч проти 25 травня | 24 20:00-25 08:00 assumed
У ніч з 24 на 25 травня | 24 20:00-25 08:00 assumed
У ніч із 24-го на 25-те травня | 24 20:00-25 08:00 assumed
У ніч на неділю, 25 травня, | 24 20:00-25 08:00 assumed
Вночі 25 травня 2025 року | 24 20:00-25 08:00 assumed
Минулої ночі | 24 20:00-25 08:00 assumed
Протягом ночі | 24 20:00-25 08:00 assumed
Цієї ночі | 24 20:00-25 08:00 assumed
У ніч на 25 травня (з 18:00 24 травня) | 24 18:00-25 08:00 assumed
З 18:00 24 травня до 09:00 25 травня | 24 18:00-25 09:00 stated
З 19.30 24 травня по 7.00 25 травня | 24 19:30-25 07:00 stated
Станом на 09:00 25 травня | 24 20:00-25 09:00 assumed
Сьогодні станом на 09:30 | 24 20:00-25 09:30 assumed
У період з 20:00 24 травня до 06:00 25 травня | 24 20:00-25 06:00 stated
Увечері 24 травня | 24 18:00-25 00:00 assumed
Вранці 25 травня | 25 06:00-25 10:00 assumed
Удень 24 травня | 24 08:00-24 20:00 assumed
Протягом дня 24 травня | 24 08:00-24 20:00 assumed
Протягом доби 24 травня | 24 00:00-25 00:00 day
Упродовж минулої доби | 24 00:00-25 00:00 day
24 травня | 24 00:00-25 00:00 day
Учора | 24 00:00-25 00:00 day
Близько 04:30 25 травня | 25 04:30-25 04:31 point
О 4-й годині ранку 25 травня | 25 04:00-25 04:01 point
24.05.2025 з 08:00 до 20:00 | 24 08:00-24 20:00 stated
"""
