"""Figures and tables as files that are equal byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from analysis.errors import FigureError
from analysis.plotting.style import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Numbers are rounded to this many significant digits before they are drawn or written.
DIGITS: Final = 6
#: Metadata without a clock and without versions.
PNG_METADATA: Final[dict[str, None]] = {"Software": None}
_METADATA: Final[dict[str, dict[str, None]]] = {
    ".svg": {"Date": None, "Creator": None},
    ".png": PNG_METADATA,
}


def save_figure(fig: "Figure", path: str | Path) -> Path:
    """Write a figure so that equal data give equal bytes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    path : str or Path
        Ends in .svg or .png; the folder is made if need be.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FigureError
        If the file type is another.
    """
    path = Path(path)
    if path.suffix not in _METADATA:
        raise FigureError(
            f"Figures are not written as {path.suffix or 'files without a suffix'!r}.",
            f"Choose a name that ends in {' or '.join(sorted(_METADATA))}.",
        )
    with _writing(path), style():
        fig.savefig(path, metadata=_METADATA[path.suffix])
    return path


def round_significant(values: Any, digits: int = DIGITS) -> Any:  # noqa: ANN401
    """Round floating-point numbers to significant digits; anything else stays as it is.

    Parameters
    ----------
    values : float, array, pd.Series or pd.DataFrame
        In a frame every floating-point column is rounded. NaN and infinity stay.
    digits : int

    Returns
    -------
    The same type; the input is untouched.

    Examples
    --------
    >>> round_significant(1234567.0), round_significant(0.00012345678)
    (1234570.0, 0.000123457)
    """
    if isinstance(values, pd.DataFrame):
        floats = [name for name in values if pd.api.types.is_float_dtype(values[name])]
        rounded = {str(name): round_significant(values[name], digits) for name in floats}
        return values.assign(**rounded)
    if isinstance(values, pd.Series):
        numbers = round_significant(values.to_numpy(dtype=float, na_value=np.nan), digits)
        return pd.Series(numbers, index=values.index, name=values.name)
    if np.ndim(values) == 0:
        return float(f"{values:.{digits}g}")
    # Through text: the one rounding that gives the same double on every machine.
    flat = [float(f"{value:.{digits}g}") for value in np.ravel(values)]
    return np.array(flat, dtype=float).reshape(np.shape(values))


def table_text(table: pd.DataFrame) -> str:
    r"""Return a table as CSV text that is equal character for character: LF, six digits.

    Dates are written YYYY-MM-DD, unknown numbers as nothing.

    Examples
    --------
    >>> table_text(pd.DataFrame({"night": [pd.Timestamp("2025-11-01")], "mean": [1 / 3]}))
    'night,mean\n2025-11-01,0.333333\n'
    """
    text: str = round_significant(table).to_csv(
        index=False,
        lineterminator="\n",
        float_format=f"%.{DIGITS}g",
        date_format="%Y-%m-%d",
    )
    return text


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as `table_text` in UTF-8, the folder made if need be; return the file."""
    path = Path(path)
    with _writing(path):
        path.write_bytes(table_text(table).encode("utf-8"))
    return path


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Make the folder of a file, and say in one sentence why it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as refused:
        reason = refused.strerror or "it cannot be written"
        raise FigureError(f"{path}: {reason}.", "Choose another folder with --out.") from None
