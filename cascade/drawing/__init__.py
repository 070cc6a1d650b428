"""Draws a cascade: a picture in, an SVG, PNG, PDF or DOT file out; no tables, no rules."""
