"""The shipped checkpoints' tables, from the figures that `evaluate.py` wrote beside the weights. Measures nothing."""

from __future__ import annotations

from benchmarks.server import ROOT
from evaluation.report import read_metrics, tables

FOLDERS = {"models": ROOT / "checkpoints", "family": ROOT / "checkpoints" / "family"}


def text(name: str) -> str:
    """The tables of "models" or of the lesson's "family", in Markdown."""
    return tables(read_metrics(FOLDERS[name]))
