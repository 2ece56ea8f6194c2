"""Rebuild a report beside the one written, and say whether it still holds."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from analysis import figures
from analysis.figures import CheckReport, FigureInputs, FigureOptions, make_inputs
from analysis.figures.building import Progress, decisive_versions, read_manifest
from analysis.figures.checking import compare_file, note_origins
from analysis.report.builder import REPORT, write_report


def check_report(
    out_dir: str | Path,
    data: FigureInputs | str | Path | None = None,
    *,
    names: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> CheckReport:
    """Rebuild what a folder holds and compare: figures and, where there is one, the report.

    Every table, those of the report among them, must agree to a relative 1e-5; the page and the
    pictures byte for byte when the versions of the packages that decide bytes are those of the
    manifest.

    Parameters
    ----------
    out_dir : str or Path
        A folder that `build_report` or ``figures.build`` wrote.
    data : FigureInputs, str or Path, optional
        As in ``figures.draw``. Options are those of the manifest.
    names : iterable of str, optional
        Figures to check, without the report; by default all that the folder holds.
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
    folder = Path(out_dir)
    manifest = read_manifest(folder)
    if names is not None or REPORT not in manifest["outputs"]:
        return figures.check(out_dir, data, names=names, progress=progress)
    if isinstance(data, FigureInputs):
        inputs = data
    else:
        inputs = make_inputs(data=data, options=FigureOptions(**manifest["options"]))
    same_versions = manifest["versions"] == decisive_versions()
    differences: list[str] = []
    with tempfile.TemporaryDirectory() as fresh:
        write_report(fresh, inputs, progress)
        rebuilt = read_manifest(fresh)["outputs"]
        for file in sorted(rebuilt):
            differences += compare_file(file, folder / file, Path(fresh) / file, same_versions)
    gone = sorted(set(manifest["outputs"]) - set(rebuilt))
    differences += [f"{file} is in the manifest, but is no longer built." for file in gone]
    return CheckReport(
        agrees=not differences,
        bytes_compared=same_versions,
        figures=tuple(sorted(Path(file).stem for file in rebuilt if file.endswith(".svg"))),
        differences=tuple(differences),
        notes=tuple(note_origins(manifest["versions"], manifest["inputs"], inputs)),
    )
