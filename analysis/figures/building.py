"""Draw figures, write them with their tables and a manifest, and check what was written."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from analysis.errors import FigureError
from analysis.figures.inputs import input_hashes, make_inputs
from analysis.figures.registry import REGISTRY, get_spec
from analysis.figures.spec import FigureInputs, FigureOptions, FigureSpec
from analysis.plotting import round_significant, save_figure, write_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Told how far a job is: what is done next, steps done, steps in all.
Progress = Callable[[str, int, int], None]

MANIFEST: Final = "manifest.json"
TABLES: Final = "tables"
SUFFIXES: Final = (".svg", ".png")
#: The packages whose versions decide the bytes of figures and tables.
DECISIVE: Final = ("matplotlib", "numpy", "pandas", "pillow", "scipy")
#: The seed of the panel's generator; figures and report draw nothing at random themselves.
SEED: Final = 0


@dataclass(frozen=True, slots=True, eq=False)
class DrawnFigure:
    """A figure as written: its files and what stands beside it.

    Attributes
    ----------
    spec : FigureSpec
    table : pd.DataFrame
        The numbers drawn, rounded to six significant digits.
    caption, alt : str
    files : tuple of str
        Paths relative to the folder.
    """

    spec: FigureSpec
    table: pd.DataFrame
    caption: str
    alt: str
    files: tuple[str, ...]


def draw(
    name: str, data: FigureInputs | str | Path | None = None, options: FigureOptions | None = None
) -> "Figure":
    """Draw a figure of the registry.

    Parameters
    ----------
    name : str
        A name of ``REGISTRY``.
    data : FigureInputs, str or Path, optional
        Inputs at hand, or a data folder; by default the package's data.
    options : FigureOptions, optional
        Used when ``data`` is not FigureInputs, which carry their own.

    Returns
    -------
    matplotlib.figure.Figure
        Not saved and not shown.

    Raises
    ------
    FigureError
        If there is no such figure.
    """
    spec = get_spec(name)
    inputs = _inputs(data, options)
    table = round_significant(spec.table(inputs))
    return spec.figure(table, inputs.options)


def build(
    out_dir: str | Path,
    data: FigureInputs | str | Path | None = None,
    *,
    names: Iterable[str] | None = None,
    options: FigureOptions | None = None,
    progress: Progress | None = None,
) -> Path:
    """Write figures as SVG and PNG, the tables behind them, and a manifest.

    Parameters
    ----------
    out_dir : str or Path
        Gets NAME.svg, NAME.png, tables/NAME.csv and manifest.json; made if need be.
    data, options
        As in `draw`.
    names : iterable of str, optional
        Figures to build; by default all.
    progress : callable, optional
        Called as ``progress(what, done, total)``.

    Returns
    -------
    Path
        The manifest.

    Raises
    ------
    FigureError
        If a name is unknown or the folder cannot be written.
    """
    inputs = _inputs(data, options)
    drawn = write_figures(out_dir, inputs, names, progress)
    return write_manifest(out_dir, inputs, [file for figure in drawn for file in figure.files])


def write_figures(
    out_dir: str | Path,
    inputs: FigureInputs,
    names: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> list[DrawnFigure]:
    """Write figures and tables without a manifest, and return what was written."""
    folder = _made(out_dir)
    specs = [get_spec(name) for name in (REGISTRY if names is None else names)]
    drawn = []
    for done, spec in enumerate(specs):
        if progress is not None:
            progress(f"figure {spec.name}", done, len(specs))
        drawn.append(_write_figure(folder, spec, inputs))
    if progress is not None:
        progress("figures", len(specs), len(specs))
    return drawn


def write_manifest(out_dir: str | Path, inputs: FigureInputs, files: Iterable[str]) -> Path:
    """Write which inputs, versions and options made which files; no clock, so equal bytes.

    Parameters
    ----------
    out_dir : str or Path
    inputs : FigureInputs
    files : iterable of str
        Relative to ``out_dir``; each gets its sha256.
    """
    folder = Path(out_dir)
    content = {
        "schema_version": 1,
        "inputs": input_hashes(inputs),
        "options": asdict(inputs.options),
        "outputs": {file: file_hash(folder / file) for file in sorted(files)},
        "seed": SEED,
        "versions": decisive_versions(),
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8", newline="\n")
    return path


def read_manifest(out_dir: str | Path) -> Mapping[str, Any]:
    """Read the manifest of a folder.

    Raises
    ------
    FigureError
        If there is none, or it is not one.
    """
    path = Path(out_dir) / MANIFEST
    try:
        content = json.loads(path.read_text("utf-8"))
        return {key: content[key] for key in ("inputs", "options", "outputs", "versions")}
    except FileNotFoundError:
        problem = f"{path} does not exist."
    except (ValueError, KeyError, TypeError):
        problem = f"{path} is not a manifest of figures."
    raise FigureError(problem, "Build the figures first.")


def decisive_versions() -> dict[str, str]:
    """Versions of the packages, and of FreeType, that decide bytes."""
    from matplotlib import ft2font

    found = {name: version(name) for name in DECISIVE}
    return found | {"freetype": str(ft2font.__freetype_version__)}


def file_hash(path: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _inputs(data: FigureInputs | str | Path | None, options: FigureOptions | None) -> FigureInputs:
    """Take inputs as they are, or gather them from a folder."""
    if isinstance(data, FigureInputs):
        return data
    return make_inputs(data=data, options=options)


def _made(out_dir: str | Path) -> Path:
    """Make the folder."""
    folder = Path(out_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise FigureError(
            f"{folder} cannot be made ({refused.strerror}).", "Choose another folder."
        ) from refused
    return folder


def _write_figure(folder: Path, spec: FigureSpec, inputs: FigureInputs) -> DrawnFigure:
    """Write one figure and its table."""
    table = round_significant(spec.table(inputs))
    fig = spec.figure(table, inputs.options)
    files = [save_figure(fig, folder / f"{spec.name}{suffix}") for suffix in SUFFIXES]
    files.append(write_table(table, folder / TABLES / f"{spec.name}.csv"))
    return DrawnFigure(
        spec,
        table,
        spec.caption(table, inputs.options),
        spec.alt(table, inputs.options),
        tuple(file.relative_to(folder).as_posix() for file in files),
    )
