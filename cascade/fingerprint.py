"""Knowing a letter again: an exact hash of its folded text, and a simhash near that of any scan."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from cascade.intake.text import fold

# A letter's scans differ in up to about 18 of the 64 bits (one word in eight misread); letters
# that share only their form differ in 20 and more. What is nearest is then compared as text.
NEAR_BITS = 20
# Two scans of one letter, one word in eight misread, are alike by about 0.95.
ALIKE = 0.85
# Enough for any letter without its annexes; two annexes of figures say little about the letter.
COMPARED = 20_000
_SHINGLE = 2
_WORD = re.compile(r"[^\W_]+")


class Print(NamedTuple):
    """What a text is known by."""

    sha256: str
    simhash: int  # signed, as databases keep 64 bits


def fingerprint(text: str) -> Print:
    """The print of a text; case, marks, spaces, punctuation and line breaks do not count."""
    words = _words(text)
    exact = hashlib.sha256(" ".join(words).encode()).hexdigest()
    return Print(exact, _signed(_simhash(words)))


def distance(one: int, other: int) -> int:
    """In how many of 64 bits two simhashes differ."""
    return ((one ^ other) & _ALL).bit_count()


def alike(one: str, other: str) -> float:
    """How much two texts are alike, 0 to 1, whatever their case, marks and spaces."""
    first, second = ("".join(_words(text))[:COMPARED] for text in (one, other))
    return fuzz.ratio(first, second) / 100


def differs_by_slips(one: str, other: str, but_for: tuple[str, str] = ("", "")) -> bool:
    """Whether two texts differ, and only as two scans of one letter do: never by whole words.

    Letters made from one template are equal or differ in words; a scanner confuses letters. What
    the texts say of themselves, the values `but_for`, does not count.
    """
    first, second = _words(one[:COMPARED]), _words(other[:COMPARED])
    slips = 0
    for change, a, b, c, d in Levenshtein.opcodes(first, second).as_list():
        if change == "equal":
            continue
        old, new = "".join(first[int(a) : int(b)]), "".join(second[int(c) : int(d)])
        if old in but_for[0] and new in but_for[1]:
            continue
        slips += 1
        if not _is_slip(old, new):
            return False
    return slips > 0


def is_one_slip(one: str, other: str) -> bool:
    """Whether one printed value may be the other with a single character misread."""
    return one != other and Levenshtein.distance(one, other, score_cutoff=1) <= 1


_ALL = (1 << 64) - 1


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _simhash(words: list[str]) -> int:
    """For each bit, whether more of the text's shingles have it than not."""
    if not words:
        return 0
    shingles = [" ".join(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - 1))]
    counts = [0] * 64
    for shingle in shingles:
        bits = _bits(shingle)
        for bit in range(64):
            counts[bit] += 1 if bits >> bit & 1 else -1
    return sum(1 << bit for bit in range(64) if counts[bit] > 0)


@lru_cache(maxsize=65_536)
def _bits(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=8).digest())


def _signed(bits: int) -> int:
    return bits - (1 << 64) if bits >> 63 else bits


def _is_slip(old: str, new: str) -> bool:
    """A few characters lost or gained, or a run of which most are the same."""
    if not old or not new:
        return len(old + new) <= 3 and not (old + new).isdigit()
    if old.isdigit() and new.isdigit():
        return len(old) == len(new) and Levenshtein.distance(old, new) <= 1
    return fuzz.ratio(old, new) >= 50
