"""Rebuild figures beside those written, and say whether they still hold."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from analysis.figures.building import (
    Progress,
    decisive_versions,
    file_hash,
    read_manifest,
    write_figures,
)
from analysis.figures.inputs import input_hashes, make_inputs
from analysis.figures.registry import get_spec
from analysis.figures.spec import FigureInputs, FigureOptions

#: Relative difference up to which numbers of two tables agree.
TOLERANCE: Final = 1e-5


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes
    ----------
    agrees : bool
        Nothing that was compared differs.
    bytes_compared : bool
        Whether versions equal the manifest's, so that bytes could be compared, too.
    figures : tuple of str
        The figures checked.
    differences : tuple of str
        One sentence each; empty if ``agrees``.
    notes : tuple of str
        What could not be compared, or differs without being an error.
    """

    agrees: bool
    bytes_compared: bool
    figures: tuple[str, ...]
    differences: tuple[str, ...]
    notes: tuple[str, ...]


def check(
    out_dir: str | Path,
    data: FigureInputs | str | Path | None = None,
    *,
    names: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> CheckReport:
    """Rebuild figures in a temporary folder and compare them with those in ``out_dir``.

    Tables must agree to a relative 1e-5. SVG and PNG must agree byte for byte when the versions
    of the packages that decide bytes are those of the manifest; otherwise a note says that bytes
    are not comparable.

    Parameters
    ----------
    out_dir : str or Path
        A folder that `build` or the report wrote.
    data : FigureInputs, str or Path, optional
        As in `draw`. Options are those of the manifest.
    names : iterable of str, optional
        Figures to check; by default those of the manifest.
    progress : callable, optional
        Called as ``progress(what, done, total)``.

    Returns
    -------
    CheckReport

    Raises
    ------
    FigureError
        If the folder has no manifest or a name is unknown.
    """
    # A report's folder holds tables that belong to no figure; every figure has an SVG.
    written = sorted(_figures_among(read_manifest(out_dir)["outputs"]))
    chosen = [get_spec(name).name for name in (written if names is None else names)]

    def write(fresh: str, inputs: FigureInputs) -> list[str]:
        drawn = write_figures(fresh, inputs, chosen, progress)
        return [file for figure in drawn for file in figure.files]

    return compare_rebuilt(out_dir, data, write)


def compare_rebuilt(
    out_dir: str | Path,
    data: FigureInputs | str | Path | None,
    write: Callable[[str, FigureInputs], list[str]],
) -> CheckReport:
    """Compare a folder with what ``write(fresh folder, inputs)`` rebuilds and names."""
    folder = Path(out_dir)
    manifest = read_manifest(folder)
    if isinstance(data, FigureInputs):
        inputs = data
    else:
        inputs = make_inputs(data=data, options=FigureOptions(**manifest["options"]))
    same_versions = manifest["versions"] == decisive_versions()
    differences: list[str] = []
    with tempfile.TemporaryDirectory() as fresh:
        rebuilt = write(fresh, inputs)
        for file in rebuilt:
            differences += _compare_file(file, folder / file, Path(fresh) / file, same_versions)
    return CheckReport(
        agrees=not differences,
        bytes_compared=same_versions,
        figures=tuple(_figures_among(rebuilt)),
        differences=tuple(differences),
        notes=tuple(_note_origins(manifest["versions"], manifest["inputs"], inputs)),
    )


def _figures_among(files: Iterable[str]) -> list[str]:
    """Names of the figures that files show."""
    return [Path(file).stem for file in files if file.endswith(".svg")]


def compare_tables(old: Path, new: Path) -> str:
    """Say how two CSV tables differ beyond rounding; "" if they do not."""
    left, right = (pd.read_csv(path, dtype="str", keep_default_na=False) for path in (old, new))
    columns = [[str(name) for name in side] for side in (left, right)]
    if columns[0] != columns[1] or len(left) != len(right):
        return (
            f"{len(left)} rows and columns {', '.join(columns[0])}; "
            f"rebuilt {len(right)} rows and {', '.join(columns[1])}"
        )
    for name in columns[0]:
        was, is_now = (
            pd.to_numeric(side[name], errors="coerce").to_numpy(dtype=float)
            for side in (left, right)
        )
        close = np.isclose(was, is_now, rtol=TOLERANCE, atol=0)
        wrong = np.flatnonzero(~close & (left[name] != right[name]).to_numpy())
        if len(wrong):
            row = int(wrong[0])
            return (
                f"{len(wrong)} values of {name}, the first in line {row + 2}: "
                f"{left[name].iloc[row]!r}, rebuilt {right[name].iloc[row]!r}"
            )
    return ""


def _compare_file(file: str, old: Path, new: Path, same_versions: bool) -> list[str]:
    """Say how a file differs from its rebuilt twin: tables beyond rounding, others in bytes."""
    if not old.is_file():
        return [f"{file} is missing."]
    if file.endswith(".csv"):
        found = compare_tables(old, new)
        return [f"{file} differs: {found}."] if found else []
    if same_versions and file_hash(old) != file_hash(new):
        return [f"{file} differs in its bytes."]
    return []


def _note_origins(
    versions: dict[str, str], hashes: dict[str, dict[str, int | str]], inputs: FigureInputs
) -> list[str]:
    """Name versions and inputs that are not those of the manifest."""
    notes = []
    here = decisive_versions()
    other = [
        f"{name} {here.get(name, 'absent')} instead of {versions.get(name, 'absent')}"
        for name in sorted(here | versions)
        if here.get(name) != versions.get(name)
    ]
    if other:
        notes.append(f"Bytes are not comparable: {', '.join(other)}.")
    changed = [name for name, value in input_hashes(inputs).items() if hashes.get(name) != value]
    if changed:
        notes.append(f"Other inputs than the manifest's: {', '.join(changed)}.")
    return notes
