"""Every notebook runs, and stands in the repository with the cells of its source."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.py"))


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Folder with the notebooks as they come out now."""
    folder = tmp_path_factory.mktemp("notebooks")
    command = [sys.executable, NOTEBOOKS / "execute.py", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_notebook_runs_and_is_the_one_committed(source, ran):
    now = nbformat.read(ran / f"{source.stem}.ipynb", as_version=4)
    committed = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert [c.source for c in committed.cells] == [c.source for c in now.cells]
    assert [kinds(c) for c in committed.cells] == [kinds(c) for c in now.cells]
    assert any("image/png" in kind for cell in now.cells for kind in kinds(cell))


def kinds(cell):
    """What a cell shows: kinds of its outputs."""
    return [sorted(output.get("data", {})) for output in cell.get("outputs", [])]


def test_there_are_notebooks():
    assert [path.stem[:2] for path in SOURCES] == ["01", "02", "03"]
