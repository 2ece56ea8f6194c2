"""Where the data are looked for, and the names of the files there."""

from pathlib import Path
from typing import Final

from analysis.errors import LedgerError
from analysis.vocabulary import ATTACKS

CLAIMS: Final = "claims.csv"
UKRAINE: Final = "claims_ukraine.csv"
DAYS: Final = "channel_days.csv"
CODEBOOK: Final = "datapackage.json"
#: Sources whose rows are shared under other terms than the rest, and the file they keep to.
LICENSED: Final = {ATTACKS: UKRAINE}
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


def ledger_files(path: str | Path | None) -> tuple[Path, ...]:
    """Return the files that hold the claims, whether or not they exist; the main one first.

    Parameters
    ----------
    path : str or Path, optional
        A folder, or its main file, which stands for the folder. The file of a source with terms of
        its own stands for itself alone.

    Examples
    --------
    >>> [file.as_posix() for file in ledger_files("elsewhere")]
    ['elsewhere/claims.csv', 'elsewhere/claims_ukraine.csv']
    >>> [file.as_posix() for file in ledger_files("elsewhere/claims_ukraine.csv")]
    ['elsewhere/claims_ukraine.csv']
    """
    named = path is not None and Path(path).suffix == ".csv"
    main = Path(path) if path is not None and named else data_folder(path) / CLAIMS
    if main.name in LICENSED.values():
        return (main,)
    return (main, *(main.with_name(name) for name in sorted(LICENSED.values())))


def file_of(source: str, main: Path) -> Path:
    """Return the file that keeps a source's rows, beside the main one.

    Examples
    --------
    >>> file_of("mod_russia", Path("data/claims.csv")).name
    'claims.csv'
    """
    return main.with_name(LICENSED.get(source, main.name))


def writable_claims_file(path: str | Path | None) -> Path:
    """Return the main file of the claims, its folder made.

    Raises
    ------
    LedgerError
        If it is the packaged copy, or the folder cannot be made.
    """
    file = ledger_files(path)[0]
    if file.name in LICENSED.values():
        file = file.with_name(CLAIMS)
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
