"""Figures: a registry of names, each with a table, a drawing, a caption and an alt text."""

from analysis.figures.building import DrawnFigure, build, draw, write_figures, write_manifest
from analysis.figures.checking import CheckReport, check
from analysis.figures.inputs import make_inputs
from analysis.figures.registry import REGISTRY, get_spec
from analysis.figures.spec import FigureInputs, FigureOptions, FigureSpec

__all__ = [
    "REGISTRY",
    "CheckReport",
    "DrawnFigure",
    "FigureInputs",
    "FigureOptions",
    "FigureSpec",
    "build",
    "check",
    "draw",
    "get_spec",
    "make_inputs",
    "write_figures",
    "write_manifest",
]
