"""The codebook of data/press_discrepancies.csv: errors of newspapers, written by hand."""

from typing import Final

from analysis.codebook import fields as book
from analysis.codebook.fields import Json
from analysis.vocabulary import DISCREPANCIES

PRESS: Final = "press_discrepancies.csv"
PRESS_COLUMNS: Final = (
    "posted_at",
    "total_published",
    "outlet_url",
    "address",
    "kind",
    "region_printed",
    "count_printed",
    "printed_as",
    "region_published",
    "count_published",
    "total_printed",
    "window_start_printed",
    "window_end_printed",
    "remark",
)

_UNITS: Final = r"[a-z]+(_[a-z]+)*(\|[a-z]+(_[a-z]+)*)*"


def describe_press() -> Json:
    """Describe the table of what newspapers made of bulletins.

    Examples
    --------
    >>> describe_press()["path"]
    'press_discrepancies.csv'
    """
    fields = [
        book.moment("posted_at", "When the bulletin was posted: with total_published it finds its "
                "claims in claims.csv (weapon uav).", required=True),
        book.whole("total_published", "Total of the bulletin, as the version that counts has it."),
        book.text("outlet_url", "The outlet's article where the notes tell its address, else the "
              "outlet.", required=True, form="uri"),
        book.choice("address", "article: outlet_url is the page; outlet: the page within the "
                "outlet is not recorded.", ("article", "outlet")),
        book.choice("kind", "misattributed: the number stands with another region; wrong count: "
                "another number, of a region or of the total; omitted; subset added: a part of a "
                "number told beside it; misdated: other hours or another date.", DISCREPANCIES),
        book.text("region_printed", "Slug of the region as printed; joined by | where printed "
              "together.", pattern=_UNITS),
        book.whole("count_printed", "Its number as printed.", required=False),
        book.text("printed_as", "The word printed, where it is no reporting unit."),
        book.text("region_published", "Slug of the region as published; joined by | where their "
              "sum is meant.", pattern=_UNITS),
        book.whole("count_published", "Its number as published; 0 where the complete list does not "
               "name it.", required=False),
        book.whole("total_printed", "The total as printed, where that is what is wrong.",
               required=False),
        book.moment("window_start_printed", "First minute of the hours as printed; where only the "
                "date is known to be wrong, the bulletin's own hours on that date."),
        book.moment("window_end_printed", "First minute after them."),
        book.text("remark", "A few words more."),
    ]  # fmt: skip
    about = (
        "Lists of the ministry as newspapers printed them: one row per error, read by hand. Where "
        "an outlet makes several in one bulletin, each has a row."
    )
    return book.table(
        "press_discrepancies", PRESS, "Errors of the press", about, fields, PRESS_COLUMNS
    )
