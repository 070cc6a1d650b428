"""Letters from their files: many in turn and one alone, each beside the bare text of the same."""

from __future__ import annotations

import gc
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import docx
import pypdfium2  # type: ignore[import-untyped]

from bench import composing
from bench.figures import Figure, timed
from cascade.errors import CascadeError
from cascade.intake import Reading, read_text
from cascade.intake.sources import Source, load, load_many
from tests.cascade.intake.sources.letterfiles import as_docx, as_pdf

GOAL = 3.0
ALONE = 20  # letters, each with a child process of its own


class Form(NamedTuple):
    """A kind of file: how a letter is made one, and how its bare text is had."""

    name: str
    made: Callable[[str], bytes]
    bare: Callable[[Path], str]
    by: str
    goal: float | None = GOAL


def figures(*, count: int, repeats: int) -> Iterator[Figure]:
    """Seconds a letter: from its file to a Reading, beside its text alone from the same file."""
    texts = list(composing.letters(count))
    with tempfile.TemporaryDirectory(prefix="cascade-letters-") as folder:
        for form in FORMS:
            paths = _written(texts, form, Path(folder))
            yield _figure(f"{count} {form.name} in turn", paths, _many, form, repeats, form.goal)
            if form.goal:  # text is read without a child process, alone or not
                alone = paths[:ALONE]
                yield _figure(f"one {form.name} alone", alone, _each, form, repeats, None)


def _figure(
    what: str,
    paths: Sequence[Path],
    read: Callable[[Sequence[Path]], Iterator[Reading]],
    form: Form,
    repeats: int,
    goal: float | None,
) -> Figure:
    ours, bare = _beside(paths, read, form.bare, repeats)
    return Figure(
        name="letters",
        what=what,
        seconds=ours / len(paths),
        against=form.by,
        other=bare / len(paths),
        goal=goal,
        note=f"{len(paths) / ours:,.0f} letters/s, bare {len(paths) / bare:,.0f}",
    )


def _beside(
    paths: Sequence[Path],
    read: Callable[[Sequence[Path]], Iterator[Reading]],
    bare: Callable[[Path], str],
    repeats: int,
) -> tuple[float, float]:
    """Seconds for all letters: of each the median of the rounds, of both ways letter by letter."""
    bare(paths[0])
    rounds: list[list[tuple[float, float]]] = []
    for _ in range(repeats):
        gc.collect()
        readings = read(paths)
        rounds.append([(timed(partial(next, readings)), timed(partial(bare, p))) for p in paths])
    of_letters = list(zip(*rounds, strict=True))
    ours = (median(ours for ours, _ in times) for times in of_letters)
    return sum(ours), sum(median(theirs for _, theirs in times) for times in of_letters)


def _written(texts: Sequence[str], form: Form, folder: Path) -> list[Path]:
    paths = [folder / f"{number:03}.{form.name.lower()}" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(form.made(text))
    return paths


def _many(paths: Sequence[Path]) -> Iterator[Reading]:
    """As a folder is imported: one child process parses many files."""
    for _, source in load_many(paths):
        yield read_text(_text(source))


def _each(paths: Sequence[Path]) -> Iterator[Reading]:
    """As `cascade letter read` does: a child process for each file that is parsed."""
    for path in paths:
        yield read_text(load(path).text)


def _text(source: Source | CascadeError) -> str:
    if isinstance(source, CascadeError):
        raise source
    return source.text


def _bare_txt(path: Path) -> str:
    return unicodedata.normalize("NFC", path.read_bytes().decode())


def _bare_docx(path: Path) -> str:
    document = docx.Document(str(path))
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(part.text for part in document.paragraphs), *(cell.text for cell in cells)])


def _bare_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


FORMS = (
    # Beside opening a text file anything takes long: no goal.
    Form("TXT", str.encode, _bare_txt, "decoding", None),
    Form("DOCX", as_docx, _bare_docx, "python-docx"),
    Form("PDF", as_pdf, _bare_pdf, "pypdfium2"),
)
