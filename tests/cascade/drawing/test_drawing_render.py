"""Which engine draws, what happens when none can, and the file on the disk."""

from __future__ import annotations

import logging
import os
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cascade.drawing import command, placed, tree, wasm
from cascade.drawing.errors import (
    DrawingError,
    EngineError,
    EngineTimeoutError,
    UnknownFormatError,
)
from cascade.drawing.picture import EdgeKind, NodeKind, Picture, PictureEdge, PictureNode, Tone
from cascade.drawing.render import command_engine, draw_to_file, place, render, wasm_engine

MakeTree = Callable[..., Picture]


def tangle(count: int = 300, edges: int = 4_000) -> Picture:
    """A picture Graphviz needs many seconds for."""
    dice = random.Random(7)
    pairs = {tuple(sorted(dice.sample(range(count), 2))) for _ in range(edges)}
    nodes = (PictureNode(str(i), NodeKind.task, ("x",), Tone.done) for i in range(count))
    lines = (PictureEdge(str(a), str(b), EdgeKind.sets) for a, b in sorted(pairs))
    return Picture("t", tuple(nodes), tuple(lines), "vi", "")


def broken(_dot: str, _timeout: float) -> bytes:
    raise EngineError("out of order")


def stopped(_dot: str, _timeout: float) -> bytes:
    raise EngineTimeoutError("too slow")


@pytest.mark.parametrize("fmt", ["svg", "png", "pdf", "dot"])
@pytest.mark.parametrize("limit", [300, 0])
def test_the_same_picture_gives_the_same_bytes(storm: Picture, fmt: Any, limit: int) -> None:
    assert render(storm, fmt, limit=limit) == render(storm, fmt, limit=limit)


def test_above_the_limit_no_engine_is_asked(make_tree: MakeTree) -> None:
    asked = []

    def spy(dot: str, timeout: float) -> bytes:
        asked.append(len(dot))
        return wasm_engine(dot, timeout)

    assert not place(make_tree(300), 300, 10, "LR", [spy]).compact
    assert place(make_tree(301), 300, 10, "LR", [spy]).compact
    assert len(asked) == 1


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_a_large_fan_shares_one_trunk(make_tree: MakeTree, direction: Any) -> None:
    routes = place(make_tree(60, 60), 300, 10, direction, [wasm_engine]).routes
    turns = {tuple(route.path.split("Q")[1].split()[:2]) for route in routes}
    assert len(turns) == 1
    assert all(route.tip for route in routes)


def test_the_next_engine_takes_over(storm: Picture, caplog: pytest.LogCaptureFixture) -> None:
    layout = place(storm, 300, 10, "LR", [broken, wasm_engine])
    assert not layout.compact
    assert "out of order" in caplog.text


@pytest.mark.parametrize("engines", [[], [broken], [broken, broken], [stopped, wasm_engine]])
def test_without_an_answer_the_linear_layout_draws(
    storm: Picture, engines: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert place(storm, 300, 10, "LR", engines) == tree.lay_out(storm)
    assert "linear layout" in caplog.text


def test_a_missing_wasmtime_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cascade.drawing.wasm")
    monkeypatch.delattr("cascade.drawing.wasm")
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    with pytest.raises(EngineError, match="not installed"):
        wasm_engine("digraph{}", 1)


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"bb":"0,0,1"}', b'{"bb":"0,0,nan,1"}'])
def test_a_strange_answer_is_an_engine_error(storm: Picture, answer: bytes) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        placed.read(answer, storm)


def test_graphviz_in_wasm_is_really_stopped() -> None:
    picture = tangle()
    wasm.lay_out("digraph{}", 10)  # compiles outside the measured time
    begun = time.monotonic()
    layout = place(picture, 300, 0.4, "LR", [wasm_engine, wasm_engine])
    assert layout.compact
    assert time.monotonic() - begun < 2


def test_refused_dot_is_an_engine_error() -> None:
    with pytest.raises(EngineError):
        wasm.lay_out('digraph { "a -> ', 5)


def test_a_graph_too_deep_for_wasm_is_an_engine_error() -> None:
    chain = "".join(f"n{i}->n{i + 1};" for i in range(20_000))
    with pytest.raises(EngineError):
        wasm.lay_out(f"digraph {{{chain}}}", 30)


def test_threads_do_not_disturb_each_other(make_tree: MakeTree) -> None:
    picture = make_tree(120)
    alone = render(picture, "svg")
    with ThreadPoolExecutor(8) as pool:
        stuck = [pool.submit(place, tangle(), 300, 0.2, "LR", [wasm_engine]) for _ in range(2)]
        drawn = [pool.submit(render, picture, "svg", timeout=30) for _ in range(12)]
        assert {job.result() for job in drawn} == {alone}
        assert all(job.result().compact for job in stuck)


@pytest.fixture
def fake_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def install(script: str) -> None:
        program = tmp_path / "dot"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return install


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for dot is a shell script")
def test_the_command_gets_the_dot_and_gives_the_layout(
    fake_dot: Callable[[str], None], storm: Picture, tmp_path: Path
) -> None:
    answers: list[bytes] = []

    def keep(dot: str, timeout: float) -> bytes:
        answers.append(wasm_engine(dot, timeout))
        return answers[0]

    expected = place(storm, 300, 10, "LR", [keep])
    (tmp_path / "answer").write_bytes(answers[0])
    fake_dot(f'test "$1" = -Tjson0 && grep -q digraph && cat {tmp_path}/answer')
    assert place(storm, 300, 10, "LR", [command_engine]) == expected


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for dot is a shell script")
def test_a_command_that_fails_or_hangs_is_an_engine_error(fake_dot: Callable[[str], None]) -> None:
    fake_dot("exit 1")
    with pytest.raises(EngineError):
        command.lay_out("digraph{}", 5)
    fake_dot("exec sleep 20")
    with pytest.raises(EngineTimeoutError):
        command.lay_out("digraph{}", 0.2)


def test_no_command_is_an_engine_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="no Graphviz"):
        command.lay_out("digraph{}", 5)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.svg", b"<svg "),
        ("a.PNG", b"\x89PNG\r\n\x1a\n"),
        ("a.pdf", b"%PDF-"),
        ("a.dot", b"digraph"),
        ("a.gv", b"digraph"),
    ],
)
def test_the_suffix_names_the_format(
    storm: Picture, tmp_path: Path, name: str, begins: bytes
) -> None:
    path = draw_to_file(storm, tmp_path / name)
    assert path.read_bytes().startswith(begins)
    assert [file.name for file in tmp_path.iterdir()] == [name]  # no draft left behind


@pytest.mark.parametrize("name", ["a.jpg", "a", "a.svgz", "svg"])
def test_an_unknown_suffix_is_refused_and_the_four_are_named(
    storm: Picture, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UnknownFormatError) as refusal:
        draw_to_file(storm, tmp_path / name)
    assert all(suffix in str(refusal.value) for suffix in (".svg", ".png", ".pdf", ".dot"))
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_is_refused(storm: Picture) -> None:
    with pytest.raises(UnknownFormatError):
        render(storm, "jpg")  # type: ignore[arg-type]


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    storm: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.svg"
    path.write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DrawingError, match="No space left"):
        draw_to_file(storm, path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.svg"]


def test_a_folder_that_is_not_there_is_told(storm: Picture, tmp_path: Path) -> None:
    with pytest.raises(DrawingError, match="could not be written"):
        draw_to_file(storm, tmp_path / "none" / "a.svg")
