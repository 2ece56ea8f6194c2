"""Files that people have -> posts or structured bulletins; a fault is one sentence."""

from analysis.readers.posts import post_from_text, read_posts
from analysis.readers.structured import Structured, StructuredFile, read_structured

__all__ = ["Structured", "StructuredFile", "post_from_text", "read_posts", "read_structured"]
