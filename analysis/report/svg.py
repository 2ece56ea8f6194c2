"""SVG files made fit for a page: unique ids, no outside addresses, words for screen readers."""

import re
from html import escape
from typing import Final

from analysis.errors import FigureError

_PROLOGUE: Final = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_METADATA: Final = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
#: The style of matplotlib's file would hold for the whole page; the page's own style has it.
_STYLE: Final = re.compile(r"\s*<style .*?</style>", re.DOTALL)
_OPENING: Final = re.compile(r"<svg [^>]*>")
_VIEW: Final = re.compile(r'viewBox="[^"]*"')
_ID: Final = re.compile(r'\bid="([^"]+)"')
_REFERENCE: Final = re.compile(r'\bxlink:href="#([^"]+)"')
_ADDRESS: Final = re.compile(r"url\(#([^)]+)\)")


def inline_svg(text: str, name: str, title: str, alt: str) -> str:
    """Turn the text of an SVG file of matplotlib into an element for a page.

    Parameters
    ----------
    text : str
        The file.
    name : str
        Stands before every id and reference, so that several figures can share a page.
    title, alt : str
        The name and the description that screen readers speak; escaped here.

    Returns
    -------
    str
        One ``svg`` element, ``role="img"``, as wide as its place.

    Raises
    ------
    FigureError
        If the text is no such file.

    Examples
    --------
    >>> print(inline_svg('<svg width="9" viewBox="0 0 1 1"><g id="a"/></svg>', "map", "A & B", ""))
    <svg viewBox="0 0 1 1" role="img" aria-labelledby="map-title map-desc"><title \
id="map-title">A &amp; B</title><desc id="map-desc"></desc><g id="map-a"/></svg>
    """
    body = _STYLE.sub("", _METADATA.sub("", _PROLOGUE.sub("", text)))
    body = _ID.sub(rf'id="{name}-\1"', body)
    body = _REFERENCE.sub(rf'href="#{name}-\1"', body).replace("xlink:href=", "href=")
    body = _ADDRESS.sub(rf"url(#{name}-\1)", body)
    opening = _OPENING.search(body)
    view = _VIEW.search(opening.group()) if opening else None
    if opening is None or view is None:
        raise FigureError(
            f"The SVG of {name} has no opening element with a viewBox.", "Build the figure again."
        )
    label = (
        f'<svg {view.group()} role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(alt)}</desc>'
    )
    return (body[: opening.start()] + label + body[opening.end() :]).strip()
