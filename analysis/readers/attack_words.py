"""The words of the table of attacks: models of weapons, parts of a country, pages that tell them.

`kind_of` decides which rows are the long-range drones of the nightly figures. A figure "launched
103, shot down 52" of the Ukrainian Air Force counts Shahed-type attack drones together with decoys
of other types; the table has one name for all of them. Reconnaissance drones, short-range attack
drones and drones of unknown type are told beside these figures and are no part of them.
"""

from typing import Final, Literal

Kind = Literal["long-range", "mixed", "other-drone", "unknown-drone", "other-weapon", "unknown"]

#: Joins the models of one row, and the places of one cell.
AND: Final = " and "

#: The attack drones and decoys of the nightly figures: the table's own name, and those that the
#: bulletins use for the same drones.
LONG_RANGE: Final = frozenset(
    (
        "Shahed-136/131",
        "Shahed-136",
        "Shahed-131",
        "Shahed-238",
        "Geran-2",
        "Geran-3",
        "Gerbera",
        "Italmas",
    )
)
#: Drones that look, direct fire or attack near the front.
OTHER_DRONES: Final = frozenset(
    (
        "Eleron",
        "Forpost",
        "Granat-4",
        "Kub",
        "Lancet",
        "Merlin-VR",
        "Mohajer-6",
        "Orion",
        "Orlan-10",
        "Orlan-30",
        "Reconnaissance UAV",
        "Supercam",
        "ZALA",
        "Картограф",
        "Молнія",
        "Привет-82",
        "Фенікс",
    )
)
UNKNOWN_DRONES: Final = frozenset(("Unknown UAV",))
OTHER_WEAPONS: Final = frozenset(
    (
        "3M22 Zircon",
        "Aerial Bomb",
        "Ballistic Missile",
        "Banderol",
        "C-300",
        "C-300/C-400",
        "C-400",
        "GBU",
        "Intercontinental Ballistic Missile",
        "Iskander-K",
        "Iskander-M",
        "Iskander-M/KN-23",
        "KN-23",
        "Kalibr",
        "P-800 Oniks",
        "Unknown Missile",
        "X-101/X-555",
        "X-22",
        "X-31",
        "X-31P",
        "X-31PD",
        "X-32",
        "X-35",
        "X-47 Kinzhal",
        "X-59",
        "X-59/X-69",
        "X-59MK2",
        "X-69",
    )
)

#: Targets that mean the country as a whole.
WHOLE_COUNTRY: Final = frozenset(("", "Ukraine"))
#: Parts of a country that are no reporting units: groups of oblasts without a fixed border.
GROUPS: Final = frozenset(
    (
        "center",
        "east",
        "north",
        "north-east",
        "north-west",
        "south",
        "south-east",
        "south-west",
        "west",
    )
)
#: Pages of the regional air commands; what they tell may be part of the Air Force's figure.
COMMANDS: Final = frozenset(("PvKPivden", "PvkCenter", "PvkZahid", "pvkshid"))

_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(LONG_RANGE, "long-range"),
    **dict.fromkeys(OTHER_DRONES, "other-drone"),
    **dict.fromkeys(UNKNOWN_DRONES, "unknown-drone"),
    **dict.fromkeys(OTHER_WEAPONS, "other-weapon"),
}


def kind_of(models: tuple[str, ...]) -> Kind:
    """Say what the models of a row are together.

    Parameters
    ----------
    models : tuple of str
        One name, or several that share their numbers.

    Returns
    -------
    str
        ``long-range``; ``mixed`` if only some of them are; else the kind of the first, ``unknown``
        if no name is known.

    Examples
    --------
    >>> kind_of(("Shahed-136/131",)), kind_of(("Shahed-136/131", "Lancet")), kind_of(("Kalibr",))
    ('long-range', 'mixed', 'other-weapon')
    """
    kinds = [_KINDS.get(model, "unknown") for model in models]
    if "long-range" in kinds and set(kinds) != {"long-range"}:
        return "mixed"
    return next((kind for kind in kinds if kind != "unknown"), "unknown")
