"""The results: a table for the terminal or for the docs, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.figures import Figure

HEAD = ("figure", "database", "steps", "takes", "beside", "takes", "ratio", "goal", "note")
RIGHT = {2, 3, 5, 6, 7}  # columns of numbers


def line(figure: Figure) -> tuple[str, ...]:
    """A figure in words."""
    ratio = "" if figure.ratio is None else f"{figure.ratio:,.{0 if figure.ratio >= 20 else 2}f}"
    goal = ""
    if figure.goal is not None:
        goal = f"{'≥' if figure.at_least else '≤'} {figure.goal:g}"
        goal += "" if figure.met in (True, None) else " missed"
    return (
        f"{figure.name}: {figure.what}",
        figure.database,
        f"{figure.steps:,}" if figure.steps else "",
        _time(figure.seconds),
        figure.against if figure.other is not None else "",
        "" if figure.other is None else _time(figure.other),
        ratio,
        goal,
        figure.note,
    )


def table(figures: Sequence[Figure]) -> str:
    """Columns for a terminal."""
    lines = [HEAD, *(line(figure) for figure in figures)]
    widths = [max(len(cells[n]) for cells in lines) for n in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n in RIGHT else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in lines
    )


def markdown(figures: Sequence[Figure]) -> str:
    """A table for the docs."""
    rule = ["--:" if n in RIGHT else "---" for n in range(len(HEAD))]
    lines = [HEAD, rule, *(line(figure) for figure in figures)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def save(figures: Sequence[Figure], path: Path) -> None:
    """Every figure with its ratio, in seconds."""
    rows = [{**asdict(f), "ratio": f.ratio, "met": f.met} for f in figures]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.{0 if seconds >= 0.1 else 2}f} ms"
