"""The codebook: what a Data Package must have, and that the tables are as it says."""

import csv
import json
import re
import tomllib
from pathlib import Path

import pytest

from analysis import vocabulary
from analysis.codebook.escalation import (
    EIGENVALUES_COLUMNS,
    EIGENVALUES_KEY,
    RECIPROCITY_COLUMNS,
    RECIPROCITY_KEY,
    SIDES,
    TRENDS,
    VERDICTS,
)
from analysis.codebook.masking import MASKING_COLUMNS, MASKING_KEY
from analysis.codebook.press import PRESS_COLUMNS
from analysis.datapackage import INCIDENT_COLUMNS, datapackage_json, describe_data
from analysis.ledger.channel_days import DAY_COLUMNS, channel_days
from analysis.ledger.claims_text import claims_as_text
from analysis.regions import regions
from tests.tellings import bulletin, claims, posts, window

DATA = Path(__file__).resolve().parents[1] / "data"
PACKAGE = describe_data()
TABLES = {table["name"]: table for table in PACKAGE["resources"]}
FIELDS = [
    pytest.param(field, id=f"{name}.{field['name']}")
    for name, table in TABLES.items()
    for field in table["schema"]["fields"]
]
#: Table Schema v2, field types; constraints that each type may have.
TYPES = {
    "string": {"required", "unique", "enum", "pattern", "minLength", "maxLength"},
    "integer": {"required", "unique", "enum", "minimum", "maximum"},
    "number": {"required", "unique", "enum", "minimum", "maximum"},
    "boolean": {"required", "enum"},
    "date": {"required", "unique", "enum", "minimum", "maximum"},
    "datetime": {"required", "unique", "enum", "minimum", "maximum"},
}


def fits(field, cell):
    """Whether a cell is as the codebook says."""
    constraints = field.get("constraints", {})
    if cell == "":
        return not constraints.get("required", False)
    shape = {
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?(e-?\d+)?",
        "boolean": "True|False",
        "date": r"\d{4}-\d\d-\d\d",
        "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-]\d\d:\d\d)",
    }.get(field["type"], ".*")
    if not re.fullmatch(shape, cell) or cell not in constraints.get("enum", [cell]):
        return False
    if not re.fullmatch(constraints.get("pattern", ".*"), cell):
        return False
    low, high = constraints.get("minimum"), constraints.get("maximum")
    return (low is None or float(cell) >= low) and (high is None or float(cell) <= high)


def test_the_package_has_what_version_2_asks_for():
    assert PACKAGE["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert re.fullmatch(r"[a-z0-9.\-]+", PACKAGE["name"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", PACKAGE["version"])
    assert "not verified" in PACKAGE["description"]
    assert PACKAGE["licenses"]
    assert all({"name", "path"} & set(licence) for licence in PACKAGE["licenses"])
    assert PACKAGE["sources"]
    assert all("title" in source for source in PACKAGE["sources"])
    assert "contributors" not in PACKAGE


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_each_table_has_what_version_2_asks_for(table):
    assert table["type"] == "table"
    assert table["path"] == f"{table['name']}.csv"
    assert (table["format"], table["mediatype"], table["encoding"]) == ("csv", "text/csv", "utf-8")
    assert table["title"]
    assert table["description"]
    schema = table["schema"]
    assert schema["$schema"] == "https://datapackage.org/profiles/2.0/tableschema.json"
    assert schema["missingValues"] == [""]
    names = [field["name"] for field in schema["fields"]]
    assert len(set(names)) == len(names)
    assert set(schema.get("primaryKey", [])) <= set(names)


@pytest.mark.parametrize("field", FIELDS)
def test_each_column_is_described(field):
    assert set(field.get("constraints", {})) <= TYPES[field["type"]]
    assert field["description"].endswith(".")
    assert "enum" not in field.get("constraints", {}) or field["constraints"]["enum"]


@pytest.mark.parametrize(
    ("name", "columns", "key"),
    [
        ("claims", vocabulary.CLAIM_COLUMNS, None),
        ("claims_ukraine", vocabulary.CLAIM_COLUMNS, None),
        ("channel_days", DAY_COLUMNS, ["day"]),
        ("incidents", INCIDENT_COLUMNS, ["date", "region"]),
        ("press_discrepancies", PRESS_COLUMNS, None),
        ("panel", vocabulary.PANEL_COLUMNS, ["night", "region"]),
        ("masking_study", MASKING_COLUMNS, list(MASKING_KEY)),
        ("eigenvalues", EIGENVALUES_COLUMNS, list(EIGENVALUES_KEY)),
        ("reciprocity", RECIPROCITY_COLUMNS, list(RECIPROCITY_KEY)),
    ],
)
def test_columns_are_those_of_the_tables(name, columns, key):
    schema = TABLES[name]["schema"]
    assert tuple(field["name"] for field in schema["fields"]) == columns
    assert schema.get("primaryKey") == key


def test_the_words_are_those_of_the_vocabulary():
    enums = {
        field["name"]: tuple(field["constraints"]["enum"])
        for table in TABLES.values()
        for field in table["schema"]["fields"]
        if "enum" in field.get("constraints", {})
    }
    assert enums == {
        "claimant": vocabulary.CLAIMANTS,
        "direction": vocabulary.DIRECTIONS,
        "weapon": vocabulary.WEAPONS,
        "window_precision": vocabulary.PRECISIONS,
        "source_kind": vocabulary.SOURCE_KINDS,
        "list": vocabulary.LISTS,
        "measure": vocabulary.MEASURES,
        "relation": vocabulary.RELATIONS,
        "state": vocabulary.STATES,
        "address": ("article", "outlet"),
        "kind": vocabulary.DISCREPANCIES,
        "hiding": vocabulary.HIDINGS,
        "pattern": vocabulary.PATTERNS,
        "period": vocabulary.STUDY_PERIODS,
        "method": vocabulary.SHARINGS,
        "trend": TRENDS,
        "verdict": VERDICTS,
        "side": SIDES,
        "other": SIDES,
    }


def test_claims_are_as_the_codebook_says():
    text = claims_as_text(
        claims(bulletin({"tula": 3, "azov_sea|black_sea": 2}, hours=window()), url="https://p.org")
    )
    for field in TABLES["claims"]["schema"]["fields"]:
        assert all(fits(field, cell) for cell in text[field["name"]]), field["name"]


def test_the_ukrainian_side_has_terms_and_sources_of_its_own():
    assert [licence["name"] for licence in PACKAGE["licenses"]] == ["CC-BY-4.0"]
    [name] = [table["name"] for table in TABLES.values() if "licenses" in table]
    assert name == "claims_ukraine"
    [licence] = TABLES[name]["licenses"]
    assert licence["name"] == "CC-BY-NC-SA-4.0"
    assert licence["path"] == "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    [table, air_force] = TABLES[name]["sources"]
    assert table["path"] == vocabulary.ATTACKS_URL
    assert "Petro Ivaniuk (piterfm), Kaggle" in table["title"]
    assert "Ukrainian Air Force" in air_force["title"]


def test_the_data_card_names_terms_author_and_claimant():
    card = " ".join((DATA / "README.md").read_text(encoding="utf-8").split())
    for words in (
        "*Massive Missile Attacks on Ukraine* by Petro Ivaniuk (piterfm)",
        "CC BY-NC-SA 4.0",
        "Ukrainian Air Force",
        vocabulary.ATTACKS_URL,
    ):
        assert words in card


def test_nothing_from_that_table_is_in_the_wheel():
    project = tomllib.loads((DATA.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["analysis"]
    shipped = {Path(source).name for source in wheel["force-include"]}
    tables = {table["path"] for table in TABLES.values()}
    assert tables - shipped == {"claims_ukraine.csv"}
    assert all(source.startswith("data/") for source in wheel["force-include"])
    assert not list((DATA.parent / "analysis").rglob("*claims_ukraine*"))


@pytest.mark.parametrize("name", ["claims", "panel"])
def test_no_row_of_that_table_is_in_another_file(name):
    assert vocabulary.ATTACKS not in (DATA / f"{name}.csv").read_text(encoding="utf-8")
    assert "ua_air_force" not in (DATA / "panel.csv").read_text(encoding="utf-8")


def test_all_rows_of_the_ukrainian_side_are_from_that_table():
    with (DATA / "claims_ukraine.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["source"] for row in rows} == {vocabulary.ATTACKS}
    assert {row["direction"] for row in rows} == {"on_ukraine"}
    assert {row["measure"] for row in rows} == {"intercepted", "launched", "lost", "left"}
    assert all(row["source_url"].startswith("https://") for row in rows)


def test_days_are_as_the_codebook_says():
    days = channel_days(posts(("2025-01-02T04:30Z", "x"))).astype("str")
    for field in TABLES["channel_days"]["schema"]["fields"]:
        assert all(fits(field, cell) for cell in days[field["name"]])


def test_the_bytes_are_always_the_same():
    text = datapackage_json()
    assert text == datapackage_json()
    assert json.loads(text) == PACKAGE
    assert (DATA / "datapackage.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", list(TABLES))
def test_the_shipped_tables_are_as_the_codebook_says(name):
    file = DATA / TABLES[name]["path"]
    if not file.exists():
        pytest.skip(f"{file.name} is not built yet")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    fields = TABLES[name]["schema"]["fields"]
    assert list(rows[0]) == [field["name"] for field in fields]
    for field in fields:
        bad = {row[field["name"]] for row in rows if not fits(field, row[field["name"]])}
        assert not bad, field["name"]
    key = TABLES[name]["schema"].get("primaryKey")
    if key:
        keys = [tuple(row[column] for column in key) for row in rows]
        assert len(set(keys)) == len(keys)
        assert keys == sorted(keys)


def test_the_incidents_are_in_known_regions():
    with (DATA / "incidents.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["date"], row["region"]) for row in rows] == [
        ("2024-12-21", "tatarstan"),
        ("2025-11-04", "bashkortostan"),
    ]
    assert all(row["region"] in regions() and row["title"] and row["note"] for row in rows)
