"""Where the data are looked for, and the names of the files there."""

from pathlib import Path
from typing import Final

from analysis.errors import LedgerError

CLAIMS: Final = "claims.csv"
DAYS: Final = "channel_days.csv"
CODEBOOK: Final = "datapackage.json"
#: The data beside the package in a checkout.
CHECKOUT: Final = Path(__file__).parents[2] / "data"
#: The copy inside an installed package: for reading only.
PACKAGED: Final = Path(__file__).parents[1] / "_data"


def data_folder(path: str | Path | None = None) -> Path:
    """Return the folder whose data are used.

    Parameters
    ----------
    path : str or Path, optional
        A folder, or the claims file in it. Without it: ``./data`` if it has a datapackage.json,
        then the ``data`` of the checkout, then the copy inside the package (for reading only).

    Raises
    ------
    LedgerError
        If there are no data in any of these places.

    Examples
    --------
    >>> data_folder("elsewhere/claims.csv").as_posix()
    'elsewhere'
    """
    if path is not None:
        given = Path(path)
        return given.parent if given.suffix == ".csv" else given
    for folder in (Path("data"), CHECKOUT, PACKAGED):
        if (folder / CODEBOOK).is_file():
            return folder
    raise LedgerError(
        "No data: neither ./data nor the package holds a datapackage.json.",
        "Name a folder with --data.",
    )


def claims_file(path: str | Path | None) -> Path:
    """Return the file of the claims."""
    if path is not None and Path(path).suffix == ".csv":
        return Path(path)
    return data_folder(path) / CLAIMS


def writable_claims_file(path: str | Path | None) -> Path:
    """Return the file of the claims, its folder made.

    Raises
    ------
    LedgerError
        If it is the packaged copy, or the folder cannot be made.
    """
    file = claims_file(path)
    if file.resolve().is_relative_to(PACKAGED.resolve()):
        raise LedgerError(
            "The packaged data are for reading only.",
            "Name a folder of your own with --data.",
        )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise LedgerError(
            f"{file.parent} cannot be made ({refused.strerror}).",
            "Name a folder you can write with --data.",
        ) from refused
    return file
