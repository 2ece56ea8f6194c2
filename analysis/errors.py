"""The exceptions of the package: each says what is wrong and what to do next."""


class AnalysisError(ValueError):
    """Input that cannot be analysed honestly.

    Parameters
    ----------
    problem : str
        What is wrong, naming the argument, column, file or line and the value found.
    remedy : str
        What the reader can do next, as one imperative sentence.

    Examples
    --------
    >>> print(AnalysisError("count is -4.", "Give a whole number >= 0."))
    count is -4. Give a whole number >= 0.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)  # both stay in args, so the error survives pickling

    def __str__(self) -> str:
        return " ".join(self.args)


class RegionError(AnalysisError):
    """A name that no unit of the gazetteer answers to."""


class ReadError(AnalysisError):
    """A file or text that cannot be read as what it should be."""


class LedgerError(AnalysisError):
    """The ledger of claims breaks its schema, or cannot be written."""


class PanelError(AnalysisError):
    """A panel that cannot be built, or a frame that is not one."""


class ComparisonError(AnalysisError):
    """Regions or periods that cannot be compared."""


class FitError(AnalysisError):
    """A model that cannot be fitted to these data."""


class FigureError(AnalysisError):
    """A figure or report that cannot be drawn or written."""
