"""Run the notebooks and write them with their outputs: ``python notebooks/execute.py [FOLDER]``."""

import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from jupyter_client import AsyncKernelManager
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
        km=AsyncKernelManager(
            kernel_name="python3", transport="ipc", ip=f"{tempfile.mkdtemp()}/kernel"
        ),
        timeout=300,
        record_timing=False,
        resources={"metadata": {"path": str(HERE.parent)}},
    )
    client.execute()
    notebook.metadata = {
        "jupytext": {"formats": "ipynb,py:percent"},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    }
    return notebook


def main(folder: Path) -> None:
    """Execute every notebook."""
    for source in SOURCES:
        nbformat.write(execute(source), folder / f"{source.stem}.ipynb")
        sys.stdout.write(f"{source.stem}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
