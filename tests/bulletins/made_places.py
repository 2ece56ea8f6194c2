"""Units of the gazetteer as running text names them: "над Тульской областью и Республикой Крым"."""

from analysis.regions import get_region, name_forms, normalise_name, regions

SEAS = tuple(sorted(slug for slug, unit in regions().items() if unit.kind == "sea"))
LANDS = tuple(sorted(set(regions()) - set(SEAS)))

# --- Russian --------------------------------------------------------------------------------------
#: Endings of adjectives and nouns: nominative, then genitive, instrumental, locative.
_ENDINGS = (
    ("область", "области", "областью", "области"),
    ("край", "края", "краем", "крае"),
    ("округ", "округа", "округом", "округе"),
    ("Республика", "Республики", "Республикой", "Республике"),
    ("море", "моря", "морем", "море"),
    ("Москва", "Москвы", "Москвой", "Москве"),
    ("Киев", "Киева", "Киевом", "Киеве"),
    ("Санкт-Петербург", "Санкт-Петербурга", "Санкт-Петербургом", "Санкт-Петербурге"),
    ("Севастополь", "Севастополя", "Севастополем", "Севастополе"),
    ("ская", "ской", "ской", "ской"),
    ("ная", "ной", "ной", "ной"),
    ("йский", "йского", "йским", "йском"),
    ("ский", "ского", "ским", "ском"),
    ("цкий", "цкого", "цким", "цком"),
    ("цкая", "цкой", "цкой", "цкой"),
    ("ный", "ного", "ным", "ном"),
    ("ское", "ского", "ским", "ском"),
    ("ёрное", "ёрного", "ёрным", "ёрном"),
)
CASES = ("genitive", "instrumental", "locative")
#: The noun that several units share, in the plural: genitive, instrumental.
_SHARED = {
    "область": ("областей", "областями"),
    "край": ("краев", "краями"),
    "автономный округ": ("автономных округов", "автономными округами"),
    "Республика": ("Республик", "республиками"),
    "море": ("морей", "морями"),
}


def _head(slug):
    """The name without what stands behind a dash or in brackets."""
    name = get_region(slug).name_ru.split(" — ")[0].split(" (")[0]
    return name.removeprefix("Автономная ")


def _declined(word, case):
    """One word of a name in a case."""
    for ending, *cases in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + cases[CASES.index(case)]
    return word


def russian(slug, case):
    """The whole name in a case: "Курской областью", "Республики Крым"."""
    words = _head(slug).split()
    if words[0] == "Республика":  # what it is called does not bend: "Республики Крым"
        return " ".join([_declined(words[0], case), *words[1:]])
    return " ".join(_declined(word, case) for word in words)


def _shared_noun(slug):
    """(adjective, noun) of a name that can share its noun, else None."""
    for noun in _SHARED:
        name = _head(slug)
        if name.endswith(" " + noun) and len(name.removesuffix(noun).split()) == 1:
            return name.removesuffix(noun).strip(), noun
    return None


def _runs(slugs):
    """Neighbours in a list that share a noun, grouped."""
    runs = []
    for slug in slugs:
        shared = _shared_noun(slug)
        if runs and shared and runs[-1][0] == shared[1]:
            runs[-1][1].append(slug)
        else:
            runs.append((shared[1] if shared else None, [slug]))
    return runs


def listed(names, joint=" и "):
    """ "a, b и c"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + joint + names[-1]


def russian_list(slugs, case):
    """ "Курской и Тульской областей, Республики Крым": units that share a noun share it."""
    names = []
    for noun, run in _runs(slugs):
        if len(run) == 1:
            names.append(russian(run[0], case))
        else:
            adjectives = [_declined(_shared_noun(slug)[0], case) for slug in run]
            names.append(f"{listed(adjectives)} {_SHARED[noun][CASES.index(case)]}")
    return listed(names)


def over_ru(slugs, *, plain):
    """Where: "над территориями ... и акваторией ..." or, plainly, "над ..." with the instrumental."""
    if plain:
        return f"над {russian_list(slugs, 'instrumental')}"
    parts = []
    for words, kind in (
        (("территорией", "территориями"), LANDS),
        (("акваторией", "акваториями"), SEAS),
    ):
        here = [slug for slug in slugs if slug in kind]
        if here:
            parts.append(f"{words[len(here) > 1]} {russian_list(here, 'genitive')}")
    return "над " + " и ".join(parts)


# --- English --------------------------------------------------------------------------------------
_CITIES = {slug for slug, unit in regions().items() if unit.kind == "city"}


def english_forms(slug):
    """The ways to name one unit that name nothing else."""
    unit = get_region(slug)
    full = unit.name_en.split(" – ")[0].replace(" (city)", "").replace(" (Yakutia)", "")
    if slug in _CITIES:
        return [full]
    if unit.kind == "sea":
        return [f"the {full}"]
    for noun in (" Oblast", " Krai"):
        if full.endswith(noun) and "Autonomous" not in full:
            bare = full.removesuffix(noun)
            forms = [bare, f"{bare} region", f"the {bare} region", full]
            return [form for form in forms if _names(form) == slug]
    bare = full.removeprefix("Autonomous ").removeprefix("Republic of ")
    return [full, f"the {full}"] + ([bare] if bare != full and _names(bare) == slug else [])


def _names(form):
    """The slug that a form is known to name."""
    return name_forms().get(normalise_name(form).removeprefix("the "))


def over_en(slugs, pick):
    """Where: "over Tula and Crimea", "over the Kursk and Tula regions"; `pick` chooses a form."""
    oblasts = [slug for slug in slugs if get_region(slug).kind == "oblast"]
    if len(slugs) > 1 and len(oblasts) == len(slugs) and pick((True, False)):
        names = [get_region(slug).name_en.removesuffix(" Oblast") for slug in slugs]
        return f"over the {listed(names, ' and ')} regions"
    return "over " + listed([pick(english_forms(slug)) for slug in slugs], " and ")
