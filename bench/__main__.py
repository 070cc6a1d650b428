"""`python -m bench`: measure, say how it stands against the goals."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import (
    clients,
    history,
    issue,
    jobs,
    letters,
    move,
    overdue,
    pages,
    peer,
    report,
    scope,
    sweep,
    trace,
)
from bench.figures import Figure
from bench.places import places
from bench.sizes import Size
from bench.worlds import Worlds

RESULTS = Path(__file__).parent / "results.json"
NAMES = (
    "issue",
    "move",
    "trace",
    "overdue",
    "scope",
    "spiff",
    "clients",
    "letters",
    "pages",
    "history",
    "sweep",
    "jobs",
)
PROVINCE = Size()
SMALL = Size(cities=2, communes=16, units=3, provinces=3)


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; or all")
    parser.add_argument("--quick", action="store_true", help="small sizes, once: does it run?")
    parser.add_argument("--markdown", action="store_true", help="print a table for the docs")
    parser.add_argument("--json", type=Path, help=f"where to write (usually {RESULTS.name})")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no figure {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    names: Sequence[str] = asked.names or NAMES
    figures: list[Figure] = []
    for figure in _measured(names, asked.quick):
        figures.append(figure)
        print(" ".join(report.line(figure)), file=sys.stderr, flush=True)
    figures.sort(key=lambda figure: NAMES.index(figure.name))
    if path := asked.json or (None if asked.quick else RESULTS):
        report.save(figures, path)
    print((report.markdown if asked.markdown else report.table)(figures))


def _measured(names: Sequence[str], quick: bool) -> Iterator[Figure]:
    if "letters" in names:
        yield from letters.figures(count=3 if quick else 200, repeats=1 if quick else 3)
    if set(names) == {"letters"}:
        return  # no database
    with places() as found:
        for place in found:
            yield from _figures(Worlds(place, SMALL if quick else PROVINCE), names, quick)


def _figures(worlds: Worlds, names: Sequence[str], quick: bool) -> Iterator[Figure]:
    if "issue" in names:
        yield from issue.figures(worlds, repeats=1 if quick else 5)
    if "move" in names:
        yield from move.figures(worlds, repeats=1 if quick else 40)
    if "trace" in names:
        yield from trace.figures(worlds, repeats=1 if quick else 9)
    if "overdue" in names:
        yield from overdue.figures(worlds, repeats=1 if quick else 200)
    if "scope" in names:
        yield from scope.figures(worlds, repeats=1 if quick else 15)
    if "pages" in names:
        yield from pages.figures(worlds, repeats=1 if quick else 9)
    if "spiff" in names:
        yield from peer.figures(worlds, repeats=1 if quick else 40, with_peer=not quick)
    if "history" in names:
        yield from history.figures(worlds, repeats=1 if quick else 3)
    if "jobs" in names:
        yield from jobs.figures(worlds, repeats=1 if quick else 5)
    if "sweep" in names:
        yield from sweep.figures(worlds, repeats=1 if quick else 3)
    if "clients" in names:
        yield from clients.figures(worlds, seconds=0.3 if quick else 5)


if __name__ == "__main__":
    main()
