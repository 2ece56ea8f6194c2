"""Text of a bulletin to what it claims: pure functions, no files.

Letters become typed tokens (`tokens`, with the words in `lexicon/`); tokens become hours
(`timephrases`, `windows`), places (`places`) and numbers with what they were said of (`grammar`);
numbers become totals and parts (`totals`; `national` for those about a whole country), and those
the bulletins of a text (`statements`). Languages: Russian, English, Ukrainian.
"""

from analysis.bulletins.bulletin import Bulletin, Count, Cumulative, Finding, Subset, Window
from analysis.bulletins.parsing import parse_bulletins

__all__ = ["Bulletin", "Count", "Cumulative", "Finding", "Subset", "Window", "parse_bulletins"]
