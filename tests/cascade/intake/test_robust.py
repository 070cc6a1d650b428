"""Nothing a letter's text may hold stops the reader, and its time grows with the length only."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cascade.errors import SecrecyMarkError
from cascade.intake import read_text
from cascade.intake.lines import LONGEST
from tests.cascade.intake.composing import Composed, letters

HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "cascade" / "sample"
COMPOSED = HERE / "samples" / "composed"

FIVE_MEGABYTES = 3_800_000  # characters of Vietnamese text


@pytest.mark.parametrize("form", ["state_letter", "party_letter"])
def test_every_prefix_is_read(form: str, request: pytest.FixtureRequest) -> None:
    text: str = request.getfixturevalue(form)
    for end in range(len(text)):
        read_text(text[:end])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6), cuts=st.integers(0, 12), swaps=st.integers(0, 12))
def test_lines_lost_and_swapped_are_read(
    state_letter: str, party_letter: str, seed: int, cuts: int, swaps: int
) -> None:
    chance = random.Random(seed)
    lines = chance.choice([state_letter, party_letter]).split("\n")
    for _ in range(cuts):
        lines.pop(chance.randrange(len(lines)))
    for _ in range(swaps):
        i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    reading = read_text("\n".join(lines))
    assert set(reading.missing) <= {
        *("kind", "number", "symbol", "dated", "place", "issuer", "subject", "signer")
    }


SAMPLES = sorted(SAMPLE.glob("*/letters/*.txt")) + sorted(COMPOSED.glob("*.txt"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_prefix_of_lines_is_read(path: Path) -> None:
    lines = path.read_text("utf-8").split("\n")
    for end in range(len(lines)):
        read_text("\n".join(lines[:end]))


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_prefix_of_characters_is_read(path: Path) -> None:
    text = path.read_text("utf-8")
    for end in range(len(text)):
        read_text(text[:end])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(letter=letters(), data=st.data())
def test_letters_with_characters_lost_doubled_and_swapped_are_read(
    letter: Composed, data: st.DataObject
) -> None:
    text = letter.text
    for _ in range(data.draw(st.integers(1, 8))):
        at, size = data.draw(st.integers(0, len(text))), data.draw(st.integers(1, 40))
        part = text[at : at + size]
        put = data.draw(st.sampled_from(("", part * 2, part[::-1], part.upper(), "\n" + part)))
        text = text[:at] + put + text[at + size :]
    with contextlib.suppress(SecrecyMarkError):
        read_text(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    # Hypothesis finds the marks themselves sooner or later.
    with contextlib.suppress(SecrecyMarkError):
        read_text(text)


PIECES = [
    "\n",
    " ",
    "a",
    "1/A",
    "1. ",
    ". ",
    ", ",
    "- \n",
    "#",
    "“",
    "Căn cứ Công văn số 12/UBND-NN ngày 02/9/2025 của UBND tỉnh về việc a; ",
    "đề nghị UBND xã, ",
    "Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính báo cáo trước ngày 20/7. ",
    "1. Giao Sở Y tế chủ trì báo cáo trước ngày 20/7.\n",
    "Số: 12/UBND-NN ngày  tháng  năm ",
    "KT. CHỦ TỊCH\n",
    "CHỦ TỌCH\n",
    "- CHỦ TỌCH XÃ A CHỦ TOCH BỐ TRƯỞNC ",
    "Nơi nhận:\n- Như trên;\n",
    "ngày " + " " * 200,
    "Luật Luật số ",
    "phòng, ban và ",
    "các xã, phường, ",
    "UBND các xã nơi ",
    "Ban Chỉ đạo về phòng, chống ",
    "Công văn số 12/UBND-NN và các văn bản nêu trên. ",
    "đã ban hành Công văn số 1/UBND-NN gửi ",
    "Số:\n",
    "Số: 1/\n",
    "Suối Mơ, ngày 1\n",
    "1- a\n",
    "Nơi nhận:\n- a;\nPHỤ LỤC\n1. Giao Sở Y tế báo cáo trước ngày 20/7/2026.\n",
    "| a | b |\n",
]


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_time_grows_with_length_only(piece: str) -> None:
    text = piece * (FIVE_MEGABYTES // len(piece))
    # The processor's time, and its growth: how loaded the machine is must not matter.
    half, whole = (_cpu_seconds(text[:size]) for size in (LONGEST // 2, LONGEST))
    assert whole < 3 * half + 0.3
    reading = read_text(text)
    assert "rest of the text" in reading.missing
    assert len(text) > LONGEST


def _cpu_seconds(text: str) -> float:
    start = time.process_time()
    read_text(text)
    return time.process_time() - start
