"""Draws a cascade: a picture in, an SVG, PNG, PDF or DOT file out; no tables, no rules."""

from pathlib import Path

# Carried with the program (OFL), so that words look and measure the same everywhere.
FONTS = Path(__file__).parent / "fonts"
