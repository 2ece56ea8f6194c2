"""Rebuild a report beside the one written, and say whether it still holds."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from analysis import figures
from analysis.figures import CheckReport, FigureInputs
from analysis.figures.building import Progress, read_manifest
from analysis.figures.checking import compare_rebuilt
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
    listed = read_manifest(out_dir)["outputs"]
    if names is not None or REPORT not in listed:
        return figures.check(out_dir, data, names=names, progress=progress)
    rebuilt: list[str] = []

    def write(fresh: str, inputs: FigureInputs) -> list[str]:
        write_report(fresh, inputs, progress)
        rebuilt.extend(sorted(read_manifest(fresh)["outputs"]))
        return rebuilt

    found = compare_rebuilt(out_dir, data, write)
    gone = sorted(set(listed) - set(rebuilt))
    missing = [f"{file} is in the manifest, but is no longer built." for file in gone]
    return replace(
        found, agrees=found.agrees and not gone, differences=(*found.differences, *missing)
    )
