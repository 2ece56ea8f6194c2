"""The codebook: how a Data Package describes tables and columns; the tables of studies."""

from analysis.codebook.fields import (
    PROFILE,
    Json,
    choice,
    date,
    difference,
    moment,
    number,
    table,
    text,
    whole,
)

__all__ = [
    "PROFILE",
    "Json",
    "choice",
    "date",
    "difference",
    "moment",
    "number",
    "table",
    "text",
    "whole",
]
