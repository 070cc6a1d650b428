"""Picture → bytes or a file, in any of the four formats."""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal, get_args

from cascade.drawing import tree
from cascade.drawing.errors import (
    DrawingError,
    EngineError,
    EngineTimeoutError,
    UnknownFormatError,
)
from cascade.drawing.layout import Layout
from cascade.drawing.picture import Direction, Picture

Format = Literal["svg", "png", "pdf", "dot"]
# DOT text and seconds in, Graphviz' json0 out; raises EngineError.
Engine = Callable[[str, float], bytes]

LIMIT: Final = 300  # nodes; Graphviz needs minutes for thousands in some builds
TIMEOUT: Final = 10.0  # seconds for all engines together
_SUFFIXES: Final[dict[str, Format]] = {
    ".svg": "svg",
    ".png": "png",
    ".pdf": "pdf",
    ".dot": "dot",
    ".gv": "dot",
}
_log = logging.getLogger(__name__)

# The libraries behind these take 0.1 s to import, which only a drawing should pay.


def wasm_engine(dot: str, timeout: float) -> bytes:
    """Graphviz in WebAssembly, which comes with the installation."""
    try:
        from cascade.drawing import wasm
    except ImportError as error:
        raise EngineError("wasmtime is not installed.") from error
    return wasm.lay_out(dot, timeout)


def command_engine(dot: str, timeout: float) -> bytes:
    """Graphviz as a command of this machine."""
    from cascade.drawing import command

    return command.lay_out(dot, timeout)


ENGINES: Final[tuple[Engine, ...]] = (wasm_engine, command_engine)


def render(
    picture: Picture,
    fmt: Format,
    *,
    limit: int = LIMIT,
    timeout: float = TIMEOUT,
    direction: Direction = "LR",
    engines: Sequence[Engine] = ENGINES,
) -> bytes:
    """Draw the picture; the same picture always gives the same bytes.

    Up to `limit` nodes are placed by the first of the engines that answers within `timeout`
    seconds, more by the linear layout, which is also what remains when no engine answers.
    Raises UnknownFormatError, or DrawingError when the PNG or PDF cannot be made.
    """
    if fmt not in get_args(Format):
        raise UnknownFormatError(f"“{fmt}” is not a format a picture can be drawn in.")
    if fmt == "dot":
        from cascade.drawing.dot import to_digraph

        source: str = to_digraph(picture, direction=direction).source
        return source.encode()
    from cascade.drawing import svg

    sheet = svg.write(picture, place(picture, limit, timeout, direction, engines))
    if fmt == "svg":
        return sheet.svg
    from cascade.drawing import typeset

    return typeset.to_png(sheet, picture) if fmt == "png" else typeset.to_pdf(sheet, picture)


def draw_to_file(
    picture: Picture,
    path: str | Path,
    *,
    limit: int = LIMIT,
    timeout: float = TIMEOUT,
    direction: Direction = "LR",
) -> Path:
    """Draw into a file, in the format its suffix names; whole or not at all.

    Raises UnknownFormatError, DrawingError when it cannot be drawn or written.
    """
    path = Path(path)
    fmt = _SUFFIXES.get(path.suffix.lower())
    if fmt is None:
        suffix = path.suffix or "no suffix"
        raise UnknownFormatError(f"A picture cannot be drawn as {suffix}.", where=str(path))
    _write(path, render(picture, fmt, limit=limit, timeout=timeout, direction=direction))
    return path


def place(
    picture: Picture,
    limit: int,
    timeout: float,
    direction: Direction,
    engines: Sequence[Engine],
) -> Layout:
    """Give every node its place, by an engine or by the linear layout."""
    if len(picture.nodes) > limit:
        return tree.lay_out(picture)
    from cascade.drawing import placed
    from cascade.drawing.dot import to_digraph

    dot = to_digraph(picture, direction=direction, heading=False).source
    until = time.monotonic() + timeout
    for engine in engines:
        try:
            return placed.read(engine(dot, until - time.monotonic()), picture)
        except EngineTimeoutError as error:
            _log.warning("%s", error.what)
            break  # another engine would need as long
        except EngineError as error:
            _log.warning("%s", error.what)
    _log.warning("a picture of %d nodes is drawn by the linear layout", len(picture.nodes))
    return tree.lay_out(picture)


def _write(path: Path, content: bytes) -> None:
    """Write beside the goal, flush to the disk, then rename over it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise DrawingError(
            f"The drawing could not be written: {error.strerror}.", where=str(path)
        ) from error
    finally:
        draft.unlink(missing_ok=True)
