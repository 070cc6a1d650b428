"""What stands against registering a letter: a code with data, for every language to say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing a person must settle, at the field where it is settled."""

    field: str
    code: str
    data: Mapping[str, object] = MappingProxyType({})
