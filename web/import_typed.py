"""What a person typed on the page that confirms a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cascade.laying_out import DutyTyped
from cascade.plan import CORRECTABLE
from cascade.proposing import Typed
from web.forms import Form

_MOST = 2_000  # rows of a kind


def typed_of(form: Form) -> Typed:
    """Everything said so far, as it was typed."""
    given = form.typed
    return Typed(
        fields={name: form.text(name) for name in CORRECTABLE if name in given},
        units={
            given[f"{at}-name"]: form.text(f"{at}-typed") or given.get(at, "")
            for at in _rows(given, "unit", "name")
        },
        cites={given[f"{at}-ref"]: given.get(at, "") for at in _rows(given, "cite", "ref")},
        stubs={
            int(name.removeprefix("stub-")): said == "yes"
            for name, said in given.items()
            if name.startswith("stub-") and name[5:].isdecimal() and said in ("yes", "no")
        },
        duties=tuple(
            DutyTyped(
                given[f"{at}-was"],
                form.text(f"{at}-unit"),
                given.get(f"{at}-point", ""),
                form.text(f"{at}-due"),
                f"{at}-drop" in given,
            )
            for at in _rows(given, "duty", "was")
        ),
        lines=given.get("lines"),
        is_another="is_another" in given,
        again=frozenset(
            int(said)
            for name in given
            if (said := name.removeprefix("again-")) != name and said.isdecimal() and len(said) < 6
        ),
    )


def _rows(given: Mapping[str, str], name: str, part: str) -> Iterator[str]:
    """The rows of one kind, `duty-0`, `duty-1`, …, as far as they go."""
    for number in range(_MOST):
        if f"{name}-{number}-{part}" not in given:
            return
        yield f"{name}-{number}"
