"""Every notebook runs, and stands in the repository with the cells of its source."""

import runpy
import warnings
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))


@pytest.fixture(scope="module")
def execute():
    with warnings.catch_warnings():  # the kernel's own libraries may warn
        warnings.simplefilter("ignore")
        return runpy.run_path(str(NOTEBOOKS / "execute.py"))["execute"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_notebook_runs_and_is_the_one_committed(source, execute):
    ran = execute(source)
    assert any(cell.get("outputs") for cell in ran.cells)
    stands = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert [c.source for c in stands.cells] == [c.source for c in ran.cells]


def test_there_are_notebooks():
    assert [path.stem[:2] for path in SOURCES] == ["01"]
