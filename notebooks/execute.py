"""Run the notebooks and write them with their outputs: ``python notebooks/execute.py``."""

import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
SOURCES = sorted(HERE.glob("[0-9][0-9]_*.py"))


def execute(source: Path) -> nbformat.NotebookNode:
    """Return a notebook with its outputs; equal sources and data give an equal notebook."""
    notebook = jupytext.read(source)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02}"
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(HERE.parent)}},
    )
    client.execute(env_overrides=None)
    notebook.metadata = {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    }
    return notebook


def main() -> None:
    """Execute every notebook."""
    for source in SOURCES:
        nbformat.write(execute(source), source.with_suffix(".ipynb"))
        sys.stdout.write(f"{source.stem}\n")


if __name__ == "__main__":
    main()
