"""The report: one page that loads nothing, says what it is, escapes, and equals itself."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import FigureError
from analysis.figures import REGISTRY, FigureInputs, FigureOptions, make_inputs, tile_map
from analysis.models.trend import MEASURED_COVERAGE
from analysis.report import build_report, check_report
from analysis.report.content import (
    key_numbers,
    record_table,
    region_rows,
    trend_sentences,
    trend_table,
)
from analysis.report.svg import inline_svg
from analysis.vocabulary import CAVEAT
from tests.synthetic_panel import incidents, simulate_claims, simulate_panel, with_bulletins

VOID = {"meta", "link", "br", "img", "hr", "input", "source"}
#: Attributes from which a browser fetches something by itself.
FETCHED = {"src", "srcset", "data", "poster", "background", "xlink:href", "action"}


class Page(HTMLParser):
    """What the tests ask of a page: its elements, ids, links, loads and text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.loads, self.words = [], [], [], [], []
        self.tags, self.images = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found.get("href"))
        elif "href" in found:
            self.loads.append(found["href"])
        self.loads += [found[name] for name in FETCHED & set(found)]
        if tag == "svg":
            self.images.append(found)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)


@pytest.fixture(scope="module")
def frames():
    panel = with_bulletins(simulate_panel(n_nights=1_180, n_regions=20))
    panel.attrs["allocation"] = {"alone": ["early"]}
    return simulate_claims(), panel


@pytest.fixture(scope="module")
def built(frames, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    assert build_report(folder, *frames) == folder / "report.html"
    return folder


@pytest.fixture(scope="module")
def text(built):
    return (built / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_page_is_whole_and_says_its_language(page, text):
    assert page.open == []
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == 1


def test_the_page_says_where_no_itemised_list_is_near(text):
    assert "No itemised bulletin nearby: 1 bulletin (early) told no counts" in text


def test_nothing_is_loaded_from_anywhere(page, text):
    inside = [load for load in page.loads if not load.startswith(("#", "data:image/png;base64,"))]
    assert inside == []
    assert not {"script", "link", "img", "iframe", "object", "embed", "image-set"} & set(page.tags)
    assert "@import" not in text
    assert not re.search(r"url\((?!#)", text)
    assert "xmlns" not in text


def test_every_inner_reference_has_its_target(page, text):
    wanted = {load[1:] for load in page.loads if load.startswith("#")}
    wanted |= {link[1:] for link in page.links if link.startswith("#")}
    wanted |= set(re.findall(r"url\(#([^)]+)\)", text))
    assert wanted
    assert wanted <= set(page.ids)


def test_links_lead_to_files_that_were_written(page, built):
    files = [link for link in page.links if not link.startswith(("#", "https://"))]
    assert len(files) >= 3 * len(REGISTRY)
    for file in files:
        assert (built / file).is_file(), file
    assert [link for link in page.links if link.startswith("https://")] == [
        "https://t.me/mod_russia"
    ]


def test_every_figure_is_there_with_words_for_those_who_cannot_see_it(page, text):
    assert len(page.images) == len(REGISTRY)
    for image in page.images:
        assert image["role"] == "img"
        title, description = image["aria-labelledby"].split()
        for part in (title, description):
            (words,) = re.findall(rf'id="{part}">([^<]*)<', text)
            assert words
    assert text.count("<figcaption>") == len(REGISTRY)
    assert text.count(CAVEAT) >= len(REGISTRY) + 1


def test_what_this_is_and_is_not_comes_first(text):
    at = [text.index(words) for words in ('id="what"', "Contents", 'id="keys"', 'id="record"')]
    assert at == sorted(at)
    for words in ("These are claims", "Missing is not zero", "no live feed"):
        assert words in text


def test_both_readings_of_silence_with_interval_and_measured_coverage(text):
    plain = text.replace("\u00a0", " ")
    assert plain.count("silent nights left out.</strong>") == 2
    assert plain.count("silent nights taken as zero.</strong>") == 2
    assert len(re.findall(r"95 % interval [+-]\d+\.\d % to [+-]\d+\.\d %", plain)) >= 4
    assert MEASURED_COVERAGE in plain
    for spec in REGISTRY.values():
        assert spec.measured.replace("'", "&#39;") in plain
    assert sum(bool(spec.measured) for spec in REGISTRY.values()) >= 3


def test_no_clock_no_machine_and_no_foreign_sentence(text):
    assert not re.search(r"\d\d:\d\d:\d\d", text)
    for words in (tempfile.gettempdir(), str(Path.home()), "nan ", "&lt;NA&gt;", "NaT"):
        assert words not in text


def test_manifest_lists_every_file(built):
    outputs = json.loads((built / "manifest.json").read_text("utf-8"))["outputs"]
    files = {p.relative_to(built).as_posix() for p in built.rglob("*") if p.is_file()}
    assert set(outputs) == files - {"manifest.json"}
    assert "report.html" in outputs
    assert "tables/trend.csv" in outputs


def test_the_folder_of_a_report_passes_the_check_of_its_figures(built, frames):
    from analysis import figures
    from analysis.figures import make_inputs

    report = figures.check(built, make_inputs(*frames))
    assert report.agrees
    assert report.bytes_compared
    assert set(report.figures) == set(REGISTRY)
    assert report.notes == ()


def test_names_from_the_data_are_escaped(frames, tmp_path, monkeypatch):
    from analysis.summary import names

    monkeypatch.setattr(names, "_short_name", lambda slug: f"<script>alert('{slug}')</script>&")
    text = build_report(tmp_path, *frames).read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(" in text
    Page(text)


SCRIPT = """
import sys
from analysis.report import build_report, check_report
from tests.synthetic_panel import *
panel = with_bulletins(simulate_panel(n_nights=1_180, n_regions=20))
panel.attrs["allocation"] = {"alone": ["early"]}
build_report(sys.argv[1], simulate_claims(), panel)
"""


def test_bytes_are_equal_whatever_zone_locale_and_hash_seed(built, tmp_path):
    odd = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    root = Path(__file__).resolve().parents[1]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        check=True,
        cwd=root,
        env=os.environ | odd,
        capture_output=True,
    )
    # Processor time: what else the machine does is no matter of the report.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 60
    assert done.stdout == b""  # the library prints nothing
    files = [path.relative_to(built) for path in built.rglob("*") if path.is_file()]
    assert len(files) == 3 * len(REGISTRY) + 6
    for file in files:
        assert (tmp_path / file).read_bytes() == (built / file).read_bytes(), file


def test_progress_is_told_to_whom_it_may_concern(frames, tmp_path):
    told = []
    build_report(tmp_path, *frames, progress=lambda *step: told.append(step))
    assert told[0][0].startswith("reading claims")
    assert told[-1] == ("report", 1, 1)
    assert all(0 <= done <= total for _, done, total in told)


# Content ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def inputs(frames):
    return FigureInputs(*frames, incidents(), FigureOptions())


def test_state_of_the_record_adds_up(inputs):
    table = record_table(inputs, "x.csv")
    numbers = [[int(cell.replace(",", "")) for cell in row[1:6]] for row in table.rows]
    *years, whole = numbers
    assert [sum(column) for column in zip(*years, strict=True)] == whole
    assert whole[0] == sum(whole[1:]) == len(inputs.totals)


def test_what_no_night_tells_is_unknown_and_not_zero(frames):
    claims, panel = frames
    night = panel["night"]
    untold = (night.dt.year == night.min().year) | (night >= night.max() - pd.Timedelta(days=75))
    panel = panel.assign(
        state=panel["state"].mask(untold, "silent"),
        lower=panel["lower"].mask(untold, 0),
        **{name: panel[name].mask(untold) for name in ("count", "upper", "expected")},
    )
    inputs = FigureInputs(claims, panel, incidents(), FigureOptions())
    first = record_table(inputs, "x.csv").rows[0]
    assert first[4] == first[1]
    assert first[-3:] == ("unknown",) * 3
    (key,) = [key for key in key_numbers(inputs) if key.what.startswith("Mean per night in")]
    assert not key.note.startswith("over 0 ")
    nothing = panel.assign(
        state="missing",
        lower=panel["lower"] * 0,
        **{name: panel[name].mask(panel["lower"] >= 0) for name in ("count", "upper", "expected")},
    )
    inputs = FigureInputs(claims, nothing, incidents(), FigureOptions())
    assert key_numbers(inputs) == []
    assert region_rows(inputs, "x.csv").rows[0][2:] == ("unknown",) * 4 + ("0",)
    assert tile_map.table(inputs).empty


def test_key_numbers_carry_limits_and_denominators(inputs):
    keys = {key.what: key for key in key_numbers(inputs)}
    claimed = keys["Drones claimed shot down at night"]
    assert claimed.limits.startswith("bounds: ")
    assert f"{inputs.nights['nights_counted'].iloc[0]:,} nights with a number" in claimed.note
    growth = keys["Growth per 30 nights"]
    assert growth.limits.startswith("95 % interval: ")
    assert "taken as zero" in growth.note
    assert keys["Highest night"].value == f"{inputs.nights['record'].iloc[0]:,.0f}"
    assert any(what.startswith("Mean per night in ") for what in keys)


def test_the_last_full_month_is_full(inputs):
    (key,) = [key for key in key_numbers(inputs) if key.what.startswith("Mean per night in")]
    last = inputs.totals["night"].max()
    assert key.what.endswith("October 2025")
    assert last == pd.Timestamp("2025-11-23")
    assert "October 2024" in key.note


def test_trend_table_is_what_the_fits_say(inputs):
    table = trend_table(inputs).set_index(["period", "silence"])
    assert len(table) == 4
    fit = inputs.trends["zero"]
    row = table.loc[("well-covered period", "zero")]
    assert row["growth"] == fit.growth
    assert row["nights"] + row["left_out"] == len(fit.observed)
    assert table["growth_lower"].lt(table["growth"]).all()
    assert table["growth"].lt(table["growth_upper"]).all()
    leads = [lead for lead, _ in trend_sentences(inputs)]
    assert leads[0].startswith("Well-covered period (")
    for count, (_, sentence) in zip(table["nights"], trend_sentences(inputs), strict=True):
        assert f" {count:,} nights" in sentence


def test_inline_svg_needs_an_opening_element():
    with pytest.raises(FigureError, match="SVG of map has no opening element"):
        inline_svg("<p/>", "map", "Map", "A map.")


def bulletin(identity, start, end, regions, total):
    """Claims of one more bulletin, in the shape of those of the synthetic night."""
    template = simulate_claims().iloc[[0]]
    rows = [("total", "", total), *(("single", *pair) for pair in regions.items())]
    claims = pd.concat([template] * len(rows), ignore_index=True)
    claims[["relation", "regions", "count"]] = pd.DataFrame(rows)
    claims["list"] = "itemised" if regions else "none"
    claims["bulletin_id"] = identity
    claims["window_start"], claims["window_end"] = pd.Timestamp(start), pd.Timestamp(end)
    claims["posted_at"] = claims["known_at"] = pd.Timestamp(end)
    return claims.astype(template.dtypes.to_dict())


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        pytest.param(
            bulletin("one", "2024-05-01T18:00Z", "2024-05-02T04:00Z", {"tula": 3}, 3),
            "needs 30 nights with numbers",
            id="one-night",
        ),
        pytest.param(
            bulletin("bare", "2024-05-01T18:00Z", "2024-05-02T04:00Z", {}, 7),
            "Nothing to show",
            id="no-region-named",
        ),
        pytest.param(
            bulletin("noon", "2024-05-01T08:00Z", "2024-05-01T10:00Z", {"tula": 3}, 3),
            "Nothing to show",
            id="by-day-only",
        ),
    ],
)
def test_a_short_record_has_a_report_too(claims, says, tmp_path):
    text = build_report(tmp_path, claims).read_text("utf-8")
    assert says in text
    assert "No trend:" in text
    Page(text)


def test_an_unwritable_folder_is_refused_in_words(frames, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(FigureError, match="cannot be made"):
        build_report(tmp_path / "file", *frames)


# The check ---------------------------------------------------------------------------------------


@pytest.fixture
def copied(built, tmp_path, monkeypatch):
    """A report that can be spoilt; rebuilding it gives the one that was built."""

    def write_report(fresh, *_):
        shutil.copytree(built, fresh, dirs_exist_ok=True)

    monkeypatch.setattr("analysis.report.checking.write_report", write_report)
    return Path(shutil.copytree(built, tmp_path / "copy"))


def test_a_report_that_was_just_built_agrees(built, frames):
    outcome = check_report(built, make_inputs(*frames))
    assert outcome.agrees
    assert outcome.bytes_compared
    assert outcome.figures == tuple(sorted(REGISTRY))
    assert outcome.differences == outcome.notes == ()


def test_the_check_names_what_differs_in_the_page_and_its_tables(copied, frames):
    page, table = copied / "report.html", copied / "tables/nights_by_year.csv"
    page.write_text(page.read_text("utf-8").replace("These are claims", "These are facts"), "utf-8")
    table.write_text(re.sub(r"(\n[^,]+,)(\d+)", r"\g<1>9\2", table.read_text("utf-8"), count=1))
    (copied / "tables/trend.csv").unlink()
    manifest = json.loads((copied / "manifest.json").read_text("utf-8"))
    manifest["outputs"]["tables/older.csv"] = "0"
    (copied / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    outcome = check_report(copied, make_inputs(*frames))
    assert not outcome.agrees
    assert outcome.differences[0] == "report.html differs in its bytes."
    assert outcome.differences[1].startswith("tables/nights_by_year.csv differs: 1 values of ")
    assert outcome.differences[2:] == (
        "tables/trend.csv is missing.",
        "tables/older.csv is in the manifest, but is no longer built.",
    )
    # Figures asked for by name are checked by themselves, and so is a folder without a report.
    assert check_report(copied, make_inputs(*frames), names=["tile_map"]).agrees


def test_bytes_of_the_page_are_compared_between_equal_versions_only(copied, frames):
    manifest = json.loads((copied / "manifest.json").read_text("utf-8"))
    manifest["versions"]["numpy"] = "1.0"
    (copied / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (copied / "report.html").write_text("of another time", "utf-8")
    outcome = check_report(copied, make_inputs(*frames))
    assert outcome.agrees
    assert not outcome.bytes_compared
    assert outcome.notes[0].startswith("Bytes are not comparable: numpy ")
