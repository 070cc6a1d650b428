"""Every reading rule fits its own example, tells its meaning and names its source."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import cascade.intake
from cascade.intake.rules import Rule, search


def rules_in(value: Any) -> Iterator[Rule]:
    """The rules in a module's table, however the table is made."""
    if isinstance(value, Rule):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from rules_in(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from rules_in(part)


def tables() -> Iterator[tuple[str, Rule]]:
    for module in pkgutil.iter_modules(cascade.intake.__path__, "cascade.intake."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if name.isupper():
                    for rule in rules_in(value):
                        yield f"{module.name.rpartition('.')[2]}.{name}: {rule.meaning}", rule


RULES = dict(tables())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_fits_its_example(rule: Rule) -> None:
    assert search(rule, rule.example), rule.pattern


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_tells_meaning_and_source(rule: Rule) -> None:
    assert rule.meaning
    assert rule.source


def test_the_tables_are_found() -> None:
    assert len(RULES) > 80
