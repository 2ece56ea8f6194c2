"""Files that people have -> posts, structured bulletins or attacks; a fault is one sentence."""

from analysis.readers.attacks import Attack, AttackFile, holds_attacks, read_attacks
from analysis.readers.post_rows import ReadFinding
from analysis.readers.posts import iter_posts, post_from_text, read_posts
from analysis.readers.structured import Structured, StructuredFile, read_structured

__all__ = [
    "Attack",
    "AttackFile",
    "ReadFinding",
    "Structured",
    "StructuredFile",
    "holds_attacks",
    "iter_posts",
    "post_from_text",
    "read_attacks",
    "read_posts",
    "read_structured",
]
